"""Who may judge and verify whom, what must be sampled, and a draw that anyone can repeat.

Rules follow the pair of people, not the role.
Source: award specification A6 (docs/sources.md).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from assessments.dates import add_months

#: A claim of more criteria than this is always sampled. Source: award specification A6.
LARGE_CLAIM = 20
TRIAL_MONTHS = 12
LEAST_PERCENT = 25


class Tie(StrEnum):
    """How one person stands to another: to the learner, or to the assessor who decided."""

    TRAINS = "trains"
    SUPERVISES = "supervises"
    SUPERVISED_BY = "supervised_by"
    MANAGES = "manages"
    EMPLOYS = "employs"
    PAIRED_WITH = "paired_with"
    SHARES_CONTRACT = "shares_contract"
    #: Has judged this learner in the same unit.
    ASSESSED_IN_UNIT = "assessed_in_unit"
    DECLARED_INTEREST = "declared_interest"


_TO_LEARNER = {
    Tie.TRAINS: "You train this learner.",
    Tie.SUPERVISES: "You supervise this learner.",
    Tie.SUPERVISED_BY: "This learner supervises you.",
    Tie.MANAGES: "You manage this learner.",
    Tie.EMPLOYS: "You employ this learner.",
    Tie.PAIRED_WITH: "You work in a pair with this learner.",
    Tie.SHARES_CONTRACT: "You share a contract with this learner.",
    Tie.DECLARED_INTEREST: "You have declared an interest in this learner.",
}
_TO_ASSESSOR = {
    Tie.SUPERVISES: "You supervise the assessor who made this decision.",
    Tie.SUPERVISED_BY: "The assessor who made this decision supervises you.",
    Tie.DECLARED_INTEREST: "You have declared an interest in the assessor who made this decision.",
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What there is to know of a decision to say who may verify it."""

    assessor_id: int
    learner_id: int
    #: Who countersigned it, if a trainee assessor made it.
    countersigned_by: int | None = None


def may_assess(assessor_id: int, learner_id: int, ties: Collection[Tie]) -> tuple[str, ...]:
    """Return why this person may not judge this learner; empty: they may.

    Source: award specification A6, first rule.
    """
    own = ("This is your own work.",) if assessor_id == learner_id else ()
    return own + tuple(words for tie, words in _TO_LEARNER.items() if tie in ties)


def may_verify(
    verifier_id: int,
    decision: Decision,
    *,
    to_learner: Collection[Tie] = (),
    to_assessor: Collection[Tie] = (),
) -> tuple[str, ...]:
    """Return why this person may not verify the decision; empty: they may.

    Never one's own decision or countersignature, one's own work, a supervisee's or a supervisor's,
    nor a learner whom one has judged in the same unit. Source: award specification A6.
    """
    reasons = []
    if verifier_id == decision.assessor_id:
        reasons.append("You made this decision yourself.")
    if verifier_id == decision.countersigned_by:
        reasons.append("You countersigned this decision.")
    if verifier_id == decision.learner_id:
        reasons.append("This is your own work.")
    reasons += [words for tie, words in _TO_LEARNER.items() if tie in to_learner]
    if Tie.ASSESSED_IN_UNIT in to_learner:
        reasons.append("You have judged this learner in the same unit.")
    reasons += [words for tie, words in _TO_ASSESSOR.items() if tie in to_assessor]
    return tuple(reasons)


class Risk(StrEnum):
    """What raises the sample by itself."""

    TRAINEE_ASSESSOR = "trainee_assessor"
    NEW_SCENARIO = "new_scenario"
    FIRST_DELIVERY = "first_delivery"
    DRIFT = "drift"
    PREVIOUS_ACTION = "previous_action"


#: Points of a percent that each risk adds; the sample never passes 100.
_RISK_ADDS = {
    Risk.TRAINEE_ASSESSOR: 75,
    Risk.NEW_SCENARIO: 25,
    Risk.FIRST_DELIVERY: 25,
    Risk.DRIFT: 25,
    Risk.PREVIOUS_ACTION: 25,
}


def sample_percent(risks: Collection[Risk], base: int = LEAST_PERCENT) -> int:
    """Return the percent to sample: at least one in four, more for each risk, at most all.

    The points that a risk adds are the scheme's. Source: award specification A6.
    """
    added = sum(_RISK_ADDS[risk] for risk in set(risks))
    return min(100, max(LEAST_PERCENT, base) + added)


def in_trial(trial_starts: date, day: date) -> bool:
    """Return whether the trial period of 12 months runs on ``day``."""
    return trial_starts <= day < add_months(trial_starts, TRIAL_MONTHS)


def must_sample(
    *, safety_critical: bool, not_yets_before: int, not_yet: bool, criteria_claimed: int
) -> tuple[str, ...]:
    """Return why a decision is always sampled; empty: it takes its chance in the draw.

    Every safety-critical decision is, in the trial period and after it: the award specification
    asks for all during the trial and for one in four at least from then on, and the scheme keeps
    to all. Source: award specification A6.
    """
    reasons = []
    if safety_critical:
        reasons.append("Every safety-critical decision is sampled.")
    if not_yet and not_yets_before:
        reasons.append("Every second not-yet on the same criterion is sampled.")
    if criteria_claimed > LARGE_CLAIM:
        reasons.append(f"Every claim of more than {LARGE_CLAIM} criteria is sampled.")
    return tuple(reasons)


def draw(population: Iterable[str], percent: int, seed: str) -> tuple[str, ...]:
    """Return the sample, in order of reference: the same seed and population draw the same.

    Each reference is ranked by the SHA-256 of "seed:reference", lowest first, and the given
    percent is taken, rounded up. Nothing depends on the order given, the machine or the version
    of Python, so an external verifier can draw it again. Raises ValueError outside 0 to 100.
    Source: award specification A6.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} is not a percentage")
    ranked = sorted(set(population), key=lambda ref: sha256(f"{seed}:{ref}".encode()).hexdigest())
    return tuple(sorted(ranked[: -(-len(ranked) * percent // 100)]))
