"""Records, facts, panel, standing, certificates.

The first of their kind: there are no rows yet.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0007"
down_revision = "0006"
branch_labels = depends_on = None

ONLY_GROW = (
    "facts",
    "decisions",
    "interest_declarations",
    "pack_openings",
    "panel_votes",
    "suitability_judgements",
    "certificates",
    "certificate_checks",
)


def _panel_seats() -> None:
    op.create_table(
        "panel_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_panel_seats_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seats")),
        sa.UniqueConstraint("person_id", "seat", name=op.f("uq_panel_seats_person_id_seat")),
    )
    op.create_index(op.f("ix_panel_seats_person_id"), "panel_seats", ["person_id"], unique=False)


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("printed_name", sa.String(length=120), nullable=False),
        sa.Column("show_pathways", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_records_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("number", name=op.f("uq_records_number")),
        sa.UniqueConstraint("person_id", name=op.f("uq_records_person_id")),
    )


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_facts_record_id_records")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_facts_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["facts.id"], name=op.f("fk_facts_supersedes_id_facts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
    )
    op.create_index("ix_facts_record", "facts", ["record_id", "effective_on", "id"], unique=False)


def _panel_items() -> None:
    op.create_table(
        "panel_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_panel_items_made_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_panel_items_record_id_records")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_items")),
    )
    op.create_index(op.f("ix_panel_items_meets_on"), "panel_items", ["meets_on"], unique=False)
    op.create_index(op.f("ix_panel_items_record_id"), "panel_items", ["record_id"], unique=False)


def _standing_intervals() -> None:
    op.create_table(
        "standing_intervals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("holds", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("pathways", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_standing_intervals_record_id_records")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_intervals")),
        sa.UniqueConstraint(
            "record_id", "starts_on", name=op.f("uq_standing_intervals_record_id_starts_on")
        ),
    )
    op.create_index(
        "ix_standing_as_at", "standing_intervals", ["starts_on", "ends_on", "status"], unique=False
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("pathways", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("scope_parts", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("condition_owner", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("vote", sa.String(length=120), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("withdrew", sa.JSON(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["panel_items.id"], name=op.f("fk_decisions_item_id_panel_items")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_decisions_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("item_id", name=op.f("uq_decisions_item_id")),
    )


def _interest_declarations() -> None:
    op.create_table(
        "interest_declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("has_interest", sa.Boolean(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["panel_items.id"],
            name=op.f("fk_interest_declarations_item_id_panel_items"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users.id"], name=op.f("fk_interest_declarations_member_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_declarations")),
        sa.UniqueConstraint(
            "item_id", "member_id", name=op.f("uq_interest_declarations_item_id_member_id")
        ),
    )


def _pack_openings() -> None:
    op.create_table(
        "pack_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["panel_items.id"], name=op.f("fk_pack_openings_item_id_panel_items")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users.id"], name=op.f("fk_pack_openings_member_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_openings")),
        sa.UniqueConstraint(
            "item_id", "member_id", name=op.f("uq_pack_openings_item_id_member_id")
        ),
    )


def _panel_votes() -> None:
    op.create_table(
        "panel_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("vote", sa.String(length=10), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["panel_items.id"], name=op.f("fk_panel_votes_item_id_panel_items")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users.id"], name=op.f("fk_panel_votes_member_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_votes")),
        sa.UniqueConstraint("item_id", "member_id", name=op.f("uq_panel_votes_item_id_member_id")),
    )


def _suitability_judgements() -> None:
    op.create_table(
        "suitability_judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("view", sa.String(length=30), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["panel_items.id"],
            name=op.f("fk_suitability_judgements_item_id_panel_items"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users.id"], name=op.f("fk_suitability_judgements_member_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suitability_judgements")),
        sa.UniqueConstraint(
            "item_id", "member_id", name=op.f("uq_suitability_judgements_item_id_member_id")
        ),
    )


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("link_token", sa.String(length=40), nullable=False),
        sa.Column("printed", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_digest", sa.String(length=64), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_certificates_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["users.id"], name=op.f("fk_certificates_issued_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_certificates_record_id_records")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["certificates.id"],
            name=op.f("fk_certificates_replaces_id_certificates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("link_token", name=op.f("uq_certificates_link_token")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_certificates_replaces_id")),
    )
    op.create_index(
        op.f("ix_certificates_decision_id"), "certificates", ["decision_id"], unique=False
    )
    op.create_index(op.f("ix_certificates_record_id"), "certificates", ["record_id"], unique=False)


def _certificate_checks() -> None:
    op.create_table(
        "certificate_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_checks_certificate_id_certificates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_checks")),
    )
    op.create_index(
        op.f("ix_certificate_checks_certificate_id"),
        "certificate_checks",
        ["certificate_id"],
        unique=False,
    )


def upgrade() -> None:
    for make in (
        _panel_seats,
        _records,
        _facts,
        _panel_items,
        _standing_intervals,
        _decisions,
        _interest_declarations,
        _pack_openings,
        _panel_votes,
        _suitability_judgements,
        _certificates,
        _certificate_checks,
    ):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in (
        "certificate_checks",
        "certificates",
        "suitability_judgements",
        "panel_votes",
        "pack_openings",
        "interest_declarations",
        "decisions",
        "standing_intervals",
        "panel_items",
        "facts",
        "records",
        "panel_seats",
    ):
        op.drop_table(table)
