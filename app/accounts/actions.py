"""What changes people, roles, invitations and sign-ins. Nothing here commits."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import audit, mail
from app.accounts import queries
from app.accounts.models import (
    INVITATION_LASTS,
    RESET_LASTS,
    SIGN_IN_LASTS,
    Invitation,
    PasswordReset,
    ReminderSwitch,
    RoleGrant,
    SignIn,
    User,
)
from app.accounts.roles import Role

#: argon2id with OWASP's second set of parameters.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: Checked when nobody has the address, so that the answer takes as long as for somebody.
NOBODY = HASHER.hash(secrets.token_urlsafe())
LONGEST_ADDRESS = 254


class AccountError(Exception):
    """A refusal about accounts, in words for the person."""


class AlreadyHere(AccountError):
    """The address belongs to somebody already."""


class NoAddress(AccountError):
    """It cannot be an e-mail address."""


class LinkIsSpent(AccountError):
    """The link was used, withdrawn, or is too old."""


class LastCoordinator(AccountError):
    """Nobody would be left to run the scheme."""


def looks_like_address(text: str) -> bool:
    """Return whether it can be an e-mail address, without guessing more."""
    name, at, host = text.partition("@")
    return bool(name and at and "." in host.strip(".")) and text.isprintable() and " " not in text


def invite(
    session: Session,
    email: str,
    roles: Sequence[Role],
    *,
    base_url: str,
    now: datetime,
    by: User | None,
) -> str:
    """Invite an address and return the link, which is also in the outbox.

    Raises NoAddress or AlreadyHere.
    """
    email = email.strip().lower()
    # Small letters can be longer than the capitals that were counted.
    if not looks_like_address(email) or len(email) > LONGEST_ADDRESS:
        raise NoAddress("This needs an e-mail address, like sam@example.org")
    if queries.by_email(session, email):
        raise AlreadyHere(f"{email} has an account already. Give the role on that person's page")
    session.execute(
        update(Invitation)
        .where(Invitation.email == email, Invitation.accepted_at.is_(None))
        .values(withdrawn_at=now)
    )
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=email,
        roles=" ".join(roles),
        token_digest=queries.digest(token),
        invited_at=now,
        invited_by_id=by.id if by else None,
        expires_at=now + INVITATION_LASTS,
        fictional=bool(by and by.fictional),
    )
    session.add(invitation)
    link = f"{base_url}/invitation/{token}"
    mail.write(
        session,
        email,
        "Your invitation to Towpath",
        _invitation_words(link),
        kind=mail.Kind.INVITATION,
        now=now,
    )
    audit.record(
        session,
        "invitation.sent",
        _flushed(session, invitation),
        now=now,
        actor_id=by.id if by else None,
        roles=list(roles),
    )
    return link


def _flushed(session: Session, row: Invitation) -> Invitation:
    session.flush()
    return row


def _invitation_words(link: str) -> str:
    return (
        "You are invited to Towpath, where mentors learn, are accredited and are supervised.\n\n"
        f"Open this link to choose your password and the name you go by:\n{link}\n\n"
        "It works once, and for seven days. If you did not expect it, leave it: nothing happens.\n"
    )


def accept(
    session: Session, invitation: Invitation, working_name: str, password: str, *, now: datetime
) -> User:
    """Return the person who accepted. Raises LinkIsSpent or AlreadyHere."""
    if not invitation.is_open(now):
        raise LinkIsSpent
    if queries.by_email(session, invitation.email):
        raise AlreadyHere("This address has an account already. Sign in instead")
    user = add_person(
        session,
        invitation.email,
        working_name,
        invitation.role_list,
        now=now,
        by_id=invitation.invited_by_id,
        fictional=invitation.fictional,
    )
    user.password_hash = HASHER.hash(password)
    invitation.accepted_at = now
    audit.record(
        session, "invitation.accepted", invitation, now=now, actor_id=user.id, about_id=user.id
    )
    return user


def add_person(
    session: Session,
    email: str,
    working_name: str,
    roles: Sequence[Role],
    *,
    now: datetime,
    by_id: int | None,
    fictional: bool = False,
) -> User:
    """Return a new person with their roles, flushed."""
    user = User(email=email.lower(), working_name=working_name, joined_at=now, fictional=fictional)
    user.grants = [RoleGrant(role=role, granted_at=now, granted_by_id=by_id) for role in roles]
    session.add(user)
    session.flush()
    return user


def withdraw_invitation(
    session: Session, invitation: Invitation, *, now: datetime, by: User
) -> None:
    """Make the link useless. An invitation that was accepted stays accepted."""
    if invitation.is_open(now):
        invitation.withdrawn_at = now
        audit.record(session, "invitation.withdrawn", invitation, now=now, actor_id=by.id)


def password_is_right(user: User | None, password: str) -> bool:
    """Return whether the password opens the account. Takes as long for nobody as for somebody."""
    stored = user.password_hash if user and user.password_hash else NOBODY
    try:
        HASHER.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return user is not None and user.password_hash is not None and user.is_active


def begin_sign_in(session: Session, user: User, *, now: datetime) -> str:
    """Begin a sign-in; return the token for the cookie."""
    token = secrets.token_urlsafe(32)
    role = user.roles[0] if user.roles else Role.LEARNER
    last = session.scalar(
        select(SignIn.role_in_use)
        .where(SignIn.user_id == user.id)
        .order_by(SignIn.id.desc())
        .limit(1)
    )
    row = SignIn(
        token_digest=queries.digest(token),
        user_id=user.id,
        began_at=now,
        expires_at=now + SIGN_IN_LASTS,
        role_in_use=last if last in user.roles else role,
    )
    session.add(row)
    session.flush()
    audit.record(session, "sign-in.began", row, now=now, actor_id=user.id, about_id=user.id)
    return token


def end_sign_in(session: Session, row: SignIn, *, now: datetime) -> None:
    """End one sign-in."""
    row.ended_at = now
    audit.record(session, "sign-in.ended", row, now=now, actor_id=row.user_id, about_id=row.user_id)


def end_all_sign_ins(
    session: Session, user: User, *, now: datetime, but: SignIn | None = None
) -> None:
    """End every sign-in of a person, at once, on every device."""
    ended = update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    if but is not None:
        ended = ended.where(SignIn.id != but.id)
    session.execute(ended.values(ended_at=now))


def use_role(session: Session, row: SignIn, role: Role) -> None:
    """Switch the menus to another of the person's roles."""
    if row.user.holds(role):
        row.role_in_use = role


