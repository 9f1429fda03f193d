"""What is asked about knowledge checks: reads only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.learning import papers
from app.learning.models import CheckAttempt, CheckBegun, CheckRound
from modules import Chapter, Question, mark

#: Award specification A4, method KC: counted attempts, before a tutorial and after each.
ATTEMPTS = 3
PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one person stands with the counted attempts at one check."""

    #: 1, and one more after each tutorial.
    round: int
    #: When a tutorial opened the round; None for the first.
    opened_at: datetime | None
    #: The attempts of this round that were begun, in their order.
    begun: Sequence[CheckBegun]
    #: The first attempt that counted and passed.
    passed: CheckAttempt | None

    @property
    def open(self) -> CheckBegun | None:
        """Return the attempt that was begun and not answered yet."""
        return next((one for one in self.begun if one.attempt is None), None)

    @property
    def left(self) -> int:
        """Return how many attempts of this round are not begun yet."""
        return 0 if self.passed else ATTEMPTS - len(self.begun)

    @property
    def closed(self) -> bool:
        """Return whether every attempt is used without a pass, so that a tutorial comes first."""
        return not (self.passed or self.left or self.open)


def standing(session: Session, person_id: int, chapter: Chapter) -> Standing:
    """Return how a person stands with the counted attempts at a chapter's check."""
    rounds = select(CheckRound).where(
        CheckRound.person_id == person_id, CheckRound.chapter_slug == chapter.slug
    )
    last = session.scalars(rounds.order_by(CheckRound.number.desc()).limit(1)).first()
    number = last.number if last else 1
    begun = select(CheckBegun).where(
        CheckBegun.person_id == person_id,
        CheckBegun.chapter_slug == chapter.slug,
        CheckBegun.round == number,
    )
    passed = select(CheckAttempt).where(
        CheckAttempt.person_id == person_id, CheckAttempt.passed, CheckAttempt.counted, _at(chapter)
    )
    return Standing(
        round=number,
        opened_at=last.opened_at if last else None,
        begun=session.scalars(begun.order_by(CheckBegun.number)).all(),
        passed=session.scalars(passed.order_by(CheckAttempt.id).limit(1)).first(),
    )


def _at(chapter: Chapter) -> Any:
    """Return the condition that an attempt was at this chapter, whatever its number was then."""
    older = and_(CheckAttempt.chapter_slug == "", CheckAttempt.chapter == chapter.number)
    return or_(CheckAttempt.chapter_slug == chapter.slug, older)


def begun(session: Session, begun_id: int) -> CheckBegun | None:
    """Return one counted attempt that was begun."""
    return session.get(CheckBegun, begun_id)


def attempt(session: Session, attempt_id: int) -> CheckAttempt | None:
    """Return one answered attempt."""
    return session.get(CheckAttempt, attempt_id)


def attempts(session: Session, person_id: int, chapter: Chapter) -> Sequence[CheckAttempt]:
    """Return a person's latest attempts at one check, newest first."""
    query = select(CheckAttempt).where(CheckAttempt.person_id == person_id, _at(chapter))
    return session.scalars(query.order_by(CheckAttempt.id.desc()).limit(PAGE)).all()


def every_attempt(
    session: Session, person_id: int, before: int | None = None
) -> list[CheckAttempt]:
    """Return a page of a person's attempts at every check, newest first, one more if there are."""
    query = select(CheckAttempt).where(CheckAttempt.person_id == person_id)
    if before is not None:
        query = query.where(CheckAttempt.id < before)
    return list(session.scalars(query.order_by(CheckAttempt.id.desc()).limit(PAGE + 1)))


def attempts_made(session: Session, person_id: int, chapter: Chapter) -> int:
    """Return how often a person answered one check, counted or not."""
    count = select(func.count()).where(CheckAttempt.person_id == person_id, _at(chapter))
    return session.scalar(count) or 0


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A question that an attempt did not get right; nothing of what was answered."""

    question: str
    stem: str
    section: str
    safety: bool


def missed(row: CheckAttempt) -> list[Missed]:
    """Return the questions that an attempt did not get right, in the order of the check."""
    return [
        Missed(
            question=question.id,
            stem=_words(question.stem_html),
            section=kept["section_title"],
            safety=question.safety_critical,
        )
        for kept, question in zip(row.put, papers.questions(row.put), strict=True)
        if not _right(question, row.answers.get(question.id))
    ]


def _right(question: Question, stored: Any) -> bool:
    return stored is not None and mark(question, papers.answer(question.kind, stored)).correct


def _words(html: str) -> str:
    """Return the words of our own HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
