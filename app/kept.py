"""Words that met a newer version on their way in: both are kept and shown side by side."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base
from app.sealed import Sealed


class KeptVersion(Base):
    """A version that lost the race. It stays until its writer settles it."""

    __tablename__ = "kept_versions"
    __table_args__ = (Index("ix_kept_versions_subject", "subject", "settled_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    #: The row that the words were meant for, "mark_sheets:14".
    subject: Mapped[str] = mapped_column(String(80))
    #: Which words of it, "comment M3.2.1".
    field: Mapped[str] = mapped_column(String(60))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    words: Mapped[str] = mapped_column(Sealed("kept"))
    kept_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Overtaken(Exception):
    """Somebody, perhaps the same person in another tab, saved first. Both versions were kept."""

    def __init__(self, mine: str, theirs: str) -> None:
        super().__init__("a newer version was saved meanwhile")
        self.mine, self.theirs = mine, theirs


def keep(
    session: Session, subject: str, field: str, words: str, *, writer_id: int, now: datetime
) -> KeptVersion:
    """Keep the words that came too late."""
    kept = KeptVersion(
        subject=subject, field=field, words=words, written_by_id=writer_id, kept_at=now
    )
    session.add(kept)
    return kept


def unsettled(session: Session, subject: str, writer_id: int) -> Sequence[KeptVersion]:
    """Return what this writer has still to settle on one record, oldest first."""
    return session.scalars(
        select(KeptVersion)
        .where(
            KeptVersion.subject == subject,
            KeptVersion.written_by_id == writer_id,
            KeptVersion.settled_at.is_(None),
        )
        .order_by(KeptVersion.id)
    ).all()
