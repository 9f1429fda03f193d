"""Who did what, when, to whom: a chain in which every row vouches for the one before it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base

Listener = Callable[[Session, "AuditEvent"], None]
GENESIS = "0" * 64


class AuditEvent(Base):
    """One thing that was done. Never holds the text of a record, only what happened to it."""

    __tablename__ = "audit_events"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    #: None when the system acted by itself.
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    #: The person whose record it concerns, so that they can see who looked.
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    #: A verb and a thing, "judgement.recorded".
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    #: The row it was done to, "judgements:14".
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)
    detail: Mapped[str] = mapped_column(sa.Text, default="{}")
    previous: Mapped[str] = mapped_column(sa.String(64))
    seal: Mapped[str] = mapped_column(sa.String(64))


def record(
    session: Session,
    action: str,
    subject: Base | str,
    *,
    now: datetime,
    actor_id: int | None,
    about_id: int | None = None,
    **detail: Any,
) -> AuditEvent:
    """Add one event to the chain, in the caller's transaction. Flushes, so that ids are known."""
    session.flush()
    last = session.scalar(sa.select(AuditEvent.seal).order_by(AuditEvent.id.desc()).limit(1))
    event = AuditEvent(
        recorded_at=now,
        actor_id=actor_id,
        about_id=about_id,
        action=action,
        subject=subject if isinstance(subject, str) else _name(subject),
        detail=json.dumps(detail, sort_keys=True, default=str),
        previous=last or GENESIS,
    )
    event.seal = seal_of(event)
    session.add(event)
    session.flush()
    for listener in LISTENERS.get(action, ()):
        listener(session, event)
    return event


#: Who acts, in the same transaction, on what others have done: a feature to the right listens to
#: those on its left, which do not know of it.
LISTENERS: dict[str, list[Callable[[Session, AuditEvent], None]]] = defaultdict(list)


def listen(action: str) -> Callable[[Listener], Listener]:
    """Have a function called, in the same transaction, whenever the action is recorded."""

    def take(listener: Listener) -> Listener:
        LISTENERS[action].append(listener)
        return listener

    return take


def _name(row: Base) -> str:
    identity = sa.inspect(row).identity or ("?",)
    return f"{row.__tablename__}:{identity[0]}"


def seal_of(event: AuditEvent) -> str:
    """Return the SHA-256 over the event and the seal before it, in hexadecimal."""
    words = [
        event.previous,
        # In UTC, as the database gives it back: the zone it was written in is no part of it.
        event.recorded_at.astimezone(UTC).isoformat(),
        str(event.actor_id),
        str(event.about_id),
        event.action,
        event.subject,
        event.detail,
    ]
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def first_fault(session: Session) -> int | None:
    """Return the id of the first event that does not follow from the one before, or None."""
    previous = GENESIS
    chain = sa.select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=500)
    with session.scalars(chain) as events:
        for event in events:
            if event.previous != previous or event.seal != seal_of(event):
                return event.id
            previous = event.seal
    return None


