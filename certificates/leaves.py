"""Papers that run over as many A4 leaves as they need, each with head, foot and "page x of y"."""

from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4

from certificates.drawing import INK, INK_2, LINE, MM, RULE, Hand, Sheet
from certificates.tagged import TaggedCanvas
from certificates.typefaces import SANS, SANS_BOLD, SERIF_BOLD, SERIF_MEDIUM

OUTER, INNER, RIGHT = 24 * MM, 42 * MM, A4[0] - 24 * MM
TOP, BOTTOM = 33 * MM, A4[1] - 28 * MM
TABLE, TABLE_HEAD = Hand(SANS, 11, INK, 1.4), Hand(SANS_BOLD, 10, INK_2, 1.4)
HEADING = Hand(SERIF_BOLD, 12.5, INK, 1.3)
SMALL = Hand(SANS, 9.5, INK_2, 1.4)


class Leaves:
    """A sheet with a place where writing goes on: ``y``, in points from the top."""

    def __init__(self, paper: TaggedCanvas, aside: str, foot: Sequence[str], of: int) -> None:
        self.sheet = Sheet(paper, A4)
        self.aside, self.foot, self.of = aside, foot, of
        self.number = 1
        self._furniture()
        self.y = TOP

    def _furniture(self) -> None:
        sheet = self.sheet
        sheet.mark(OUTER, 15 * MM, 7.8 * MM)
        with sheet.paper.artifact():
            sheet.line(OUTER + 9.5 * MM, 20.6 * MM, "Towpath", Hand(SERIF_BOLD, 14))
            sheet.line(RIGHT, 20.6 * MM, self.aside, Hand(SANS, 10.5, INK_2), "right")
            y = A4[1] - 21 * MM
            for number, words in enumerate(self.foot):
                sheet.line(OUTER, y + number * SMALL.step, words, SMALL)
            sheet.line(RIGHT, y + SMALL.step, f"Page {self.number} of {self.of}", SMALL, "right")
        sheet.twin_rule(OUTER, 26.8 * MM, RIGHT - OUTER)
        sheet.rule(OUTER, A4[1] - 25.5 * MM, RIGHT - OUTER, LINE)

    def room(self, points: float) -> None:
        """Go on to a new leaf unless there is this much room."""
        if self.y + points > BOTTOM:
            self.sheet.paper.new_page()
            self.number += 1
            self._furniture()
            self.y = TOP

    def title(self, words: str) -> None:
        """Write the title of the document."""
        hand = Hand(SERIF_MEDIUM, 27, INK, 1.1)
        self.y = self.sheet.block("H1", OUTER, self.y + 10 * MM, words, hand, RIGHT - OUTER)

    def heading(self, words: str, needs: float = 40) -> None:
        """Write a heading, kept with at least ``needs`` points of what follows."""
        self.room(4 * MM + HEADING.step + needs)
        self.y += 4 * MM
        self.sheet.text("H2", INNER, self.y + HEADING.size, words, HEADING)
        self.y += HEADING.step + 1.2 * MM

    def paragraph(self, words: str, hand: Hand, x: float = INNER) -> None:
        """Write a paragraph, over leaves if need be."""
        with self.sheet.paper.element("P"):
            for line in self.sheet.wrapped(words, hand, RIGHT - x):
                self.room(hand.step)
                with self.sheet.paper.marked():
                    self.sheet.line(x, self.y + hand.size, line, hand)
                self.y += hand.step
        self.y += 2 * MM

    def question(self, words: str, answer: str, hand: Hand) -> None:
        """Write a question in bold and its answer after it, on one line where both fit."""
        bold = Hand(SERIF_BOLD, hand.size)
        along = self.sheet.measure(f"{words} ", bold)
        if INNER + along + self.sheet.measure(answer, hand) > RIGHT:
            self.paragraph(words, bold)
            self.paragraph(answer, hand)
            return
        self.room(hand.step)
        with self.sheet.paper.element("P"), self.sheet.paper.marked():
            self.sheet.line(INNER, self.y + hand.size, f"{words} ", bold)
            self.sheet.line(INNER + along, self.y + hand.size, answer, hand)
        self.y += hand.step

    def table(
        self, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], x: float
    ) -> None:
        """Write a table, its head again on every leaf. ``widths``: points, one a column."""
        with self.sheet.paper.element("Table"):
            self._row(heads, widths, x, TABLE_HEAD, "TH")
            for row in rows:
                leaf = self.number
                self.room(self._height(row, widths, TABLE) + 14)
                if self.number != leaf:
                    with self.sheet.paper.artifact():
                        self._cells(heads, widths, x, TABLE_HEAD)
                    self._under_head(x, widths)
                self._row(row, widths, x, TABLE, "TD")
        self.y += 2 * MM

    def _height(self, row: Sequence[str], widths: Sequence[float], hand: Hand) -> float:
        return (
            max(len(self.sheet.wrapped(t, hand, w - 10)) for t, w in zip(row, widths, strict=True))
            * hand.step
        )

    def _cells(self, row: Sequence[str], widths: Sequence[float], x: float, hand: Hand) -> None:
        for words, width in zip(row, widths, strict=True):
            self.sheet.lines(
                x, self.y + hand.size, self.sheet.wrapped(words, hand, width - 10), hand
            )
            x += width

    def _row(
        self, row: Sequence[str], widths: Sequence[float], x: float, hand: Hand, tag: str
    ) -> None:
        at = x
        self.y += 0 if tag == "TH" else 1.6 * MM
        with self.sheet.paper.element("TR"):
            for words, width in zip(row, widths, strict=True):
                scope = "Column" if tag == "TH" else None
                with self.sheet.paper.element(tag, scope=scope), self.sheet.paper.marked():
                    self.sheet.lines(
                        at, self.y + hand.size, self.sheet.wrapped(words, hand, width - 10), hand
                    )
                at += width
        if tag == "TH":
            self._under_head(x, widths)
        else:
            self.y += self._height(row, widths, hand) + 1.2 * MM
            self.sheet.rule(x, self.y, sum(widths), RULE, 0.6)

    def _under_head(self, x: float, widths: Sequence[float]) -> None:
        self.y += TABLE_HEAD.step + 1 * MM
        self.sheet.rule(x, self.y, sum(widths), INK, 1.1)


def written_twice(write: Callable[[int], Leaves]) -> Leaves:
    """Return the leaves, written once to count them and once to say how many there are."""
    return write(write(1).number)
