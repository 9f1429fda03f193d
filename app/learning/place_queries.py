"""What is asked about places on open questions over time: reads only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.learning import queries
from app.learning.models import Place
from assessments.spreads import Placed


def everybody(session: Session, question: str) -> list[Placed]:
    """Return every place that anybody has taken on a question, without reasons."""
    rows = session.execute(
        select(Place.person_id, Place.place, Place.placed_at)
        .where(Place.question == question)
        .order_by(Place.id)
    )
    return [Placed(person=person, place=place, at=at) for person, place, at in rows]


def around(
    session: Session, person_id: int, questions: Sequence[str], moment: datetime
) -> dict[str, tuple[Place | None, Place | None]]:
    """Return a person's last place on each question before a moment, and the last since then."""
    found = queries.places(session, person_id, questions)
    return {
        question: (
            next((one for one in reversed(rows) if one.placed_at < moment), None),
            next((one for one in reversed(rows) if one.placed_at >= moment), None),
        )
        for question, rows in found.items()
    }
