"""The open questions that a role play turns on, and where its learner stood before and after."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.content import manual
from app.learning import place_queries
from app.learning.views import questions_asked
from app.roleplay import views
from app.roleplay.models import Booking
from modules import OpenQuestion

if TYPE_CHECKING:
    from app.learning.models import Place


@dataclass(frozen=True, kw_only=True)
class Tension:
    """One question that the scheme keeps open, and a learner's own places on it."""

    question: OpenQuestion
    before: "Place | None"
    after: "Place | None"


def tensions(session: Session, booking: Booking, person_id: int) -> list[Tension]:
    """Return the questions of a play for one of its learners, and nothing for anybody else.

    The play's beginning parts before from after. A question that the manual no longer asks is
    left out.
    """
    if person_id not in booking.learner_ids:
        return []
    named = views.case_of(booking).tension
    asked = [one for _, one in questions_asked(manual()) if one.id in named]
    places = place_queries.around(session, person_id, named, booking.starts_at)
    return [
        Tension(question=one, before=places[one.id][0], after=places[one.id][1]) for one in asked
    ]
