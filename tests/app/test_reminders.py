"""Reminders by e-mail: what waits, for whom, how often, and how to stop them."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app import db
from app.accounts.models import RoleGrant
from app.accounts.roles import Role
from app.accreditation.models import StandingInterval
from app.audit import AuditEvent, first_fault
from app.content import manual
from app.formats import day, today
from app.learning.models import ChapterEdition, CheckAttempt, Place, ReadingPlace, SectionRead
from app.mail import OutboxMessage
from app.portfolio.models import Tutorial, TutorialHeld
from app.scheme.models import ReminderChoice, ReminderMail, ReminderSent
from app.scheme.reminder_cli import remind_everybody
from app.supervision.models import LogSignature, SessionLog
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_accreditation import a_record
from tests.factories_portfolio import a_judgement, a_registration, some_evidence
from tests.factories_supervision import an_agreement
from tests.manual_steps import rewritten, without

pytestmark = pytest.mark.row("F8")
#: Noon of today, so that it is day in London.
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)


def run(app, now=NOON):
    with app.app_context():
        return remind_everybody(now)


def chapter(app, number=5):
    with app.app_context():
        return manual().chapter(number)


def has_read(session, person, one, ago=30, sections=None):
    """A person read a chapter, or its first sections, so many days ago."""
    at = NOON - ago * DAY
    for section in one.sections[:sections]:
        session.add(
            SectionRead(
                person_id=person.id,
                slug=one.slug,
                section=section.id,
                chapter_version=one.version,
                read_at=at,
            )
        )
    session.add(
        ReadingPlace(person_id=person.id, slug=one.slug, section=one.sections[0].id, kept_at=at)
    )
    session.commit()


def steps(session):
    session.expire_all()
    return [(row.step, row.number) for row in session.scalars(select(ReminderSent))]


def mails(session):
    session.expire_all()
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


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
                held_on=today(),
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
        ends = today() + timedelta(days=80)
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
            held_on=today(),
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


def a_passed(person, one):
    return CheckAttempt(
        person_id=person.id,
        chapter=one.number,
        chapter_slug=one.slug,
        chapter_version=one.version,
        answers={},
        right=1,
        total=1,
        passed=True,
        safety_missed=[],
        answered_at=NOON,
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
        a_registration(session, person=user, ends_on=today() - timedelta(days=1))
        session.commit()
        has_read(session, user, chapter(app), sections=2)

        assert run(app) == written

    def test_somebody_who_is_suspended_until_it_is_lifted(self, app, session):
        user = a_user(session, Role.MENTOR)
        has_read(session, user, chapter(app), sections=2)
        standing = suspended(session, user, ago=28)
        assert run(app) == 0

        standing.ends_on = today()
        session.commit()

        # One or two days of the seven had gone by before it.
        assert [run(app, NOON + n * DAY) for n in (3, 6)] == [0, 1]


def suspended(session, user, ago):
    since = today() - timedelta(days=ago)
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


class TestTheEMail:
    def test_it_says_nothing_of_what_it_is_about(self, app, session, left):
        run(app)

        (mail,) = mails(session)
        body = opened(app, mail.id)
        assert mail.subject == "Something on Towpath waits for you"
        assert "http://127.0.0.1:8000/account" in body
        title = chapter(app).title
        for word in (*title.split()[:1], "chapter", "extrem", "mentor", "check", left.working_name):
            assert word.lower() not in body.lower()

    def test_one_tells_of_everything(self, app, session, left):
        has_read_more(session, app, left)

        assert run(app) == 1

        assert len(mails(session)) == 1
        assert len(steps(session)) == 2

    def test_running_it_twice_does_nothing_twice(self, app, session, left):
        assert [run(app), run(app), run(app, NOON + DAY)] == [1, 0, 0]
        assert len(mails(session)) == 1

    def test_two_processes_at_once_write_once(self, app, session, left):
        answers, start = [], threading.Barrier(2)

        def process():
            start.wait()
            answers.append(run(app))

        several = [threading.Thread(target=process) for _ in range(2)]
        for one in several:
            one.start()
        for one in several:
            one.join()

        assert sorted(answers) == [0, 1]
        assert session.scalar(select(func.count(ReminderMail.id))) == 1

    def test_it_stops_after_three(self, app, session, left):
        assert sum(run(app, NOON + n * DAY) for n in range(0, 200, 3)) == 3
        assert [number for _, number in steps(session)] == [1, 2, 3]
        home = words(Browser(app).sign_in(left).get("/"))
        assert "You were reminded three times; this was the last." in home
        assert "Do not remind me of this" not in home

    def test_it_is_in_the_audit_which_stays_whole(self, app, session, left):
        run(app)

        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "reminders.sent")
        ).one()
        assert event.actor_id is None
        assert '"mails": 1' in event.detail
        assert first_fault(session) is None

    def test_the_database_is_asked_as_often_however_many_there_are(self, app, session, queries):
        asked = []
        run(app)  # keeps the texts
        for more in (3, 40):
            for person in [a_user(session) for _ in range(more)]:
                a_registration(session, person=person, ends_on=today() + timedelta(days=40))
                has_read(session, person, chapter(app), sections=2)
            queries.reset()
            assert run(app, NOON + len(asked) * 10 * DAY) >= more
            asked.append(queries.number)

        assert asked[0] == asked[1] <= 18


def has_read_more(session, app, person):
    one = chapter(app, 1)
    for section in one.sections:
        session.add(
            SectionRead(
                person_id=person.id,
                slug=one.slug,
                section=section.id,
                chapter_version=one.version,
                read_at=NOON - 20 * DAY,
            )
        )
    session.commit()


def opened(app, mail_id):
    with app.app_context():
        return db.session().get(OutboxMessage, mail_id).body


class TestTheCommand:
    def test_it_keeps_quiet_at_night_unless_it_is_told(self, app, session, left, monkeypatch):
        from app.scheme import reminder_cli

        monkeypatch.setattr(reminder_cli, "is_night", lambda now: True)
        monkeypatch.setattr("assessments.reminders.is_night", lambda now: True)
        command = app.test_cli_runner().invoke

        quiet, told = command(args=["remind"]), command(args=["remind", "--at-night"])

        assert "It is night in London" in quiet.output
        assert told.output == "1 person written to.\n"


def html(browser):
    return browser.get("/account").get_data(as_text=True)


class TestOnesOwnWord:
    def test_a_step_is_stopped_and_wanted_again(self, app, session, left):
        browser, key = Browser(app).sign_in(left), f"chapter-left:{chapter(app).slug}"
        assert "The first reminder comes with the next e-mail" in words(browser.get("/"))

        reply = browser.post("/reminders", {"step": key, "wanted": "no"})
        browser.post("/reminders", {"step": key, "wanted": "no"})

        assert (reply.status_code, reply.location) == (303, "/#waiting-for-you")
        assert "You will not be reminded of this again." in words(browser.get("/"))
        assert run(app) == 0
        assert session.scalar(select(func.count(ReminderChoice.id))) == 1

        browser.post("/reminders", {"step": key, "wanted": "yes"})

        assert run(app) == 1
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.about_id == left.id))
        assert list(actions) == ["reminder.stopped", "reminder.wanted"]

    def test_what_does_not_wait_for_one_is_not_kept(self, app, session, left):
        other = a_user(session)
        session.commit()
        key = f"chapter-left:{chapter(app).slug}"

        Browser(app).sign_in(other).post("/reminders", {"step": key, "wanted": "no"})
        stranger = Browser(app).post("/reminders", {"step": key, "wanted": "no"})

        assert stranger.status_code in (302, 303, 401)
        assert session.scalar(select(ReminderChoice)) is None
        assert run(app) == 1

    def test_all_of_them_are_turned_off_and_on_in_the_account(self, app, session, left):
        browser = Browser(app).sign_in(left)
        account = {"working_name": left.working_name, "scheme": "", "text_size": ""}

        browser.post("/account", {**account, "reminded": "no"})
        browser.post("/account", {**account, "reminded": "no"})

        assert run(app) == 0
        assert "Reminders are turned off in your account." in words(browser.get("/"))
        assert 'value="no" checked' in browser.get("/account").get_data(as_text=True).replace(
            'checked value="no"', 'value="no" checked'
        )
        browser.post("/account", {**account, "reminded": "yes"})
        assert run(app) == 1
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.about_id == left.id))
        assert list(actions) == ["reminders.turned-off", "reminders.turned-on"]

    def test_nobody_sees_what_waits_for_another(self, app, session, left):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()

        page = words(Browser(app).sign_in(coordinator).get("/"))

        assert "Waiting for you" not in page
