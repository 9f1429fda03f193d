"""What is asked about drills: reads only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.learning.models import DrillFiled, DrillRun, DrillStep
from app.learning.queries import FEWEST_SHOWN

LISTEN, CONSULT, BREAK = "listen", "consult", "break"
SHOWN = 20
#: Features to the right know further who is experienced: each adds a callable that is given a day
#: and returns a query of the ids of those people.
EXPERIENCED: list[Callable[[date], Select[Any]]] = []


def over(run: DrillRun) -> bool:
    """Return whether a drill has come to its end: by breaking, or after the last screen."""
    return len(run.steps) == run.screens or any(step.choice == BREAK for step in run.steps)


def current_screen(run: DrillRun) -> int | None:
    """Return the number of the screen to be decided on; None once the drill is over."""
    return None if over(run) else len(run.steps) + 1


def first_at(run: DrillRun, choice: str) -> int | None:
    """Return the first screen on which something was decided, if it was."""
    return next((step.screen for step in run.steps if step.choice == choice), None)


def run(session: Session, run_id: int) -> DrillRun | None:
    """Return one go at a drill."""
    return session.get(DrillRun, run_id)


def runs_of(session: Session, person_id: int, case: str) -> Sequence[DrillRun]:
    """Return a person's latest goes at one drill, newest first."""
    query = select(DrillRun).where(DrillRun.person_id == person_id, DrillRun.case == case)
    return session.scalars(query.order_by(DrillRun.id.desc()).limit(SHOWN)).all()


def filed_by(session: Session, person_id: int) -> Sequence[DrillRun]:
    """Return the drills that a person has put into their portfolio, newest first."""
    query = select(DrillRun).join(DrillFiled).where(DrillRun.person_id == person_id)
    return session.scalars(query.order_by(DrillRun.id.desc()).limit(SHOWN)).all()


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Where experienced mentors consulted and broke the confidence. Numbers of people, no names."""

    people: int
    #: One number for each screen, and last how many never did.
    consulted: tuple[int, ...]
    broke: tuple[int, ...]


def spread(session: Session, mine: DrillRun, on: date) -> Spread | None:
    """Return the first answers of other mentors to the same drill; None below five people.

    Mentors are those who hold the role, and whoever a feature to the right adds.
    """
    firsts = _first_answers(mine, on)
    people = session.scalar(select(func.count()).select_from(firsts.subquery())) or 0
    if people < FEWEST_SHOWN:
        return None
    asked = (
        select(DrillStep.run_id, DrillStep.choice, func.min(DrillStep.screen))
        .where(DrillStep.run_id.in_(firsts), DrillStep.choice != LISTEN)
        .group_by(DrillStep.run_id, DrillStep.choice)
    )
    rows = session.execute(asked).all()
    return Spread(
        people=people,
        consulted=_counts([s for _, c, s in rows if c == CONSULT], mine.screens, people),
        broke=_counts([s for _, c, s in rows if c == BREAK], mine.screens, people),
    )


def _first_answers(mine: DrillRun, on: date) -> Select[Any]:
    """Return the id of each mentor's first finished go. Later ones have seen the window."""
    ended = or_(DrillStep.choice == BREAK, DrillStep.screen == DrillRun.screens)
    finished = select(DrillStep.id).where(DrillStep.run_id == DrillRun.id, ended).exists()
    mentors = [accounts.ids_holding(Role.MENTOR), *(ask(on) for ask in EXPERIENCED)]
    return (
        select(func.min(DrillRun.id))
        .where(DrillRun.case == mine.case, DrillRun.screens == mine.screens, finished)
        # One's own answer stands beside theirs, not among them.
        .where(DrillRun.person_id != mine.person_id)
        .where(or_(*(DrillRun.person_id.in_(who) for who in mentors)))
        .group_by(DrillRun.person_id)
    )


def _counts(screens: list[int], of: int, people: int) -> tuple[int, ...]:
    at = [screens.count(number) for number in range(1, of + 1)]
    return (*at, people - len(screens))
