"""Marks of a role play: where two sheets differ, what was agreed, and what follows from it.

Source: award specification A5 rules 2 to 5, A6 and C1 (docs/sources.md).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.dates import and_list
from assessments.errors import UnresolvedDifference


class Mark(StrEnum):
    """What an assessor saw for one criterion in one role play."""

    ACHIEVED = "achieved"
    NOT_YET = "not_yet"
    NOT_OBSERVED = "not_observed"


class Overall(StrEnum):
    """The assessor's overall judgement. Recorded beside the marks, never worked out from them."""

    CLEAR = "clear"
    BORDERLINE = "borderline"
    NOT_YET = "not_yet"

    @property
    def label(self) -> str:
        """Return the word that pages show."""
        return {"clear": "Clear pass", "borderline": "Borderline", "not_yet": "Not yet"}[self.value]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A criterion that two sheets mark differently. None: left out of that sheet."""

    ref: str
    first: Mark | None
    second: Mark | None


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """The mark settled on for a difference, why, and who decided."""

    mark: Mark
    reason: str
    decided_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlayOutcome:
    """What a role play came to. The overall judgement stands beside it as it was given."""

    passed: bool
    #: The safety-critical references that decided it, if any.
    safety_critical_not_yet: tuple[str, ...]
    not_yet: tuple[str, ...]
    not_observed: tuple[str, ...]
    overall: Overall
    sentence: str


def differences(sheet_a: Mapping[str, Mark], sheet_b: Mapping[str, Mark]) -> tuple[Difference, ...]:
    """Return each criterion on which the sheets do not say the same, in order of reference."""
    return tuple(
        Difference(ref=ref, first=sheet_a.get(ref), second=sheet_b.get(ref))
        for ref in sorted(sheet_a.keys() | sheet_b.keys())
        if sheet_a.get(ref) is not sheet_b.get(ref)
    )


def agreed_marks(
    sheet_a: Mapping[str, Mark], sheet_b: Mapping[str, Mark], settled: Mapping[str, Agreed]
) -> dict[str, Mark]:
    """Return the marks that count once both sheets are final.

    Equal marks agree by themselves. Any difference, however small, needs a mark and a reason from
    a person; what is settled where the sheets agree changes nothing.
    Raises UnresolvedDifference with every reference that still needs one.
    """
    differing = {one.ref for one in differences(sheet_a, sheet_b)}
    still_open = sorted(
        ref for ref in differing if ref not in settled or not settled[ref].reason.strip()
    )
    if still_open:
        raise UnresolvedDifference(still_open)
    return {
        ref: settled[ref].mark if ref in differing else sheet_a[ref]
        for ref in sorted(sheet_a.keys() | sheet_b.keys())
    }


def play_outcome(
    agreed: Mapping[str, Mark], safety_critical_refs: Collection[str], overall: Overall
) -> PlayOutcome:
    """Return whether the role play is passed, and what decided it.

    One safety-critical not-yet decides it, whatever else was good. Otherwise the assessor's
    overall judgement stands. Marks and judgement are never worked out from each other.
    Source: award specification A5 rule 3.
    """
    not_yet = _with(agreed, Mark.NOT_YET)
    deciding = tuple(ref for ref in not_yet if ref in safety_critical_refs)
    passed = not deciding and overall is not Overall.NOT_YET
    return PlayOutcome(
        passed=passed,
        safety_critical_not_yet=deciding,
        not_yet=not_yet,
        not_observed=_with(agreed, Mark.NOT_OBSERVED),
        overall=overall,
        sentence=_outcome_sentence(deciding, passed),
    )


def _with(marks: Mapping[str, Mark], mark: Mark) -> tuple[str, ...]:
    return tuple(ref for ref in sorted(marks) if marks[ref] is mark)


def _outcome_sentence(deciding: tuple[str, ...], passed: bool) -> str:
    if deciding:
        return (
            f"Not yet, because of {and_list(deciding)}: a safety-critical criterion decides "
            "the role play whatever else was good."
        )
    return "Passed." if passed else "Not yet, on the assessor's overall judgement."
