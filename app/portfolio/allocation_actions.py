"""What changes whose own learners are whose. Nothing here commits."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit, mail
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.portfolio import allocation_queries as queries
from app.portfolio import queries as portfolio
from app.portfolio.actions import PortfolioError
from app.portfolio.models import Allocation, Registration

#: Features to the right know pairs of people that this one cannot: each adds a callable that is
#: given the session, the learner and the assessor, and says why not, or None.
BARS: list[Callable[[Session, int, int], str | None]] = []


class CannotAllocate(PortfolioError):
    """This assessor cannot be allocated to this learner; says why."""

    def __init__(self, why: str, assessor_id: int) -> None:
        super().__init__(why)
        self.assessor_id = assessor_id


def allocate(
    session: Session, registered: Registration, assessor_id: int, *, now: datetime, by_id: int
) -> Allocation:
    """Allocate an assessor to a learner from now on, and write to them. Raises CannotAllocate."""
    if queries.allocated(session, registered.person_id, assessor_id):
        raise CannotAllocate("They are allocated already. Choose another", assessor_id)
    row = _allocate(session, registered, assessor_id, now=now, by_id=by_id)
    body = "A learner was allocated to you. Sign in to Towpath to see who, and what waits."
    subject = "A learner was allocated to you"
    mail.write(session, row.assessor.email, subject, body, kind=mail.Kind.NOTICE, now=now)
    return row


def allocate_all(
    session: Session,
    person_id: int,
    assessor_ids: Iterable[int],
    *,
    now: datetime,
    by_id: int | None,
) -> None:
    """Allocate whoever is not allocated yet, for other work that needs it.

    Somebody who is not registered has no assessors yet. Raises CannotAllocate.
    """
    registered = portfolio.registration_of(session, person_id)
    for assessor_id in assessor_ids if registered else ():
        if registered and not queries.allocated(session, person_id, assessor_id):
            _allocate(session, registered, assessor_id, now=now, by_id=by_id)


def _allocate(
    session: Session,
    registered: Registration,
    assessor_id: int,
    *,
    now: datetime,
    by_id: int | None,
) -> Allocation:
    _refuse(session, registered.person_id, assessor_id)
    row = Allocation(
        registration_id=registered.id,
        assessor_id=assessor_id,
        since=now,
        recorded_at=now,
        recorded_by_id=by_id,
    )
    session.add(row)
    session.flush()
    # What was read before does not know of it.
    session.expire(registered, ["allocations"])
    audit.record(
        session,
        "allocation.made",
        row,
        now=now,
        actor_id=by_id,
        about_id=registered.person_id,
        assessor=assessor_id,
    )
    return row


def _refuse(session: Session, person_id: int, assessor_id: int) -> None:
    assessor = accounts.person(session, assessor_id)
    if person_id == assessor_id:
        raise CannotAllocate("Nobody assesses their own work. Choose another", assessor_id)
    if assessor is None or not assessor.is_active or not assessor.holds(Role.ASSESSOR):
        raise CannotAllocate("Choose somebody who is an assessor now", assessor_id)
    for bar in BARS:
        if why := bar(session, person_id, assessor_id):
            raise CannotAllocate(why, assessor_id)


def end(session: Session, row: Allocation, *, now: datetime, by_id: int | None) -> None:
    """End an allocation now. What was decided stays decided; what ended before stays as it was."""
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by_id = now, by_id
    session.flush()
    registered = session.get_one(Registration, row.registration_id)
    session.expire(registered, ["allocations"])
    audit.record(
        session,
        "allocation.ended",
        row,
        now=now,
        actor_id=by_id,
        about_id=registered.person_id,
        assessor=row.assessor_id,
    )


def end_all(session: Session, assessor_id: int, *, now: datetime, by_id: int | None) -> None:
    """End every allocation of somebody who is no longer an assessor."""
    for row in queries.held_by(session, assessor_id):
        end(session, row, now=now, by_id=by_id)
