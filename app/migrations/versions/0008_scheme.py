"""Legal sign-offs.

The first of their kind: there are no rows yet.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0008"
down_revision = "0007"
branch_labels = depends_on = None

ONLY_GROW = ("legal_sign_offs",)


def _legal_sign_offs() -> None:
    op.create_table(
        "legal_sign_offs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(length=10), nullable=False),
        sa.Column("advised_by", sa.String(length=120), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["users.id"], name=op.f("fk_legal_sign_offs_signed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_sign_offs")),
    )
    op.create_index(op.f("ix_legal_sign_offs_point"), "legal_sign_offs", ["point"], unique=False)


def upgrade() -> None:
    for make in (_legal_sign_offs,):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in ("legal_sign_offs",):
        op.drop_table(table)
