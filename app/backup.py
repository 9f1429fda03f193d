"""Copies of the whole site: taken while it runs, put back only where nothing is.

A copy is one tar file: the database as of one moment, every file that it names, and a list of both.
SQLite is copied by SQLite itself, page by page; PostgreSQL has programs of its own for this, which
are called. Files in a bucket are the bucket's to keep: they are listed and not copied.
"""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from app.store import Damaged, Missing, Store

DATABASE, LIST, FILES = "database", "list.json", "files"
#: Asks the database which files it names: the digest of each, and its size.
Named = Callable[[], dict[str, int]]


class BackupRefused(Exception):
    """The copy cannot be made or put back. Says why, in one line."""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What became of the files."""

    copied: int = 0
    #: Named by the database, and kept in a bucket, not in the copy.
    elsewhere: int = 0
    #: Named by the database, and not there, or not as they were sent.
    lost: tuple[str, ...] = ()


def create(engine: sa.Engine, file: Path, store: Store, named: Named) -> Carried:
    """Write a copy of one moment into a new file that only its owner may read.

    Raises BackupRefused, Unreachable.
    """
    try:
        _refuse_existing(file)
        # It gets its name when it is whole: half a copy would be taken for one.
        with TemporaryDirectory(prefix=".backup-", dir=file.parent) as folder:
            unfinished = Path(folder, "copy")
            descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w+b") as out:
                with tarfile.open(fileobj=out, mode="w") as tar:
                    carried = _write(engine, tar, Path(folder, DATABASE), store, named)
                out.flush()
                os.fsync(out.fileno())
            _refuse_existing(file)
            unfinished.rename(file)
    except OSError as error:
        raise BackupRefused(f"{file}: {error.strerror}") from error
    return carried


def _refuse_existing(file: Path) -> None:
    if os.path.lexists(file):
        raise BackupRefused(f"{file}: File exists")


def _write(
    engine: sa.Engine, tar: tarfile.TarFile, copy: Path, store: Store, named: Named
) -> Carried:
    if engine.dialect.name == "sqlite":
        _copy(Path(engine.url.database or ""), copy)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={copy}", url=engine.url)
    tar.add(copy, DATABASE)
    copy.unlink()
    # Asked after the database was copied: what it names, and perhaps a little more; without what
    # was taken back meanwhile, which nobody may have any more.
    sizes = named()
    lost = _add_files(tar, store, sizes) if store.is_ours else []
    if lost:
        # What was taken back before its turn came is not lost: nothing names it any more.
        still = named()
        for digest in [one for one in lost if one not in still]:
            lost.remove(digest)
            del sizes[digest]
    _add(tar, LIST, json.dumps({
        "kind": engine.dialect.name, "files": sizes, "in this copy": store.is_ours, "lost": lost,
    }).encode())  # fmt: skip
    if store.is_ours:
        return Carried(copied=len(sizes) - len(lost), lost=tuple(lost))
    return Carried(elsewhere=len(sizes))


def _add_files(tar: tarfile.TarFile, store: Store, sizes: dict[str, int]) -> list[str]:
    lost = []
    for digest in sizes:
        try:
            with store.open(digest) as content:
                member = tarfile.TarInfo(f"{FILES}/{digest}")
                member.size = content.seek(0, 2)
                content.seek(0)
                tar.addfile(member, content)
        except (Missing, Damaged):
            lost.append(digest)
    return lost


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def restore(engine: sa.Engine, file: Path, store: Store) -> Carried:
    """Put a copy where no tables are, its files first. Raises BackupRefused, StoreFault."""
    if sa.inspect(engine).get_table_names():
        raise BackupRefused("There is a database already. Name a new one in DATABASE_URL")
    engine.dispose()
    if not tarfile.is_tarfile(file):
        # A copy of the time before there were files: the database alone.
        _put_back(engine, file)
        return Carried()
    try:
        return _from_tar(engine, file, store)
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise BackupRefused(f"{file} is not a whole copy that was made here") from error


def _from_tar(engine: sa.Engine, file: Path, store: Store) -> Carried:
    with tarfile.open(file) as tar, TemporaryDirectory(dir=file.parent) as folder:
        with _member(tar, LIST) as content:
            said = json.load(content)
        if said["kind"] != engine.dialect.name:
            raise BackupRefused(
                f"{file} holds a {said['kind']} database. DATABASE_URL names another"
            )
        carried = _take_files(tar, store, said)
        copy = Path(folder, DATABASE)
        with _member(tar, DATABASE) as content, copy.open("wb") as out:
            shutil.copyfileobj(content, out)
        _put_back(engine, copy)
    return carried


def _member(tar: tarfile.TarFile, name: str) -> Any:
    # Read by name, never unpacked: no member can choose where it is written.
    return tar.extractfile(tar.getmember(name))


def _take_files(tar: tarfile.TarFile, store: Store, said: dict[str, Any]) -> Carried:
    if not said["in this copy"]:
        lost = tuple(digest for digest in said["files"] if not store.has(digest))
        return Carried(elsewhere=len(said["files"]) - len(lost), lost=lost)
    wanted = [digest for digest in said["files"] if digest not in said["lost"]]
    lost = tuple(digest for digest in wanted if not _take(tar, store, digest))
    return Carried(copied=len(wanted) - len(lost), lost=(*said["lost"], *lost))


def _take(tar: tarfile.TarFile, store: Store, digest: str) -> bool:
    """Put one file back into the store; return whether the store now has it, whole."""
    try:
        with _member(tar, f"{FILES}/{digest}") as content:
            return store.put(content).sha256 == digest
    except KeyError:
        return False


def _put_back(engine: sa.Engine, file: Path) -> None:
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
