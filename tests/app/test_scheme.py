"""Home pages for each role, pages about the scheme, settings, and the demonstration."""

import time

import pytest
from sqlalchemy import func, inspect, select, text

from app.accounts.models import User
from app.accounts.roles import Role
from app.audit import first_fault
from app.scheme.demo.people import EVERYBODY, MAIN, PASSWORD
from app.scheme.models import LegalSignOff
from assessments.statuses import Status
from tests.client import Browser, words
from tests.factories import a_user


@pytest.mark.row("B16")
class TestTheFirstVisit:
    @pytest.mark.parametrize(
        ("role", "says"),
        [
            (Role.LEARNER, "Read the manual meanwhile"),
            (Role.MENTOR, "You have no entry in the register yet"),
            (Role.ROLE_PLAYER, "your brief will stand here"),
            (Role.ASSESSOR, "the mark sheet will stand here"),
            (Role.INTERNAL_VERIFIER, "Nothing waits to be verified"),
            (Role.EXTERNAL_VERIFIER, "Nothing has been opened to you yet"),
            (Role.SUPERVISOR, "You supervise nobody yet"),
            (Role.PANEL_MEMBER, "Nothing is on the agenda"),
            (Role.COMMISSIONER, "There is no list of mentors"),
            (Role.COORDINATOR, "Invite somebody"),
        ],
    )
    def test_each_role_is_told_what_is_here_and_what_comes(self, browser, session, role, says):
        user = a_user(session, role)
        session.commit()
        browser.sign_in(user)

        page = browser.get("/")

        assert page.status_code == 200
        assert says in words(page)
        assert "Help, or talk to a person" in words(page)

    def test_every_page_of_every_menu_opens_for_its_role(self, app, session):
        from flask import url_for

        from app.shell import MENUS

        for role in Role:
            user = a_user(session, role)
            session.commit()
            browser = Browser(app).sign_in(user, role)
            with app.test_request_context():
                addresses = [url_for(endpoint) for _, endpoint in MENUS[role]]
            for address in addresses:
                assert browser.get(address).status_code == 200, (role, address)

    def test_somebody_without_any_role_is_told_so(self, browser, session):
        user = a_user(session)
        user.grants[0].ended_at = user.joined_at
        session.commit()
        browser.sign_in(user)

        assert browser.get("/").status_code == 200


class TestPagesForAnybody:
    @pytest.mark.parametrize(
        "path", ["/", "/about", "/privacy", "/accessibility", "/help", "/check", "/sign-in"]
    )
    def test_they_open_without_signing_in(self, browser, path):
        assert browser.get(path).status_code == 200

    def test_the_site_says_that_it_is_well(self, browser):
        reply = browser.get("/healthz")

        assert reply.status_code == 200
        assert reply.json["status"] == "ok"

    def test_the_award_is_not_called_regulated(self, browser):
        assert "not a regulated qualification" in words(browser.get("/about"))


class TestLegalPoints:
    def test_the_settings_list_what_nobody_has_signed_off(self, browser, session):
        coordinator = a_user(session, Role.COORDINATOR)
        session.commit()
        browser.sign_in(coordinator)
        assert "age floor of 21" in words(browser.get("/settings"))

        empty = browser.post("/settings", {"point": "L1", "advised_by": ""})
        browser.post("/settings", {"point": "L1", "advised_by": "A. Solicitor"})

        assert empty.status_code == 422
        page = words(browser.get("/settings"))
        assert "age floor of 21" not in page
        assert "on the advice of A. Solicitor" in page
        assert session.scalar(select(LegalSignOff.point)) == "L1"


@pytest.mark.row("B15")
class TestTheDemonstration:
    @pytest.fixture
    def loaded(self, app):
        began = time.monotonic()
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        return time.monotonic() - began

    def test_it_holds_people_in_every_state_and_everyone_can_sign_in(
        self, app, browser, session, loaded
    ):
        assert len(EVERYBODY) >= 24
        reply = browser.post("/sign-in", {"email": "panel@example.org", "password": PASSWORD})
        assert reply.status_code == 303
        page = words(browser.get("/register/"))
        for status in Status:
            assert status.label in page
        assert first_fault(session) is None
        emails = set(session.scalars(select(User.email)))
        assert {person.email for person in MAIN} <= emails
        hashes = set(session.scalars(select(User.password_hash)))
        assert len(hashes) == 1

    def test_every_home_page_and_menu_opens_for_its_people(self, app, session, loaded):
        for person in MAIN:
            user = session.scalar(select(User).where(User.email == person.email))
            page = Browser(app).sign_in(user).get("/")
            assert page.status_code == 200, person

    def test_home_pages_take_few_queries(self, app, session, queries, loaded):
        for person in MAIN:
            user = session.scalar(select(User).where(User.email == person.email))
            browser = Browser(app).sign_in(user)
            browser.get("/")
            queries.reset()
            browser.get("/")
            assert queries.number <= 12, (person.key, queries.number)

    @pytest.mark.parametrize(
        ("key", "own", "others"),
        [
            ("assessor", ("Nasreen Akhtar", "Halima Yusuf", "Imran Qureshi"), ("Nguyễn Thị Mai",)),
            ("assessor2", ("Nasreen Akhtar", "Callum Price"), ("Imran Qureshi", "Nguyễn Thị Mai")),
        ],
    )
    def test_each_assessor_has_own_learners(self, app, session, loaded, key, own, others):
        user = session.scalar(select(User).where(User.email == f"{key}@example.org"))
        page = words(Browser(app).sign_in(user).get("/learners/"))

        for name in own:
            assert name in page
        for name in others:
            assert name not in page

    def test_one_learner_has_handed_work_in_that_nobody_marks(self, app, session, loaded):
        user = session.scalar(select(User).where(User.email == "coordinator@example.org"))

        page = words(Browser(app).sign_in(user).get("/"))

        assert "Nobody to mark it Nguyễn Thị Mai, 1 piece handed in" in page

    def test_loading_twice_is_refused_or_skipped(self, app, loaded):
        run = app.test_cli_runner().invoke

        assert run(args=["demo", "load"]).exit_code == 1
        assert run(args=["demo", "load", "--if-new"]).exit_code == 0

    def test_one_command_leaves_nothing_of_it(self, app, session, loaded):
        result = app.test_cli_runner().invoke(args=["demo", "remove"])

        assert result.exit_code == 0, result.output
        for table in inspect(session.get_bind()).get_table_names():
            if table != "alembic_version":
                count = session.scalar(select(func.count()).select_from(text(table)))
                assert count == 0, table

    def test_it_is_not_removed_from_under_real_people(self, app, session, loaded):
        app.test_cli_runner().invoke(args=["invite", "real@example.net", "learner"])

        result = app.test_cli_runner().invoke(args=["demo", "remove"])

        assert result.exit_code == 1
        assert "real@example.net" in result.output
        assert session.scalar(select(func.count(User.id))) == len(EVERYBODY)

    def test_the_sign_ins_are_printed(self, app, loaded):
        lines = app.test_cli_runner().invoke(args=["demo", "sign-ins"]).output

        for person in MAIN:
            assert person.email in lines
        assert PASSWORD in lines
