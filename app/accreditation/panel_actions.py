"""What changes panel items: each member's steps in their order, and the decision.

Nothing here commits, and nothing works a decision out from results.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import audit, mail
from app.accreditation import (
    actions,
    certificate_actions,
    meeting_queries,
    panel_queries,
    queries,
)
from app.accreditation.actions import AccreditationError, NewFact
from app.accreditation.certificate_actions import CannotPrint, Scheme
from app.accreditation.meeting_queries import Given, Meeting
from app.accreditation.models import (
    Certificate,
    Decision,
    InterestDeclaration,
    PackOpening,
    PanelItem,
    PanelSeat,
    PanelVote,
    Record,
    SuitabilityJudgement,
)
from app.accreditation.panel_queries import DECIDABLE
from assessments.facts import FactKind, FactOutcome
from assessments.panel import (
    PanelStage,
    Relation,
    Seat,
    Vote,
    check_stage,
    may_take_part,
)
from assessments.panel_decision import DecisionOutcome, scope_sentence
from assessments.standing import blocks
from assessments.statuses import Status

OUTCOMES = {
    DecisionOutcome.ACCREDIT: FactOutcome.ACCREDITED,
    DecisionOutcome.CONDITIONS: FactOutcome.CONDITIONS,
    DecisionOutcome.DEFER: FactOutcome.DEFERRED,
    DecisionOutcome.DECLINE: FactOutcome.DECLINED,
}


class PanelError(AccreditationError):
    """A refusal about the panel, in words for the person."""


class NotDecidable(PanelError):
    """The panel cannot decide on this person now; ``missing`` says why."""

    def __init__(self, words: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.missing = missing


class ItemClosed(PanelError):
    """The item was decided, or taken off the agenda."""


class SteppedBack(PanelError):
    """This member takes no part; ``reasons`` says why."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("You take no part in this item. " + " ".join(reasons))
        self.reasons = reasons


class NotTheChair(PanelError):
    """Only the chair or the deputy records the decision."""


class VotesChanged(PanelError):
    """A vote came in after the chair had looked."""


class CannotDecide(PanelError):
    """The decision lacks something; ``faults`` says what, in sentences."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("The decision cannot be recorded as it stands")
        self.faults = faults


def set_seats(
    session: Session, person_id: int, seats: set[Seat], *, now: datetime, by_id: int
) -> None:
    """Say which voices a panel member brings."""
    session.execute(delete(PanelSeat).where(PanelSeat.person_id == person_id))
    session.add_all(PanelSeat(person_id=person_id, seat=seat.value) for seat in sorted(seats))
    audit.record(
        session,
        "panel-seats.changed",
        f"users:{person_id}",
        now=now,
        actor_id=by_id,
        about_id=person_id,
        seats=sorted(seats),
    )


def make_item(
    session: Session, record: Record, meets_on: date, *, on: date, now: datetime, by_id: int
) -> PanelItem:
    """Put a person on the panel's agenda. Raises NotDecidable and PanelError."""
    if record.person_id == by_id:
        raise NotDecidable("This is your own record. Somebody else puts it on the agenda")
    if panel_queries.open_item_of(session, record.id):
        raise NotDecidable("This record is on the agenda already")
    interval = queries.interval_on(session, record.id, on)
    status = Status(interval.status) if interval else None
    if status not in DECIDABLE:
        words = status.label.lower() if status else "not on the register"
        facts = queries.dated_facts(session, record.id)
        raise NotDecidable(
            f"The panel cannot decide on {record.number} yet: {words} today",
            tuple(one.sentence for one in blocks(facts, on)) if facts else (),
        )
    row = PanelItem(record_id=record.id, meets_on=meets_on, made_at=now, made_by_id=by_id)
    session.add(row)
    audit.record(
        session, "panel-item.made", row, now=now, actor_id=by_id, about_id=record.person_id
    )
    return row


def take_off(session: Session, item: PanelItem, *, now: datetime, by_id: int) -> None:
    """Take an item off the agenda before it is decided. Raises PanelError."""
    if item.record.person_id == by_id:
        raise NotDecidable("This is about you. Somebody else takes it off the agenda")
    _refuse_closed(session, item)
    item.withdrawn_at = now
    audit.record(
        session,
        "panel-item.withdrawn",
        item,
        now=now,
        actor_id=by_id,
        about_id=item.record.person_id,
    )


