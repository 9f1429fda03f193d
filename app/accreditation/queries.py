"""What is asked about records, facts and standing: reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased, defer

from app.accounts import queries as people
from app.accreditation.models import (
    Certificate,
    Decision,
    Fact,
    PanelItem,
    Record,
    StandingInterval,
)
from assessments.facts import DatedFact, FactKind, FactOutcome, known_on
from assessments.statuses import ACTIVE, Status

PAGE = 30


def record(session: Session, record_id: int) -> Record | None:
    """Return one record."""
    return session.get(Record, record_id)


def record_of(session: Session, person_id: int) -> Record | None:
    """Return a person's record."""
    return session.scalar(select(Record).where(Record.person_id == person_id))


def by_number(session: Session, number: str) -> Record | None:
    """Return the record with a number such as "M-0093"."""
    return session.scalar(select(Record).where(Record.number == number.strip().upper()))


def facts(session: Session, record_id: int) -> Sequence[Fact]:
    """Return every fact of a record, as recorded, oldest first."""
    return session.scalars(
        select(Fact).where(Fact.record_id == record_id).order_by(Fact.effective_on, Fact.id)
    ).all()


def dated(row: Fact) -> DatedFact:
    """Return a fact as the rules take it."""
    return DatedFact(
        id=str(row.id),
        kind=FactKind(row.kind),
        outcome=FactOutcome(row.outcome),
        effective=row.effective_on,
        recorded=row.recorded_at,
        until=row.until_on,
        review=row.review_on,
        key=row.key,
        supersedes=str(row.supersedes_id) if row.supersedes_id else None,
    )


def dated_facts(session: Session, record_id: int, known: datetime | None = None) -> list[DatedFact]:
    """Return a record's facts as the rules take them; with ``known``, as known at that moment."""
    found = [dated(row) for row in facts(session, record_id)]
    return list(known_on(found, known)) if known else found


def latest_fact(session: Session, record_id: int, kind: FactKind, key: str = "") -> Fact | None:
    """Return the latest fact of a kind that nothing has superseded."""
    later = aliased(Fact)
    query = (
        select(Fact)
        .outerjoin(later, later.supersedes_id == Fact.id)
        .where(Fact.record_id == record_id, Fact.kind == kind.value, later.id.is_(None))
        .order_by(Fact.effective_on.desc(), Fact.id.desc())
        .limit(1)
    )
    return session.scalar(query.where(Fact.key == key) if key else query)


def by_source(session: Session, record_id: int, source: str) -> Fact | None:
    """Return the latest fact that the site recorded from one of its own rows."""
    return session.scalar(
        select(Fact)
        .where(Fact.record_id == record_id, Fact.source == source)
        .order_by(Fact.id.desc())
        .limit(1)
    )


def intervals(session: Session, record_id: int) -> Sequence[StandingInterval]:
    """Return a record's standing over all time, in order."""
    return session.scalars(
        select(StandingInterval)
        .where(StandingInterval.record_id == record_id)
        .order_by(StandingInterval.starts_on)
    ).all()


def interval_on(session: Session, record_id: int, day: date) -> StandingInterval | None:
    """Return the standing of one record on one day."""
    return session.scalar(
        select(StandingInterval).where(StandingInterval.record_id == record_id, _holds_on(day))
    )


def standing_of(session: Session, person_id: int, day: date) -> tuple[Record, Any] | None:
    """Return a person's record and its interval on a day (or None); None without a record."""
    row = session.execute(
        select(Record, StandingInterval)
        .outerjoin(StandingInterval, (StandingInterval.record_id == Record.id) & _holds_on(day))
        .where(Record.person_id == person_id)
    ).first()
    return (row[0], row[1]) if row else None


def _holds_on(day: date) -> ColumnElement[bool]:
    ends = StandingInterval.ends_on
    return (StandingInterval.starts_on <= day) & (ends.is_(None) | (ends > day))


