"""Tables of agreements, session logs, actions, signatures and addenda."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.sealed import Sealed

if TYPE_CHECKING:
    from app.accounts.models import User


class Agreement(Base):
    """Who supervises whom, from when, how often (award specification E1)."""

    __tablename__ = "agreements"
    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    starts_on: Mapped[date]
    review_on: Mapped[date]
    #: Minutes of supervision that every calendar month needs.
    monthly_minutes: Mapped[int]
    #: Who stands in when the supervisor is away.
    cover: Mapped[str] = mapped_column(String(80), default="")
    formats: Mapped[str] = mapped_column(String(120), default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    mentor_signed_at: Mapped[datetime | None]
    supervisor_signed_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    mentor: Mapped["User"] = relationship(foreign_keys=[mentor_id], lazy="joined")
    supervisor: Mapped["User"] = relationship(foreign_keys=[supervisor_id], lazy="joined")

    @property
    def in_force(self) -> bool:
        """Return whether both have signed and nobody has ended it."""
        return bool(self.mentor_signed_at and self.supervisor_signed_at and not self.ended_on)


class SessionLog(Base):
    """One supervision session, written by two (award specification E3)."""

    __tablename__ = "session_logs"
    __table_args__ = (Index("ix_session_logs_held", "agreement_id", "held_on", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    held_on: Mapped[date]
    minutes: Mapped[int]
    #: assessments.supervision: one-to-one, pair or group; in person, video or telephone.
    format: Mapped[str] = mapped_column(String(20))
    medium: Mapped[str] = mapped_column(String(20))
    #: Case references issued by the coordinator, separated by spaces; they carry no meaning.
    case_references: Mapped[str] = mapped_column(String(120), default="")
    next_on: Mapped[date | None]
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    risk_flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    boundary: Mapped[str] = mapped_column(String(20), default="")
    #: Both read and write this.
    shared_note: Mapped[str | None] = mapped_column(Sealed("supervision"))
    #: Why a text stands although it may hold a name or the like, in the writer's words.
    screening_reason: Mapped[str | None] = mapped_column(Sealed("supervision"))
    #: Only the supervisor.
    supervisor_note: Mapped[str | None] = mapped_column(Sealed("supervisor"))
    #: Only the mentor.
    private_reflection: Mapped[str | None] = mapped_column(Sealed("mentor"))
    #: 1 to 5 in words; only the two of them.
    wellbeing: Mapped[str | None] = mapped_column(Sealed("wellbeing"))
    #: Only the two of them; no report, export or other page ever asks for it.
    influence: Mapped[str | None] = mapped_column(Sealed("influence"))
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    agreement: Mapped[Agreement] = relationship(lazy="joined", innerjoin=True)
    actions: Mapped[list["LogAction"]] = relationship(
        back_populates="log", lazy="selectin", order_by="LogAction.id"
    )
    signatures: Mapped[list["LogSignature"]] = relationship(
        back_populates="log", lazy="selectin", order_by="LogSignature.id"
    )
    addenda: Mapped[list["Addendum"]] = relationship(back_populates="log", order_by="Addendum.id")
    #: Raised by hand, where what both read changes: nobody learns when the other writes alone.
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}

    @property
    def signed_by(self) -> list["LogSignature"]:
        """Return the signatures that stand: those since it was last sent back."""
        back = [n for n, one in enumerate(self.signatures, 1) if one.act == "reopened"]
        return self.signatures[back[-1] if back else 0 :]

    @property
    def locked(self) -> bool:
        """Return whether both have signed."""
        return len({one.person_id for one in self.signed_by}) > 1

    @property
    def number(self) -> str:
        """Return the log's number, for papers."""
        return f"S-{self.id:05}"


class LogAction(Base):
    """Something agreed in a session. Open ones carry over into the next."""

    __tablename__ = "log_actions"
    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("session_logs.id"), index=True)
    #: assessments.supervision.ActionKind
    kind: Mapped[str] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(Sealed("supervision"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    log: Mapped[SessionLog] = relationship(back_populates="actions")


class LogSignature(Base):
    """That a person signed the log as it then stood, or sent it back before both had signed."""

    __tablename__ = "log_signatures"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("session_logs.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: "signed" or "reopened"
    act: Mapped[str] = mapped_column(String(10))
    #: SHA-256 over everything that both can read, so that a later change would show.
    content_digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    log: Mapped[SessionLog] = relationship(back_populates="signatures")


class Addendum(Base):
    """A later thought on a locked log, dated and signed by its writer."""

    __tablename__ = "addenda"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("session_logs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    words: Mapped[str] = mapped_column(Sealed("supervision"))
    written_at: Mapped[datetime]
    log: Mapped[SessionLog] = relationship(back_populates="addenda")
