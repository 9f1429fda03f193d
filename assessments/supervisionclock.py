"""How long since supervision was last held, and what that brings about.

Source: award specification E2 (docs/sources.md). Day 29 is the 29th day after the last meeting.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from assessments.dates import ONE_DAY, say
from assessments.facts import DatedFact, FactKind
from assessments.record import Record


class Stage(IntEnum):
    """What a gap has come to, in order of weight."""

    IN_DATE = 0
    REMINDER = 1
    FLAGGED = 2
    NO_NEW_WORK = 3
    LAPSED = 4


#: From which day of the gap each stage holds, with a case open and without one.
WITH_CASE = ((46, Stage.LAPSED), (36, Stage.NO_NEW_WORK), (29, Stage.FLAGGED), (25, Stage.REMINDER))
WITHOUT_CASE = ((121, Stage.LAPSED), (91, Stage.FLAGGED), (80, Stage.REMINDER))
LONGEST_GAP_WITH_CASE = 28


#: When any case was open: half-open periods that do not touch, in order.
Periods = Sequence[tuple[date, date]]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What the days since a meeting have come to, on one day."""

    stage: Stage
    #: Whether a case is open on that day.
    case_open: bool
    #: The day from which the gap is counted, and its days so far.
    since: date
    days: int
    #: The next stage, and its day, if nothing changes.
    next_stage: Stage | None
    next_on: date | None


@dataclass(frozen=True, kw_only=True)
class Clock(Gap):
    """A gap, with the meeting that it follows."""

    #: The meeting that it is counted from, if it is counted from one.
    meeting_id: str | None
    sentence: str


def gap_on(base: date, case_periods: Periods, day: date) -> Gap:
    """Return what the gap has come to on ``day``, ``base`` being the last meeting.

    With a case open the gap runs from the last meeting; where that was more than 28 days before
    the case opened, from the day the case opened (a meeting is owed before the first contact
    anyway). Only a meeting ends a gap: closing the case does not.
    """
    near = _near(base, case_periods, day)
    is_open = bool(near) and near[-1][1] > day
    stage, since = Stage.IN_DATE, base
    if near:
        counted = _counted_from(base, near)
        stage = _stage((min(near[-1][1] - ONE_DAY, day) - counted).days, WITH_CASE)
        since = counted if is_open else base
    last_free = near[-1][0] - ONE_DAY if is_open else day
    stage = max(stage, _stage((last_free - base).days, WITHOUT_CASE))
    next_stage, next_on = _next(stage, since, WITH_CASE if is_open else WITHOUT_CASE)
    return Gap(
        stage=stage,
        case_open=is_open,
        since=since,
        days=(day - since).days,
        next_stage=next_stage,
        next_on=next_on,
    )


def clock(facts: Iterable[DatedFact], on: date, *, started: date) -> Clock:
    """Return where the supervision gap stands on the day ``on``.

    ``started`` is the day from which supervision is owed: that of the accreditation.
    """
    return clock_of(Record(facts), on, started)


def clock_of(record: Record, day: date, started: date) -> Clock:
    """Return where the gap stands, from facts already arranged."""
    meeting = record.latest(FactKind.SUPERVISION_SESSION, day)
    held = meeting is not None and meeting.effective >= started
    base = meeting.effective if meeting is not None and held else started
    gap = gap_on(base, record.case_periods, day)
    return Clock(
        stage=gap.stage,
        case_open=gap.case_open,
        since=gap.since,
        days=gap.days,
        next_stage=gap.next_stage,
        next_on=gap.next_on,
        meeting_id=meeting.id if meeting is not None and held else None,
        sentence=(
            f"The last supervision was on {say(base)}."
            if held
            else f"No supervision since the accreditation of {say(base)}."
        ),
    )


def days_of_change(record: Record) -> Iterator[date]:
    """Yield each day on which a gap could come to "no new work" or to a lapse.

    A gap that a later meeting ended before such a day is passed over.
    """
    for meeting in record.all(FactKind.SUPERVISION_SESSION):
        for day in _days_after(meeting):
            if record.latest(FactKind.SUPERVISION_SESSION, day) is meeting:
                yield day
    for kind in (FactKind.PANEL_DECISION, FactKind.CASE_OPENED):
        for fact in record.all(kind):
            yield from _days_after(fact)


def _days_after(fact: DatedFact) -> Iterator[date]:
    return (fact.effective + timedelta(days=days) for days in (36, 46, 121))


def _stage(days: int, table: tuple[tuple[int, Stage], ...]) -> Stage:
    for least, stage in table:
        if days >= least:
            return stage
    return Stage.IN_DATE


def _next(
    stage: Stage, since: date, table: tuple[tuple[int, Stage], ...]
) -> tuple[Stage | None, date | None]:
    for least, following in reversed(table):
        if following > stage:
            return following, since + timedelta(days=least)
    return None, None


def _near(base: date, case_periods: Periods, day: date) -> Periods:
    """Return the periods with an open case that reach into the days from ``base`` to ``day``."""
    started = bisect_right(case_periods, (day, date.max))
    return [period for period in case_periods[:started] if period[1] > base]


def _counted_from(base: date, near: Periods) -> date:
    opened = max(near[0][0], base)
    return base if (opened - base).days <= LONGEST_GAP_WITH_CASE else opened
