"""How long since supervision was last held, and what that brings about.

Source: award specification E2 (docs/sources.md). Day 29 is the 29th day after the last meeting.
"""

from bisect import bisect_right
from collections.abc import Iterable
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


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Where the gap stands on one day."""

    stage: Stage
    #: Whether a case is open on that day.
    case_open: bool
    #: The day from which the gap is counted, and its days so far.
    since: date
    days: int
    #: The meeting that it is counted from, if it is counted from one.
    meeting_id: str | None
    #: The next stage, and its day, if nothing changes.
    next_stage: Stage | None
    next_on: date | None
    sentence: str


def clock(facts: Iterable[DatedFact], on: date, *, started: date) -> Clock:
    """Return where the supervision gap stands on the day ``on``.

    ``started`` is the day from which supervision is owed: that of the accreditation.
    """
    return clock_of(Record(facts), on, started)


def clock_of(record: Record, day: date, started: date) -> Clock:
    """Return where the gap stands, from facts already arranged.

    With a case open the gap runs from the last meeting; where that was more than 28 days before
    the case opened, from the day the case opened (a meeting is owed before the first contact
    anyway). Only a meeting ends a gap: closing the case does not.
    """
    meeting = record.latest(FactKind.SUPERVISION_SESSION, day)
    base = started if meeting is None else max(started, meeting.effective)
    opened, last_open = _open_days(record, base, day)
    is_open = last_open == day
    stage = Stage.IN_DATE
    since = base
    if opened is not None and last_open is not None:
        counted = base if (opened - base).days <= LONGEST_GAP_WITH_CASE else opened
        stage = _stage((last_open - counted).days, WITH_CASE)
        since = counted if is_open else base
    last_free = _last_free_day(record, base, day)
    if last_free is not None:
        stage = max(stage, _stage((last_free - base).days, WITHOUT_CASE))
    next_stage, next_on = _next(stage, since, WITH_CASE if is_open else WITHOUT_CASE)
    return Clock(
        stage=stage,
        case_open=is_open,
        since=since,
        days=(day - since).days,
        meeting_id=meeting.id if meeting and meeting.effective == base else None,
        next_stage=next_stage,
        next_on=next_on,
        sentence=_sentence(meeting, base),
    )


def reaches(record: Record, day: date, started: date) -> Stage:
    """Return only the stage reached; what standing needs."""
    return clock_of(record, day, started).stage


def days_of_change(record: Record) -> Iterable[date]:
    """Yield each day on which a gap could come to "no new work" or to a lapse."""
    starts = (FactKind.SUPERVISION_SESSION, FactKind.PANEL_DECISION, FactKind.CASE_OPENED)
    for kind in starts:
        for fact in record.all(kind):
            for days in (36, 46, 121):
                yield fact.effective + timedelta(days=days)


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


def _open_days(record: Record, base: date, day: date) -> tuple[date | None, date | None]:
    """Return the first and the last day from ``base`` to ``day`` on which a case was open."""
    near = _near(record, base, day)
    if not near:
        return None, None
    return max(near[0][0], base), min(near[-1][1] - ONE_DAY, day)


def _last_free_day(record: Record, base: date, day: date) -> date | None:
    """Return the last day from ``base`` to ``day`` on which no case was open."""
    near = _near(record, base, day)
    last = near[-1][0] - ONE_DAY if near and near[-1][1] > day else day
    return last if last >= base else None


def _near(record: Record, base: date, day: date) -> list[tuple[date, date]]:
    """Return the periods with an open case that reach into the days from ``base`` to ``day``."""
    started = bisect_right(record.case_periods, (day, date.max))
    return [period for period in record.case_periods[:started] if period[1] > base]


def _sentence(meeting: DatedFact | None, base: date) -> str:
    if meeting is None or meeting.effective < base:
        return f"No supervision since the accreditation of {say(base)}."
    return f"The last supervision was on {say(base)}."
