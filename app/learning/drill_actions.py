"""What changes drills: every decision is a new row, and none is changed. Nothing here commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.learning import drill_queries as queries
from app.learning.actions import LearningError
from app.learning.models import DrillFiled, DrillRun, DrillStep
from modules import Case


class DecidedAlready(LearningError):
    """Each screen is decided on once, in order."""


class NotOver(LearningError):
    """A drill goes into the portfolio once it has come to its end."""


def begin(session: Session, person_id: int, case: Case, *, now: datetime) -> DrillRun:
    """Begin a drill, or return the one that is not over. The case has a drill."""
    runs = queries.runs_of(session, person_id, case.slug)
    if runs and not queries.over(runs[0]):
        return runs[0]
    drill = case.drill
    if drill is None:
        raise ValueError(f"{case.code} has no drill")
    window = drill.window
    row = DrillRun(
        person_id=person_id,
        case=case.slug,
        case_title=case.title,
        case_version=case.version,
        screens=len(drill.screens),
        put={
            "screens": [screen.html for screen in drill.screens],
            "consult_by": window.consult_by,
            "break_from": window.break_from,
            "break_by": window.break_by,
            "early": window.early_html,
            "in_time": window.in_time_html,
            "late": window.late_html,
        },
        begun_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, "drill.begun", row, now)
    return row


def decide(
    session: Session, row: DrillRun, screen: int, choice: str, words: str, *, now: datetime
) -> None:
    """Keep what was decided on the screen that is open. Raises DecidedAlready for any other."""
    if queries.current_screen(row) != screen:
        raise DecidedAlready("That screen was decided on already. It stays as it was")
    session.add(DrillStep(run_id=row.id, screen=screen, choice=choice, words=words, decided_at=now))
    session.flush()
    session.expire(row, ["steps"])
    # Nothing in the log: a drill ends where confidence is broken, so who counts the screens knows.


def file(session: Session, row: DrillRun, *, now: datetime) -> None:
    """Put a finished drill into the portfolio; once is enough. Raises NotOver."""
    if not queries.over(row):
        raise NotOver("Come to the end of the drill first")
    if row.filed is None:
        session.add(DrillFiled(run_id=row.id, filed_at=now))
        session.flush()
        session.expire(row, ["filed"])
        _record(session, "drill.filed", row, now)


def _record(session: Session, action: str, row: DrillRun, now: datetime, **detail: object) -> None:
    audit.record(
        session,
        action,
        row,
        now=now,
        actor_id=row.person_id,
        about_id=row.person_id,
        case=row.case,
        **detail,
    )
