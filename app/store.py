"""Where the files that people attach are kept: under the digest of what is in them.

A file's name in the store is the SHA-256 of its bytes. So the same bytes are kept once, nothing is
ever overwritten by something else, and whoever reads a file back can tell that it is what was sent.
"""

import hashlib
import os
import re
import threading
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from obstore.store import ObjectStore

MEMORY = "memory:///"
#: The folder beside an SQLite database in which files are kept where no other place is named.
BESIDE = "evidence"
#: How much is read at a time, and how much is held in memory rather than in a temporary file.
CHUNK = 1_000_000
#: What must never hold people's files: the code, and what the site serves to anybody.
CODE = Path(__file__).parent
DIGEST = re.compile(r"[0-9a-f]{64}")
#: How a folder names what is still being written.
UNFINISHED = re.compile(r"[0-9a-f]{64}#\d+")
#: Seconds that a store may take while everybody who wants to save waits. The database lets them
#: wait for 15.
HURRY = 3


class BadAddress(ValueError):
    """The address of a store cannot be used. Says why, and never repeats the address."""


class StoreFault(Exception):
    """The store did not do what was asked of it."""


class Missing(StoreFault):
    """The store holds nothing under this digest."""


class Damaged(StoreFault):
    """What the store holds under this digest is something else."""


class Unreachable(StoreFault):
    """The store does not answer, or refuses."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was put into the store."""

    sha256: str
    size: int


