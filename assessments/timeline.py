"""What is coming, if nothing changes: the dates that a timeline shows dashed.

Source: award specification D1, D3, D5 and E2 (docs/sources.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from assessments.factlines import fact_lines
from assessments.facts import DatedFact
from assessments.record import Record
from assessments.standing import replayed, standing
from assessments.statuses import Interval, Status
from assessments.supervisionclock import Stage, clock_of


class Coming(StrEnum):
    """What kind of date is coming."""

    STATUS = "status"
    HOLD = "hold"
    RUNS_OUT = "runs_out"
    REVIEW = "review"
    SUPERVISION = "supervision"


@dataclass(frozen=True, kw_only=True)
class ComingDate:
    """One date ahead. ``on`` is the day on which it happens, or the last good day of a fact."""

    on: date
    what: Coming
    words: str


_STATUS_WORDS = {
    Status.RENEWAL_DUE: "Renewal is due from this day.",
    Status.LAPSED: "The accreditation lapses, unless what it rests on is renewed.",
    Status.IN_TRAINING: "No longer ready for panel, unless what runs out is renewed.",
}
_STAGE_WORDS = {
    Stage.REMINDER: "A reminder that supervision is due.",
    Stage.FLAGGED: "Supervision is flagged as overdue.",
    Stage.NO_NEW_WORK: "No new work until supervision is held.",
    Stage.LAPSED: "The accreditation lapses, unless supervision is held.",
}


def next_changes(facts: Iterable[DatedFact], day: date) -> tuple[ComingDate, ...]:
    """Return what is coming after ``day`` if no new fact is recorded, soonest first.

    Changes of status are listed up to the first after which no work may be offered.
    """
    given = list(facts)
    found = {
        *_interval_changes(standing(given), day),
        *_run_outs(given, day),
        *_accreditation_dates(Record(given), day),
    }
    return tuple(sorted(found, key=lambda coming: (coming.on, coming.what, coming.words)))


def _interval_changes(intervals: Sequence[Interval], day: date) -> Iterator[ComingDate]:
    for one, following in pairwise(intervals):
        if following.starts <= day:
            continue
        if following.status is not one.status:
            words = _STATUS_WORDS.get(following.status, f"{following.status.label}.")
            yield ComingDate(on=following.starts, what=Coming.STATUS, words=words)
            if not following.status.active:
                return
        for hold in sorted(following.holds - one.holds):
            words = f"No new work from this day: {hold.label.lower()}."
            yield ComingDate(on=following.starts, what=Coming.HOLD, words=words)


def _run_outs(facts: list[DatedFact], day: date) -> Iterator[ComingDate]:
    for line in fact_lines(facts, day):
        if line.until is not None and line.until >= day:
            words = f"{line.title}: last good day."
            yield ComingDate(on=line.until, what=Coming.RUNS_OUT, words=words)


def _accreditation_dates(record: Record, day: date) -> Iterator[ComingDate]:
    replay = replayed(record, day)
    if replay.decision is None:
        return
    for condition in record.open_conditions(day, replay.decision.effective):
        if condition.review is not None and condition.review >= day:
            words = "The panel reviews a condition."
            yield ComingDate(on=condition.review, what=Coming.REVIEW, words=words)
    gap = clock_of(record, day, replay.started)
    if gap.next_on is not None and gap.next_stage is not None and gap.next_on > day:
        words = _STAGE_WORDS[gap.next_stage]
        yield ComingDate(on=gap.next_on, what=Coming.SUPERVISION, words=words)


def status_changes(facts: Iterable[DatedFact], day: date) -> tuple[Interval, ...]:
    """Return the intervals that begin a new status by ``day``, oldest first: what happened."""
    intervals = standing(facts)
    past = [interval for interval in intervals if interval.starts <= day]
    return tuple(
        interval
        for place, interval in enumerate(past)
        if place == 0 or interval.status is not past[place - 1].status
    )
