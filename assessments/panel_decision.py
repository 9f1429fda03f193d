"""The panel's decision: its outcome, its conditions, its scope and how long it is good.

Source: award specification D4 rules 5 and 6, D5 (docs/sources.md).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assessments.dates import and_list, last_good_day, say

LONGEST_MONTHS = 24
LONGEST_DEFERRAL = timedelta(days=60)


class Working(StrEnum):
    """Whether the mentor may work alone."""

    SOLO = "solo"
    PAIRED = "paired"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What an accreditation covers. Work outside it cannot be offered."""

    #: Names of the pathways, in the award's order.
    pathways: tuple[str, ...]
    #: As in "aged 16 to 25", without the word clients.
    age_group: str
    languages: tuple[str, ...]
    locality: str
    working: Working


def scope_sentence(scope: Scope) -> str:
    """Return the scope in its fixed words. Source: award specification D4 rule 6."""
    names = [_inside(name) for name in scope.pathways]
    noun = "pathway" if len(names) == 1 else "pathways"
    how = "alone or in a pair" if scope.working is Working.SOLO else "in a pair only"
    return (
        f"May mentor in the {and_list(names)} {noun}, with clients {scope.age_group}, "
        f"in {and_list(scope.languages)}, in {scope.locality}, {how}."
    )


def outside_scope(
    scope: Scope, *, pathway: str, language: str, locality: str, alone: bool
) -> tuple[str, ...]:
    """Return why a piece of work lies outside the scope, in sentences; empty: it lies inside.

    Source: award specification A3 rule 2 and D4 rule 6.
    """
    checks = (
        (pathway in scope.pathways, f"Not accredited for the {_inside(pathway)} pathway."),
        (language in scope.languages, f"The scope does not cover work in {language}."),
        (locality == scope.locality, f"The scope does not cover {locality}."),
        (not alone or scope.working is Working.SOLO, "The scope is for work in a pair only."),
    )
    return tuple(sentence for met, sentence in checks if not met)


def valid_until(
    decided: date,
    *,
    vetting_until: date | None = None,
    condition_ends: Iterable[date] = (),
    asked: date | None = None,
) -> date:
    """Return the last day of the accreditation: the earliest of all its ends.

    24 months at most, the vetting's last day, a condition's end date, and a shorter time that the
    panel asks for. Source: award specification D5.
    """
    ends = [last_good_day(decided, LONGEST_MONTHS), *condition_ends]
    ends += [day for day in (vetting_until, asked) if day is not None]
    return min(ends)


class DecisionOutcome(StrEnum):
    """What the panel can decide. Source: award specification D4 rule 6."""

    ACCREDIT = "accredit"
    CONDITIONS = "conditions"
    DEFER = "defer"
    DECLINE = "decline"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition on an accreditation, when it is reviewed, and who sees to it."""

    text: str
    review: date | None
    owner: str
    #: The day on which the accreditation ends unless the condition is met, if any.
    ends: date | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A decision before it is recorded."""

    outcome: DecisionOutcome
    decided: date
    reasons: str
    #: The last day asked for; None for a deferral or a refusal.
    valid_until: date | None = None
    conditions: tuple[Condition, ...] = ()
    deferred_until: date | None = None


def decision_faults(
    draft: Draft, *, quorum_missing: Collection[str] = (), deferred_before: bool = False
) -> tuple[str, ...]:
    """Return what is wrong with a decision as it stands, in sentences; empty: record it.

    Source: award specification D4 rules 2, 5 and 6, D5.
    """
    faults = [*quorum_missing]
    if not draft.reasons.strip():
        faults.append("Write the reasons, in words that the person will read.")
    if draft.outcome in (DecisionOutcome.ACCREDIT, DecisionOutcome.CONDITIONS):
        faults += _granted_faults(draft)
    if draft.outcome is DecisionOutcome.DEFER:
        faults += _deferral_faults(draft, deferred_before=deferred_before)
    faults += _condition_faults(draft)
    return tuple(faults)


def _granted_faults(draft: Draft) -> Iterator[str]:
    longest = last_good_day(draft.decided, LONGEST_MONTHS)
    if draft.valid_until is None:
        yield "Give the last day of the accreditation."
    elif not draft.decided <= draft.valid_until <= longest:
        yield f"The last day lies between {say(draft.decided)} and {say(longest)}."


def _deferral_faults(draft: Draft, *, deferred_before: bool) -> Iterator[str]:
    if deferred_before:
        yield "This decision has been deferred once already."
    latest = draft.decided + LONGEST_DEFERRAL
    if draft.deferred_until is None or not draft.decided < draft.deferred_until <= latest:
        yield f"Give the day to which it is deferred, by {say(latest)}."


def _condition_faults(draft: Draft) -> Iterator[str]:
    if draft.outcome is not DecisionOutcome.CONDITIONS:
        if draft.conditions:
            yield "Conditions belong to the outcome with conditions."
        return
    if not draft.conditions:
        yield "Write at least one condition."
    for number, condition in enumerate(draft.conditions, start=1):
        if not condition.text.strip():
            yield f"Condition {number} says nothing yet."
        if not condition.owner.strip():
            yield f"Condition {number} needs a person who sees to it."
        if not _reviewed_in_time(draft, condition):
            yield f"Condition {number} needs a review date, before the accreditation ends."


def _reviewed_in_time(draft: Draft, condition: Condition) -> bool:
    if condition.review is None or condition.review <= draft.decided:
        return False
    ends = [day for day in (draft.valid_until, condition.ends) if day is not None]
    return all(condition.review < day for day in ends)


def _inside(name: str) -> str:
    """Return a pathway's name as it stands inside a sentence; "AQ-influenced" stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
