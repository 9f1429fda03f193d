"""What becomes of attempts at checks when chapters change, are renumbered, or leave."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.content import manual
from app.learning.models import CheckAttempt
from modules import Kind
from tests.check_steps import begin, counted, page_of, right_answers, with_wrong
from tests.client import words

pytestmark = pytest.mark.row("B4")


def rewritten(app, chapter, **changes):
    """Put another text of a chapter into the manual of this site; no text takes it out."""
    book = app.extensions["manual"]
    rest = [one for one in book.chapters if one is not chapter]
    new = [replace(chapter, **changes)] if changes else []
    app.extensions["manual"] = replace(book, chapters=(*rest, *new))


def all_attempts(session):
    session.expire_all()
    return session.scalars(select(CheckAttempt).order_by(CheckAttempt.id)).all()


class TestWhatIsKept:
    def test_a_chapter_that_changed_meanwhile_is_answered_as_it_was_begun(
        self, app, browser, session, reader, chapter
    ):
        address = begin(browser, chapter)
        fewer = chapter.questions[1:]
        rewritten(app, chapter, questions=fewer, version="2027.1-aaaaaaaaaaaa")

        page = browser.get(address)
        browser.post(address, right_answers(chapter))

        assert "These are the questions that you began with" in words(page)
        row = all_attempts(session)[0]
        assert row.total == len(chapter.questions)
        assert row.chapter_version == chapter.version

    def test_an_attempt_is_readable_after_its_chapter_has_left_the_manual(
        self, app, browser, reader, chapter
    ):
        where = counted(browser, chapter, with_wrong(chapter, "K5.4"))
        rewritten(app, chapter)

        html = browser.get(where).get_data(as_text=True)
        page, listed = words(browser.get(where)), words(browser.get("/manual/checks/"))

        assert chapter.title in page
        assert "This chapter is no longer in the manual." in page
        for question in chapter.questions:
            assert question.stem_html in html
            for option in question.items or question.options:
                assert option.feedback_html in html
        assert "No longer in the manual" in listed

    def test_a_chapter_with_another_number_keeps_its_passes_and_gives_none_away(
        self, app, browser, reader, chapter
    ):
        counted(browser, chapter, right_answers(chapter))
        with app.app_context():
            fourth = manual().chapter(4)
        rewritten(app, fourth)
        rewritten(app, chapter, number=4)

        assert "Passed on" in words(browser.get(page_of(chapter)))
        assert "4 now, 5 then" in words(browser.get("/manual/checks/"))
        assert "chapter 5" not in words(browser.get("/manual/checks/")).lower()

    def test_an_attempt_from_before_shows_what_it_showed(
        self, app, browser, session, reader, chapter
    ):
        given = {q.id: q.key.answer for q in chapter.questions if q.kind is Kind.SINGLE}
        row = CheckAttempt(
            person_id=reader.id,
            chapter=5,
            chapter_version=chapter.version,
            answers=given,
            right=6,
            total=6,
            passed=True,
            safety_missed=[],
            answered_at=reader.joined_at,
        )
        session.add(row)
        session.commit()

        page = browser.get(f"/manual/{chapter.slug}/check/{row.id}", follow_redirects=True)
        assert chapter.title in words(page)
        assert "(your answer)" in words(page)
        assert "Passed on" in words(browser.get(page_of(chapter)))
        rewritten(app, chapter, version="2027.1-aaaaaaaaaaaa")
        later = words(browser.get(f"/manual/checks/{row.id}"))
        assert "the questions below are those of the new text" in later


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("number", [1, 60])
    def test_pages_take_the_same_however_often_somebody_practised(
        self, browser, session, reader, chapter, queries, number
    ):
        session.add_all(
            CheckAttempt(
                person_id=reader.id, chapter=5, chapter_slug=chapter.slug,
                chapter_title=chapter.title, chapter_version=chapter.version, counted=False,
                answers={}, right=1, total=6, passed=False, safety_missed=[],
                answered_at=reader.joined_at,
            )
            for _ in range(number)
        )  # fmt: skip
        session.commit()
        taken = []
        for path in (page_of(chapter), "/manual/checks/", f"{page_of(chapter)}/practice"):
            queries.reset()
            page = browser.get(path)
            taken.append(queries.number)

        assert page.status_code == 200
        assert taken == [5, 2, 2]

    def test_the_list_of_attempts_goes_on(self, browser, session, reader, chapter):
        for _ in range(21):
            browser.post(f"{page_of(chapter)}/practice", right_answers(chapter))

        first = browser.get("/manual/checks/")
        further = re.search(r'href="(/manual/checks/\?before=\d+)"', first.get_data(as_text=True))

        assert words(first).count("6 of 6") == 20
        assert words(browser.get(further[1])).count("6 of 6") == 1
