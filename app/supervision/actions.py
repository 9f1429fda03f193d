"""What changes supervision. Nothing here commits."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import audit, kept
from app.portfolio import allocation_queries as allocations
from app.portfolio import queries as portfolio
from app.supervision import queries
from app.supervision.models import Addendum, Agreement, LogAction, LogSignature, SessionLog
from assessments.supervision import (
    Action,
    ActionKind,
    BoundaryAnswer,
    Format,
    InfluenceAnswer,
    LogDraft,
    Medium,
    RiskFlag,
    Theme,
    Wellbeing,
    may_edit,
    ready_to_sign,
)


class SupervisionError(Exception):
    """A refusal about supervision, in words for the person."""


class CannotSupervise(SupervisionError):
    """These two cannot be mentor and supervisor; says why."""


class LogIsLocked(SupervisionError):
    """A log that was signed takes no more changes; a later thought is an addendum."""


class NotReady(SupervisionError):
    """The log lacks something; ``missing`` says what, in sentences."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("The log cannot be signed yet")
        self.missing = tuple(missing)


@dataclass(frozen=True, kw_only=True)
class NewAction:
    """Something that two people agree on in a session."""

    kind: ActionKind
    words: str
    owner_id: int
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class Written:
    """What both can read and write in a log, as one of them sent it."""

    held_on: date
    minutes: int
    format: Format
    medium: Medium
    case_references: tuple[str, ...]
    next_on: date | None
    themes: tuple[Theme, ...]
    risk_flags: tuple[RiskFlag, ...]
    boundary: BoundaryAnswer | None
    shared_note: str
    screening_reason: str
    new_actions: tuple[NewAction, ...] = ()
    done: Collection[int] = ()
    #: The mentor's own answers; None where the supervisor writes.
    wellbeing: Wellbeing | None = None
    influence: InfluenceAnswer | None = None


def make_agreement(
    session: Session,
    mentor_id: int,
    supervisor_id: int,
    *,
    starts_on: date,
    review_on: date,
    monthly_minutes: int,
    cover: str,
    formats: str,
    now: datetime,
    by_id: int,
) -> Agreement:
    """Set up an agreement for both to sign. Raises CannotSupervise."""
    _refuse_pair(session, mentor_id, supervisor_id)
    row = Agreement(
        mentor_id=mentor_id,
        supervisor_id=supervisor_id,
        starts_on=starts_on,
        review_on=review_on,
        monthly_minutes=monthly_minutes,
        cover=cover,
        formats=formats,
        made_at=now,
        made_by_id=by_id,
    )
    session.add(row)
    audit.record(session, "agreement.made", row, now=now, actor_id=by_id, about_id=mentor_id)
    return row


def _refuse_pair(session: Session, mentor_id: int, supervisor_id: int) -> None:
    """Award specification E1 and E2: no assessor of the mentor, eight mentors at most."""
    if mentor_id == supervisor_id:
        raise CannotSupervise("Nobody supervises themselves")
    if portfolio.assessed_by(session, mentor_id, supervisor_id):
        raise CannotSupervise("This supervisor has assessed the mentor. Choose another")
    if allocations.allocated(session, mentor_id, supervisor_id):
        raise CannotSupervise("This supervisor is to assess the mentor. Choose another")
    if allocations.allocated(session, supervisor_id, mentor_id):
        raise CannotSupervise("The mentor is to assess this supervisor. Choose another")
    if queries.open_agreement(session, mentor_id):
        raise CannotSupervise("The mentor has an agreement already. End that one first")
    if queries.load_of(session, supervisor_id) >= queries.MOST_MENTORS:
        raise CannotSupervise("This supervisor has eight mentors already. Choose another")


