"""Tables of the scheme's own settings, and of reminders."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base


class LegalSignOff(Base):
    """That somebody competent signed off one point of docs/legal-review.md."""

    __tablename__ = "legal_sign_offs"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    #: "L3", as in docs/legal-review.md.
    point: Mapped[str] = mapped_column(String(10), index=True)
    #: Who gave the advice, in words.
    advised_by: Mapped[str] = mapped_column(String(120))
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ReminderMail(Base):
    """That an e-mail told somebody that something waits. One a day for one person, never two."""

    __tablename__ = "reminder_mails"
    __table_args__ = (UniqueConstraint("person_id", "day"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: In London.
    day: Mapped[date]
    written_at: Mapped[datetime]
    reminders: Mapped[list["ReminderSent"]] = relationship(back_populates="mail")


class ReminderSent(Base):
    """A step that an e-mail was about. The e-mail itself does not say so."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("mail_id", "step"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("reminder_mails.id"))
    #: assessments.reminders.Step.key
    step: Mapped[str] = mapped_column(String(160))
    #: The first, second or third of it.
    number: Mapped[int]
    mail: Mapped[ReminderMail] = relationship(back_populates="reminders")


class ReminderChoice(Base):
    """That somebody does not want to be reminded of a step, or wants it again. The last counts."""

    __tablename__ = "reminder_choices"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    step: Mapped[str] = mapped_column(String(160))
    wanted: Mapped[bool]
    chosen_at: Mapped[datetime]
