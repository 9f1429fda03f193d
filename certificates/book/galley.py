"""The galley: a text set in lines and strips, one long column that is not yet cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from reportlab.lib.pagesizes import A4

from certificates.book.lines import Line, Type, broken, width
from certificates.book.words import Text
from certificates.drawing import CANAL, INK, INK_2, MM, Hand, Sheet
from certificates.tagged import Element, TaggedCanvas
from certificates.typefaces import (
    MONO,
    SANS,
    SANS_BOLD,
    SERIF,
    SERIF_BOLD,
    SERIF_ITALIC,
    SERIF_MEDIUM,
)

#: The measure of the text, and the margin beside it (points from the left).
LEFT, MEASURE = 24 * MM, 116 * MM
MARGIN, MARGIN_WIDTH = 147 * MM, 43 * MM
#: The measure and the margin together: tables and the scale of an open question.
WIDE = MARGIN + MARGIN_WIDTH - LEFT
TOP, BOTTOM = 27 * MM, A4[1] - 25 * MM

BODY = Type(Hand(SERIF, 11, INK, 1.52), SERIF_BOLD, SERIF_ITALIC)
SPOKEN = Type(Hand(SERIF_ITALIC, 11, INK, 1.52), SERIF_BOLD, SERIF)
PURPOSE = Type(Hand(SERIF_ITALIC, 13, INK_2, 1.42), SERIF_BOLD, SERIF)
PLAIN = Type(Hand(SANS, 10.5, INK, 1.45), SANS_BOLD, SERIF_ITALIC)
QUIET = Type(Hand(SANS, 9.5, INK_2, 1.45), SANS_BOLD, SERIF_ITALIC)
LOOKED_UP = Type(Hand(SANS, 10, INK, 1.35), SANS_BOLD, SERIF_ITALIC, shows_links=False)
CELL = Type(Hand(SANS, 9.5, INK, 1.4), SANS_BOLD, SERIF_ITALIC)
CELL_HEAD = Type(Hand(SANS_BOLD, 9.5, INK, 1.35), SANS_BOLD, SERIF_ITALIC)
CODE = Type(Hand(MONO, 10, INK, 1.5), MONO, MONO)
TITLE = Type(Hand(SERIF_MEDIUM, 30, INK, 1.13), SERIF_MEDIUM, SERIF_ITALIC)
HEADING = Type(Hand(SERIF_BOLD, 15, INK, 1.25), SERIF_BOLD, SERIF_ITALIC)
SUBHEADING = Type(Hand(SERIF_BOLD, 12, INK, 1.3), SERIF_BOLD, SERIF_ITALIC)
LABEL = Type(Hand(SANS_BOLD, 10.5, INK, 1.4), SANS_BOLD, SERIF_ITALIC)
#: Who speaks: on the line of what is said.
NAME = Type(Hand(SANS_BOLD, 9.5, INK_2, 1.76), SANS_BOLD, SERIF_ITALIC)

#: Lines of a paragraph that stay together at the foot of a page, and at the head of the next.
FEWEST_LINES = 3
GAP = 8.0

Draw = Callable[[float], None]


@dataclass(eq=False)
class Frame:
    """What stands behind or around strips that follow each other on a page.

    ``draw`` is told their top and bottom, and whether they are the first and the last of all.
    """

    draw: Callable[[float, float, bool, bool], None]
    first: Strip | None = None
    last: Strip | None = None


@dataclass(eq=False, kw_only=True)
class Strip:
    """A stretch of the galley that is never cut. ``draw`` is told where its top comes to stand."""

    height: float
    draw: Draw
    #: The space above it, which falls away at the head of a page.
    before: float = 0.0
    #: Whether the next strip must stand on the same page.
    keep: bool = False
    #: Whether a paragraph or a block begins with it: a note in the margin stands level with that.
    begins: bool = False
    #: Whether it takes up the margin as well.
    wide: bool = False
    frame: Frame | None = None
    #: Drawn once more above this strip where it comes first on a page: the head of a table.
    head: Strip | None = None
    places: list[str] = field(default_factory=list)
    #: Notes that stand beside it in the margin, and at the foot of its page.
    asides: list[Strip] = field(default_factory=list)
    feet: list[Strip] = field(default_factory=list)
    #: What the running head says from here on.
    running: str | None = None


class Galley:
    """Strips in their order, and the structure that a screen reader follows."""

    def __init__(self, paper: TaggedCanvas, places: frozenset[str] = frozenset()) -> None:
        self.paper, self.sheet = paper, Sheet(paper, A4)
        #: What links can lead to; others are words like any.
        self.known = places
        self.strips: list[Strip] = []
        self.x, self.measure = LEFT, MEASURE
        self._frame: Frame | None = None
        self._space = 0.0
        self._places: list[str] = []

    def space(self, points: float) -> None:
        """Leave at least this much room above what comes next."""
        self._space = max(self._space, points)

    def name(self, place: str) -> None:
        """Let links to a place lead to what comes next."""
        self._places.append(place)

    def add(self, height: float, draw: Draw, *, keep: bool = False, wide: bool = False) -> Strip:
        """Add a strip to the end, and return it."""
        strip = Strip(height=height, draw=draw, before=self._space, keep=keep, wide=wide)
        strip.frame, strip.places = self._frame, self._places
        strip.begins = self._space > 0
        self._space, self._places = 0.0, []
        self.strips.append(strip)
        return strip

    def hang(self, note: Strip) -> None:
        """Let a note stand in the margin beside the paragraph or block that was set last."""
        anchor = next((s for s in reversed(self.strips) if s.begins), None)
        (anchor or self.blank(0)).asides.append(note)

    def also(self, strip: Strip, draw: Draw) -> None:
        """Let a strip draw something first, such as the label that stands beside its words."""
        own = strip.draw

        def both(top: float) -> None:
            draw(top)
            own(top)

        strip.draw = both

    @contextmanager
    def labelled(self, words: str, kind: Type, x: float, *, right: bool = False) -> Iterator[None]:
        """Put words beside the first line of what comes inside. ``right``: they end at x."""
        with self.paper.element("Lbl") as node:
            pass
        start = len(self.strips)
        yield
        # The space parts label and words where the text is read out or copied.
        at = x + width(" ", kind.hand) if right else x

        def draw(top: float) -> None:
            with self.paper.marked(node):
                side = "right" if right else "left"
                self.sheet.line(at, baseline(top, kind), f"{words} ", kind.hand, side)

        self.also(self.strips[start], draw)

    def blank(self, height: float, *, keep: bool = True) -> Strip:
        """Add room that does not fall away."""
        return self.add(height, lambda top: None, keep=keep)

    @contextmanager
    def inset(self, left: float, right: float = 0.0) -> Iterator[None]:
        """Set what comes inside so much narrower."""
        x, measure = self.x, self.measure
        self.x, self.measure = x + left, measure - left - right
        yield
        self.x, self.measure = x, measure

    @contextmanager
    def framed(self, frame: Frame, pad: float) -> Iterator[None]:
        """Draw a frame round what comes inside, with room above and below."""
        self._frame = frame
        frame.first = self.blank(pad)
        yield
        self.strips[-1].keep = True
        self._space = 0.0
        frame.last = self.blank(pad, keep=False)
        self._frame = None

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Keep what comes inside on one page."""
        start = len(self.strips)
        yield
        for strip in self.strips[start:-1]:
            strip.keep = True

    def text(
        self, text: Text, kind: Type, tag: str = "P", *, keep: bool = False, hang: float = 0.0
    ) -> list[Strip]:
        """Set words as one element, line by line. ``keep``: what follows stays with them.

        ``hang``: how much further in all lines but the first begin.
        """
        with self.paper.element(tag) as node:
            lines = broken(text, kind, self.measure - hang)
        links: dict[str, Element] = {}
        strips = []
        for number, line in enumerate(lines):
            draw = partial(self.line, node, links, self.x + (hang if number else 0), kind, line)
            strip = self.add(kind.step, draw)
            ahead = len(lines) - number - 1
            near_an_end = number < FEWEST_LINES - 1 or ahead < FEWEST_LINES
            strip.keep = keep or (ahead > 0 and near_an_end)
            for piece in line:
                if piece.look.note:
                    strip.feet.append(self.foot(piece.text, piece.look.note))
            strips.append(strip)
        return strips

    def line(
        self,
        node: Element,
        links: dict[str, Element],
        x: float,
        kind: Type,
        line: Line,
        top: float,
    ) -> None:
        """Draw a line of a text whose element is ``node``. ``links``: the one that may go on."""
        base = baseline(top, kind)
        for piece in line:
            hand, to = piece.look.hand, self.leads(piece.look.to)
            long = width(piece.text, hand)
            if not to:
                links.clear()
            target = self._link(node, links, to) if to else node
            with self.paper.marked(target):
                self.sheet.line(x, base - piece.look.rise, piece.text, hand)
            if to:
                if kind.shows_links:
                    self.underline(x, base, long)
                box = self.box(x, base, long, hand)
                self.paper.link(target, box, to, piece.text.strip())
            x += long

    def repeated(self, lines: Sequence[Line], x: float, kind: Type, top: float) -> None:
        """Draw lines that stand somewhere else already: a screen reader passes over them."""
        with self.paper.artifact():
            for number, line in enumerate(lines):
                at, base = x, baseline(top + number * kind.step, kind)
                for piece in line:
                    self.sheet.line(at, base, piece.text, piece.look.hand)
                    at += width(piece.text, piece.look.hand)

    def leads(self, to: str) -> str:
        """Return where a link leads; "" where the book has no such place."""
        return "" if to.startswith("#") and to[1:] not in self.known else to

    def box(
        self, x: float, base: float, long: float, hand: Hand
    ) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of some words on the page."""
        height = self.sheet.height
        return (x, height - base - hand.size * 0.3, x + long, height - base + hand.size * 0.85)

    def _link(self, node: Element, links: dict[str, Element], to: str) -> Element:
        if to not in links:
            links[to] = Element("Link")
            node.parts.append(links[to])
        return links[to]

    def underline(self, x: float, base: float, long: float) -> None:
        """Draw the fine line under a link."""
        self.sheet.rule(x, base + 2.2, long, CANAL, 0.4)

    def foot(self, number: str, text: Text) -> Strip:
        """Return a footnote, to stand at the foot of the page that its number is on."""
        with self.paper.element("Note"):
            with self.paper.element("Lbl") as label:
                pass
            with self.paper.element("P") as node:
                lines = broken(text, QUIET, MEASURE - 14)

        def draw(top: float) -> None:
            with self.paper.marked(label):
                self.sheet.line(LEFT, baseline(top, QUIET), number, LABEL_SMALL)
            self.stack(node, LEFT + 14, QUIET, lines, top)

        return Strip(height=len(lines) * QUIET.step + 2, draw=draw)

    def stack(
        self, node: Element, x: float, kind: Type, lines: Sequence[Line], top: float
    ) -> float:
        """Draw lines under each other as one element. Returns the top of what may follow."""
        links: dict[str, Element] = {}
        for number, line in enumerate(lines):
            self.line(node, links, x, kind, line, top + number * kind.step)
        return top + len(lines) * kind.step


LABEL_SMALL = Hand(SANS_BOLD, 8, INK)


def baseline(top: float, kind: Type) -> float:
    """Return where the words of a line stand, the top of the line being known."""
    return top + kind.step / 2 + kind.hand.size * 0.33
