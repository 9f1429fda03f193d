"""What a meeting of the panel amounts to: who counts, the vote, and what a decision lacks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accreditation import panel_queries, queries
from app.accreditation.models import PanelItem
from app.accreditation.panel_queries import DECIDABLE, Part
from assessments.dates import say
from assessments.facts import FactKind, good_until
from assessments.panel import (
    PanelStage,
    Present,
    Relation,
    Seat,
    Vote,
    VoteResult,
    may_take_part,
    quorum,
    vote_result,
)
from assessments.panel_decision import (
    Condition,
    DecisionOutcome,
    Draft,
    Scope,
    decision_faults,
    valid_until,
)
from assessments.standing import blocks
from assessments.statuses import Status

GRANTS = (DecisionOutcome.ACCREDIT, DecisionOutcome.CONDITIONS)
CHAIRS = frozenset({Seat.CHAIR, Seat.DEPUTY})


@dataclass(frozen=True, kw_only=True)
class Member:
    """One panel member in the meeting about one item."""

    person_id: int
    name: str
    seats: frozenset[Seat]
    part: Part
    #: Why the member stands back; empty: takes part.
    relations: tuple[Relation, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return why the member stands back, as it is said to them."""
        return may_take_part(self.relations)

    @property
    def counts(self) -> bool:
        """Return whether the member counts: no interest, and every step up to the vote."""
        return not self.relations and PanelStage.VOTE in self.part.done

    @property
    def chairs(self) -> bool:
        """Return whether the member is the chair or the deputy."""
        return bool(self.seats & CHAIRS)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """Everybody on the panel, and how far each has come with one item."""

    members: tuple[Member, ...]

    @property
    def counting(self) -> tuple[Member, ...]:
        """Return those who count."""
        return tuple(one for one in self.members if one.counts)

    @property
    def votes(self) -> tuple[Vote, ...]:
        """Return the votes of those who count."""
        return tuple(Vote(one.part.vote.vote) for one in self.counting if one.part.vote)

    def missing(self) -> tuple[str, ...]:
        """Return what the meeting lacks of its quorum, in sentences."""
        return quorum(Present(person_id=m.person_id, seats=m.seats) for m in self.counting)

    def result(self, casting: Vote | None = None) -> VoteResult:
        """Return what the vote comes to."""
        return vote_result(self.votes, casting)


def meeting(session: Session, item: PanelItem, *, afresh: bool = False) -> Meeting:
    """Return the meeting about an item.

    ``afresh`` asks of every member again how they stand to the person, as a decision must; else
    what each one's declaration found is taken.
    """
    parts, seats = panel_queries.parts(session, item.id), panel_queries.seats(session)
    found = []
    for person_id, name in panel_queries.members(session).items():
        part = parts.get(person_id, Part(member_id=person_id))
        relations = part.grounds
        if afresh:
            known = panel_queries.relations(session, item.record.person_id, person_id)
            relations = tuple(dict.fromkeys((*known, *relations)))
        held = seats.get(person_id, frozenset())
        found.append(
            Member(person_id=person_id, name=name, seats=held, part=part, relations=relations)
        )
    return Meeting(members=tuple(found))


@dataclass(frozen=True, kw_only=True)
class Given:
    """A decision as the chair gave it, before it is recorded."""

    outcome: DecisionOutcome
    reasons: str
    pathways: tuple[str, ...] = ()
    scope: Scope | None = None
    conditions: str = ""
    review_on: date | None = None
    owner: str = ""
    valid_until: date | None = None
    deferred_until: date | None = None
    casting: Vote | None = None

    @property
    def grants(self) -> bool:
        """Return whether it accredits."""
        return self.outcome in GRANTS


def longest_validity(session: Session, record_id: int, day: date) -> date:
    """Return the last day to which an accreditation decided on ``day`` can run."""
    vetting = queries.latest_fact(session, record_id, FactKind.VETTING)
    cleared = good_until(queries.dated(vetting)) if vetting else None
    return valid_until(day, vetting_until=cleared)


def faults(
    session: Session, item: PanelItem, given: Given, held: Meeting, *, day: date
) -> tuple[str, ...]:
    """Return everything that keeps the decision from being recorded, in sentences."""
    condition = Condition(text=given.conditions, review=given.review_on, owner=given.owner)
    draft = Draft(
        outcome=given.outcome,
        decided=day,
        reasons=given.reasons,
        valid_until=given.valid_until if given.grants else None,
        conditions=(condition,) if given.outcome is DecisionOutcome.CONDITIONS else (),
        deferred_until=given.deferred_until,
    )
    before = panel_queries.last_decision(session, item.record_id)
    deferred = before is not None and before.outcome == DecisionOutcome.DEFER.value
    found = [*decision_faults(draft, quorum_missing=held.missing(), deferred_before=deferred)]
    found += _against_the_vote(given, held.result(given.casting))
    if given.grants:
        found += _against_the_record(session, item.record_id, given, day)
    return tuple(found)


def _against_the_vote(given: Given, result: VoteResult) -> Iterator[str]:
    if result.carried is None:
        yield result.sentence
    elif result.carried and given.outcome is DecisionOutcome.DECLINE:
        yield "The vote was carried, so the panel cannot decline. It can set conditions or defer."
    elif not result.carried and given.grants:
        yield "The vote was not carried, so the panel cannot accredit. It declines or defers."


def _against_the_record(session: Session, record_id: int, given: Given, day: date) -> Iterator[str]:
    interval = queries.interval_on(session, record_id, day)
    status = Status(interval.status) if interval else None
    if interval is None or status not in DECIDABLE:
        words = status.label.lower() if status else "not on the register"
        yield f"This person is {words} today, so the panel cannot accredit."
        return
    lacking = [
        one.sentence
        for one in blocks(queries.dated_facts(session, record_id), day)
        if one.kind is not FactKind.ORDER_SUSPENDED
    ]
    latest = longest_validity(session, record_id, day)
    if lacking and status in (Status.READY_FOR_PANEL, Status.RENEWAL_DUE):
        yield from lacking
    elif lacking and interval.valid_until:
        # Conditions and suspensions are looked at before a renewal is due: nothing is prolonged.
        latest = min(latest, interval.valid_until)
    if given.valid_until and given.valid_until > latest:
        yield f"As the record stands, the accreditation can run until {say(latest)} at the latest."
    yield from _outside_the_award(session, record_id, given.pathways)


def _outside_the_award(session: Session, record_id: int, pathways: Sequence[str]) -> Iterator[str]:
    if not pathways:
        yield "Choose at least one pathway."
    award = queries.latest_fact(session, record_id, FactKind.AWARD)
    achieved = award.key.split() if award else []
    for code in pathways:
        if achieved and code not in achieved:
            yield f"The award was not achieved in pathway {code}."
