"""Title page, imprint, contents, and how a chapter opens."""

from __future__ import annotations

from collections.abc import Mapping

from certificates.book.galley import (
    HEADING,
    LEFT,
    MEASURE,
    PLAIN,
    PURPOSE,
    QUIET,
    TITLE,
    TOP,
    WIDE,
    Galley,
    baseline,
)
from certificates.book.lines import Type, broken, width
from certificates.book.setting import set_blocks
from certificates.book.words import Book, Paragraph, Part, Section, Span, every
from certificates.drawing import INK, INK_2, MM, Hand
from certificates.typefaces import SANS, SANS_BOLD, SERIF_BOLD, SERIF_ITALIC, SERIF_MEDIUM

BIG = Type(Hand(SERIF_MEDIUM, 54, INK, 1.1), SERIF_MEDIUM, SERIF_ITALIC)
SUBTITLE = Type(Hand(SERIF_ITALIC, 20, INK_2, 1.35), SERIF_BOLD, SERIF_ITALIC)
KICKER = Type(Hand(SANS, 10.5, INK_2, 1.4), SANS_BOLD, SERIF_ITALIC)
FIRST = Type(Hand(SERIF_BOLD, 11, INK, 1.4), SERIF_BOLD, SERIF_ITALIC)
SECOND = Type(Hand(SANS, 9.5, INK, 1.55), SANS_BOLD, SERIF_ITALIC)
#: Chapter numbers in the contents hang left of the titles.
NUMBER = 34.0
#: An opening page begins lower than the others.
DROP = 8 * MM
#: Titles may reach into the margin: nothing stands there yet.
TITLE_MEASURE = 150 * MM


def set_title(galley: Galley, book: Book) -> None:
    """Set the title page."""
    galley.add(62 * MM, lambda top: galley.sheet.mark(LEFT, TOP + 18 * MM, 26 * MM), keep=True)
    galley.text((Span(text=book.title),), BIG, "H1", keep=True)
    galley.space(6)
    galley.text((Span(text=book.subtitle),), SUBTITLE, keep=True)
    galley.space(22)
    galley.add(8, lambda top: galley.sheet.twin_rule(LEFT, top, WIDE), keep=True)
    galley.space(18)
    galley.text((Span(text=f"{book.edition}, {book.day_in_words}"),), PLAIN, keep=True)
    galley.space(105 * MM)
    galley.text((Span(text=book.status),), QUIET)


def set_imprint(galley: Galley, book: Book) -> None:
    """Set the page after the title: what the book is, its rights and its version."""
    galley.blank(DROP)
    for text in book.imprint:
        galley.space(9)
        galley.text(text, PLAIN)


def set_contents(galley: Galley, book: Book, numbers: Mapping[str, int]) -> None:
    """Set the table of contents. ``numbers`` holds each place's page once the galley is cut."""
    galley.blank(DROP)
    galley.name("contents")
    galley.text((Span(text="Contents"),), TITLE, "H1", keep=True)
    galley.space(14)
    galley.add(8, lambda top: galley.sheet.twin_rule(LEFT, top, 26 * MM), keep=True)
    galley.space(10)
    with galley.paper.element("TOC"):
        for part in book.parts:
            galley.space(11)
            with galley.whole():
                _entry(galley, part.number, part.title, part.place, FIRST, numbers)
                for one in part.sections:
                    if one.listed:
                        _entry(galley, one.number, one.title, one.place, SECOND, numbers)


def _entry(
    galley: Galley, number: str, title: str, place: str, kind: Type, numbers: Mapping[str, int]
) -> None:
    """Set one line of the contents: number, title, page."""
    with galley.paper.element("TOCI"), galley.paper.element("Reference") as node:
        pass
    lines = broken((Span(text=title, to=""),), kind, WIDE - NUMBER - 40)
    x = galley.x

    def draw(top: float) -> None:
        base = baseline(top, kind)
        page = str(numbers[place])
        if number:
            with galley.paper.marked(node):
                galley.sheet.line(x, base, f"{number} ", kind.hand)
        galley.stack(node, x + NUMBER, kind, lines, top)
        with galley.paper.marked(node):
            right = x + WIDE + width(" ", kind.hand)
            galley.sheet.line(right, base, f"{page} ", kind.hand, "right")
        box = galley.box(x, base, WIDE, kind.hand)
        galley.paper.link(node, box, f"#{place}", f"{title}, page {page}")

    galley.add(len(lines) * kind.step, draw)


def set_part(galley: Galley, part: Part) -> None:
    """Set a chapter, or a part without a number, from its opening to its end."""
    with galley.paper.element("Part"):
        _open(galley, part)
        set_blocks(galley, part.opening)
        for section in part.sections:
            _section(galley, section)


def _open(galley: Galley, part: Part) -> None:
    galley.blank(DROP)
    galley.name(part.place)
    first = galley.add(
        17 * MM, lambda top: galley.sheet.mark(LEFT, top - 2 * MM, 11 * MM), keep=True
    )
    first.running = ""
    if part.kicker:
        galley.text((Span(text=part.kicker),), KICKER, keep=True)
        galley.space(3)
    with galley.inset(0, MEASURE - TITLE_MEASURE):
        galley.text((Span(text=part.title),), TITLE, "H1", keep=True)
    if part.purpose:
        galley.space(10)
        galley.text((Span(text=part.purpose),), PURPOSE, keep=True)
    galley.space(16)
    galley.add(8, lambda top: galley.sheet.twin_rule(LEFT, top, 26 * MM), keep=True)
    galley.space(18)


def _section(galley: Galley, section: Section) -> None:
    title = f"{section.number} {section.title}" if section.number else section.title
    galley.space(24)
    galley.name(section.place)
    with galley.paper.element("Sect"):
        first = galley.text((Span(text=title),), HEADING, "H2", keep=True)[0]
        first.running = section.short or title
        galley.space(5)
        start = len(galley.strips)
        for number, block in enumerate(section.blocks):
            set_blocks(galley, [block])
            if number == 0:
                # Nearer to its heading; and what is said of the rest does not stand without it.
                galley.strips[start].before = min(galley.strips[start].before, 7)
                galley.strips[-1].keep |= isinstance(block, Paragraph) and block.quiet


def outline(book: Book) -> list[tuple[str, str, int]]:
    """Return (title, place, level) of each line of the outline that a reading program shows."""
    found = [("Contents", "contents", 0)]
    for part in book.parts:
        name = f"{part.number} {part.title}" if part.number else part.title
        found.append((name, part.place, 0))
        for one in every(Section, part):
            title = f"{one.number} {one.title}" if one.number else one.title
            found.append((title, one.place, 1))
    return found
