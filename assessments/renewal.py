"""What a renewal asks of two years of practice, beside the facts that ``blocks`` looks at.

Source: award specification D5 (docs/sources.md).
"""

from dataclasses import dataclass

LEAST_PERCENT = 90
DEVELOPMENT_HOURS = 12
PATHWAY_HOURS = 4


@dataclass(frozen=True, kw_only=True)
class Practice:
    """The figures of one mentor since the last decision."""

    #: Of months in which supervision was owed, those with enough of it.
    supervision_percent: int
    development_hours: float
    #: Of those, hours in the mentor's pathway.
    pathway_hours: float
    #: Of feedback returns, those on time.
    returns_percent: int
    discussion_held: bool
    coordinator_satisfied: bool


def renewal_gaps(practice: Practice) -> tuple[str, ...]:
    """Return what a renewal still needs, in sentences; empty: nothing.

    Strain, rest or a change of view handled openly never stands here.
    Source: award specification D5.
    """
    checks = (
        (
            practice.supervision_percent >= LEAST_PERCENT,
            f"Supervision in {practice.supervision_percent}% of months, of {LEAST_PERCENT}%.",
        ),
        (
            practice.development_hours >= DEVELOPMENT_HOURS,
            f"{practice.development_hours:g} of {DEVELOPMENT_HOURS} hours of development.",
        ),
        (
            practice.pathway_hours >= PATHWAY_HOURS,
            f"{practice.pathway_hours:g} of {PATHWAY_HOURS} hours of development in the pathway.",
        ),
        (
            practice.returns_percent >= LEAST_PERCENT,
            f"{practice.returns_percent}% of feedback returns in time, of {LEAST_PERCENT}%.",
        ),
        (practice.discussion_held, "The reflective discussion has not been held."),
        (practice.coordinator_satisfied, "The coordinator's note is missing."),
    )
    return tuple(sentence for met, sentence in checks if not met)
