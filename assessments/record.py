"""The facts of one person, arranged so that "the latest on that day" is one look-up."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from assessments.facts import DatedFact, FactKind, current, good_until


class Record:
    """The facts that hold, by kind and key, each list in order of effect."""

    def __init__(self, facts: Iterable[DatedFact]) -> None:
        self.facts = current(facts)
        self._lists: dict[tuple[FactKind, str | None], list[DatedFact]] = {}
        self._days: dict[tuple[FactKind, str | None], list[date]] = {}
        self._by_day: dict[date, list[DatedFact]] = {}
        for fact in self.facts:
            self._by_day.setdefault(fact.effective, []).append(fact)
            for place in ((fact.kind, None), (fact.kind, fact.key)):
                self._lists.setdefault(place, []).append(fact)
                self._days.setdefault(place, []).append(fact.effective)
        self.case_periods = _case_periods(self)

    def latest(self, kind: FactKind, day: date, key: str | None = None) -> DatedFact | None:
        """Return the latest fact of this kind (and key) that has taken effect by ``day``."""
        place = (kind, key)
        days = self._days.get(place)
        if days is None:
            return None
        count = bisect_right(days, day)
        return self._lists[place][count - 1] if count else None

    def upto(self, kind: FactKind, day: date) -> Sequence[DatedFact]:
        """Return every fact of this kind that has taken effect by ``day``, in order."""
        place = (kind, None)
        days = self._days.get(place)
        return [] if days is None else self._lists[place][: bisect_right(days, day)]

    def on_day(self, day: date) -> Sequence[DatedFact]:
        """Return the facts that take effect on ``day``, in order."""
        return self._by_day.get(day, [])

    def all(self, kind: FactKind) -> Sequence[DatedFact]:
        """Return every fact of this kind, in order."""
        return self._lists.get((kind, None), [])

    def order_in_force(self, day: date) -> DatedFact | None:
        """Return the suspension in force on ``day``; the earliest if there are several."""
        for order in self.upto(FactKind.ORDER_SUSPENDED, day):
            lifted = self.latest(FactKind.ORDER_LIFTED, day, order.key)
            if lifted is None or _before(lifted, order):
                return order
        return None

    def open_conditions(self, day: date, since: date) -> list[DatedFact]:
        """Return the conditions set since the decision of ``since`` and not met by ``day``."""
        return [
            condition
            for condition in self.upto(FactKind.CONDITION, day)
            if condition.effective >= since
            and self.latest(FactKind.CONDITION_MET, day, condition.key) is None
        ]


def _before(one: DatedFact, other: DatedFact) -> bool:
    return (one.effective, one.recorded) < (other.effective, other.recorded)


def good_on(fact: DatedFact | None, day: date) -> bool:
    """Return whether there is such a fact and it has not run out by ``day``."""
    if fact is None:
        return False
    until = good_until(fact)
    return until is None or day <= until


def _case_periods(record: Record) -> list[tuple[date, date]]:
    """Return when any case was open: half-open periods that do not touch, in order."""
    periods: list[tuple[date, date]] = []
    for start, end in sorted(_each_case(record)):
        if periods and start <= periods[-1][1]:
            periods[-1] = (periods[-1][0], max(periods[-1][1], end))
        elif start < end:
            periods.append((start, end))
    return periods


def _each_case(record: Record) -> list[tuple[date, date]]:
    periods = []
    for opened in record.all(FactKind.CASE_OPENED):
        ends = [
            closed.effective
            for closed in record.all(FactKind.CASE_CLOSED)
            if closed.key == opened.key and not _before(closed, opened)
        ]
        periods.append((opened.effective, min(ends, default=date.max - timedelta(days=400))))
    return periods
