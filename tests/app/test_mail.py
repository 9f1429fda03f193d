"""E-mail: sent by a real server after the commit, kept when the server is away."""

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select

from app import create_app, db, mail
from app.accounts.roles import Role
from app.mail import Kind, OutboxMessage
from tests.client import Browser, words
from tests.conftest import a_config
from tests.factories import LONG_AGO, a_user

NOW = datetime.now(UTC)


class Letterbox:
    """Takes what is delivered; refuses addresses that begin with "nobody"."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("nobody"):
            return "550 nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append(
            (envelope.mail_from, envelope.rcpt_tos, envelope.content.decode("utf-8", "replace"))
        )
        return "250 taken"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def server():
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}?tls=no"
    yield box
    controller.stop()


@pytest.fixture
def site_with(database_url, app):
    made = []

    def build(url):
        site = create_app(
            replace(a_config(database_url), MAIL_URL=url, MAIL_FROM="towpath@example.org")
        )
        made.append(site)
        return site

    yield build
    for site in made:
        site.extensions["engine"].dispose()


def send(site, recipient="sam@example.org", subject="Something is waiting", body="Sign in."):
    with site.app_context(), db.transaction() as work:
        mail.write(work, recipient, subject, body, kind=Kind.NOTICE, now=NOW)


def kept(session):
    session.expire_all()
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


@pytest.mark.row("B17")
class TestARealServer:
    def test_an_invitation_arrives_and_its_text_is_forgotten_here(self, site_with, session, server):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser = Browser(site_with(server.url)).sign_in(coordinator)

        browser.post("/people/invite", {"email": "new@example.org", "roles": ["learner"]})

        sender, recipients, letter = server.letters[0]
        assert (sender, recipients) == ("towpath@example.org", ["new@example.org"])
        assert "Subject: Your invitation to Towpath" in letter
        assert "/invitation/" in letter
        assert "Date: " in letter
        assert "Message-ID: " in letter
        message = kept(session)[0]
        assert message.sent_at is not None
        assert message.body is None
        assert "/invitation/" not in words(browser.get("/outbox"))

    def test_nothing_leaves_when_the_change_is_undone(self, site_with, session, server):
        site = site_with(server.url)

        def fault():
            with db.transaction() as work:
                mail.write(work, "sam@example.org", "x", "y", kind=Kind.NOTICE, now=NOW)
                raise KeyError

        with site.app_context(), pytest.raises(KeyError):
            fault()

        assert server.letters == []
        assert kept(session) == []

    def test_nothing_leaves_before_the_change_is_on_disk(self, site_with, server):
        site = site_with(server.url)
        with site.app_context():
            with db.transaction() as work:
                mail.write(work, "sam@example.org", "x", "y", kind=Kind.NOTICE, now=NOW)
                work.flush()
                assert server.letters == []
            assert len(server.letters) == 1

    def test_letters_beyond_ascii_arrive_whole(self, site_with, server):
        send(site_with(server.url), subject="Für Zoë", body="“Zoë” – ü")

        assert "utf-8" in server.letters[0][2]

    def test_an_address_that_the_server_refuses_does_not_hold_up_the_next(
        self, site_with, session, server
    ):
        site = site_with(server.url)
        send(site, "nobody@example.org")
        send(site, "sam@example.org")

        first, second = kept(session)
        assert (first.trouble, first.sent_at) == ("SMTPRecipientsRefused", None)
        assert second.sent_at is not None

    def test_one_that_is_refused_again_and_again_is_given_up(self, site_with, session, server):
        site = site_with(server.url)
        send(site, "nobody@example.org")

        for _ in range(mail.MOST_TRIES + 2):
            with site.app_context():
                mail.deliver()

        assert kept(session)[0].tries == mail.MOST_TRIES
        assert kept(session)[0].body is not None

    def test_two_processes_do_not_send_the_same_letter(self, site_with, session, server):
        away = site_with(f"smtp://127.0.0.1:{free_port()}?tls=no")
        for number in range(12):
            send(away, f"person{number}@example.org")
        site = site_with(server.url)

        def deliver():
            with site.app_context():
                mail.deliver()

        threads = [threading.Thread(target=deliver) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        received = sorted(recipients[0] for _, recipients, _ in server.letters)
        assert received == sorted({f"person{n}@example.org" for n in range(12)})

    @pytest.mark.filterwarnings("ignore:Requiring AUTH")
    def test_a_server_that_asks_for_a_password_gets_it(self, site_with, session):
        asked = []

        def check(server, session, envelope, mechanism, data):
            asked.append((data.login, data.password))
            return AuthResult(success=True)

        box = Letterbox()
        controller = Controller(
            box,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=check,
            auth_require_tls=False,
            auth_required=True,
        )
        controller.start()
        try:
            send(site_with(f"smtp://me%40x:p%3Aw@127.0.0.1:{controller.port}?tls=no"))
        finally:
            controller.stop()

        assert asked == [(b"me@x", b"p:w")]
        assert len(box.letters) == 1


@pytest.mark.row("B17")
class TestAServerThatIsAway:
    @pytest.fixture
    def site(self, site_with):
        return site_with(f"smtp://127.0.0.1:{free_port()}?tls=no")

    def test_the_change_stands_and_the_letter_waits_with_its_trouble(self, site, session):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser = Browser(site).sign_in(coordinator)

        reply = browser.post("/people/invite", {"email": "new@example.org", "roles": ["learner"]})

        assert reply.status_code == 303
        message = kept(session)[0]
        assert (message.trouble, message.sent_at, message.tries) == (
            "ConnectionRefusedError",
            None,
            0,
        )
        assert "/invitation/" in message.body

    def test_the_command_sends_it_when_the_server_is_back(self, site, site_with, session, server):
        send(site)

        done = site_with(server.url).test_cli_runner().invoke(args=["mail", "send"])

        assert done.output == "1 sent, 0 waiting.\n"
        assert len(server.letters) == 1
        assert kept(session)[0].trouble == ""

    def test_being_away_for_long_gives_nothing_up(self, site, site_with, session, server):
        send(site)
        for _ in range(mail.MOST_TRIES + 2):
            done = site.test_cli_runner().invoke(args=["mail", "send"])
            assert done.output == "0 sent, 1 waiting.\n"

        site_with(server.url).test_cli_runner().invoke(args=["mail", "send"])

        assert len(server.letters) == 1

    def test_one_taken_by_a_process_that_died_is_sent_later(self, site, site_with, session, server):
        send(site)
        message = kept(session)[0]
        message.taken_at = datetime.now(UTC) - mail.TAKEN_FOR / 2
        session.commit()
        back = site_with(server.url)

        too_early = back.test_cli_runner().invoke(args=["mail", "send"])
        message.taken_at = datetime.now(UTC) - mail.TAKEN_FOR - timedelta(seconds=1)
        session.commit()
        later = back.test_cli_runner().invoke(args=["mail", "send"])

        assert too_early.output == "0 sent, 1 waiting.\n"
        assert later.output == "1 sent, 0 waiting.\n"

    def test_encryption_is_asked_for_unless_switched_off(self, site_with, session, server):
        send(site_with(server.url.replace("?tls=no", "")))

        assert server.letters == []
        assert kept(session)[0].trouble == "SMTPNotSupportedError"


class TestHeaders:
    @pytest.mark.parametrize(
        ("recipient", "subject"),
        [
            ("sam@example.org\nBcc: eve@example.org", "x"),
            ("sam@example.org", "x\r\nBcc: eve@example.org"),
        ],
    )
    def test_none_can_be_smuggled_in(self, site_with, session, server, recipient, subject):
        with pytest.raises(ValueError, match="one line"):
            send(site_with(server.url), recipient, subject)

        assert server.letters == []
        assert kept(session) == []

    def test_not_by_the_form_either(self, site_with, session, server):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser = Browser(site_with(server.url)).sign_in(coordinator)

        reply = browser.post(
            "/people/invite",
            {"email": "sam@example.org\r\nBcc: eve@example.org", "roles": ["learner"]},
        )

        assert reply.status_code == 422
        assert server.letters == []


@pytest.mark.row("B17")
class TestWithoutAServer:
    def test_letters_stay_in_the_outbox_and_the_command_says_so(self, app, session):
        send(app)

        done = app.test_cli_runner().invoke(args=["mail", "send"])

        assert done.exit_code == 1
        assert "MAIL_URL is not set" in done.output
        assert kept(session)[0].body == "Sign in."

    def test_texts_whose_links_have_run_out_are_forgotten(self, site_with, session, server):
        session.add(
            OutboxMessage(
                kind=Kind.NOTICE,
                recipient="a@example.org",
                subject="x",
                body="old",
                written_at=LONG_AGO,
            )
        )
        session.commit()
        with site_with(server.url).app_context(), db.transaction() as work:
            mail.clear_old(work, NOW)

        assert kept(session)[0].body is None
