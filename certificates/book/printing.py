"""A book as PDF: set in one galley for each part, cut into pages, then drawn. Twice is the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4

from certificates.book.galley import LEFT, WIDE, Frame, Galley
from certificates.book.lines import width
from certificates.book.opening import (
    outline,
    set_contents,
    set_imprint,
    set_part,
    set_title,
)
from certificates.book.paging import FEET_GAP, Page, Placed, paged
from certificates.book.words import Book, Part, places
from certificates.drawing import INK_2, LINE, MM, Hand
from certificates.tagged import TaggedCanvas
from certificates.typefaces import SANS, SERIF_BOLD

HEAD, FOOT = 15.5 * MM, A4[1] - 13.5 * MM
SMALL = Hand(SANS, 9.5, INK_2)


@dataclass
class _Cut:
    """The pages of one part, or of what stands before the parts."""

    pages: list[Page]
    part: Part | None = None


def as_pdf(book: Book) -> bytes:
    """Return the book as a tagged PDF on A4, with contents, outline and every typeface embedded."""
    paper = TaggedCanvas(
        A4,
        title=f"{book.title}: {book.subtitle}",
        subject=book.description,
        author=book.author,
        day=book.day,
    )
    known = frozenset(places(book))
    numbers: dict[str, int] = {}
    cuts = list(_cut(paper, book, known, numbers))
    for number, page in enumerate((page for cut in cuts for page in cut.pages), 1):
        for placed in page.body:
            numbers.update(dict.fromkeys(placed.strip.places, number))
    _draw(Galley(paper, known), book, cuts)
    for title, place, level in outline(book):
        paper.canvas.addOutlineEntry(title, place, level, closed=level == 0)
    paper.canvas.showOutline()
    return paper.finish()


def _cut(
    paper: TaggedCanvas, book: Book, known: frozenset[str], numbers: dict[str, int]
) -> Iterable[_Cut]:
    for front in (set_title, set_imprint):
        galley = Galley(paper, known)
        front(galley, book)
        yield _Cut(paged(galley.strips))
    galley = Galley(paper, known)
    set_contents(galley, book, numbers)
    yield _Cut(paged(galley.strips))
    for part in book.parts:
        galley = Galley(paper, known)
        set_part(galley, part)
        yield _Cut(paged(galley.strips), part)


def _draw(galley: Galley, book: Book, cuts: Sequence[_Cut]) -> None:
    number, last = 0, sum(len(cut.pages) for cut in cuts)
    for cut in cuts:
        for place, page in enumerate(cut.pages):
            number += 1
            _furniture(galley, book, cut.part, page, number, opens=place == 0)
            _page(galley, page)
            if number < last:
                galley.paper.new_page()


def _furniture(
    galley: Galley, book: Book, part: Part | None, page: Page, number: int, *, opens: bool
) -> None:
    """Draw the running head and the foot. The title page has neither, an opening no head."""
    if number == 1:
        return
    sheet = galley.sheet
    with galley.paper.artifact():
        sheet.line(LEFT, FOOT, book.title, Hand(SERIF_BOLD, 10, INK_2))
        sheet.line(LEFT + WIDE, FOOT, str(number), SMALL, "right")
        if part and not opens:
            left, right = _heads(part, page.running)
            sheet.line(LEFT, HEAD, left, SMALL)
            sheet.line(LEFT + WIDE, HEAD, right, SMALL, "right")
    if part and not opens:
        sheet.rule(LEFT, HEAD + 6, WIDE, LINE, 0.4)


def _heads(part: Part, running: str) -> tuple[str, str]:
    """Return what stands left and right in the running head, short enough for both."""
    number = f"{part.number}  " if part.number else ""
    for title in (part.title, part.short):
        if width(number + title, SMALL) + width(running, SMALL) + 20 <= WIDE:
            return number + title, running
    return number + (part.short or part.title), ""


def _page(galley: Galley, page: Page) -> None:
    _frames(page.body)
    for placed in page.body:
        for name in placed.strip.places:
            # A little above, so that the words are not cut off by the edge of the window.
            galley.paper.place(name, galley.sheet.height - placed.top + 8)
        placed.strip.draw(placed.top)
    for placed in page.asides:
        placed.strip.draw(placed.top)
    if page.feet:
        galley.sheet.rule(LEFT, page.feet[0].top - FEET_GAP / 2, 26 * MM, LINE, 0.6)
    for placed in page.feet:
        placed.strip.draw(placed.top)


def _frames(body: Sequence[Placed]) -> None:
    """Draw grounds and rules first: what stands on them comes later."""
    seen: dict[Frame, list[Placed]] = {}
    for placed in body:
        if placed.strip.frame:
            seen.setdefault(placed.strip.frame, []).append(placed)
    for frame, strips in seen.items():
        first, last = strips[0], strips[-1]
        frame.draw(first.top, last.bottom, first.strip is frame.first, last.strip is frame.last)
