"""The questions of a check as they were put to somebody, so that they can be shown for ever.

Kept as plain values beside the attempt: chapters change, are renumbered, and leave the manual.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from modules import Answer, Chapter, Kind, Option, Question, shuffled
from modules.manual import Key, Place

#: One question: its words, its options in the order in which they stood, and its key.
Put = dict[str, Any]


def of_practice(chapter: Chapter, person_id: int, made: int) -> list[Put]:
    """Return what is put to a person in practice, after so many attempts that they have made."""
    return put(chapter, f"person {person_id}, attempt {made + 1}")


def put(chapter: Chapter, seed: str) -> list[Put]:
    """Return a chapter's questions, the options of each in the order that the seed gives."""
    return [
        {
            "id": question.id,
            "kind": question.kind.value,
            "stem": question.stem_html,
            "safety": question.safety_critical,
            "section": question.section_id,
            "section_title": chapter.section(question.section_id).title,
            "options": [_option(one) for one in shuffled(question.options, seed)],
            "items": [_option(one) for one in question.items],
            "key": plain(question.key.answer),
        }
        for question in chapter.questions
    ]


def _option(option: Option) -> dict[str, str]:
    return {"id": option.id, "html": option.html, "feedback": option.feedback_html}


def questions(paper: Sequence[Put]) -> tuple[Question, ...]:
    """Return kept questions as the rules mark them."""
    return tuple(_question(one) for one in paper)


def _question(one: Put) -> Question:
    kind = Kind(one["kind"])
    return Question(
        id=one["id"],
        kind=kind,
        stem_html=one["stem"],
        options=tuple(_as_option(each) for each in one["options"]),
        items=tuple(_as_option(each) for each in one["items"]),
        safety_critical=one["safety"],
        section_id=one["section"],
        key=Key(answer=answer(kind, one["key"])),
        place=Place(file="kept with the attempt", line=1),
    )


def _as_option(one: Mapping[str, str]) -> Option:
    return Option(id=one["id"], html=one["html"], feedback_html=one["feedback"])


def plain(given: Answer) -> object:
    """Return an answer as JSON holds it: in the order given, or sorted where there was none."""
    if isinstance(given, str):
        return given
    if isinstance(given, Mapping):
        return dict(given)
    return list(given) if isinstance(given, tuple) else sorted(given)


def answer(kind: Kind, stored: Any) -> Answer:
    """Return an answer from what JSON held."""
    if isinstance(stored, str):
        return stored
    if isinstance(stored, Mapping):
        return dict(stored)
    return tuple(stored) if kind is Kind.ORDER else frozenset(stored)
