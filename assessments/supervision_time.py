"""Whether enough supervision was held: month by month, and gap by gap.

Source: award specification E2 (docs/sources.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from assessments.dates import add_months, say
from assessments.record import NEVER, merged
from assessments.supervisionclock import Periods, Stage, gap_on

LONGEST_WITH_CASE = timedelta(days=28)
LONGEST_WITHOUT_CASE = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A supervision session that was held and signed."""

    held: date
    minutes: int
    group: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenPeriod:
    """From when to when a case was open; ``ends`` is the first day without it."""

    starts: date
    ends: date | None = None


@dataclass(frozen=True, kw_only=True)
class Month:
    """One calendar month of supervision."""

    #: Its first day.
    starts: date
    required_minutes: int
    #: Minutes that count, a group's at half and for half of what is required at most.
    counted_minutes: Fraction
    finished: bool
    short: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class LateGap:
    """A time between two meetings that was longer than allowed."""

    starts: date
    #: The meeting that ended it, or the day looked at if none has.
    ends: date
    days: int


class RhythmState(StrEnum):
    """Whether supervision is in date."""

    IN_DATE = "in_date"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        """Return the words that pages show."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """Where supervision stands on one day."""

    state: RhythmState
    stage: Stage
    last_held: date | None
    days_since: int
    #: The last day on which the next meeting is in time.
    next_due: date
    late_gaps: tuple[LateGap, ...]
    sentence: str


def counted_minutes(sessions: Iterable[Session], required: int) -> Fraction:
    """Return the minutes of one month that count towards ``required``.

    A group's minutes count half, and for no more than half of what is required.
    Source: award specification E2, last paragraph.
    """
    given = list(sessions)
    alone = sum(session.minutes for session in given if not session.group)
    group = sum(session.minutes for session in given if session.group)
    return alone + min(Fraction(group, 2), Fraction(required, 2))


def months(
    sessions: Iterable[Session], required_minutes: int, first: date, on: date
) -> tuple[Month, ...]:
    """Return each calendar month from that of ``first`` to that of ``on``, each by itself.

    A short month stays short, however much was held in the month before or after. The month that
    is still running is not called short. Source: award specification E2, last paragraph.
    """
    given = list(sessions)
    found = []
    start = first.replace(day=1)
    while start <= on:
        following = add_months(start, 1)
        held = [one for one in given if start <= one.held < following and one.held <= on]
        found.append(_month(start, held, required_minutes, finished=following <= on))
        start = following
    return tuple(found)


def months_met_percent(given: Iterable[Month]) -> int | None:
    """Return the percent of finished months that were not short, rounded down; None if none is."""
    finished = [month for month in given if month.finished]
    if not finished:
        return None
    return 100 * sum(not month.short for month in finished) // len(finished)


def rhythm(
    sessions: Iterable[Session], cases: Iterable[OpenPeriod], started: date, on: date
) -> Rhythm:
    """Return where supervision stands on the day ``on``, owed since ``started``.

    28 days at most between meetings while a case is open, otherwise 90; due soon from the day of
    the reminder. A gap that was too long stays so until a meeting. Source: award specification E2.
    """
    periods = merged((case.starts, case.ends or NEVER) for case in cases)
    held = sorted({one.held for one in sessions if started <= one.held <= on})
    base = held[-1] if held else started
    gap = gap_on(base, periods, on)
    longest = LONGEST_WITH_CASE if gap.case_open else LONGEST_WITHOUT_CASE
    state = _state(gap.stage)
    return Rhythm(
        state=state,
        stage=gap.stage,
        last_held=held[-1] if held else None,
        days_since=(on - base).days,
        next_due=gap.since + longest,
        late_gaps=tuple(_late_gaps([started, *held], periods, on)),
        sentence=_rhythm_words(state, gap.since + longest, held[-1] if held else None),
    )


def _month(start: date, held: Sequence[Session], required: int, *, finished: bool) -> Month:
    counted = counted_minutes(held, required)
    short = finished and counted < required
    name = f"{start:%B %Y}"
    minutes = f"{float(counted):g} of {required} minutes"
    return Month(
        starts=start,
        required_minutes=required,
        counted_minutes=counted,
        finished=finished,
        short=short,
        sentence=f"{name}: {minutes}, a short month." if short else f"{name}: {minutes}.",
    )


def _state(stage: Stage) -> RhythmState:
    if stage is Stage.IN_DATE:
        return RhythmState.IN_DATE
    return RhythmState.DUE_SOON if stage is Stage.REMINDER else RhythmState.OVERDUE


def _late_gaps(meetings: Sequence[date], periods: Periods, on: date) -> Iterator[LateGap]:
    for starts, ends in pairwise([*meetings, on]):
        gap = gap_on(starts, periods, ends)
        if gap.stage >= Stage.FLAGGED:
            yield LateGap(starts=starts, ends=ends, days=(ends - starts).days)


def _rhythm_words(state: RhythmState, due: date, last: date | None) -> str:
    met = f"The last meeting was on {say(last)}." if last else "No meeting has been held yet."
    if state is RhythmState.OVERDUE:
        return f"Overdue. {met}"
    word = "Due soon" if state is RhythmState.DUE_SOON else "In date"
    return f"{word}. {met} The next is due by {say(due)}."
