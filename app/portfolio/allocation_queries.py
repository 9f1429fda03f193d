"""What is asked about whose own learners are whose: reads only."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.portfolio.models import (
    Allocation,
    Evidence,
    EvidenceCriterion,
    EvidenceFile,
    Judgement,
    Registration,
)
from assessments.completion import Verdict, Verification


def allocation(session: Session, allocation_id: int) -> Allocation | None:
    """Return one allocation, ended or not."""
    return session.get(Allocation, allocation_id)


def allocations(session: Session, registration_id: int) -> Sequence[Allocation]:
    """Return everybody who is or was allocated to a learner, the latest first."""
    return session.scalars(
        select(Allocation)
        .where(Allocation.registration_id == registration_id)
        .order_by(Allocation.id.desc())
    ).all()


def held_by(session: Session, assessor_id: int) -> Sequence[Allocation]:
    """Return the allocations of one assessor that nobody has ended."""
    return session.scalars(
        select(Allocation)
        .where(Allocation.assessor_id == assessor_id, Allocation.ended_at.is_(None))
        .order_by(Allocation.id)
    ).all()


def _now_allocated(person_id: int) -> Select[int]:
    return (
        select(Allocation.assessor_id)
        .join(Registration, Registration.id == Allocation.registration_id)
        .where(Registration.person_id == person_id, Allocation.ended_at.is_(None))
    )


def allocated(session: Session, person_id: int, assessor_id: int) -> bool:
    """Return whether an assessor is allocated to a learner now."""
    query = _now_allocated(person_id).where(Allocation.assessor_id == assessor_id)
    return session.scalar(query.limit(1)) is not None


def returned_to(session: Session, person_id: int, refs: Collection[str]) -> frozenset[int]:
    """Return who has a decision on one of these criteria of a learner that a verifier returned
    and nobody has made again.
    """
    later = aliased(Judgement)
    rows = session.execute(
        select(Judgement.assessor_id, Judgement.with_assessor_id).where(
            Judgement.person_id == person_id,
            Judgement.criterion.in_(refs),
            Judgement.verifications.any(decision=Verification.RETURNED.value),
            ~select(later.id).where(later.supersedes_id == Judgement.id).exists(),
        )
    )
    return frozenset(one for pair in rows for one in pair if one is not None)


def _unmarked() -> Select[Any]:
    """Return evidence with a criterion on which nothing was decided since it was handed in.

    A file attached later is handed in when it is attached. A criterion that stands achieved waits
    for nothing.
    """
    later = aliased(Judgement)
    since = select(EvidenceFile.id).where(
        EvidenceFile.evidence_id == Evidence.id,
        EvidenceFile.added_at > Judgement.recorded_at,
        ~EvidenceFile.withdrawal.has(),
    )
    stands = ~select(later.id).where(later.supersedes_id == Judgement.id).exists()
    returned = Judgement.verifications.any(decision=Verification.RETURNED.value)
    decided = select(Judgement.id).where(
        Judgement.person_id == Evidence.person_id,
        Judgement.criterion == EvidenceCriterion.criterion,
        or_(
            and_(Judgement.recorded_at >= Evidence.added_at, ~since.exists()),
            and_(Judgement.verdict == Verdict.ACHIEVED.value, stands, ~returned),
        ),
    )
    return (
        select(Evidence)
        .join(EvidenceCriterion, EvidenceCriterion.evidence_id == Evidence.id)
        .where(~decided.exists())
    )


def unmarked(session: Session, person_ids: Iterable[int]) -> dict[int, int]:
    """Return how many pieces of evidence of each learner wait for a decision; none: left out."""
    rows = session.execute(
        _unmarked()
        .where(Evidence.person_id.in_(list(person_ids)))
        .with_only_columns(Evidence.person_id, func.count(Evidence.id.distinct()))
        .group_by(Evidence.person_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, kw_only=True)
class Stranded:
    """A learner who has handed work in while nobody is allocated to mark it."""

    registered: Registration
    pieces: int
    since: datetime


def nobody_to_mark(session: Session, most: int = 10) -> list[Stranded]:
    """Return the learners whose work nobody is there to mark, the longest waiting first.

    One more than ``most`` if there are more.
    """
    waiting = (
        _unmarked()
        .with_only_columns(
            Evidence.person_id,
            func.count(Evidence.id.distinct()).label("pieces"),
            func.min(Evidence.added_at).label("since"),
        )
        .group_by(Evidence.person_id)
        .subquery()
    )
    rows = session.execute(
        select(Registration, waiting.c.pieces, waiting.c.since)
        .join(waiting, waiting.c.person_id == Registration.person_id)
        .where(~Registration.allocations.any(), Registration.person.has(closed_at=None))
        .order_by(waiting.c.since, Registration.id)
        .limit(most + 1)
    )
    return [Stranded(registered=row[0], pieces=row[1], since=row[2]) for row in rows]
