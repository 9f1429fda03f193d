"""Tables of bookings, mark sheets, timed notes and agreement."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base

if TYPE_CHECKING:
    from app.accounts.models import User


class Booking(Base):
    """One role play: which case, when, where, with whom."""

    __tablename__ = "bookings"
    __table_args__ = (Index("ix_bookings_when", "starts_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    #: As in modules/cases, "cs01-the-first-half-hour", with the version it was booked in.
    case: Mapped[str] = mapped_column(String(80))
    case_version: Mapped[str] = mapped_column(String(40))
    round: Mapped[int] = mapped_column(default=1)
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    room: Mapped[str] = mapped_column(String(80))
    role_player_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: How the test line is delivered, "P" or "R". The learner never learns it beforehand.
    delivery: Mapped[str] = mapped_column(String(1), default="P")
    #: Nobody reads a brief before this moment.
    briefs_open_at: Mapped[datetime]
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    booked_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str] = mapped_column(String(200), default="")
    #: Why it was booked although something that comes first was missing; empty otherwise.
    override_reason: Mapped[str] = mapped_column(Text, default="")
    #: Once both sheets are final and the marks are agreed.
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    role_player: Mapped["User"] = relationship(foreign_keys=[role_player_id], lazy="joined")
    parts: Mapped[list["BookingPart"]] = relationship(
        back_populates="booking",
        lazy="selectin",
        order_by="BookingPart.id",
        cascade="all, delete-orphan",
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def ends_at(self) -> datetime:
        """Return when it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def people_ids(self) -> list[int]:
        """Return the ids of everybody who takes part."""
        return [self.role_player_id, *(part.person_id for part in self.parts)]

    @property
    def learners(self) -> list["User"]:
        """Return the learners, one or two."""
        return [part.person for part in self.parts if part.part == "learner"]

    @property
    def assessors(self) -> list["User"]:
        """Return the two assessors, in the order of booking."""
        return [part.person for part in self.parts if part.part == "assessor"]

    @property
    def learner_ids(self) -> list[int]:
        """Return the ids of the learners."""
        return [part.person_id for part in self.parts if part.part == "learner"]

    @property
    def assessor_ids(self) -> list[int]:
        """Return the ids of the assessors."""
        return [part.person_id for part in self.parts if part.part == "assessor"]


class BookingPart(Base):
    """A learner or an assessor of one role play."""

    __tablename__ = "booking_parts"
    __table_args__ = (UniqueConstraint("booking_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: "learner" or "assessor"
    part: Mapped[str] = mapped_column(String(10))
    booking: Mapped[Booking] = relationship(back_populates="parts")
    person: Mapped["User"] = relationship(lazy="joined", innerjoin=True)


class MarkSheet(Base):
    """One assessor's own sheet of one role play. Nobody else sees it before both are final."""

    __tablename__ = "mark_sheets"
    __table_args__ = (UniqueConstraint("booking_id", "assessor_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    opened_at: Mapped[datetime]
    #: When the clock was started; None before the play.
    started_at: Mapped[datetime | None]
    #: [[paused, resumed or null], ...] as ISO moments.
    pauses: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list)
    #: Set when the assessor stopped the exercise for safety.
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[str] = mapped_column(String(300), default="")
    final_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    booking: Mapped[Booking] = relationship()
    marks: Mapped[list["SheetMark"]] = relationship(back_populates="sheet", lazy="selectin")
    overalls: Mapped[list["SheetOverall"]] = relationship(back_populates="sheet", lazy="selectin")
    __mapper_args__ = {"version_id_col": version}


class SheetMark(Base):
    """A mark and a comment on one criterion for one learner."""

    __tablename__ = "sheet_marks"
    __table_args__ = (UniqueConstraint("sheet_id", "learner_id", "criterion"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheets.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    criterion: Mapped[str] = mapped_column(String(12))
    #: assessments.roleplay.Mark; empty before the assessor has chosen.
    mark: Mapped[str] = mapped_column(String(20), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    marked_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    sheet: Mapped[MarkSheet] = relationship(back_populates="marks")
    __mapper_args__ = {"version_id_col": version}


class SheetOverall(Base):
    """The assessor's overall judgement of one learner, given apart from the marks."""

    __tablename__ = "sheet_overalls"
    __table_args__ = (UniqueConstraint("sheet_id", "learner_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheets.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: assessments.roleplay.Overall
    overall: Mapped[str] = mapped_column(String(20), default="")
    strength: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()
    sheet: Mapped[MarkSheet] = relationship(back_populates="overalls")
    __mapper_args__ = {"version_id_col": version}


class TimedNote(Base):
    """What an assessor saw or heard, with the moment at which its first letter was typed."""

    __tablename__ = "timed_notes"
    __table_args__ = (UniqueConstraint("sheet_id", "client_key"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheets.id"), index=True)
    #: Made where it was typed, so that sending it twice keeps it once.
    client_key: Mapped[str] = mapped_column(String(40))
    first_typed_at: Mapped[datetime]
    #: Seconds on the play's clock when the first letter was typed.
    at_seconds: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    criteria: Mapped[list["NoteCriterion"]] = relationship(
        lazy="selectin", order_by="NoteCriterion.criterion"
    )

    @property
    def refs(self) -> list[str]:
        """Return the criteria that the note speaks to."""
        return [one.criterion for one in self.criteria]


class NoteCriterion(Base):
    """That a note speaks to a criterion."""

    __tablename__ = "note_criteria"
    __table_args__ = (UniqueConstraint("note_id", "criterion"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("timed_notes.id"))
    criterion: Mapped[str] = mapped_column(String(12))


class Proposal(Base):
    """What one assessor suggests where the two sheets differ. The latest one is open."""

    __tablename__ = "mark_proposals"
    __table_args__ = (Index("ix_mark_proposals_about", "booking_id", "learner_id", "criterion"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: A criterion, or "overall" for the overall judgement.
    criterion: Mapped[str] = mapped_column(String(12))
    mark: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]


class AgreedMark(Base):
    """The mark both assessors stand by. Where theirs differed, the reason is here."""

    __tablename__ = "agreed_marks"
    __table_args__ = (UniqueConstraint("booking_id", "learner_id", "criterion"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: A criterion, or "overall" for the overall judgement.
    criterion: Mapped[str] = mapped_column(String(12))
    mark: Mapped[str] = mapped_column(String(20))
    differed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    #: Who proposed it, and the other assessor, who stands by it too.
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]


class PlayResult(Base):
    """The result of one role play for one learner, as released."""

    __tablename__ = "play_results"
    __table_args__ = (UniqueConstraint("booking_id", "learner_id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    passed: Mapped[bool]
    #: The safety-critical criteria that decided it, separated by spaces.
    safety_not_yet: Mapped[str] = mapped_column(String(200), default="")
    overall: Mapped[str] = mapped_column(String(20))
    overall_reason: Mapped[str] = mapped_column(Text, default="")
    strength: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text)
    released_at: Mapped[datetime]
    released_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