def sign_agreement(
    session: Session, agreement: Agreement, person_id: int, *, now: datetime
) -> None:
    """Sign an agreement; it is in force once both have."""
    if person_id == agreement.mentor_id and not agreement.mentor_signed_at:
        agreement.mentor_signed_at = now
    elif person_id == agreement.supervisor_id and not agreement.supervisor_signed_at:
        agreement.supervisor_signed_at = now
    else:
        return
    mentor = agreement.mentor_id
    audit.record(
        session, "agreement.signed", agreement, now=now, actor_id=person_id, about_id=mentor
    )
    if agreement.in_force:
        audit.record(
            session, "agreement.in-force", agreement, now=now, actor_id=person_id, about_id=mentor
        )


def end_agreement(
    session: Session, agreement: Agreement, *, on: date, now: datetime, by_id: int
) -> None:
    """End an agreement. No reason is asked for, and the logs stay with the two who wrote them."""
    if agreement.ended_on is None:
        agreement.ended_on = on
        audit.record(
            session,
            "agreement.ended",
            agreement,
            now=now,
            actor_id=by_id,
            about_id=agreement.mentor_id,
        )


def begin_log(
    session: Session, agreement: Agreement, written: Written, writer_id: int, *, now: datetime
) -> SessionLog:
    """Begin a log. Raises SupervisionError where the agreement is not in force."""
    if not agreement.in_force:
        raise SupervisionError("The agreement is not signed by both yet")
    row = SessionLog(
        agreement=agreement, begun_by_id=writer_id, begun_at=now, changed_at=now, risk_flags=[]
    )
    _fill(session, row, written, writer_id, now)
    session.add(row)
    audit.record(
        session,
        "supervision-log.begun",
        row,
        now=now,
        actor_id=writer_id,
        about_id=agreement.mentor_id,
    )
    return row


def change_log(
    session: Session,
    log: SessionLog,
    written: Written,
    writer_id: int,
    *,
    version: int,
    now: datetime,
) -> None:
    """Change a log that nobody has signed.

    Raises LogIsLocked; and Overtaken, after keeping the words, where the other saved first.
    """
    if not may_edit([one.person_id for one in log.signed_by]):
        raise LogIsLocked("Somebody has signed. Send it back first, or add a later thought")
    if log.version != version:
        raise kept.Overtaken(written.shared_note, log.shared_note or "")
    _fill(session, log, written, writer_id, now)
    log.changed_at, log.version = now, log.version + 1
    # The writer has seen both versions and saves what should stand.
    for one in kept.unsettled(session, f"session_logs:{log.id}", writer_id):
        one.settled_at = now
    audit.record(
        session,
        "supervision-log.changed",
        log,
        now=now,
        actor_id=writer_id,
        about_id=log.agreement.mentor_id,
    )


def _fill(
    session: Session, log: SessionLog, written: Written, writer_id: int, now: datetime
) -> None:
    for name in ("held_on", "minutes", "next_on", "shared_note", "screening_reason"):
        setattr(log, name, getattr(written, name))
    log.format, log.medium = written.format.value, written.medium.value
    log.case_references = " ".join(written.case_references)
    log.themes = [one.value for one in written.themes]
    log.risk_flags = [one.value for one in written.risk_flags]
    log.boundary = written.boundary.value if written.boundary else ""
    if writer_id == log.agreement.mentor_id:
        log.wellbeing = str(written.wellbeing.value) if written.wellbeing else None
        log.influence = written.influence.value if written.influence else None
    for new in written.new_actions:
        log.actions.append(
            LogAction(
                kind=new.kind.value, words=new.words, owner_id=new.owner_id, due_on=new.due_on
            )
        )
    if log.id is not None:
        _tick(session, log, written.done)


def _tick(session: Session, log: SessionLog, done: Collection[int]) -> None:
    for action in (*queries.carried_over(session, log), *log.actions):
        if action.id in done and action.done_on is None:
            action.done_on = log.held_on
        elif action.id not in done and action.done_on == log.held_on:
            action.done_on = None


