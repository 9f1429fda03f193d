"""Where people stand on an open question, by cohort and over time, so that nobody is given away.

A spread is published only for five people or more, and only where whatever can be worked out from
two published spreads is about five people or more, too (docs/features.md, N1). No average, ever.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assessments.dates import LONDON

FEWEST = 5
PLACES = range(1, 8)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """That somebody took a place from 1 to 7, at a moment with its zone."""

    person: int
    place: int
    at: datetime

    @property
    def day(self) -> date:
        """Return the day in London."""
        return self.at.astimezone(LONDON).date()


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How many people stand at each of the seven places."""

    label: str
    counts: tuple[int, ...]

    @property
    def people(self) -> int:
        """Return how many people there are."""
        return sum(self.counts)


@dataclass(frozen=True, kw_only=True)
class Published:
    """What of a question's history may be shown, beside how everybody stands today."""

    cohorts: tuple[Spread, ...]
    over_time: tuple[Spread, ...]


def published(placed: Iterable[Placed], today: date, fewest: int = FEWEST) -> Published:
    """Return the spreads by cohort and over time that give nobody away, on a day in London.

    A cohort is everybody who first placed themselves in one year, where they stand now. Years with
    too few people are put together with others: were they left out, taking the rest from the whole
    would show them. One group alone is the whole, and is not shown again.

    Over time there is how everybody stood at the end of each half-year that is over. One is left
    out if fewer than ``fewest`` people, and yet somebody, stand otherwise in it than in another
    that is shown, than today, or than the cohorts up to some year.
    """
    ordered = sorted(placed, key=lambda one: one.at)
    now = _standing(ordered)
    groups = _cohorts(ordered, fewest)
    shown = _snapshots(ordered, today, fewest, [now, *_together(groups, now)])
    return Published(
        cohorts=tuple(
            _spread(" to ".join(map(str, dict.fromkeys((first, last)))), [now[p] for p in people])
            for first, last, people in groups
        ),
        over_time=tuple(_spread(label, then.values()) for label, then in shown),
    )


def _cohorts(ordered: Sequence[Placed], fewest: int) -> list[tuple[int, int, list[int]]]:
    years: dict[int, list[int]] = {}
    for person, day in {one.person: one.day for one in reversed(ordered)}.items():
        years.setdefault(day.year, []).append(person)
    groups = _large_enough(sorted(years.items()), fewest)
    return groups if len(groups) > 1 else []


def _together(
    groups: Iterable[tuple[int, int, list[int]]], now: dict[int, int]
) -> list[dict[int, int]]:
    """Return where everybody up to each cohort stands now: anybody can add the cohorts up."""
    so_far: dict[int, int] = {}
    found = []
    for _, _, people in groups:
        so_far = so_far | {person: now[person] for person in people}
        found.append(so_far)
    return found


def _snapshots(
    ordered: Sequence[Placed], today: date, fewest: int, known: list[dict[int, int]]
) -> list[tuple[str, dict[int, int]]]:
    shown: list[tuple[str, dict[int, int]]] = []
    for ends, label in _half_years(ordered, today):
        then = _standing([one for one in ordered if one.day <= ends])
        fresh = all(_apart(one, then) >= fewest for one in [{}, *(one for _, one in shown)])
        if fresh and not any(0 < _apart(one, then) < fewest for one in known):
            shown.append((label, then))
    return shown


def _large_enough(
    years: Iterable[tuple[int, list[int]]], fewest: int
) -> list[tuple[int, int, list[int]]]:
    """Return (first year, last year, people), each of enough people, but if all are too few."""
    groups: list[tuple[int, int, list[int]]] = []
    for year, people in years:
        if groups and len(groups[-1][2]) < fewest:
            first, _, earlier = groups.pop()
            groups.append((first, year, earlier + people))
        else:
            groups.append((year, year, people))
    if len(groups) > 1 and len(groups[-1][2]) < fewest:
        _, last, late = groups.pop()
        first, _, earlier = groups.pop()
        groups.append((first, last, earlier + late))
    return groups


def _half_years(ordered: Sequence[Placed], today: date) -> list[tuple[date, str]]:
    if not ordered:
        return []
    every = [
        (date(year, month, day), f"End of {name} {year}")
        for year in range(ordered[0].day.year, today.year + 1)
        for month, day, name in ((6, 30, "June"), (12, 31, "December"))
    ]
    return [(ends, label) for ends, label in every if ends < today]


def _standing(placed: Iterable[Placed]) -> dict[int, int]:
    return {one.person: one.place for one in placed}


def _apart(one: dict[int, int], other: dict[int, int]) -> int:
    """Return how many people stand otherwise in one than in the other, or in one of them only."""
    return sum(one.get(person) != other.get(person) for person in one.keys() | other.keys())


def _spread(label: str, places: Iterable[int]) -> Spread:
    counts = Counter(places)
    return Spread(label=label, counts=tuple(counts[place] for place in PLACES))
