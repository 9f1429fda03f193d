"""What protects people on every page: headers, tokens, cookies, silence in the logs."""

import gzip
import io
import json
import logging
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app import create_app
from app.accounts.actions import HASHER
from app.accounts.roles import Role
from app.compression import packed
from app.config import Mode
from app.headers import HEADERS
from app.logs import _Lines, log
from app.mail import OutboxMessage
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


@pytest.fixture
def live(database_url, app):
    """The site as it runs for people: faults become pages."""
    config = replace(a_config(database_url), MODE=Mode.DEMONSTRATION, LOG_LEVEL="INFO")
    site = create_app(config)
    yield site
    site.extensions["engine"].dispose()
    log.setLevel("ERROR")


@pytest.fixture
def lines():
    """Every line that is logged meanwhile."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Lines())
    log.addHandler(handler)
    yield out
    log.removeHandler(handler)


def answers(app, session):
    """Yield an answer of each kind that the site gives."""
    stranger = Browser(app)
    yield 200, stranger.get("/")
    yield 303, stranger.get("/account")
    yield 400, stranger.client.post("/forgotten-password", data={"email": "a@example.org"})
    yield 404, stranger.get("/no-such-page")
    yield 405, stranger.get("/sign-out")
    yield 413, stranger.client.post("/sign-in", data={"email": "x" * 1_100_000})
    learner = a_user(session)
    session.commit()
    yield 403, Browser(app).sign_in(learner).get("/people")
    yield 422, stranger.post("/sign-in", {"email": ""})
    for _ in range(5):
        stranger.post("/forgotten-password", {"email": "a@example.org"})
    yield 429, stranger.post("/forgotten-password", {"email": "a@example.org"})
    app.view_functions["scheme.about"] = _breaks
    yield 500, stranger.get("/about")
    yield 200, whole(stranger.get("/static/site.css"))
    yield 404, stranger.get("/static/no-such-file.css", headers={"Accept-Encoding": "gzip"})


def whole(reply):
    """Return a reply whose file was read to its end, and so closed."""
    assert reply.get_data() is not None
    reply.close()
    return reply


def _breaks():
    raise ValueError("hunter2 was being handled")


class TestHeaders:
    def test_every_answer_carries_them_errors_included(self, live, session):
        for status, reply in answers(live, session):
            assert reply.status_code == status
            for name, value in HEADERS.items():
                assert reply.headers.get_all(name) == [value], (status, name)
            assert reply.headers["X-Request-Number"]
            assert "Server" not in reply.headers

    def test_scripts_and_styles_come_from_files_only(self):
        policy = HEADERS["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy

    def test_no_page_is_kept_by_browsers_or_proxies(self, live, session):
        for status, reply in answers(live, session):
            if "/static/" not in reply.request.path:
                assert reply.headers["Cache-Control"] == "no-store", status

    def test_an_encrypted_connection_stays_one(self, app):
        reply = app.test_client().get("/", base_url="https://towpath.example.org")

        assert reply.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Strict-Transport-Security" not in app.test_client().get("/").headers

    def test_behind_a_proxy_the_visitors_own_network_counts(self, database_url):
        site = create_app(replace(a_config(database_url), TRUSTED_PROXIES=1))
        reply = site.test_client().get("/", headers={"X-Forwarded-Proto": "https"})
        site.extensions["engine"].dispose()

        assert "Strict-Transport-Security" in reply.headers

    def test_without_one_nobody_can_pretend(self, app):
        reply = app.test_client().get("/", headers={"X-Forwarded-Proto": "https"})

        assert "Strict-Transport-Security" not in reply.headers


class TestFiles:
    def test_one_with_its_digest_is_kept_for_a_year(self, app):
        page = app.test_client().get("/").get_data(as_text=True)
        link = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

        reply = whole(app.test_client().get(link))

        assert "v=" in link
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in reply.headers

    @pytest.mark.parametrize("link", ["/static/site.css", "/static/site.css?v=another-release"])
    def test_another_is_asked_for_again(self, app, link):
        assert "immutable" not in whole(app.test_client().get(link)).headers["Cache-Control"]

    def test_the_style_sheet_names_typefaces_as_pages_do_so_that_none_comes_twice(self, app):
        sheet = whole(app.test_client().get("/static/site.css")).get_data(as_text=True)
        page = app.test_client().get("/").get_data(as_text=True)

        preloaded = re.findall(r'href="/static/(fonts/[^"]+)"', page)
        assert preloaded
        assert set(preloaded) <= set(re.findall(r"url\((fonts/[^)]+)\)", sheet))

    def test_nothing_outside_the_folder_is_served(self, app):
        for path in ("/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2fconfig.py"):
            assert app.test_client().get(path).status_code == 404, path


class TestCompression:
    packing = {"Accept-Encoding": "gzip, br"}

    def test_pages_and_files_are_smaller_and_the_same(self, app):
        for path in ("/about", "/static/site.css", "/static/js/site.js"):
            plain = whole(app.test_client().get(path))
            small = app.test_client().get(path, headers=self.packing)

            assert small.headers["Content-Encoding"] == "gzip"
            assert "Accept-Encoding" in small.headers["Vary"]
            assert gzip.decompress(small.data) == plain.data
            assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2

    def test_whoever_cannot_unpack_gets_it_plain(self, app):
        for wish in ({}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0"}):
            assert "Content-Encoding" not in app.test_client().get("/about", headers=wish).headers

    def test_the_length_of_a_page_says_nothing_exact_about_what_is_in_it(self, app):
        key = app.config["SECRET_KEY"].encode()
        pages = [b"<p>%04d</p>" % number * 400 for number in range(1000, 1020)]

        lengths = {len(packed(page, key)) - len(packed(page, b"another")) for page in pages}

        assert len(lengths) > 5

    def test_the_same_page_is_the_same_bytes_so_that_asking_again_teaches_nothing(self, app):
        replies = {app.test_client().get("/about", headers=self.packing).data for _ in range(5)}

        assert len(replies) == 1

    def test_a_file_that_a_browser_has_is_not_sent_again(self, app):
        client = app.test_client()
        tag = whole(client.get("/static/site.css", headers=self.packing)).headers["ETag"]

        asked = {**self.packing, "If-None-Match": tag}
        again = whole(client.get("/static/site.css", headers=asked))

        assert again.status_code == 304
        assert again.data == b""


class TestTheLogs:
    def test_they_hold_no_secret_no_address_and_no_word_that_was_written(
        self, live, session, lines, everybody
    ):
        browser = Browser(live)
        secrets = self.live_through(browser, session, everybody)

        log.setLevel("ERROR")
        text = lines.getvalue()
        assert text.count("\n") > 10
        for secret in secrets:
            assert secret not in text
        for line in text.splitlines():
            assert json.loads(line)["event"]

    def live_through(self, browser, session, person):
        """Sign in, invite, reset, write; return everything that must not be logged."""
        browser.post("/sign-in", {"email": person.email, "password": "a wrong guess"})
        browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
        browser.post("/people/invite", {"email": "new@example.org", "roles": "learner"})
        browser.post("/forgotten-password", {"email": person.email})
        tokens = [
            body.partition("http")[2].split()[0].rpartition("/")[2]
            for body in session.scalars(select(OutboxMessage.body))
        ]
        browser.get(f"/invitation/{tokens[0]}")
        browser.get(f"/new-password/{tokens[1]}")
        browser.get("/people?words=Sealed+Search")
        browser.post("/account", {"working_name": "Sealed Name"})
        browser.post("/account/password", {"current": PASSWORD, "password": "brand new words"})
        browser.app.view_functions["scheme.about"] = _breaks
        browser.get("/about?words=Sealed+Search")
        with browser.client.session_transaction() as cookie:
            signed_in = cookie["sign_in"]
        return [
            *tokens, signed_in, person.email, "new@example.org", "a wrong guess", PASSWORD,
            "brand new words", "Sealed", "hunter2", "SELECT",
        ]  # fmt: skip

    def test_a_fault_is_logged_by_its_kind_and_place(self, live, lines):
        live.view_functions["scheme.about"] = _breaks

        reply = live.test_client().get("/about")

        faults = [json.loads(line) for line in lines.getvalue().splitlines()]
        fault = next(one for one in faults if one["event"] == "request.broken")
        assert fault["fault"][0]["kind"] == "builtins.ValueError"
        assert any("test_security.py" in place for place in fault["fault"][0]["at"])
        assert "hunter2" not in reply.get_data(as_text=True)
        assert reply.headers["X-Request-Number"] in reply.get_data(as_text=True)

    def test_a_request_is_logged_by_its_rule_and_number(self, live, lines):
        reply = live.test_client().get("/invitation/a-secret-token")

        line = json.loads(lines.getvalue())
        assert line["rule"] == "/invitation/<token>"
        assert line["number"] == reply.headers["X-Request-Number"]
        assert line["status"] == 404


class TestADatabaseThatIsGone:
    def test_the_page_says_so_calmly_and_the_health_check_is_red(self, live, everybody):
        browser = Browser(live).sign_in(everybody)
        live.extensions["sessionmaker"].configure(bind=sa.create_engine("sqlite:////no/such/dir/x"))

        for path in ("/account", "/healthz"):
            reply = browser.get(path)
            assert reply.status_code == 500
            assert "Content-Security-Policy" in reply.headers
        assert "Something broke at our end" in browser.get("/account").get_data(as_text=True)
