"""PostgreSQL databases for tests: one template, a copy for each test."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import sqlalchemy as sa


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