def declare(
    session: Session,
    item: PanelItem,
    member_id: int,
    *,
    has_interest: bool,
    nature: str,
    now: datetime,
) -> InterestDeclaration:
    """Keep a member's written answer. Raises DecisionRefused where one stands already."""
    _refuse_closed(session, item)
    part = panel_queries.my_parts(session, [item.id], member_id)[item.id]
    check_stage(PanelStage.INTERESTS, part.done)
    found = [*panel_queries.relations(session, item.record.person_id, member_id)]
    if has_interest:
        found.append(Relation.DECLARED_INTEREST)
    row = InterestDeclaration(
        item_id=item.id,
        member_id=member_id,
        has_interest=has_interest,
        nature=nature,
        grounds=[one.value for one in found],
        declared_at=now,
    )
    session.add(row)
    _note(session, "interest.declared", item, member_id, now)
    return row


def judge_suitability(
    session: Session, item: PanelItem, member_id: int, view: str, reasons: str, *, now: datetime
) -> None:
    """Keep a member's view of suitability, before any result is open to them.

    Raises SteppedBack, DecisionRefused and ItemClosed, as the next two do.
    """
    _step(session, item, member_id, PanelStage.SUITABILITY)
    session.add(
        SuitabilityJudgement(
            item_id=item.id, member_id=member_id, view=view, reasons=reasons, recorded_at=now
        )
    )
    _note(session, "suitability.recorded", item, member_id, now)


def open_results(session: Session, item: PanelItem, member_id: int, *, now: datetime) -> None:
    """Open the results to a member who has recorded their view of suitability."""
    _step(session, item, member_id, PanelStage.RESULTS)
    session.add(PackOpening(item_id=item.id, member_id=member_id, opened_at=now))
    _note(session, "panel-pack.opened", item, member_id, now)


def cast_vote(
    session: Session, item: PanelItem, member_id: int, vote: Vote, dissent: str, *, now: datetime
) -> None:
    """Keep a member's vote, with dissent if there is any."""
    _step(session, item, member_id, PanelStage.VOTE)
    session.add(
        PanelVote(
            item_id=item.id, member_id=member_id, vote=vote.value, dissent=dissent, voted_at=now
        )
    )
    _note(session, "vote.recorded", item, member_id, now)


def note_reading(session: Session, item: PanelItem, member_id: int, *, now: datetime) -> None:
    """Keep that a member read the results, for the person to see."""
    _note(session, "panel-pack.viewed", item, member_id, now)


def _note(session: Session, action: str, item: PanelItem, member_id: int, now: datetime) -> None:
    about = item.record.person_id
    audit.record(session, action, item, now=now, actor_id=member_id, about_id=about)


def _step(session: Session, item: PanelItem, member_id: int, stage: PanelStage) -> None:
    _refuse_closed(session, item)
    part = panel_queries.my_parts(session, [item.id], member_id)[item.id]
    known = panel_queries.relations(session, item.record.person_id, member_id)
    if reasons := may_take_part((*known, *part.grounds)):
        raise SteppedBack(reasons)
    check_stage(stage, part.done)


def _refuse_closed(session: Session, item: PanelItem) -> None:
    if panel_queries.decision_on(session, item.id):
        raise ItemClosed("The panel has decided on this item")
    if item.withdrawn_at:
        raise ItemClosed("This item was taken off the agenda")


