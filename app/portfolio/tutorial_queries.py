"""What is asked about tutorials after knowledge checks: reads only."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.portfolio.models import Allocation, Registration, Tutorial

PAGE = 20


def tutorial(session: Session, tutorial_id: int) -> Tutorial | None:
    """Return one tutorial, due or held."""
    return session.get(Tutorial, tutorial_id)


def of_person(session: Session, person_id: int) -> Sequence[Tutorial]:
    """Return the tutorials of one learner, latest first."""
    return session.scalars(
        select(Tutorial).where(Tutorial.person_id == person_id).order_by(Tutorial.id.desc())
    ).all()


def _due() -> Select[Any]:
    return select(Tutorial).where(~Tutorial.held.has(), Tutorial.person.has(closed_at=None))


def _own(assessor_id: int) -> Select[Any]:
    """Return what is due to the own learners of an assessor."""
    learners = (
        select(Registration.person_id)
        .join(Allocation, Allocation.registration_id == Registration.id)
        .where(Allocation.assessor_id == assessor_id, Allocation.ended_at.is_(None))
    )
    return _due().where(Tutorial.person_id.in_(learners), Tutorial.person_id != assessor_id)


def due(
    session: Session, *, of: int | None, after: int | None = None, most: int = PAGE
) -> list[Tutorial]:
    """Return tutorials that are due, the longest waiting first, one more if there are more.

    With ``of``, only those that this assessor may hold.
    """
    query = _due() if of is None else _own(of)
    if after is not None:
        query = query.where(Tutorial.id > after)
    return list(session.scalars(query.order_by(Tutorial.id).limit(most + 1)))


def nobody_to_hold(session: Session, most: int = 10) -> list[Tutorial]:
    """Return what is due to learners without an assessor, longest waiting first, one more if more.

    Somebody who is not registered has none yet.
    """
    allocated = (
        select(Registration.person_id)
        .join(Allocation, Allocation.registration_id == Registration.id)
        .where(Allocation.ended_at.is_(None), Allocation.assessor_id != Registration.person_id)
    )
    query = _due().where(Tutorial.person_id.not_in(allocated))
    return list(session.scalars(query.order_by(Tutorial.id).limit(most + 1)))
