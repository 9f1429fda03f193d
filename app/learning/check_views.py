"""What the pages of knowledge checks show and take, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.content import manual, ours
from app.learning import papers, queries
from app.learning.models import CheckAttempt
from modules import Answer, Chapter, Kind, Marked, Question, mark

Sent = MultiDict[str, str]


def shown(paper: Sequence[papers.Put]) -> list[dict[str, Any]]:
    """Return the questions of a paper without what is right, and without a word of feedback."""
    return [
        {
            "id": one["id"],
            "kind": one["kind"],
            "stem": ours(one["stem"]),
            "options": [(option["id"], ours(option["html"])) for option in one["options"]],
            "lefts": [(item["id"], ours(item["html"])) for item in one["items"]],
        }
        for one in paper
    ]


def answers(
    questions: Sequence[Question], sent: Sent
) -> tuple[dict[str, Answer], list[tuple[str, str]]]:
    """Return the answers by question, and (field, words) for each question still to be answered."""
    given: dict[str, Answer] = {}
    missing: list[tuple[str, str]] = []
    for number, question in enumerate(questions, 1):
        answer = _answer(question, sent)
        if answer is None:
            missing.append((f"{question.id}-0", f"Question {number}: {_wanted(question)}"))
        else:
            given[question.id] = answer
    return given, missing


def _wanted(question: Question) -> str:
    return {
        Kind.SINGLE: "choose an answer",
        Kind.SEVERAL: "choose at least one answer",
        Kind.ORDER: "give every line a place of its own",
        Kind.MATCH: "choose one for each line",
    }[question.kind]


def _answer(question: Question, sent: Sent) -> Answer | None:
    options = {option.id for option in question.options}
    if question.kind is Kind.SINGLE:
        chosen = sent.get(question.id, "")
        return chosen if chosen in options else None
    if question.kind is Kind.SEVERAL:
        return frozenset(sent.getlist(question.id)) & options or None
    if question.kind is Kind.ORDER:
        places = {option: sent.get(f"{question.id}-{option}", "") for option in options}
        wanted = {str(n) for n in range(1, len(options) + 1)}
        if set(places.values()) != wanted:
            return None
        return tuple(sorted(options, key=lambda option: int(places[option])))
    pairs = {item.id: sent.get(f"{question.id}-{item.id}", "") for item in question.items}
    return pairs if set(pairs.values()) <= options else None


def as_sent(questions: Sequence[Question], sent: Sent) -> dict[str, Any]:
    """Return what was chosen, question by question, so that a refused form comes back filled."""
    found: dict[str, Any] = {}
    for question in questions:
        if question.kind is Kind.SINGLE:
            found[question.id] = sent.get(question.id)
        elif question.kind is Kind.SEVERAL:
            found[question.id] = sent.getlist(question.id)
        else:
            start = f"{question.id}-"
            sent_for = {k: v for k, v in sent.items() if k.startswith(start)}
            found[question.id] = {k.removeprefix(start): v for k, v in sent_for.items()}
    return found


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One question with how it was answered, and what to read again."""

    question: Question
    mark: Marked | None
    answer: object
    #: The title of its section, and that section's anchor while the chapter still has it.
    section: str
    anchor: str | None


def answered(row: CheckAttempt) -> list[Answered]:
    """Return each question of an attempt as it was put, with how it was answered.

    Of an attempt from before questions were kept, the questions are those that the chapter has
    now; one that has changed since comes back unmarked.
    """
    chapter = queries.chapter_of(row, manual())
    if row.put:
        return [
            _answered(row, question, kept["section_title"], chapter, known=True)
            for kept, question in zip(row.put, papers.questions(row.put), strict=True)
        ]
    known = chapter is not None and row.chapter_version == chapter.version
    return [
        _answered(row, one, chapter.section(one.section_id).title, chapter, known=known)
        for one in (chapter.questions if chapter else ())
        if chapter
    ]


def _answered(
    row: CheckAttempt, question: Question, section: str, chapter: Chapter | None, *, known: bool
) -> Answered:
    stored = row.answers.get(question.id)
    answer = papers.answer(question.kind, stored) if stored is not None else None
    sections = {one.id for one in chapter.sections} if chapter else set()
    return Answered(
        question=question,
        mark=mark(question, answer) if known and answer is not None else None,
        answer=answer,
        section=section,
        anchor=question.section_id if question.section_id in sections else None,
    )
