"""What waits for people in their portfolios: reads only, for many people at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from app.portfolio import queries
from app.portfolio.models import Registration, Tutorial, TutorialHeld
from assessments.completion import award_progress
from assessments.dates import LONDON
from assessments.framework import Framework
from assessments.reminders import DAY_BEGINS, REGISTRATION_WAITS, Kind, Pause, Step


@dataclass
class Portfolios:
    """What waits in the portfolios of several people, and what cannot be done in them."""

    steps: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))
    #: Whose registration has ended.
    ended: set[int] = field(default_factory=set)
    #: {(person, slug): when the check was closed until a tutorial was held}
    closed: dict[tuple[int, str], list[Pause]] = field(default_factory=lambda: defaultdict(list))


def waiting(
    session: Session, person_ids: Collection[int], framework: Framework, on: date
) -> Portfolios:
    """Return what waits in people's portfolios on a day in London.

    A registration waits from its 90th day before the end, while a criterion is missing.
    """
    found = Portfolios()
    ending = []
    for row in session.scalars(
        select(Registration)
        .where(Registration.person_id.in_(list(person_ids)))
        .options(lazyload(Registration.person))
    ):
        if row.ends_on < on:
            found.ended.add(row.person_id)
        elif row.ends_on - REGISTRATION_WAITS <= on:
            ending.append(row)
    for row in _missing(session, ending, framework, on):
        found.steps[row.person_id].append(_ends(row))
    for person, slug, asked, held in session.execute(
        select(Tutorial.person_id, Tutorial.chapter_slug, Tutorial.asked_at, TutorialHeld.recorded_at)
        .outerjoin(TutorialHeld, TutorialHeld.tutorial_id == Tutorial.id)
        .where(Tutorial.person_id.in_(list(person_ids)))
    ):
        found.closed[person, slug].append(Pause(starts=asked, ends=held))
    return found


def _missing(
    session: Session, ending: list[Registration], framework: Framework, on: date
) -> list[Registration]:
    if not ending:
        return []
    rows = queries.judgements(session, [one.person_id for one in ending])
    return [
        one
        for one in ending
        if not award_progress(
            framework, one.pathway_codes, queries.judged(rows[one.person_id]), on
        ).achieved
    ]


def _ends(row: Registration) -> Step:
    begins = datetime.combine(row.ends_on - REGISTRATION_WAITS, time(DAY_BEGINS), LONDON)
    return Step(kind=Kind.REGISTRATION_ENDS, thing=row.ends_on.isoformat(), since=begins)
