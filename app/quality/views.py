"""What the pages of verification show, as plain values for the templates."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.content import framework
from app.formats import seconds
from app.quality import queries
from app.quality.actions import Ties, why_not
from app.roleplay import queries as roleplay
from assessments.completion import Verdict
from assessments.completion import Verification as State

if TYPE_CHECKING:
    from app.portfolio.models import Judgement

VERDICTS = {
    Verdict.ACHIEVED.value: ("ok", "Achieved"),
    Verdict.NOT_YET.value: ("notyet", "Not yet"),
}
STATES = {
    State.AGREED.value: ("ok", "Agreed"),
    State.RETURNED.value: ("notyet", "Returned"),
}


class Looked:
    """A decision with every decision on the same criterion of the same learner, newest first."""

    def __init__(self, row: "Judgement", history: Sequence["Judgement"]) -> None:
        self.row, self.history = row, history

    @property
    def closed(self) -> bool:
        """Return whether nothing is left to decide on it."""
        again = any(one.supersedes_id == self.row.id for one in self.history)
        return again or bool(self.row.verifications)


def looked_at(session: Session, judgement_id: int) -> Looked | None:
    """Return a decision and its history, or None."""
    history = queries.with_history(session, judgement_id)
    row = next((one for one in history if one.id == judgement_id), None)
    return Looked(row, history) if row is not None else None


def people_of(rows: Sequence["Judgement"]) -> list[int | None]:
    """Return everybody who stands in several decisions."""
    return [one for row in rows for one in (row.person_id, row.assessor_id, row.with_assessor_id)]


def groups(session: Session, rows: Sequence["Judgement"], verifier_id: int) -> list[dict[str, Any]]:
    """Return decisions in groups: one learner, one play or text; in the order of the oldest."""
    names = accounts.names(session, people_of(rows))
    ordered = sorted(rows, key=lambda one: (first_of(rows, one), one.criterion))
    return [
        {
            "evidence": (first := list(inside))[0].evidence,
            "learner": names[first[0].person_id],
            "assessors": [
                names[one] for one in (first[0].assessor_id, first[0].with_assessor_id) if one
            ],
            "own": verifier_id in people_of(first),
            "recorded_at": min(one.recorded_at for one in first),
            "rows": [(one, framework().criterion(one.criterion)) for one in first],
        }
        for _, inside in groupby(ordered, key=lambda one: (one.person_id, one.evidence_id))
    ]


def first_of(rows: Sequence["Judgement"], row: "Judgement") -> tuple[int, int, int]:
    """Return where the group of a decision stands: by its oldest decision."""
    same = [
        one.id
        for one in rows
        if (one.person_id, one.evidence_id) == (row.person_id, row.evidence_id)
    ]
    return min(same), row.person_id, row.evidence_id


def booking_of(row: "Judgement") -> int | None:
    """Return the role play in which it was seen, if it was one."""
    source = row.evidence.source or ""
    kind, _, identity = source.partition(":")
    return int(identity) if kind == "bookings" and identity.isdecimal() else None


def seen(session: Session, row: "Judgement", reader_id: int) -> dict[str, Any]:
    """Return what the sheets of a role play say of one decision: notes, and both comments.

    Nobody reads the assessors' notes on themselves here: a learner reads the result.
    """
    booking_id = booking_of(row)
    if booking_id is None or row.person_id == reader_id:
        return {"notes": [], "comments": []}
    notes = roleplay.notes_on(session, booking_id, row.criterion)
    comments = roleplay.comments_on(session, booking_id, row.person_id, row.criterion)
    return {
        "notes": [(who, seconds(at), words) for who, at, words in notes],
        "comments": comments,
    }


def listed(
    session: Session, rows: Sequence["Judgement"], verifier_id: int
) -> list[tuple["Judgement", Any, tuple[str, ...]]]:
    """Return decisions of one play with their criterion, and why the verifier may not decide."""
    ties = Ties(session, verifier_id)
    return [(row, framework().criterion(row.criterion), why_not(ties, row)) for row in rows]


def overdue(due_on: date | None, on: date) -> bool:
    """Return whether an assessor should have looked again by now."""
    return due_on is not None and due_on < on