def save_own_box(session: Session, log: SessionLog, person_id: int, words: str) -> None:
    """Save the box that only its writer reads. Raises LogIsLocked."""
    if log.locked:
        raise LogIsLocked("Both have signed. Add a later thought instead")
    if person_id == log.agreement.mentor_id:
        log.private_reflection = words
    else:
        log.supervisor_note = words


def draft(log: SessionLog, names: Mapping[int, str]) -> LogDraft:
    """Return a log as the rules take it."""
    return LogDraft(
        held=log.held_on,
        minutes=log.minutes,
        format=Format(log.format),
        medium=Medium(log.medium),
        supervisor=names.get(log.agreement.supervisor_id, ""),
        cases=tuple(log.case_references.split()),
        themes=frozenset(Theme(one) for one in log.themes),
        wellbeing=Wellbeing(int(log.wellbeing)) if log.wellbeing else None,
        influence=InfluenceAnswer(log.influence) if log.influence else None,
        boundaries=BoundaryAnswer(log.boundary) if log.boundary else None,
        risk_flags=frozenset(RiskFlag(one) for one in log.risk_flags),
        actions=tuple(
            Action(
                kind=ActionKind(one.kind),
                owner=names.get(one.owner_id, ""),
                due=one.due_on,
                text=one.words or "",
            )
            for one in log.actions
        ),
        next_date=log.next_on,
    )


def content_digest(log: SessionLog) -> str:
    """Return the SHA-256 over everything that both can read."""
    names = (
        "held_on",
        "minutes",
        "format",
        "medium",
        "case_references",
        "next_on",
        "themes",
        "risk_flags",
        "boundary",
        "shared_note",
        "screening_reason",
        "wellbeing",
        "influence",
    )
    facts = {name: getattr(log, name) for name in names}
    facts["actions"] = [[a.kind, a.words, a.owner_id, a.due_on] for a in log.actions]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def sign_log(
    session: Session,
    log: SessionLog,
    person_id: int,
    *,
    version: int,
    now: datetime,
    names: Mapping[int, str],
) -> None:
    """Sign a log as it stands. Raises NotReady, LogIsLocked, Overtaken where it has changed."""
    if log.locked:
        raise LogIsLocked("Both have signed already")
    if log.version != version:
        raise kept.Overtaken("", log.shared_note or "")
    if missing := ready_to_sign(draft(log, names)):
        raise NotReady(missing)
    if any(one.person_id == person_id for one in log.signed_by):
        return
    log.signatures.append(
        LogSignature(
            person_id=person_id, act="signed", content_digest=content_digest(log), signed_at=now
        )
    )
    mentor = log.agreement.mentor_id
    audit.record(
        session, "supervision-log.signed", log, now=now, actor_id=person_id, about_id=mentor
    )
    if log.locked:
        audit.record(
            session, "supervision-log.locked", log, now=now, actor_id=person_id, about_id=mentor
        )


def send_back(session: Session, log: SessionLog, person_id: int, *, now: datetime) -> None:
    """Open a log again that only one has signed. Raises LogIsLocked once both have."""
    if log.locked:
        raise LogIsLocked("Both have signed. Add a later thought instead")
    if not log.signed_by:
        return
    log.signatures.append(
        LogSignature(
            person_id=person_id, act="reopened", content_digest=content_digest(log), signed_at=now
        )
    )
    audit.record(
        session,
        "supervision-log.reopened",
        log,
        now=now,
        actor_id=person_id,
        about_id=log.agreement.mentor_id,
    )


def add_thought(
    session: Session, log: SessionLog, person_id: int, words: str, *, now: datetime
) -> None:
    """Add a dated later thought to a locked log. Raises SupervisionError while it is open."""
    if not log.locked:
        raise SupervisionError("The log is still open: change it instead")
    log.addenda.append(Addendum(person_id=person_id, words=words, written_at=now))
    audit.record(
        session,
        "supervision-log.addendum",
        log,
        now=now,
        actor_id=person_id,
        about_id=log.agreement.mentor_id,
    )
