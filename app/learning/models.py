"""Tables of reading, checks, reflections, places on open questions, and drills."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

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


class CheckRound(Base):
    """That three further counted attempts at one check were opened, after a tutorial.

    The first three are open to everybody and have no row.
    """

    __tablename__ = "check_rounds"
    __table_args__ = (UniqueConstraint("person_id", "chapter_slug", "number"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chapter_slug: Mapped[str] = mapped_column(String(120))
    #: From 2.
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class CheckBegun(Base):
    """A counted attempt that somebody began, with the questions as they were put to them."""

    __tablename__ = "check_beginnings"
    __table_args__ = (UniqueConstraint("person_id", "chapter_slug", "round", "number"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chapter: Mapped[int]
    chapter_slug: Mapped[str] = mapped_column(String(120))
    chapter_title: Mapped[str] = mapped_column(String(200))
    chapter_version: Mapped[str] = mapped_column(String(40))
    #: Towards which a pass goes.
    criteria: Mapped[list[str]] = mapped_column(JSON)
    #: 1 at first; one more after each tutorial. Within a round, attempts are numbered from 1.
    round: Mapped[int]
    number: Mapped[int]
    #: app.learning.papers: the questions, in this attempt's own order of options.
    put: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    begun_at: Mapped[datetime]
    attempt: Mapped["CheckAttempt | None"] = relationship(back_populates="begun", lazy="joined")


class CheckAttempt(Base):
    """One answered knowledge check, as it was answered. The answers are for the person alone."""

    __tablename__ = "check_attempts"
    __table_args__ = (Index("ix_check_attempts_person", "person_id", "chapter", "id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chapter: Mapped[int]
    #: Empty for attempts from before chapters could be renumbered; so is the title.
    chapter_slug: Mapped[str] = mapped_column(String(120), default="")
    chapter_title: Mapped[str] = mapped_column(String(200), default="")
    chapter_version: Mapped[str] = mapped_column(String(40))
    #: Towards which a pass goes, should the chapter leave the manual.
    criteria: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: False: practice, which only the person sees, and which nothing rests on.
    counted: Mapped[bool] = mapped_column(default=True)
    #: The counted attempt that this answers: it has one answer, whoever sends it, however often.
    begun_id: Mapped[int | None] = mapped_column(ForeignKey("check_beginnings.id"), unique=True)
    #: app.learning.papers: the questions as they were put. Empty where nobody kept them.
    put: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: {question id: answer}, in the shapes of modules.checks.
    answers: Mapped[dict[str, object]] = mapped_column(JSON)
    right: Mapped[int]
    total: Mapped[int]
    passed: Mapped[bool]
    #: Ids of safety-critical questions that were not right.
    safety_missed: Mapped[list[str]] = mapped_column(JSON)
    answered_at: Mapped[datetime]
    begun: Mapped[CheckBegun | None] = relationship(back_populates="attempt")


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


class DrillRun(Base):
    """One go at a drill, with its screens and its window as they were then."""

    __tablename__ = "drill_runs"
    __table_args__ = (Index("ix_drill_runs_person", "person_id", "case", "id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: The slug and title of the case that it belongs to.
    case: Mapped[str] = mapped_column(String(80), index=True)
    case_title: Mapped[str] = mapped_column(String(200))
    case_version: Mapped[str] = mapped_column(String(40))
    #: How many screens there are, and what they and the window say (app.learning.drill_views).
    screens: Mapped[int]
    put: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_at: Mapped[datetime]
    steps: Mapped[list["DrillStep"]] = relationship(lazy="selectin", order_by="DrillStep.screen")
    filed: Mapped["DrillFiled | None"] = relationship(lazy="joined")


class DrillStep(Base):
    """What somebody decided on one screen. It is decided once."""

    __tablename__ = "drill_steps"
    __table_args__ = (UniqueConstraint("run_id", "screen"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("drill_runs.id"))
    #: From 1.
    screen: Mapped[int]
    #: "listen", "consult" or "break"
    choice: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime]


class DrillFiled(Base):
    """That somebody put a finished drill into their portfolio, where their assessors read it."""

    __tablename__ = "drills_filed"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("drill_runs.id"), unique=True)
    filed_at: Mapped[datetime]
