"""The unit transcript: what somebody has completed, unit by unit, on a given day."""

from reportlab.lib.pagesizes import A4

from certificates.award import TranscriptUnit, UnitTranscript
from certificates.drawing import INK, INK_2, LINE, MM, Hand
from certificates.leaves import OUTER, RIGHT, Leaves, written_twice
from certificates.tagged import TaggedCanvas
from certificates.typefaces import SANS, SERIF, SERIF_MEDIUM

HEADS = ("Unit", "Title", "Result", "Decided", "Judged and verified by")
WIDTHS = (13 * MM, 54 * MM, 28 * MM, 26 * MM, 41 * MM)


def draw(paper: UnitTranscript) -> bytes:
    """Return the transcript as PDF. Raises UnprintableName."""
    return written_twice(lambda of: _written(paper, of)).sheet.paper.finish()


def _written(paper: UnitTranscript, of: int) -> Leaves:
    canvas = TaggedCanvas(
        A4,
        title=f"{paper.title} {paper.number}",
        subject=f"{paper.award}: units of {paper.name}",
        author=f"Towpath {paper.issuer}",
    )
    leaves = Leaves(canvas, paper.issuer, _foot(paper), of)
    leaves.title(paper.title)
    _about(leaves, paper)
    leaves.table(HEADS, WIDTHS, [_row(unit) for unit in paper.units], OUTER)
    leaves.y += 2 * MM
    leaves.paragraph(paper.what_it_is, Hand(SANS, 10.5, INK_2, 1.4), OUTER)
    return leaves


def _foot(paper: UnitTranscript) -> tuple[str, str]:
    printed = f"Transcript {paper.number}. Printed for {paper.printed_for}, as at {paper.as_at}."
    check = f"Check a certificate at {paper.check_address}." if paper.check_address else ""
    return printed, check


def _about(leaves: Leaves, paper: UnitTranscript) -> None:
    sheet = leaves.sheet
    lines, hand = sheet.fitting_name(paper.name, SERIF_MEDIUM, 20, 12, RIGHT - OUTER)
    with sheet.paper.element("H2"), sheet.paper.marked():
        leaves.y = sheet.lines(OUTER, leaves.y + 1 * MM, lines, hand)
    leaves.y = sheet.block("P", OUTER, leaves.y, paper.award, Hand(SANS, 11, INK_2), RIGHT - OUTER)
    leaves.paragraph(paper.summary, Hand(SERIF, 12, INK, 1.5), OUTER)
    sheet.rule(OUTER, leaves.y, RIGHT - OUTER, LINE)
    leaves.y += 6 * MM


def _row(unit: TranscriptUnit) -> tuple[str, ...]:
    title = f"{unit.title}\n{unit.note}" if unit.note else unit.title
    return unit.code, title, unit.result, unit.decided, unit.signed_off
