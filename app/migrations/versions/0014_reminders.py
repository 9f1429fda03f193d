"""Reminders: the e-mails, what each was about, and which steps somebody will not be reminded of.

The tables are new and have no rows: everybody is reminded until they turn it off. Going back
forgets who was reminded of what, and who wanted no more of it.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0014"
down_revision = "0013"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)
#: In the order in which they can be made.
TABLES = ("reminder_mails", "reminders", "reminder_choices", "reminder_switches")


def _mails() -> None:
    op.create_table(
        "reminder_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_reminder_mails_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_mails")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_reminder_mails_person_id_day")),
    )


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["reminder_mails.id"], name=op.f("fk_reminders_mail_id_reminder_mails")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("mail_id", "step", name=op.f("uq_reminders_mail_id_step")),
    )


def _choices() -> None:
    op.create_table(
        "reminder_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=160), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_reminder_choices_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_choices")),
    )
    op.create_index(
        op.f("ix_reminder_choices_person_id"), "reminder_choices", ["person_id"], unique=False
    )


def _switches() -> None:
    op.create_table(
        "reminder_switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("turned_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_reminder_switches_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_switches")),
    )
    op.create_index(
        op.f("ix_reminder_switches_person_id"), "reminder_switches", ["person_id"], unique=False
    )


def upgrade() -> None:
    for make in (_mails, _reminders, _choices, _switches):
        make()
    protect(op.get_bind(), *TABLES)


def downgrade() -> None:
    unprotect(op.get_bind(), *TABLES)
    for table in reversed(TABLES):
        op.drop_table(table)
