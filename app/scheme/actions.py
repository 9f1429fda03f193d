"""What changes the scheme's settings. Nothing here commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.scheme.models import LegalSignOff


def sign_off(
    session: Session, point: str, advised_by: str, *, now: datetime, by_id: int
) -> LegalSignOff:
    """Record that a legal point was signed off."""
    row = LegalSignOff(point=point, advised_by=advised_by, signed_at=now, signed_by_id=by_id)
    session.add(row)
    audit.record(session, "legal.signed-off", row, now=now, actor_id=by_id, point=point)
    return row
