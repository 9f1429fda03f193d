"""Small real files of the demonstration, made here and of nobody, and who attached them."""

import io
from typing import IO

from app.portfolio import file_actions
from app.portfolio import queries as portfolios
from app.scheme.demo.telling import Teller

#: What a learner would type up after an exercise.
LINES = (
    "What I would say first, and why",
    "",
    "1. Who I am, and that I am not the police.",
    "2. What stays between us, and the three things that cannot.",
    "3. That he may leave at any time, and that I will be here next week.",
    "",
    "In the exercise I said the second before the first. Next time the other way round.",
)


def sheet() -> IO[bytes]:
    """Return one typed page as PDF."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    page = Canvas(made, A4, invariant=True)
    page.setTitle(LINES[0])
    for number, line in enumerate(LINES):
        page.setFont("Helvetica-Bold" if not number else "Helvetica", 15 if not number else 11)
        page.drawString(72, 760 - 22 * number, line)
    page.save()
    return made


def drawing() -> IO[bytes]:
    """Return a drawing of a wheel of support as PNG: eight spokes, some of them short."""
    from math import cos, pi, sin

    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (720, 720), "#fbfaf6")
    pen = ImageDraw.Draw(picture)
    for radius in (80, 160, 240, 320):
        pen.ellipse((360 - radius, 360 - radius, 360 + radius, 360 + radius), outline="#b8b2a2")
    tips = [
        (360 + length * cos(spoke * pi / 4), 360 + length * sin(spoke * pi / 4))
        for spoke, length in enumerate((240, 160, 320, 80, 200, 280, 120, 240))
    ]
    pen.polygon(tips, outline="#1f5a63", width=4)
    for tip in tips:
        pen.line((360, 360, *tip), fill="#1f5a63", width=2)
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made


def note() -> IO[bytes]:
    """Return a few lines of plain text."""
    return io.BytesIO("\n".join((*LINES[2:5], "")).encode())


def attached(
    tell: Teller,
    key: str,
    ref: str,
    ago: int,
    content: IO[bytes],
    name: str,
    *,
    taken_back: bool = False,
) -> None:
    """Tell that somebody attached a file to the latest evidence towards a criterion."""
    person = tell.ids[key]
    evidence = portfolios.evidence_for(tell.session, person, ref)[0]
    row = file_actions.attach_one(
        tell.session, tell.store, evidence, content, name, now=tell.at(ago, 11), by_id=person
    )
    if taken_back:
        file_actions.take_back(tell.session, row, now=tell.at(ago, 12), by_id=person)
        file_actions.clear_unnamed(tell.session, tell.store, [row.sha256])
