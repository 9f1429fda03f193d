"""What the pages made from the whole book show, as plain values for the templates."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.addresses import page_address
from modules import Case, Manual
from modules.book import IndexEntry, Theme

#: The report's chapters, in words of ours. Its summary is told with what it begins with.
REPORT = {
    "1": "Why there is a scheme",
    "2": "How it was evaluated",
    "3": "What mentoring is, and who does it",
    "4": "Debates that stay open",
    "5": "How the scheme is run",
    "6": "Risk",
    "7": "What counts as success",
    "8": "Conclusions",
}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Somewhere in the book: what it is called there, and the way to it."""

    number: str
    title: str
    url: str
    chapter: int
    #: Questions of the chapter's check that are about it, with where they are asked.
    questions: tuple[str, ...] = ()
    check_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Traced:
    """A theme of the report with everything that it leads to."""

    theme: Theme
    spots: tuple[Spot, ...]
    units: tuple[str, ...]
    criteria: tuple[str, ...]
    cases: tuple[Case, ...]

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """Return (id, address) of the questions about the theme's sections."""
        return tuple((one, spot.check_url) for spot in self.spots for one in spot.questions)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The themes of one chapter of the report."""

    number: str
    title: str
    themes: tuple[Traced, ...]


def places(book: Manual) -> dict[str, Spot]:
    """Return every section and open question by its number."""
    found = {}
    for chapter in book.chapters:
        check = page_address("learning.chapter", slug=chapter.slug, _anchor="check")
        for part in chapter.sections:
            about = tuple(one.id for one in chapter.questions if one.section_id == part.id)
            url = page_address("learning.chapter", slug=chapter.slug, _anchor=part.id)
            found[part.number] = Spot(
                number=part.number,
                title=part.title,
                url=url,
                chapter=chapter.number,
                questions=about,
                check_url=check,
            )
        for one in chapter.open_questions:
            url = page_address("learning.open_question", question=one.id)
            found[one.id] = Spot(number=one.id, title=one.title, url=url, chapter=chapter.number)
    return found


def themes(book: Manual) -> tuple[Group, ...]:
    """Return the report's themes by the chapter of the report that they come from."""
    spots = places(book)
    grouped = groupby(book.traceability, key=_chapter_of)
    return tuple(
        Group(
            number=number,
            title=REPORT[number],
            themes=tuple(_traced(theme, spots, book.cases) for theme in found),
        )
        for number, found in grouped
    )


def _chapter_of(theme: Theme) -> str:
    first = theme.report[0].removeprefix("§")
    return first[0] if first[0] in REPORT else "1"


def _traced(theme: Theme, spots: dict[str, Spot], cases: Sequence[Case]) -> Traced:
    return Traced(
        theme=theme,
        # A place that is not there is a fault of the content check, and no fault of the page.
        spots=tuple(spots[place] for place in theme.places if place in spots),
        units=tuple(ref for ref in theme.criteria if "." not in ref),
        criteria=tuple(ref for ref in theme.criteria if "." in ref),
        cases=tuple(case for case in cases if case.code in theme.cases),
    )


def letters(index: Iterable[IndexEntry]) -> list[tuple[str, list[IndexEntry]]]:
    """Return the index by first letters, with those letters alone that have an entry."""
    return [(letter, list(found)) for letter, found in groupby(index, key=lambda e: e.entry[0])]


def ids(index: Iterable[IndexEntry]) -> dict[str, str]:
    """Return the id of each entry on the page, so that another can lead to it."""
    return {e.entry: re.sub(r"[^a-z0-9]+", "-", f"i-{e.entry.lower()}").strip("-") for e in index}
