"""Role plays, mark sheets and judgements for tests. They flush; the test commits."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.portfolio.models import Evidence, EvidenceCriterion, Judgement, Registration
from app.roleplay.models import Booking, BookingPart, MarkSheet, SheetMark, SheetOverall
from tests.factories import a_user

KEYS = count(1)
#: The criteria of CS1, in the order of its grid.
CS1 = ("M1.3.3", "M2.2.1", "M2.2.2", "M3.2.1", "M3.2.2", "M5.2.2")
CASES = {
    "CS1": ("cs01-the-first-half-hour", 42),
    "CS2": ("cs02-what-did-you-just-say", 40),
    "CS11": ("cs11-time-to-leave", 50),
}


def a_booking(
    session: Session,
    case: str = "CS1",
    *,
    learners: list[User] | None = None,
    assessors: list[User] | None = None,
    **given: Any,
) -> Booking:
    """Return a role play that began half an hour ago, briefs open, the line played for effect."""
    slug, minutes = CASES[case]
    now = datetime.now(UTC).replace(microsecond=0)
    learners = learners or [a_user(session, Role.LEARNER) for _ in range(1 + (case == "CS11"))]
    assessors = assessors or [a_user(session, Role.ASSESSOR) for _ in range(2)]
    player = given.pop("role_player", None) or a_user(session, Role.ROLE_PLAYER)
    facts: dict[str, Any] = {
        "case_version": "1",
        "starts_at": now - timedelta(minutes=30),
        "minutes": minutes,
        "room": "Small hall",
        "delivery": "P",
        "briefs_open_at": now - timedelta(days=1),
        "booked_by_id": assessors[0].id,
        "booked_at": now - timedelta(days=9),
        **given,
    }
    parts = [BookingPart(person_id=one.id, part="learner") for one in learners]
    parts += [BookingPart(person_id=one.id, part="assessor") for one in assessors]
    row = Booking(case=slug, role_player_id=player.id, parts=parts, **facts)
    session.add(row)
    session.flush()
    return row


def a_sheet(
    session: Session,
    booking: Booking,
    assessor: User,
    marks: dict[str, str] | None = None,
    *,
    overall: str = "clear",
    final: bool = True,
    comment: str = "",
) -> MarkSheet:
    """Return a sheet with every criterion of CS1 achieved, but for what ``marks`` says."""
    now = datetime.now(UTC)
    row = MarkSheet(
        booking_id=booking.id,
        assessor_id=assessor.id,
        opened_at=now - timedelta(minutes=29),
        started_at=now - timedelta(minutes=28),
        pauses=[],
        final_at=now if final else None,
    )
    said = dict.fromkeys(CS1, "achieved") | (marks or {})
    for learner_id in booking.learner_ids:
        for ref, mark in said.items():
            row.marks.append(
                SheetMark(
                    learner_id=learner_id, criterion=ref, mark=mark, comment=comment, marked_at=now
                )
            )
        row.overalls.append(
            SheetOverall(
                learner_id=learner_id,
                overall=overall,
                strength="Waited for the answer.",
                next_step="Say the limits first.",
            )
        )
    session.add(row)
    session.flush()
    return row


def a_registration(session: Session, person: User) -> Registration:
    """Return a registration on the award."""
    row = Registration(
        person_id=person.id,
        award_version="1.0",
        pathways="P1",
        enrolled_on=date(2026, 1, 5),
        ends_on=date(2027, 7, 5),
    )
    session.add(row)
    session.flush()
    return row


def a_judgement(
    session: Session,
    learner: User,
    assessor: User,
    criterion: str = "M3.2.1",
    *,
    evidence: Evidence | None = None,
    **given: Any,
) -> Judgement:
    """Return a decision on one criterion that nobody has verified."""
    evidence = evidence or some_evidence(session, learner, [criterion])
    facts: dict[str, Any] = {
        "wording": "As it was worded then",
        "award_version": "1.0",
        "verdict": "achieved",
        "method": "RO",
        "feedback": "You said the limits before the story came.",
        "observed_on": date(2026, 6, 1),
        "recorded_at": datetime.now(UTC),
        **given,
    }
    row = Judgement(
        person_id=learner.id,
        criterion=criterion,
        evidence_id=evidence.id,
        assessor_id=assessor.id,
        **facts,
    )
    session.add(row)
    session.flush()
    return row


def some_evidence(
    session: Session, learner: User, criteria: list[str], source: str | None = None
) -> Evidence:
    """Return a role play as a piece of evidence."""
    row = Evidence(
        person_id=learner.id,
        method="RO",
        title="Role play CS1, The first half hour",
        source=source or f"test:{next(KEYS)}",
        shown_on=date(2026, 6, 1),
        added_at=datetime.now(UTC),
        criteria=[EvidenceCriterion(criterion=ref) for ref in criteria],
    )
    session.add(row)
    session.flush()
    return row
