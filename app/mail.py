"""E-mail: written to the outbox with the change it tells of, sent after the commit."""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app
from sqlalchemy import String, func, insert, or_, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from app import db
from app.logs import log
from app.sealed import SealBroken, Sealed

MOST_TRIES = 8
TIMEOUT = 8
#: A process that died while sending gives its messages back after this.
TAKEN_FOR = timedelta(minutes=10)
AT_ONCE = 20


#: What is wrong with one message. Any other trouble is the server's, or our settings'.
ITS_OWN_FAULT = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    UnicodeError,
    SealBroken,
)


class Kind(StrEnum):
    """What a message is for, which decides who may open it."""

    INVITATION = "invitation"
    #: Holds a link that opens its owner's account.
    NEW_PASSWORD = "new-password"  # noqa: S105 (the name of a kind)
    #: Says that something waits, and nothing of what it is.
    NOTICE = "notice"

    @property
    def label(self) -> str:
        """Return how the kind reads on a page."""
        return self.value.replace("-", " ").capitalize()


class OutboxMessage(db.Base):
    """One e-mail. Without a mail server it stays here, for the coordinator to pass on."""

    __tablename__ = "outbox_messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    #: The row that it tells of, named as in the audit ("password_resets:14"), or nothing.
    about: Mapped[str] = mapped_column(String(80), default="")
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    #: Sealed, because it may carry a link that lets somebody in; emptied once it was sent.
    body: Mapped[str | None] = mapped_column(Sealed("mail"))
    written_at: Mapped[datetime] = mapped_column(index=True)
    #: By one process, so that two do not send the same message.
    taken_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(200), default="")


def write(
    session: Session,
    recipient: str,
    subject: str,
    body: str,
    *,
    kind: Kind,
    now: datetime,
    about: str = "",
) -> None:
    """Put a message into the outbox; it leaves when the transaction is on disk.

    Raises ValueError for an address or a subject of more than one line, which could carry headers.
    """
    write_all(session, [recipient], subject, body, kind=kind, now=now, about=about)


def write_all(
    session: Session,
    recipients: Sequence[str],
    subject: str,
    body: str,
    *,
    kind: Kind,
    now: datetime,
    about: str = "",
) -> None:
    """Put a message of the same words to each of several people into the outbox, in one go.

    Raises ValueError as ``write`` does.
    """
    if not all(line.isprintable() for line in (*recipients, subject)):
        raise ValueError("an address and a subject are one line each")
    same = {"kind": kind, "about": about, "subject": subject, "body": body, "written_at": now}
    session.execute(insert(OutboxMessage), [{**same, "recipient": one} for one in recipients])
    if current_app.config["MAIL_URL"]:
        db.after_commit(deliver)


def deliver() -> int:
    """Send what waits in the outbox, a few at once; return how many left.

    Trouble is noted on the message and it is tried again, at most MOST_TRIES times. When the
    server is away no try is counted and the rest waits too, so that nobody waits long for a page.
    """
    waiting, left = _take(datetime.now(UTC)), 0
    if not waiting:
        return 0
    try:
        with _server() as server:
            while waiting:
                left += _deliver_one(server, waiting[0])
                del waiting[0]
    except OSError as error:
        _give_back(waiting, type(error).__name__)
    return left


def _take(now: datetime) -> list[int]:
    free = or_(OutboxMessage.taken_at.is_(None), OutboxMessage.taken_at < now - TAKEN_FOR)
    waiting = (
        select(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.tries < MOST_TRIES, free)
        .where(OutboxMessage.body.is_not(None))
        .order_by(OutboxMessage.id)
        .limit(AT_ONCE)
    )
    with db.transaction() as session:
        messages = session.scalars(waiting).all()
        for message in messages:
            # Counted before sending: a message that kills the process is not sent for ever.
            message.taken_at, message.tries = now, message.tries + 1
        return [message.id for message in messages]


def _deliver_one(server: smtplib.SMTP, identity: int) -> bool:
    trouble = ""
    try:
        server.send_message(_letter(db.session().get_one(OutboxMessage, identity)))
    except ITS_OWN_FAULT as error:
        trouble = type(error).__name__
        log.warning("mail.not_sent", extra={"facts": {"message": identity, "trouble": trouble}})
    with db.transaction() as session:
        message = session.get_one(OutboxMessage, identity)
        message.trouble, message.taken_at = trouble, None
        if not trouble:
            message.sent_at, message.body = datetime.now(UTC), None
    return not trouble


def _give_back(waiting: list[int], trouble: str) -> None:
    log.warning("mail.server_away", extra={"facts": {"waiting": len(waiting), "trouble": trouble}})
    with db.transaction() as session:
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(waiting))):
            message.trouble, message.taken_at = trouble, None
            message.tries -= 1


def _letter(message: OutboxMessage) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = current_app.config["MAIL_FROM"]
    letter["To"], letter["Subject"] = message.recipient, message.subject
    letter["Date"] = format_datetime(message.written_at)
    letter["Message-ID"] = make_msgid(domain=current_app.config["MAIL_FROM"].rpartition("@")[2])
    letter.set_content(message.body or "")
    return letter


def _server() -> smtplib.SMTP:
    parts = urlsplit(current_app.config["MAIL_URL"])
    secure = ssl.create_default_context()
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=secure)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    try:
        if parts.scheme == "smtp" and parse_qs(parts.query).get("tls") != ["no"]:
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except OSError:
        server.close()
        raise
    return server


def outbox(session: Session, before: int | None, most: int = 30) -> list[OutboxMessage]:
    """Return a page of messages, newest first, older than the one with id ``before``.

    Without their texts: a list opens none.
    """
    query = (
        select(OutboxMessage)
        .options(defer(OutboxMessage.body, raiseload=True))
        .order_by(OutboxMessage.id.desc())
        .limit(most + 1)
    )
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    return list(session.scalars(query))


def waiting(session: Session) -> int:
    """Return how many messages have not left and may still be tried."""
    count = select(func.count()).where(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.body.is_not(None),
        OutboxMessage.tries < MOST_TRIES,
    )
    return session.scalar(count) or 0


def clear_old(session: Session, now: datetime, days: int = 30) -> None:
    """Empty the bodies of messages whose links have long run out."""
    old = select(OutboxMessage).where(
        OutboxMessage.written_at < now - timedelta(days=days), OutboxMessage.body.is_not(None)
    )
    for message in session.scalars(old):
        message.body = None
