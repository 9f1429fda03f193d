"""When people could not go on: reads only, for many people at once."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accreditation.models import Record, StandingInterval
from assessments.dates import LONDON
from assessments.reminders import Pause
from assessments.statuses import Status

#: While any of these holds, nobody is asked to get on with anything.
STILL = (Status.SUSPENDED, Status.WITHDRAWN, Status.DECLINED)


def pauses(session: Session, person_ids: Collection[int]) -> dict[int, tuple[Pause, ...]]:
    """Return from when until when each person was suspended, withdrawn or declined."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for person, starts, ends in session.execute(
        select(Record.person_id, StandingInterval.starts_on, StandingInterval.ends_on)
        .join(StandingInterval, StandingInterval.record_id == Record.id)
        .where(Record.person_id.in_(list(person_ids)))
        .where(StandingInterval.status.in_([status.value for status in STILL]))
    ):
        found[person].append(Pause(starts=_midnight(starts), ends=ends and _midnight(ends)))
    return {person: tuple(several) for person, several in found.items()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
