"""Tables of records, dated facts, panel items, decisions, standing and certificates."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.sealed import Sealed

if TYPE_CHECKING:
    from app.accounts.models import User


class Record(Base):
    """The register's entry of one person, from application on."""

    __tablename__ = "records"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    #: "M-0093"
    number: Mapped[str] = mapped_column(String(12), unique=True)
    #: As the mentor wants it printed. Empty: the working name.
    printed_name: Mapped[str] = mapped_column(String(120), default="")
    #: Pathways are printed and shown to anybody who checks only if the mentor chooses so.
    show_pathways: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    person: Mapped["User"] = relationship(lazy="joined", innerjoin=True)


class Fact(Base):
    """A dated fact about a person (award specification D1). Corrected only by a new one."""

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_record", "record_id", "effective_on", "id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"))
    #: assessments.facts.FactKind and FactOutcome
    kind: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str] = mapped_column(String(30))
    effective_on: Mapped[date]
    until_on: Mapped[date | None]
    review_on: Mapped[date | None]
    key: Mapped[str] = mapped_column(String(60), default="")
    #: What was seen and by whom, in words. Never the content of a check.
    note: Mapped[str | None] = mapped_column(Sealed("fact"))
    #: The row that it follows from, "play_results:3", when the site recorded it by itself.
    source: Mapped[str | None] = mapped_column(String(80))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("facts.id"))


class StandingInterval(Base):
    """What follows from the facts, over all time. Worked out afresh with every new fact."""

    __tablename__ = "standing_intervals"
    __table_args__ = (
        UniqueConstraint("record_id", "starts_on"),
        Index("ix_standing_as_at", "starts_on", "ends_on", "status"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"))
    status: Mapped[str] = mapped_column(String(30))
    starts_on: Mapped[date]
    #: The first day of the status without a break.
    since_on: Mapped[date]
    #: The first day on which it no longer holds; None for the last.
    ends_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    holds: Mapped[list[str]] = mapped_column(JSON)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    #: From the decision in force, for the register's filter: "P1 P2".
    pathways: Mapped[str] = mapped_column(String(20), default="")


class PanelSeat(Base):
    """Which voice a panel member brings (award specification D4 rule 1)."""

    __tablename__ = "panel_seats"
    __table_args__ = (UniqueConstraint("person_id", "seat"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: assessments.panel.Seat
    seat: Mapped[str] = mapped_column(String(20))


class PanelItem(Base):
    """One person before the panel, on one day."""

    __tablename__ = "panel_items"
    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    meets_on: Mapped[date] = mapped_column(index=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: Taken off the agenda before a decision.
    withdrawn_at: Mapped[datetime | None]
    record: Mapped[Record] = relationship(lazy="joined", innerjoin=True)


class InterestDeclaration(Base):
    """A member's written answer, before anything else opens."""

    __tablename__ = "interest_declarations"
    __table_args__ = (UniqueConstraint("item_id", "member_id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("panel_items.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    has_interest: Mapped[bool]
    nature: Mapped[str] = mapped_column(Text, default="")
    #: assessments.panel.Relation values for which the member stepped back; none: takes part.
    grounds: Mapped[list[str]] = mapped_column(JSON)
    declared_at: Mapped[datetime]


class SuitabilityJudgement(Base):
    """A member's own view of suitability, recorded before results are opened."""

    __tablename__ = "suitability_judgements"
    __table_args__ = (UniqueConstraint("item_id", "member_id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("panel_items.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: "suitable", "suitable with conditions", "not yet"
    view: Mapped[str] = mapped_column(String(30))
    reasons: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class PackOpening(Base):
    """That a member opened the results, which comes after their judgement of suitability."""

    __tablename__ = "pack_openings"
    __table_args__ = (UniqueConstraint("item_id", "member_id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("panel_items.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]


class PanelVote(Base):
    """A member's vote, with dissent if there is any."""

    __tablename__ = "panel_votes"
    __table_args__ = (UniqueConstraint("item_id", "member_id"),)
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("panel_items.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: assessments.panel.Vote
    vote: Mapped[str] = mapped_column(String(10))
    dissent: Mapped[str] = mapped_column(Text, default="")
    voted_at: Mapped[datetime]


class Decision(Base):
    """What the panel decided, with everything that it rested on."""

    __tablename__ = "decisions"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("panel_items.id"), unique=True)
    #: assessments.panel.DecisionOutcome
    outcome: Mapped[str] = mapped_column(String(20))
    pathways: Mapped[str] = mapped_column(String(20), default="")
    #: The signed sentence: pathways, ages, languages, locality, solo or paired.
    scope: Mapped[str] = mapped_column(Text, default="")
    #: The same in parts, from which work outside the scope is refused: age_group, languages,
    #: locality, working.
    scope_parts: Mapped[dict[str, object]] = mapped_column(JSON)
    conditions: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]
    condition_owner: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    #: To which day it was put off.
    deferred_until: Mapped[date | None]
    reasons: Mapped[str] = mapped_column(Text)
    #: What the vote came to: "Carried: 4 for, 0 against."
    vote: Mapped[str] = mapped_column(String(120))
    #: [[person id, name, seats], ...] of those who counted, and of those who stepped back.
    present: Mapped[list[list[object]]] = mapped_column(JSON)
    withdrew: Mapped[list[list[object]]] = mapped_column(JSON)
    decided_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    item: Mapped[PanelItem] = relationship(lazy="joined", innerjoin=True)


class Certificate(Base):
    """A certificate as issued. A new version leaves this one in place, and it says "replaced"."""

    __tablename__ = "certificates"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    #: As typed: "TW-…". As in the link of the QR square: longer, and not to be guessed.
    code: Mapped[str] = mapped_column(String(30), unique=True)
    link_token: Mapped[str] = mapped_column(String(40), unique=True)
    #: Every fact that is printed, so that the check repeats exactly what the paper says.
    printed: Mapped[dict[str, object]] = mapped_column(JSON)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_digest: Mapped[str] = mapped_column(String(64))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class CertificateCheck(Base):
    """That somebody checked a code: when, and what they were told."""

    __tablename__ = "certificate_checks"
    append_only = True
    id: Mapped[int] = mapped_column(primary_key=True)
    #: None for a code that is not ours; what was typed is not kept.
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), index=True)
    answer: Mapped[str] = mapped_column(String(20))
    checked_at: Mapped[datetime]
