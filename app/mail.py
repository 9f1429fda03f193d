"""E-mail: written to the outbox with the change it tells of, sent after the commit."""

import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import db
from app.logs import log
from app.sealed import Sealed

MOST_TRIES = 8
TIMEOUT = 8


class OutboxMessage(db.Base):
    """One e-mail. Without a mail server it stays here, for the coordinator to pass on."""

    __tablename__ = "outbox_messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    #: Sealed, because it may carry a link that lets somebody in; emptied once it was sent.
    body: Mapped[str | None] = mapped_column(Sealed("mail"))
    written_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(200), default="")


def write(session: Session, recipient: str, subject: str, body: str, *, now: datetime) -> None:
    """Put a message into the outbox; it leaves when the transaction is on disk."""
    session.add(OutboxMessage(recipient=recipient, subject=subject, body=body, written_at=now))
    if current_app.config["MAIL_URL"]:
        db.after_commit(deliver)


def deliver() -> int:
    """Send what waits in the outbox; return how many left. Trouble is noted; it is tried again."""
    waiting = (
        select(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.tries < MOST_TRIES)
        .order_by(OutboxMessage.id)
        .limit(50)
    )
    with db.transaction() as session:
        messages = session.scalars(waiting).all()
        # Counted before sending: a message that kills the process must not be sent for ever.
        for message in messages:
            message.tries += 1
        ready = [(m.id, m.recipient, m.subject, m.body or "") for m in messages]
    return sum(_deliver_one(*one) for one in ready)


def _deliver_one(identity: int, recipient: str, subject: str, body: str) -> bool:
    try:
        _send(recipient, subject, body)
        trouble = ""
    except (smtplib.SMTPException, OSError) as error:
        trouble = type(error).__name__
        log.warning("mail.not_sent", extra={"facts": {"message": identity, "trouble": trouble}})
    with db.transaction() as session:
        message = session.get_one(OutboxMessage, identity)
        message.trouble = trouble
        if not trouble:
            message.sent_at, message.body = datetime.now(UTC), None
    return not trouble


def _send(recipient: str, subject: str, body: str) -> None:
    parts = urlsplit(current_app.config["MAIL_URL"])
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"], message["Subject"] = recipient, subject
    message.set_content(body)
    secure = ssl.create_default_context()
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=secure)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    with server:
        if parts.scheme == "smtp" and parse_qs(parts.query).get("tls") != ["no"]:
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def outbox(session: Session, before: int | None, most: int = 30) -> list[OutboxMessage]:
    """Return a page of messages, newest first, older than the one with id ``before``."""
    query = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(most + 1)
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    return list(session.scalars(query))


def clear_old(session: Session, now: datetime, days: int = 30) -> None:
    """Empty the bodies of messages whose links have long run out."""
    old = select(OutboxMessage).where(
        OutboxMessage.written_at < now - timedelta(days=days), OutboxMessage.body.is_not(None)
    )
    for message in session.scalars(old):
        message.body = None
