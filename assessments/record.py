"""The facts of one person, arranged so that "the latest on that day" is one look-up."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from assessments.facts import DatedFact, FactKind, current, good_until

#: The end of a case that is still open.
NEVER = date(9000, 1, 1)

#: Kinds of which only the latest ever counts, whatever its key.
_REPLACED = frozenset(
    {
        FactKind.VETTING,
        FactKind.CODE_OF_CONDUCT,
        FactKind.SUPERVISION_AGREEMENT,
        FactKind.TRAINING,
        FactKind.INTERESTS,
        FactKind.CONTRACT,
    }
)


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
        #: When any case was open: half-open periods that do not touch, in order.
        self.case_periods = merged(_each_case(self))

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

    def followed(self, fact: DatedFact, day: date) -> bool:
        """Return whether a later paper of its kind has taken the fact's place by ``day``."""
        return fact.kind in _REPLACED and self.latest(fact.kind, day) is not fact

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


def good_on(fact: DatedFact, day: date) -> bool:
    """Return whether the fact has not run out by ``day``."""
    until = good_until(fact)
    return until is None or day <= until


def merged(periods: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return half-open periods in order, joined where they touch; empty ones drop out."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(period for period in periods if period[0] < period[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _each_case(record: Record) -> Iterator[tuple[date, date]]:
    for opened in record.all(FactKind.CASE_OPENED):
        ends = (
            closed.effective
            for closed in record.all(FactKind.CASE_CLOSED)
            if closed.key == opened.key and not _before(closed, opened)
        )
        yield opened.effective, min(ends, default=NEVER)
