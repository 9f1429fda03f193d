"""What a reader answers with a pen: the scale of an open question, prompts, questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from certificates.book.galley import (
    BODY,
    GAP,
    LABEL,
    LEFT,
    PLAIN,
    QUIET,
    SUBHEADING,
    WIDE,
    Frame,
    Galley,
)
from certificates.book.lines import Type, broken, width
from certificates.book.words import Block, Kind, Prompt, Question, Scale, Span, Text
from certificates.drawing import INK, LINE, MM

#: Ruled lines under a prompt, and how far they stand apart: room for a hand, not for a machine.
LINES, RULED = 6, 8 * MM
SIDE = 14.0
#: Seven places between the two ends.
STOPS = 7
BOX = 9.0

SetBlocks = Callable[[Galley, Sequence[Block], Type], None]


def set_scale(galley: Galley, scale: Scale) -> None:
    """Set the two ends of an open question and the places between, in a box as wide as the page."""
    galley.space(26)
    start = len(galley.strips)
    with (
        galley.paper.element("Sect"),
        galley.whole(),
        galley.framed(_tagged(galley, scale), 14),
        galley.inset(SIDE, SIDE - (WIDE - galley.measure)),
    ):
        galley.text((Span(text=scale.title),), SUBHEADING, "H3")
        galley.space(4)
        galley.text((Span(text=scale.note),), QUIET)
        galley.space(12)
        _poles(galley, scale)
        _stops(galley)
        _why(galley, scale)
    for strip in galley.strips[start:]:
        strip.wide = True
    galley.space(20)


def _tagged(galley: Galley, scale: Scale) -> Frame:
    """Return the box with its label on the upper edge."""
    with galley.paper.element("P") as node:
        pass
    hand = LABEL.hand

    def draw(top: float, bottom: float, first: bool, last: bool) -> None:
        galley.sheet.outline(LEFT, top, WIDE, bottom - top, 1.1)
        long = width(scale.label, hand)
        galley.sheet.wash(LEFT + SIDE - 6, top - 4, long + 12, 8, "#FFFFFF")
        with galley.paper.marked(node):
            galley.sheet.line(LEFT + SIDE, top + hand.size * 0.34, scale.label, hand)

    return Frame(draw)


def _poles(galley: Galley, scale: Scale) -> None:
    """Set both ends side by side, the right one along the right edge."""
    half = (galley.measure - 36) / 2
    ends = ((scale.left, scale.left_text), (scale.right, scale.right_text))
    cells = []
    for label, text in ends:
        with galley.paper.element("P") as node:
            cells.append((node, broken((Span(text=f"{label}. ", bold=True), *text), BODY, half)))
    x, measure = galley.x, galley.measure

    def draw(top: float) -> None:
        (left, words), (right, others) = cells
        galley.stack(left, x, BODY, words, top)
        for number, line in enumerate(others):
            long = sum(width(piece.text, piece.look.hand) for piece in line)
            galley.stack(right, x + measure - long, BODY, [line], top + number * BODY.step)

    galley.add(max(len(lines) for _, lines in cells) * BODY.step, draw)


def _stops(galley: Galley) -> None:
    x, apart = galley.x + 12, (galley.measure - 24) / (STOPS - 1)
    with galley.paper.element("P") as node:
        pass

    def draw(top: float) -> None:
        galley.sheet.rule(x - 12, top + 16, apart * (STOPS - 1) + 24, INK, 1.2)
        for number in range(STOPS):
            at = x + number * apart
            galley.sheet.ring(at, top + 33, 8.5)
            with galley.paper.marked(node):
                words = f"{number + 1} "
                half = width(str(number + 1), QUIET.hand) / 2
                galley.sheet.line(at - half, top + 55, words, QUIET.hand)

    galley.add(64, draw)


def _why(galley: Galley, scale: Scale) -> None:
    with galley.paper.element("P") as node:
        pass
    x, measure = galley.x, galley.measure
    words = f"{scale.why}  "

    def draw(top: float) -> None:
        day = measure - 40 * MM
        with galley.paper.marked(node):
            galley.sheet.line(x, top + 12, words, QUIET.hand)
            galley.sheet.line(x + day, top + 12, f"{scale.today} ", QUIET.hand)
        begin = width(f"{scale.today} ", QUIET.hand)
        galley.sheet.rule(x + day + begin, top + 14, measure - day - begin, LINE, 0.6)
        for number in (1, 2):
            galley.sheet.rule(x, top + 14 + number * RULED, measure, LINE, 0.6)

    galley.add(16 + 2 * RULED, draw)


def set_prompt(galley: Galley, prompt: Prompt) -> None:
    """Set a question to write about, with ruled lines under it."""
    galley.space(18)
    with galley.paper.element("Sect"), galley.whole():
        if prompt.label:
            galley.text((Span(text=prompt.label),), LABEL)
            galley.space(2)
        galley.text((Span(text=prompt.text),), PROMPT)
        x, measure = galley.x, galley.measure

        def draw(top: float) -> None:
            for number in range(1, LINES + 1):
                galley.sheet.rule(x, top + number * RULED, measure, LINE, 0.6)

        galley.add(LINES * RULED, draw)
    galley.space(18)


PROMPT = Type(type(BODY.hand)(BODY.hand.face, 12, INK, 1.45), BODY.bold, BODY.italic)


def set_question(galley: Galley, question: Question, set_blocks: SetBlocks) -> None:
    """Set a question with room for its answer, on one page."""
    galley.space(20)
    with galley.paper.element("Sect"), galley.whole():
        galley.text((Span(text=question.label),), QUIET)
        start = len(galley.strips)
        set_blocks(galley, question.stem, PROMPT)
        galley.strips[start].before = 1
        galley.space(3)
        galley.text((Span(text=question.hint),), QUIET)
        galley.space(5)
        if question.kind is Kind.MATCH:
            _match(galley, question)
        else:
            for option in question.options:
                _option(galley, option, question.kind)
    galley.space(GAP)


def _option(galley: Galley, option: Text, kind: Kind) -> None:
    """Set an option behind a ring (one answer), a box (several), or a line (a place in order)."""
    galley.space(5)
    x, start = galley.x, len(galley.strips)
    with galley.inset(26):
        galley.text(option, PLAIN)

    def draw(top: float) -> None:
        middle = top + PLAIN.step / 2
        if kind is Kind.ONE:
            galley.sheet.ring(x + 8, middle, BOX / 2, 0.8)
        elif kind is Kind.SEVERAL:
            galley.sheet.outline(x + 8 - BOX / 2, middle - BOX / 2, BOX, BOX, 0.8)
        else:
            galley.sheet.rule(x, middle + 5, 16, INK, 0.8)

    galley.also(galley.strips[start], draw)


def _match(galley: Galley, question: Question) -> None:
    """Set the lines to be matched, each with a short rule, and what they go with under a letter."""
    for left in question.lefts:
        _option(galley, left, Kind.MATCH)
    galley.space(12)
    galley.blank(0)
    for number, option in enumerate(question.options):
        galley.space(4)
        letter = chr(ord("A") + number)
        with (
            galley.paper.element("P"),
            galley.labelled(letter, LABEL, galley.x + 4),
            galley.inset(26),
        ):
            galley.text(option, PLAIN, "Span")
