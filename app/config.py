"""Every setting of the site, read in one place and never changed afterwards."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app import store

#: Shorter keys can be guessed by a machine that has seen one signed cookie.
SHORTEST_SECRET = 32
#: "aaaa…" is long, too.
FEWEST_DIFFERENT = 10
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
HERE = {"localhost", "127.0.0.1", "::1"}


class Mode(StrEnum):
    """What the site is for. Production is strict; only a demonstration holds made-up people."""

    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"
    TEST = "test"


class UnsafeSetting(Exception):
    """A setting that would put people or records at risk. Names the setting and what to do."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings. The README describes each in a table, which a test compares with this class."""

    SECRET_KEY: str = field(repr=False)
    SEALED_KEYS: tuple[str, ...] = field(repr=False)
    DATABASE_URL: str = field(repr=False)
    MODE: Mode = Mode.PRODUCTION
    BASE_URL: str = "http://127.0.0.1:8000"
    MAIL_URL: str | None = field(default=None, repr=False)
    MAIL_FROM: str = "towpath@localhost"
    REDIS_URL: str | None = field(default=None, repr=False)
    SCHEME_NAME: str = "Tameford One-to-One"
    SCHEME_RUN_BY: str = "the Hollin Bridge Trust, an independent charity"
    HELP_LINE: str = "the coordinator"
    EVIDENCE_URL: str | None = field(default=None, repr=False)
    LOG_LEVEL: str = "INFO"
    TRUSTED_PROXIES: int = 0

    MAX_CONTENT_LENGTH: int = 1_000_000
    MAX_FORM_MEMORY_SIZE: int = 1_000_000
    WTF_CSRF_TIME_LIMIT: int | None = (
        None  # it lives as long as the sign-in; a slow writer loses nothing
    )
    SESSION_COOKIE_NAME: str = "towpath"
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    PERMANENT_SESSION_LIFETIME: timedelta = timedelta(days=30)
    SESSION_REFRESH_EACH_REQUEST: bool = False  # a sign-in ends in the database, long before

    @property
    def SESSION_COOKIE_SECURE(self) -> bool:  # noqa: N802 (Flask's name)
        """Return whether the cookie is for encrypted connections only."""
        return self.BASE_URL.startswith("https://")

    @property
    def TESTING(self) -> bool:  # noqa: N802 (Flask's name)
        """Return whether a test runs the site."""
        return self.MODE is Mode.TEST

    @property
    def EVIDENCE_STORE(self) -> str:  # noqa: N802 (a setting, worked out from two)
        """Return where files are kept: as set, or in a folder beside an SQLite database."""
        return self.EVIDENCE_URL or store.beside(self.DATABASE_URL) or store.MEMORY

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Return the settings of this process. Raises UnsafeSetting for the first unsafe one."""
        config = cls(
            SECRET_KEY=environ.get("SECRET_KEY", ""),
            SEALED_KEYS=tuple(k for k in environ.get("SEALED_KEYS", "").split(",") if k),
            DATABASE_URL=environ.get("DATABASE_URL", ""),
            MODE=_mode(environ.get("TOWPATH_MODE") or Mode.PRODUCTION),
            MAIL_URL=environ.get("MAIL_URL") or None,
            REDIS_URL=environ.get("REDIS_URL") or None,
            TRUSTED_PROXIES=_count("TRUSTED_PROXIES", environ.get("TRUSTED_PROXIES") or "0"),
            BASE_URL=(environ.get("BASE_URL") or cls.BASE_URL).rstrip("/"),
            **{name: environ[name] for name in _PLAIN if environ.get(name)},  # type: ignore[arg-type]
        )
        config.refuse_unsafe()
        return config

    def refuse_unsafe(self) -> None:
        """Raise UnsafeSetting when the site must not start like this."""
        if len(self.SECRET_KEY) < SHORTEST_SECRET or len(set(self.SECRET_KEY)) < FEWEST_DIFFERENT:
            raise UnsafeSetting(
                f"SECRET_KEY needs at least {SHORTEST_SECRET} random characters "
                "(python -m app.firstrun prints some)"
            )
        _refuse_bad_keys(self.SEALED_KEYS)
        if not self.DATABASE_URL:
            raise UnsafeSetting("DATABASE_URL says where the records are kept; it has no default")
        _refuse_bad_database(self.DATABASE_URL)
        self._refuse_bad_store()
        if self.LOG_LEVEL not in LOG_LEVELS:
            raise UnsafeSetting(f"LOG_LEVEL is one of {', '.join(LOG_LEVELS)}")
        if self.MAIL_URL and urlsplit(self.MAIL_URL).scheme not in {"smtp", "smtps"}:
            raise UnsafeSetting("MAIL_URL must begin with smtp:// or smtps://")
        if self.REDIS_URL:
            _refuse_bad_redis(self.REDIS_URL)
        if self.MODE is Mode.PRODUCTION:
            self._refuse_unsafe_in_production()

    def _refuse_bad_store(self) -> None:
        if self.EVIDENCE_URL:
            try:
                store.check(self.EVIDENCE_URL)
            except store.BadAddress as refusal:
                raise UnsafeSetting(f"EVIDENCE_URL {refusal}") from refusal
        elif self.MODE is not Mode.TEST and not store.beside(self.DATABASE_URL):
            raise UnsafeSetting(
                "EVIDENCE_URL says where files are kept; it has a default beside SQLite only"
            )

    def _refuse_unsafe_in_production(self) -> None:
        if urlsplit(self.BASE_URL).scheme != "https":
            raise UnsafeSetting("BASE_URL must begin with https:// in production mode")
        if make_url(self.DATABASE_URL).database in {None, "", ":memory:"}:
            raise UnsafeSetting("DATABASE_URL keeps nothing: it names a database in memory")
        if self.MAIL_URL:
            self._refuse_unsafe_mail(urlsplit(self.MAIL_URL))
        if self.REDIS_URL and not _is_private(urlsplit(self.REDIS_URL)):
            raise UnsafeSetting("REDIS_URL must begin with rediss:// for a server elsewhere")

    def _refuse_unsafe_mail(self, server: SplitResult) -> None:
        if "tls=no" in server.query and server.hostname not in HERE:
            raise UnsafeSetting("MAIL_URL must not say tls=no for a server on another machine")
        if self.MAIL_FROM.endswith("@localhost"):
            raise UnsafeSetting("MAIL_FROM must be an address of yours, as MAIL_URL is set")


_PLAIN = ("EVIDENCE_URL", "MAIL_FROM", "SCHEME_NAME", "SCHEME_RUN_BY", "HELP_LINE", "LOG_LEVEL")
ROOT = Path(__file__).parent


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError as error:
        raise UnsafeSetting(f"TOWPATH_MODE is one of {', '.join(Mode)}, not {text!r}") from error


def _refuse_bad_database(url: str) -> None:
    # The address itself is not repeated: it may hold a password.
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise UnsafeSetting("DATABASE_URL cannot be read as a database's address") from error
    if kind not in {"sqlite", "postgresql"}:
        raise UnsafeSetting("DATABASE_URL must begin with sqlite:// or postgresql://")


def _refuse_bad_redis(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss"}:
        raise UnsafeSetting("REDIS_URL must begin with redis:// or rediss://")
    try:
        whole = parts.port != 0 and re.fullmatch(r"/?\d*", parts.path, re.ASCII)
    except ValueError:
        whole = None
    if not whole:
        raise UnsafeSetting("REDIS_URL cannot be read: it is like rediss://:password@host:6379/0")
    # The others could switch off the checking of certificates, or stop pages half way.
    if set(parse_qs(parts.query, keep_blank_values=True)) - {"ssl_ca_certs"}:
        raise UnsafeSetting("REDIS_URL takes one option only, ssl_ca_certs")


def _is_private(server: SplitResult) -> bool:
    return server.scheme == "rediss" or (server.hostname or "localhost") in HERE


def _count(name: str, text: str) -> int:
    if not text.isdecimal():
        raise UnsafeSetting(f"{name} is a whole number, not {text!r}")
    return int(text)


def _refuse_bad_keys(keys: tuple[str, ...]) -> None:
    if not keys:
        raise UnsafeSetting(
            "SEALED_KEYS needs at least one key (python -m app.firstrun prints one)"
        )
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError as error:
            raise UnsafeSetting(f"SEALED_KEYS: key {number} is not a Fernet key") from error
