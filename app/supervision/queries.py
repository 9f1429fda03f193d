"""What is asked about supervision: reads only. Figures for others never touch a sealed column."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.supervision.models import Agreement, LogAction, LogSignature, SessionLog
from assessments.supervision import LogDraft, PanelFigures, RiskFlag, panel_view
from assessments.supervision_time import Session as Held

PAGE = 20
#: Award specification E2: eight mentors at most.
MOST_MENTORS = 8


def agreement(session: Session, agreement_id: int) -> Agreement | None:
    """Return one agreement."""
    return session.get(Agreement, agreement_id)


def open_agreement(session: Session, mentor_id: int) -> Agreement | None:
    """Return a mentor's agreement that nobody has ended, the latest if there are several."""
    return session.scalar(
        select(Agreement)
        .where(Agreement.mentor_id == mentor_id, Agreement.ended_on.is_(None))
        .order_by(Agreement.id.desc())
        .limit(1)
    )


def agreements_of(session: Session, person_id: int) -> Sequence[Agreement]:
    """Return the agreements that a person is part of, open ones first, then the latest."""
    part = or_(Agreement.mentor_id == person_id, Agreement.supervisor_id == person_id)
    return session.scalars(
        select(Agreement).where(part).order_by(Agreement.ended_on.is_not(None), Agreement.id.desc())
    ).all()


def agreements(session: Session, before: int | None = None, most: int = PAGE) -> list[Agreement]:
    """Return a page of all agreements, latest first."""
    query = select(Agreement).order_by(Agreement.id.desc()).limit(most + 1)
    if before is not None:
        query = query.where(Agreement.id < before)
    return list(session.scalars(query))


def load_of(session: Session, supervisor_id: int) -> int:
    """Return how many mentors somebody supervises now."""
    return (
        session.scalar(
            select(func.count(Agreement.id)).where(
                Agreement.supervisor_id == supervisor_id, Agreement.ended_on.is_(None)
            )
        )
        or 0
    )


def log(session: Session, log_id: int) -> SessionLog | None:
    """Return one session log."""
    return session.get(SessionLog, log_id)


def logs(
    session: Session,
    agreement_ids: Sequence[int],
    before: tuple[date, int] | None = None,
    most: int = PAGE,
) -> list[SessionLog]:
    """Return a page of logs under several agreements, latest first."""
    query = (
        select(SessionLog)
        .where(SessionLog.agreement_id.in_(agreement_ids))
        .order_by(SessionLog.held_on.desc(), SessionLog.id.desc())
        .limit(most + 1)
    )
    if before:
        query = query.where(tuple_(SessionLog.held_on, SessionLog.id) < before)
    return list(session.scalars(query))


def carried_over(session: Session, log: SessionLog) -> Sequence[LogAction]:
    """Return the actions of earlier sessions under the same agreement that are not done."""
    earlier = tuple_(SessionLog.held_on, SessionLog.id) < (log.held_on, log.id)
    return session.scalars(
        select(LogAction)
        .join(SessionLog)
        .where(
            SessionLog.agreement_id == log.agreement_id,
            earlier,
            or_(LogAction.done_on.is_(None), LogAction.done_on >= log.held_on),
        )
        .order_by(LogAction.id)
    ).all()


def _signed_by_both() -> ColumnElement[bool]:
    back = aliased(LogSignature)
    reopened = (
        select(func.coalesce(func.max(back.id), 0))
        .where(back.log_id == SessionLog.id, back.act == "reopened")
        .correlate(SessionLog)
        .scalar_subquery()
    )
    signed = (
        select(func.count(func.distinct(LogSignature.person_id)))
        .where(
            LogSignature.log_id == SessionLog.id,
            LogSignature.act == "signed",
            LogSignature.id > reopened,
        )
        .correlate(SessionLog)
        .scalar_subquery()
    )
    return signed > 1


def held_by(session: Session, mentor_ids: Sequence[int]) -> dict[int, list[Held]]:
    """Return each mentor's sessions that count: signed by both. Dates and minutes only."""
    rows = session.execute(
        select(Agreement.mentor_id, SessionLog.held_on, SessionLog.minutes, SessionLog.format)
        .join(Agreement)
        .where(Agreement.mentor_id.in_(mentor_ids), _signed_by_both())
        .order_by(SessionLog.held_on)
    )
    found: dict[int, list[Held]] = {mentor: [] for mentor in mentor_ids}
    for mentor, day, minutes, kind in rows:
        found[mentor].append(Held(held=day, minutes=minutes, group=kind == "group"))
    return found


def held(session: Session, mentor_id: int) -> list[Held]:
    """Return one mentor's sessions that count."""
    return held_by(session, [mentor_id])[mentor_id]


def figures(session: Session, mentor_ids: Sequence[int]) -> dict[int, PanelFigures]:
    """Return what the panel and the coordinator see of supervision: figures, and no content."""
    rows = session.execute(
        select(Agreement.mentor_id, SessionLog.held_on, SessionLog.minutes, SessionLog.risk_flags)
        .join(Agreement)
        .where(Agreement.mentor_id.in_(mentor_ids), _signed_by_both())
    )
    drafts: dict[int, list[LogDraft]] = {mentor: [] for mentor in mentor_ids}
    for mentor, day, minutes, flags in rows:
        risk = frozenset(RiskFlag(one) for one in flags)
        drafts[mentor].append(LogDraft(held=day, minutes=minutes, risk_flags=risk))
    return {mentor: panel_view(logs) for mentor, logs in drafts.items()}


def supervises(session: Session, one: int, other: int) -> bool:
    """Return whether either of two people supervises, or has supervised, the other."""
    pair = or_(
        (Agreement.mentor_id == one) & (Agreement.supervisor_id == other),
        (Agreement.mentor_id == other) & (Agreement.supervisor_id == one),
    )
    return session.scalar(select(Agreement.id).where(pair).limit(1)) is not None


def wellbeing(session: Session, mentor_id: int, most: int = 12) -> list[tuple[date, int]]:
    """Return how a mentor has been, oldest first. For the mentor and the supervisor only."""
    rows = session.execute(
        select(SessionLog.held_on, SessionLog.wellbeing)
        .join(Agreement)
        .where(Agreement.mentor_id == mentor_id, SessionLog.wellbeing.is_not(None))
        .order_by(SessionLog.held_on.desc(), SessionLog.id.desc())
        .limit(most)
    ).all()
    return [(day, int(words)) for day, words in reversed(rows) if words]
