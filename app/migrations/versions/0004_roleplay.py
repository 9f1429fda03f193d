"""Bookings, mark sheets, notes, agreement.

The first of their kind: there are no rows yet.
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.append_only import protect, unprotect

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

ONLY_GROW = ("agreed_marks", "mark_proposals", "play_results", "timed_notes", "note_criteria")


def _bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("case_version", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("role_player_id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(length=1), nullable=False),
        sa.Column("briefs_open_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(length=200), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["users.id"], name=op.f("fk_bookings_booked_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["role_player_id"], ["users.id"], name=op.f("fk_bookings_role_player_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    op.create_index(
        op.f("ix_bookings_role_player_id"), "bookings", ["role_player_id"], unique=False
    )
    op.create_index("ix_bookings_when", "bookings", ["starts_at", "id"], unique=False)


def _agreed_marks() -> None:
    op.create_table(
        "agreed_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("differed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_agreed_marks_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_agreed_marks_confirmed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["users.id"], name=op.f("fk_agreed_marks_learner_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_agreed_marks_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_marks")),
        sa.UniqueConstraint(
            "booking_id",
            "learner_id",
            "criterion",
            name=op.f("uq_agreed_marks_booking_id_learner_id_criterion"),
        ),
    )


def _booking_parts() -> None:
    op.create_table(
        "booking_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_parts_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name=op.f("fk_booking_parts_person_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_parts")),
        sa.UniqueConstraint(
            "booking_id", "person_id", name=op.f("uq_booking_parts_booking_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_booking_parts_person_id"), "booking_parts", ["person_id"], unique=False
    )


def _mark_proposals() -> None:
    op.create_table(
        "mark_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_mark_proposals_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["users.id"], name=op.f("fk_mark_proposals_learner_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_mark_proposals_proposed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_proposals")),
    )
    op.create_index(
        "ix_mark_proposals_about",
        "mark_proposals",
        ["booking_id", "learner_id", "criterion"],
        unique=False,
    )


def _mark_sheets() -> None:
    op.create_table(
        "mark_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.String(length=300), nullable=False),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["users.id"], name=op.f("fk_mark_sheets_assessor_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_mark_sheets_booking_id_bookings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_sheets")),
        sa.UniqueConstraint(
            "booking_id", "assessor_id", name=op.f("uq_mark_sheets_booking_id_assessor_id")
        ),
    )
    op.create_index(
        op.f("ix_mark_sheets_assessor_id"), "mark_sheets", ["assessor_id"], unique=False
    )


def _play_results() -> None:
    op.create_table(
        "play_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("safety_not_yet", sa.String(length=200), nullable=False),
        sa.Column("overall", sa.String(length=20), nullable=False),
        sa.Column("overall_reason", sa.Text(), nullable=False),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_play_results_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["users.id"], name=op.f("fk_play_results_learner_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["users.id"], name=op.f("fk_play_results_released_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_play_results")),
        sa.UniqueConstraint(
            "booking_id", "learner_id", name=op.f("uq_play_results_booking_id_learner_id")
        ),
    )
    op.create_index(
        op.f("ix_play_results_learner_id"), "play_results", ["learner_id"], unique=False
    )


def _sheet_marks() -> None:
    op.create_table(
        "sheet_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["users.id"], name=op.f("fk_sheet_marks_learner_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheets.id"], name=op.f("fk_sheet_marks_sheet_id_mark_sheets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_marks")),
        sa.UniqueConstraint(
            "sheet_id",
            "learner_id",
            "criterion",
            name=op.f("uq_sheet_marks_sheet_id_learner_id_criterion"),
        ),
    )


def _sheet_overalls() -> None:
    op.create_table(
        "sheet_overalls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("overall", sa.String(length=20), nullable=False),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["users.id"], name=op.f("fk_sheet_overalls_learner_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheets.id"], name=op.f("fk_sheet_overalls_sheet_id_mark_sheets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_overalls")),
        sa.UniqueConstraint(
            "sheet_id", "learner_id", name=op.f("uq_sheet_overalls_sheet_id_learner_id")
        ),
    )


def _timed_notes() -> None:
    op.create_table(
        "timed_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(length=40), nullable=False),
        sa.Column("first_typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_seconds", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheets.id"], name=op.f("fk_timed_notes_sheet_id_mark_sheets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timed_notes")),
        sa.UniqueConstraint(
            "sheet_id", "client_key", name=op.f("uq_timed_notes_sheet_id_client_key")
        ),
    )
    op.create_index(op.f("ix_timed_notes_sheet_id"), "timed_notes", ["sheet_id"], unique=False)


def _note_criteria() -> None:
    op.create_table(
        "note_criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["timed_notes.id"], name=op.f("fk_note_criteria_note_id_timed_notes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_criteria")),
        sa.UniqueConstraint(
            "note_id", "criterion", name=op.f("uq_note_criteria_note_id_criterion")
        ),
    )


def upgrade() -> None:
    for make in (
        _bookings,
        _agreed_marks,
        _booking_parts,
        _mark_proposals,
        _mark_sheets,
        _play_results,
        _sheet_marks,
        _sheet_overalls,
        _timed_notes,
        _note_criteria,
    ):
        make()
    protect(op.get_bind(), *ONLY_GROW)


def downgrade() -> None:
    unprotect(op.get_bind(), *ONLY_GROW)
    for table in (
        "note_criteria",
        "timed_notes",
        "sheet_overalls",
        "sheet_marks",
        "play_results",
        "mark_sheets",
        "mark_proposals",
        "booking_parts",
        "agreed_marks",
        "bookings",
    ):
        op.drop_table(table)
