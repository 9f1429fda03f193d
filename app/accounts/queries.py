"""What is asked about people: reads only."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session, lazyload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Invitation, PasswordReset, ReminderSwitch, RoleGrant, SignIn, User
from app.accounts.roles import Role
from app.audit import AuditEvent
from app.waiting import PEOPLE, row

PAGE = 40
#: What the audit calls it when somebody opens the message with another person's reset link.
LINK_OPENED = "new-password-link.viewed"
#: For lists of other tables that are sorted by people's names.
NAME = User.working_name.expression


def digest(token: str) -> str:
    """Return under which name a token is kept. The token itself is never in the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_email(session: Session, email: str) -> User | None:
    """Return the person with this address, whatever its capitals."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def person(session: Session, user_id: int) -> User | None:
    """Return one person."""
    return session.get(User, user_id)


#: Asked on every request, so it is put together once, and by plain joins: relationships that
#: load along with a row take twice as long.
_OPEN_SIGN_IN = (
    select(SignIn, User, RoleGrant)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(
        SignIn.token_digest == bindparam("token"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("now"),
    )
    .order_by(RoleGrant.id)
    .options(lazyload(SignIn.user))
)


def open_sign_in(session: Session, token: str, now: datetime) -> SignIn | None:
    """Return the sign-in that a cookie stands for, if it is still open."""
    rows = session.execute(_OPEN_SIGN_IN, {"token": digest(token), "now": now}).all()
    if not rows:
        return None
    found, user, _ = rows[0]
    set_committed_value(found, "user", user)
    set_committed_value(user, "grants", [grant for _, _, grant in rows if grant is not None])
    sign_in: SignIn = found
    return sign_in


def invitation(session: Session, token: str) -> Invitation | None:
    """Return the invitation of a link, open or not."""
    return session.scalar(select(Invitation).where(Invitation.token_digest == digest(token)))


def open_reset(session: Session, token: str, now: datetime) -> PasswordReset | None:
    """Return the reset of a link that still works."""
    return session.scalar(
        select(PasswordReset).where(
            PasswordReset.token_digest == digest(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
    )


def who_opened_links(session: Session, user_id: int, since: datetime) -> list[Any]:
    """Return who else opened reset links that were used, latest first: (name, last moment)."""
    last = func.max(AuditEvent.recorded_at)
    query = (
        select(User.working_name, last)
        .join_from(AuditEvent, User, User.id == AuditEvent.actor_id)
        .join(
            PasswordReset,
            AuditEvent.subject == "password_resets:" + cast(PasswordReset.id, String),
        )
        .where(AuditEvent.about_id == user_id, AuditEvent.action == LINK_OPENED)
        .where(AuditEvent.actor_id != user_id, PasswordReset.used_at > since)
        # Whoever opened it afterwards did not change the password with it.
        .where(AuditEvent.recorded_at <= PasswordReset.used_at)
        .group_by(User.id, User.working_name)
        .order_by(last.desc())
        .limit(3)
    )
    return list(session.execute(query))


def open_invitations(session: Session, now: datetime) -> Sequence[Invitation]:
    """Return the latest invitations that nobody has accepted yet, newest first."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id.desc())
        .limit(PAGE)
    ).all()


def holding(role: Role) -> ColumnElement[bool]:
    """Return the condition that a person holds the role now."""
    return User.grants.any((RoleGrant.role == role) & RoleGrant.ended_at.is_(None))


def ids_holding(role: Role) -> Select[Any]:
    """Return a query of the ids of those who hold a role now, for lists of other tables."""
    return select(User.id).where(holding(role), User.closed_at.is_(None))


def people_with(session: Session, role: Role) -> Sequence[User]:
    """Return everybody who holds a role now and may sign in, by name."""
    return session.scalars(
        select(User)
        .where(holding(role), User.closed_at.is_(None))
        .order_by(User.working_name, User.id)
    ).all()


#: The ids of those who have turned reminders off.
_TURNED_OFF = select(ReminderSwitch.person_id).where(
    ReminderSwitch.id.in_(select(func.max(ReminderSwitch.id)).group_by(ReminderSwitch.person_id)),
    ~ReminderSwitch.on,
)
#: The same, beside what waits for people (app.waiting).
SWITCHED_OFF = (
    row("off", ReminderSwitch.person_id, "").where(
        ReminderSwitch.person_id.in_(PEOPLE), ReminderSwitch.person_id.in_(_TURNED_OFF)
    ),
)


def reminded(session: Session, person_id: int) -> bool:
    """Return whether a person may be reminded by e-mail of what waits for them."""
    off = _TURNED_OFF.where(ReminderSwitch.person_id == person_id)
    return session.scalar(off) is None


def to_remind(
    session: Session, roles: Sequence[Role], after: int = 0, most: int = 200
) -> Sequence[User]:
    """Return the next people, by id, who hold one of the roles and have not turned reminders off.

    Nobody whose account is closed is among them.
    """
    return session.scalars(
        select(User)
        .where(User.id > after, User.closed_at.is_(None), User.id.not_in(_TURNED_OFF))
        .where(or_(*(holding(role) for role in roles)))
        .order_by(User.id)
        .limit(most)
        .options(selectinload(User.grants))
    ).all()


def people(
    session: Session,
    *,
    words: str = "",
    role: Role | None = None,
    after: tuple[str, int] | None = None,
    most: int = PAGE,
) -> list[User]:
    """Return a page of people by name, one more than ``most`` if there are more."""
    query = (
        select(User)
        .order_by(User.working_name, User.id)
        .limit(most + 1)
        .options(selectinload(User.grants))
    )
    if words:
        start = words.strip().lower() + "%"
        query = query.where(or_(func.lower(User.working_name).like(start), User.email.like(start)))
    if role:
        query = query.where(holding(role))
    if after:
        query = query.where(tuple_(User.working_name, User.id) > after)
    return list(session.scalars(query))


def names(session: Session, ids: Sequence[int | None]) -> dict[int, str]:
    """Return the working names of several people in one query."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = session.execute(select(User.id, User.working_name).where(User.id.in_(wanted)))
    return {identity: name for identity, name in rows}  # noqa: C416 (rows are not pairs to mypy)


def views_of(session: Session, user_id: int, before: int | None = None) -> list[Any]:
    """Return who looked at a person's sealed or personal records, newest first: (event, name)."""
    query = (
        select(AuditEvent, User.working_name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.about_id == user_id, AuditEvent.action.like("%.viewed"))
        .order_by(AuditEvent.id.desc())
        .limit(PAGE + 1)
    )
    if before:
        query = query.where(AuditEvent.id < before)
    return list(session.execute(query))


def audit_page(session: Session, before: int | None = None) -> list[Any]:
    """Return a page of the audit, newest first, each with the actor's name."""
    query = (
        select(AuditEvent, User.working_name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .order_by(AuditEvent.id.desc())
        .limit(PAGE + 1)
    )
    if before:
        query = query.where(AuditEvent.id < before)
    return list(session.execute(query))


def anybody_real(session: Session) -> str | None:
    """Return the address of one real person or real invitation, or None."""
    return session.scalar(select(User.email).where(~User.fictional).limit(1)) or session.scalar(
        select(Invitation.email).where(~Invitation.fictional).limit(1)
    )


def anybody(session: Session) -> bool:
    """Return whether there is anybody at all."""
    return session.scalar(select(User.id).limit(1)) is not None
