"""Marks knowledge checks and the drill. Pure: answers in, what to say of them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import TypeVar

from modules.manual import Answer, DrillWindow, Kind, Option, Question

#: Curriculum A4: four questions in five, and every safety-critical one.
PASS_MARK = Fraction(80, 100)
Choice = TypeVar("Choice", bound=Option)


class CheckError(Exception):
    """An answer that cannot be marked."""


class WrongShape(CheckError):
    def __init__(self, question: Question, answer: object) -> None:
        wanted = {
            Kind.SINGLE: "one option",
            Kind.SEVERAL: "a set of options",
            Kind.ORDER: "every option once, in order",
            Kind.MATCH: "one option for every item",
        }[question.kind]
        super().__init__(f"{question.id} is answered with {wanted}, not {answer!r}")
        self.question_id = question.id


class UnknownOption(CheckError):
    def __init__(self, question: Question, option_id: object) -> None:
        super().__init__(f"{question.id} has no option {option_id!r}")
        self.question_id, self.option_id = question.id, option_id


class UnknownQuestion(CheckError):
    def __init__(self, question_id: str) -> None:
        super().__init__(f"no question {question_id!r} is in this check")
        self.question_id = question_id


@dataclass(frozen=True, kw_only=True)
class OptionMark:
    """What to say of one option: `rightly` is whether it was treated as the key treats it."""

    id: str
    chosen: bool
    rightly: bool
    feedback_html: str


@dataclass(frozen=True, kw_only=True)
class Marked:
    question_id: str
    correct: bool
    safety_critical: bool
    #: One for every option (for a matching question, every item), in the question's own order.
    options: tuple[OptionMark, ...]
    #: The section to read again.
    section_id: str

    @property
    def safety_missed(self) -> bool:
        return self.safety_critical and not self.correct


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    right: int
    total: int
    passed: bool
    #: Ids of safety-critical questions that were not right, unanswered ones included.
    safety_missed: tuple[str, ...]
    marked: tuple[Marked, ...]


def mark(question: Question, answer: Answer) -> Marked:
    """What is right in one answer, with feedback on every option.

    Raises WrongShape when the answer is not of the question's kind, UnknownOption when it names
    an option that the question does not have.
    """
    _check_shape(question, answer)
    key = question.key.answer
    shown = question.items if question.kind is Kind.MATCH else question.options
    return Marked(
        question_id=question.id,
        correct=answer == key,
        safety_critical=question.safety_critical,
        options=tuple(
            OptionMark(
                id=option.id,
                chosen=_said(answer, option.id) not in (False, None),
                rightly=_said(answer, option.id) == _said(key, option.id),
                feedback_html=option.feedback_html,
            )
            for option in shown
        ),
        section_id=question.section_id,
    )


def _said(answer: Answer, option_id: str) -> object:
    """What an answer says of one option: its partner, its place from 1, or whether it is chosen."""
    if isinstance(answer, Mapping):
        return answer.get(option_id)
    if isinstance(answer, tuple):
        return answer.index(option_id) + 1
    return option_id == answer if isinstance(answer, str) else option_id in answer


def _check_shape(question: Question, answer: object) -> None:
    if not isinstance(answer, _SHAPES[question.kind]):
        raise WrongShape(question, answer)
    options = {option.id for option in question.options}
    items = {item.id for item in question.items}
    named, known = _named(answer), options | items
    for option_id in named:
        if option_id not in known:
            raise UnknownOption(question, option_id)
    if question.kind is Kind.ORDER and sorted(named) != sorted(options):
        raise WrongShape(question, answer)
    if isinstance(answer, Mapping) and not (
        set(answer) == items and set(answer.values()) <= options
    ):
        raise WrongShape(question, answer)


_SHAPES: dict[Kind, type] = {
    Kind.SINGLE: str,
    Kind.SEVERAL: frozenset,
    Kind.ORDER: tuple,
    Kind.MATCH: Mapping,
}


def _named(answer: object) -> list[str]:
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, Mapping):
        return [*answer.keys(), *answer.values()]
    return list(answer) if isinstance(answer, tuple | frozenset) else []


def result(questions: Sequence[Question], answers: Mapping[str, Answer]) -> CheckResult:
    """The result of a whole check; a question without an answer counts as not right.

    It is passed with 80% of the questions right and every safety-critical one among them; a check
    without questions is never passed.

    Raises UnknownQuestion for an answer to a question not asked, and what `mark` raises.
    Source: curriculum A4, method KC.
    """
    asked = {question.id: question for question in questions}
    for question_id in answers:
        if question_id not in asked:
            raise UnknownQuestion(question_id)
    marked = tuple(mark(asked[question_id], answer) for question_id, answer in answers.items())
    right = sum(one.correct for one in marked)
    correct = {one.question_id for one in marked if one.correct}
    missed = tuple(q.id for q in questions if q.safety_critical and q.id not in correct)
    enough = bool(questions) and Fraction(right, len(questions)) >= PASS_MARK
    return CheckResult(
        right=right,
        total=len(questions),
        passed=enough and not missed,
        safety_missed=missed,
        marked=marked,
    )


def shuffled(options: Sequence[Choice], seed: str) -> tuple[Choice, ...]:
    """The options in an order that depends on the seed alone, such as "person 7, attempt 2"."""
    return tuple(sorted(options, key=lambda o: sha256(f"{seed}\n{o.id}".encode()).hexdigest()))


class Timing(StrEnum):
    EARLY = "early"
    IN_TIME = "in time"
    LATE = "late"


@dataclass(frozen=True, kw_only=True)
class DrillOutcome:
    """How the two marks on the drill's screens stand to its window."""

    consulting: Timing
    breaking: Timing


def judge_drill(
    window: DrillWindow, *, consult_at: int | None, break_at: int | None
) -> DrillOutcome:
    """Whether the learner consulted and broke confidence in time; screens are counted from 1.

    Never having done so (None) is late. Consulting cannot be early: it is always allowed to ask.
    """
    consulted = consult_at is not None and consult_at <= window.consult_by
    if break_at is None or break_at > window.break_by:
        breaking = Timing.LATE
    else:
        breaking = Timing.EARLY if break_at < window.break_from else Timing.IN_TIME
    return DrillOutcome(consulting=Timing.IN_TIME if consulted else Timing.LATE, breaking=breaking)
