"""What the pages of the manual show, as plain values for the templates."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from textwrap import shorten
from typing import Any

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.addresses import page_address
from app.content import manual, ours
from app.errors import wants_json
from app.learning.models import CheckAttempt, Place, ReadingPlace
from app.learning.queries import ChapterState
from modules import (
    Answer,
    Chapter,
    Kind,
    Manual,
    Marked,
    OpenQuestion,
    Paragraph,
    Prompt,
    Question,
    mark,
    shuffled,
)
from modules.preview import preview_chapter

#: In characters: some twenty thousand words.
LONGEST_REFLECTION, LONGEST_REASON = 120_000, 2_000
#: After this a place is asked for again: people change, and should be able to see it.
PLACE_HOLDS = timedelta(days=182)
Sent = MultiDict[str, str]


def carry_on(states: list[ChapterState], place: ReadingPlace | None) -> dict[str, Any] | None:
    """Return where to read on: the kept place, else the first chapter not read; None at the end."""
    kept = next((s for s in states if s.stopped_at is not None), None)
    state = kept if kept and not kept.done else next((s for s in states if not s.done), None)
    if state is None:
        return None
    ahead = [s for s in state.chapter.sections if s.id not in state.read]
    section = (ahead or list(state.chapter.sections))[0]
    stopped = where_stopped(state) if state is kept else None
    return {
        "state": state,
        "begun": state.begun or stopped is not None,
        "stopped_at": place.kept_at if place and state is kept else None,
        "anchor": stopped.id if stopped else section.id,
        "title": part_title(state.chapter, stopped.section_id) if stopped else section.title,
        # The first words say better than a number which paragraph it was.
        "words": shorten(stopped.words, 90, placeholder=" …") if stopped else "",
    }


def where_stopped(state: ChapterState) -> Paragraph | None:
    """Return the paragraph where the reader stopped, while the text still has it."""
    return next((p for p in state.chapter.paragraphs if p.id == state.stopped_at), None)


def part_title(chapter: Chapter, part: str) -> str:
    """Return what a part of a chapter is called: a section, its opening, an open question."""
    named = {section.id: section.title for section in chapter.sections}
    named |= {one.id: one.title for one in chapter.open_questions}
    return {"opening": "The opening", "summary": "In short", **named}.get(part, "Elsewhere")


def rail(state: ChapterState) -> tuple[tuple[str, str, str], ...]:
    """Return (title, anchor, state) of each section for the rail: read, here, ahead."""
    here = next((s.id for s in state.chapter.sections if s.id not in state.read), None)
    steps = [
        (s.title, s.id, "done" if s.id in state.read else "now" if s.id == here else "ahead")
        for s in state.chapter.sections
    ]
    several = len(state.chapter.open_questions) > 1
    asked = [
        (f"Open question {number}" if several else "Open question", one.id, "ahead")
        for number, one in enumerate(state.chapter.open_questions, 1)
    ]
    check = ("Check your understanding", "check", "done" if state.check_passed else "ahead")
    return (*steps, *asked, check)


def other_chapters(
    states: list[ChapterState], here: ChapterState
) -> tuple[tuple[str, str, str], ...]:
    """Return (title, address, state) of each chapter for the rail: read, here, not read."""
    return tuple(
        (
            one.chapter.title,
            page_address("learning.chapter", slug=one.chapter.slug),
            "wait" if one is here else "ok" if one.done else "none",
        )
        for one in states
    )


def neighbours(book: Manual, chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """Return the chapters before and after."""
    at = book.chapters.index(chapter)
    before = book.chapters[at - 1] if at else None
    return before, book.chapters[at + 1] if at + 1 < len(book.chapters) else None


def questions_asked(book: Manual) -> list[tuple[Chapter, OpenQuestion]]:
    """Return every open question with its chapter, in the order of the manual."""
    return [(chapter, one) for chapter in book.chapters for one in chapter.open_questions]


def asked(book: Manual, prompt: str) -> tuple[Chapter | None, Prompt | None]:
    """Return a prompt with its chapter, or nothing where the manual no longer has it."""
    for chapter in book.chapters:
        for one in chapter.prompts:
            if one.id == prompt:
                return chapter, one
    return None, None


def draft_key(person_id: int) -> dict[str, str]:
    """Return the key of a person's unsaved words, and the name under which a device keeps them.

    The site makes both from its own secret: a device alone cannot open what it keeps, and neither
    can the next person who signs in on it.
    """
    secret = current_app.config["SECRET_KEY"].encode()
    made = hmac.digest(secret, f"unsaved words of {person_id}".encode(), "sha512")
    return {"key": b64encode(made[:32]).decode(), "name": made[32:40].hex()}


def is_old(places: list[Place], now: datetime) -> bool:
    """Return whether a person took a place, but half a year ago or longer."""
    return bool(places) and places[-1].placed_at <= now - PLACE_HOLDS


def questions_shown(chapter: Chapter, person_id: int, attempt: int) -> list[dict[str, Any]]:
    """Return the questions in this attempt's own order of options, without what is right."""
    return [
        {
            "id": question.id,
            "kind": question.kind.value,
            "stem": ours(question.stem_html),
            "options": [
                (option.id, ours(option.html))
                for option in shuffled(question.options, f"person {person_id}, attempt {attempt}")
            ],
            "lefts": [(item.id, ours(item.html)) for item in question.items],
        }
        for question in chapter.questions
    ]


