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
) -> int:
    """Write to those of several people for whom a reminder is due; return to how many.

    Twice at the same time comes to the same as once: what was written is read in the same
    transaction, and nobody is written to twice a day.
    """
    waiting = queries.steps(session, people, scheme, now)
    past = queries.past(session, [one.id for one in people])
    written = []
    for one in people:
        due = _due(waiting[one.id], past[one.id], now)
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


def _due(steps: Sequence[Step], past: queries.Past, now: datetime) -> tuple[tuple[Step, int], ...]:
    wanted = [(step, past.sent[step.key]) for step in steps if step.key not in past.stopped]
    return digest(wanted, past.written_on, now)


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
    mail.write(
        session, person.email, SUBJECT, letter(base_url), kind=mail.Kind.NOTICE, now=now
    )
    return row


def letter(base_url: str) -> str:
    """Return the words of every reminder: nothing of what it is about."""
    return (
        "Something on Towpath waits for you. Sign in to see what:\n"
        f"{base_url}/\n\n"
        "Reminders stop by themselves, after three at most or once it is done. To stop them now, "
        f"press “Do not remind me of this” beside it, or turn all of them off:\n{base_url}/account\n"
    )


def choose(session: Session, person_id: int, step: str, *, wanted: bool, now: datetime) -> None:
    """Keep whether somebody wants to be reminded of a step; nothing is kept twice."""
    stopped = queries.past(session, [person_id])[person_id].stopped
    if (step in stopped) is not wanted:
        return
    row = ReminderChoice(person_id=person_id, step=step, wanted=wanted, chosen_at=now)
    session.add(row)
    deed = "reminder.wanted" if wanted else "reminder.stopped"
    audit.record(session, deed, row, now=now, actor_id=person_id, about_id=person_id)