def set_password(
    session: Session, user: User, password: str, *, now: datetime, keep: SignIn | None = None
) -> None:
    """Change the password; every other sign-in ends."""
    user.password_hash = HASHER.hash(password)
    end_all_sign_ins(session, user, now=now, but=keep)
    audit.record(session, "password.changed", user, now=now, actor_id=user.id, about_id=user.id)


def ask_reset(session: Session, user: User, *, base_url: str, now: datetime) -> None:
    """Send a link for a new password."""
    token = secrets.token_urlsafe(32)
    row = PasswordReset(
        user_id=user.id,
        token_digest=queries.digest(token),
        asked_at=now,
        expires_at=now + RESET_LASTS,
    )
    session.add(row)
    words = (
        f"Open this link to choose a new password:\n{base_url}/new-password/{token}\n\n"
        "It works once, and for two hours. If you did not ask for it, leave it: nothing changes.\n"
    )
    asked = audit.record(
        session, "password.reset-asked", row, now=now, actor_id=None, about_id=user.id
    )
    mail.write(
        session,
        user.email,
        "A new password for Towpath",
        words,
        kind=mail.Kind.NEW_PASSWORD,
        about=asked.subject,
        now=now,
    )


def open_message(
    session: Session, message: mail.OutboxMessage, owner: User | None, *, now: datetime, by: User
) -> None:
    """Record that somebody opened a message of the outbox, which its owner sees."""
    link = message.kind is mail.Kind.NEW_PASSWORD
    audit.record(
        session,
        queries.LINK_OPENED if link else "message.viewed",
        message.about if link else message,
        now=now,
        actor_id=by.id,
        about_id=owner.id if owner else None,
        message=message.id,
        kind=message.kind,
    )


def use_reset(session: Session, reset: PasswordReset, password: str, *, now: datetime) -> User:
    """Set the password that a reset link allows; return the person. Raises LinkIsSpent."""
    if reset.used_at is not None or now >= reset.expires_at:
        raise LinkIsSpent
    user = session.get_one(User, reset.user_id)
    reset.used_at = now
    set_password(session, user, password, now=now)
    return user


def grant(session: Session, user: User, role: Role, *, now: datetime, by: User | None) -> None:
    """Give a role from now on."""
    if user.holds(role):
        return
    user.grants.append(RoleGrant(role=role, granted_at=now, granted_by_id=by.id if by else None))
    audit.record(
        session,
        "role.granted",
        user,
        now=now,
        actor_id=by.id if by else None,
        about_id=user.id,
        role=role,
    )


def end_role(session: Session, user: User, role: Role, *, now: datetime, by: User) -> None:
    """End a role now, and every sign-in of the person with it. Raises LastCoordinator."""
    if role is Role.COORDINATOR and len(queries.people_with(session, role)) < 2:
        raise LastCoordinator("Somebody must run the scheme. Give the role to another person first")
    for one in user.grants:
        if one.role is role and one.ended_at is None:
            one.ended_at, one.ended_by_id = now, by.id
            end_all_sign_ins(session, user, now=now)
            audit.record(
                session, "role.ended", user, now=now, actor_id=by.id, about_id=user.id, role=role
            )


def close_account(session: Session, user: User, *, now: datetime, by: User) -> None:
    """Close an account; the records stay. Raises LastCoordinator."""
    for role in user.roles:
        end_role(session, user, role, now=now, by=by)
    user.closed_at = now
    end_all_sign_ins(session, user, now=now)
    audit.record(session, "account.closed", user, now=now, actor_id=by.id, about_id=user.id)


def change_account(
    session: Session,
    user: User,
    *,
    working_name: str,
    scheme: str,
    text_size: str,
    reminded: bool,
    now: datetime,
) -> None:
    """Change the name a person goes by, how pages look to them, and whether they are reminded."""
    before = user.working_name
    user.working_name, user.scheme, user.text_size = working_name, scheme, text_size
    if before != working_name:
        audit.record(session, "name.changed", user, now=now, actor_id=user.id, about_id=user.id)
    if queries.reminded(session, user.id) != reminded:
        switch = ReminderSwitch(person_id=user.id, on=reminded, turned_at=now)
        session.add(switch)
        deed = "reminders.turned-on" if reminded else "reminders.turned-off"
        audit.record(session, deed, switch, now=now, actor_id=user.id, about_id=user.id)
