"""Registrations, evidence, judgements.

The first of their kind: there are no rows yet.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None

ONLY_GROW = ("judgements",)


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=3), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_evidence_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("person_id", "source", name=op.f("uq_evidence_person_id_source")),
    )
    op.create_index(op.f("ix_evidence_person_id"), "evidence", ["person_id"], unique=False)


def _registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("award_version", sa.String(length=20), nullable=False),
        sa.Column("pathways", sa.String(length=20), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_registrations_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("person_id", name=op.f("uq_registrations_person_id")),
    )
    op.create_index(
        op.f("ix_registrations_enrolled_on"), "registrations", ["enrolled_on"], unique=False
    )


def _evidence_criteria() -> None:
    op.create_table(
        "evidence_criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_criteria_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_criteria")),
        sa.UniqueConstraint(
            "evidence_id", "criterion", name=op.f("uq_evidence_criteria_evidence_id_criterion")
        ),
    )
    op.create_index(
        op.f("ix_evidence_criteria_criterion"), "evidence_criteria", ["criterion"], unique=False
    )


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("award_version", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=3), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("with_assessor_id", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["users.id"], name=op.f("fk_judgements_assessor_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_judgements_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_judgements_person_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["judgements.id"],
            name=op.f("fk_judgements_supersedes_id_judgements"),
        ),
        sa.ForeignKeyConstraint(
            ["with_assessor_id"], ["users.id"], name=op.f("fk_judgements_with_assessor_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_assessor_id"), "judgements", ["assessor_id"], unique=False)
    op.create_index(op.f("ix_judgements_evidence_id"), "judgements", ["evidence_id"], unique=False)
    op.create_index(
        "ix_judgements_person", "judgements", ["person_id", "criterion", "id"], unique=False
    )
    op.create_index(op.f("ix_judgements_recorded_at"), "judgements", ["recorded_at"], unique=False)
    op.create_index(
        op.f("ix_judgements_with_assessor_id"), "judgements", ["with_assessor_id"], unique=False
    )


def upgrade() -> None:
    for make in (
        _evidence,
        _registrations,
        _evidence_criteria,
        _judgements,
    ):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in ("judgements", "evidence_criteria", "registrations", "evidence"):
        op.drop_table(table)
