"""What changes learning. Nothing here commits."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit, kept
from app.learning import queries
from app.learning.models import Place, Reflection
from modules import Prompt


class LearningError(Exception):
    """A refusal about learning, in words for the person."""


class NoSuchPlace(LearningError):
    """A place on an open question is one of seven."""


def save_reflection(
    session: Session,
    person_id: int,
    chapter: int,
    prompt: Prompt,
    words: str,
    *,
    version: int,
    now: datetime,
) -> Reflection:
    """Save a person's own words. Words that met a newer version are kept beside it: Overtaken."""
    row = queries.reflection(session, person_id, prompt.id)
    if row is None:
        row = Reflection(
            person_id=person_id,
            chapter=chapter,
            prompt=prompt.id,
            asked=prompt.text,
            words=words,
            saved_at=now,
        )
        session.add(row)
        session.flush()
        return row
    if row.words == words:
        return row
    if row.version != version:
        raise kept.Overtaken(words, row.words)
    row.words, row.asked, row.saved_at = words, prompt.text, now
    session.flush()
    return row


def keep_overtaken(
    session: Session, person_id: int, prompt: str, words: str, *, now: datetime
) -> None:
    """Keep words that came too late, once, to be settled on the reflection's own page."""
    row = queries.reflection(session, person_id, prompt)
    subject = f"reflections:{row.id}" if row else f"reflections:{prompt}"
    if any(one.words == words for one in kept.unsettled(session, subject, person_id)):
        return
    kept.keep(session, subject, prompt, words, writer_id=person_id, now=now)


def settle_reflection(
    session: Session, reflection: Reflection, words: str, *, version: int, now: datetime
) -> None:
    """Take these words as the reflection, and close every version that was kept beside it.

    Raises Overtaken where a newer version was saved while the two were compared.
    """
    if reflection.version != version and reflection.words != words:
        raise kept.Overtaken(words, reflection.words)
    reflection.words, reflection.saved_at = words, now
    subject = f"reflections:{reflection.id}"
    for one in kept.unsettled(session, subject, reflection.person_id):
        one.settled_at = now


def _sent_again(last: Place, place: int, reason: str, now: datetime) -> bool:
    # A second press is no move; the same place again, weeks later, is something to know.
    same = (last.place, last.reason) == (place, reason)
    return same and now - last.placed_at < timedelta(days=1)


def take_place(
    session: Session, person_id: int, question: str, place: int, reason: str, *, now: datetime
) -> Place:
    """Place a person on an open question; earlier places stay. Raises NoSuchPlace."""
    if not 1 <= place <= 7:
        raise NoSuchPlace("Choose one of the seven places")
    earlier = queries.places(session, person_id, [question])[question]
    if earlier and _sent_again(earlier[-1], place, reason, now):
        return earlier[-1]
    row = Place(person_id=person_id, question=question, place=place, reason=reason, placed_at=now)
    session.add(row)
    session.flush()
    audit.record(
        session,
        "place.taken",
        row,
        now=now,
        actor_id=person_id,
        about_id=person_id,
        question=question,
    )
    return row
