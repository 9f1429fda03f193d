"""Which criteria, units and award are complete, worked out from the decisions alone.

Source: award specification A3 rule 1, A4 (evidence rule), A5 rules 1 and 3, A6 (docs/sources.md).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessments.dates import add_months, say
from assessments.errors import UnknownReference
from assessments.framework import Award, Criterion, Framework, Unit
from assessments.unitfile import Method


class Verdict(StrEnum):
    """An assessor's decision on one criterion. Source: award specification A5 rule 1."""

    ACHIEVED = "achieved"
    NOT_YET = "not_yet"


class Verification(StrEnum):
    """Where a decision stands with the internal verifier. Source: award specification A6."""

    WAITING = "waiting"
    AGREED = "agreed"
    RETURNED = "returned"
    NOT_SAMPLED = "not_sampled"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One decision on one criterion. A changed decision is a new one."""

    ref: str
    verdict: Verdict
    method: Method
    assessor_id: int
    #: The day on which the assessor saw the performance or the evidence.
    observed_on: date
    recorded_at: datetime
    verification: Verification
    #: False while a trainee assessor's decision waits for its countersignature.
    countersigned: bool = True


class Reason(StrEnum):
    """Why a criterion does not count."""

    NOT_JUDGED = "not_judged"
    JUDGED_NOT_YET = "judged_not_yet"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_OLD = "too_old"
    WAITING_FOR_COUNTERSIGNATURE = "waiting_for_countersignature"
    WAITING_FOR_VERIFICATION = "waiting_for_verification"
    RETURNED = "returned"


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One criterion that does not count, and why, in plain words."""

    ref: str
    reason: Reason
    sentence: str


@dataclass(frozen=True, kw_only=True)
class UnitProgress:
    """How far one unit has come. ``credits_earned`` is all of its credit or none."""

    code: str
    achieved: bool
    credits_earned: int
    #: References that count, in order.
    counted: tuple[str, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, kw_only=True)
class AwardProgress:
    """How far the award has come for one learner, on one day."""

    #: The mandatory units and the chosen pathway units, in the award's order.
    units: tuple[UnitProgress, ...]
    credits: int
    achieved: bool
    #: What the award still needs. A second pathway that is not finished does not stand here.
    missing: tuple[Missing, ...]
    sentence: str

    def unit(self, code: str) -> UnitProgress:
        """Return the progress in one unit. Raises UnknownReference."""
        for progress in self.units:
            if progress.code == code:
                return progress
        raise UnknownReference(code)


class CriterionState(StrEnum):
    """What the map shows for a criterion: nothing, evidence towards, or a decision."""

    NOTHING = "nothing"
    EVIDENCE = "evidence"
    ACHIEVED = "achieved"
    NOT_YET = "not_yet"


def latest_decisions(judged: Iterable[Judged], on: date) -> dict[str, Judged]:
    """Return the decision that stands for each criterion at the end of the day ``on``.

    The latest outranks the best, so that a later not-yet reopens an earlier pass. Latest by the
    day observed, then by the moment recorded: marks typed in late from paper stay in their place.
    Source: award specification A5 rule 3.
    """
    standing: dict[str, Judged] = {}
    for one in sorted(judged, key=lambda decision: (decision.observed_on, decision.recorded_at)):
        if one.observed_on <= on:
            standing[one.ref] = one
    return standing


def counts_until(award: Award, decision: Judged) -> date:
    """Return the first day on which the decision is too old to count.

    36 months, or 24 where practice was seen. Source: award specification A4 (evidence rule).
    """
    practice = decision.method.of_practice
    months = award.practice_currency_months if practice else award.currency_months
    return add_months(decision.observed_on, months)


def award_progress(
    framework: Framework, pathways: Collection[str], judged: Iterable[Judged], on: date
) -> AwardProgress:
    """Return how far the award has come on the day ``on``; ``pathways`` are codes such as "P1".

    All eight mandatory units and at least one chosen pathway unit; credit for whole units only.
    Raises UnknownReference where a pathway is not one of the award's.
    Source: award specification A3 rule 1 and A5 rule 1.
    """
    chosen = _chosen(framework, pathways)
    latest = latest_decisions(judged, on)
    mandatory = [_unit_progress(framework, unit, latest, on) for unit in framework.mandatory]
    paths = [_unit_progress(framework, unit, latest, on) for unit in chosen]
    needed = mandatory + ([] if any(unit.achieved for unit in paths) else paths)
    achieved = bool(paths) and all(unit.achieved for unit in needed)
    missing = tuple(one for unit in needed for one in unit.missing)
    return AwardProgress(
        units=(*mandatory, *paths),
        credits=sum(unit.credits_earned for unit in (*mandatory, *paths)),
        achieved=achieved,
        missing=missing,
        sentence=_sentence(achieved=achieved, has_pathway=bool(paths), left=len(missing)),
    )