def refuse_all_but_chair(session: Session, item: PanelItem, member_id: int) -> None:
    """Raise NotTheChair, SteppedBack, DecisionRefused or ItemClosed for anybody else."""
    if not panel_queries.seats(session).get(member_id, frozenset()) & meeting_queries.CHAIRS:
        raise NotTheChair("The chair or the deputy chair records the decision")
    _step(session, item, member_id, PanelStage.DECISION)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A decision as it was recorded, and the certificate that was issued with it, if one was."""

    decision: Decision
    certificate: Certificate | None


def decide(
    session: Session,
    item: PanelItem,
    given: Given,
    *,
    seen_votes: int,
    scheme: Scheme,
    on: date,
    now: datetime,
    by_id: int,
) -> Recorded:
    """Record the panel's decision and everything that follows from it, in one transaction.

    Raises NotTheChair, SteppedBack, DecisionRefused, ItemClosed, VotesChanged and CannotDecide.
    """
    refuse_all_but_chair(session, item, by_id)
    held = meeting_queries.meeting(session, item, afresh=True)
    if len(held.votes) != seen_votes:
        raise VotesChanged("The votes that count have changed since you looked. Read them again")
    if faults := meeting_queries.faults(session, item, given, held, day=on):
        raise CannotDecide(faults)
    row = _decision(item, given, held, on=on, now=now, by_id=by_id)
    session.add(row)
    audit.record(
        session,
        "decision.recorded",
        row,
        now=now,
        actor_id=by_id,
        about_id=item.record.person_id,
        outcome=given.outcome,
    )
    _record_facts(session, item.record, row, given, now)
    certificate = _certified(session, item.record, row, given, scheme, now)
    _tell(session, item.record, scheme, now)
    return Recorded(decision=row, certificate=certificate)


def _decision(
    item: PanelItem, given: Given, held: Meeting, *, on: date, now: datetime, by_id: int
) -> Decision:
    row = Decision(item_id=item.id, outcome=given.outcome.value, reasons=given.reasons)
    row.decided_on, row.recorded_at, row.recorded_by_id = on, now, by_id
    row.vote = held.result(given.casting).sentence
    row.present = [[m.person_id, m.name, sorted(m.seats)] for m in held.counting]
    row.withdrew = [[m.person_id, m.name, list(m.relations)] for m in held.members if m.relations]
    row.scope_parts = {}
    row.deferred_until = given.deferred_until if given.outcome is DecisionOutcome.DEFER else None
    if given.grants and given.scope:
        row.valid_from, row.valid_until = on, given.valid_until
        row.pathways, row.scope = " ".join(given.pathways), scope_sentence(given.scope)
        row.scope_parts = {
            "age_group": given.scope.age_group,
            "languages": list(given.scope.languages),
            "locality": given.scope.locality,
            "working": given.scope.working.value,
        }
    if given.outcome is DecisionOutcome.CONDITIONS:
        row.conditions, row.condition_owner = given.conditions, given.owner
        row.review_on = given.review_on
    return row


def _record_facts(
    session: Session, record: Record, row: Decision, given: Given, now: datetime
) -> None:
    source = f"decisions:{row.id}"
    new = [
        NewFact(
            kind=FactKind.PANEL_DECISION,
            outcome=OUTCOMES[given.outcome],
            effective=row.decided_on,
            until=row.valid_until or row.deferred_until,
            key=row.pathways,
            source=source,
        )
    ]
    if given.outcome is DecisionOutcome.CONDITIONS:
        new.append(
            NewFact(
                kind=FactKind.CONDITION,
                effective=row.decided_on,
                review=row.review_on,
                key=f"decision-{row.id}",
                source=source,
            )
        )
    for one in new:
        actions.add_fact(session, record, one, now=now, by_id=row.recorded_by_id)
    if given.grants:
        _lift(session, record, row, now)


def _lift(session: Session, record: Record, row: Decision, now: datetime) -> None:
    standing = queries.interval_on(session, record.id, row.decided_on)
    if standing is not None and standing.status == Status.SUSPENDED.value:
        actions.lift(
            session,
            record,
            f"By the panel’s decision of {row.decided_on.isoformat()}",
            on=row.decided_on,
            now=now,
            by_id=row.recorded_by_id,
        )


def _certified(
    session: Session, record: Record, row: Decision, given: Given, scheme: Scheme, now: datetime
) -> Certificate | None:
    if not given.grants:
        return None
    try:
        return certificate_actions.issue(
            session, record, row, scheme=scheme, now=now, by_id=row.recorded_by_id
        )
    except CannotPrint:
        # The decision stands. The mentor chooses a name that can be set, and it is issued then.
        return None


def _tell(session: Session, record: Record, scheme: Scheme, now: datetime) -> None:
    body = (
        f"{record.person.working_name}\n\n"
        "The panel has reached a decision about your accreditation. Sign in to read it, with the "
        f"reasons:\n\n{scheme.base_url.rstrip('/')}/certificate/\n\n"
        "This message says nothing of what was decided.\n"
    )
    mail.write(
        session, record.person.email, "The panel has decided", body, kind=mail.Kind.NOTICE, now=now
    )
