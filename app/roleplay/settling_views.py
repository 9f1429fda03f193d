"""What the pages of agreement and results show, as plain values for the templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.content import framework
from app.formats import seconds
from app.roleplay import rules
from app.roleplay.agreement_actions import Pair
from app.roleplay.models import AgreedMark, Booking, MarkSheet, Proposal
from app.roleplay.views import case_of, grid_texts, marks_of
from assessments.framework import Criterion
from assessments.roleplay import Mark, Overall


def compared(
    pair: Pair,
    agreed: Mapping[tuple[int, str], AgreedMark],
    proposals: Mapping[tuple[int, str], Proposal],
    notes: Mapping[int, Sequence[Any]],
) -> list[dict[str, Any]]:
    """Return each learner with what both say alike, and each difference with how it stands."""
    return [
        {
            "learner": learner,
            "same": _same(pair, learner.id),
            "lines": [
                _difference(pair, learner.id, key, agreed, proposals, notes)
                for key in pair.differing(learner.id)
            ],
        }
        for learner in pair.booking.learners
    ]


def _same(pair: Pair, learner_id: int) -> list[tuple[Criterion, tuple[str, str]]]:
    one, other = pair.marks(learner_id)
    return [
        (framework().criterion(ref), rules.MARK_WORDS[mark])
        for ref, mark in sorted(one.items())
        if other.get(ref) is mark
    ]


def _difference(
    pair: Pair,
    learner_id: int,
    key: str,
    agreed: Mapping[tuple[int, str], AgreedMark],
    proposals: Mapping[tuple[int, str], Proposal],
    notes: Mapping[int, Sequence[Any]],
) -> dict[str, Any]:
    whole = key == rules.OVERALL
    sides = [
        _side(pair, sheet, at, learner_id, key, notes)
        for at, sheet in enumerate((pair.first, pair.second))
    ]
    words: Mapping[Any, tuple[str, str]] = rules.OVERALL_WORDS if whole else rules.MARK_WORDS
    return {
        "key": key,
        "criterion": None if whole else framework().criterion(key),
        "looks": None if whole else grid_texts(case_of(pair.booking)).get(key),
        "sides": sides,
        "agreed": agreed.get((learner_id, key)),
        "proposal": proposals.get((learner_id, key)),
        "choices": [(one.value, words[one][1]) for one in words],
        "words": {one.value: words[one] for one in words},
    }


def _side(
    pair: Pair,
    sheet: MarkSheet,
    at: int,
    learner_id: int,
    key: str,
    notes: Mapping[int, Sequence[Any]],
) -> dict[str, Any]:
    who = next(one for one in pair.booking.assessors if one.id == sheet.assessor_id).working_name
    if key == rules.OVERALL:
        row = next(one for one in sheet.overalls if one.learner_id == learner_id)
        status = rules.OVERALL_WORDS[Overall(row.overall)]
        return {"who": who, "status": status, "quotes": [(None, row.next_step)]}
    mark = pair.marks(learner_id)[at].get(key)
    seen = [(seconds(n.at_seconds), n.words) for n in reversed(notes[sheet.id]) if key in n.refs]
    comment = marks_of(sheet, learner_id)[key].comment if mark else ""
    return {
        "who": who,
        "status": rules.MARK_WORDS[mark] if mark else ("none", "Left out of this sheet"),
        "quotes": seen + ([(None, comment)] if comment else []),
    }


def result_rows(
    agreed: Mapping[tuple[int, str], AgreedMark], sheets: Sequence[MarkSheet], booking: Booking
) -> dict[int, list[dict[str, Any]]]:
    """Return the grid of a released result for each learner: criterion, mark, both comments."""
    names = {one.id: one.working_name for one in booking.assessors}
    found: dict[int, list[dict[str, Any]]] = {one: [] for one in booking.learner_ids}
    for (learner_id, key), row in sorted(agreed.items()):
        if key == rules.OVERALL:
            continue
        comments = [
            (names[sheet.assessor_id], mark.comment)
            for sheet in sheets
            for mark in sheet.marks
            if (mark.learner_id, mark.criterion) == (learner_id, key) and mark.comment
        ]
        found[learner_id].append(
            {
                "criterion": framework().criterion(key),
                "status": rules.MARK_WORDS[Mark(row.mark)],
                "comments": comments,
                "reason": row.reason,
            }
        )
    return found
