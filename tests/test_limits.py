"""Tries are counted in Redis or in the database, and behave the same in either."""

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from app import create_app, limits
from app.accounts.actions import HASHER
from app.audit import AuditEvent
from app.limits import Attempt, Limit, TooMany
from tests.client import Browser
from tests.conftest import IN_EITHER, a_config
from tests.factories import LONG_AGO, a_user
from tests.servers import Redis
from tests.tries import grow_old

PASSWORD = "three plain words"
NOW = datetime.now(UTC)


@pytest.fixture
def three(app):
    """At most three tries for Sam."""
    with app.app_context():
        return Limit(kind="test", of=limits.bucket("sam@example.org"), most=3)


def tries_until_refused(app, limit):
    """Return how many were let through, of ten at most."""
    with app.app_context():
        for number in range(10):
            try:
                limits.take(limit, now=datetime.now(UTC))
            except TooMany:
                return number
    return 10


def guess(browser, email):
    return browser.post("/sign-in", {"email": email, "password": "wrong"}).status_code


def rows(session):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Attempt))


@IN_EITHER
class TestCounting:
    def test_so_many_are_let_through_and_the_next_is_told_when_to_come_back(self, app, three):
        assert tries_until_refused(app, three) == 3

        with app.app_context(), pytest.raises(TooMany) as refusal:
            limits.refuse_over(three, now=NOW)

        assert refusal.value.minutes == 15

    def test_looking_counts_nothing(self, app, three):
        with app.app_context():
            for _ in range(9):
                limits.refuse_over(three, now=NOW)

        assert tries_until_refused(app, three) == 3

    def test_each_kind_and_each_bucket_has_a_count_of_its_own(self, app, three):
        tries_until_refused(app, three)

        assert tries_until_refused(app, Limit(kind="other", of=three.of, most=3)) == 3
        assert tries_until_refused(app, Limit(kind="test", of="x", most=3)) == 3

    def test_one_limit_of_several_is_enough_to_refuse(self, app, three):
        roomy = Limit(kind="test", of="network", most=60)
        with app.app_context():
            for _ in range(3):
                limits.count(roomy, three, now=NOW)

            limits.refuse_over(roomy, now=NOW)
            with pytest.raises(TooMany):
                limits.refuse_over(roomy, three, now=NOW)

    @pytest.mark.parametrize(("minutes", "room"), [(14, 0), (16, 3)])
    def test_the_window_moves_along(self, app, session, three, minutes, room):
        tries_until_refused(app, three)

        grow_old(app, session, minutes=minutes)

        assert tries_until_refused(app, three) == room

    def test_of_many_at_once_no_more_get_through(self, app, three):
        through, together = [], threading.Barrier(8)

        def take():
            with app.app_context():
                together.wait()
                try:
                    limits.take(three, now=datetime.now(UTC))
                except TooMany:
                    return
                through.append(1)

        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(through) == 3

    def test_resets_are_limited(self, browser):
        answers = [
            browser.post("/forgotten-password", {"email": "a@example.org"}).status_code
            for _ in range(6)
        ]

        assert answers == [200] * 5 + [429]


