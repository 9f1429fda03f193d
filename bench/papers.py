"""How long a certificate takes, against one line on a ReportLab page in the same typeface.

The one line is set as ReportLab comes, by its own TTFont. The certificates bear several names, some
with letters beyond ASCII, for which a subset has to be made when they first come.
"""

import io
import time
from collections.abc import Callable
from statistics import median

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates import render, typefaces
from tests.certificates.papers import a_certificate

ROUNDS, PLAIN = 21, "plain"
NAMES = ("Imran Qureshi", "Aoife Ní Bhriain", "Grace Adeyemi", "Łukasz Wójcik", "Zoë Márquez")


def register() -> None:
    """Make the certificate's typeface known once more, as ReportLab's own."""
    face = TTFont(PLAIN, str(typefaces.FOLDER / f"{typefaces.SANS}.ttf"))
    # A face of the same name would be taken for ours.
    face.face.name = b"Plain-" + face.face.name
    pdfmetrics.registerFont(face)


def one_line() -> bytes:
    """Return a page with one line in the certificate's own typeface, embedded by ReportLab."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True, initialFontName=PLAIN)
    canvas.setFont(PLAIN, 12)
    canvas.drawString(72, 720, "One line, in the same typeface as the certificate")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def times() -> tuple[float, float, float]:
    """Return milliseconds for a certificate, for the one line, and the ratio (all medians)."""
    register()
    papers = [a_certificate(name=name) for name in NAMES * (ROUNDS // len(NAMES) + 1)]
    render(papers[0])
    one_line()
    rounds = [
        (_milliseconds(lambda p=paper: render(p)), _milliseconds(one_line))
        for paper in papers[:ROUNDS]
    ]
    return (
        median(ours for ours, _ in rounds),
        median(line for _, line in rounds),
        median(ours / line for ours, line in rounds),
    )


def _milliseconds(act: Callable[[], bytes]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
