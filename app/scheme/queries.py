"""What the scheme's own pages ask of several features: reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.mail import OutboxMessage
from app.roleplay import queries as roleplay
from app.scheme.models import LegalSignOff
from app.supervision import queries as supervision

if TYPE_CHECKING:
    from app.roleplay.models import Booking


def unsent(session: Session) -> int:
    """Return how many messages have not left."""
    return (
        session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.sent_at.is_(None)))
        or 0
    )


def plays_coming(session: Session, now: datetime) -> Sequence["Booking"]:
    """Return the next role plays of everybody, soonest first."""
    return [one for one in roleplay.coming(session, None, now) if not one.cancelled_at][:5]


def unsigned_agreements(session: Session) -> int:
    """Return how many of the latest agreements wait for a signature."""
    rows = supervision.agreements(session)
    return sum(not one.in_force and one.ended_on is None for one in rows)


def signed_off(session: Session) -> dict[str, LegalSignOff]:
    """Return the latest sign-off of each legal point."""
    rows = session.scalars(select(LegalSignOff).order_by(LegalSignOff.id))
    return {row.point: row for row in rows}
