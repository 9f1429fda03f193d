"""The galley cut into pages. Positions are worked out here; nothing is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from certificates.book.galley import BOTTOM, TOP, Strip

#: Between the text and the footnotes; between two notes in the margin.
FEET_GAP, ASIDE_GAP = 12.0, 8.0
#: A note stands a little higher than the paragraph that it hangs on: its rule meets the capitals.
LIFT = 1.0


@dataclass(frozen=True)
class Placed:
    """A strip and where its top stands, in points from the top of the page."""

    strip: Strip
    top: float

    @property
    def bottom(self) -> float:
        """Return where the strip ends."""
        return self.top + self.strip.height


@dataclass
class Page:
    """What stands on one page."""

    body: list[Placed] = field(default_factory=list)
    asides: list[Placed] = field(default_factory=list)
    feet: list[Placed] = field(default_factory=list)
    #: The section in the running head: the one that the page begins in.
    running: str = ""

    @property
    def end(self) -> float:
        """Return where the text ends so far."""
        return self.body[-1].bottom if self.body else TOP

    @property
    def limit(self) -> float:
        """Return how far down the text may go: the footnotes stand below."""
        feet = sum(placed.strip.height for placed in self.feet)
        return float(BOTTOM - (feet + FEET_GAP if feet else 0))


def paged(strips: Sequence[Strip]) -> list[Page]:
    """Return the pages of one part of the book. It begins on a page of its own."""
    pages = [Page()]
    for clump in _clumps(strips):
        if pages[-1].body and not _fits(pages[-1], clump):
            pages.append(Page())
        for strip in clump:
            if pages[-1].body and not _fits(pages[-1], [strip]):
                pages.append(Page())
            _put(pages[-1], strip)
    for page in pages:
        _seat_feet(page)
    _seat_asides(pages)
    _head(pages)
    return pages


def _clumps(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    """Yield strips that must stand on one page, together."""
    clump: list[Strip] = []
    for strip in strips:
        clump.append(strip)
        if not strip.keep:
            yield clump
            clump = []
    if clump:
        yield clump


def _fits(page: Page, clump: Sequence[Strip]) -> bool:
    tall = sum(strip.before + strip.height for strip in clump)
    feet = sum(foot.height for strip in clump for foot in strip.feet)
    gap = FEET_GAP if feet and not page.feet else 0
    return page.end + tall + feet + gap <= page.limit + 0.01


def _put(page: Page, strip: Strip) -> None:
    if not page.body and strip.head:
        page.body.append(Placed(strip.head, TOP))
    before = strip.before if page.body else 0
    page.body.append(Placed(strip, page.end + before))
    page.feet += [Placed(foot, 0.0) for foot in strip.feet]


def _seat_feet(page: Page) -> None:
    top = page.limit + FEET_GAP
    seated = []
    for placed in page.feet:
        seated.append(Placed(placed.strip, top))
        top += placed.strip.height
    page.feet = seated


def _seat_asides(pages: Sequence[Page]) -> None:
    """Seat every note level with its paragraph, or as near as the others and wide things let it.

    What finds no room on its page goes to the head of the next one's margin; on the last page of
    all, notes close up from the bottom.
    """
    waiting: list[Strip] = []
    for number, page in enumerate(pages):
        wished = [(TOP, note) for note in waiting]
        wished += [(p.top - LIFT, note) for p in page.body for note in p.strip.asides]
        last = number == len(pages) - 1
        waiting = _seat(page, wished, last)


def _seat(page: Page, wished: Sequence[tuple[float, Strip]], last: bool) -> list[Strip]:
    """Seat notes on a page; return those for which there is no room."""
    free = _free(page)
    for number, (wish, note) in enumerate(wished):
        top = _seat_of(note, wish, free)
        if top is None and last:
            _close_up(page, [one for _, one in wished])
            return []
        if top is None:
            return [one for _, one in wished[number:]]
        page.asides.append(Placed(note, top))
        # What follows stands below: notes keep their order.
        free = [(max(a, top + note.height + ASIDE_GAP), b) for a, b in free]
    return []


def _free(page: Page) -> list[tuple[float, float]]:
    """Return the stretches of the margin beside which nothing wide stands."""
    free, top = [], TOP
    for placed in page.body:
        if placed.strip.wide:
            free.append((top, placed.top - ASIDE_GAP))
            top = placed.bottom + ASIDE_GAP
    return [*free, (top, BOTTOM)]


def _seat_of(note: Strip, wish: float, free: Sequence[tuple[float, float]]) -> float | None:
    """Return the seat nearest to the wish, at it or below if there is one."""
    seats = [
        min(max(wish, top), bottom - note.height)
        for top, bottom in free
        if bottom - top >= note.height
    ]
    return min(seats, key=lambda seat: (abs(seat - wish), seat)) if seats else None


def _close_up(page: Page, notes: Sequence[Strip]) -> None:
    page.asides = []
    tall = sum(note.height for note in notes) + ASIDE_GAP * (len(notes) - 1)
    top = max(TOP, BOTTOM - tall)
    for note in notes:
        page.asides.append(Placed(note, top))
        top += note.height + ASIDE_GAP


def _head(pages: Sequence[Page]) -> None:
    """Say for each page in which section it begins."""
    running = ""
    for page in pages:
        for number, placed in enumerate(page.body):
            if number == 0 and placed.strip.running is not None:
                running = placed.strip.running
            if number == 0:
                page.running = running
            if placed.strip.running is not None:
                running = placed.strip.running
