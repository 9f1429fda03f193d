"""What is asked about verification: reads only."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.quality.models import Verification
from assessments.completion import Verification as State

if TYPE_CHECKING:
    from app.portfolio.models import Judgement

PAGE = 40


def _judgements() -> Any:
    """Return the mapped class of judgements: portfolio's own, at the end of our relationship."""
    return Verification.judgement.property.entity.class_


def _latest_of_each() -> Any:
    """Return the condition that no later judgement supersedes this one."""
    judgement = _judgements()
    later = aliased(judgement)
    return ~select(later.id).where(later.supersedes_id == judgement.id).exists()


def _unlooked_at() -> Any:
    judgement = _judgements()
    return ~select(Verification.id).where(Verification.judgement_id == judgement.id).exists()


def waiting(session: Session, after: int | None = None, most: int = PAGE) -> list["Judgement"]:
    """Return a page of decisions that nobody has verified, oldest first."""
    judgement = _judgements()
    query = select(judgement).where(_unlooked_at(), _latest_of_each())
    if after is not None:
        query = query.where(judgement.id > after)
    return list(session.scalars(query.order_by(judgement.id).limit(most + 1)))


def count_waiting(session: Session) -> int:
    """Return how many decisions wait to be verified."""
    judgement = _judgements()
    query = select(func.count(judgement.id)).where(_unlooked_at(), _latest_of_each())
    return session.scalar(query) or 0


def waiting_on(session: Session, evidence_id: int) -> list["Judgement"]:
    """Return the decisions that rest on one piece of evidence and wait, by criterion."""
    judgement = _judgements()
    return list(
        session.scalars(
            select(judgement)
            .where(judgement.evidence_id == evidence_id, _unlooked_at(), _latest_of_each())
            .order_by(judgement.criterion)
        )
    )


def superseded(session: Session, judgement_id: int) -> bool:
    """Return whether a later decision stands in place of this one."""
    judgement = _judgements()
    query = select(judgement.id).where(judgement.supersedes_id == judgement_id).limit(1)
    return session.scalar(query) is not None


def _returned(of: int | None) -> Select[tuple[Verification]]:
    judgement = _judgements()
    query = (
        select(Verification)
        .join(judgement, judgement.id == Verification.judgement_id)
        .where(Verification.decision == State.RETURNED.value, _latest_of_each())
    )
    if of is None:
        return query
    mine = or_(judgement.assessor_id == of, judgement.with_assessor_id == of)
    return query.where(mine)


def returned(
    session: Session, of: int | None, after: int | None = None, most: int = PAGE
) -> list[tuple[Verification, "Judgement"]]:
    """Return a page of returned decisions that were not made again yet, oldest first.

    With ``of``, only those that this assessor has a part in.
    """
    judgement = _judgements()
    query: Any = _returned(of).add_columns(judgement)
    if after is not None:
        query = query.where(Verification.id > after)
    rows = session.execute(query.order_by(Verification.id).limit(most + 1))
    return [(row[0], row[1]) for row in rows]


def verifications(session: Session, judgement_ids: Collection[int]) -> list[Verification]:
    """Return everything that was said of several judgements, oldest first."""
    return list(
        session.scalars(
            select(Verification)
            .where(Verification.judgement_id.in_(list(judgement_ids)))
            .order_by(Verification.id)
        )
    )
