"""What tests of supervision need."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.supervision.models import Agreement
from tests.factories import a_user

SIGNED = datetime(2026, 1, 5, 10, tzinfo=UTC)


def an_agreement(session: Session, *, signed: bool = True, **given: Any) -> Agreement:
    """Return an agreement between two new people, signed by both unless told otherwise."""
    facts: dict[str, Any] = {
        "mentor": given.pop("mentor", None) or a_user(session, Role.MENTOR),
        "supervisor": given.pop("supervisor", None) or a_user(session, Role.SUPERVISOR),
        "starts_on": date(2026, 1, 5),
        "review_on": date(2027, 1, 4),
        "monthly_minutes": 60,
        "cover": "The deputy",
        "formats": "One to one",
        "made_at": SIGNED,
        **given,
    }
    facts.setdefault("made_by_id", facts["supervisor"].id)
    if signed:
        facts |= {"mentor_signed_at": SIGNED, "supervisor_signed_at": SIGNED}
    row = Agreement(**facts)
    session.add(row)
    session.flush()
    return row


def log_form(**given: Any) -> dict[str, Any]:
    """Return a whole log as a mentor sends it."""
    return {
        "held_on-day": "3",
        "held_on-month": "11",
        "held_on-year": "2026",
        "minutes": "60",
        "format": "one_to_one",
        "medium": "in_person",
        "case_references": "K7-204",
        "themes": ["trust", "silence"],
        "wellbeing": "3",
        "influence": "no",
        "boundary": "clear",
        "risk_flags": ["none"],
        "shared_note": "we looked at how long a silence may last.",
        "next_on-day": "1",
        "next_on-month": "12",
        "next_on-year": "2026",
        **given,
    }
