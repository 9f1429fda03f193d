"""What the pages of a portfolio show, as plain values for the templates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.content import framework, manual
from app.formats import short_day
from app.forms import choices
from app.portfolio import queries
from app.portfolio.models import Evidence, Judgement, Registration
from assessments.completion import (
    AwardProgress,
    CriterionState,
    Missing,
    Reason,
    award_progress,
)
from assessments.framework import Criterion, Unit
from assessments.unitfile import Method

#: The map's three states, and what each is called.
SHAPES = {
    CriterionState.NOTHING: ("none", "nothing yet"),
    CriterionState.EVIDENCE: ("wait", "evidence towards it"),
    CriterionState.ACHIEVED: ("ok", "achieved"),
    CriterionState.NOT_YET: ("notyet", "not yet"),
}
#: What is waited for, before what is still to be done.
WAITING = {Reason.WAITING_FOR_VERIFICATION, Reason.RETURNED, Reason.WAITING_FOR_COUNTERSIGNATURE}


def units_of(pathways: Sequence[str]) -> list[Unit]:
    """Return the mandatory units and the chosen pathway units."""
    award = framework()
    return [*award.mandatory, *(unit for unit in award.pathways if unit.code in pathways)]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Everything that the page of one learner's portfolio rests on, read once."""

    progress: AwardProgress
    states: Mapping[str, CriterionState]
    evidence: Sequence[Evidence]
    checks: Sequence[tuple[str, str, date, tuple[str, ...]]]


def whole(session: Session, registered: Registration, on: date) -> Whole:
    """Return one learner's progress, evidence, passed checks and the state of each criterion."""
    person, award = registered.person_id, framework()
    rows = queries.judgements(session, [person])[person]
    evidence = queries.evidence_of(session, person)
    checks = queries.checks_passed(session, person, manual(), award)
    return Whole(
        progress=award_progress(award, registered.pathway_codes, queries.judged(rows), on),
        states=queries.states(rows, evidence, checks, award, on),
        evidence=evidence,
        checks=checks,
    )


def matrix(
    registered: Registration,
    progress: AwardProgress,
    states: Mapping[str, CriterionState],
    *,
    mine: bool,
) -> list[dict[str, Any]]:
    """Return the map: units by criteria, each with its state and where it leads."""
    return [
        {
            "code": unit.code,
            "title": unit.title,
            "url": url_for("portfolio.unit", code=unit.code),
            "summary": _summary(unit, progress),
            "criteria": [_cell(registered, c, states, mine=mine) for c in unit.criteria],
        }
        for unit in units_of(registered.pathway_codes)
    ]


def _summary(unit: Unit, progress: AwardProgress) -> str:
    done = progress.unit(unit.code)
    if done.achieved:
        return f"Complete, {unit.credit} credit{'s'[: unit.credit > 1]}"
    return f"{len(done.counted)} of {len(unit.criteria)} count"


def _cell(
    registered: Registration,
    criterion: Criterion,
    states: Mapping[str, CriterionState],
    *,
    mine: bool,
) -> dict[str, Any]:
    shape, words = SHAPES[states[criterion.ref]]
    to = (
        url_for("portfolio.my_criterion", ref=criterion.ref)
        if mine
        else url_for(
            "portfolio.learner_criterion", registration_id=registered.id, ref=criterion.ref
        )
    )
    return {
        "code": criterion.ref.partition(".")[2],
        "url": to,
        "state": shape,
        "words": words,
        "safety": criterion.safety_critical,
        "title": criterion.text,
    }


def left(registered: Registration, progress: AwardProgress) -> list[dict[str, Any]]:
    """Return what is missing unit by unit: the unit, what waits for others, what is to be done."""
    found = []
    for unit in units_of(registered.pathway_codes):
        missing = progress.unit(unit.code).missing
        if missing:
            found.append(
                {
                    "unit": unit,
                    "waiting": [m for m in missing if m.reason in WAITING],
                    "undone": _by_sentence(m for m in missing if m.reason not in WAITING),
                }
            )
    return found


def _by_sentence(missing: Iterable[Missing]) -> list[tuple[str, list[str]]]:
    """Return each reason with its criteria, so that a hundred of the same are one line."""
    found: dict[str, list[str]] = {}
    for one in missing:
        found.setdefault(one.sentence, []).append(one.ref)
    return list(found.items())


def prepares(ref: str) -> tuple[list[Any], list[Any]]:
    """Return the chapters that prepare for a criterion and the cases in which it is observed."""
    chapters = [one for one in manual().chapters if ref in one.criteria]
    return chapters, [one for one in manual().cases if ref in one.observes]


def progress_of(registered: Registration, rows: Sequence[Judgement], on: date) -> AwardProgress:
    """Return progress from judgements that were read already."""
    return award_progress(framework(), registered.pathway_codes, queries.judged(rows), on)


def evidence_choices(evidence: Sequence[tuple[str, str, date]]) -> list[Any]:
    """Return the evidence to choose from, latest first, each with its day."""
    return choices([(value, f"{title}, {short_day(on)}") for value, title, on in evidence])


@dataclass(frozen=True, kw_only=True)
class Written:
    """A unit with those of its criteria that written work may go towards."""

    code: str
    title: str
    criteria: tuple[Criterion, ...]


def written_units(pathways: Sequence[str]) -> list[Written]:
    """Return the units, each with the criteria that list written reflection as a method."""
    found = [
        Written(
            code=unit.code,
            title=unit.title,
            criteria=tuple(c for c in unit.criteria if Method.WR in c.methods),
        )
        for unit in units_of(pathways)
    ]
    return [unit for unit in found if unit.criteria]


def criteria_choices(units: Sequence[Unit | Written]) -> list[Any]:
    """Return every criterion of several units."""
    return choices([(c.ref, f"{c.ref} {c.text}") for unit in units for c in unit.criteria])


def pathway_choices() -> list[Any]:
    """Return the pathway units."""
    return choices([(unit.code, f"{unit.code}: {unit.pathway}") for unit in framework().pathways])
