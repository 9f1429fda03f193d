"""Tables of reading, checks, reflections and places on open questions."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.sealed import Sealed


class SectionRead(Base):
    """That a person read one section of a chapter, and in which version."""

    __tablename__ = "sections_read"
    __table_args__ = (UniqueConstraint("person_id", "chapter", "section"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chapter: Mapped[int]
    section: Mapped[str] = mapped_column(String(80))
    chapter_version: Mapped[str] = mapped_column(String(40))
    read_at: Mapped[datetime]


class ReadingPlace(Base):
    """Where a person stopped reading: one row per person, the latest place."""

    __tablename__ = "reading_places"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    chapter: Mapped[int]
    section: Mapped[str] = mapped_column(String(80))
    kept_at: Mapped[datetime]


class CheckAttempt(Base):
    """One answered knowledge check, as it was answered. Only the person and an assessor see it."""

    __tablename__ = "check_attempts"
    __table_args__ = (Index("ix_check_attempts_person", "person_id", "chapter", "id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chapter: Mapped[int]
    chapter_version: Mapped[str] = mapped_column(String(40))
    #: {question id: answer}, in the shapes of modules.checks.
    answers: Mapped[dict[str, object]] = mapped_column(JSON)
    right: Mapped[int]
    total: Mapped[int]
    passed: Mapped[bool]
    #: Ids of safety-critical questions that were not right.
    safety_missed: Mapped[list[str]] = mapped_column(JSON)
    answered_at: Mapped[datetime]


class Reflection(Base):
    """A person's own words on one prompt. Private: nobody else can open it."""

    __tablename__ = "reflections"
    __table_args__ = (UniqueConstraint("person_id", "prompt"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: The prompt as the manual numbers it, "R5.1".
    prompt: Mapped[str] = mapped_column(String(12))
    chapter: Mapped[int]
    words: Mapped[str] = mapped_column(Sealed("reflection"))
    version: Mapped[int] = mapped_column()
    saved_at: Mapped[datetime]
    __mapper_args__ = {"version_id_col": version}


class Place(Base):
    """Where a person placed themselves on an open question, and when. Earlier places stay."""

    __tablename__ = "places"
    __table_args__ = (Index("ix_places_person", "person_id", "question", "id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: "OQ5"
    question: Mapped[str] = mapped_column(String(12), index=True)
    #: 1 to 7, between the two ends that the page words.
    place: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    placed_at: Mapped[datetime]
