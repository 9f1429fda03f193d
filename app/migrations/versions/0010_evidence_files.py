"""Files of evidence, and taking them back.

The first of their kind: there are no rows yet. Going back drops what names the files; their bytes
stay in the store until `evidence clear` or the operator removes them.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0010"
down_revision = "0009"
branch_labels = depends_on = None

ONLY_GROW = ("evidence_files", "file_withdrawals")


def _evidence_files() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_reason", sa.String(length=200), nullable=False),
        sa.Column("whose", sa.String(length=200), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["users.id"], name=op.f("fk_evidence_files_added_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_files_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
    )
    op.create_index(op.f("ix_evidence_files_evidence_id"), "evidence_files", ["evidence_id"])
    op.create_index(op.f("ix_evidence_files_sha256"), "evidence_files", ["sha256"])


def _file_withdrawals() -> None:
    op.create_table(
        "file_withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["evidence_files.id"],
            name=op.f("fk_file_withdrawals_file_id_evidence_files"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["users.id"],
            name=op.f("fk_file_withdrawals_withdrawn_by_id_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_withdrawals")),
        sa.UniqueConstraint("file_id", name=op.f("uq_file_withdrawals_file_id")),
    )


def upgrade() -> None:
    for make in (_evidence_files, _file_withdrawals):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in ("file_withdrawals", "evidence_files"):
        op.drop_table(table)
