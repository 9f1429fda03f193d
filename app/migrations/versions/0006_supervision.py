"""Agreements, session logs, signatures.

The first of their kind: there are no rows yet.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None

ONLY_GROW = ("addenda", "log_signatures")


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("monthly_minutes", sa.Integer(), nullable=False),
        sa.Column("cover", sa.String(length=80), nullable=False),
        sa.Column("formats", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("mentor_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervisor_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_agreements_made_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["users.id"], name=op.f("fk_agreements_mentor_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["users.id"], name=op.f("fk_agreements_supervisor_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    op.create_index(op.f("ix_agreements_mentor_id"), "agreements", ["mentor_id"], unique=False)
    op.create_index(
        op.f("ix_agreements_supervisor_id"), "agreements", ["supervisor_id"], unique=False
    )


def _session_logs() -> None:
    op.create_table(
        "session_logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("medium", sa.String(length=20), nullable=False),
        sa.Column("case_references", sa.String(length=120), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("risk_flags", sa.JSON(), nullable=False),
        sa.Column("boundary", sa.String(length=20), nullable=False),
        sa.Column("shared_note", sa.LargeBinary(), nullable=True),
        sa.Column("screening_reason", sa.LargeBinary(), nullable=True),
        sa.Column("supervisor_note", sa.LargeBinary(), nullable=True),
        sa.Column("private_reflection", sa.LargeBinary(), nullable=True),
        sa.Column("wellbeing", sa.LargeBinary(), nullable=True),
        sa.Column("influence", sa.LargeBinary(), nullable=True),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_session_logs_agreement_id_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["users.id"], name=op.f("fk_session_logs_begun_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_logs")),
    )
    op.create_index(
        "ix_session_logs_held", "session_logs", ["agreement_id", "held_on", "id"], unique=False
    )


def _addenda() -> None:
    op.create_table(
        "addenda",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["log_id"], ["session_logs.id"], name=op.f("fk_addenda_log_id_session_logs")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_addenda_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addenda")),
    )
    op.create_index(op.f("ix_addenda_log_id"), "addenda", ["log_id"], unique=False)


def _log_actions() -> None:
    op.create_table(
        "log_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["log_id"], ["session_logs.id"], name=op.f("fk_log_actions_log_id_session_logs")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_log_actions_owner_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_actions")),
    )
    op.create_index(op.f("ix_log_actions_log_id"), "log_actions", ["log_id"], unique=False)


def _log_signatures() -> None:
    op.create_table(
        "log_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["log_id"], ["session_logs.id"], name=op.f("fk_log_signatures_log_id_session_logs")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_log_signatures_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_signatures")),
    )


def upgrade() -> None:
    for make in (
        _agreements,
        _session_logs,
        _addenda,
        _log_actions,
        _log_signatures,
    ):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in ("log_signatures", "log_actions", "addenda", "session_logs", "agreements"):
        op.drop_table(table)
