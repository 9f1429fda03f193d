"""What changes records and facts, and with them standing. Nothing here commits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import audit
from app.accreditation import queries
from app.accreditation.models import Fact, Record, StandingInterval
from app.formats import local
from assessments.facts import OUTCOMES, FactKind, FactOutcome
from assessments.standing import standing
from assessments.statuses import Interval, Status

GRANTED = {FactOutcome.ACCREDITED.value, FactOutcome.CONDITIONS.value}


class AccreditationError(Exception):
    """A refusal about accreditation, in words for the person."""


class NotThisKind(AccreditationError):
    """A fact of this kind cannot say this, or is recorded by the site itself."""


class InTheFuture(AccreditationError):
    """A fact takes effect when it happens, not before."""


class NothingToLift(AccreditationError):
    """No suspension is in force."""


@dataclass(frozen=True, kw_only=True)
class NewFact:
    """A fact before it is recorded."""

    kind: FactKind
    effective: date
    outcome: FactOutcome = FactOutcome.DONE
    until: date | None = None
    review: date | None = None
    key: str = ""
    note: str = ""
    source: str | None = None
    supersedes_id: int | None = None


def open_record(session: Session, person_id: int, *, now: datetime, by_id: int | None) -> Record:
    """Return the person's record, opened with the next number if there is none."""
    known = queries.record_of(session, person_id)
    if known is not None:
        return known
    last = session.scalar(select(func.max(Record.id))) or 0
    row = Record(person_id=person_id, number=f"M-{last + 1:04}", opened_at=now)
    session.add(row)
    audit.record(
        session,
        "record.opened",
        row,
        now=now,
        actor_id=by_id,
        about_id=person_id,
        number=row.number,
    )
    return row


def add_fact(
    session: Session, record: Record, new: NewFact, *, now: datetime, by_id: int | None
) -> Fact:
    """Record a fact and work standing out afresh, in one transaction.

    Raises NotThisKind and InTheFuture.
    """
    allowed = OUTCOMES.get(new.kind, frozenset({FactOutcome.DONE}))
    if new.outcome is not FactOutcome.VOID and new.outcome not in allowed:
        raise NotThisKind(f"{new.kind.label} cannot be {new.outcome.value}")
    if new.effective > local(now).date():
        raise InTheFuture("This day is still to come. Record it once it has happened")
    row = Fact(
        record_id=record.id,
        kind=new.kind.value,
        outcome=new.outcome.value,
        effective_on=new.effective,
        until_on=new.until,
        review_on=new.review,
        key=new.key,
        note=new.note or None,
        source=new.source,
        supersedes_id=new.supersedes_id,
        recorded_at=now,
        recorded_by_id=by_id,
    )
    session.add(row)
    audit.record(
        session,
        "fact.recorded",
        row,
        now=now,
        actor_id=by_id,
        about_id=record.person_id,
        kind=new.kind,
        outcome=new.outcome,
    )
    work_out(session, record)
    return row


def work_out(session: Session, record: Record) -> tuple[Interval, ...]:
    """Work out a record's standing over all time from its facts, and keep it for look-ups."""
    facts = queries.dated_facts(session, record.id)
    found = standing(facts)
    granted = [
        (fact.effective, fact.key)
        for fact in facts
        if fact.kind is FactKind.PANEL_DECISION and fact.outcome.value in GRANTED
    ]
    session.execute(delete(StandingInterval).where(StandingInterval.record_id == record.id))
    for one in found:
        before = [key for effective, key in granted if effective <= one.starts]
        session.add(
            StandingInterval(
                record_id=record.id,
                status=one.status.value,
                starts_on=one.starts,
                since_on=one.since,
                ends_on=one.ends,
                valid_from=one.valid_from,
                valid_until=one.valid_until,
                holds=sorted(hold.value for hold in one.holds),
                reasons=[reason.text for reason in one.reasons],
                pathways=before[-1] if before else "",
            )
        )
    session.flush()
    return found


def correct_fact(
    session: Session, record: Record, wrong: Fact, new: NewFact, *, now: datetime, by_id: int
) -> Fact:
    """Correct a fact: the new one names the one that it supersedes, and both stay readable."""
    return add_fact(
        session,
        record,
        NewFact(**{**new.__dict__, "supersedes_id": wrong.id}),
        now=now,
        by_id=by_id,
    )


def suspend(
    session: Session, record: Record, reason: str, *, on: date, now: datetime, by_id: int
) -> Fact:
    """Suspend at once: a neutral step, not a finding (award specification D6)."""
    standing_now = queries.interval_on(session, record.id, on)
    if standing_now is None or not Status(standing_now.status).active:
        raise AccreditationError("Only somebody who is accredited now can be suspended")
    number = session.scalar(select(func.count(Fact.id)).where(Fact.record_id == record.id))
    return add_fact(
        session,
        record,
        NewFact(kind=FactKind.ORDER_SUSPENDED, effective=on, key=f"order-{number}", note=reason),
        now=now,
        by_id=by_id,
    )


def lift(
    session: Session, record: Record, reason: str, *, on: date, now: datetime, by_id: int
) -> Fact:
    """Lift the suspension in force; the facts are read again that day. Raises NothingToLift."""
    order = queries.latest_fact(session, record.id, FactKind.ORDER_SUSPENDED)
    lifted = order and queries.latest_fact(session, record.id, FactKind.ORDER_LIFTED, order.key)
    if order is None or lifted is not None:
        raise NothingToLift("No suspension is in force")
    return add_fact(
        session,
        record,
        NewFact(kind=FactKind.ORDER_LIFTED, effective=on, key=order.key, note=reason),
        now=now,
        by_id=by_id,
    )


def withdraw(
    session: Session,
    record: Record,
    outcome: FactOutcome,
    reason: str,
    *,
    on: date,
    now: datetime,
    by_id: int,
) -> Fact:
    """End the accreditation or the way to it. Raises AccreditationError where nothing goes on."""
    standing_now = queries.interval_on(session, record.id, on)
    if standing_now is None or Status(standing_now.status).ended:
        raise AccreditationError("There is nothing to end: it has ended already, or never began")
    return add_fact(
        session,
        record,
        NewFact(kind=FactKind.WITHDRAWN, outcome=outcome, effective=on, note=reason),
        now=now,
        by_id=by_id,
    )


def print_choices(
    session: Session, record: Record, printed_name: str, *, show_pathways: bool, now: datetime
) -> None:
    """Keep how the mentor wants to be printed. A certificate changes only by being issued anew."""
    record.printed_name, record.show_pathways = printed_name, show_pathways
    audit.record(
        session,
        "record.print-choices",
        record,
        now=now,
        actor_id=record.person_id,
        about_id=record.person_id,
        show_pathways=show_pathways,
    )
