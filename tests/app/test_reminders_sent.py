"""Reminders by e-mail: what they say, how often they come, and how to stop them."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit import AuditEvent, first_fault
from app.scheme.models import ReminderChoice, ReminderMail
from tests.client import Browser, words
from tests.factories import a_user
from tests.factories_portfolio import a_registration
from tests.reminder_steps import (
    DAY,
    NOON,
    TODAY,
    chapter,
    has_read,
    has_read_more,
    mails,
    opened,
    run,
    steps,
)

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
                a_registration(session, person=person, ends_on=TODAY + timedelta(days=40))
                has_read(session, person, chapter(app), sections=2)
            queries.reset()
            assert run(app, NOON + len(asked) * 10 * DAY) >= more
            asked.append(queries.number)

        assert asked[0] == asked[1] <= 18


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
        chosen = re.findall(
            r'<input[^>]*name="reminded"[^>]*checked[^>]*>|<input[^>]*checked[^>]*name="reminded"[^>]*>',
            browser.get("/account").get_data(as_text=True),
        )
        assert len(chosen) == 1
        assert 'value="no"' in chosen[0]
        browser.post("/account", {**account, "reminded": "yes"})
        assert run(app) == 1
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.about_id == left.id))
        assert list(actions) == ["reminders.turned-off", "reminders.turned-on"]

    def test_nobody_sees_what_waits_for_another(self, app, session, left):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()

        page = words(Browser(app).sign_in(coordinator).get("/"))

        assert "Waiting for you" not in page