#: How each action reads on a page. A test demands words for every action that the site records.
DEEDS = {
    "account.closed": "Closed the account",
    "agreement.ended": "Ended a supervision agreement",
    "agreement.in-force": "A supervision agreement came into force",
    "agreement.made": "Set up a supervision agreement",
    "allocation.ended": "Ended the allocation of an assessor",
    "allocation.made": "Allocated an assessor",
    "difference.proposed": "Proposed a mark where two sheets differ",
    "difference.agreed": "Agreed a mark where two sheets differed",
    "agreement.signed": "Signed a supervision agreement",
    "booking.cancelled": "Cancelled a role play",
    "booking.changed": "Changed a role play",
    "booking.made": "Booked a role play",
    "certificate.issued": "Issued a certificate",
    "certificate.viewed": "Opened a certificate",
    "check.answered": "Answered a knowledge check so that it counts",
    "check.attempts-opened": "Opened three further attempts at a knowledge check",
    "check.attempts-used": "Used the third attempt at a knowledge check",
    "check.begun": "Began an attempt at a knowledge check",
    "check.practised": "Practised a knowledge check",
    "clock.paused": "Paused the clock of a role play",
    "clock.resumed": "Went on with a role play",
    "clock.started": "Started the clock of a role play",
    "criterion.added": "Added a criterion to a mark sheet",
    "confidence.rated": "Rated their own confidence",
    "decision.recorded": "Recorded the panel’s decision",
    "drill.begun": "Began a drill",
    "drill.decided": "Decided on a screen of a drill",  # no longer said; old rows say it
    "drill.filed": "Put a drill into the portfolio",
    "evidence.filed": "Filed evidence",
    "evidence-file.added": "Attached a file to evidence",
    "evidence-file.taken-back": "Took a file back",
    "exercise.stop-explained": "Said why an exercise was stopped",
    "exercise.stopped": "Stopped an exercise for safety",
    "fact.recorded": "Recorded a fact",
    "interest.declared": "Declared interests",
    "invitation.accepted": "Accepted the invitation",
    "invitation.sent": "Sent an invitation",
    "invitation.withdrawn": "Took an invitation back",
    "judgement.agreed": "Agreed with a judgement",
    "judgement.recorded": "Recorded a judgement",
    "judgement.returned": "Returned a judgement",
    "legal.signed-off": "Signed a legal point off",
    "mark-sheet.finished": "Finished a mark sheet",
    "mark-sheet.opened": "Began a mark sheet",
    "mark.recorded": "Marked a criterion",
    "message.viewed": "Opened a message in the outbox",
    "name.changed": "Changed the name they go by",
    "new-password-link.viewed": "Opened the message with a link for a new password",
    "note.added": "Wrote a note",
    "overall.recorded": "Gave an overall judgement",
    "panel-item.made": "Put a person on the panel’s agenda",
    "panel-item.withdrawn": "Took an item off the panel’s agenda",
    "panel-pack.opened": "Opened the results for the panel",
    "panel-pack.viewed": "Read the results on the panel",
    "panel-seats.changed": "Changed a seat on the panel",
    "password.changed": "Changed the password",
    "password.reset-asked": "Asked for a new password",
    "place.taken": "Took a place on an open question",
    "record.opened": "Opened a record",
    "record.print-choices": "Chose what is printed",
    "record.viewed": "Opened the record",
    "remark.answered": "Answered a remark on the manual",
    "remark.made": "Said something about a paragraph of the manual",
    "registration.made": "Registered on the award",
    "reminders.sent": "Wrote to people that something waits for them",
    "reminder.stopped": "Asked not to be reminded of a step",
    "reminder.wanted": "Asked to be reminded of a step again",
    "reminders.turned-off": "Turned reminders off",
    "reminders.turned-on": "Turned reminders on",
    "result.released": "Released the result of a role play",
    "role.ended": "Ended a role",
    "role.granted": "Gave a role",
    "seals.renewed": "Renewed the seals",
    "sign-in.began": "Signed in",
    "sign-in.ended": "Signed out",
    "suitability.recorded": "Recorded a view of suitability",
    "supervision-log.addendum": "Added a later thought to a supervision log",
    "supervision-log.begun": "Began a supervision log",
    "supervision-log.changed": "Changed a supervision log",
    "supervision-log.locked": "A supervision log was signed by both and locked",
    "supervision-log.printed": "Printed a supervision log",
    "supervision-log.reopened": "Sent a supervision log back before both had signed",
    "supervision-log.signed": "Signed a supervision log",
    "supervision-log.viewed": "Opened a supervision log",
    "tutorial.asked": "A tutorial is due",
    "tutorial.held": "Recorded a tutorial",
    "versions.kept": "Kept two versions that met",
    "versions.settled": "Settled two versions that met",
    "vote.recorded": "Voted on the panel",
}


def deed(action: str) -> str:
    """Return an action in words."""
    return DEEDS.get(action, action)
