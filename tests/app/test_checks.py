"""Knowledge checks: practice that counts nowhere, attempts that count once, and what is kept."""

import re
from concurrent.futures import ThreadPoolExecutor

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

    def test_the_right_option_stands_in_no_place_of_its_own(self, app, browser, session, reader):
        with app.app_context():
            chapters = manual().chapters
        for one in chapters:
            begin(browser, one)

        places = {
            [option["id"] for option in question["options"]].index(question["key"])
            for row in session.scalars(select(CheckBegun))
            for question in row.put
            if question["kind"] == "single"
        }
        assert places >= {0, 1, 2}

    def test_a_second_attempt_has_another_order(self, browser, session, reader, chapter):
        for _ in range(2):
            counted(browser, chapter, with_wrong(chapter, "K5.1"))

        first, second = (row.put for row in session.scalars(select(CheckBegun)))
        assert [one["id"] for one in first] == [one["id"] for one in second]
        assert first != second


class TestPractice:
    def test_it_is_kept_and_counts_nowhere(self, browser, session, reader, chapter):
        reply = browser.post(f"{page_of(chapter)}/practice", right_answers(chapter))
        page = words(browser.get(reply.location))

        row = all_attempts(session)[0]
        assert row.passed
        assert not row.counted
        assert "Enough to pass" in page
        assert "It was practice, so it counts nowhere." in page
        assert "Practise again" not in words(browser.get(f"/manual/{chapter.slug}"))
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
        assert "Practise again" in words(browser.get(f"/manual/{chapter.slug}"))

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
