"""Roles and when they end, the list of people, the audit."""

import re

import pytest
from sqlalchemy import select

from app.accounts.actions import HASHER
from app.accounts.models import SignIn, User
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
