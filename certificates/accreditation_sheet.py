"""The certificate: A4 landscape, the name largest, water and footsteps across the sheet."""

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape

from certificates.award import AccreditationCertificate, Signatory
from certificates.drawing import CANAL_TINT, DAMSON, INK, INK_2, MM, Hand, Sheet
from certificates.tagged import TaggedCanvas
from certificates.typefaces import (
    MONO,
    SANS,
    SANS_BOLD,
    SERIF,
    SERIF_BOLD,
    SERIF_ITALIC,
    SERIF_MEDIUM,
    face_for_name,
)

SIZE = landscape(A4)
LEFT, RIGHT = 24 * MM, SIZE[0] - 24 * MM
#: How wide the sentence runs, and the lowest baseline that keeps clear of the water.
MEASURE, WATER_LINE = 172 * MM, 123 * MM
#: The side of the square code with its quiet zone; the square itself is never under 27 mm.
SQUARE = 34 * MM
NOTE, NOTE_BOLD = Hand(SANS, 10.5, INK_2, 1.38), Hand(SANS_BOLD, 10.5, INK, 1.38)
SMALL = Hand(SANS, 9.5, INK_2, 1.35)


def draw(paper: AccreditationCertificate) -> bytes:
    """Return the certificate as PDF. Raises UnprintableName."""
    canvas = TaggedCanvas(
        SIZE,
        title=f"{paper.title}, {paper.number}",
        subject=f"{paper.title} of {paper.name}, {paper.valid_from} to {paper.valid_until}",
        author=f"Towpath {paper.issuer}",
    )
    sheet = Sheet(canvas, SIZE)
    _water(sheet)
    _head(sheet, paper)
    _award(sheet, paper)
    _dates(sheet, paper)
    _signatures(sheet, paper.signatories)
    _check(sheet, paper)
    _foot(sheet, paper)
    return canvas.finish()


def _water(sheet: Sheet) -> None:
    """Draw the solid water and the broken footsteps beside it, as in the mock-up of 1123 by 794."""
    scale = SIZE[0] / 1123
    with sheet.paper.artifact():
        for down, width, colour, dash in ((0, 30, CANAL_TINT, None), (36, 5, DAMSON, (17, 11))):
            sheet.canvas.saveState()
            sheet.canvas.translate(0, SIZE[1])
            sheet.canvas.scale(scale, -scale)
            sheet.canvas.setLineWidth(width)
            sheet.canvas.setStrokeColor(HexColor(colour))
            if dash:
                sheet.canvas.setDash(*dash)
            path = sheet.canvas.beginPath()
            path.moveTo(-20, 512 + down)
            path.curveTo(140, 462 + down, 250, 462 + down, 380, 512 + down)
            path.curveTo(510, 562 + down, 640, 592 + down, 760, 552 + down)
            path.curveTo(880, 512 + down, 960, 422 + down, 1143, 444 + down)
            sheet.canvas.drawPath(path)
            sheet.canvas.restoreState()


def _head(sheet: Sheet, paper: AccreditationCertificate) -> None:
    sheet.mark(LEFT, 19 * MM, 13.2 * MM)
    with sheet.paper.element("P"), sheet.paper.marked():
        sheet.line(LEFT + 15 * MM, 26 * MM, "Towpath ", Hand(SERIF_BOLD, 19))
        sheet.line(LEFT + 15 * MM, 31.2 * MM, paper.issuer, Hand(SANS, 11, INK_2))


def _award(sheet: Sheet, paper: AccreditationCertificate) -> None:
    sheet.text("P", LEFT, 49 * MM, paper.title, Hand(SERIF_ITALIC, 15, INK_2))
    lines, hand = sheet.fitting_name(paper.name, SERIF_MEDIUM, 47, 26, RIGHT - LEFT)
    with sheet.paper.element("H1"), sheet.paper.marked():
        y = sheet.lines(LEFT, 51 * MM + hand.size, lines, hand)
    y += 12 * MM - hand.step
    more = [*paper.scope, *([paper.pathway] if paper.pathway else [])]
    award, small = _hands_that_fit(sheet, paper.award_line, more, WATER_LINE - y)
    y = sheet.block("P", LEFT, y, paper.award_line, award, MEASURE)
    for words in more:
        y = sheet.block("P", LEFT, y, words, small, MEASURE) + 2


