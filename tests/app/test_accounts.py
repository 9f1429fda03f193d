"""Inviting, joining, signing in and out, roles, and what ends a sign-in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.actions import HASHER
from app.accounts.models import Invitation, User
from app.accounts.roles import Role
from app.mail import OutboxMessage
from tests.client import Browser, words
from tests.conftest import IN_EITHER
from tests.factories import a_user

PASSWORD = "three plain words"


def a_person_with_password(session, *roles, **given):
    return a_user(session, *roles, password_hash=HASHER.hash(PASSWORD), **given)


def link_in_outbox(session) -> str:
    body = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first().body
    return re.search(r"https?://[^/]+(/\S+)", body)[1]


@pytest.mark.row("B12")
class TestInviting:
    @pytest.fixture
    def coordinator(self, session):
        user = a_user(session, Role.COORDINATOR)
        session.commit()
        return user

    def invite(self, browser, coordinator, **data):
        browser.sign_in(coordinator)
        return browser.post(
            "/people/invite", {"email": "new@example.org", "roles": ["learner"], **data}
        )

    def test_an_invited_person_chooses_a_name_and_a_password_and_is_in(
        self, app, browser, session, coordinator
    ):
        assert self.invite(browser, coordinator).status_code == 303
        link = link_in_outbox(session)
        visitor = Browser(app)

        page = visitor.get(link)
        reply = visitor.post(link, {"working_name": "Sam", "password": PASSWORD})

        assert "new@example.org" in words(page)
        assert reply.status_code == 303
        assert "Sam" in words(visitor.get("/"))
        assert session.scalar(select(User).where(User.email == "new@example.org")).holds(
            Role.LEARNER
        )

    def test_a_link_works_once(self, app, browser, session, coordinator):
        self.invite(browser, coordinator)
        link = link_in_outbox(session)
        Browser(app).post(link, {"working_name": "Sam", "password": PASSWORD})

        reply = Browser(app).post(link, {"working_name": "Eve", "password": PASSWORD})

        assert reply.status_code == 410
        assert "no longer works" in words(reply)

    def test_a_link_lasts_seven_days(self, app, browser, session, coordinator):
        self.invite(browser, coordinator)
        invitation = session.scalar(select(Invitation))
        assert invitation.expires_at - invitation.invited_at == timedelta(days=7)
        invitation.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        session.commit()

        assert Browser(app).get(link_in_outbox(session)).status_code == 410

    def test_a_link_that_was_taken_back_is_useless(self, app, browser, session, coordinator):
        self.invite(browser, coordinator)
        link = link_in_outbox(session)
        one = session.scalar(select(Invitation.id))

        browser.post(f"/people/invitations/{one}/withdraw")

        assert Browser(app).get(link).status_code == 410

    def test_inviting_again_makes_the_first_link_useless(self, app, browser, session, coordinator):
        self.invite(browser, coordinator)
        first = link_in_outbox(session)

        self.invite(browser, coordinator)

        assert Browser(app).get(first).status_code == 410
        assert Browser(app).get(link_in_outbox(session)).status_code == 200

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"email": ""}, "Write the person's e-mail address"),
            ({"email": "no address"}, "This needs an e-mail address"),
            ({"email": "a" * 260 + "@example.org"}, "Shorten this by 18 characters"),
            ({"roles": []}, "Choose at least one role"),
            ({"roles": ["emperor"]}, "not"),
        ],
    )
    def test_a_faulty_invitation_says_what_to_do_and_gives_the_words_back(
        self, browser, session, coordinator, given, message
    ):
        reply = self.invite(browser, coordinator, **given)

        assert reply.status_code == 422
        assert message in words(reply)
        assert "There is a problem" in words(reply)
        assert given.get("email", "new@example.org") in reply.get_data(as_text=True)
        assert session.scalar(select(Invitation)) is None

    def test_somebody_who_is_here_already_is_not_invited(self, browser, session, coordinator):
        a_user(session, email="here@example.org")
        session.commit()

        reply = self.invite(browser, coordinator, email="HERE@example.org")

        assert reply.status_code == 422
        assert "has an account already" in words(reply)

    def test_pressing_twice_invites_once(self, browser, session, coordinator):
        for _ in range(2):
            reply = self.invite(browser, coordinator, once="a-one-time-token")

        assert reply.status_code == 303
        assert len(session.scalars(select(Invitation)).all()) == 1

    def test_the_token_of_a_link_is_nowhere_in_the_database(self, browser, session, coordinator):
        self.invite(browser, coordinator)
        token = link_in_outbox(session).rpartition("/")[2]

        raw = session.connection().exec_driver_sql("select body from outbox_messages").scalar()

        assert token.encode() not in bytes(raw)
        assert session.scalar(select(Invitation.token_digest)) != token

    def test_a_short_password_is_refused_and_the_name_comes_back(
        self, app, browser, session, coordinator
    ):
        self.invite(browser, coordinator)

        reply = Browser(app).post(
            link_in_outbox(session), {"working_name": "Sam", "password": "short"}
        )

        assert reply.status_code == 422
        assert "at least 10 characters" in words(reply)
        assert 'value="Sam"' in reply.get_data(as_text=True)
        assert "short" not in re.findall(r'value="([^"]*)"', reply.get_data(as_text=True))


@pytest.mark.row("B12")
class TestSigningIn:
    def sign_in(self, browser, email, password=PASSWORD, **data):
        return browser.post("/sign-in", {"email": email, "password": password, **data})

    def test_address_and_password_open_the_site(self, browser, session):
        a_person_with_password(session, email="sam@example.org")
        session.commit()

        reply = self.sign_in(browser, "Sam@Example.org")

        assert reply.status_code == 303
        assert browser.get("/account").status_code == 200

    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(self, browser, session):
        a_person_with_password(session, email="sam@example.org")
        session.commit()

        wrong = self.sign_in(browser, "sam@example.org", "not it at all")
        unknown = self.sign_in(browser, "nobody@example.org")

        assert wrong.status_code == unknown.status_code == 422
        sentence = "That address and password do not belong together"
        assert sentence in words(wrong)
        assert sentence in words(unknown)

    def test_the_page_asked_for_opens_afterwards_but_never_another_site(self, browser, session):
        user = a_person_with_password(session)
        session.commit()

        asked = browser.get("/account")
        inside = self.sign_in(browser, user.email, next="/account")
        outside = self.sign_in(Browser(browser.app), user.email, next="//evil.example/x")

        assert asked.location.endswith("/sign-in?next=/account")
        assert inside.location == "/account"
        assert outside.location == "/"

    @IN_EITHER
    def test_guessing_is_slowed_down_without_locking_the_owner_out(self, app, browser, session):
        user = a_person_with_password(session)
        session.commit()
        self.sign_in(browser, user.email)
        stranger = Browser(app)

        answers = [
            self.sign_in(stranger, user.email, f"guess number {n}").status_code for n in range(9)
        ]

        assert answers == [422] * 8 + [429]
        browser.post("/sign-out")
        assert self.sign_in(browser, user.email).status_code == 303

    def test_a_closed_account_does_not_open(self, browser, session):
        user = a_person_with_password(session, closed_at=datetime.now(UTC))
        session.commit()

        assert self.sign_in(browser, user.email).status_code == 422

    def test_signing_out_ends_it_on_the_server_too(self, app, browser, session):
        user = a_person_with_password(session)
        session.commit()
        browser.sign_in(user)
        with browser.client.session_transaction() as cookie:
            stolen = cookie["sign_in"]

        browser.post("/sign-out")
        thief = Browser(app)
        with thief.client.session_transaction() as cookie:
            cookie["sign_in"] = stolen

        assert thief.get("/account").status_code == 303

    def test_forms_keep_their_token_for_the_same_person_and_not_for_the_next(
        self, app, browser, session
    ):
        mine, theirs = a_person_with_password(session), a_person_with_password(session)
        session.commit()
        tokens = []
        for person in (mine, mine, theirs):
            self.sign_in(browser, person.email)
            tokens.append(browser.get("/csrf-token").json["token"])
            browser.post("/sign-out")

        assert tokens[0] == tokens[1] != tokens[2]
        self.sign_in(browser, theirs.email)
        stale = {"csrf_token": tokens[0], "working_name": "Mallory"}
        assert browser.client.post("/account", data=stale).status_code == 400
        assert browser.post("/account", {"working_name": "Sam"}).status_code != 400

    def test_a_forged_next_token_or_none_is_refused(self, browser, session):
        user = a_person_with_password(session)
        session.commit()
        browser.sign_in(user)

        reply = browser.client.post("/account", data={"working_name": "Mallory"})

        assert reply.status_code == 400
        session.expire_all()
        assert session.get(User, user.id).working_name == user.working_name != "Mallory"


@pytest.mark.row("B12")
class TestForgettingThePassword:
    def test_a_link_sets_a_new_one_and_signs_every_device_out(self, app, browser, session):
        user = a_person_with_password(session)
        session.commit()
        device = Browser(app).sign_in(user)

        browser.post("/forgotten-password", {"email": user.email})
        link = link_in_outbox(session)
        reply = browser.post(link, {"password": "another three words"})

        assert reply.status_code == 303
        assert browser.get("/account").status_code == 200
        assert device.get("/account").status_code == 303
        assert Browser(app).get(link).status_code == 410

    def test_the_page_does_not_say_who_has_an_account(self, browser, session):
        user = a_person_with_password(session)
        session.commit()

        known = browser.post("/forgotten-password", {"email": user.email})
        unknown = browser.post("/forgotten-password", {"email": "nobody@example.org"})

        assert words(known).replace(user.email, "X") == words(unknown).replace(
            "nobody@example.org", "X"
        )

    def test_changing_it_needs_the_one_before(self, browser, session):
        user = a_person_with_password(session)
        session.commit()
        browser.sign_in(user)

        wrong = browser.post(
            "/account/password", {"current": "not it", "password": "another three words"}
        )
        right = browser.post(
            "/account/password", {"current": PASSWORD, "password": "another three words"}
        )

        assert wrong.status_code == 422
        assert "That is not your password now" in words(wrong)
        assert right.status_code == 303
