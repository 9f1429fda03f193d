"""What tests share: a site of their own, a session to arrange with, a browser to act with."""

import os
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app, migrations
from app.config import Config, Mode
from app.db import build_engine
from tests.client import Browser, Queries
from tests.servers import PostgresDatabases, Redis

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


def _migrated(url: str) -> None:
    engine = build_engine(url)
    migrations.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | PostgresDatabases]:
    """A migrated, empty database to copy for each test."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        with PostgresDatabases(server) as databases:
            _migrated(databases.template_url)
            yield databases
        return
    path = tmp_path_factory.mktemp("template") / "towpath.db"
    _migrated(f"sqlite:///{path}")
    yield path


@pytest.fixture
def database_url(template: Path | PostgresDatabases, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database."""
    if isinstance(template, PostgresDatabases):
        with template.fresh() as url:
            yield url
        return
    shutil.copy(template, tmp_path / "towpath.db")
    yield f"sqlite:///{tmp_path / 'towpath.db'}"


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
