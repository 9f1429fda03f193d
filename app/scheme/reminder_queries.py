"""What waits for people, over all features, and what they were reminded of: reads only."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accreditation import pause_queries
from app.learning import waiting_queries as learning
from app.portfolio import waiting_queries as portfolios
from app.scheme.models import ReminderChoice, ReminderMail, ReminderSent
from app.supervision import waiting_queries as supervision
from assessments.dates import LONDON
from assessments.framework import Framework
from assessments.reminders import Kind, Pause, Step
from modules import Manual

if TYPE_CHECKING:
    from app.accounts.models import User

#: Whoever holds none of these is reminded of nothing.
ROLES = (Role.LEARNER, Role.MENTOR, Role.SUPERVISOR)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """What steps are read against: the texts, the award, how long a place holds."""

    manual: Manual
    framework: Framework
    places_hold: timedelta


def steps(
    session: Session, people: Sequence["User"], scheme: Scheme, now: datetime
) -> dict[int, list[Step]]:
    """Return what waits for each person, longest waiting first, in a fixed number of queries."""
    ids = [one.id for one in people]
    today = now.astimezone(LONDON).date()
    learners = [one.id for one in people if one.holds(Role.LEARNER, Role.MENTOR)]
    read = learning.waiting(
        session, learners, scheme.manual, places_hold=scheme.places_hold, now=now
    )
    held = portfolios.waiting(session, learners, scheme.framework, today)
    supervisors = {one.id for one in people if one.holds(Role.SUPERVISOR)}
    signatures = supervision.waiting(session, ids, supervisors)
    still = pause_queries.pauses(session, ids)
    found: dict[int, list[Step]] = {}
    for one in people:
        # A learner's place ends with the registration; a mentor reads on.
        over = one.id in held.ended and not one.holds(Role.MENTOR)
        own = [] if over else [*held.steps.get(one.id, []), *read.get(one.id, [])]
        several = [*signatures.get(one.id, []), *own]
        pauses = still.get(one.id, ())
        found[one.id] = sorted(
            (replace(s, pauses=(*pauses, *_closed(s, one.id, held))) for s in several),
            key=lambda step: step.since,
        )
    return found


def _closed(step: Step, person_id: int, held: portfolios.Portfolios) -> Sequence[Pause]:
    """Return when a check was closed, until a tutorial was held."""
    return held.closed.get((person_id, step.thing), ()) if step.kind is Kind.CHECK_OPEN else ()


@dataclass
class Past:
    """What one person was written to about, and what they want to hear no more of."""

    written_on: date | None = None
    #: {step: when reminders of it went}
    sent: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    stopped: set[str] = field(default_factory=set)


def past(session: Session, person_ids: Collection[int]) -> dict[int, Past]:
    """Return what several people were reminded of and what they chose, in two queries."""
    found = {one: Past() for one in person_ids}
    for person, day, at, step in session.execute(
        select(
            ReminderMail.person_id, ReminderMail.day, ReminderMail.written_at, ReminderSent.step
        )
        .join(ReminderSent, ReminderSent.mail_id == ReminderMail.id)
        .where(ReminderMail.person_id.in_(list(person_ids)))
        .order_by(ReminderMail.id)
    ):
        found[person].sent[step].append(at)
        found[person].written_on = max(found[person].written_on or day, day)
    last = (
        select(func.max(ReminderChoice.id))
        .where(ReminderChoice.person_id.in_(list(person_ids)))
        .group_by(ReminderChoice.person_id, ReminderChoice.step)
    )
    for person, step in session.execute(
        select(ReminderChoice.person_id, ReminderChoice.step).where(
            ReminderChoice.id.in_(last), ~ReminderChoice.wanted
        )
    ):
        found[person].stopped.add(step)
    return found
