"""What the pages about confidence show and take."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.forms import Form, choices
from app.portfolio import confidence_queries as queries
from app.portfolio import views
from app.portfolio.confidence_queries import WORDS, Rated, UnitConfidence
from app.portfolio.models import Registration
from assessments.framework import Criterion, Unit

#: The five words, each with what the form sends for it.
SCALE = tuple((str(number), words) for number, words in enumerate(WORDS, 1))


class ConfidenceForm(Form):
    """One question for each criterion of a unit; its fields are added by ``form_for``."""


def form_for(unit: Unit) -> type[ConfidenceForm]:
    """Return a form with a scale of five words for every criterion of a unit."""
    fields = {
        name_of(one): RadioField(
            f"{one.ref} {one.text}",
            choices=choices(SCALE),
            validators=[InputRequired(f"{one.ref}: choose how confident you are")],
        )
        for one in unit.criteria
    }
    return type("ConfidenceForm", (ConfidenceForm,), fields)


def name_of(criterion: Criterion) -> str:
    """Return the name of a criterion's field: M1.2.3 becomes c-M1-2-3."""
    return f"c-{criterion.ref.replace('.', '-')}"


def given(form: Form, unit: Unit) -> dict[str, int]:
    """Return the ratings of a form that holds one for each criterion."""
    return {one.ref: int(form[name_of(one)].data) for one in unit.criteria}


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A learner's own ratings of one criterion, in words, to stand beside the judgement."""

    start: str
    started_at: datetime | None
    end: str
    ended_at: datetime | None
    moved: str


def beside(standing: UnitConfidence, ref: str) -> Beside | None:
    """Return the ratings of one criterion in words; None where there is none."""
    rated: Rated = standing.of(ref)
    if rated.start is None and rated.end is None:
        return None
    return Beside(
        start=WORDS[rated.start - 1] if rated.start else "",
        started_at=standing.start.rated_at if standing.start else None,
        end=WORDS[rated.end - 1] if rated.end else "",
        ended_at=standing.end.rated_at if standing.end else None,
        moved=rated.moved,
    )


def read(session: Session, person_id: int, criterion: Criterion) -> Beside | None:
    """Return a learner's ratings of one criterion in words; None where there is none."""
    return beside(queries.of_unit(session, person_id, criterion.unit_code), criterion.ref)


def days(session: Session, registered: Registration) -> dict[str, dict[str, datetime]]:
    """Return when a learner rated each unit, by moment."""
    given = queries.ratings(session, registered.person_id)
    return {
        unit.code: {moment: row.rated_at for moment, row in given.get(unit.code, {}).items()}
        for unit in views.units_of(registered.pathway_codes)
    }
