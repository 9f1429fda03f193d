"""Copies of the database: taken while the site runs, put back only where nothing is.

SQLite is copied by SQLite itself, page by page, so that the copy is of one moment. PostgreSQL has
programs of its own for this, which are called.
"""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa


class BackupRefused(Exception):
    """The copy cannot be made or put back. Says why, in one line."""


def create(engine: sa.Engine, file: Path) -> None:
    """Write a copy of one moment into a new file that only its owner may read.

    Raises BackupRefused.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupRefused(f"{file}: {error.strerror}") from error
    if engine.dialect.name == "sqlite":
        _copy(Path(engine.url.database or ""), file)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={file}", url=engine.url)


def restore(engine: sa.Engine, file: Path) -> None:
    """Put a copy where no tables are. Raises BackupRefused."""
    if sa.inspect(engine).get_table_names():
        raise BackupRefused("There is a database already. Name a new one in DATABASE_URL")
    engine.dispose()
    if engine.dialect.name == "sqlite":
        _copy(file, Path(engine.url.database or ""))
    else:
        _run("pg_restore", "--exit-on-error", "--no-owner", "--dbname=", str(file), url=engine.url)


def _copy(one: Path, other: Path) -> None:
    try:
        with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
            source.backup(target)
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{one} is not a database that can be copied") from error


def _run(program: str, *words: str, url: sa.URL) -> None:
    # The password goes by the environment: the list of processes shows every argument.
    parts = (url.username, None, url.host, url.port, url.database, url.query)
    plain = sa.URL.create("postgresql", *parts).render_as_string()
    arguments = [f"--dbname={plain}" if word == "--dbname=" else word for word in words]
    if program == "pg_dump":
        arguments.append(plain)
    environment = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    try:
        done = subprocess.run(  # noqa: S603 (our own words and the operator's file)
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupRefused(f"{program} is needed: install PostgreSQL's client") from error
    if done.returncode:
        raise BackupRefused((done.stderr.strip().splitlines() or [program])[-1])
