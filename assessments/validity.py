"""While an accreditation is in force: its end, its conditions, what lapses it, what holds it.

Source: award specification D1 (column "If missing"), D2, D5 and E2 (docs/sources.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.dates import ONE_DAY, last_good_day, say
from assessments.facts import GOOD_FOR_MONTHS, DatedFact, FactKind, good_until
from assessments.readiness import last_good, vetting_block
from assessments.record import Record
from assessments.statuses import Hold, Reason
from assessments.supervisionclock import Clock, Stage, clock_of

RENEWAL_WINDOW = timedelta(days=90)
#: How long a hold waits for the code and the training, and a lapse for the agreement.
THIRTY_DAYS = timedelta(days=30)

_PATIENT = {
    FactKind.CODE_OF_CONDUCT: Hold.CODE_OF_CONDUCT,
    FactKind.TRAINING: Hold.TRAINING,
}
_AT_ONCE = {
    FactKind.SUPERVISION_AGREEMENT: Hold.SUPERVISION_AGREEMENT,
    FactKind.INTERESTS: Hold.INTERESTS,
    FactKind.CONTRACT: Hold.CONTRACT,
}

#: Kinds that can end an accreditation, and so open the renewal window.
_ENDS = (FactKind.VETTING, FactKind.PANEL_DECISION, FactKind.CONDITION)
#: Kinds that hold or lapse only after thirty days.
_WAITS = (*_PATIENT, FactKind.SUPERVISION_AGREEMENT)


@dataclass(frozen=True, kw_only=True)
class End:
    """The last day of an accreditation as things stand, and what sets it."""

    last_day: date
    text: str
    fact_id: str


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """A fact that is missing or has run out: since when, and which."""

    last_good: date
    fact: DatedFact | None


def end_of(record: Record, day: date, decision: DatedFact) -> End:
    """Return the earliest end: 24 months, vetting, or the end date in a condition.

    A lapsed supervision agreement ends validity too, through ``lapses``: an agreement that is
    still in date is renewed by mentor and supervisor, so it does not make a renewal due.
    Source: award specification D5.
    """
    return min(_ends(record, day, decision), key=lambda end: end.last_day)


def last_day_of_decision(decision: DatedFact) -> date:
    """Return the decision's own last day: 24 months, or the earlier day that the panel set."""
    longest = last_good_day(decision.effective, GOOD_FOR_MONTHS[FactKind.PANEL_DECISION])
    return min(decision.until or longest, longest)


def lapses(record: Record, day: date, decision: DatedFact, started: date) -> tuple[Reason, ...]:
    """Return each reason for which the accreditation does not hold on ``day``; empty: it does.

    Source: award specification D3 row "Any active to lapsed", D1 facts 5 and 9, E2.
    """
    found = [*_ended(record, day, decision), *_vetting(record, day)]
    found += [*_agreement(record, day, started), *_gap(record, day, started)]
    return tuple(found)


def holds(record: Record, day: date, started: date) -> dict[Hold, Reason]:
    """Return each hold on ``day`` with its reason.

    Source: award specification D1 facts 8 to 12; E2 (no new work).
    """
    found: dict[Hold, Reason] = {}
    for kind, hold in (*_PATIENT.items(), *_AT_ONCE.items()):
        lacking = lacking_on(record, kind, day, started)
        patience = THIRTY_DAYS if kind in _PATIENT else timedelta(0)
        if lacking is not None and day - lacking.last_good > patience:
            found[hold] = _lacking_reason(kind, lacking)
    gap = clock_of(record, day, started)
    if gap.stage >= Stage.NO_NEW_WORK:
        found[Hold.SUPERVISION_GAP] = _gap_reason(gap)
    return found


def lacking_on(record: Record, kind: FactKind, day: date, started: date) -> Lacking | None:
    """Return what is lacking of a kind on ``day``; None while a fact is good.

    A fact that was never recorded is lacking from the day ``started``.
    """
    fact = record.latest(kind, day)
    until = started - ONE_DAY if fact is None else last_good(record, fact, day)
    if until is None or day <= until:
        return None
    return Lacking(last_good=until, fact=fact)


def days_of_change(record: Record) -> Iterator[date]:
    """Yield each day on which a fact runs out, or has run out long enough to matter.

    A paper that was renewed before it ran out is passed over: nothing changes on that day.
    """
    for fact in record.facts:
        until = good_until(fact)
        if until is not None:
            if not record.followed(fact, until):
                yield until + ONE_DAY
            if fact.kind in _ENDS:
                yield until - RENEWAL_WINDOW
            if fact.kind in _WAITS and not record.followed(fact, until):
                yield until + ONE_DAY + THIRTY_DAYS
        if fact.kind in (FactKind.CODE_PUBLISHED, FactKind.PANEL_DECISION):
            yield fact.effective + THIRTY_DAYS


def _ends(record: Record, day: date, decision: DatedFact) -> Iterator[End]:
    yield from _decision_ends(record, day, decision)
    vetting = record.latest(FactKind.VETTING, day)
    cleared = good_until(vetting) if vetting else None
    if vetting is not None and cleared is not None:
        text = f"Vetting is good until {say(cleared)}."
        yield End(last_day=cleared, text=text, fact_id=vetting.id)


def _decision_ends(record: Record, day: date, decision: DatedFact) -> Iterator[End]:
    decided = last_day_of_decision(decision)
    text = f"The panel's decision is good until {say(decided)}."
    yield End(last_day=decided, text=text, fact_id=decision.id)
    for condition in record.open_conditions(day, decision.effective):
        if condition.until is not None:
            text = f"A condition ends the accreditation on {say(condition.until)}."
            yield End(last_day=condition.until, text=text, fact_id=condition.id)


def _ended(record: Record, day: date, decision: DatedFact) -> Iterator[Reason]:
    for end in _decision_ends(record, day, decision):
        if day > end.last_day:
            text = f"The accreditation ended on {say(end.last_day)}."
            yield Reason(text=text, fact_ids=(end.fact_id,))


def _vetting(record: Record, day: date) -> Iterator[Reason]:
    for block in vetting_block(record, day):
        yield Reason(text=block.sentence, fact_ids=(block.fact_id,) if block.fact_id else ())


def _agreement(record: Record, day: date, started: date) -> Iterator[Reason]:
    kind = FactKind.SUPERVISION_AGREEMENT
    lacking = lacking_on(record, kind, day, started)
    if lacking is not None and day - lacking.last_good > THIRTY_DAYS:
        yield _lacking_reason(kind, lacking)


def _gap(record: Record, day: date, started: date) -> Iterator[Reason]:
    gap = clock_of(record, day, started)
    if gap.stage is Stage.LAPSED:
        yield _gap_reason(gap)


def _gap_reason(gap: Clock) -> Reason:
    return Reason(text=gap.sentence, fact_ids=(gap.meeting_id,) if gap.meeting_id else ())


def _lacking_reason(kind: FactKind, lacking: Lacking) -> Reason:
    if lacking.fact is None:
        return Reason(text=f"{kind.label} is not recorded.")
    text = f"{kind.label} ran out on {say(lacking.last_good)}."
    return Reason(text=text, fact_ids=(lacking.fact.id,))
