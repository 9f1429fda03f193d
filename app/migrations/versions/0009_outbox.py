"""What kind each message of the outbox is, and what it tells of.

The rows that exist get their kind from their subject, and are about nothing in particular. Those
with a link for a new password lose their text: nobody would be told who opens it. Such a link works
for two hours, and another can be asked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None

MESSAGES = sa.table(
    "outbox_messages",
    sa.column("subject", sa.String),
    sa.column("kind", sa.String),
    sa.column("about", sa.String),
    sa.column("body", sa.LargeBinary),
)
KINDS = {
    "Your invitation to Towpath": "invitation",
    "A new password for Towpath": "new-password",
}


def upgrade() -> None:
    with op.batch_alter_table("outbox_messages") as messages:
        messages.add_column(sa.Column("kind", sa.String(length=40), nullable=True))
        messages.add_column(sa.Column("about", sa.String(length=80), nullable=True))
    kind = sa.case(KINDS, value=MESSAGES.c.subject, else_="notice")
    op.execute(MESSAGES.update().values(kind=kind, about=""))
    op.execute(MESSAGES.update().where(MESSAGES.c.kind == "new-password").values(body=None))
    with op.batch_alter_table("outbox_messages") as messages:
        messages.alter_column("kind", existing_type=sa.String(length=40), nullable=False)
        messages.alter_column("about", existing_type=sa.String(length=80), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox_messages") as messages:
        messages.drop_column("about")
        messages.drop_column("kind")
