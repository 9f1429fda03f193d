"""Inviting, joining, signing in and out, roles, and what ends a sign-in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.actions import HASHER
from app.accounts.models import Invitation, SignIn, User
from app.accounts.roles import Role
from app.audit import AuditEvent, first_fault
from app.mail import OutboxMessage
from tests.client import Browser, words
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


@pytest.mark.row("B12", "F84")
class TestRoles:
    def test_ending_a_role_ends_every_sign_in_at_once(self, app, browser, session):
        coordinator, assessor = a_user(session, Role.COORDINATOR), a_user(session, Role.ASSESSOR)
        session.commit()
        browser.sign_in(coordinator)
        device = Browser(app).sign_in(assessor)
        assert device.get("/account").status_code == 200

        reply = browser.post(f"/people/{assessor.id}/roles", {"role": "assessor", "do": "end"})

        assert reply.status_code == 303
        assert device.get("/account").status_code == 303
        session.expire_all()
        assert not session.get(User, assessor.id).holds(Role.ASSESSOR)
        assert session.get(User, assessor.id).grants[0].ended_by_id == coordinator.id

    def test_a_person_with_two_roles_sees_the_one_in_use_and_switches(self, browser, session):
        user = a_user(session, Role.LEARNER, Role.ASSESSOR)
        session.commit()
        browser.sign_in(user, Role.LEARNER)

        before = words(browser.get("/account"))
        browser.post("/role", {"role": "assessor"})
        after = words(browser.get("/account"))

        assert f"{user.working_name} Learner" in before
        assert f"{user.working_name} Assessor" in after

    def test_nobody_switches_to_a_role_that_they_do_not_hold(self, browser, session):
        user = a_user(session, Role.LEARNER)
        session.commit()
        browser.sign_in(user)

        browser.post("/role", {"role": "coordinator"})

        assert session.scalar(select(SignIn.role_in_use)) is Role.LEARNER
        assert browser.get("/people").status_code == 403

    def test_somebody_must_run_the_scheme(self, browser, session):
        only = a_user(session, Role.COORDINATOR)
        session.commit()
        browser.sign_in(only)

        reply = browser.post(f"/people/{only.id}/roles", {"role": "coordinator", "do": "end"})

        assert reply.status_code == 409
        assert "Somebody must run the scheme" in words(reply)

    def test_closing_an_account_signs_out_and_keeps_the_history(self, app, browser, session):
        coordinator, learner = a_user(session, Role.COORDINATOR), a_user(session)
        session.commit()
        browser.sign_in(coordinator)
        device = Browser(app).sign_in(learner)

        browser.post(f"/people/{learner.id}/close")

        assert device.get("/account").status_code == 303
        assert "Learner ended" in words(browser.get(f"/people/{learner.id}"))


class TestTheListOfPeople:
    @pytest.mark.parametrize("many", [10, 1000])
    def test_it_takes_the_same_number_of_queries_for_ten_and_a_thousand(
        self, browser, session, queries, many
    ):
        coordinator = a_user(session, Role.COORDINATOR)
        for _ in range(many):
            a_user(session)
        session.commit()
        browser.sign_in(coordinator)
        browser.get("/people")

        queries.reset()
        browser.get("/people")

        assert queries.number <= 12

    def test_every_person_is_on_exactly_one_page(self, browser, session):
        coordinator = a_user(session, Role.COORDINATOR)
        for _ in range(95):
            a_user(session, working_name="Same Name")
        session.commit()
        browser.sign_in(coordinator)

        seen, address = [], "/people"
        while address:
            page = browser.get(address).get_data(as_text=True)
            seen += re.findall(r'href="/people/(\d+)"', page)
            following = re.search(r'href="(/people\?after=[^"]+)"', page)
            address = following[1].replace("&amp;", "&") if following else None

        assert len(seen) == len(set(seen)) == 96


class TestTheAudit:
    def test_every_change_leaves_a_line_and_the_chain_holds(self, browser, session):
        coordinator, learner = a_user(session, Role.COORDINATOR), a_user(session)
        session.commit()
        browser.sign_in(coordinator)
        browser.post("/people/invite", {"email": "new@example.org", "roles": ["learner"]})
        browser.post(f"/people/{learner.id}/roles", {"role": "assessor", "do": "give"})

        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()

        assert actions == ["invitation.sent", "role.granted"]
        assert first_fault(session) is None
        assert "Gave a role" in words(browser.get("/audit"))

    def test_a_person_sees_who_looked(self, browser, session):
        learner = a_user(session)
        session.commit()
        browser.sign_in(learner)

        assert "Nobody has opened a sealed record about you" in words(
            browser.get("/account/who-looked")
        )


@pytest.mark.row("B17")
class TestTheOutbox:
    def test_without_a_mail_server_the_coordinator_reads_messages_here(self, browser, session):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser.sign_in(coordinator)
        browser.post("/people/invite", {"email": "new@example.org", "roles": ["learner"]})

        page = words(browser.get("/outbox"))

        assert "No mail server is set up" in page
        assert "new@example.org" in page
        assert "/invitation/" in page
