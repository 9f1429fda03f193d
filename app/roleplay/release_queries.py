"""What a released result says, as the register's facts take it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.content import framework, manual
from app.formats import local
from app.roleplay.models import AgreedMark, Booking, PlayResult
from app.roleplay.rules import OVERALL
from assessments.roleplay import Mark


@dataclass(frozen=True, kw_only=True)
class Released:
    """One result of one learner."""

    learner_id: int
    passed: bool
    #: "CS2"
    case_code: str
    played_on: date
    #: (criterion, achieved) of each safety-critical criterion that was observed.
    safety_critical: tuple[tuple[str, bool], ...]


def released(session: Session, result_id: int) -> Released | None:
    """Return one released result, or None if there is none with this id."""
    result = session.get(PlayResult, result_id)
    booking = session.get(Booking, result.booking_id) if result else None
    if result is None or booking is None:
        return None
    marks = session.execute(
        select(AgreedMark.criterion, AgreedMark.mark).where(
            AgreedMark.booking_id == booking.id,
            AgreedMark.learner_id == result.learner_id,
            AgreedMark.criterion != OVERALL,
            AgreedMark.mark != Mark.NOT_OBSERVED.value,
        )
    )
    return Released(
        learner_id=result.learner_id,
        passed=result.passed,
        case_code=manual().case(booking.case).code,
        # A play that was brought forward was seen when it was judged, not when it was booked for.
        played_on=min(local(booking.starts_at), local(result.released_at)).date(),
        safety_critical=tuple(
            (ref, mark == Mark.ACHIEVED.value)
            for ref, mark in marks
            if framework().criterion(ref).safety_critical
        ),
    )
