"""Whose signature is waited for: reads only, for many people at once, and never a sealed column."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.supervision.models import Agreement, LogSignature, SessionLog
from assessments.reminders import Kind, Step


def waiting(
    session: Session, person_ids: Collection[int], supervisors: Collection[int]
) -> dict[int, list[Step]]:
    """Return the agreements and logs that wait for each person's signature.

    ``supervisors`` are those who still hold that role; nobody else signs as one.
    """
    found: dict[int, list[Step]] = defaultdict(list)
    people = list(person_ids)
    mine = or_(Agreement.mentor_id.in_(people), Agreement.supervisor_id.in_(people))
    for row in session.execute(
        select(
            Agreement.id,
            Agreement.mentor_id,
            Agreement.supervisor_id,
            Agreement.made_at,
            Agreement.mentor_signed_at,
            Agreement.supervisor_signed_at,
        ).where(mine, Agreement.ended_on.is_(None))
    ):
        step = Step(kind=Kind.AGREEMENT_UNSIGNED, thing=str(row.id), since=row.made_at)
        if row.mentor_signed_at is None and row.mentor_id in people:
            found[row.mentor_id].append(step)
        if row.supervisor_signed_at is None and row.supervisor_id in supervisors:
            found[row.supervisor_id].append(step)
    for row in session.execute(_half_signed(mine)):
        other = row.supervisor_id if row.mentor_id == row.signer else row.mentor_id
        if other in people and (other == row.mentor_id or other in supervisors):
            since: datetime = row.since
            found[other].append(Step(kind=Kind.LOG_UNSIGNED, thing=str(row.id), since=since))
    return found


def _half_signed(mine: Any) -> Any:
    """Return a query of the logs that one of the two has signed since they were last sent back."""
    back = (
        select(
            LogSignature.log_id,
            func.max(LogSignature.id).label("last"),
        )
        .where(LogSignature.act == "reopened")
        .group_by(LogSignature.log_id)
        .subquery()
    )
    return (
        select(
            SessionLog.id,
            Agreement.mentor_id,
            Agreement.supervisor_id,
            func.min(LogSignature.person_id).label("signer"),
            func.min(LogSignature.signed_at).label("since"),
        )
        .join(Agreement, Agreement.id == SessionLog.agreement_id)
        .join(LogSignature, LogSignature.log_id == SessionLog.id)
        .outerjoin(back, back.c.log_id == SessionLog.id)
        .where(mine, LogSignature.act == "signed")
        .where(LogSignature.id > func.coalesce(back.c.last, 0))
        .group_by(SessionLog.id, Agreement.mentor_id, Agreement.supervisor_id)
        .having(func.count(func.distinct(LogSignature.person_id)) == 1)
        .order_by(SessionLog.id)
    )
