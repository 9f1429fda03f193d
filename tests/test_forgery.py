"""What others might forge: requests, addresses, cookies; and forms that arrive twice."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app import create_app, db
from app.accounts.actions import HASHER
from app.accounts.models import SignIn
from app.accounts.roles import Role
from tests.addresses import address
from tests.client import Browser
from tests.conftest import a_config
from tests.factories import a_user

PASSWORD = "three plain words"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def everybody(session):
    """One person who holds every role, so that nothing is refused for want of one."""
    user = a_user(session, *Role, password_hash=HASHER.hash(PASSWORD))
    session.commit()
    return user


class TestForgedRequests:
    def snapshot(self, session):
        session.rollback()
        counts = {
            table.name: session.scalar(select(sa.func.count()).select_from(table))
            for table in db.Base.metadata.sorted_tables
        }
        return counts, session.scalar(select(SignIn.role_in_use)), session.scalar(_seal())

    @pytest.mark.parametrize("token", [None, "forged"])
    def test_without_a_right_token_nothing_unsafe_happens_anywhere(
        self, app, browser, session, everybody, token
    ):
        browser.sign_in(everybody)
        before = self.snapshot(session)
        sent = {"csrf_token": token} if token else {}
        tried = 0

        for rule in app.url_map.iter_rules():
            for method in sorted(rule.methods & UNSAFE):
                reply = browser.client.open(address(rule), method=method, data=sent)
                expected = 303 if rule.endpoint == "accounts.sign_in" else 400
                assert reply.status_code == expected, rule
                tried += 1

        assert tried > 30
        assert self.snapshot(session) == before

    def test_a_token_of_somebody_else_is_refused(self, app, browser, everybody, session):
        other = Browser(app).get("/csrf-token").json["token"]

        reply = browser.sign_in(everybody).client.post(
            "/account", data={"working_name": "Mallory", "csrf_token": other}
        )

        assert reply.status_code == 400


def _seal():
    return sa.text("select seal from audit_events order by id desc limit 1")


class TestAddressesElsewhere:
    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example",
            "//evil.example/x",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "evil.example",
            "http:/evil.example",
            "///evil.example",
        ],
    )
    def test_signing_in_never_leads_there(self, browser, everybody, elsewhere):
        reply = browser.post(
            "/sign-in", {"email": everybody.email, "password": PASSWORD, "next": elsewhere}
        )

        assert (reply.status_code, reply.location) == (303, "/")

    def test_a_double_press_never_leads_there_either(self, browser, everybody):
        browser.sign_in(everybody)
        form = {"email": "x@example.org", "roles": "learner", "once": "same"}
        browser.post("/people/invite", form)

        reply = browser.post("/people/invite", form, headers={"Referer": "https://evil.example/"})

        assert (reply.status_code, reply.location) == (303, "/")


class TestTheCookie:
    def sign_in(self, client, email, base_url="http://localhost"):
        token = client.get("/csrf-token", base_url=base_url).json["token"]
        return client.post(
            "/sign-in",
            data={"email": email, "password": PASSWORD, "csrf_token": token},
            base_url=base_url,
            headers={"Referer": f"{base_url}/sign-in"},
        )

    def test_scripts_and_other_sites_cannot_have_it(self, app, everybody):
        cookie = self.sign_in(app.test_client(), everybody.email).headers["Set-Cookie"]

        assert cookie.startswith("towpath=")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie

    def test_it_travels_encrypted_only(self, database_url, everybody):
        site = create_app(replace(a_config(database_url), BASE_URL="https://towpath.example.org"))
        reply = self.sign_in(site.test_client(), everybody.email, "https://towpath.example.org")
        site.extensions["engine"].dispose()

        assert reply.status_code == 303
        assert "; Secure" in reply.headers["Set-Cookie"]

    def test_it_holds_no_address_and_no_number_of_a_person(self, app, browser, everybody):
        browser.post("/sign-in", {"email": everybody.email, "password": PASSWORD})

        with browser.client.session_transaction() as cookie:
            held = json.dumps({k: v for k, v in cookie.items() if k != "_flashes"})
        assert everybody.email not in held

    def test_one_planted_before_signing_in_opens_nothing_afterwards(self, app, everybody):
        victim, attacker = Browser(app), Browser(app)
        attacker.get("/csrf-token")
        planted = attacker.client.get_cookie("towpath").value
        victim.client.set_cookie("towpath", planted)

        assert victim.post("/sign-in", {"email": everybody.email, "password": PASSWORD}).location

        assert victim.get("/account").status_code == 200
        assert attacker.get("/account").status_code == 303

    def test_signing_in_again_makes_a_new_one(self, browser, everybody, session):
        for _ in range(2):
            browser.post("/sign-in", {"email": everybody.email, "password": PASSWORD})

        digests = session.scalars(select(SignIn.token_digest)).all()
        assert len(set(digests)) == 2

    def test_a_forged_one_is_nobodys(self, app):
        client = app.test_client()
        client.set_cookie("towpath", "eyJzaWduX2luIjoieCJ9.forged.forged")

        assert client.get("/account").status_code == 303


class TestFormsSentTwice:
    def test_a_form_that_was_refused_may_be_sent_again(self, browser, session, everybody):
        browser.sign_in(everybody)
        form = {"once": "one-press", "password": "brand new words"}

        wrong = browser.post("/account/password", {**form, "current": "a wrong guess"})
        right = browser.post("/account/password", {**form, "current": PASSWORD})
        twice = browser.post("/account/password", {**form, "current": "brand new words"})

        assert wrong.status_code == 422
        assert right.status_code == 303
        assert "That had been saved already" in browser.get(twice.location).get_data(as_text=True)

    def test_characters_that_no_keyboard_types_are_refused(self, browser, everybody):
        browser.sign_in(everybody)

        assert browser.post("/account", {"working_name": "a\0b"}).status_code == 400
        assert browser.get("/people?words=%00").status_code == 400
