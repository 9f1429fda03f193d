"""Reading the manual, its checks, one's own words, and places on open questions."""

import re

import pytest
from sqlalchemy import select

from app.accounts.roles import Role
from app.content import manual
from app.kept import KeptVersion
from app.learning.models import CheckAttempt, Place, Reflection, SectionRead
from modules import Kind
from tests.client import Browser, words
from tests.factories import a_user


@pytest.fixture
def chapter(app):
    with app.app_context():
        return manual().chapter(5)


@pytest.fixture
def reader(session, browser):
    user = a_user(session)
    session.commit()
    browser.sign_in(user)
    return user


def right_answers(chapter):
    """Return the form of a check in which everything is right."""
    sent = {}
    for question in chapter.questions:
        key = question.key.answer
        if question.kind is Kind.SINGLE:
            sent[question.id] = key
        elif question.kind is Kind.SEVERAL:
            sent[question.id] = list(key)
        elif question.kind is Kind.ORDER:
            sent |= {f"{question.id}-{option}": str(n) for n, option in enumerate(key, 1)}
        else:
            sent |= {f"{question.id}-{item}": option for item, option in key.items()}
    return sent


def with_wrong(chapter, question_id):
    """Return right answers but for one single-answer question."""
    sent = right_answers(chapter)
    question = chapter.question(question_id)
    sent[question_id] = next(o.id for o in question.options if o.id != question.key.answer)
    return sent


@pytest.mark.row("B1", "B18")
class TestReading:
    def test_the_contents_lists_every_chapter_with_its_state(self, app, browser, reader):
        page = words(browser.get("/manual/"))

        with app.app_context():
            for chapter in manual().chapters:
                assert chapter.title in page
        assert "Not read yet" in page

    def test_a_chapter_has_headings_to_jump_to_terms_and_a_way_on(self, browser, reader, chapter):
        html = browser.get(f"/manual/{chapter.slug}").get_data(as_text=True)

        for section in chapter.sections:
            assert f'id="{section.id}"' in html
            assert f'href="#{section.id}"' in html
        assert 'class="term" href="/manual/glossary#' in html
        assert 'rel="prev"' in html
        assert 'rel="next"' in html
        assert 'class="mn"' in html
        assert "style=" not in html

    def test_every_criterion_that_a_chapter_prepares_for_is_linked(self, browser, reader, chapter):
        html = browser.get(f"/manual/{chapter.slug}").get_data(as_text=True)

        for ref in chapter.criteria:
            assert f"/standard/criteria/{ref}" in html

    def test_an_unknown_chapter_is_not_found(self, browser, reader):
        assert browser.get("/manual/no-such-chapter").status_code == 404

    def test_a_stranger_is_asked_to_sign_in_first(self, app, chapter):
        reply = Browser(app).get(f"/manual/{chapter.slug}")

        assert reply.status_code == 303
        assert f"next=/manual/{chapter.slug}" in reply.location

    def test_the_glossary_explains_every_term(self, app, browser, reader):
        page = words(browser.get("/manual/glossary"))

        with app.app_context():
            assert len(manual().glossary) >= 48
            assert all(term.term in page for term in manual().glossary)


@pytest.mark.row("B3")
class TestProgress:
    def read(self, browser, chapter, section, **options):
        return browser.post(f"/manual/{chapter.slug}/read", {"section": section.id}, **options)

    def test_signing_in_again_offers_to_carry_on_where_one_stopped(
        self, app, browser, session, reader, chapter
    ):
        self.read(browser, chapter, chapter.sections[1])

        later = Browser(app).sign_in(reader)
        page = later.get("/manual/").get_data(as_text=True)
        home = later.get("/").get_data(as_text=True)

        following = f"/manual/{chapter.slug}#{chapter.sections[2].id}"
        assert "Carry on reading" in page
        assert following in page
        assert following in home

    def test_reading_to_a_place_keeps_everything_before_it(self, browser, session, reader, chapter):
        self.read(browser, chapter, chapter.sections[2])

        read = session.scalars(select(SectionRead.section)).all()

        assert set(read) == {section.id for section in chapter.sections[:3]}
        assert "3 of" in words(browser.get("/manual/"))

    def test_a_script_keeps_one_section_at_a_time(self, browser, session, reader, chapter):
        reply = browser.post_json(
            f"/manual/{chapter.slug}/read", {"section": chapter.sections[3].id}
        )

        assert reply.json["saved"]
        assert session.scalars(select(SectionRead.section)).all() == [chapter.sections[3].id]

    def test_the_version_that_was_read_is_kept_and_a_change_is_said(
        self, browser, session, reader, chapter
    ):
        self.read(browser, chapter, chapter.sections[-1])
        assert session.scalar(select(SectionRead.chapter_version)) == chapter.version
        for row in session.scalars(select(SectionRead)):
            row.chapter_version = "an older one"
        session.commit()

        assert "Changed since you read it" in words(browser.get("/manual/"))
        assert "has changed since you read it" in words(browser.get(f"/manual/{chapter.slug}"))

    def test_a_section_that_does_not_exist_is_refused(self, browser, session, reader, chapter):
        reply = browser.post(f"/manual/{chapter.slug}/read", {"section": "nowhere"})

        assert reply.status_code == 400
        assert session.scalar(select(SectionRead)) is None


