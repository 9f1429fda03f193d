"""Reading, checks, reflections, places.

The first of their kind: there are no rows yet.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None

ONLY_GROW = ("check_attempts", "places")


def _check_attempts() -> None:
    op.create_table(
        "check_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.Integer(), nullable=False),
        sa.Column("chapter_version", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("safety_missed", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_check_attempts_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_attempts")),
    )
    op.create_index(
        "ix_check_attempts_person", "check_attempts", ["person_id", "chapter", "id"], unique=False
    )


def _places() -> None:
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_places_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    op.create_index("ix_places_person", "places", ["person_id", "question", "id"], unique=False)
    op.create_index(op.f("ix_places_question"), "places", ["question"], unique=False)


def _reading_places() -> None:
    op.create_table(
        "reading_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_reading_places_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_places")),
        sa.UniqueConstraint("person_id", name=op.f("uq_reading_places_person_id")),
    )


def _reflections() -> None:
    op.create_table(
        "reflections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(length=12), nullable=False),
        sa.Column("chapter", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_reflections_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflections")),
        sa.UniqueConstraint("person_id", "prompt", name=op.f("uq_reflections_person_id_prompt")),
    )


def _sections_read() -> None:
    op.create_table(
        "sections_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("chapter_version", sa.String(length=40), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_sections_read_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections_read")),
        sa.UniqueConstraint(
            "person_id",
            "chapter",
            "section",
            name=op.f("uq_sections_read_person_id_chapter_section"),
        ),
    )


def upgrade() -> None:
    for make in (
        _check_attempts,
        _places,
        _reading_places,
        _reflections,
        _sections_read,
    ):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in ("sections_read", "reflections", "reading_places", "places", "check_attempts"):
        op.drop_table(table)
