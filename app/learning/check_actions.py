"""What changes knowledge checks: practice, and attempts that count. Nothing here commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit
from app.learning import check_queries as queries
from app.learning import papers
from app.learning.actions import LearningError
from app.learning.models import CheckAttempt, CheckBegun, CheckRound
from modules import Answer, Chapter, CheckResult, result


class AlreadyPassed(LearningError):
    """A check is passed once; after that there is only practice."""


class NoneLeft(LearningError):
    """Every counted attempt is used; a tutorial opens three more."""


class AlreadyAnswered(LearningError):
    """A counted attempt has one answer: the first that arrived."""

    def __init__(self, attempt_id: int) -> None:
        super().__init__("This attempt was answered already. The first answers are the ones kept")
        self.attempt_id = attempt_id


def practise(
    session: Session,
    person_id: int,
    chapter: Chapter,
    answers: Mapping[str, Answer],
    *,
    made: int,
    now: datetime,
) -> CheckAttempt:
    """Mark and keep an attempt that counts nowhere. Raises modules' CheckError for wrong shapes.

    ``made`` is how many attempts there were when the questions were put: their order follows.
    """
    paper = papers.of_practice(chapter, person_id, made)
    row = CheckAttempt(
        person_id=person_id,
        chapter=chapter.number,
        chapter_slug=chapter.slug,
        chapter_title=chapter.title,
        chapter_version=chapter.version,
        criteria=list(chapter.criteria),
        counted=False,
        put=paper,
        answered_at=now,
        **_marked(paper, answers),
    )
    session.add(row)
    session.flush()
    # That somebody practised, never how it went.
    audit.record(
        session,
        "check.practised",
        row,
        now=now,
        actor_id=person_id,
        about_id=person_id,
        chapter=chapter.slug,
    )
    return row


def _marked(paper: list[papers.Put], answers: Mapping[str, Answer]) -> dict[str, object]:
    marked: CheckResult = result(papers.questions(paper), answers)
    return {
        "answers": {question: papers.plain(answer) for question, answer in answers.items()},
        "right": marked.right,
        "total": marked.total,
        "passed": marked.passed,
        "safety_missed": list(marked.safety_missed),
    }


def begin(session: Session, person_id: int, chapter: Chapter, *, now: datetime) -> CheckBegun:
    """Begin an attempt that counts, or return the one that is open. Raises AlreadyPassed, NoneLeft.

    Nothing is lost by leaving: it stays open until it is answered.
    """
    standing = queries.standing(session, person_id, chapter)
    if standing.passed:
        raise AlreadyPassed("You have passed this check already. You can practise as you like")
    if standing.open:
        return standing.open
    if not standing.left:
        raise NoneLeft("All three attempts are used. A tutorial opens three more")
    number = len(standing.begun) + 1
    seed = f"person {person_id}, round {standing.round}, counted {number}"
    row = CheckBegun(
        person_id=person_id,
        chapter=chapter.number,
        chapter_slug=chapter.slug,
        chapter_title=chapter.title,
        chapter_version=chapter.version,
        criteria=list(chapter.criteria),
        round=standing.round,
        number=number,
        put=papers.put(chapter, seed),
        begun_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "check.begun",
        row,
        now=now,
        actor_id=person_id,
        about_id=person_id,
        chapter=chapter.slug,
        round=row.round,
        number=number,
    )
    return row


def answer(
    session: Session, begun: CheckBegun, answers: Mapping[str, Answer], *, now: datetime
) -> CheckAttempt:
    """Mark and keep the one answer to an attempt that counts. Raises AlreadyAnswered."""
    earlier = session.scalar(select(CheckAttempt.id).where(CheckAttempt.begun_id == begun.id))
    if earlier is not None:
        raise AlreadyAnswered(earlier)
    row = CheckAttempt(
        person_id=begun.person_id,
        chapter=begun.chapter,
        chapter_slug=begun.chapter_slug,
        chapter_title=begun.chapter_title,
        chapter_version=begun.chapter_version,
        criteria=begun.criteria,
        counted=True,
        begun_id=begun.id,
        put=begun.put,
        answered_at=now,
        **_marked(begun.put, answers),
    )
    session.add(row)
    session.flush()
    session.expire(begun, ["attempt"])
    _record(session, "check.answered", row, now, passed=row.passed)
    if begun.number == queries.ATTEMPTS and not row.passed:
        # Whoever offers tutorials listens.
        _record(session, "check.attempts-used", row, now, round=begun.round)
    return row


def _record(
    session: Session, action: str, row: CheckAttempt, now: datetime, **detail: object
) -> None:
    audit.record(
        session,
        action,
        row,
        now=now,
        actor_id=row.person_id,
        about_id=row.person_id,
        chapter=row.chapter_slug,
        **detail,
    )


def open_round(
    session: Session, person_id: int, slug: str, *, after: int, now: datetime, by_id: int
) -> None:
    """Open three further attempts at a check after a round of them. A round is opened once."""
    number = after + 1
    known = select(func.count()).where(
        CheckRound.person_id == person_id,
        CheckRound.chapter_slug == slug,
        CheckRound.number == number,
    )
    if session.scalar(known):
        return
    row = CheckRound(
        person_id=person_id, chapter_slug=slug, number=number, opened_at=now, opened_by_id=by_id
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "check.attempts-opened",
        row,
        now=now,
        actor_id=by_id,
        about_id=person_id,
        chapter=slug,
        round=number,
    )