@pytest.mark.row("B4")
class TestTheKnowledgeCheck:
    def test_all_four_kinds_are_asked(self, app, browser, reader):
        with app.app_context():
            kinds = {q.kind for chapter in manual().chapters for q in chapter.questions}

        assert kinds == set(Kind)

    def test_the_page_gives_neither_the_key_nor_any_feedback_away(self, app, browser, reader):
        with app.app_context():
            for chapter in manual().chapters:
                page = browser.get(f"/manual/{chapter.slug}/check").get_data(as_text=True)
                for question in chapter.questions:
                    for option in (*question.options, *question.items):
                        if option.feedback_html:
                            assert option.feedback_html not in page
                        # An option's own words may speak of what was corrected.
                        page = page.replace(option.html, "")
                assert "correct" not in page.lower()

    def test_everything_right_passes_and_is_kept(self, browser, session, reader, chapter):
        reply = browser.post(f"/manual/{chapter.slug}/check", right_answers(chapter))
        page = words(browser.get(reply.location))

        row = session.scalar(select(CheckAttempt))
        assert row.passed
        assert row.right == row.total == len(chapter.questions)
        assert "Passed" in page

    def test_every_option_has_its_feedback_afterwards(self, browser, reader, chapter):
        reply = browser.post(f"/manual/{chapter.slug}/check", with_wrong(chapter, "K5.4"))
        html = browser.get(reply.location).get_data(as_text=True)

        for question in chapter.questions:
            for option in question.items or question.options:
                assert option.feedback_html in html

    def test_one_safety_question_wrong_is_not_yet_whatever_else_is_right(
        self, browser, session, reader, chapter
    ):
        reply = browser.post(f"/manual/{chapter.slug}/check", with_wrong(chapter, "K5.1"))

        row = session.scalar(select(CheckAttempt))
        assert row.right == row.total - 1
        assert not row.passed
        assert row.safety_missed == ["K5.1"]
        assert "safety is never outweighed" in words(browser.get(reply.location))

    def test_unanswered_questions_are_named_and_the_answers_come_back(
        self, browser, session, reader, chapter
    ):
        sent = right_answers(chapter)
        chosen = sent.pop("K5.1")

        reply = browser.post(f"/manual/{chapter.slug}/check", sent)

        assert reply.status_code == 422
        assert "Question 1: choose an answer" in words(reply)
        assert reply.get_data(as_text=True).count(" checked") >= 3
        assert chosen
        assert session.scalar(select(CheckAttempt)) is None

    def test_a_made_up_option_counts_as_no_answer(self, browser, reader, chapter):
        sent = right_answers(chapter) | {"K5.1": "not-an-option"}

        assert browser.post(f"/manual/{chapter.slug}/check", sent).status_code == 422

    def test_nobody_else_opens_an_attempt(self, app, browser, session, reader, chapter):
        reply = browser.post(f"/manual/{chapter.slug}/check", right_answers(chapter))
        for role in (Role.LEARNER, Role.ASSESSOR, Role.COORDINATOR):
            other = a_user(session, role)
            session.commit()

            assert Browser(app).sign_in(other).get(reply.location).status_code == 404

    def test_sending_twice_keeps_one_attempt(self, browser, session, reader, chapter):
        for _ in range(2):
            browser.post(f"/manual/{chapter.slug}/check", right_answers(chapter) | {"once": "t"})

        assert len(session.scalars(select(CheckAttempt)).all()) == 1


