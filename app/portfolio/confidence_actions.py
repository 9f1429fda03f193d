"""What changes ratings of confidence: one at the start of a unit, one at its end.

Nothing here commits.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.portfolio.actions import PortfolioError
from app.portfolio.confidence_queries import Moment, UnitConfidence
from app.portfolio.models import ConfidenceRating


class NotNow(PortfolioError):
    """A moment is rated once; the start only before there is evidence."""


def rate(
    session: Session,
    person_id: int,
    standing: UnitConfidence,
    moment: Moment,
    ratings: Mapping[str, int],
    *,
    award_version: str,
    now: datetime,
) -> ConfidenceRating:
    """Keep a learner's ratings of every criterion of a unit. Raises NotNow."""
    if standing.end or (moment is Moment.START and standing.start):
        raise NotNow("You have rated this unit already. Ratings stay as they were given")
    if moment is Moment.START and standing.begun:
        raise NotNow("The first evidence for this unit is there, so its start has passed")
    row = ConfidenceRating(
        person_id=person_id,
        unit=standing.unit,
        moment=moment.value,
        ratings=dict(ratings),
        award_version=award_version,
        rated_at=now,
    )
    session.add(row)
    session.flush()
    # Not the ratings: they are for the learner first.
    audit.record(
        session,
        "confidence.rated",
        row,
        now=now,
        actor_id=person_id,
        about_id=person_id,
        unit=standing.unit,
        moment=moment.value,
    )
    return row
