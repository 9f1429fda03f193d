"""Tables of reading, checks, reflections and places on open questions."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.sealed import Sealed

if TYPE_CHECKING:
    from app.accounts.models import User


class Stance(StrEnum):
    """What a reader thinks of a paragraph."""

    AGREE = "agree"
    DISAGREE = "disagree"
    MISSING = "missing"


class SectionRead(Base):
    """That a person read one section of a chapter, and in which version."""

    __tablename__ = "sections_read"
    __table_args__ = (UniqueConstraint("person_id", "slug", "section"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: Which chapter, by what stays when chapters are given other numbers.
    slug: Mapped[str] = mapped_column(String(80))
    section: Mapped[str] = mapped_column(String(80))
    chapter_version: Mapped[str] = mapped_column(String(40))
    read_at: Mapped[datetime]


class ReadingPlace(Base):
    """Where a person stopped reading: one row per person, the latest place."""

    __tablename__ = "reading_places"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    slug: Mapped[str] = mapped_column(String(80))
    section: Mapped[str] = mapped_column(String(80))
    #: modules.Paragraph.id; empty at the beginning of the section.
    paragraph: Mapped[str] = mapped_column(String(20), default="")
    kept_at: Mapped[datetime]


class ChapterEdition(Base):
    """The text of a chapter as people have read it, kept when the first of them did."""

    __tablename__ = "chapter_editions"
    __table_args__ = (UniqueConstraint("slug", "version"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    #: [[where it stands, its words], …], as modules.differences compares them.
    paragraphs: Mapped[list[list[str]]] = mapped_column(JSON)
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
    #: The prompt's own words, as they stood when this was written.
    asked: Mapped[str] = mapped_column(Text, default="")
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


class Remark(Base):
    """What a reader says of one paragraph, to the manual's authors."""

    __tablename__ = "remarks"
    __table_args__ = (Index("ix_remarks_paragraph", "slug", "paragraph", "id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    chapter_version: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(80))
    #: modules.Paragraph.id, and the words that it stood for.
    paragraph: Mapped[str] = mapped_column(String(20))
    quoted: Mapped[str] = mapped_column(Text)
    stance: Mapped[Stance]
    words: Mapped[str] = mapped_column(Text)
    #: Why words that look like somebody's may stand.
    screening_reason: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    person: Mapped["User"] = relationship(lazy="joined", innerjoin=True)
    answers: Mapped[list["RemarkAnswer"]] = relationship(
        back_populates="remark", order_by="RemarkAnswer.id"
    )


class RemarkAnswer(Base):
    """What an author answered to a remark. A later answer stands beside the earlier ones."""

    __tablename__ = "remark_answers"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    remark_id: Mapped[int] = mapped_column(ForeignKey("remarks.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    #: Whether the text will change, or has changed, because of the remark.
    changes_text: Mapped[bool]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime]
    remark: Mapped[Remark] = relationship(back_populates="answers")
    author: Mapped["User"] = relationship(lazy="joined", innerjoin=True)
