"""Standing over all time, worked out from the dated facts alone.

Nobody sets a status. ``standing`` returns intervals that touch, from the first fact on; the last
one has no end, and whatever will run out is already in them. "Today" and "as at" are the same
look-up, ``on``; "as known on" is ``standing(known_on(facts, moment))``.
Source: award specification D1 to D3, D5, E2 (docs/sources.md).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import heapify, heappop, heappush

from assessments import supervisionclock, validity
from assessments.facts import DatedFact
from assessments.readiness import Block
from assessments.record import Record
from assessments.replay import Picture, Replay
from assessments.statuses import Interval

#: A day that no fact can reach; days worked out beyond it are left out.
_FAR = date(9900, 1, 1)


def standing(facts: Iterable[DatedFact]) -> tuple[Interval, ...]:
    """Return the person's intervals in order; none if there are no facts."""
    pictures: list[tuple[date, Picture]] = []
    for day, picture in _pictures(Replay(Record(facts)), _FAR):
        if not pictures or pictures[-1][1] != picture:
            pictures.append((day, picture))
    ends: list[date | None] = [day for day, _ in pictures[1:]]
    found: list[Interval] = []
    for (day, picture), end in zip(pictures, [*ends, None], strict=False):
        before = found[-1] if found else None
        unbroken = before is not None and before.status is picture.status
        found.append(_interval(day, picture, end, before.since if before and unbroken else day))
    return tuple(found)


def on(intervals: Sequence[Interval], day: date) -> Interval | None:
    """Return the interval that holds on ``day``; None before the first."""
    place = bisect_right(intervals, day, key=lambda interval: interval.starts)
    return intervals[place - 1] if place else None


def blocks(facts: Iterable[DatedFact], day: date) -> tuple[Block, ...]:
    """Return what stands between the person and the panel on ``day``; empty: nothing.

    Before a first decision these are facts 1 to 11 of D1; once accredited, the facts that a
    renewal needs. Source: award specification D1 and D5.
    """
    record = Record(facts)
    replay = replayed(record, day)
    return replay.blocks(day)


def replayed(record: Record, day: date) -> Replay:
    """Return the replay as it stands at the end of ``day``."""
    replay = Replay(record)
    for _ in _pictures(replay, day):
        pass
    return replay


def _pictures(replay: Replay, until: date) -> Iterator[tuple[date, Picture]]:
    """Yield each day on which something may change, up to ``until``, with what then holds."""
    days = [day for day in _fixed_days(replay.record) if day <= until]
    seen = set(days)
    heapify(days)
    while days:
        day = heappop(days)
        yield day, replay.picture(day)
        moving = replay.next_day()
        if moving is not None and moving <= until and moving not in seen:
            seen.add(moving)
            heappush(days, moving)


def _fixed_days(record: Record) -> set[date]:
    """Return the days of change that follow from the facts alone."""
    days = {fact.effective for fact in record.facts}
    first = min(days, default=_FAR)
    days.update(validity.days_of_change(record))
    days.update(supervisionclock.days_of_change(record))
    return {day for day in days if day >= first}


def _interval(day: date, picture: Picture, ends: date | None, since: date) -> Interval:
    return Interval(
        status=picture.status,
        starts=day,
        since=since,
        ends=ends,
        holds=picture.holds,
        reasons=picture.reasons,
        valid_from=picture.valid_from,
        valid_until=picture.valid_until,
    )
