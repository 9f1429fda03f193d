"""What changes reminders. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app import audit, mail
from app.scheme import reminder_queries as queries
from app.scheme.models import ReminderChoice, ReminderMail, ReminderSent
from assessments.dates import LONDON
from assessments.reminders import Step, digest

if TYPE_CHECKING:
    from app.accounts.models import User

SUBJECT = "Something on Towpath waits for you"


def remind(
    session: Session,
    people: Sequence["User"],
    scheme: queries.Scheme,
    *,
    base_url: str,
    now: datetime,
    at_night: bool = False,
) -> int:
    """Write to those of several people for whom a reminder is due; return to how many.

    Twice at the same time comes to the same as once: what was written is read in the same
    transaction, and nobody is written to twice a day.
    """
    waiting = queries.waiting(session, people, scheme, now)
    written = []
    for one in people:
        mine = waiting[one.id]
        due = digest(mine.wanted, mine.written_on, now, at_night=at_night)
        if due:
            written.append(_write(session, one, due, base_url=base_url, now=now))
    if written:
        session.flush()
        audit.record(
            session,
            "reminders.sent",
            f"reminder_mails:{written[0].id}",
            now=now,
            actor_id=None,
            last=written[-1].id,
            mails=len(written),
        )
    return len(written)


def _write(
    session: Session,
    person: "User",
    due: Sequence[tuple[Step, int]],
    *,
    base_url: str,
    now: datetime,
) -> ReminderMail:
    row = ReminderMail(
        person_id=person.id,
        day=now.astimezone(LONDON).date(),
        written_at=now,
        reminders=[ReminderSent(step=step.key, number=number) for step, number in due],
    )
    session.add(row)
    mail.write(session, person.email, SUBJECT, letter(base_url), kind=mail.Kind.NOTICE, now=now)
    return row


def letter(base_url: str) -> str:
    """Return the words of every reminder: nothing of what it is about."""
    return (
        f"Something on Towpath waits for you. Sign in to see what:\n{base_url}/\n\n"
        "This stops by itself: after the third time, or once it is done. Beside what waits you can "
        f"say that you want no reminder of it. To stop all of them:\n{base_url}/account\n"
    )


def choose(session: Session, person_id: int, step: str, *, wanted: bool, now: datetime) -> None:
    """Keep that somebody does not want to be reminded of a step, or wants it again."""
    row = ReminderChoice(person_id=person_id, step=step, wanted=wanted, chosen_at=now)
    session.add(row)
    deed = "reminder.wanted" if wanted else "reminder.stopped"
    audit.record(session, deed, row, now=now, actor_id=person_id, about_id=person_id)
