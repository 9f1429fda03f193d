"""Tables of people, roles, invitations and sign-ins."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.roles import Role
from app.db import Base

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=2)
SIGN_IN_LASTS = timedelta(hours=12)


class User(Base):
    """A person who can sign in. Clients are never people of this site."""

    __tablename__ = "users"
    __table_args__ = (Index("ix_users_by_name", "working_name", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    #: The name the person goes by here. They choose it; it need not be the one on their passport.
    working_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    joined_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: Made up for the demonstration scheme.
    fictional: Mapped[bool] = mapped_column(default=False)
    #: "light" or "dark"; empty follows the device.
    scheme: Mapped[str] = mapped_column(String(5), default="")
    #: "", "large" or "larger" for the manual and the interface.
    text_size: Mapped[str] = mapped_column(String(6), default="")
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user",
        order_by="RoleGrant.id",
        foreign_keys="RoleGrant.user_id",
    )

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what Flask-Login calls the person; who is signed in is decided elsewhere."""
        return str(self.id)

    @property
    def is_active(self) -> bool:
        """Return whether the person may sign in."""
        return self.closed_at is None

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return the roles held now, in the order of Role."""
        held = {grant.role for grant in self.grants if grant.ended_at is None}
        return tuple(role for role in Role if role in held)

    def holds(self, *roles: Role) -> bool:
        """Return whether any of the roles is held now."""
        return any(role in self.roles for role in roles)


class RoleGrant(Base):
    """From when until when a person held a role. Ending one ends every sign-in of that person."""

    __tablename__ = "role_grants"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(index=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])


class ReminderSwitch(Base):
    """That a person turned reminders by e-mail off, or on again. The last counts; at first: on."""

    __tablename__ = "reminder_switches"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    on: Mapped[bool] = mapped_column("is_on")
    turned_at: Mapped[datetime]


class Invitation(Base):
    """A single-use link for one address. Only the digest of its token is kept."""

    __tablename__ = "invitations"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    #: Role values, separated by spaces.
    roles: Mapped[str] = mapped_column(String(200))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    fictional: Mapped[bool] = mapped_column(default=False)

    @property
    def role_list(self) -> tuple[Role, ...]:
        """Return the roles that accepting gives."""
        return tuple(Role(value) for value in self.roles.split())

    def is_open(self, now: datetime) -> bool:
        """Return whether the link still works."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class PasswordReset(Base):
    """A single-use link to choose a new password."""

    __tablename__ = "password_resets"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in browser. The cookie carries a token; here lies its digest, and here it ends."""

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: Which of the person's roles the menus are for.
    role_in_use: Mapped[Role]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
