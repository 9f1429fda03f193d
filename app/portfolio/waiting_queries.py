"""What waits for people in their portfolios: reads only, for many people at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import String, cast
from sqlalchemy.orm import Session

from app.portfolio import queries
from app.portfolio.models import Registration, Tutorial, TutorialHeld
from app.waiting import PEOPLE, row
from assessments.completion import award_progress
from assessments.dates import LONDON
from assessments.framework import Framework
from assessments.reminders import DAY_BEGINS, REGISTRATION_WAITS, Kind, Pause, Step

#: Until when people are registered, with which pathways; tutorials, from when until when due.
ROWS = (
    row(
        "registered",
        Registration.person_id,
        cast(Registration.ends_on, String),
        Registration.pathways,
    ).where(Registration.person_id.in_(PEOPLE)),
    row(
        "tutorial",
        Tutorial.person_id,
        Tutorial.chapter_slug,
        at=Tutorial.asked_at,
        until=TutorialHeld.recorded_at,
    )
    .outerjoin(TutorialHeld, TutorialHeld.tutorial_id == Tutorial.id)
    .where(Tutorial.person_id.in_(PEOPLE)),
)


@dataclass
class Portfolios:
    """What waits in the portfolios of several people, and what cannot be done in them."""

    steps: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))
    #: Whose registration has ended.
    ended: set[int] = field(default_factory=set)
    #: {(person, slug): when the check was closed until a tutorial was held}
    closed: dict[tuple[int, str], list[Pause]] = field(default_factory=lambda: defaultdict(list))


def waiting(session: Session, rows: Iterable[Any], framework: Framework, on: date) -> Portfolios:
    """Return what waits in people's portfolios on a day in London.

    A registration waits from its 90th day before the end, while a criterion is missing. What was
    judged is asked for only where one ends soon, in one go for all of them.
    """
    found, ending = Portfolios(), {}
    for one in rows:
        if one.kind == "tutorial":
            found.closed[one.person, one.thing].append(Pause(starts=one.at, ends=one.until))
        elif one.kind == "registered":
            ends_on = date.fromisoformat(one.thing)
            if ends_on < on:
                found.ended.add(one.person)
            elif ends_on - REGISTRATION_WAITS <= on:
                ending[one.person] = (ends_on, one.mark.split())
    judged = queries.judgements(session, ending) if ending else {}
    for person, (ends_on, pathways) in ending.items():
        rows_of = queries.judged(judged.get(person, []))
        if not award_progress(framework, pathways, rows_of, on).achieved:
            found.steps[person].append(_ends(ends_on))
    return found


def _ends(ends_on: date) -> Step:
    since = datetime.combine(ends_on - REGISTRATION_WAITS, time(DAY_BEGINS), LONDON)
    return Step(kind=Kind.REGISTRATION_ENDS, thing=ends_on.isoformat(), since=since)
