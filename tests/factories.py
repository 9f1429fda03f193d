"""Plain functions that make what a test needs. They flush; the test commits."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, User
from app.accounts.roles import Role

NUMBERS = count(1)
LONG_AGO = datetime(2025, 1, 6, 9, tzinfo=UTC)


def a_user(session: Session, *roles: Role, **given: Any) -> User:
    """Return a person with these roles (a learner, if none are named)."""
    number = next(NUMBERS)
    facts: dict[str, Any] = {
        "email": f"person{number}@example.org",
        "working_name": f"Person {number}",
        "joined_at": LONG_AGO,
        **given,
    }
    user = User(**facts)
    user.grants = [RoleGrant(role=role, granted_at=LONG_AGO) for role in roles or (Role.LEARNER,)]
    session.add(user)
    session.flush()
    return user
