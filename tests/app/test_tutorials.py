"""After three counted attempts: a tutorial for the learner's own assessors, then three more."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.accounts.roles import Role
from app.audit import AuditEvent
from app.formats import today
from app.learning.models import CheckAttempt, CheckBegun, CheckRound
from app.mail import OutboxMessage
from app.portfolio.models import Tutorial, TutorialHeld
from tests.check_steps import counted, page_of, right_answers, use_all, with_wrong
from tests.client import Browser, words
from tests.factories import LONG_AGO, a_user
from tests.factories_portfolio import RECORDED, a_registration, an_allocation

pytestmark = pytest.mark.row("B4")


@pytest.fixture
def registered(session):
    row = a_registration(session)
    session.commit()
    return row


@pytest.fixture
def learner(app, registered):
    return Browser(app).sign_in(registered.person)


@pytest.fixture
def assessor(app, session, registered):
    user = a_user(session, Role.ASSESSOR, working_name="Hannah Oduya")
    an_allocation(session, registered, user)
    session.commit()
    return Browser(app).sign_in(user)


def held_today(covered="Who is told first, and why within the hour."):
    day = today()
    return {
        "held_on-day": str(day.day),
        "held_on-month": str(day.month),
        "held_on-year": str(day.year),
        "covered": covered,
    }


def due(session):
    session.expire_all()
    return session.scalar(select(Tutorial).order_by(Tutorial.id.desc()))


class TestThatOneIsDue:
    def test_it_stands_with_the_own_assessors_and_on_the_page_of_the_learner(
        self, session, registered, learner, assessor, chapter
    ):
        use_all(learner, chapter)

        row = due(session)
        name = registered.person.working_name
        assert "Tutorial due" in words(assessor.get("/"))
        assert f"{name}, chapter 5" in words(assessor.get("/"))
        assert name in words(assessor.get("/tutorials/"))
        assert "Tutorials" in words(assessor.get(f"/learners/{registered.id}"))
        assert "Hannah Oduya sees that it is due." in words(learner.get(f"/tutorials/{row.id}"))

    def test_it_names_questions_and_sections_and_nothing_that_was_answered(
        self, session, learner, assessor, chapter
    ):
        use_all(learner, chapter)
        question = next(one for one in chapter.questions if one.safety_critical)

        html = assessor.get(f"/tutorials/{due(session).id}").get_data(as_text=True)

        assert question.id in html
        assert chapter.section(question.section_id).title in html
        for one in chapter.questions:
            assert (one.id in html) == (one is question)
            for option in (*one.options, *one.items):
                assert option.id not in html
                assert option.html not in html
        kept = due(session).missed
        assert set(kept[0]) == {"question", "stem", "section", "safety"}

    def test_the_assessors_are_written_to_without_a_word_of_what_it_is_about(
        self, session, registered, learner, assessor, chapter
    ):
        use_all(learner, chapter)

        mails = session.scalars(select(OutboxMessage)).all()
        assert [one.subject for one in mails] == ["A tutorial is due"]
        assert registered.person.working_name not in mails[0].body
        assert chapter.title not in mails[0].body

    def test_two_attempts_ask_for_none(self, session, learner, assessor, chapter):
        for _ in range(2):
            counted(learner, chapter, with_wrong(chapter, "K5.1"))

        assert due(session) is None
        assert "Tutorial due" not in words(assessor.get("/"))

    def test_practice_asks_for_none(self, session, learner, chapter):
        for _ in range(4):
            learner.post(f"{page_of(chapter)}/practice", with_wrong(chapter, "K5.1"))

        assert due(session) is None

    def test_where_nobody_is_allocated_the_coordinator_sees_that_it_waits(
        self, app, session, registered, learner, chapter
    ):
        other = Browser(app).sign_in(_with(session, Role.ASSESSOR))
        coordinator = Browser(app).sign_in(_with(session, Role.COORDINATOR))
        use_all(learner, chapter)

        home = words(coordinator.get("/"))
        assert "Nobody to hold a tutorial" in home
        assert registered.person.working_name in home
        assert "Tutorial due" not in words(other.get("/"))
        assert registered.person.working_name not in words(other.get("/tutorials/"))
        # That one waits, not what it is to go over.
        assert coordinator.get(f"/tutorials/{due(session).id}").status_code == 404
        assert registered.person.working_name in words(coordinator.get("/tutorials/"))

    def test_so_it_does_for_somebody_who_is_not_registered_yet(self, app, session, chapter):
        user = _with(session, Role.LEARNER)
        coordinator = Browser(app).sign_in(_with(session, Role.COORDINATOR))

        use_all(Browser(app).sign_in(user), chapter)

        html = coordinator.get("/").get_data(as_text=True)
        assert f"/people/{user.id}/assessors" in html

    def test_strangers_do_not_find_it(self, app, session, learner, assessor, chapter):
        use_all(learner, chapter)
        address = f"/tutorials/{due(session).id}"

        for role in (Role.LEARNER, Role.ASSESSOR, Role.PANEL_MEMBER, Role.COORDINATOR):
            other = Browser(app).sign_in(_with(session, role))
            assert other.get(address).status_code == 404
            assert other.post(address, held_today()).status_code == 404
        verifier = Browser(app).sign_in(_with(session, Role.INTERNAL_VERIFIER))
        assert verifier.get(address).status_code == 200
        assert verifier.post(address, held_today()).status_code == 404


def _with(session, *roles):
    user = a_user(session, *roles)
    session.commit()
    return user


class TestRecordingIt:
    def test_it_opens_three_further_attempts_and_tells_the_learner(
        self, session, registered, learner, assessor, chapter
    ):
        use_all(learner, chapter)
        address = f"/tutorials/{due(session).id}"

        reply = assessor.post(address, held_today())

        assert reply.status_code == 303
        assert "has three further attempts" in words(assessor.get(address))
        page = words(learner.get(page_of(chapter)))
        assert "Your tutorial is recorded, and three further attempts are yours." in page
        assert "3 attempts left" in page
        assert "Who is told first" in words(learner.get(address))
        mails = session.scalars(select(OutboxMessage.subject)).all()
        assert mails[-1] == "Your tutorial is recorded"
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions[-2:] == ["tutorial.held", "check.attempts-opened"]
        assert "Tutorial due" not in words(assessor.get("/"))

    def test_a_pass_in_the_second_three_counts(self, session, learner, assessor, chapter):
        use_all(learner, chapter)
        assessor.post(f"/tutorials/{due(session).id}", held_today())

        counted(learner, chapter, right_answers(chapter))

        rounds = session.scalars(select(CheckBegun.round).order_by(CheckBegun.id)).all()
        assert rounds == [1, 1, 1, 2]
        assert "Passed on" in words(learner.get(page_of(chapter)))

    def test_after_three_more_a_second_tutorial_is_due(self, session, learner, assessor, chapter):
        use_all(learner, chapter)
        first = due(session).id
        assessor.post(f"/tutorials/{first}", held_today())

        use_all(learner, chapter)

        assert due(session).id != first
        assert due(session).round == 2
        assert "Your three attempts are used" in words(learner.get(page_of(chapter)))
        assessor.post(f"/tutorials/{due(session).id}", held_today())
        assert "3 attempts left" in words(learner.get(page_of(chapter)))

    def test_it_needs_a_day_and_a_line_and_gives_back_what_was_typed(
        self, session, learner, assessor, chapter
    ):
        use_all(learner, chapter)
        address = f"/tutorials/{due(session).id}"

        empty = assessor.post(address, {})
        no_day = assessor.post(address, {"covered": "The hour after a threat."})
        long = assessor.post(address, held_today("word " * 300))

        assert empty.status_code == no_day.status_code == long.status_code == 422
        assert "Write the day of the tutorial" in words(empty)
        assert "Write what you went over, in a line or two" in words(empty)
        assert "The hour after a threat." in words(no_day)
        assert "Shorten this by" in words(long)
        assert session.scalar(select(TutorialHeld)) is None

    def test_not_on_a_day_before_it_was_due_nor_on_one_to_come(
        self, session, learner, assessor, chapter
    ):
        use_all(learner, chapter)
        address = f"/tutorials/{due(session).id}"

        early = assessor.post(address, held_today() | {"held_on-year": str(today().year - 1)})
        late = assessor.post(address, held_today() | {"held_on-year": str(today().year + 1)})

        assert "It was due only later." in words(early)
        assert "This day is still to come." in words(late)
        assert early.status_code == late.status_code == 422

    def test_two_assessors_at_the_same_moment_record_one(
        self, app, session, registered, learner, assessor, chapter
    ):
        second = a_user(session, Role.ASSESSOR)
        an_allocation(session, registered, second)
        session.commit()
        use_all(learner, chapter)
        address, both = f"/tutorials/{due(session).id}", (assessor, Browser(app).sign_in(second))

        with ThreadPoolExecutor(2) as pool:
            replies = list(pool.map(lambda one: one.post(address, held_today()), both))

        assert sorted(reply.status_code for reply in replies) == [303, 409]
        assert len(session.scalars(select(TutorialHeld)).all()) == 1
        assert len(session.scalars(select(CheckRound)).all()) == 1
        refused = next(reply for reply in replies if reply.status_code == 409)
        assert "has recorded this tutorial meanwhile" in words(refused)
        assert "Who is told first" in refused.get_data(as_text=True)

    def test_nobody_records_their_own(self, app, session, chapter):
        user = a_user(session, Role.LEARNER, Role.ASSESSOR)
        own = a_registration(session, person=user)
        an_allocation(session, own, user)  # which the site itself refuses
        session.commit()
        browser = Browser(app).sign_in(user)
        use_all(browser, chapter)

        assert browser.post(f"/tutorials/{due(session).id}", held_today()).status_code == 404
        assert "Tutorial due" not in words(Browser(app).sign_in(user, Role.ASSESSOR).get("/"))

    def test_an_assessor_whose_allocation_ended_no_longer_holds_it(
        self, session, registered, learner, assessor, chapter
    ):
        use_all(learner, chapter)
        registered.allocations[0].ended_at = RECORDED
        session.commit()

        assert assessor.get(f"/tutorials/{due(session).id}").status_code == 404

    def test_neither_row_is_ever_changed_and_each_is_there_once(
        self, session, learner, assessor, chapter
    ):
        use_all(learner, chapter)
        row = due(session)
        assessor.post(f"/tutorials/{row.id}", held_today())
        held = session.scalar(select(TutorialHeld))
        twice = {c.name: getattr(held, c.name) for c in TutorialHeld.__table__.columns}
        session.add(TutorialHeld(**(twice | {"id": None})))

        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
        row.missed = []
        with pytest.raises(DBAPIError, match="only grows"):
            session.flush()


class TestTheEvidence:
    def test_practice_is_evidence_of_nothing_and_a_counted_pass_of_what_lists_it(
        self, learner, chapter
    ):
        learner.post(f"{page_of(chapter)}/practice", right_answers(chapter))
        before = words(learner.get("/portfolio/"))

        counted(learner, chapter, right_answers(chapter))

        assert "Knowledge check, chapter 5" not in before
        after = words(learner.get("/portfolio/"))
        assert "Knowledge check, chapter 5" in after

    def test_a_pass_stands_after_its_chapter_has_left_the_manual(
        self, app, session, learner, chapter
    ):
        counted(learner, chapter, right_answers(chapter))
        book = app.extensions["manual"]
        rest = tuple(one for one in book.chapters if one is not chapter)
        app.extensions["manual"] = replace(book, chapters=rest)

        page = words(learner.get("/portfolio/"))

        assert f"Knowledge check, formerly chapter 5: {chapter.title}" in page
        assert re.search(r"M3\.1\.1, M3\.1\.2, M3\.1\.3", page)


class TestTheNumberOfQueries:
    @pytest.mark.parametrize("many", [3, 60])
    def test_the_list_and_the_homes_take_the_same_for_few_and_many(
        self, app, session, queries, many
    ):
        user = a_user(session, Role.ASSESSOR)
        for number in range(many):
            row = a_registration(session)
            if number % 2:
                an_allocation(session, row, user)
            session.add(
                Tutorial(
                    person_id=row.person_id, chapter=5, chapter_slug="a", chapter_title="A",
                    round=1, missed=[], asked_at=LONG_AGO,
                )
            )  # fmt: skip
        session.commit()
        coordinator = Browser(app).sign_in(_with(session, Role.COORDINATOR))
        own, taken = Browser(app).sign_in(user), []
        for browser, path in ((own, "/tutorials/"), (coordinator, "/tutorials/")):
            browser.get(path)
            queries.reset()
            page = browser.get(path)
            taken.append(queries.number)

        assert taken == [2, 2]
        assert ("Later ones" in words(page)) == (many > 20)

    def test_an_attempt_takes_a_fixed_number(self, session, learner, chapter, queries):
        where = counted(learner, chapter, with_wrong(chapter, "K5.1"))
        queries.reset()

        learner.get(where)

        assert session.scalar(select(CheckAttempt.id))
        assert queries.number <= 6
