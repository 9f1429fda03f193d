"""When people could not go on: reads only, for many people at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import String, cast, func

from app.accreditation.models import Record, StandingInterval
from app.waiting import PEOPLE, row
from assessments.dates import LONDON
from assessments.reminders import Pause
from assessments.statuses import Status

#: While any of these holds, nobody is asked to get on with anything.
STILL = (Status.SUSPENDED, Status.WITHDRAWN, Status.DECLINED)
ROWS = (
    row(
        "still",
        Record.person_id,
        cast(StandingInterval.starts_on, String),
        func.coalesce(cast(StandingInterval.ends_on, String), ""),
    )
    .join(StandingInterval, StandingInterval.record_id == Record.id)
    .where(Record.person_id.in_(PEOPLE))
    .where(StandingInterval.status.in_([status.value for status in STILL])),
)


def pauses(rows: Iterable[Any]) -> dict[int, list[Pause]]:
    """Return from when until when each person was suspended, withdrawn or declined."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for one in rows:
        if one.kind == "still":
            ends = _midnight(one.mark) if one.mark else None
            found[one.person].append(Pause(starts=_midnight(one.thing), ends=ends))
    return found


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), LONDON)
