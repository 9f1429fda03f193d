"""Tables: columns as wide as their words need, rows that are never cut, the head on every page."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from certificates.book.galley import CELL, CELL_HEAD, MEASURE, WIDE, Galley, Strip
from certificates.book.lines import Line, Type, broken, natural
from certificates.book.words import Table, Text
from certificates.drawing import INK, RULE
from certificates.tagged import Element

GUTTER, PAD = 12.0, 5.0
#: From so many columns on a table takes the margin as well.
MANY = 3
#: Room for a hand in a cell that is left empty.
FILLED_IN = 120.0

_Cell = tuple[Element, list[Line]]


def set_table(galley: Galley, table: Table) -> None:
    """Set a table at the end of the galley."""
    wide = len(table.head) >= MANY and galley.measure == MEASURE
    measure = WIDE if wide else galley.measure
    widths = columns(table, measure)
    with galley.paper.element("Table"):
        head = _row(galley, table.head, widths, CELL_HEAD, "TH")
        head.keep, head.wide = True, wide
        for row in table.rows:
            strip = _row(galley, row, widths, CELL, "TD")
            strip.head, strip.wide = _again(galley, table, widths), wide
    # The last row does not stand alone on a new page.
    for strip in galley.strips[-2:-1]:
        strip.keep = True


def columns(table: Table, measure: float) -> list[float]:
    """Return the width of each column: all of them together fill the measure.

    Each gets what its widest word needs; the rest is shared by the square root of how much there is
    to read, so that a long column does not press the short ones flat.
    """
    rows = [(cell, CELL) for row in table.rows for cell in row]
    cells = [(cell, CELL_HEAD) for cell in table.head] + rows
    count = len(table.head)
    known = [natural(cell, kind) if cell else (FILLED_IN, FILLED_IN) for cell, kind in cells]
    least = [max(widest for _, widest in known[n::count]) for n in range(count)]
    wish = [sqrt(sum(whole for whole, _ in known[n::count])) for n in range(count)]
    most = [max(whole for whole, _ in known[n::count]) for n in range(count)]
    room = measure - GUTTER * (count - 1)
    return _shared(least, wish, most, room)


def _shared(
    least: Sequence[float], wish: Sequence[float], most: Sequence[float], room: float
) -> list[float]:
    """Share the room by wish, but nobody gets less than they need or more than they can use."""
    widths = [0.0] * len(least)
    left = set(range(len(least)))
    while left:
        rest = room - sum(widths)
        total = sum(wish[n] for n in left) or 1.0
        fair = {n: rest * wish[n] / total for n in left}
        fixed = {n: least[n] for n in left if fair[n] < least[n]}
        fixed = fixed or {n: most[n] for n in left if fair[n] > most[n] and len(left) > 1}
        for n, width in (fixed or fair).items():
            widths[n] = width
            left.remove(n)
    return widths


def _row(
    galley: Galley, row: Sequence[Text], widths: Sequence[float], kind: Type, tag: str
) -> Strip:
    cells: list[_Cell] = []
    with galley.paper.element("TR"):
        for text, width in zip(row, widths, strict=True):
            with galley.paper.element(tag, scope="Column" if tag == "TH" else None) as node:
                cells.append((node, broken(text, kind, width)))
    return _strip(galley, cells, widths, kind, INK if tag == "TH" else RULE)


def _strip(
    galley: Galley, cells: Sequence[_Cell], widths: Sequence[float], kind: Type, rule: str
) -> Strip:
    x, total = galley.x, sum(widths) + GUTTER * (len(widths) - 1)
    height = max(len(lines) for _, lines in cells) * kind.step + 2 * PAD

    def draw(top: float) -> None:
        at = x
        for (node, lines), width in zip(cells, widths, strict=True):
            galley.stack(node, at, kind, lines, top + PAD)
            at += width + GUTTER
        galley.sheet.rule(x, top + height, total, rule, 0.8 if rule == INK else 0.5)

    return galley.add(height, draw)


def _again(galley: Galley, table: Table, widths: Sequence[float]) -> Strip:
    """Return the head once more, which a screen reader does not meet again."""
    lines = [broken(cell, CELL_HEAD, w) for cell, w in zip(table.head, widths, strict=True)]
    x, total = galley.x, sum(widths) + GUTTER * (len(widths) - 1)
    height = max(len(cell) for cell in lines) * CELL_HEAD.step + 2 * PAD

    def draw(top: float) -> None:
        at = x
        for cell, width in zip(lines, widths, strict=True):
            galley.repeated(cell, at, CELL_HEAD, top + PAD)
            at += width + GUTTER
        galley.sheet.rule(x, top + height, total, INK, 0.8)

    return Strip(height=height, draw=draw)
