"""Which assessors are allocated to which learners.

A registration that exists gets an allocation for every assessor who has judged the learner or is
booked for a role play with them, and who is an assessor still: from the first such day, so that
nobody loses sight of their own learners. No other rows change.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = depends_on = None

OPEN = sa.text("ended_at IS NULL")


def _allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["users.id"], name=op.f("fk_allocations_assessor_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["users.id"], name=op.f("fk_allocations_ended_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_allocations_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_allocations_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    for column in ("assessor_id", "registration_id"):
        op.create_index(op.f(f"ix_allocations_{column}"), "allocations", [column], unique=False)
    op.create_index(
        "ix_allocations_now",
        "allocations",
        ["registration_id", "assessor_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


MOMENT = sa.DateTime(timezone=True)
ALLOCATIONS = sa.table(
    "allocations",
    sa.column("registration_id", sa.Integer),
    sa.column("assessor_id", sa.Integer),
    sa.column("since", MOMENT),
    sa.column("recorded_at", MOMENT),
)
REGISTRATIONS = sa.table("registrations", sa.column("id"), sa.column("person_id"))
GRANTS = sa.table("role_grants", sa.column("user_id"), sa.column("role"), sa.column("ended_at"))
JUDGEMENTS = sa.table(
    "judgements",
    sa.column("person_id"),
    sa.column("assessor_id"),
    sa.column("with_assessor_id"),
    sa.column("recorded_at", MOMENT),
)
BOOKINGS = sa.table(
    "bookings", sa.column("id"), sa.column("booked_at", MOMENT), sa.column("cancelled_at")
)
PARTS = sa.table(
    "booking_parts", sa.column("booking_id"), sa.column("person_id"), sa.column("part")
)


def _have_judged(who: str) -> sa.Select[int, int, datetime]:
    return sa.select(JUDGEMENTS.c.person_id, JUDGEMENTS.c[who], JUDGEMENTS.c.recorded_at)


def _are_booked() -> sa.Select[int, int, datetime]:
    learner, assessor = PARTS.alias("learner"), PARTS.alias("assessor")
    return (
        sa.select(learner.c.person_id, assessor.c.person_id, BOOKINGS.c.booked_at)
        .join(learner, sa.and_(learner.c.booking_id == BOOKINGS.c.id, learner.c.part == "learner"))
        .join(
            assessor, sa.and_(assessor.c.booking_id == BOOKINGS.c.id, assessor.c.part == "assessor")
        )
        .where(BOOKINGS.c.cancelled_at.is_(None))
    )


def _allocate_whoever_has_a_part(connection: sa.Connection) -> None:
    held = sa.select(GRANTS.c.user_id).where(
        GRANTS.c.role == "assessor", GRANTS.c.ended_at.is_(None)
    )
    assessors = set(connection.scalars(held))
    rows = connection.execute(sa.select(REGISTRATIONS.c.person_id, REGISTRATIONS.c.id))
    registered = {row.person_id: row.id for row in rows}
    first: dict[tuple[int, int], datetime] = {}
    for query in (_have_judged("assessor_id"), _have_judged("with_assessor_id"), _are_booked()):
        for learner, assessor, moment in connection.execute(query):
            if learner in registered and assessor in assessors and learner != assessor:
                pair = registered[learner], assessor
                first[pair] = min(moment, first.get(pair, moment))
    now = datetime.now(UTC)
    made = [
        {"registration_id": pair[0], "assessor_id": pair[1], "since": since, "recorded_at": now}
        for pair, since in sorted(first.items())
    ]
    if made:
        op.bulk_insert(ALLOCATIONS, made)


def upgrade() -> None:
    _allocations()
    _allocate_whoever_has_a_part(op.get_bind())


def downgrade() -> None:
    op.drop_table("allocations")
