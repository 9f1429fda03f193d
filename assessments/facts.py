"""The dated facts from which standing follows. Facts are added, never changed.

Two times on every fact: the day it took effect, and the moment it was recorded. Dates called
``until`` are the last good day.
Source: award specification D1 (docs/sources.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessments.dates import last_good_day
from assessments.errors import FactError


class FactKind(StrEnum):
    """What a fact is about. The first fourteen are the thirteen of D1 (references are two)."""

    APPLICATION = "application"
    SIFT = "sift"
    INTERVIEW = "interview"
    REFERENCE_ONE = "reference_one"
    REFERENCE_TWO = "reference_two"
    VETTING = "vetting"
    AWARD = "award"
    #: key: the case played, "CS2".
    ROLE_PLAY = "role_play"
    #: key: the version signed.
    CODE_OF_CONDUCT = "code_of_conduct"
    SUPERVISION_AGREEMENT = "supervision_agreement"
    TRAINING = "training"
    INTERESTS = "interests"
    CONTRACT = "contract"
    PANEL_DECISION = "panel_decision"

    ENROLMENT = "enrolment"
    #: key: the criterion decided, "M3.2.3".
    SAFETY_CRITICAL = "safety_critical"
    #: A new version of the code for everybody. key: the version.
    CODE_PUBLISHED = "code_published"
    #: key: the condition's reference. until: its end date, if any. review: when it is reviewed.
    CONDITION = "condition"
    CONDITION_MET = "condition_met"
    #: key: the order's reference, the same on both.
    ORDER_SUSPENDED = "order_suspended"
    ORDER_LIFTED = "order_lifted"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    SUPERVISION_SESSION = "supervision_session"
    #: key: the case reference, which carries no meaning.
    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"

    @property
    def label(self) -> str:
        """Return the fact's name as pages write it."""
        return _LABELS.get(self, self.value.replace("_", " ").capitalize())


_LABELS = {
    FactKind.REFERENCE_ONE: "First reference",
    FactKind.REFERENCE_TWO: "Second reference",
    FactKind.TRAINING: "Data protection and safeguarding training",
    FactKind.INTERESTS: "Declared interests",
    FactKind.CONTRACT: "Contract and rate",
    FactKind.SAFETY_CRITICAL: "Safety-critical decision",
    FactKind.CODE_PUBLISHED: "New version of the code of conduct",
    FactKind.ORDER_SUSPENDED: "Suspension",
    FactKind.ORDER_LIFTED: "Suspension lifted",
}


class FactOutcome(StrEnum):
    """What a fact says. ``OUTCOMES`` holds which kind may say what."""

    DONE = "done"
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    SATISFACTORY = "satisfactory"
    UNSATISFACTORY = "unsatisfactory"
    CLEAR = "clear"
    CLEAR_WITH_NOTE = "clear_with_note"
    NOT_CLEAR = "not_clear"
    ACHIEVED = "achieved"
    NOT_YET = "not_yet"
    ACCREDITED = "accredited"
    CONDITIONS = "conditions"
    DEFERRED = "deferred"
    DECLINED = "declined"
    BY_MENTOR = "by_mentor"
    BY_PANEL = "by_panel"
    #: Withdrawn by the panel for a proven serious breach.
    BREACH = "breach"
    #: Takes back the fact that it supersedes, and says nothing in its place.
    VOID = "void"


_O = FactOutcome
_SCORED = frozenset({_O.PASSED, _O.NOT_PASSED})
_REFERENCE = frozenset({_O.SATISFACTORY, _O.UNSATISFACTORY})
_SHOWN = frozenset({_O.ACHIEVED, _O.NOT_YET})
_DONE = frozenset({_O.DONE})

