"""What tests share: a site of their own, a session to arrange with, a browser to act with."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app, migrations
from app.config import Config, Mode
from app.db import build_engine
from tests.client import Browser, Queries
from tests.servers import Databases, PostgresDatabases, Redis, SqliteDatabases

#: The same in every process, so that parallel workers name their tests alike.
SEAL = urlsafe_b64encode(sha256(b"a key that only tests use").digest()).decode()


def a_config(url: str, **settings: object) -> Config:
    """Return settings for a test."""
    return Config(
        SECRET_KEY="a secret that only tests know, long enough",
        SEALED_KEYS=(SEAL,),
        DATABASE_URL=url,
        MODE=Mode.TEST,
        LOG_LEVEL="ERROR",
        **settings,
    )


#: For the few tests that ask what only SQLite can answer. How many there are is counted.
ABOUT_SQLITE = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="this is about SQLite itself"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the journey: its steps stay in one process, however tests are shared out.

    A worker that is done takes tests from the end of another's list, never from its beginning.
    """
    items.sort(key=lambda item: item.path.name != "test_journey_browser.py")


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Databases of the kind that this run is on."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        return PostgresDatabases(server)
    return SqliteDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def template(databases: Databases) -> Iterator[str]:
    """A migrated, empty database to copy for each test."""
    with databases.fresh() as url:
        engine = build_engine(url)
        migrations.upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture
def database_url(databases: Databases, template: str) -> Iterator[str]:
    """The address of a fresh database."""
    with databases.fresh(template) as url:
        yield url


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis server for the tests of one process."""
    with Redis() as server:
        yield server


@pytest.fixture
def counted_in(request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings for where tries are counted: in the database, unless a test asks for both."""
    if getattr(request, "param", "database") == "database":
        return {}
    server: Redis = request.getfixturevalue("redis")
    server.empty()
    return {"REDIS_URL": server.url}


#: For tests that must hold wherever tries are counted.
IN_EITHER = pytest.mark.parametrize("counted_in", ["database", "redis"], indirect=True)


@pytest.fixture
def app(database_url: str, counted_in: dict[str, str]) -> Iterator[Flask]:
    """A site over a fresh database."""
    made = create_app(a_config(database_url, **counted_in))
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def session(app: Flask, database_url: str) -> Iterator[Session]:
    """A session of the test's own, to arrange and to look. The test commits.

    Its engine is plain, so that it sees at once what the site has written. Rows that it has
    loaded already are read again only after ``expire_all``.
    """
    engine = sa.create_engine(database_url)
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody at the site, not signed in."""
    return Browser(app)


@pytest.fixture
def queries(app: Flask) -> Iterator[Queries]:
    """Counts the statements that the site sends to its database."""
    counter = Queries()
    sa.event.listen(app.extensions["engine"], "before_cursor_execute", counter.count)
    yield counter
    sa.event.remove(app.extensions["engine"], "before_cursor_execute", counter.count)
