"""Internal verification.

The first of their kind: there are no rows yet.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None

ONLY_GROW = ("verifications",)


def _verifications() -> None:
    op.create_table(
        "verifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("verifier_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["judgement_id"],
            ["judgements.id"],
            name=op.f("fk_verifications_judgement_id_judgements"),
        ),
        sa.ForeignKeyConstraint(
            ["verifier_id"], ["users.id"], name=op.f("fk_verifications_verifier_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_index(
        op.f("ix_verifications_judgement_id"), "verifications", ["judgement_id"], unique=False
    )
    op.create_index(
        op.f("ix_verifications_recorded_at"), "verifications", ["recorded_at"], unique=False
    )
    op.create_index(
        op.f("ix_verifications_verifier_id"), "verifications", ["verifier_id"], unique=False
    )


def upgrade() -> None:
    for make in (_verifications,):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in ("verifications",):
        op.drop_table(table)
