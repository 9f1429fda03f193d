"""What is asked about the panel: its members, its items, and how far each member has come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.accreditation import queries
from app.accreditation.models import (
    Decision,
    InterestDeclaration,
    PackOpening,
    PanelItem,
    PanelSeat,
    PanelVote,
    Record,
    StandingInterval,
    SuitabilityJudgement,
)
from app.content import framework
from app.portfolio import queries as portfolio
from app.supervision import queries as supervision
from assessments.panel import PanelStage, Relation, Seat
from assessments.panel_decision import DecisionOutcome, Scope, Working
from assessments.statuses import Status

PAGE = 20
RECENT = 10
#: Of whom the panel can decide (award specification D3).
DECIDABLE = (
    Status.READY_FOR_PANEL,
    Status.RENEWAL_DUE,
    Status.ACCREDITED_WITH_CONDITIONS,
    Status.SUSPENDED,
)
GRANTED = (DecisionOutcome.ACCREDIT.value, DecisionOutcome.CONDITIONS.value)


@dataclass(frozen=True, kw_only=True)
class Part:
    """How far one member has come with one item."""

    member_id: int
    declaration: InterestDeclaration | None = None
    judgement: SuitabilityJudgement | None = None
    opening: PackOpening | None = None
    vote: PanelVote | None = None

    @property
    def grounds(self) -> tuple[Relation, ...]:
        """Return why the member stepped back when they declared; empty: they did not."""
        found = self.declaration.grounds if self.declaration else []
        return tuple(Relation(one) for one in found)

    @property
    def done(self) -> frozenset[PanelStage]:
        """Return the steps that the member has taken."""
        steps = {
            PanelStage.INTERESTS: self.declaration,
            PanelStage.SUITABILITY: self.judgement,
            PanelStage.RESULTS: self.opening,
            PanelStage.VOTE: self.vote,
        }
        return frozenset(stage for stage, row in steps.items() if row is not None)


def item(session: Session, item_id: int) -> PanelItem | None:
    """Return one item."""
    return session.get(PanelItem, item_id)


def _undecided() -> Select[PanelItem]:
    return (
        select(PanelItem)
        .outerjoin(Decision, Decision.item_id == PanelItem.id)
        .where(Decision.id.is_(None), PanelItem.withdrawn_at.is_(None))
    )


def agenda(
    session: Session, after: tuple[date, int] | None = None, most: int = PAGE
) -> list[PanelItem]:
    """Return a page of items not yet decided, soonest first, one more than ``most`` if more."""
    query = _undecided().order_by(PanelItem.meets_on, PanelItem.id).limit(most + 1)
    if after:
        query = query.where(tuple_(PanelItem.meets_on, PanelItem.id) > after)
    return list(session.scalars(query))


def decided(session: Session, before: int | None = None, most: int = RECENT) -> list[Decision]:
    """Return a page of decisions, latest first, one more than ``most`` if there are more."""
    query = select(Decision).order_by(Decision.id.desc()).limit(most + 1)
    if before is not None:
        query = query.where(Decision.id < before)
    return list(session.scalars(query))


def open_item_of(session: Session, record_id: int) -> PanelItem | None:
    """Return the item about a record that waits for its decision."""
    return session.scalar(_undecided().where(PanelItem.record_id == record_id).limit(1))


def decision_on(session: Session, item_id: int) -> Decision | None:
    """Return the decision on an item, once there is one."""
    return session.scalar(select(Decision).where(Decision.item_id == item_id))


def last_decision(session: Session, record_id: int) -> Decision | None:
    """Return the latest decision on a record."""
    return next(iter(queries.decisions(session, record_id)), None)


def last_grant(session: Session, record_id: int) -> Decision | None:
    """Return the latest decision that accredited."""
    rows = queries.decisions(session, record_id)
    return next((one for one in rows if one.outcome in GRANTED), None)


def decidable(
    session: Session, day: date, most: int = PAGE
) -> list[tuple[Record, StandingInterval]]:
    """Return records of whom the panel can decide and that no item waits for, by status."""
    waiting = _undecided().with_only_columns(PanelItem.record_id)
    ends = StandingInterval.ends_on
    rows = session.execute(
        select(Record, StandingInterval)
        .join(StandingInterval, StandingInterval.record_id == Record.id)
        .where(
            StandingInterval.starts_on <= day,
            ends.is_(None) | (ends > day),
            StandingInterval.status.in_([one.value for one in DECIDABLE]),
            Record.id.not_in(waiting),
        )
        .order_by(StandingInterval.status, StandingInterval.starts_on, Record.id)
        .limit(most)
    )
    return [(record, interval) for record, interval in rows]


def seats(session: Session) -> dict[int, frozenset[Seat]]:
    """Return which voices each panel member brings."""
    found: dict[int, set[Seat]] = defaultdict(set)
    for row in session.scalars(select(PanelSeat)):
        found[row.person_id].add(Seat(row.seat))
    return {person: frozenset(held) for person, held in found.items()}


def members(session: Session) -> dict[int, str]:
    """Return the names of everybody who sits on the panel now, by name."""
    return {one.id: one.working_name for one in accounts.people_with(session, Role.PANEL_MEMBER)}


def parts(session: Session, item_id: int) -> dict[int, Part]:
    """Return how far each member has come with one item."""
    return {part.member_id: part for part in _parts(session, [item_id], None).values()}


def my_parts(session: Session, item_ids: Sequence[int], member_id: int) -> dict[int, Part]:
    """Return how far one member has come with each of several items."""
    found = _parts(session, item_ids, member_id)
    return {one: found.get((one, member_id), Part(member_id=member_id)) for one in item_ids}


def _parts(
    session: Session, item_ids: Iterable[int], member_id: int | None
) -> dict[tuple[int, int], Part]:
    wanted = list(item_ids)
    names: dict[str, Any] = {
        "declaration": InterestDeclaration,
        "judgement": SuitabilityJudgement,
        "opening": PackOpening,
        "vote": PanelVote,
    }
    found: dict[tuple[int, int], dict[str, object]] = defaultdict(dict)
    for name, model in names.items():
        query = select(model).where(model.item_id.in_(wanted))
        if member_id is not None:
            query = query.where(model.member_id == member_id)
        for row in session.scalars(query):
            found[row.item_id, row.member_id][name] = row
    return {
        key: Part(member_id=key[1], **rows)  # type: ignore[arg-type]
        for key, rows in found.items()
    }


def relations(session: Session, person_id: int, member_id: int) -> tuple[Relation, ...]:
    """Return how a member stands to the person, as far as the site knows it."""
    if person_id == member_id:
        return (Relation.IS_THE_PERSON,)
    found = (
        (Relation.ASSESSED, portfolio.assessed_by(session, person_id, member_id)),
        (Relation.VERIFIED, _verified(session, person_id, member_id)),
    )
    known = [relation for relation, stands in found if stands]
    return (*known, *_supervision(session, person_id, member_id))


def _verified(session: Session, person_id: int, member_id: int) -> bool:
    rows = portfolio.judgements(session, [person_id])[person_id]
    return any(one.verifier_id == member_id for row in rows for one in row.verifications)


def _supervision(session: Session, person_id: int, member_id: int) -> list[Relation]:
    agreements = supervision.agreements_of(session, member_id)
    found = []
    if any((a.supervisor_id, a.mentor_id) == (member_id, person_id) for a in agreements):
        found.append(Relation.SUPERVISES)
    if any((a.supervisor_id, a.mentor_id) == (person_id, member_id) for a in agreements):
        found.append(Relation.SUPERVISED_BY)
    return found


def results_open(session: Session, record_id: int, member_id: int) -> bool:
    """Return whether a panel member may see assessment results of a person now.

    While an item waits, only after the member's own judgement of suitability, and not at all for
    one who stepped back.
    """
    waiting = open_item_of(session, record_id)
    if waiting is None:
        return True
    mine = my_parts(session, [waiting.id], member_id)[waiting.id]
    return PanelStage.SUITABILITY in mine.done and not mine.grounds


def scope_of(decision: Decision) -> Scope | None:
    """Return the scope of a decision that accredited, in parts."""
    if decision.outcome not in GRANTED:
        return None
    names = {unit.code: unit.pathway or unit.title for unit in framework().pathways}
    given = decision.scope_parts
    languages = given["languages"]
    return Scope(
        pathways=tuple(names[code] for code in decision.pathways.split() if code in names),
        age_group=str(given["age_group"]),
        languages=tuple(str(one) for one in languages) if isinstance(languages, list) else (),
        locality=str(given["locality"]),
        working=Working(str(given["working"])),
    )
