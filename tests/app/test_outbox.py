"""The outbox: who may open a message, who is told of it, and what nobody may read."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import LargeBinary, select, type_coerce, update

from app import create_app
from app.accounts.actions import HASHER
from app.accounts.models import PasswordReset
from app.accounts.roles import Role
from app.audit import AuditEvent, first_fault
from app.mail import Kind, OutboxMessage
from tests.client import Browser, words
from tests.conftest import a_config
from tests.factories import LONG_AGO, a_user

PASSWORD, OTHER = "three plain words", "another three words"
pytestmark = pytest.mark.row("B17")


@pytest.fixture
def coordinator(session):
    user = a_user(session, Role.COORDINATOR, working_name="Dana Wood")
    session.commit()
    return user


@pytest.fixture
def sam(session):
    user = a_user(session, working_name="Sam Okafor", password_hash=HASHER.hash(PASSWORD))
    session.commit()
    return user


@pytest.fixture
def stuck(database_url, app):
    """A site with a mail server that is away."""
    made = create_app(replace(a_config(database_url), MAIL_URL="smtp://127.0.0.1:9"))
    yield made
    made.extensions["engine"].dispose()


def invited(site, coordinator):
    browser = Browser(site).sign_in(coordinator)
    browser.post("/people/invite", {"email": "new@example.org", "roles": ["learner"]})
    return browser


def ask_reset(site, person):
    Browser(site).post("/forgotten-password", {"email": person.email})


def newest(session):
    session.expire_all()
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()


def opened(browser, session):
    """Return the page of the newest message after the button was pressed."""
    return browser.post(f"/outbox/{newest(session).id}")


def link_on(page):
    return re.search(r"https?://[^/]+(/\S+)", words(page))[1]


def sign_in(site, person, password=PASSWORD):
    browser = Browser(site)
    browser.post("/sign-in", {"email": person.email, "password": password})
    return browser


def views(session):
    return session.execute(
        select(AuditEvent.action, AuditEvent.subject, AuditEvent.actor_id, AuditEvent.about_id)
        .where(AuditEvent.action.like("%.viewed"))
        .order_by(AuditEvent.id)
    ).all()


class TestTheList:
    def test_says_what_is_there_and_shows_no_link(self, app, session, coordinator):
        browser = invited(app, coordinator)

        page = words(browser.get("/outbox"))

        assert "No mail server is set up" in page
        assert "Your invitation to Towpath new@example.org Invitation" in page
        assert "Waiting" in page
        assert "/invitation/" not in page
        assert views(session) == []

    def test_says_so_when_there_is_nothing(self, browser, coordinator):
        page = words(browser.sign_in(coordinator).get("/outbox"))

        assert "No messages yet" in page

    def test_opens_no_text_not_even_to_leave_it_out(self, app, session, coordinator):
        browser = invited(app, coordinator)
        session.execute(update(OutboxMessage).values(body=type_coerce(b"torn", LargeBinary)))
        session.commit()

        assert browser.get("/outbox").status_code == 200

    def test_every_message_is_on_exactly_one_page(self, browser, session, queries, coordinator):
        for number in range(65):
            session.add(
                OutboxMessage(
                    kind=Kind.NOTICE,
                    recipient=f"p{number}@example.org",
                    subject="x",
                    body="y",
                    written_at=LONG_AGO,
                )
            )
        session.commit()
        browser.sign_in(coordinator)

        seen, address = [], "/outbox"
        while address:
            queries.reset()
            page = browser.get(address).get_data(as_text=True)
            assert queries.number <= 12
            seen += re.findall(r'href="/outbox/(\d+)"', page)
            following = re.search(r'href="(/outbox\?before=[^"]+)"', page)
            address = following[1] if following else None

        assert len(seen) == len(set(seen)) == 65


class TestAnInvitation:
    @pytest.mark.parametrize("server", [False, True])
    def test_that_was_not_sent_can_be_opened_and_passed_on(
        self, app, stuck, session, coordinator, server
    ):
        site = stuck if server else app
        browser = invited(site, coordinator)
        message = newest(session)

        before = browser.get(f"/outbox/{message.id}")
        after = opened(browser, session)

        assert "/invitation/" not in words(before)
        assert "That you opened it is recorded in the audit" in words(before)
        assert after.status_code == 200
        assert Browser(site).get(link_on(after)).status_code == 200
        subject = f"outbox_messages:{message.id}"
        assert views(session) == [("message.viewed", subject, coordinator.id, None)]
        assert first_fault(session) is None
        assert "Opened a message in the outbox" in words(browser.get("/audit"))

    def test_looking_at_it_without_opening_it_leaves_no_line(self, app, session, coordinator):
        browser = invited(app, coordinator)

        browser.get(f"/outbox/{newest(session).id}")

        assert views(session) == []

    def test_one_that_was_sent_is_gone(self, app, session, coordinator):
        browser = invited(app, coordinator)
        message = newest(session)
        message.sent_at, message.body = datetime.now(UTC), None
        session.commit()

        reply = opened(browser, session)

        assert reply.status_code == 409
        assert "It was sent, and its text is not kept" in words(reply)
        assert views(session) == []

    def test_nobody_else_opens_it(self, app, session, coordinator, sam):
        invited(app, coordinator)

        browser = Browser(app).sign_in(sam)

        assert browser.get(f"/outbox/{newest(session).id}").status_code == 404
        assert opened(browser, session).status_code == 404
        assert opened(Browser(app), session).status_code == 401
        assert views(session) == []

    def test_the_line_and_the_text_go_together(self, app, session, coordinator, monkeypatch):
        browser = invited(app, coordinator)
        monkeypatch.setattr("app.audit.record", lambda *_, **__: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            opened(browser, session)


class TestANotice:
    def test_to_somebody_with_an_account_is_seen_by_them(self, app, session, coordinator, sam):
        session.add(
            OutboxMessage(
                kind=Kind.NOTICE,
                recipient=sam.email,
                subject="Something is waiting",
                body="Sign in.",
                written_at=LONG_AGO,
            )
        )
        session.commit()

        page = words(opened(Browser(app).sign_in(coordinator), session))

        assert "Sam Okafor sees it under “Who looked”" in page
        assert "Sign in." in page
        seen = words(Browser(app).sign_in(sam).get("/account/who-looked"))
        assert "Dana Wood Opened a message in the outbox" in seen


class TestALinkForANewPassword:
    def test_is_handed_over_without_a_mail_server_and_its_owner_is_told(
        self, app, session, coordinator, sam
    ):
        ask_reset(app, sam)
        browser = Browser(app).sign_in(coordinator)

        before = words(browser.get(f"/outbox/{newest(session).id}"))
        page = opened(browser, session)
        device = Browser(app)
        device.post(link_on(page), {"password": OTHER})
        at_once, later = words(device.get("/account")), words(sign_in(app, sam, OTHER).get("/"))

        assert "Sam Okafor sees it under “Who looked”, and is told at signing in" in before
        assert "/new-password/" not in before
        reset = session.scalar(select(PasswordReset.id))
        assert views(session) == [
            ("new-password-link.viewed", f"password_resets:{reset}", coordinator.id, sam.id)
        ]
        for told in (at_once, later):
            assert "Your reset link was opened by Dana Wood on" in told
            assert "If you did not ask for it, choose another password and tell the Hollin" in told
        looked = words(device.get("/account/who-looked"))
        assert "Dana Wood Opened the message with a link for a new password" in looked

    def test_nobody_can_use_the_telling_up_before_its_owner_comes(
        self, app, session, coordinator, sam
    ):
        ask_reset(app, sam)
        thief = Browser(app)
        thief.post(link_on(opened(Browser(app).sign_in(coordinator), session)), {"password": OTHER})
        thief.get("/")
        thief.get("/")

        ask_reset(app, sam)
        link = link_on(opened(Browser(app).sign_in(coordinator), session))
        owner = Browser(app)
        owner.post(link, {"password": PASSWORD})

        assert "Your reset link was opened by Dana Wood" in words(owner.get("/"))

    def test_one_that_was_opened_but_never_used_changes_nothing(
        self, app, session, coordinator, sam
    ):
        ask_reset(app, sam)
        opened(Browser(app).sign_in(coordinator), session)

        assert "was opened by" not in words(sign_in(app, sam).get("/"))

    def test_one_that_nobody_else_opened_says_nothing(self, app, session, coordinator):
        ask_reset(app, coordinator)
        browser = Browser(app).sign_in(coordinator)

        page = opened(browser, session)
        device = Browser(app)
        device.post(link_on(page), {"password": OTHER})

        assert "A message to you." in words(page)
        assert "was opened by" not in words(device.get("/"))
        assert len(views(session)) == 1

    def test_another_persons_link_is_not_told_to_everybody(self, app, session, coordinator, sam):
        other = a_user(session, password_hash=HASHER.hash(PASSWORD))
        session.commit()
        ask_reset(app, sam)
        page = opened(Browser(app).sign_in(coordinator), session)
        Browser(app).post(link_on(page), {"password": OTHER})

        assert "was opened by" not in words(sign_in(app, other).get("/"))

    def test_after_a_month_it_is_told_under_who_looked_only(self, app, session, coordinator, sam):
        ask_reset(app, sam)
        page = opened(Browser(app).sign_in(coordinator), session)
        Browser(app).post(link_on(page), {"password": OTHER})
        session.scalars(select(PasswordReset)).one().used_at -= timedelta(days=31)
        session.commit()

        browser = sign_in(app, sam, OTHER)

        assert "was opened by" not in words(browser.get("/"))
        assert "Dana Wood" in words(browser.get("/account/who-looked"))

    def test_with_a_mail_server_nobody_reads_it(self, stuck, session, coordinator, sam):
        # It opens the account, and with it what only its owner may read.
        ask_reset(stuck, sam)
        browser = Browser(stuck).sign_in(coordinator)

        listed = words(browser.get("/outbox"))
        before = browser.get(f"/outbox/{newest(session).id}")
        reply = opened(browser, session)

        assert (before.status_code, reply.status_code) == (200, 409)
        for page in (listed, words(before), words(reply)):
            assert "/new-password/" not in page
        assert "Open the message" not in words(before)
        assert "goes to its owner alone, by the mail server" in words(reply)
        assert views(session) == []
