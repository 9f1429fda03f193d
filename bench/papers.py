"""How long a certificate takes, against one line on a ReportLab page in the same typeface."""

import io
import time
from collections.abc import Callable
from statistics import median

from reportlab.pdfgen.canvas import Canvas

from certificates import render, typefaces
from tests.certificates.papers import a_certificate

ROUNDS = 15


def one_line() -> bytes:
    """Return a page with one line in the certificate's own embedded typeface."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True, initialFontName=typefaces.SANS)
    canvas.setFont(typefaces.SANS, 12)
    canvas.drawString(72, 720, "One line, in the same typeface as the certificate")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def times() -> tuple[float, float, float]:
    """Return milliseconds for a certificate, for the one line, and the ratio (all medians)."""
    paper = a_certificate()
    render(paper)
    one_line()
    rounds = [
        (_milliseconds(lambda: render(paper)), _milliseconds(one_line)) for _ in range(ROUNDS)
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
