"""What our papers are drawn with: the mark, the twin rule, wrapped text, the square code.

Measures are points, counted from the top left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import zxingcpp
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics

from certificates.tagged import TaggedCanvas
from certificates.typefaces import face_for_name, normal, runs

INK, INK_2, LINE, RULE = "#1E2627", "#475152", "#747D79", "#CBCCC1"
CANAL, CANAL_TINT, DAMSON = "#1B5557", "#DAE8E5", "#6B2E58"
BRICK, BRICK_TINT = "#93371E", "#F8E6DE"
#: Clear modules round the square code, as its standard asks.
QUIET = 4


@dataclass(frozen=True)
class Hand:
    """A face, a size and a colour. ``lead``: from line to line, as a multiple of the size."""

    face: str
    size: float
    colour: str = INK
    lead: float = 1.4

    @property
    def step(self) -> float:
        """Return the distance from one line to the next, in points."""
        return self.size * self.lead


class Sheet:
    """A tagged canvas addressed from the top left."""

    def __init__(self, paper: TaggedCanvas, size: tuple[float, float]) -> None:
        self.paper, self.canvas = paper, paper.canvas
        self.width, self.height = size

    def measure(self, text: str, hand: Hand) -> float:
        """Return the width of the text in points."""
        widths = (pdfmetrics.stringWidth(p, face, hand.size) for face, p in runs(text, hand.face))
        return float(sum(widths))

    def line(self, x: float, y: float, text: str, hand: Hand, align: str = "left") -> None:
        """Draw one line with its baseline at y. Nothing is tagged here."""
        text = normal(text)
        x -= {"left": 0.0, "right": self.measure(text, hand)}[align]
        written = self.canvas.beginText(x, self.height - y)
        written.setFillColor(HexColor(hand.colour))
        for face, piece in runs(text, hand.face):
            written.setFont(face, hand.size)
            written.textOut(piece)
        self.canvas.drawText(written)

    def text(
        self, tag: str, x: float, y: float, text: str, hand: Hand, align: str = "left"
    ) -> None:
        """Draw one line as an element of its own."""
        with self.paper.element(tag), self.paper.marked():
            self.line(x, y, text, hand, align)

    def wrapped(self, text: str, hand: Hand, width: float) -> list[str]:
        """Return the text broken into lines that fit. A word wider than the line is cut."""
        lines: list[str] = []
        for paragraph in normal(text).split("\n"):
            lines += self._broken(paragraph.split(), hand, width)
        return lines

    def _broken(self, words: Sequence[str], hand: Hand, width: float) -> list[str]:
        lines: list[list[str]] = [[]]
        space, along = self.measure(" ", hand), 0.0
        for word in (part for whole in words for part in self._cut(whole, hand, width)):
            long = self.measure(word, hand)
            if lines[-1] and along + space + long > width:
                lines.append([])
            along = along + space + long if lines[-1] else long
            lines[-1].append(word)
        return [" ".join(line) for line in lines]

    def _cut(self, word: str, hand: Hand, width: float) -> list[str]:
        parts = []
        while len(word) > 1 and self.measure(word, hand) > width:
            keep = next(
                n
                for n in range(len(word) - 1, 0, -1)
                if n == 1 or self.measure(word[:n], hand) <= width
            )
            parts.append(word[:keep])
            word = word[keep:]
        return [*parts, word]

    def lines(self, x: float, y: float, lines: Sequence[str], hand: Hand) -> float:
        """Draw lines from baseline y down, untagged. Returns the baseline after the last."""
        for line in lines:
            self.line(x, y, line, hand)
            y += hand.step
        return y

    def block(self, tag: str, x: float, y: float, text: str, hand: Hand, width: float) -> float:
        """Draw a wrapped paragraph as one element. Returns the baseline after its last line."""
        with self.paper.element(tag), self.paper.marked():
            return self.lines(x, y, self.wrapped(text, hand, width), hand)

    def rule(
        self,
        x: float,
        y: float,
        width: float,
        colour: str = LINE,
        weight: float = 0.75,
        dash: Any = None,
    ) -> None:
        """Draw a line across as decoration. ``dash``: lengths of strokes and gaps."""
        with self.paper.artifact():
            self.canvas.saveState()
            self.canvas.setStrokeColor(HexColor(colour))
            self.canvas.setLineWidth(weight)
            if dash:
                self.canvas.setDash(*dash)
            self.canvas.line(x, self.height - y, x + width, self.height - y)
            self.canvas.restoreState()

    def wash(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Draw a flat ground as decoration."""
        with self.paper.artifact():
            self.canvas.saveState()
            self.canvas.setFillColor(HexColor(colour))
            self.canvas.rect(x, self.height - y - height, width, height, stroke=0, fill=1)
            self.canvas.restoreState()

    def outline(self, x: float, y: float, width: float, height: float, weight: float = 1.0) -> None:
        """Draw an empty box as decoration."""
        with self.paper.artifact():
            self.canvas.saveState()
            self.canvas.setStrokeColor(HexColor(INK))
            self.canvas.setLineWidth(weight)
            self.canvas.rect(x, self.height - y - height, width, height, stroke=1, fill=0)
            self.canvas.restoreState()

    def ring(self, x: float, y: float, radius: float, weight: float = 1.0) -> None:
        """Draw an empty circle round (x, y) as decoration."""
        with self.paper.artifact():
            self.canvas.saveState()
            self.canvas.setStrokeColor(HexColor(INK))
            self.canvas.setLineWidth(weight)
            self.canvas.circle(x, self.height - y, radius, stroke=1, fill=0)
            self.canvas.restoreState()

    def twin_rule(self, x: float, y: float, width: float) -> None:
        """Draw the towpath rule: water above, footsteps below."""
        self.rule(x, y, width, CANAL, 1.5)
        self.rule(x, y + 3.6, width, DAMSON, 1.1, (3.2, 2.4))

    def mark(self, x: float, y: float, height: float) -> None:
        """Draw the mark with its top left corner at (x, y)."""
        scale = height / 48
        with self.paper.artifact():
            self.canvas.saveState()
            self.canvas.translate(x, self.height - y)
            self.canvas.scale(scale, -scale)
            self.canvas.setLineWidth(6.5)
            self._stroke(8, 22, CANAL, None)
            self._stroke(19.5, 33.5, DAMSON, (9.1, 4.35))
            self.canvas.restoreState()

    def _stroke(self, foot: float, head: float, colour: str, dash: Any) -> None:
        self.canvas.setStrokeColor(HexColor(colour))
        if dash:
            self.canvas.setDash(*dash)
        path = self.canvas.beginPath()
        path.moveTo(foot, 46)
        path.curveTo(foot, 25, head, 23, head, 2)
        self.canvas.drawPath(path)

    def square_code(self, x: float, y: float, side: float, content: str, alt: str) -> None:
        """Draw the square code, quiet zone included, with its top left corner at (x, y)."""
        rows = _square(content)
        module = side / (len(rows) + 2 * QUIET)
        with self.paper.element("Figure", alt=alt), self.paper.marked():
            self.canvas.saveState()
            self.canvas.setFillColor(HexColor("#000000"))
            self.canvas.translate(x + QUIET * module, self.height - y - QUIET * module)
            self.canvas.scale(module, module)
            # Whole numbers of modules, written as they are: some three hundred rectangles.
            for number, row in enumerate(rows, 1):
                dark = (f"{start} {-number} {length} 1 re" for start, length in _dark(row))
                self.canvas._code.append(" ".join(dark))
            self.canvas._code.append("f")
            self.canvas.restoreState()

    def fitting_name(
        self, name: str, face: str, most: float, least: float, width: float
    ) -> tuple[list[str], Hand]:
        """Return the lines and the hand for a name: as large as fits one line, else two.

        Raises UnprintableName.
        """
        name = " ".join(normal(name).split())
        use = face_for_name(name, face)
        size = most
        while size > least and self.measure(name, Hand(use, size)) > width:
            size -= 1
        hand = Hand(use, size, INK, 1.12)
        return self.wrapped(name, hand, width), hand


def _square(content: str) -> list[list[bool]]:
    """Return the square's modules by row, True for dark. It reads with a seventh damaged."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    shades: Any = memoryview(image).tolist()
    return [[shade == 0 for shade in row] for row in shades]


def _dark(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Return (start, length) of each dark stretch of one row of the square."""
    found: list[tuple[int, int]] = []
    for place, bit in enumerate(row):
        if bit and found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif bit:
            found.append((place, 1))
    return found


MM: float = mm
