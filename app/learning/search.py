"""What the search of the manual looks in, by what a reader may open."""

from collections.abc import Iterator
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.accounts.roles import Role
from app.addresses import page_address
from app.content import framework, manual
from assessments.framework import Framework
from modules import Case, Chapter, Manual, plain
from modules.book import Leaflet
from modules.search import Answer, Entry, Found, Index

if TYPE_CHECKING:
    from app.accounts.models import User

LONGEST = 200
MOST = 30
_making = Lock()


class Reach(StrEnum):
    """How far into the case studies a search goes."""

    MANUAL = "manual"
    CASE_TITLES = "case titles"
    WHOLE_CASES = "whole cases"


#: What stands before each hit.
KINDS = {"chapter": "Chapter", "question": "Open question", "term": "Glossary",
         "criterion": "Criterion", "case": "Case", "leaflet": ""}  # fmt: skip


def reach(person: "User") -> Reach:
    """Return how far a person's search goes. Who may still play a case never searches its text."""
    if person.holds(Role.LEARNER, Role.MENTOR):
        return Reach.CASE_TITLES
    if person.holds(Role.ASSESSOR, Role.COORDINATOR):
        return Reach.WHOLE_CASES
    return Reach.MANUAL


def find(words: str, person: "User") -> Answer:
    """Return what the person may read that has the words, best first."""
    return _index(reach(person)).find(words[:LONGEST], MOST)


def _index(reach: Reach) -> Index:
    # Made when first asked for, in the process that asks: a connection does not survive a fork.
    kept: dict[Reach, Index] = current_app.extensions.setdefault("search", {})
    with _making:
        if reach not in kept:
            kept[reach] = Index(entries(manual(), framework(), reach))
    return kept[reach]


def entries(book: Manual, award: Framework, reach: Reach) -> Iterator[Entry]:
    """Yield what can be found. Case studies: nothing, their titles, or all of their texts."""
    for chapter in book.chapters:
        yield from _of_chapter(chapter)
    for leaflet in book.leaflets:
        yield from _of_leaflet(leaflet)
    for term in book.glossary:
        words = plain(term.definition_html)
        yield Entry(kind="term", key=(term.slug,), title=term.term, heading="", text=words)
    for one in award.criteria:
        yield Entry(kind="criterion", key=(one.ref,), title=one.ref, heading="", text=one.text)
    if reach is not Reach.MANUAL:
        for case in book.cases:
            yield _of_case(case, whole=reach is Reach.WHOLE_CASES)


def _of_chapter(chapter: Chapter) -> Iterator[Entry]:
    heading = f"Chapter {chapter.number}, {chapter.title}"
    begin = f"{chapter.purpose} {plain(chapter.opening_html)} {plain(chapter.summary_html)}"
    yield Entry(kind="chapter", key=(chapter.slug, ""), title=chapter.title, heading="", text=begin)
    for part in chapter.sections:
        yield Entry(
            kind="chapter",
            key=(chapter.slug, part.id),
            title=part.title,
            heading=heading,
            text=plain(part.html),
        )
    for one in chapter.open_questions:
        said = " ".join(f"{p.title}. {plain(p.html)}" for p in one.positions)
        yield Entry(
            kind="question",
            key=(one.id,),
            title=one.title,
            heading=heading,
            text=said,
        )


def _of_leaflet(leaflet: Leaflet) -> Iterator[Entry]:
    yield Entry(
        kind="leaflet", key=(leaflet.slug, ""), title=leaflet.title, heading="", text=leaflet.lead
    )
    for part in leaflet.parts:
        clauses = " ".join(f"{one.number} {plain(one.html)}" for one in part.clauses)
        yield Entry(
            kind="leaflet",
            key=(leaflet.slug, part.id),
            title=part.title,
            heading=leaflet.title,
            text=clauses or plain(part.html),
        )


def _of_case(case: Case, *, whole: bool) -> Entry:
    text = ""
    if whole:
        guide, player = case.assessor, case.player
        text = " ".join(
            [
                case.setting,
                plain(case.learner.html),
                plain(guide.intro_html),
                *(scene.title for scene in guide.scenes),
                *(f"{row.achieved} {row.not_yet}" for row in guide.grid),
                *guide.stops,
                plain(player.persona_html),
                plain(player.how_to_play_html),
                *(fact.text for fact in player.facts),
            ]
        )
    return Entry(
        kind="case",
        key=(case.slug, "whole" if whole else ""),
        title=case.title,
        heading=case.code,
        text=text,
    )


def shown(found: Found) -> dict[str, Any]:
    """Return a hit as the page and the script show it."""
    return {
        # A section's heading says already that it is of a chapter.
        "kind": "" if found.entry.kind == "chapter" and found.heading else KINDS[found.entry.kind],
        "url": _address(found.entry),
        "title": found.title,
        "heading": found.heading,
        "excerpt": found.excerpt,
    }


def _address(entry: Entry) -> str:
    first, rest = entry.key[0], entry.key[1:]
    if entry.kind == "term":
        return page_address("learning.glossary", _anchor=first)
    if entry.kind == "leaflet":
        page = f"learning.{first.replace('-', '_')}"
        return page_address(page, _anchor=rest[0] or None)
    if entry.kind == "question":
        return page_address("learning.open_question", question=first)
    if entry.kind == "criterion":
        return page_address("portfolio.criterion", ref=first)
    if entry.kind == "case":
        whole = rest == ("whole",)
        return (
            page_address("roleplay.case", slug=first) if whole else page_address("roleplay.cases")
        )
    return page_address("learning.chapter", slug=first, _anchor=rest[0] or None)