def _hands_that_fit(
    sheet: Sheet, award_line: str, more: list[str], room: float
) -> tuple[Hand, Hand]:
    """Return the largest hands in which the sentence and the scope stay above the water."""
    for size, scope in ((15, 11), (13.5, 10.5), (12, 10), (11, 9.5)):
        award, small = Hand(SERIF, size, INK, 1.5), Hand(SANS, scope, INK, 1.4)
        height = len(sheet.wrapped(award_line, award, MEASURE)) * award.step
        for words in more:
            height += len(sheet.wrapped(words, small, MEASURE)) * small.step + 2
        if height <= room:
            break
    return award, small


def _dates(sheet: Sheet, paper: AccreditationCertificate) -> None:
    pairs = (("From", paper.valid_from), ("Until", paper.valid_until))
    for number, (label, words) in enumerate(pairs):
        y = 24 * MM + number * 14.3 * MM
        with sheet.paper.element("P"), sheet.paper.marked():
            sheet.line(RIGHT, y, label, NOTE, "right")
            sheet.line(RIGHT, y + 6 * MM, words, Hand(SERIF_BOLD, 14), "right")


def _signatures(sheet: Sheet, signatories: tuple[Signatory, ...]) -> None:
    for number, one in enumerate(signatories[:2]):
        x, y = LEFT + number * 76 * MM, 179 * MM
        with sheet.paper.element("P"), sheet.paper.marked():
            signed = Hand(face_for_name(one.signed, SERIF_ITALIC), 19)
            sheet.line(x, y - 2.2 * MM, f"{one.signed} ", signed)
            name = Hand(face_for_name(one.name, SANS_BOLD), 10.5)
            sheet.line(x, y + 5 * MM, f"{one.name} ", name)
            sheet.lines(x, y + 10 * MM, sheet.wrapped(one.role, NOTE, 66 * MM)[:2], NOTE)
        sheet.rule(x, y, 66 * MM)


def _check(sheet: Sheet, paper: AccreditationCertificate) -> None:
    x, y = RIGHT - 88 * MM, 162.5 * MM
    sheet.square_code(
        x - 3 * MM, y, SQUARE, paper.check_url, f"Square code leading to {paper.check_address}"
    )
    words, beside = x + SQUARE, RIGHT - x - SQUARE
    with sheet.paper.element("P"), sheet.paper.marked():
        after = _check_words(sheet, words, y + 9 * MM, beside, paper)
        sheet.line(words, after + 1.2 * MM, paper.code, Hand(MONO, 11))


def _check_words(
    sheet: Sheet, x: float, y: float, width: float, paper: AccreditationCertificate
) -> float:
    """Write the status statement with the address in bold at its end. Returns the next baseline."""
    *before, last = sheet.wrapped(paper.status_statement, NOTE, width)
    y = sheet.lines(x, y, before, NOTE)
    sheet.line(x, y, f"{last} ", NOTE)
    along = sheet.measure(f"{last} ", NOTE)
    if along + sheet.measure(paper.check_address, NOTE_BOLD) <= width:
        sheet.line(x + along, y, paper.check_address, NOTE_BOLD)
        return y + NOTE.step
    address = sheet.wrapped(paper.check_address, NOTE_BOLD, width)
    return sheet.lines(x, y + NOTE.step, address, NOTE_BOLD)


def _foot(sheet: Sheet, paper: AccreditationCertificate) -> None:
    facts = f"Certificate {paper.number}, issued {paper.issued}. Page 1 of 1."
    own = f" {paper.printed_for}." if paper.printed_for else ""
    with sheet.paper.element("P"), sheet.paper.marked():
        sheet.line(LEFT, 200 * MM, f"{facts}{own} ", SMALL)
        sheet.line(LEFT, 204.6 * MM, paper.what_it_is, SMALL)
