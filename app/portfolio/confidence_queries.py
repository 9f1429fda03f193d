"""What is asked about learners' ratings of their own confidence: reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.portfolio.models import ConfidenceRating, Evidence, EvidenceCriterion, Judgement

#: From 1 to 5, as the form and every page word them. None is a word of the assessors’.
WORDS = ("Not at all", "A little", "Fairly", "Mostly", "Fully")


class Moment(StrEnum):
    """When a unit's confidence is rated."""

    START = "start"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A learner's two ratings of one criterion; None where they gave none."""

    start: int | None
    end: int | None

    @property
    def moved(self) -> str:
        """Return in words how the second stands to the first, or nothing."""
        if self.start is None or self.end is None:
            return ""
        steps = self.end - self.start
        if steps == 0:
            return "As confident as at the start"
        much = "much " if abs(steps) >= 3 else "" if abs(steps) == 2 else "a little "
        return f"{much}{'more' if steps > 0 else 'less'} confident than at the start".capitalize()


@dataclass(frozen=True, kw_only=True)
class UnitConfidence:
    """How one learner rated one unit, and what of it is open to them now."""

    unit: str
    start: ConfidenceRating | None
    end: ConfidenceRating | None
    #: The first evidence towards the unit is there: its start has passed.
    begun: bool

    def of(self, ref: str) -> Rated:
        """Return the ratings of one criterion."""
        return Rated(
            start=self.start.ratings.get(ref) if self.start else None,
            end=self.end.ratings.get(ref) if self.end else None,
        )

    @property
    def may(self) -> Moment | None:
        """Return which rating can be given now."""
        if self.start is None and self.end is None and not self.begun:
            return Moment.START
        return Moment.END if self.end is None else None


def ratings(session: Session, person_id: int) -> dict[str, dict[str, ConfidenceRating]]:
    """Return a learner's ratings by unit and moment."""
    rows = session.scalars(select(ConfidenceRating).where(ConfidenceRating.person_id == person_id))
    found: dict[str, dict[str, ConfidenceRating]] = {}
    for row in rows:
        found.setdefault(row.unit, {})[row.moment] = row
    return found


def of_unit(session: Session, person_id: int, unit: str) -> UnitConfidence:
    """Return what a learner rated in a unit that has begun, in one query."""
    given = ratings(session, person_id).get(unit, {})
    return UnitConfidence(
        unit=unit, start=given.get(Moment.START), end=given.get(Moment.END), begun=True
    )


def by_unit(
    session: Session, person_id: int, codes: Sequence[str], checked: Sequence[str] = ()
) -> dict[str, UnitConfidence]:
    """Return how a learner stands with the ratings of several units, in three queries.

    ``checked`` are criteria towards which a passed check goes: that is evidence, too.
    """
    given = ratings(session, person_id)
    filed = session.scalars(
        select(EvidenceCriterion.criterion).join(Evidence).where(Evidence.person_id == person_id)
    )
    begun = {ref.partition(".")[0] for ref in (*filed, *checked)}
    return {
        code: UnitConfidence(
            unit=code,
            start=given.get(code, {}).get(Moment.START),
            end=given.get(code, {}).get(Moment.END),
            begun=code in begun,
        )
        for code in codes
    }


def standing_verdicts(session: Session, person_id: int, unit: str) -> Mapping[str, str]:
    """Return the verdict that stands on each criterion of a unit that was judged."""
    rows = session.execute(
        select(Judgement.criterion, Judgement.verdict)
        .where(Judgement.person_id == person_id)
        .where(Judgement.criterion.like(f"{unit}.%"))
        .order_by(Judgement.id)
    )
    return {ref: verdict for ref, verdict in rows}  # noqa: C416 (rows are not pairs to mypy)
