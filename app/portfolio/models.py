"""Tables of registrations, evidence and judgements."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.quality.models import Verification


class Registration(Base):
    """That a person works towards one version of the award, with which pathways."""

    __tablename__ = "registrations"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    award_version: Mapped[str] = mapped_column(String(20))
    #: Unit codes, separated by spaces: "P1" or "P1 P3".
    pathways: Mapped[str] = mapped_column(String(20))
    enrolled_on: Mapped[date] = mapped_column(index=True)
    #: 18 months after enrolment (award specification A3 rule 5).
    ends_on: Mapped[date]
    person: Mapped["User"] = relationship(lazy="joined", innerjoin=True)
    #: Whose own learner it is now, in the order of allocation.
    allocations: Mapped[list["Allocation"]] = relationship(
        primaryjoin="and_(Registration.id == Allocation.registration_id, "
        "Allocation.ended_at.is_(None))",
        order_by="Allocation.id",
        viewonly=True,
    )

    @property
    def assessor_ids(self) -> list[int]:
        """Return the ids of the assessors who are allocated now."""
        return [one.assessor_id for one in self.allocations]

    @property
    def pathway_codes(self) -> tuple[str, ...]:
        """Return the codes of the chosen pathway units."""
        return tuple(self.pathways.split())


class Allocation(Base):
    """From when until when an assessor is allocated to a learner. Ending it is all that changes."""

    __tablename__ = "allocations"
    #: Nobody is allocated twice at a time.
    __table_args__ = (
        Index(
            "ix_allocations_now",
            "registration_id",
            "assessor_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: From when it holds, and when it was written down: they differ only for rows of an upgrade.
    since: Mapped[datetime]
    recorded_at: Mapped[datetime]
    #: None where an upgrade allocated whoever had judged or was booked before there was this table.
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assessor: Mapped["User"] = relationship(
        foreign_keys=[assessor_id], lazy="joined", innerjoin=True
    )


class Evidence(Base):
    """One thing that shows learning: a role play, a passed check, a text, a statement."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("person_id", "source"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: A method of the award specification A4: KC, WR, RO, PD, WT, SR, RPL.
    method: Mapped[str] = mapped_column(String(3))
    title: Mapped[str] = mapped_column(String(200))
    #: Where it comes from, "bookings:14", so that the same thing is not filed twice.
    source: Mapped[str | None] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text, default="")
    #: Why words that look like somebody's may stand.
    screening_reason: Mapped[str] = mapped_column(String(200), default="")
    shown_on: Mapped[date]
    added_at: Mapped[datetime]
    #: When the learner declared that it is their own work.
    declared_at: Mapped[datetime | None]
    criteria: Mapped[list["EvidenceCriterion"]] = relationship(
        back_populates="evidence", lazy="selectin", order_by="EvidenceCriterion.criterion"
    )


class EvidenceCriterion(Base):
    """That a piece of evidence goes towards a criterion. Many to many, readable from both ends."""

    __tablename__ = "evidence_criteria"
    __table_args__ = (UniqueConstraint("evidence_id", "criterion"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    #: "M3.2.1". Not a foreign key: units live in files.
    criterion: Mapped[str] = mapped_column(String(12), index=True)
    evidence: Mapped[Evidence] = relationship(back_populates="criteria")


class EvidenceFile(Base):
    """A file that a learner attached to a piece of evidence. Its bytes are in the store."""

    __tablename__ = "evidence_files"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    #: Of the bytes as they are kept, in hexadecimal: their name in the store.
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    #: app.portfolio.received.FileKind
    kind: Mapped[str] = mapped_column(String(10))
    #: As the learner gave it, without folders and signs that cannot be seen.
    name: Mapped[str] = mapped_column(String(120))
    #: Why a name that looks like somebody's may stand.
    name_reason: Mapped[str] = mapped_column(String(200), default="")
    #: Whose work it is, where it is not the learner's.
    whose: Mapped[str] = mapped_column(String(200), default="")
    #: When the learner declared whose work it is, and that nobody can be recognised from it.
    declared_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    evidence: Mapped[Evidence] = relationship()
    withdrawal: Mapped["FileWithdrawal | None"] = relationship(back_populates="file", lazy="joined")


class FileWithdrawal(Base):
    """That a learner took a file back before anybody judged it."""

    __tablename__ = "file_withdrawals"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_files.id"), unique=True)
    withdrawn_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime]
    file: Mapped[EvidenceFile] = relationship(back_populates="withdrawal")


class Judgement(Base):
    """An assessor's decision on one criterion. A correction is a new row that supersedes it."""

    __tablename__ = "judgements"
    __table_args__ = (Index("ix_judgements_person", "person_id", "criterion", "id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    criterion: Mapped[str] = mapped_column(String(12))
    #: The wording and the version that it was made against.
    wording: Mapped[str] = mapped_column(Text)
    award_version: Mapped[str] = mapped_column(String(20))
    #: assessments.completion.Verdict
    verdict: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(3))
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: The second assessor of a role play, who agreed it.
    with_assessor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    feedback: Mapped[str] = mapped_column(Text)
    #: When it was seen, and when it was written down.
    observed_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("judgements.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[Evidence] = relationship(lazy="joined", innerjoin=True)
    #: What internal verification has said of it, oldest first.
    verifications: Mapped[list["Verification"]] = relationship(
        lazy="selectin", order_by="Verification.id", viewonly=True
    )

    @property
    def assessor_ids(self) -> list[int]:
        """Return the ids of those who decided: one, or two after a role play."""
        return [one for one in (self.assessor_id, self.with_assessor_id) if one is not None]
