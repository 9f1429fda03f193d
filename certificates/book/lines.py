"""Words broken into lines, ragged on the right, without a short word left alone on the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics

from certificates.book.words import Span, Text
from certificates.drawing import CANAL, Hand
from certificates.typefaces import SANS_BOLD, normal, runs

#: A last line with one word is filled from the lines above, if none of them gets shorter than this.
NARROWEST = 0.88
#: A footnote's number: how much smaller than the words, and how far above their line.
RAISED, RISE = 0.68, 0.36


@dataclass(frozen=True)
class Type:
    """A hand, and its faces for words that stand out."""

    hand: Hand
    bold: str
    italic: str
    #: Whether links look like links. Where nearly every word is one, they do not.
    shows_links: bool = True

    @property
    def step(self) -> float:
        """Return the distance from one line to the next, in points."""
        return self.hand.step


@dataclass(frozen=True)
class Look:
    """How a piece of a line looks, and where it leads."""

    hand: Hand
    to: str = ""
    rise: float = 0.0
    note: Text = ()


@dataclass
class Piece:
    """Words of one line that look alike."""

    text: str
    look: Look


Line = list[Piece]
#: A word in all its parts: a bold beginning, a roman end.
_Word = list[Piece]


def width(text: str, hand: Hand) -> float:
    """Return the width of some words, in points."""
    return _unit_width(text, hand.face) * hand.size


@lru_cache(1 << 16)
def _unit_width(text: str, face: str) -> float:
    return float(sum(pdfmetrics.stringWidth(piece, use, 1) for use, piece in runs(text, face)))


def broken(text: Sequence[Span], kind: Type, measure: float) -> list[Line]:
    """Return the lines into which the words break, each at most ``measure`` points wide."""
    words = [part for word in _words(text, kind) for part in _cut(word, measure)]
    lines = _filled(words, measure)
    narrow = measure
    while len(lines) > 1 and len(lines[-1]) == 1 and narrow > measure * NARROWEST:
        narrow -= measure * 0.03
        tried = _filled(words, narrow)
        if len(tried) > len(lines):
            break
        lines = tried if len(tried[-1]) > 1 else lines
    return [_joined(line) for line in lines]


def natural(text: Sequence[Span], kind: Type) -> tuple[float, float]:
    """Return how wide the words are on one line, and how wide the widest of them is."""
    words = _words(text, kind)
    widths = [_length(word) for word in words]
    return sum(widths) + max(len(words) - 1, 0) * width(" ", kind.hand), max(widths, default=0.0)


@lru_cache(256)
def _look(kind: Type, bold: bool, italic: bool, to: str, note: Text) -> Look:
    hand = kind.hand
    if note:
        hand = replace(hand, face=SANS_BOLD, size=hand.size * RAISED)
        return Look(hand, to, kind.hand.size * RISE, note)
    face = kind.bold if bold else kind.italic if italic else hand.face
    colour = CANAL if to and kind.shows_links else hand.colour
    return Look(replace(hand, face=face, colour=colour), to)


def _words(text: Sequence[Span], kind: Type) -> list[_Word]:
    words: list[_Word] = [[]]
    for span in text:
        look = _look(kind, span.bold, span.italic, span.to, span.note)
        words_of_span = normal(span.text).replace("\n", " ").split(" ")
        for number, word in enumerate(words_of_span):
            if number and words[-1]:
                words.append([])
            if word:
                words[-1].append(Piece(word, look))
    return [word for word in words if word]


def _length(word: _Word) -> float:
    return sum(width(piece.text, piece.look.hand) for piece in word)


def _cut(word: _Word, measure: float) -> Iterator[_Word]:
    """Yield a word; or, where it is wider than a line (a long address), what fits of it."""
    if _length(word) <= measure:
        yield word
        return
    for piece in word:
        rest = piece.text
        while rest:
            fits = range(len(rest), 1, -1)
            keep = next((n for n in fits if width(rest[:n], piece.look.hand) <= measure), 1)
            yield [Piece(rest[:keep], piece.look)]
            rest = rest[keep:]


def _filled(words: Sequence[_Word], measure: float) -> list[list[_Word]]:
    lines: list[list[_Word]] = []
    along = 0.0
    for word in words:
        long, gap = _length(word), width(" ", word[0].look.hand)
        if lines and along + gap + long <= measure:
            lines[-1].append(word)
            along += gap + long
        else:
            lines.append([word])
            along = long
    return lines


def _joined(words: Sequence[_Word]) -> Line:
    """Return a line in as few pieces as it has looks. A link's underline does not run past it."""
    line: Line = []
    for number, word in enumerate(words):
        for place, piece in enumerate(word):
            gap = " " if number and not place else ""
            if line and line[-1].look == piece.look:
                line[-1].text += gap + piece.text
            elif line and line[-1].look.to:
                line.append(Piece(gap + piece.text, piece.look))
            else:
                if line:
                    line[-1].text += gap
                line.append(Piece(piece.text, piece.look))
    return line