def criterion_states(
    framework: Framework, judged: Iterable[Judged], evidence_refs: Collection[str], on: date
) -> dict[str, CriterionState]:
    """Return the state of every criterion for the map.

    A decision that has grown too old shows as evidence: there is something, but it must be
    judged again. Source: award specification A4 (evidence rule).
    """
    latest = latest_decisions(judged, on)
    return {
        criterion.ref: _state(
            framework.award, latest.get(criterion.ref), evidence_refs, criterion, on
        )
        for criterion in framework.criteria
    }


def _state(
    award: Award, decision: Judged | None, evidence: Collection[str], criterion: Criterion, on: date
) -> CriterionState:
    if decision is not None and decision.verdict is Verdict.NOT_YET:
        return CriterionState.NOT_YET
    if decision is not None and on < counts_until(award, decision):
        return CriterionState.ACHIEVED
    if decision is not None or criterion.ref in evidence:
        return CriterionState.EVIDENCE
    return CriterionState.NOTHING


def _chosen(framework: Framework, pathways: Collection[str]) -> list[Unit]:
    chosen = [framework.unit(code) for code in sorted(set(pathways))]
    for unit in chosen:
        if unit.mandatory:
            raise UnknownReference(unit.code)
    return chosen


def _unit_progress(
    framework: Framework, unit: Unit, latest: Mapping[str, Judged], on: date
) -> UnitProgress:
    found = [
        (criterion.ref, _missing(framework.award, criterion, latest.get(criterion.ref), on))
        for criterion in unit.criteria
    ]
    missing = tuple(one for _, one in found if one is not None)
    return UnitProgress(
        code=unit.code,
        achieved=not missing,
        credits_earned=0 if missing else unit.credit,
        counted=tuple(ref for ref, one in found if one is None),
        missing=missing,
    )


def _missing(
    award: Award, criterion: Criterion, decision: Judged | None, on: date
) -> Missing | None:
    found = _why_not(award, criterion, decision, on)
    if found is None:
        return None
    reason, sentence = found
    return Missing(ref=criterion.ref, reason=reason, sentence=sentence)


def _why_not(
    award: Award, criterion: Criterion, decision: Judged | None, on: date
) -> tuple[Reason, str] | None:
    if decision is None:
        return Reason.NOT_JUDGED, "Not yet judged."
    seen = say(decision.observed_on)
    if decision.verdict is Verdict.NOT_YET:
        return Reason.JUDGED_NOT_YET, f"Judged not yet on {seen}."
    if decision.method not in criterion.methods:
        return Reason.METHOD_NOT_ALLOWED, (
            f"Judged on {seen} by {decision.method.label.lower()}, "
            "which this criterion does not allow."
        )
    if on >= counts_until(award, decision):
        months = (
            award.practice_currency_months if decision.method.of_practice else award.currency_months
        )
        return Reason.TOO_OLD, f"Too old: seen on {seen}, and it counts for {months} months."
    return _held(decision)


def _held(decision: Judged) -> tuple[Reason, str] | None:
    if not decision.countersigned:
        return (
            Reason.WAITING_FOR_COUNTERSIGNATURE,
            "Waiting for a qualified assessor to countersign.",
        )
    if decision.verification is Verification.WAITING:
        return Reason.WAITING_FOR_VERIFICATION, "Waiting for internal verification."
    if decision.verification is Verification.RETURNED:
        return Reason.RETURNED, "Returned to the assessor by the internal verifier."
    return None


def _sentence(*, achieved: bool, has_pathway: bool, left: int) -> str:
    if achieved:
        return "Every criterion that the award needs is achieved."
    if not has_pathway:
        return (
            "Choose a pathway: the award needs one pathway unit beside the eight mandatory units."
        )
    return "One criterion is left." if left == 1 else f"{left} criteria are left."
