"""Reminders: what waits, for whom, and for whom nothing does."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import RoleGrant
from app.accounts.roles import Role
from app.accreditation.models import StandingInterval
from app.formats import day
from app.learning.models import ChapterEdition, Place
from app.portfolio.models import Tutorial, TutorialHeld
from app.supervision.models import LogSignature, SessionLog
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_accreditation import a_record
from tests.factories_portfolio import a_judgement, a_registration, some_evidence
from tests.factories_supervision import an_agreement
from tests.manual_steps import rewritten, without
from tests.reminder_steps import DAY, NOON, TODAY, a_passed, chapter, has_read, mails, run, steps

pytestmark = pytest.mark.row("F8")


@pytest.fixture
def reader(session):
    """A learner who read three sections a month ago and stopped."""
    user = a_user(session)
    session.commit()
    return user


@pytest.fixture
def left(app, session, reader):
    has_read(session, reader, chapter(app), sections=3)
    return reader


class TestWhatWaits:
    def test_a_chapter_that_was_left(self, app, session, left):
        assert run(app) == 1

        assert steps(session) == [(f"chapter-left:{chapter(app).slug}", 1)]

    def test_a_chapter_without_its_check_until_that_is_passed(self, app, session, reader):
        one = chapter(app)
        has_read(session, reader, one)
        run(app)
        assert steps(session) == [(f"check-open:{one.slug}", 1)]

        session.add(a_passed(reader, one))
        session.commit()

        assert run(app, NOON + 60 * DAY) == 0

    def test_a_check_that_is_closed_waits_for_nobody_until_a_tutorial_was_held(
        self, app, session, reader
    ):
        one = chapter(app)
        has_read(session, reader, one)
        tutorial = Tutorial(
            person_id=reader.id,
            chapter=5,
            chapter_slug=one.slug,
            chapter_title=one.title,
            round=1,
            missed=[],
            asked_at=NOON - 29 * DAY,
        )
        session.add(tutorial)
        session.commit()
        closed = run(app)
        home = words(Browser(app).sign_in(reader).get("/"))
        session.add(
            TutorialHeld(
                tutorial_id=tutorial.id,
                held_on=TODAY,
                covered="All of it",
                recorded_by_id=reader.id,
                recorded_at=NOON,
            )
        )
        session.commit()

        assert closed == 0
        assert "It cannot be done at present, so you are not reminded of it." in home
        # One day of the seven had gone by before it was closed.
        assert [run(app, NOON + n * DAY) for n in (5, 6)] == [0, 1]

    def test_a_text_that_changed_counts_from_when_the_site_first_saw_it(self, app, session, reader):
        one = chapter(app)
        has_read(session, reader, one)
        session.add(a_passed(reader, one))
        session.commit()
        assert run(app) == 0
        rewritten(app, 5, ("Winston drove a bus", "Winston once drove a bus"))

        assert [run(app, NOON + n * DAY) for n in (1, 7, 8)] == [0, 0, 1]

        assert chapter(app).version != one.version
        assert steps(session) == [(f"chapter-changed:{one.slug}:{chapter(app).version}", 1)]
        assert session.scalar(select(func.count(ChapterEdition.id))) > 18

    def test_a_chapter_that_is_gone_waits_for_nobody(self, app, session, left):
        without(app, 5)

        assert run(app) == 0
        assert "Waiting for you" not in words(Browser(app).sign_in(left).get("/"))

    def test_a_place_of_half_a_year_ago(self, app, session, reader):
        for question, ago in (("OQ5", 190), ("OQ7", 180), ("OQ99", 400)):
            session.add(
                Place(person_id=reader.id, question=question, place=3, placed_at=NOON - ago * DAY)
            )
        session.commit()

        run(app)

        assert steps(session) == [("place-old:OQ5", 1)]

    def test_a_registration_that_ends_while_criteria_are_missing(self, app, session, reader):
        ends = TODAY + timedelta(days=80)
        registered = a_registration(session, person=reader, ends_on=ends)
        a_judgement(session, some_evidence(session, registered, "M1.1.1"), "M1.1.1")
        session.commit()

        assert [run(app, NOON + n * DAY) for n in (0, 30, 49, 51, 70, 79)] == [1, 0, 0, 1, 0, 0]
        assert [number for _, number in steps(session)] == [1, 2]
        home = words(Browser(app).sign_in(reader).get("/"))
        assert f"Your registration ends on {day(ends)}, and criteria are missing" in home
        assert "You were reminded twice; this was the last." in home

    def test_an_agreement_waits_for_each_until_they_have_signed(self, app, session):
        row = an_agreement(session, signed=False, made_at=NOON - 5 * DAY)
        session.commit()
        run(app)
        assert {one.recipient for one in mails(session)} == {row.mentor.email, row.supervisor.email}

        row.mentor_signed_at = NOON
        session.commit()

        assert run(app, NOON + 20 * DAY) == 1
        assert mails(session)[-1].recipient == row.supervisor.email

    def test_a_log_waits_for_the_other_one_only(self, app, session):
        row = an_agreement(session)
        log = SessionLog(
            agreement_id=row.id,
            held_on=TODAY,
            minutes=60,
            format="one_to_one",
            medium="video",
            begun_by_id=row.mentor_id,
            begun_at=NOON - 9 * DAY,
            changed_at=NOON - 9 * DAY,
        )
        session.add(log)
        session.flush()
        for who, act in ((row.supervisor_id, "signed"), (row.supervisor_id, "reopened")):
            session.add(a_signature(log, who, act, 8))
            session.flush()
        session.commit()
        assert run(app) == 0

        session.add(a_signature(log, row.mentor_id, "signed", 6))
        session.commit()
        run(app)

        assert [one.recipient for one in mails(session)] == [row.supervisor.email]
        assert steps(session) == [(f"log-unsigned:{log.id}", 1)]
        session.add(a_signature(log, row.supervisor_id, "signed", 0))
        session.commit()
        assert run(app, NOON + 30 * DAY) == 0


def a_signature(log, person_id, act, ago):
    return LogSignature(
        log_id=log.id,
        person_id=person_id,
        act=act,
        content_digest="0" * 64,
        signed_at=NOON - ago * DAY,
    )


class TestForWhomNothingWaits:
    def test_a_closed_account(self, app, session, left):
        left.closed_at = NOON
        session.commit()

        assert run(app) == 0

    def test_a_role_that_ended(self, app, session, left):
        session.scalars(select(RoleGrant).where(RoleGrant.user_id == left.id)).one().ended_at = NOON
        session.commit()

        assert run(app) == 0

    def test_a_supervisor_no_more(self, app, session):
        row = an_agreement(session, signed=False, made_at=NOON - 9 * DAY, mentor_signed_at=NOON)
        row.supervisor.grants[0].ended_at = NOON
        row.supervisor.grants.append(RoleGrant(role=Role.ASSESSOR, granted_at=NOON))
        session.commit()

        assert run(app) == 0

    @pytest.mark.parametrize(("role", "written"), [(Role.LEARNER, 0), (Role.MENTOR, 1)])
    def test_a_learner_whose_registration_has_ended_but_a_mentor_reads_on(
        self, app, session, role, written
    ):
        user = a_user(session, role)
        a_registration(session, person=user, ends_on=TODAY - timedelta(days=1))
        session.commit()
        has_read(session, user, chapter(app), sections=2)

        assert run(app) == written

    def test_somebody_who_is_suspended_until_it_is_lifted(self, app, session):
        user = a_user(session, Role.MENTOR)
        has_read(session, user, chapter(app), sections=2)
        standing = suspended(session, user, ago=28)
        assert run(app) == 0

        standing.ends_on = TODAY
        session.commit()

        # One or two days of the seven had gone by before it.
        assert [run(app, NOON + n * DAY) for n in (3, 6)] == [0, 1]


def suspended(session, user, ago):
    since = TODAY - timedelta(days=ago)
    row = StandingInterval(
        record_id=a_record(session, user).id,
        status="suspended",
        starts_on=since,
        since_on=since,
        holds=[],
        reasons=[],
    )
    session.add(row)
    session.commit()
    return row
