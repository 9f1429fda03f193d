"""What changes reminders. Nothing here commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert
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
    due = {}
    for one in people:
        mine = waiting[one.id]
        told = digest(mine.wanted, mine.written_on, now, at_night=at_night)
        if told:
            due[one] = told
    if due:
        _write(session, due, base_url=base_url, now=now)
    return len(due)


def _write(
    session: Session,
    due: Mapping["User", Sequence[tuple[Step, int]]],
    *,
    base_url: str,
    now: datetime,
) -> None:
    """Write each person one e-mail and keep what it was about: many rows, few statements."""
    day = now.astimezone(LONDON).date()
    mails = [{"person_id": one.id, "day": day, "written_at": now} for one in due]
    session.execute(insert(ReminderMail), mails)
    ids = queries.mails_of(session, [one.id for one in due], day)
    rows = [
        {"mail_id": ids[one.id], "step": step.key, "number": number}
        for one, told in due.items()
        for step, number in told
    ]
    session.execute(insert(ReminderSent), rows)
    recipients = [one.email for one in due]
    mail.write_all(session, recipients, SUBJECT, letter(base_url), kind=mail.Kind.NOTICE, now=now)
    audit.record(
        session,
        "reminders.sent",
        f"reminder_mails:{min(ids.values())}",
        now=now,
        actor_id=None,
        last=max(ids.values()),
        mails=len(due),
    )


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