def beside(database: str) -> str | None:
    """Return the store that belongs to a database: a folder beside SQLite's file, else none."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite":
        return None
    if url.database in {None, "", ":memory:"}:
        return MEMORY
    return (Path(url.database or "").absolute().parent / BESIDE).as_uri()


def check(url: str) -> None:
    """Raise BadAddress when files must not, or cannot, be kept at this address."""
    parts = urlsplit(url)
    if parts.scheme not in {"file", "s3"}:
        raise BadAddress("must begin with file:/// or s3://")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise BadAddress(
            "names a place and nothing else: keys come from AWS_ACCESS_KEY_ID and so on"
        )
    if parts.scheme == "s3":
        _check_bucket(parts.netloc, parts.path)
    else:
        _check_folder(parts.netloc, Path(unquote(parts.path)))


def _check_bucket(bucket: str, prefix: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
        raise BadAddress("must name a bucket, like s3://bucket/folder")
    if ".." in prefix.split("/"):
        raise BadAddress("must not hold ..")


def _check_folder(host: str, folder: Path) -> None:
    if host or not folder.is_absolute() or folder == Path("/") or "\0" in str(folder):
        raise BadAddress("must name a folder by its whole path, like file:///srv/towpath/evidence")
    try:
        resolved = folder.resolve()
        there = next(one for one in (folder, *folder.parents) if one.exists())
        usable = there.is_dir() and os.access(there, os.R_OK | os.W_OK | os.X_OK)
    except (OSError, RuntimeError) as error:  # a folder on the way that cannot be looked into
        raise BadAddress("names a folder that this process cannot reach") from error
    if resolved.is_relative_to(CODE):
        raise BadAddress("must not name a folder among the site's own code")
    if not usable:
        raise BadAddress("names a folder that this process cannot write into")


class Store:
    """One store. It is opened when it is first used, never before.

    Opening starts threads, and a server that forks afterwards would leave them behind.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        #: The folder, where it is one: its files have to be settled on disk by ourselves.
        self.folder = Path(unquote(parts.path)) if parts.scheme == "file" else None
        self._opened: ObjectStore | None = None
        self._opening = threading.Lock()

    @property
    def is_ours(self) -> bool:
        """Return whether the files are this machine's to keep, and so belong into a backup."""
        return urlsplit(self.url).scheme != "s3"

    def put(self, source: IO[bytes]) -> Kept:
        """Keep what ``source`` holds, on disk when this returns. Raises Unreachable.

        The same bytes are kept once. If what is there under their name is damaged, they mend it.
        """
        kept = digest_of(source)
        with _faults(kept.sha256):
            self._put(kept.sha256, source)
        return kept

    def _put(self, digest: str, source: IO[bytes]) -> None:
        import obstore
        from obstore.exceptions import AlreadyExistsError

        bucket, place = self._bucket(), place_of(digest)
        source.seek(0)
        try:
            obstore.put(bucket, place, source, mode="create", use_multipart=False)
        except AlreadyExistsError:
            if not self._is_whole(digest):
                source.seek(0)
                obstore.put(bucket, place, source, mode="overwrite", use_multipart=False)
        if self.folder:
            file = self.folder / place
            _settle(file, file.parent, self.folder)

    def _is_whole(self, digest: str) -> bool:
        try:
            self.open(digest).close()
        except (Missing, Damaged):
            return False
        return True

    def has(self, digest: str) -> bool:
        """Return whether there is anything under this digest. Raises Unreachable."""
        import obstore

        try:
            with _faults(digest):
                obstore.head(self._bucket(), place_of(digest))
        except Missing:
            return False
        return True

    def confirm(self, digests: Iterable[str]) -> None:
        """See that all of them are there, within seconds. Raises Missing, Unreachable.

        For a transaction: a bucket that is silent or slow must not hold up everybody's saving.
        """
        import obstore

        async def look() -> None:
            for digest in digests:
                with _faults(digest):
                    await obstore.head_async(self._bucket(), place_of(digest))

        _ask(look(), "confirm", within=HURRY)

    def open(self, digest: str) -> IO[bytes]:
        """Return a file's bytes, all of them checked. Raises Missing, Damaged, Unreachable."""
        # Checked as a whole before the first byte goes out: what was sent cannot be taken back.
        with ExitStack() as undone:
            found = undone.enter_context(SpooledTemporaryFile(max_size=CHUNK))
            self._copy_into(found, digest)
            undone.pop_all()  # whoever reads it closes it
        found.seek(0)
        return found

    def _copy_into(self, found: IO[bytes], digest: str) -> None:
        import obstore

        place, seen = place_of(digest), hashlib.sha256()
        with _faults(digest):
            for chunk in obstore.get(self._bucket(), place).stream(min_chunk_size=CHUNK):
                seen.update(chunk)
                found.write(chunk)
        if seen.hexdigest() != digest:
            raise Damaged(digest)

    def remove(self, digest: str, *, in_a_hurry: bool = False) -> None:
        """Remove a file, if it is there; in a transaction, within seconds. Raises Unreachable."""
        import obstore

        async def delete() -> None:
            await obstore.delete_async(self._bucket(), place_of(digest))

        try:
            _ask(delete(), digest, within=HURRY if in_a_hurry else None)
        except Missing:
            return

    def remove_unfinished(self, before: datetime) -> int:
        """Remove what was begun before then and never finished; return how many of them.

        Raises Unreachable. In a folder only: a bucket shows nothing that is not whole.
        """
        removed = 0
        with _faults("unfinished"):
            for file in self.folder.glob("??/*#*") if self.folder else ():
                if UNFINISHED.fullmatch(file.name) and file.stat().st_mtime < before.timestamp():
                    file.unlink()
                    removed += 1
        return removed

    def every(self) -> Iterator[str]:
        """Yield the digest of everything that is kept. Raises Unreachable."""
        import obstore

        with _faults("list"):
            for page in obstore.list(self._bucket()):
                for one in page:
                    name = one["path"].rpartition("/")[2]
                    if DIGEST.fullmatch(name):
                        yield name

    def _bucket(self) -> "ObjectStore":
        with self._opening:
            self._opened = self._opened or self._open()
        return self._opened

    def _open(self) -> "ObjectStore":
        from obstore.store import LocalStore, MemoryStore, from_url

        if self.folder:
            if not self.folder.exists():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _settle(self.folder.parent)
            return LocalStore(self.folder, automatic_cleanup=True)
        if self.url == MEMORY:
            return MemoryStore()
        return from_url(
            self.url,
            # A person waits: better a plain answer soon than minutes of silence.
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
        )


def place_of(digest: str) -> str:
    """Return where a file is kept: in one of 256 folders, so that none becomes too long."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("a digest is 64 figures in hexadecimal")
    return f"{digest[:2]}/{digest}"


def digest_of(source: IO[bytes]) -> Kept:
    """Return the digest and the size of what a file holds."""
    source.seek(0)
    seen, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        seen.update(chunk)
        size += len(chunk)
    return Kept(sha256=seen.hexdigest(), size=size)


@contextmanager
def _faults(what: str) -> Iterator[None]:
    """Turn what the library raises into our own faults, which name the digest alone."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError as error:
        raise Missing(what) from error
    except (BaseError, OSError) as error:
        raise Unreachable(what) from error


def _ask(asking: Coroutine[None, None, None], what: str, *, within: int | None) -> None:
    """Ask the store; give up after so many seconds, whatever the library would still try."""
    import asyncio

    async def ask() -> None:
        await asyncio.wait_for(asking, within)

    with _faults(what):
        asyncio.run(ask())


def _settle(*paths: Path) -> None:
    """Have files, or the names in folders, on disk and not only on their way there."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def here() -> Store:
    """Return the store of the running site."""
    found: Store = current_app.extensions["store"]
    return found


def init_app(app: Flask) -> None:
    """Give the site its store, still unopened."""
    app.extensions["store"] = Store(app.config["EVIDENCE_STORE"])
