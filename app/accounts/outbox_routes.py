"""The outbox: what was written, and the one way to open a message, which leaves a line."""

from datetime import UTC, datetime

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db, mail
from app.accounts import actions, bp, queries
from app.addresses import whole
from app.mail import Kind, OutboxMessage
from app.policy import Can, needs

MOST = 30


def message_or_404(message_id: int) -> OutboxMessage:
    """Return one message, or answer 404."""
    return db.session().get(OutboxMessage, message_id) or abort(404)


def closed_because(message: OutboxMessage, *, sends: bool) -> str | None:
    """Return why nobody may open a message, or None. ``sends`` says that there is a server."""
    if message.sent_at:
        return "It was sent, and its text is not kept."
    if message.body is None:
        return "Its text is not kept any more."
    if message.kind is Kind.NEW_PASSWORD and sends:
        return (
            "A link for a new password opens the account, so it goes to its owner alone, by the "
            "mail server. Nobody reads it here. Its owner can ask for another at any time."
        )
    return None


@bp.get("/outbox")
@needs(Can.READ_OUTBOX)
def outbox() -> ResponseReturnValue:
    rows = mail.outbox(db.session(), request.args.get("before", type=whole), MOST)
    sends = bool(current_app.config["MAIL_URL"])
    return render_template(
        "accounts/outbox.html", rows=rows[:MOST], more=len(rows) > MOST, sends=sends
    )


@bp.route("/outbox/<int:message_id>", methods=["GET", "POST"])
@needs(Can.READ_OUTBOX, on=message_or_404)
def outbox_message(message: OutboxMessage) -> ResponseReturnValue:
    """Say who will know that a message is opened; show its text once that is recorded."""
    refusal = closed_because(message, sends=bool(current_app.config["MAIL_URL"]))
    owner = queries.by_email(db.session(), message.recipient)
    opened = request.method == "POST" and not refusal
    if opened:
        with db.transaction() as work:
            actions.open_message(work, message, owner, now=datetime.now(UTC), by=current_user)
    page = render_template(
        "accounts/outbox_message.html",
        message=message,
        owner=owner,
        opened=opened,
        refusal=refusal,
        link=message.kind is Kind.NEW_PASSWORD,
        invites=message.kind is Kind.INVITATION,
    )
    return page, 409 if refusal and request.method == "POST" else 200
