"""Knowledge checks: practice that counts nowhere, attempts that count once, and what is kept."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.content import manual
from app.learning.models import CheckAttempt, CheckBegun
from modules import Kind
from tests.check_steps import begin, counted, page_of, right_answers, use_all, with_wrong
from tests.client import Browser, words
from tests.factories import a_user

pytestmark = pytest.mark.row("B4")


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


def rewritten(app, chapter, **changes):
    """Put another text of a chapter into the manual of this site; no text takes it out."""
    book = app.extensions["manual"]
    rest = [one for one in book.chapters if one is not chapter]
    new = [replace(chapter, **changes)] if changes else []
    app.extensions["manual"] = replace(book, chapters=(*rest, *new))


def all_attempts(session):
    session.expire_all()
    return session.scalars(select(CheckAttempt).order_by(CheckAttempt.id)).all()


class TestBeforeBeginning:
    def test_one_is_told_what_each_way_means_who_sees_what_and_how_many_are_left(
        self, browser, reader, chapter
    ):
        page = words(browser.get(page_of(chapter)))

        assert "Practise" in page
        assert "Answer so that it counts" in page
        assert "Three attempts, then a tutorial. That is the scheme’s rule." in page
        assert "3 attempts left" in page
        assert "Only you see your practice." in page
        assert "Your assessors and internal verifiers see that you passed, and when." in page
        assert "A pass goes towards M3.1.1, M3.1.2 and M3.1.3." in page

    def test_looking_begins_nothing(self, browser, session, reader, chapter):
        browser.get(page_of(chapter))

        assert session.scalar(select(CheckBegun)) is None

    def test_who_does_not_learn_here_practises_only(self, app, session, chapter):
        assessor = a_user(session, Role.ASSESSOR)
        session.commit()
        browser = Browser(app).sign_in(assessor)

        assert "practice is all there is for you here" in words(browser.get(page_of(chapter)))
        assert browser.post(f"{page_of(chapter)}/counted").status_code == 404
        assert browser.get(f"{page_of(chapter)}/practice").status_code == 200

    def test_all_four_kinds_are_asked(self, app):
        with app.app_context():
            kinds = {q.kind for chapter in manual().chapters for q in chapter.questions}

        assert kinds == set(Kind)


class TestTheKey:
    def test_no_page_of_questions_gives_it_or_any_feedback_away(self, app, browser, reader):
        with app.app_context():
            for chapter in manual().chapters:
                for path in (f"{page_of(chapter)}/practice", begin(browser, chapter)):
                    page = browser.get(path).get_data(as_text=True)
                    for question in chapter.questions:
                        for option in (*question.options, *question.items):
                            if option.feedback_html:
                                assert option.feedback_html not in page
                            # An option's own words may speak of what was corrected.
                            page = page.replace(option.html, "")
                    assert "correct" not in page.lower()

    def test_nothing_but_its_words_tells_the_right_option_from_the_others(
        self, browser, reader, chapter
    ):
        page = browser.get(begin(browser, chapter)).get_data(as_text=True)
        rows = re.findall(r'<div class="opt">.*?</div>', page)

        for question in chapter.questions:
            for option in question.options:
                rows = [row.replace(option.html, "").replace(option.id, "") for row in rows]
        alike = {re.sub(r'"K\d+\.\d+(-\d+)?"', "", row) for row in rows}
        assert len(rows) > 8
        assert len(alike) == 1

    def test_each_attempt_has_an_order_of_its_own_and_keeps_it(
        self, app, browser, session, reader, chapter
    ):
        address = begin(browser, chapter)
        with app.app_context():
            others = [begin(browser, one) for one in manual().chapters[:4]]

        row = session.scalar(select(CheckBegun))
        page = browser.get(address).get_data(as_text=True)

        for question in row.put:
            ids = [option["id"] for option in question["options"]]
            assert ids == sorted(ids, key=page.index)
        assert browser.get(address).get_data(as_text=True).count("<fieldset") == page.count(
            "<fieldset"
        )
        assert len(set(others)) == 4


class TestPractice:
    def test_it_is_kept_and_counts_nowhere(self, browser, session, reader, chapter):
        reply = browser.post(f"{page_of(chapter)}/practice", right_answers(chapter))
        page = words(browser.get(reply.location))

        row = all_attempts(session)[0]
        assert row.passed
        assert not row.counted
        assert "Enough to pass" in page
        assert "It was practice, so it counts nowhere." in page
        assert "Read, check passed" not in words(browser.get("/manual/"))
        assert "3 attempts left" in words(browser.get(page_of(chapter)))

    def test_it_has_no_end(self, browser, session, reader, chapter):
        for _ in range(5):
            browser.post(f"{page_of(chapter)}/practice", with_wrong(chapter, "K5.1"))

        assert len(all_attempts(session)) == 5
        assert "3 attempts left" in words(browser.get(page_of(chapter)))

    def test_the_log_says_that_somebody_practised_and_not_how_it_went(
        self, browser, session, reader, chapter
    ):
        browser.post(f"{page_of(chapter)}/practice", right_answers(chapter))

        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event.action == "check.practised"
        assert "passed" not in event.detail

    def test_every_option_has_its_feedback_afterwards(self, browser, reader, chapter):
        sent = with_wrong(chapter, "K5.4")
        reply = browser.post(f"{page_of(chapter)}/practice", sent)
        html = browser.get(reply.location).get_data(as_text=True)

        for question in chapter.questions:
            for option in question.items or question.options:
                assert option.feedback_html in html

    def test_sending_twice_keeps_one(self, browser, session, reader, chapter):
        for _ in range(2):
            browser.post(f"{page_of(chapter)}/practice", right_answers(chapter) | {"once": "t"})

        assert len(all_attempts(session)) == 1


class TestAnAttemptThatCounts:
    def test_everything_right_passes_and_is_said_so(self, browser, session, reader, chapter):
        where = counted(browser, chapter, right_answers(chapter))

        row = all_attempts(session)[0]
        assert row.passed
        assert row.counted
        assert row.right == row.total == len(chapter.questions)
        assert "Passed" in words(browser.get(where))
        assert "Passed on" in words(browser.get(page_of(chapter)))

    def test_one_safety_question_wrong_is_not_yet_whatever_else_is_right(
        self, browser, session, reader, chapter
    ):
        where = counted(browser, chapter, with_wrong(chapter, "K5.1"))

        row = all_attempts(session)[0]
        assert row.right == row.total - 1
        assert not row.passed
        assert row.safety_missed == ["K5.1"]
        assert "safety is never outweighed" in words(browser.get(where))

    def test_unanswered_questions_are_named_and_the_answers_come_back(
        self, browser, session, reader, chapter
    ):
        sent = right_answers(chapter)
        del sent["K5.1"]

        reply = browser.post(begin(browser, chapter), sent)

        assert reply.status_code == 422
        assert "Question 1: choose an answer" in words(reply)
        assert reply.get_data(as_text=True).count(" checked") >= 3
        assert all_attempts(session) == []

    def test_an_edited_form_with_a_made_up_option_counts_as_no_answer(
        self, browser, session, reader, chapter
    ):
        sent = right_answers(chapter) | {"K5.1": "not-an-option", "K99.9": "x"}

        assert browser.post(begin(browser, chapter), sent).status_code == 422
        assert all_attempts(session) == []

    def test_beginning_in_two_tabs_begins_one(self, browser, session, reader, chapter):
        first, second = begin(browser, chapter), begin(browser, chapter)

        assert first == second
        assert "2 attempts left after it" in words(browser.get(page_of(chapter)))
        assert len(session.scalars(select(CheckBegun)).all()) == 1

    def test_what_is_sent_again_after_going_back_changes_nothing(
        self, browser, session, reader, chapter
    ):
        address = begin(browser, chapter)
        browser.post(address, with_wrong(chapter, "K5.1"))

        again = browser.post(address, right_answers(chapter), follow_redirects=True)
        looked = browser.get(address, follow_redirects=True)

        rows = all_attempts(session)
        assert [row.passed for row in rows] == [False]
        for reply in (again, looked):
            assert "This attempt is answered, and counts once." in words(reply)
            assert "Not yet" in words(reply)

    def test_two_that_arrive_at_the_same_moment_are_one(
        self, app, browser, session, reader, chapter
    ):
        address = begin(browser, chapter)
        tabs = [Browser(app).sign_in(reader) for _ in range(4)]
        sent = [with_wrong(chapter, "K5.1"), right_answers(chapter)] * 2

        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda tab, form: tab.post(address, form), tabs, sent))

        rows = all_attempts(session)
        assert len(rows) == 1
        assert {reply.location for reply in replies} == {f"/manual/checks/{rows[0].id}"}

    def test_the_database_itself_holds_one_answer_to_an_attempt(
        self, browser, session, reader, chapter
    ):
        counted(browser, chapter, right_answers(chapter))
        row = all_attempts(session)[0]
        values = {
            column.name: getattr(row, column.name)
            for column in CheckAttempt.__table__.columns
            if column.name != "id"
        }

        session.add(CheckAttempt(**values))

        with pytest.raises(IntegrityError):
            session.flush()

    def test_an_answer_is_never_changed(self, browser, session, reader, chapter):
        counted(browser, chapter, with_wrong(chapter, "K5.1"))
        row = all_attempts(session)[0]

        row.passed = True

        with pytest.raises(DBAPIError, match="only grows"):
            session.flush()

    def test_nobody_else_opens_or_answers_it(self, app, browser, session, reader, chapter):
        address = begin(browser, chapter)
        others = [a_user(session, role) for role in (Role.LEARNER, Role.ASSESSOR)]
        others.append(a_user(session, Role.COORDINATOR, Role.INTERNAL_VERIFIER))
        session.commit()

        for user in others:
            other = Browser(app).sign_in(user)
            assert other.get(address).status_code == 404
            assert other.post(address, right_answers(chapter)).status_code == 404
        where = browser.post(address, right_answers(chapter)).location
        for user in others:
            assert Browser(app).sign_in(user).get(where).status_code == 404

    def test_after_a_pass_there_is_only_practice(self, browser, session, reader, chapter):
        counted(browser, chapter, right_answers(chapter))

        reply = browser.post(f"{page_of(chapter)}/counted", follow_redirects=True)

        assert "You have passed this check already" in words(reply)
        assert len(session.scalars(select(CheckBegun)).all()) == 1

    def test_after_the_third_it_is_closed_and_practice_stays_open(
        self, browser, session, reader, chapter
    ):
        use_all(browser, chapter)

        page = words(browser.get(page_of(chapter)))
        fourth = browser.post(f"{page_of(chapter)}/counted", follow_redirects=True)

        assert "Your three attempts are used" in page
        assert "A tutorial opens three more" in words(fourth)
        assert len(session.scalars(select(CheckBegun)).all()) == 3
        assert browser.get(f"{page_of(chapter)}/practice").status_code == 200

    def test_a_pass_at_the_third_asks_for_nothing(self, browser, session, reader, chapter):
        for _ in range(2):
            counted(browser, chapter, with_wrong(chapter, "K5.1"))
        counted(browser, chapter, right_answers(chapter))

        actions = session.scalars(select(AuditEvent.action)).all()
        assert "check.attempts-used" not in actions


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