def accredited_ids(day: date) -> Select[Any]:
    """Return a query of the ids of the people whose accreditation is in force on a day."""
    active = [status.value for status in ACTIVE]
    return (
        select(Record.person_id)
        .join(StandingInterval, StandingInterval.record_id == Record.id)
        .where(_holds_on(day), StandingInterval.status.in_(active))
    )


@dataclass(frozen=True, kw_only=True)
class RegisterAsked:
    """What somebody asks of the register."""

    day: date
    statuses: tuple[Status, ...] = ()
    pathway: str = ""
    words: str = ""
    #: "name", "number" or "until".
    order: str = "name"
    #: The key of the last row of the page before.
    after: tuple[str, int] | None = None


def _sorted_by(asked: RegisterAsked) -> ColumnElement[Any]:
    if asked.order == "number":
        return Record.number.expression
    if asked.order == "until":
        return func.coalesce(StandingInterval.valid_until, date(9999, 12, 31))
    return people.NAME


def register(
    session: Session, asked: RegisterAsked, most: int = PAGE
) -> list[tuple[Record, StandingInterval]]:
    """Return a page of the register as at a day, one more than ``most`` if there are more."""
    query = _register(asked)
    key = _sorted_by(asked)
    query = query.order_by(key, Record.id).limit(most + 1)
    if asked.after:
        value: object = asked.after[0]
        if asked.order == "until":
            value = date.fromisoformat(asked.after[0])
        query = query.where(tuple_(key, Record.id) > (value, asked.after[1]))
    return [(row, interval) for row, interval in session.execute(query)]


def _register(asked: RegisterAsked) -> Any:
    query: Any = (
        select(Record, StandingInterval)
        .join(StandingInterval, StandingInterval.record_id == Record.id)
        .join(Record.person)
        .where(_holds_on(asked.day))
    )
    if asked.statuses:
        query = query.where(StandingInterval.status.in_([one.value for one in asked.statuses]))
    if asked.pathway:
        query = query.where(StandingInterval.pathways.contains(asked.pathway))
    if asked.words:
        start = asked.words.strip().lower() + "%"
        names = func.lower(people.NAME).like(start)
        query = query.where(names | func.lower(Record.number).like(start))
    return query


def counts(session: Session, day: date) -> dict[Status, int]:
    """Return how many people have each status on a day."""
    rows = session.execute(
        select(StandingInterval.status, func.count())
        .where(_holds_on(day))
        .group_by(StandingInterval.status)
    )
    return {Status(status): number for status, number in rows}


def decisions(session: Session, record_id: int) -> Sequence[Decision]:
    """Return the panel's decisions on a record, newest first."""
    return session.scalars(
        select(Decision)
        .join(PanelItem)
        .where(PanelItem.record_id == record_id)
        .order_by(Decision.id.desc())
    ).all()


def items_of(session: Session, record_id: int) -> Sequence[PanelItem]:
    """Return the panel items about a record, newest first."""
    return session.scalars(
        select(PanelItem).where(PanelItem.record_id == record_id).order_by(PanelItem.id.desc())
    ).all()


def items_to_decide(session: Session) -> Sequence[PanelItem]:
    """Return the panel items that nobody has decided or withdrawn, the soonest first."""
    return session.scalars(
        select(PanelItem)
        .outerjoin(Decision, Decision.item_id == PanelItem.id)
        .where(Decision.id.is_(None), PanelItem.withdrawn_at.is_(None))
        .order_by(PanelItem.meets_on, PanelItem.id)
        .limit(PAGE)
    ).all()


def certificates(session: Session, record_id: int) -> Sequence[Certificate]:
    """Return the certificates of a record, newest first, without their papers."""
    return session.scalars(
        select(Certificate)
        .options(defer(Certificate.pdf))
        .where(Certificate.record_id == record_id)
        .order_by(Certificate.id.desc())
    ).all()
