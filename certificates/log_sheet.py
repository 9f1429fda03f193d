"""The supervision log: the mentor's own words in damson italic, both signatures with times."""

from reportlab.lib.pagesizes import A4

from certificates.award import LogSection, LogSignature, SupervisionLogPaper
from certificates.drawing import DAMSON, INK, INK_2, LINE, MM, Hand
from certificates.leaves import INNER, OUTER, RIGHT, Leaves, written_twice
from certificates.tagged import TaggedCanvas
from certificates.typefaces import SANS, SERIF, SERIF_ITALIC, face_for_name

BODY, OWN = Hand(SERIF, 11.5, INK, 1.5), Hand(SERIF_ITALIC, 11.5, DAMSON, 1.5)
LABEL, FACT = Hand(SANS, 10, INK_2), Hand(SANS, 10.5)
KEEP = "Clients are named by one letter only. Keep this as you would keep a letter."


def draw(paper: SupervisionLogPaper) -> bytes:
    """Return the log as PDF. Raises UnprintableName."""
    return written_twice(lambda of: _written(paper, of)).sheet.paper.finish()


def _written(paper: SupervisionLogPaper, of: int) -> Leaves:
    canvas = TaggedCanvas(
        A4,
        title=f"{paper.title} {paper.number}",
        subject=f"Supervision of {paper.held}",
        author="Towpath",
    )
    foot = (f"Log {paper.number}. Printed for {paper.printed_for}, as at {paper.as_at}.", KEEP)
    leaves = Leaves(canvas, "Between mentor and supervisor", foot, of)
    leaves.title(paper.title)
    _facts(leaves, paper)
    for section in paper.sections:
        _section(leaves, section)
    _agreed(leaves, paper)
    _safety(leaves, paper)
    _signatures(leaves, paper.signatures)
    for addendum in paper.addenda:
        _section(leaves, addendum)
    return leaves


def _facts(leaves: Leaves, paper: SupervisionLogPaper) -> None:
    pairs = (
        ("Mentor", paper.mentor),
        ("Supervisor", paper.supervisor),
        ("Held", paper.held),
        ("How long", paper.how_long),
    )
    sheet, deepest = leaves.sheet, leaves.y
    for number, (x, width) in enumerate(_columns(leaves, [words for _, words in pairs])):
        label, words = pairs[number]
        hand = Hand(face_for_name(words, FACT.face), FACT.size) if number < 2 else FACT
        with sheet.paper.element("P"), sheet.paper.marked():
            sheet.line(x, leaves.y, f"{label} ", LABEL)
            below = sheet.lines(x, leaves.y + 5 * MM, sheet.wrapped(words, hand, width - 6), hand)
        deepest = max(deepest, below)
    leaves.y = deepest - FACT.step + 6 * MM
    sheet.rule(OUTER, leaves.y, RIGHT - OUTER, LINE)


def _columns(leaves: Leaves, texts: list[str]) -> list[tuple[float, float]]:
    """Return (left edge, width) per fact: as wide as it needs, or a quarter if that is too much."""
    whole = RIGHT - OUTER
    widths = [leaves.sheet.measure(text, FACT) + 7 for text in texts]
    gap = (whole - sum(widths)) / (len(widths) - 1)
    if gap < 2 * MM:
        widths, gap = [whole / len(texts)] * len(texts), 0
    return [(OUTER + sum(widths[:n]) + n * gap, width) for n, width in enumerate(widths)]


def _section(leaves: Leaves, section: LogSection) -> None:
    leaves.heading(section.heading)
    for words in section.paragraphs:
        leaves.paragraph(words, OWN if section.own else BODY)


def _agreed(leaves: Leaves, paper: SupervisionLogPaper) -> None:
    if not paper.agreed:
        return
    leaves.heading("What we agreed", needs=70)
    width = RIGHT - INNER
    rows = [(one.what, one.who, one.by) for one in paper.agreed]
    leaves.table(("What", "Who", "By"), (width - 42 * MM, 22 * MM, 20 * MM), rows, INNER)


def _safety(leaves: Leaves, paper: SupervisionLogPaper) -> None:
    if not paper.safety:
        return
    leaves.heading("Safety")
    for question, answer in paper.safety:
        leaves.question(question, answer, BODY)


def _signatures(leaves: Leaves, signatures: tuple[LogSignature, ...]) -> None:
    leaves.room(21 * MM)
    leaves.y += 14 * MM
    width = (RIGHT - INNER - 10 * MM) / 2
    for number, one in enumerate(signatures[:2]):
        x = INNER + number * (width + 10 * MM)
        hand = Hand(face_for_name(one.name, SERIF_ITALIC), 16, DAMSON if one.own else INK)
        with leaves.sheet.paper.element("P"), leaves.sheet.paper.marked():
            leaves.sheet.line(x, leaves.y - 1.5 * MM, f"{one.name} ", hand)
            leaves.sheet.line(x, leaves.y + 5 * MM, one.when, Hand(SANS, 10, INK_2))
        leaves.sheet.rule(x, leaves.y, width, LINE)
    leaves.y += 8 * MM