class TestOnesOwnWords:
    def save(self, browser, chapter, text, version=0, json=False):
        send = browser.post_json if json else browser.post
        prompt = chapter.prompts[0].id
        return send(
            f"/manual/{chapter.slug}/reflections/{prompt}", {"text": text, "version": version}
        )

    def test_they_save_by_themselves_and_are_there_again(self, browser, session, reader, chapter):
        first = self.save(browser, chapter, "I waited too long.", json=True)
        second = self.save(
            browser, chapter, "I waited, and asked.", first.json["version"], json=True
        )

        assert second.json["version"] > first.json["version"]
        assert "I waited, and asked." in words(browser.get(f"/manual/{chapter.slug}"))
        assert "I waited, and asked." in words(browser.get("/journal/"))

    def test_they_are_sealed_in_the_database(self, browser, session, reader, chapter):
        self.save(browser, chapter, "nobody else reads this")

        raw = session.connection().exec_driver_sql("select words from reflections").scalar()

        assert b"nobody" not in bytes(raw)

    def test_nobody_else_reads_them(self, app, browser, session, reader, chapter):
        self.save(browser, chapter, "A private thought of mine")
        coordinator = a_user(session, Role.COORDINATOR, Role.ASSESSOR)
        session.commit()
        other = Browser(app).sign_in(coordinator)

        assert other.get(f"/journal/{chapter.prompts[0].id}").status_code == 404
        for path in ("/journal/", f"/manual/{chapter.slug}", "/audit", "/"):
            assert "private thought" not in words(other.get(path))

    @pytest.mark.row("F22")
    def test_two_tabs_keep_both_versions_side_by_side(self, browser, session, reader, chapter):
        self.save(browser, chapter, "the first tab")
        self.save(browser, chapter, "the first tab, again", 1)

        late = self.save(browser, chapter, "the second tab", 1, json=True)

        assert late.status_code == 409
        assert late.json["mine"] == "the second tab"
        assert late.json["theirs"] == "the first tab, again"
        page = words(browser.get(late.json["url"]))
        assert "the second tab" in page
        assert "the first tab, again" in page
        browser.post(late.json["url"], {"text": "both joined", "version": "2"})
        assert session.scalar(select(KeptVersion)).settled_at is not None
        assert session.scalar(select(Reflection)).words == "both joined"

    def test_too_many_words_come_back_whole(self, browser, session, reader, chapter):
        reply = self.save(browser, chapter, "word " * 30_000)

        assert reply.status_code == 422
        assert "Shorten this by" in words(reply)
        assert reply.get_data(as_text=True).count("word ") >= 29_999
        assert session.scalar(select(Reflection)) is None

    def test_a_prompt_that_does_not_exist_is_not_found(self, browser, reader, chapter):
        reply = browser.post(f"/manual/{chapter.slug}/reflections/R99.9", {"text": "x"})

        assert reply.status_code == 404


@pytest.mark.row("B18")
class TestThePreview:
    def test_an_author_sees_the_result_or_each_fault_with_its_line(self, app, browser, session):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser.sign_in(coordinator)
        from pathlib import Path

        import modules

        file = next((Path(modules.__file__).parent / "chapters").glob("01-*.md"))
        text = file.read_text()
        broken = text.replace("/// keypoint", "/// keypiont", 1)

        good = browser.post("/manual/preview", {"text": text})
        bad = browser.post("/manual/preview", {"text": broken})

        line = broken[: broken.index("/// keypiont")].count("\n") + 1
        assert "No faults" in words(good)
        assert bad.status_code == 422
        assert re.search(rf"preview.md:{line}: ", words(bad))

    def test_learners_do_not_see_it(self, browser, reader):
        assert browser.get("/manual/preview").status_code == 403


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("people", [10, 1000])
    def test_a_chapter_takes_the_same_for_ten_people_and_a_thousand(
        self, browser, session, queries, reader, chapter, people
    ):
        others = [a_user(session) for _ in range(people)]
        from datetime import UTC, datetime

        for other in others:
            session.add(
                Place(person_id=other.id, question="OQ5", place=3, placed_at=datetime.now(UTC))
            )
        session.commit()
        browser.get(f"/manual/{chapter.slug}")

        queries.reset()
        browser.get(f"/manual/{chapter.slug}")

        assert queries.number <= 12