#: The outcomes of each kind that has its own; every other kind is simply done.
OUTCOMES: dict[FactKind, frozenset[FactOutcome]] = {
    FactKind.SIFT: _SCORED,
    FactKind.INTERVIEW: _SCORED,
    FactKind.REFERENCE_ONE: _REFERENCE,
    FactKind.REFERENCE_TWO: _REFERENCE,
    FactKind.VETTING: frozenset({_O.CLEAR, _O.CLEAR_WITH_NOTE, _O.NOT_CLEAR}),
    FactKind.ROLE_PLAY: _SHOWN,
    FactKind.SAFETY_CRITICAL: _SHOWN,
    FactKind.PANEL_DECISION: frozenset({_O.ACCREDITED, _O.CONDITIONS, _O.DEFERRED, _O.DECLINED}),
    FactKind.WITHDRAWN: frozenset({_O.BY_MENTOR, _O.BY_PANEL, _O.BREACH}),
}

#: Months for which a fact is good. Source: award specification D1, column "Good for".
GOOD_FOR_MONTHS: dict[FactKind, int] = {
    FactKind.APPLICATION: 12,
    FactKind.SIFT: 12,
    FactKind.INTERVIEW: 24,
    FactKind.REFERENCE_ONE: 24,
    FactKind.REFERENCE_TWO: 24,
    FactKind.VETTING: 36,
    FactKind.ROLE_PLAY: 24,
    FactKind.CODE_OF_CONDUCT: 12,
    FactKind.SUPERVISION_AGREEMENT: 12,
    FactKind.TRAINING: 12,
    FactKind.INTERESTS: 12,
    FactKind.PANEL_DECISION: 24,
}


@dataclass(frozen=True, kw_only=True)
class DatedFact:
    """One fact about one person. Raises FactError where its kind cannot have its outcome."""

    id: str
    kind: FactKind
    #: The day on which it took effect.
    effective: date
    #: The moment at which the site learnt of it.
    recorded: datetime
    #: The last good day, where the fact itself says so.
    until: date | None = None
    outcome: FactOutcome = FactOutcome.DONE
    #: Which one of its kind; FactKind says what stands here.
    key: str = ""
    #: The id of the fact that this one corrects.
    supersedes: str | None = None
    #: When a condition or an agreement is to be reviewed.
    review: date | None = None

    def __post_init__(self) -> None:
        """Refuse an outcome that the kind cannot have, and a void that takes back nothing."""
        if self.outcome is FactOutcome.VOID:
            if self.supersedes is None:
                raise FactError(f"{self.id}: a void fact names the fact that it takes back")
        elif self.outcome not in OUTCOMES.get(self.kind, _DONE):
            raise FactError(f"{self.id}: {self.kind} cannot be {self.outcome}")


def in_order(facts: Iterable[DatedFact]) -> list[DatedFact]:
    """Return the facts by the day they took effect, then by the moment they were recorded."""
    return sorted(facts, key=lambda fact: (fact.effective, fact.recorded, fact.id))


def current(facts: Iterable[DatedFact]) -> tuple[DatedFact, ...]:
    """Return the facts that hold, in order: without the superseded and the void."""
    given = list(facts)
    gone = {fact.supersedes for fact in given}
    return tuple(
        fact
        for fact in in_order(given)
        if fact.id not in gone and fact.outcome is not FactOutcome.VOID
    )


def known_on(facts: Iterable[DatedFact], moment: datetime) -> tuple[DatedFact, ...]:
    """Return the facts as the site knew them at ``moment``.

    A corrected fact still holds until the moment at which its correction was recorded.
    """
    return current(fact for fact in facts if fact.recorded <= moment)


def good_until(fact: DatedFact) -> date | None:
    """Return the fact's last good day; None if it does not run out.

    The earlier of what the fact says and what its kind allows. Source: award specification D1.
    """
    months = GOOD_FOR_MONTHS.get(fact.kind)
    if months is None:
        return fact.until
    longest = last_good_day(fact.effective, months)
    return longest if fact.until is None else min(fact.until, longest)
