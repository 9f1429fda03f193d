"""Whose signature is waited for: reads only, for many people at once, and never a sealed column."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, or_, select
from sqlalchemy.sql import Select

from app.supervision.models import Agreement, LogSignature, SessionLog
from app.waiting import PEOPLE, row
from assessments.reminders import Kind, Step


def _unsigned(person: Any, signed_at: Any, part: str) -> Select[Any]:
    return row(
        Kind.AGREEMENT_UNSIGNED.value,
        person,
        cast(Agreement.id, String),
        part,
        at=Agreement.made_at,
    ).where(person.in_(PEOPLE), signed_at.is_(None), Agreement.ended_on.is_(None))


def _half_signed() -> Select[Any]:
    """Return a query of the logs that one of the two has signed since they were last sent back."""
    back = (
        select(LogSignature.log_id, func.max(LogSignature.id).label("last"))
        .where(LogSignature.act == "reopened")
        .group_by(LogSignature.log_id)
        .subquery()
    )
    by_mentor = func.min(LogSignature.person_id) == Agreement.mentor_id
    return (
        row(
            Kind.LOG_UNSIGNED.value,
            case((by_mentor, Agreement.supervisor_id), else_=Agreement.mentor_id),
            cast(SessionLog.id, String),
            case((by_mentor, literal("supervisor")), else_=literal("mentor")),
            at=func.min(LogSignature.signed_at),
        )
        .select_from(SessionLog)
        .join(Agreement, Agreement.id == SessionLog.agreement_id)
        .join(LogSignature, LogSignature.log_id == SessionLog.id)
        .outerjoin(back, back.c.log_id == SessionLog.id)
        .where(or_(Agreement.mentor_id.in_(PEOPLE), Agreement.supervisor_id.in_(PEOPLE)))
        .where(and_(LogSignature.act == "signed", LogSignature.id > func.coalesce(back.c.last, 0)))
        .group_by(SessionLog.id, Agreement.mentor_id, Agreement.supervisor_id)
        .having(func.count(func.distinct(LogSignature.person_id)) == 1)
    )


#: Agreements that wait for a mentor or a supervisor, and logs that the other has signed.
ROWS = (
    _unsigned(Agreement.mentor_id, Agreement.mentor_signed_at, "mentor"),
    _unsigned(Agreement.supervisor_id, Agreement.supervisor_signed_at, "supervisor"),
    _half_signed(),
)
_KINDS = (Kind.AGREEMENT_UNSIGNED.value, Kind.LOG_UNSIGNED.value)


def steps(rows: Iterable[Any], supervisors: Collection[int]) -> dict[int, list[Step]]:
    """Return the agreements and logs that wait for each person's signature.

    ``supervisors`` are those who still hold that role; nobody else signs as one.
    """
    found: dict[int, list[Step]] = defaultdict(list)
    for one in rows:
        if one.kind in _KINDS and (one.mark == "mentor" or one.person in supervisors):
            step = Step(kind=Kind(one.kind), thing=one.thing, since=one.at)
            found[one.person].append(step)
    return found
