"""How often something may be tried: signing in, asking for a reset, checking a code.

Tries are counted in Redis where REDIS_URL names one, and in the database otherwise. While Redis is
away the database counts: nobody is locked out by that, and no guess goes uncounted.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import db
from app.logs import log

WINDOW = timedelta(minutes=15)
MINUTES = int(WINDOW.total_seconds() // 60)
KEPT = timedelta(days=2)
#: Seconds that a page waits for Redis, and for which one that did not answer is left alone.
PATIENCE, LEFT_ALONE = 0.5, 10.0
EXTENSION = "limits_in_redis"


class Attempt(db.Base):
    """One try at something that is limited."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_counted", "kind", "bucket", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: A keyed digest of what is counted (an address, a network), never the thing itself.
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many tries of one kind a bucket holds in a quarter of an hour."""

    kind: str
    of: str
    most: int


class TooMany(Exception):
    """A limit was reached. Says when to come back."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Wait {minutes} minutes, then try again")
        self.minutes = minutes


def bucket(*words: str) -> str:
    """Return the digest under which tries are counted."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, "\x1f".join(words).encode(), hashlib.sha256).hexdigest()


def refuse_over(*limits: Limit, now: datetime) -> None:
    """Raise TooMany when one of the limits was reached in the last quarter of an hour."""
    for limit in limits:
        free = _in_redis("test", limit)
        if not (_is_free(db.session(), limit, now) if free is None else free):
            raise TooMany(MINUTES)


def count(*limits: Limit, now: datetime) -> None:
    """Count one try in each bucket. Where the database counts, this is a transaction of its own."""
    here = [limit for limit in limits if _in_redis("hit", limit) is None]
    if here:
        with db.transaction() as work:
            _add(work, here, now)


def take(limit: Limit, *, now: datetime) -> None:
    """Count one try, or raise TooMany: at once, so that two cannot both be the last."""
    free = _in_redis("hit", limit)
    if free is None:
        with db.transaction() as work:
            free = _is_free(work, limit, now)
            if free:
                _add(work, [limit], now)
    if not free:
        raise TooMany(MINUTES)


def forget_old(session: Session, now: datetime) -> None:
    """Forget tries in the database that no rule looks at any more."""
    session.execute(delete(Attempt).where(Attempt.at < now - KEPT))


def _same(limit: Limit) -> tuple[Any, Any]:
    return Attempt.kind == limit.kind, Attempt.bucket == limit.of


def _is_free(session: Session, limit: Limit, now: datetime) -> bool:
    counted = select(func.count()).where(*_same(limit), Attempt.at > now - WINDOW)
    return (session.scalar(counted) or 0) < limit.most


def _add(session: Session, limits: list[Limit], now: datetime) -> None:
    forget_old(session, now)
    session.add_all(Attempt(kind=limit.kind, bucket=limit.of, at=now) for limit in limits)


def _in_redis(act: str, limit: Limit) -> bool | None:
    """Return Redis' answer, or None where the database counts."""
    url, kept = current_app.config["REDIS_URL"], current_app.extensions
    if not url:
        return None
    if EXTENSION not in kept:
        kept.setdefault(EXTENSION, _Redis(url))
    redis: _Redis = kept[EXTENSION]
    return redis.ask(act, limit)


class _Redis:
    """Asks Redis; when it is away, says so in the log and leaves it alone for a while."""

    def __init__(self, url: str) -> None:
        # Imported when the first try is counted: no start has to wait for them.
        from limits import RateLimitItemPerMinute
        from limits.errors import StorageError
        from limits.storage import storage_from_string
        from limits.strategies import MovingWindowRateLimiter
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self.item, self.trouble = RateLimitItemPerMinute, StorageError
        storage = storage_from_string(
            url,
            key_prefix="towpath",
            wrap_exceptions=True,
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
            # Once more, at once: a connection that was kept may have ended with a restart.
            retry=Retry(NoBackoff(), 1),  # type: ignore[arg-type]
        )
        self.window = MovingWindowRateLimiter(storage)
        self.left_alone_until = 0.0

    def ask(self, act: str, limit: Limit) -> bool | None:
        """Return whether there was room, or None when Redis is away."""
        if time.monotonic() < self.left_alone_until:
            return None
        try:
            item = self.item(limit.most, MINUTES)
            return bool(getattr(self.window, act)(item, limit.kind, limit.of))
        except self.trouble as error:
            self.left_alone_until = time.monotonic() + LEFT_ALONE
            # Its kind only: its words may repeat the address, password and all.
            facts = {"trouble": type(error.storage_error).__name__}
            log.warning("limits.redis_away", extra={"facts": facts})
            return None
