"""Reading goes by a chapter's slug and keeps the paragraph; editions of chapters; remarks.

The rows that exist take the slug that their chapter's number had in the only edition there was,
and no paragraph. The text of that edition was not kept: who read it is told so when it changes.
Reflections that exist do not know how their prompt was worded; evidence has no reason why words
that look like somebody's may stand.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0012"
down_revision = "0011"
branch_labels = depends_on = None

ONLY_GROW = ("chapter_editions", "remarks", "remark_answers")
BY_NUMBER = "uq_sections_read_person_id_chapter_section"
BY_SLUG = "uq_sections_read_person_id_slug_section"
SLUGS = {
    1: "a-missing-service",
    2: "befriending-and-intervention",
    3: "with-communities-not-on-them",
    4: "empathy-trust-and-the-safe-space",
    5: "ethics-confidentiality-and-when-it-must-be-broken",
    6: "credibility-identity-and-place",
    7: "challenge-without-coercion",
    8: "empowerment-grievance-and-advocacy",
    9: "boundaries-and-how-much-of-yourself-to-share",
    10: "four-directions-of-risk-and-staying-safe",
    11: "working-in-pairs",
    12: "planning-note-taking-and-looking-after-information",
    13: "distance-travelled-and-ending-well",
    14: "the-mentors-own-wellbeing",
    15: "the-scheme-and-its-partners",
    16: "the-professional-mentor",
    17: "pathway-aq-influenced",
    18: "pathways-extreme-right-wing-and-animal-rights",
}


def _editions() -> None:
    op.create_table(
        "chapter_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapter_editions")),
        sa.UniqueConstraint("slug", "version", name=op.f("uq_chapter_editions_slug_version")),
    )


def _remarks() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("chapter_version", sa.String(length=40), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("paragraph", sa.String(length=20), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("stance", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("screening_reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_remarks_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    op.create_index(op.f("ix_remarks_person_id"), "remarks", ["person_id"])
    op.create_index("ix_remarks_paragraph", "remarks", ["slug", "paragraph", "id"])


def _answers() -> None:
    op.create_table(
        "remark_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changes_text", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_remark_answers_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["remark_id"], ["remarks.id"], name=op.f("fk_remark_answers_remark_id_remarks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark_answers")),
    )
    op.create_index(op.f("ix_remark_answers_remark_id"), "remark_answers", ["remark_id"])


def _slug_of(number: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    return sa.case(SLUGS, value=number, else_="chapter-of-an-unknown-number")


def _number_of(slug: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    return sa.case({slug: number for number, slug in SLUGS.items()}, value=slug, else_=0)


def _by_slug(table: str, *more: sa.Column[str]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("slug", sa.String(80), nullable=False, server_default=""))
        for column in more:
            batch.add_column(column)
    rows = sa.table(table, sa.column("slug"), sa.column("chapter"))
    op.execute(rows.update().values(slug=_slug_of(rows.c.chapter)))
    with op.batch_alter_table(table) as batch:
        for name in ("slug", *(column.name for column in more)):
            batch.alter_column(name, server_default=None)


def _by_number(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("chapter", sa.Integer(), nullable=False, server_default="0"))
    rows = sa.table(table, sa.column("slug"), sa.column("chapter"))
    op.execute(rows.update().values(chapter=_number_of(rows.c.slug)))
    with op.batch_alter_table(table) as batch:
        batch.alter_column("chapter", server_default=None)


def upgrade() -> None:
    for make in (_editions, _remarks, _answers):
        make()
    protect(op.get_bind(), *ONLY_GROW)
    _by_slug("sections_read")
    with op.batch_alter_table("sections_read") as batch:
        batch.drop_constraint(BY_NUMBER, type_="unique")
        batch.create_unique_constraint(BY_SLUG, ["person_id", "slug", "section"])
        batch.drop_column("chapter")
    place = sa.Column("paragraph", sa.String(20), nullable=False, server_default="")
    _by_slug("reading_places", place)
    with op.batch_alter_table("reading_places") as batch:
        batch.drop_column("chapter")
    with op.batch_alter_table("reflections") as batch:
        batch.add_column(sa.Column("asked", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("reflections") as batch:
        batch.alter_column("asked", server_default=None)
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(
            sa.Column("screening_reason", sa.String(200), nullable=False, server_default="")
        )
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("screening_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("evidence") as batch:
        batch.drop_column("screening_reason")
    with op.batch_alter_table("reflections") as batch:
        batch.drop_column("asked")
    _by_number("sections_read")
    with op.batch_alter_table("sections_read") as batch:
        batch.drop_constraint(BY_SLUG, type_="unique")
        batch.create_unique_constraint(BY_NUMBER, ["person_id", "chapter", "section"])
        batch.drop_column("slug")
    _by_number("reading_places")
    with op.batch_alter_table("reading_places") as batch:
        batch.drop_column("paragraph")
        batch.drop_column("slug")
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in ("remark_answers", "remarks", "chapter_editions"):
        op.drop_table(table)
