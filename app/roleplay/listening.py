"""What role plays do when features to their left have done something."""

from sqlalchemy.orm import Session

from app import audit
from app.portfolio import allocation_actions as allocations
from app.roleplay import queries


@audit.listen("registration.made")
def _booked_before_it(session: Session, event: audit.AuditEvent) -> None:
    """Allocate whoever marks a role play that was booked before the learner was registered."""
    learner_id = event.about_id
    for booking in queries.cases_of(session, learner_id) if learner_id else ():
        if learner_id in booking.learner_ids and booking.settled_at is None:
            for assessor_id in booking.assessor_ids:
                _allocate(session, event, learner_id, assessor_id)


def _allocate(session: Session, event: audit.AuditEvent, learner_id: int, assessor_id: int) -> None:
    try:
        allocations.allocate_all(
            session, learner_id, [assessor_id], now=event.recorded_at, by_id=event.actor_id
        )
    except allocations.CannotAllocate:
        # The play stands as it was booked, and the coordinator sees who is allocated.
        return
