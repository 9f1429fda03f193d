"""How each block of a book is set in the galley."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from certificates.book import asking, tables
from certificates.book.galley import (
    BODY,
    GAP,
    LABEL,
    LOOKED_UP,
    MARGIN,
    MARGIN_WIDTH,
    MEASURE,
    NAME,
    PLAIN,
    QUIET,
    SPOKEN,
    SUBHEADING,
    WIDE,
    Frame,
    Galley,
    Strip,
)
from certificates.book.lines import Type, broken, natural, width
from certificates.book.words import (
    Aside,
    Block,
    Box,
    Break,
    Dialogue,
    Entry,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Positions,
    Prompt,
    Question,
    Quotation,
    Scale,
    Span,
    Table,
    Terms,
    Text,
)
from certificates.drawing import BRICK_TINT, CANAL_TINT, LINE, MM, RULE

#: The column of the speakers' names, and the gap after it.
SPEAKER, SPEAKER_GAP = 21 * MM, 4 * MM
INDENT, PAD = 14.0, 9.0
#: Room above what stands apart from the text, and below it.
APART = 14.0
#: A list of so many lines is not cut.
SHORT_LIST = 5
GROUNDS = {"keypoint": CANAL_TINT, "safety": BRICK_TINT}


def set_blocks(galley: Galley, blocks: Sequence[Block], kind: Type = BODY) -> None:
    """Set blocks one under the other. ``kind`` is the hand of their running text."""
    for block in blocks:
        set_block(block, galley, kind)


@singledispatch
def set_block(block: Block, galley: Galley, kind: Type) -> None:
    """Set one block at the end of the galley."""
    raise TypeError(f"{type(block).__name__} is not a block of ours")


@set_block.register
def _(block: Paragraph, galley: Galley, kind: Type) -> None:
    galley.space(GAP)
    galley.text(block.text, QUIET if block.quiet else kind)


@set_block.register
def _(block: Heading, galley: Galley, kind: Type) -> None:
    galley.space(APART)
    galley.text((Span(text=block.text),), SUBHEADING, "H3", keep=True)
    galley.strips[-1].keep = True


@set_block.register
def _(block: Listing, galley: Galley, kind: Type) -> None:
    galley.space(GAP)
    begin = len(galley.strips)
    with galley.paper.element("L"):
        for number, item in enumerate(block.items, 1):
            label = f"{number}." if block.numbered else "•"
            start = len(galley.strips)
            with (
                galley.paper.element("LI"),
                galley.labelled(label, kind, galley.x),
                galley.paper.element("LBody"),
                galley.inset(INDENT),
            ):
                set_blocks(galley, item, kind)
            galley.strips[start].before = GAP if number == 1 else GAP / 2
    if len(galley.strips) - begin <= SHORT_LIST:
        for strip in galley.strips[begin:-1]:
            strip.keep = True
    galley.space(GAP)


@set_block.register
def _(block: Quotation, galley: Galley, kind: Type) -> None:
    galley.space(GAP)
    with galley.paper.element("BlockQuote"), galley.inset(INDENT):
        set_blocks(galley, block.blocks, SPOKEN)
    galley.space(GAP)


@set_block.register
def _(block: Break, galley: Galley, kind: Type) -> None:
    galley.space(APART)
    x = galley.x
    galley.add(1, lambda top: galley.sheet.rule(x, top, 26 * MM, LINE))
    galley.space(APART)


@set_block.register
def _(block: Dialogue, galley: Galley, kind: Type) -> None:
    galley.space(GAP + 3)
    for number, (who, words) in enumerate(block.speeches):
        galley.space(5)
        with galley.paper.element("P"), galley.whole():
            _speech(galley, who, words)
        # A speech alone says nothing: the first stays with its answer, the last with what it meets.
        galley.strips[-1].keep = number in (0, len(block.speeches) - 2)
    galley.space(GAP + 3)


def _speech(galley: Galley, who: str, words: Text) -> None:
    """Set what somebody says beside their name; under it, where it is too long to stand there."""
    if width(who, NAME.hand) > SPEAKER:
        with galley.inset(SPEAKER + SPEAKER_GAP):
            galley.text((Span(text=who),), NAME, "Span")
            galley.text(words, SPOKEN, "Span")
        return
    with (
        galley.labelled(who, NAME, galley.x + SPEAKER, right=True),
        galley.inset(SPEAKER + SPEAKER_GAP),
    ):
        galley.text(words, SPOKEN, "Span")


@set_block.register
def _(block: Box, galley: Galley, kind: Type) -> None:
    galley.space(APART)
    with galley.paper.element("Sect"):
        if block.kind == "scene":
            _scene(galley, block, kind)
        elif block.kind == "example":
            with galley.framed(_ruled(galley), PAD):
                _titled(galley, block, kind)
        else:
            with (
                galley.framed(_washed(galley, GROUNDS[block.kind]), PAD),
                galley.inset(12, 12),
                galley.whole(),
            ):
                _titled(galley, block, PLAIN)
    galley.space(APART)


def _titled(galley: Galley, block: Box, kind: Type) -> None:
    if block.title:
        galley.text((Span(text=block.title),), LABEL, keep=True)
        galley.space(2)
    start = len(galley.strips)
    set_blocks(galley, block.blocks, kind)
    # The frame gives the room above; a title needs little.
    galley.strips[start].before = 3 if block.title else 0


def _scene(galley: Galley, block: Box, kind: Type) -> None:
    set_blocks(galley, block.blocks, kind)
    galley.strips[-1].keep = True
    galley.space(APART)
    x = galley.x
    galley.add(1, lambda top: galley.sheet.rule(x, top, MEASURE, RULE))


def _washed(galley: Galley, colour: str) -> Frame:
    x, measure = galley.x, galley.measure

    def draw(top: float, bottom: float, first: bool, last: bool) -> None:
        galley.sheet.wash(x, top, measure, bottom - top, colour)

    return Frame(draw)


def _ruled(galley: Galley) -> Frame:
    """Return a rule above and one below; where a page ends between them, none is drawn there."""
    x, measure = galley.x, galley.measure

    def draw(top: float, bottom: float, first: bool, last: bool) -> None:
        if first:
            galley.sheet.rule(x, top, measure, LINE)
        if last:
            galley.sheet.rule(x, bottom, measure, LINE)

    return Frame(draw)


@set_block.register
def _(block: Aside, galley: Galley, kind: Type) -> None:
    """Hang the note on the first line of the paragraph before it, in the margin."""
    words = (Span(text=f"{block.label} ", bold=True), *block.text)
    with galley.paper.element("Note") as node:
        lines = broken(words, QUIET, MARGIN_WIDTH)

    def draw(top: float) -> None:
        galley.sheet.rule(MARGIN, top, MARGIN_WIDTH, LINE)
        galley.stack(node, MARGIN, QUIET, lines, top + 4)

    note = Strip(height=4 + len(lines) * QUIET.step, draw=draw)
    galley.hang(note)


@set_block.register
def _(block: Table, galley: Galley, kind: Type) -> None:
    galley.space(APART)
    tables.set_table(galley, block)
    galley.space(APART)


@set_block.register
def _(block: Terms, galley: Galley, kind: Type) -> None:
    galley.space(GAP)
    terms = [(Span(text=entry.term),) for entry in block.entries]
    indent = max(natural(term, LABEL)[0] for term in terms) + 12
    for entry in block.entries:
        if entry.place:
            galley.name(entry.place)
        galley.space(GAP)
        with galley.whole():
            _entry(galley, entry, kind, indent if block.beside else 0)


@set_block.register
def _(block: Lines, galley: Galley, kind: Type) -> None:
    galley.space(GAP)
    with galley.paper.element("Index"):
        for number, line in enumerate(block.lines):
            if line.place:
                galley.name(line.place)
            galley.space(2.5)
            with galley.inset(INDENT * line.level, galley.measure - WIDE):
                for strip in galley.text(line.text, LOOKED_UP, hang=2 * INDENT):
                    strip.wide = True
            # Lines under another stay with it, and no letter begins or ends with one line alone.
            under = block.lines[number + 1 : number + 2]
            galley.strips[-1].keep = bool(under) and (
                under[0].level > 0 or number in (0, len(block.lines) - 2)
            )


def _entry(galley: Galley, entry: Entry, kind: Type, indent: float) -> None:
    start = len(galley.strips)
    if not indent:
        galley.text((Span(text=entry.term),), SUBHEADING, keep=True)
        start = len(galley.strips)
        set_blocks(galley, entry.blocks, kind)
        galley.strips[start].before = 1
        return
    # As wide as the page: these are looked up, not read through.
    with (
        galley.paper.element("Div"),
        galley.labelled(entry.term, LABEL, galley.x),
        galley.inset(indent, galley.measure - WIDE),
    ):
        set_blocks(galley, entry.blocks, PLAIN)
    for strip in galley.strips[start:]:
        strip.wide = True


@set_block.register
def _(block: Positions, galley: Galley, kind: Type) -> None:
    for one in block.positions:
        galley.space(APART)
        galley.text((Span(text=one.title),), SUBHEADING, "H3", keep=True)
        start = len(galley.strips)
        set_blocks(galley, one.blocks, kind)
        galley.strips[start].before = 2
        galley.strips[-1].keep = True
        galley.space(3)
        galley.text((Span(text=one.source),), QUIET)


@set_block.register
def _(block: Scale, galley: Galley, kind: Type) -> None:
    asking.set_scale(galley, block)


@set_block.register
def _(block: Prompt, galley: Galley, kind: Type) -> None:
    asking.set_prompt(galley, block)


@set_block.register
def _(block: Question, galley: Galley, kind: Type) -> None:
    asking.set_question(galley, block, set_blocks)
