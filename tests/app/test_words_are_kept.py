"""Nothing typed is lost: when a sign-in runs out, or when a page grew old."""

import pytest
from sqlalchemy import select

from app.accounts.actions import HASHER
from app.accounts.models import SignIn, User
from tests.client import words
from tests.factories import a_user

PASSWORD = "three plain words"


@pytest.fixture
def person(session):
    user = a_user(session, password_hash=HASHER.hash(PASSWORD))
    session.commit()
    return user


@pytest.mark.row("F15")
class TestASignInThatRanOut:
    def end_it(self, session):
        session.scalar(select(SignIn)).ended_at = session.scalar(select(SignIn.began_at))
        session.commit()

    def test_the_words_are_shown_and_go_on_after_signing_in(self, browser, session, person):
        browser.sign_in(person)
        self.end_it(session)

        reply = browser.post(
            "/account", {"working_name": "A long new name", "scheme": "", "text_size": ""}
        )

        assert reply.status_code == 401
        assert "A long new name" in reply.get_data(as_text=True)
        again = browser.post(
            "/account",
            {
                "working_name": "A long new name",
                "scheme": "",
                "text_size": "",
                "resume_email": person.email,
                "resume_password": PASSWORD,
            },
        )
        assert again.status_code == 303
        session.expire_all()
        assert session.get(User, person.id).working_name == "A long new name"

    def test_a_wrong_password_keeps_them_still(self, browser, session, person):
        browser.sign_in(person)
        self.end_it(session)

        reply = browser.post(
            "/account",
            {
                "working_name": "A long new name",
                "resume_email": person.email,
                "resume_password": "no",
            },
        )

        assert reply.status_code == 401
        assert "A long new name" in reply.get_data(as_text=True)

    def test_a_script_is_told_so_in_json(self, browser, session, person):
        browser.sign_in(person)
        self.end_it(session)

        reply = browser.post_json("/account", {"working_name": "X"})

        assert reply.status_code == 401
        assert reply.is_json


class TestAPageThatGrewOld:
    def test_the_words_come_back_with_a_fresh_token(self, browser, session, person):
        browser.sign_in(person)

        reply = browser.client.post(
            "/account", data={"working_name": "Kept name", "csrf_token": "old"}
        )

        assert reply.status_code == 400
        page = reply.get_data(as_text=True)
        assert "Kept name" in page
        assert "three plain" not in page


class TestTooMuch:
    def test_a_request_over_a_megabyte_is_refused_with_a_page(self, browser, session, person):
        browser.sign_in(person)

        reply = browser.post("/account", {"working_name": "x" * 1_100_000})

        assert reply.status_code == 413
        assert "Content-Security-Policy" in reply.headers
        assert words(reply)


def test_an_address_that_only_takes_forms_says_so(browser, person):
    browser.sign_in(person)

    reply = browser.get("/sign-out")

    assert reply.status_code == 405
    assert "only takes what a form sends" in words(reply)
    assert "POST" in reply.headers["Allow"]