@pytest.mark.parametrize("counted_in", ["redis"], indirect=True)
class TestInRedis:
    def test_a_flood_of_guesses_writes_nothing_into_the_database(self, app, session, redis):
        user = a_user(session, password_hash=HASHER.hash(PASSWORD))
        session.commit()
        engine, asked = app.extensions["engine"], []
        event.listen(engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
        stranger = Browser(app)

        assert [guess(stranger, user.email) for _ in range(9)] == [422] * 8 + [429]

        assert rows(session) == 0
        assert session.scalar(select(AuditEvent.id)) is None
        # Nor does anybody who writes have to wait for it.
        assert {words.split()[0] for words in asked if words != "BEGIN"} == {"SELECT"}
        assert "pg_advisory_xact_lock" not in "".join(asked)
        assert redis.client.keys()

    def test_the_address_is_never_there_and_the_digest_goes_by_itself(self, app, redis):
        guess(Browser(app), "sam@example.org")

        keys = redis.client.keys()
        assert len(keys) == 3
        assert b"sam" not in b" ".join(keys)
        assert b"127.0.0.1" not in b" ".join(keys)
        assert all(0 < redis.client.ttl(key) <= 900 for key in keys)

    def test_several_machines_share_one_count(self, app, three, database_url, redis):
        other = create_app(a_config(database_url, REDIS_URL=redis.url))
        tries_until_refused(app, three)

        assert tries_until_refused(other, three) == 0
        other.extensions["engine"].dispose()

    def test_the_site_is_healthy_without_it(self, app, browser):
        app.config["REDIS_URL"] = "redis://127.0.0.1:1"

        assert browser.get("/healthz").status_code == 200


class TestWhileRedisIsAway:
    @pytest.fixture
    def server(self):
        with Redis() as one:
            yield one

    @pytest.fixture
    def counted_in(self, server):
        return {"REDIS_URL": server.url.replace("//", "//:hunter2@")}

    @pytest.fixture
    def words(self, app, monkeypatch):
        said = []
        monkeypatch.setattr(
            limits.log, "warning", lambda event, extra: said.append((event, extra["facts"]))
        )
        return said

    @pytest.fixture(autouse=True)
    def password(self, server):
        server.client.config_set("requirepass", "hunter2")

    def test_stopped_mid_way_the_database_counts_on_and_nobody_is_locked_out(
        self, app, session, server, words
    ):
        user = a_user(session, password_hash=HASHER.hash(PASSWORD))
        session.commit()
        stranger = Browser(app)
        assert [guess(stranger, user.email) for _ in range(4)] == [422] * 4
        assert rows(session) == 0

        server.stop()

        assert [guess(stranger, user.email) for _ in range(9)] == [422] * 8 + [429]
        assert rows(session) == 24  # eight tries in three buckets each
        elsewhere = {"environ_base": {"REMOTE_ADDR": "198.51.100.7"}}
        right = {"email": user.email, "password": PASSWORD}
        assert Browser(app).post("/sign-in", right, **elsewhere).status_code == 303
        assert words == [("limits.redis_away", {"trouble": "ConnectionError"})]

    def test_it_is_asked_again_after_a_while(self, app, session, server, three, monkeypatch):
        server.stop()
        tries_until_refused(app, three)
        server.start()
        server.client.config_set("requirepass", "hunter2")

        assert tries_until_refused(app, three) == 0
        monkeypatch.setattr(app.extensions[limits.EXTENSION], "left_alone_until", 0)

        assert tries_until_refused(app, three) == 3
        assert rows(session) == 3

    def test_a_wrong_password_for_it_counts_in_the_database_and_is_in_no_log(
        self, app, session, server, three, words
    ):
        app.config["REDIS_URL"] = server.url.replace("//", "//:hunter3@")

        assert tries_until_refused(app, three) == 3

        assert rows(session) == 3
        assert words == [("limits.redis_away", {"trouble": "AuthenticationError"})]

    def test_one_that_does_not_answer_holds_nobody_up_for_long(self, app, session, server, three):
        server.process.send_signal(signal.SIGSTOP)
        began = datetime.now(UTC)

        assert tries_until_refused(app, three) == 3

        server.process.send_signal(signal.SIGCONT)
        assert datetime.now(UTC) - began < timedelta(seconds=2)
        assert rows(session) == 3


class TestInTheDatabase:
    def test_tries_that_no_rule_looks_at_are_forgotten(self, app, session, three):
        session.add(Attempt(kind="test", bucket="x", at=LONG_AGO))
        session.commit()

        tries_until_refused(app, three)

        assert rows(session) == 3


def test_a_start_waits_for_neither_library():
    asked = "import sys, wsgi; print({'redis', 'limits'} & set(sys.modules))"
    settings = {
        "SECRET_KEY": "correct-horse-battery-staple-0123456789",
        "SEALED_KEYS": a_config("sqlite://").SEALED_KEYS[0],
        "DATABASE_URL": "sqlite://",
        "TOWPATH_MODE": "demonstration",
        "REDIS_URL": "redis://localhost",
    }

    done = subprocess.run(
        [sys.executable, "-c", asked], env=settings, capture_output=True, text=True, check=True
    )

    assert done.stdout == "set()\n"
