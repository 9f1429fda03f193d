"""What is asked about verification: reads only."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

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


def _plain(query: Any) -> Any:
    """Return the query without the criteria of the evidence, which no page here shows."""
    judgement = _judgements()
    evidence = judgement.evidence.property.entity.class_
    return query.options(joinedload(judgement.evidence).lazyload(evidence.criteria))


def with_history(session: Session, judgement_id: int) -> list["Judgement"]:
    """Return every decision on the criterion of one decision, newest first; empty: none such."""
    judgement, this = _judgements(), aliased(_judgements())
    query = (
        select(judgement)
        .join(
            this, (this.person_id == judgement.person_id) & (this.criterion == judgement.criterion)
        )
        .where(this.id == judgement_id)
        .order_by(judgement.id.desc())
    )
    return list(session.scalars(_plain(query)))


def units_judged(session: Session, assessor_id: int, learner_id: int) -> frozenset[str]:
    """Return the units in which somebody has judged a learner, alone or with another."""
    judgement = _judgements()
    mine = or_(judgement.assessor_id == assessor_id, judgement.with_assessor_id == assessor_id)
    refs = session.scalars(
        select(judgement.criterion).where(judgement.person_id == learner_id, mine).distinct()
    )
    return frozenset(ref.split(".")[0] for ref in refs)


def waiting(session: Session, after: int | None = None, most: int = PAGE) -> list["Judgement"]:
    """Return a page of decisions that nobody has verified, oldest first."""
    judgement = _judgements()
    query = select(judgement).where(_unlooked_at(), _latest_of_each())
    if after is not None:
        query = query.where(judgement.id > after)
    return list(session.scalars(_plain(query).order_by(judgement.id).limit(most + 1)))


def count_waiting(session: Session) -> int:
    """Return how many decisions wait to be verified."""
    judgement = _judgements()
    query = select(func.count(judgement.id)).where(_unlooked_at(), _latest_of_each())
    return session.scalar(query) or 0


def waiting_on(session: Session, evidence_id: int) -> list["Judgement"]:
    """Return the decisions that rest on one piece of evidence and wait, by criterion."""
    judgement = _judgements()
    query = select(judgement).where(
        judgement.evidence_id == evidence_id, _unlooked_at(), _latest_of_each()
    )
    return list(session.scalars(_plain(query).order_by(judgement.criterion)))


def superseded(session: Session, judgement_id: int) -> bool:
    """Return whether a later decision stands in place of this one."""
    judgement = _judgements()
    query = select(judgement.id).where(judgement.supersedes_id == judgement_id).limit(1)
    return session.scalar(query) is not None


def _returned(of: int | None) -> Select[Verification]:
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
    rows = session.execute(_plain(query).order_by(Verification.id).limit(most + 1))
    return [(row[0], row[1]) for row in rows]
