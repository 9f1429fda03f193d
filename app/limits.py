"""How often something may be tried: signing in, asking for a reset, checking a code."""

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=2)


class Attempt(Base):
    """One try at something that is limited."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_counted", "kind", "bucket", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: A keyed digest of what is counted (an address, a network), never the thing itself.
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class TooMany(Exception):
    """A limit was reached. Says when to come back."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Wait {minutes} minutes, then try again")
        self.minutes = minutes


def bucket(*words: str) -> str:
    """Return the digest under which tries are counted."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, "\x1f".join(words).encode(), hashlib.sha256).hexdigest()


def refuse_over(session: Session, kind: str, of: str, most: int, *, now: datetime) -> None:
    """Raise TooMany when ``most`` tries were counted in the last quarter of an hour."""
    counted = select(func.count()).where(
        Attempt.kind == kind, Attempt.bucket == of, Attempt.at > now - WINDOW
    )
    if (session.scalar(counted) or 0) >= most:
        raise TooMany(int(WINDOW.total_seconds() // 60))


def count(session: Session, kind: str, of: str, *, now: datetime) -> None:
    """Count one try, and forget tries that no rule looks at any more."""
    session.execute(delete(Attempt).where(Attempt.at < now - KEPT))
    session.add(Attempt(kind=kind, bucket=of, at=now))


def forgive(session: Session, kind: str, of: str) -> None:
    """Forget the tries of one bucket: it was the right person after all."""
    session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.bucket == of))