def answers(chapter: Chapter, sent: Sent) -> tuple[dict[str, Answer], list[tuple[str, str]]]:
    """Return the answers by question, and (field, words) for each question still to be answered."""
    given: dict[str, Answer] = {}
    missing: list[tuple[str, str]] = []
    for number, question in enumerate(chapter.questions, 1):
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


def as_sent(chapter: Chapter, sent: Sent) -> dict[str, Any]:
    """Return what was chosen, question by question, so that a refused form comes back filled."""
    found: dict[str, Any] = {}
    for question in chapter.questions:
        if question.kind is Kind.SINGLE:
            found[question.id] = sent.get(question.id)
        elif question.kind is Kind.SEVERAL:
            found[question.id] = sent.getlist(question.id)
        else:
            start = f"{question.id}-"
            sent_for = {k: v for k, v in sent.items() if k.startswith(start)}
            found[question.id] = {k.removeprefix(start): v for k, v in sent_for.items()}
    return found


def marked(chapter: Chapter, attempt: CheckAttempt) -> list[tuple[Question, Marked | None, object]]:
    """Return each question of the chapter with how the attempt answered it.

    A question that the text no longer has, or that has changed since, comes back unmarked.
    """
    found: list[tuple[Question, Marked | None, object]] = []
    for question in chapter.questions:
        answer = _from_json(question, attempt.answers.get(question.id))
        known = attempt.chapter_version == chapter.version and answer is not None
        found.append((question, mark(question, answer) if known and answer else None, answer))
    return found


def _from_json(question: Question, stored: Any) -> Answer | None:
    if stored is None or isinstance(stored, str):
        return stored
    if isinstance(stored, Mapping):
        return dict(stored)
    return tuple(stored) if question.kind is Kind.ORDER else frozenset(stored)


def too_long(words: str, over: int, most: int = LONGEST_REFLECTION) -> ResponseReturnValue:
    """Return the page that gives back words that are too many, and says by how much."""
    sentence = f"Shorten this by {over} character{'s'[: over > 1]}; it can hold {most}"
    if wants_json():
        return {"error": sentence}, 422
    return render_template("learning/too_long.html", words=words, sentence=sentence), 422


def previewed(text: str) -> tuple[Chapter | None, tuple[str, ...]]:
    """Return the chapter that a file's text makes, or None, and every fault with its line."""
    chapter, faults = preview_chapter(text, manual().glossary)
    return chapter, tuple(str(fault) for fault in faults)
