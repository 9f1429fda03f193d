"""Counted attempts and practice, tutorials, drills, ratings of confidence.

The attempts that exist counted when they were made, so their rows are marked as counted: what was
passed stays passed. They do not use up any of the three attempts that are counted from now on, as
nobody knew of three. The chapter's title and the questions as they were put were not kept then and
stay empty. The other tables are new and have no rows. Going back removes practice, which would
count there, and the new tables with all their rows.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0013"
down_revision = "0012"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)
#: In the order in which they can be made.
TABLES = (
    "check_rounds",
    "check_beginnings",
    "drill_runs",
    "drill_steps",
    "drills_filed",
    "tutorials",
    "tutorials_held",
    "confidence_ratings",
)
ADDED = ("begun_id", "put", "counted", "criteria", "chapter_title", "chapter_slug")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _known_by_id(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _checks() -> None:
    op.create_table(
        "check_rounds",
        _id(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chapter_slug", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        _points("check_rounds", "person_id", "users"),
        _points("check_rounds", "opened_by_id", "users"),
        _known_by_id("check_rounds"),
        _once("check_rounds", "person_id", "chapter_slug", "number"),
    )
    op.create_table(
        "check_beginnings",
        _id(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.Integer(), nullable=False),
        sa.Column("chapter_slug", sa.String(length=120), nullable=False),
        sa.Column("chapter_title", sa.String(length=200), nullable=False),
        sa.Column("chapter_version", sa.String(length=40), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("put", sa.JSON(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        _points("check_beginnings", "person_id", "users"),
        _known_by_id("check_beginnings"),
        _once("check_beginnings", "person_id", "chapter_slug", "round", "number"),
    )


def _attempts() -> None:
    nothing = sa.text("'[]'")
    with op.batch_alter_table("check_attempts") as attempts:
        for name, kind, before in (
            ("chapter_slug", sa.String(length=120), ""),
            ("chapter_title", sa.String(length=200), ""),
            ("criteria", sa.JSON(), nothing),
            ("counted", sa.Boolean(), sa.true()),
            ("put", sa.JSON(), nothing),
        ):
            attempts.add_column(sa.Column(name, kind, nullable=False, server_default=before))
        attempts.add_column(sa.Column("begun_id", sa.Integer(), nullable=True))
    # What is written from now on says each of these itself.
    with op.batch_alter_table("check_attempts") as attempts:
        for name, kind in (
            ("chapter_slug", sa.String(length=120)),
            ("chapter_title", sa.String(length=200)),
            ("criteria", sa.JSON()),
            ("counted", sa.Boolean()),
            ("put", sa.JSON()),
        ):
            attempts.alter_column(name, existing_type=kind, server_default=None)
        attempts.create_foreign_key(
            op.f("fk_check_attempts_begun_id_check_beginnings"),
            "check_beginnings",
            ["begun_id"],
            ["id"],
        )
        attempts.create_unique_constraint(op.f("uq_check_attempts_begun_id"), ["begun_id"])


def _drills() -> None:
    op.create_table(
        "drill_runs",
        _id(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("case_title", sa.String(length=200), nullable=False),
        sa.Column("case_version", sa.String(length=40), nullable=False),
        sa.Column("screens", sa.Integer(), nullable=False),
        sa.Column("put", sa.JSON(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        _points("drill_runs", "person_id", "users"),
        _known_by_id("drill_runs"),
    )
    op.create_index(op.f("ix_drill_runs_case"), "drill_runs", ["case"])
    op.create_index("ix_drill_runs_person", "drill_runs", ["person_id", "case", "id"])
    op.create_table(
        "drill_steps",
        _id(),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("screen", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        _points("drill_steps", "run_id", "drill_runs"),
        _known_by_id("drill_steps"),
        _once("drill_steps", "run_id", "screen"),
    )
    op.create_table(
        "drills_filed",
        _id(),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        _points("drills_filed", "run_id", "drill_runs"),
        _known_by_id("drills_filed"),
        _once("drills_filed", "run_id"),
    )


def _tutorials() -> None:
    op.create_table(
        "tutorials",
        _id(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.Integer(), nullable=False),
        sa.Column("chapter_slug", sa.String(length=120), nullable=False),
        sa.Column("chapter_title", sa.String(length=200), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("missed", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        _points("tutorials", "person_id", "users"),
        _known_by_id("tutorials"),
        _once("tutorials", "person_id", "chapter_slug", "round"),
    )
    op.create_index(op.f("ix_tutorials_asked_at"), "tutorials", ["asked_at"])
    op.create_table(
        "tutorials_held",
        _id(),
        sa.Column("tutorial_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("covered", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        _points("tutorials_held", "tutorial_id", "tutorials"),
        _points("tutorials_held", "recorded_by_id", "users"),
        _known_by_id("tutorials_held"),
        _once("tutorials_held", "tutorial_id"),
    )


def _confidence() -> None:
    op.create_table(
        "confidence_ratings",
        _id(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("moment", sa.String(length=10), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("award_version", sa.String(length=20), nullable=False),
        sa.Column("rated_at", MOMENT, nullable=False),
        _points("confidence_ratings", "person_id", "users"),
        _known_by_id("confidence_ratings"),
        _once("confidence_ratings", "person_id", "unit", "moment"),
    )


def upgrade() -> None:
    # SQLite makes the table anew, and its triggers would go with the old one.
    unprotect(op.get_bind(), "check_attempts")
    for make in (_checks, _attempts, _drills, _tutorials, _confidence):
        make()
    protect(op.get_bind(), "check_attempts", *TABLES)


def downgrade() -> None:
    unprotect(op.get_bind(), "check_attempts", *TABLES)
    attempts_table = sa.table("check_attempts", sa.column("counted", sa.Boolean))
    op.execute(attempts_table.delete().where(~attempts_table.c.counted))
    with op.batch_alter_table("check_attempts") as attempts:
        attempts.drop_constraint(
            op.f("fk_check_attempts_begun_id_check_beginnings"), type_="foreignkey"
        )
        attempts.drop_constraint(op.f("uq_check_attempts_begun_id"), type_="unique")
        for name in ADDED:
            attempts.drop_column(name)
    for table in reversed(TABLES):
        op.drop_table(table)
    protect(op.get_bind(), "check_attempts")
