"""What waits for people, over all features, and what they were reminded of: reads only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.accreditation import pause_queries
from app.learning import waiting_queries as learning
from app.portfolio import waiting_queries as portfolios
from app.scheme.models import ReminderChoice, ReminderMail, ReminderSent
from app.supervision import waiting_queries as supervision
from app.waiting import PEOPLE, row
from assessments.dates import LONDON
from assessments.framework import Framework
from assessments.reminders import Kind, Pause, Step
from modules import Manual

if TYPE_CHECKING:
    from app.accounts.models import User

#: Whoever holds none of these is reminded of nothing.
ROLES = (Role.LEARNER, Role.MENTOR, Role.SUPERVISOR)
_LAST_CHOICES = (
    select(func.max(ReminderChoice.id))
    .where(ReminderChoice.person_id.in_(PEOPLE))
    .group_by(ReminderChoice.person_id, ReminderChoice.step)
)
#: Everything at once: what waits, what stands still, and what was done about it.
_EVERYTHING: Any = union_all(
    *learning.ROWS,
    *portfolios.ROWS,
    *supervision.ROWS,
    *pause_queries.ROWS,
    *accounts.SWITCHED_OFF,
    row("reminded", ReminderMail.person_id, ReminderSent.step, at=ReminderMail.written_at)
    .join(ReminderSent, ReminderSent.mail_id == ReminderMail.id)
    .where(ReminderMail.person_id.in_(PEOPLE)),
    row("not-wanted", ReminderChoice.person_id, ReminderChoice.step).where(
        ReminderChoice.id.in_(_LAST_CHOICES), ~ReminderChoice.wanted
    ),
)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """What steps are read against: the texts, the award, how long a place holds."""

    manual: Manual
    framework: Framework
    places_hold: timedelta


@dataclass
class Waiting:
    """What waits for one person, what they were written to about, and what they do not want."""

    #: Longest waiting first.
    steps: list[Step] = field(default_factory=list)
    written_on: date | None = None
    #: {step: when reminders of it went}
    sent: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    stopped: set[str] = field(default_factory=set)
    #: Every reminder is turned off.
    off: bool = False

    @property
    def wanted(self) -> list[tuple[Step, list[datetime]]]:
        """Return the steps of which the person may be reminded, with when they were."""
        several = [] if self.off else [s for s in self.steps if s.key not in self.stopped]
        return [(step, self.sent[step.key]) for step in several]


def waiting(
    session: Session, people: Sequence["User"], scheme: Scheme, now: datetime
) -> dict[int, Waiting]:
    """Return what waits for each person: in one query, and two where a registration ends soon."""
    found = {one.id: Waiting() for one in people}
    versions = [one.version for one in scheme.manual.chapters]
    rows = session.execute(_EVERYTHING, {"people": list(found), "versions": versions}).all()
    rows = [one for one in rows if one.person in found or one.kind == "edition"]
    for one in rows:
        if one.person in found:
            _recall(found[one.person], one)
    for person_id, steps in _steps(session, rows, people, scheme, now).items():
        found[person_id].steps = sorted(steps, key=lambda step: step.since)
    return found


def _recall(past: Waiting, one: Any) -> None:
    if one.kind == "reminded":
        past.sent[one.thing].append(one.at)
        day = one.at.astimezone(LONDON).date()
        past.written_on = max(past.written_on or day, day)
    elif one.kind == "not-wanted":
        past.stopped.add(one.thing)
    elif one.kind == "off":
        past.off = True


def _steps(
    session: Session, rows: Sequence[Any], people: Sequence["User"], scheme: Scheme, now: datetime
) -> dict[int, list[Step]]:
    read = learning.steps(rows, scheme.manual, places_hold=scheme.places_hold, now=now)
    held = portfolios.waiting(session, rows, scheme.framework, now.astimezone(LONDON).date())
    supervisors = {one.id for one in people if one.holds(Role.SUPERVISOR)}
    signatures = supervision.steps(rows, supervisors)
    still = pause_queries.pauses(rows)
    found = {}
    for one in people:
        own = [*held.steps.get(one.id, []), *read.get(one.id, [])] if _goes_on(one, held) else []
        found[one.id] = [
            replace(step, pauses=(*still.get(one.id, ()), *_closed(step, one.id, held)))
            for step in (*signatures.get(one.id, []), *own)
        ]
    return found


def _goes_on(person: "User", held: portfolios.Portfolios) -> bool:
    """Return whether somebody learns here: a learner's place ends with the registration."""
    return person.holds(Role.MENTOR) or (person.holds(Role.LEARNER) and person.id not in held.ended)


def _closed(step: Step, person_id: int, held: portfolios.Portfolios) -> Sequence[Pause]:
    """Return when a check was closed, until a tutorial was held."""
    return held.closed.get((person_id, step.thing), ()) if step.kind is Kind.CHECK_OPEN else ()


def mails_of(session: Session, person_ids: Sequence[int], day: date) -> dict[int, int]:
    """Return the e-mail that each of several people was written on a day in London."""
    rows = session.execute(
        select(ReminderMail.person_id, ReminderMail.id).where(
            ReminderMail.person_id.in_(person_ids), ReminderMail.day == day
        )
    )
    return {person: mail for person, mail in rows}  # noqa: C416 (rows are not pairs to mypy)
