"""What changes tutorials: that one is due, and that it was held. Nothing here commits."""

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import audit, mail
from app.accounts import queries as accounts
from app.learning import check_actions as checks
from app.learning import check_queries
from app.portfolio import queries
from app.portfolio.actions import OwnWork, PortfolioError
from app.portfolio.models import Tutorial, TutorialHeld


class HeldAlready(PortfolioError):
    """A tutorial is recorded once; the first record opened the attempts."""


class BeforeItWasDue(PortfolioError):
    """A tutorial follows the attempts that it is about."""


def ask(session: Session, attempt_id: int, *, now: datetime) -> None:
    """Note that a tutorial is due after the last of three counted attempts; tell the assessors."""
    attempt = check_queries.attempt(session, attempt_id)
    if attempt is None or attempt.begun is None:
        return
    row = Tutorial(
        person_id=attempt.person_id,
        chapter=attempt.chapter,
        chapter_slug=attempt.chapter_slug,
        chapter_title=attempt.chapter_title,
        round=attempt.begun.round,
        missed=[asdict(one) for one in check_queries.missed(attempt)],
        asked_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "tutorial.asked",
        row,
        now=now,
        actor_id=None,
        about_id=row.person_id,
        chapter=row.chapter_slug,
    )
    registered = queries.registration_of(session, row.person_id)
    for one in registered.allocations if registered else ():
        body = "A learner of yours is due a tutorial. Sign in to Towpath to see who, and on what."
        subject = "A tutorial is due"
        mail.write(session, one.assessor.email, subject, body, kind=mail.Kind.NOTICE, now=now)


def hold(
    session: Session,
    row: Tutorial,
    *,
    held_on: date,
    covered: str,
    by_id: int,
    now: datetime,
    due_on: date,
) -> TutorialHeld:
    """Record that a tutorial was held, open three further attempts, and tell the learner.

    ``due_on`` is the day on which it became due. Raises HeldAlready, BeforeItWasDue, OwnWork.
    """
    if by_id == row.person_id:
        raise OwnWork("Nobody holds a tutorial with themselves")
    if row.held is not None:
        raise HeldAlready(
            f"{row.held.recorded_by.working_name} has recorded this tutorial meanwhile"
        )
    if held_on < due_on:
        raise BeforeItWasDue("It was due only later. Choose a day from then on")
    held = TutorialHeld(
        tutorial_id=row.id,
        held_on=held_on,
        covered=covered,
        recorded_by_id=by_id,
        recorded_at=now,
    )
    session.add(held)
    session.flush()
    session.expire(row, ["held"])
    audit.record(
        session, "tutorial.held", held, now=now, actor_id=by_id, about_id=row.person_id,
        chapter=row.chapter_slug,
    )  # fmt: skip
    checks.open_round(
        session, row.person_id, row.chapter_slug, after=row.round, now=now, by_id=by_id
    )
    learner = accounts.person(session, row.person_id)
    if learner is not None and learner.is_active:
        body = "Your tutorial is recorded, and three further attempts are open. Sign in to Towpath."
        subject = "Your tutorial is recorded"
        mail.write(session, learner.email, subject, body, kind=mail.Kind.NOTICE, now=now)
    return held
