"""The thirteen facts of D1 as lines to read: what is there, what is missing, what runs out.

Source: award specification D1 (docs/sources.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from assessments.dates import say
from assessments.facts import DatedFact, FactKind, FactOutcome
from assessments.readiness import RECENT_CASES, last_good
from assessments.record import Record
from assessments.validity import RENEWAL_WINDOW


class FactState(IntEnum):
    """The state of a fact on one day, in order of weight."""

    PRESENT = 0
    #: In date, and runs out within 90 days.
    RUNS_OUT = 1
    OUT_OF_DATE = 2
    #: There, and says no: not passed, not clear, not satisfactory.
    NOT_MET = 3
    MISSING = 4


@dataclass(frozen=True, kw_only=True)
class FactLine:
    """One of the thirteen facts on one day."""

    number: int
    #: Two for the references, one for every other line.
    kinds: tuple[FactKind, ...]
    title: str
    state: FactState
    since: date | None
    #: The last good day, where the fact runs out.
    until: date | None
    words: str
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One fact of a line; a line of references or role plays has two."""

    name: str
    state: FactState
    fact: DatedFact | None
    until: date | None
    words: str


_K = FactKind
_LINES: tuple[tuple[str, tuple[tuple[FactKind, str], ...]], ...] = (
    ("Application", ((_K.APPLICATION, ""),)),
    ("Sift", ((_K.SIFT, ""),)),
    ("Interview", ((_K.INTERVIEW, ""),)),
    ("References", ((_K.REFERENCE_ONE, ""), (_K.REFERENCE_TWO, ""))),
    ("Vetting", ((_K.VETTING, ""),)),
    ("Award", ((_K.AWARD, ""),)),
    ("Role play", tuple((_K.ROLE_PLAY, case) for case in RECENT_CASES)),
    ("Code of conduct", ((_K.CODE_OF_CONDUCT, ""),)),
    ("Supervision agreement", ((_K.SUPERVISION_AGREEMENT, ""),)),
    ("Data protection and safeguarding training", ((_K.TRAINING, ""),)),
    ("Declared interests", ((_K.INTERESTS, ""),)),
    ("Contract and rate", ((_K.CONTRACT, ""),)),
    ("Panel decision", ((_K.PANEL_DECISION, ""),)),
)

#: Kinds that have done their work once the panel has accredited.
_UNTIL_DECIDED = (_K.INTERVIEW, _K.REFERENCE_ONE, _K.REFERENCE_TWO)
_UNTIL_INTERVIEWED = (_K.APPLICATION, _K.SIFT)

_SAYS = {
    FactOutcome.PASSED: "Passed on",
    FactOutcome.NOT_PASSED: "Not passed on",
    FactOutcome.SATISFACTORY: "Satisfactory on",
    FactOutcome.UNSATISFACTORY: "Not satisfactory on",
    FactOutcome.CLEAR: "Clear from",
    FactOutcome.CLEAR_WITH_NOTE: "Clear with a note from",
    FactOutcome.NOT_CLEAR: "Not clear on",
    FactOutcome.ACHIEVED: "Passed on",
    FactOutcome.NOT_YET: "Not yet on",
    FactOutcome.ACCREDITED: "Accredited from",
    FactOutcome.CONDITIONS: "Accredited with conditions from",
    FactOutcome.DEFERRED: "Deferred on",
    FactOutcome.DECLINED: "Declined on",
}
_NO = frozenset(
    {
        FactOutcome.NOT_PASSED,
        FactOutcome.UNSATISFACTORY,
        FactOutcome.NOT_CLEAR,
        FactOutcome.NOT_YET,
        FactOutcome.DEFERRED,
        FactOutcome.DECLINED,
    }
)
_GRANTED = (FactOutcome.ACCREDITED, FactOutcome.CONDITIONS)


def fact_lines(facts: Iterable[DatedFact], on: date) -> tuple[FactLine, ...]:
    """Return the thirteen lines of D1, in order, as they stand on the day ``on``."""
    record = Record(facts)
    return tuple(
        _line(number, title, [_part(record, kind, key, on) for kind, key in parts], parts)
        for number, (title, parts) in enumerate(_LINES, start=1)
    )


def _line(
    number: int, title: str, parts: Sequence[_Part], kinds: Sequence[tuple[FactKind, str]]
) -> FactLine:
    facts = [part.fact for part in parts if part.fact is not None]
    untils = [part.until for part in parts if part.until is not None]
    return FactLine(
        number=number,
        kinds=tuple(dict.fromkeys(kind for kind, _ in kinds)),
        title=title,
        state=max(part.state for part in parts),
        since=max((fact.effective for fact in facts), default=None),
        until=min(untils, default=None),
        words=" ".join(_named(part, alone=len(parts) == 1) for part in parts),
        fact_ids=tuple(fact.id for fact in facts),
    )


def _named(part: _Part, *, alone: bool) -> str:
    return part.words if alone else f"{part.name}: {part.words[0].lower()}{part.words[1:]}"


def _part(record: Record, kind: FactKind, key: str, day: date) -> _Part:
    fact = record.latest(kind, day, key or None)
    name = key or kind.label
    if fact is None:
        return _Part(
            name=name, state=FactState.MISSING, fact=None, until=None, words="Not recorded."
        )
    until = None if _has_done_its_work(record, fact, day) else last_good(record, fact, day)
    state = _state(fact, until, day)
    return _Part(name=name, state=state, fact=fact, until=until, words=_words(fact, until, state))


def _has_done_its_work(record: Record, fact: DatedFact, day: date) -> bool:
    """Return whether nothing depends any more on how old the fact is."""
    if fact.kind in _UNTIL_DECIDED:
        return any(
            later.outcome in _GRANTED for later in _after(record, fact, _K.PANEL_DECISION, day)
        )
    if fact.kind in _UNTIL_INTERVIEWED:
        interviews = _after(record, fact, _K.INTERVIEW, day)
        return any(later.outcome is FactOutcome.PASSED for later in interviews)
    return False


def _after(record: Record, fact: DatedFact, kind: FactKind, day: date) -> Iterator[DatedFact]:
    return (later for later in record.upto(kind, day) if later.effective >= fact.effective)


def _state(fact: DatedFact, until: date | None, day: date) -> FactState:
    if fact.outcome in _NO:
        return FactState.NOT_MET
    if until is None or until - day > RENEWAL_WINDOW:
        return FactState.PRESENT
    return FactState.RUNS_OUT if day <= until else FactState.OUT_OF_DATE


def _words(fact: DatedFact, until: date | None, state: FactState) -> str:
    happened = f"{_SAYS.get(fact.outcome, 'Dated')} {say(fact.effective)}"
    if state is FactState.NOT_MET or until is None:
        return f"{happened}."
    ending = {
        FactState.PRESENT: "good until",
        FactState.RUNS_OUT: "runs out on",
        FactState.OUT_OF_DATE: "ran out on",
    }[state]
    return f"{happened}, {ending} {say(until)}."
