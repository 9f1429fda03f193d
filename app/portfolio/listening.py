"""What portfolio does when features to its left have done something."""

import json

from sqlalchemy.orm import Session

from app import audit
from app.accounts.roles import Role
from app.portfolio import allocation_actions, tutorial_actions


@audit.listen("role.ended")
def _no_longer_an_assessor(session: Session, event: audit.AuditEvent) -> None:
    if event.about_id and json.loads(event.detail).get("role") == Role.ASSESSOR.value:
        allocation_actions.end_all(
            session, event.about_id, now=event.recorded_at, by_id=event.actor_id
        )


@audit.listen("check.attempts-used")
def _a_tutorial_is_due(session: Session, event: audit.AuditEvent) -> None:
    attempt_id = int(event.subject.rpartition(":")[2])
    tutorial_actions.ask(session, attempt_id, now=event.recorded_at)
