"""Subsets that are kept ready change nothing in a paper."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates import faces, render, typefaces
from tests.certificates.papers import a_certificate

NAMES = ("Imran Qureshi", "Aoife Ní Bhriain", "Łukasz Wójcik", "Nguyễn Thị Hạnh", "Zoë Márquez")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    faces._subset.cache_clear()


def embedded(pdf: bytes) -> dict[str, tuple[object, ...]]:
    """Return (widths, program, letters) of every embedded face by its name."""
    fonts = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    found = {}
    for font in (one.get_object() for one in fonts.values()):
        described = font["/FontDescriptor"]
        found[font["/BaseFont"]] = (
            list(font["/Widths"]),
            described["/FontFile2"].get_data(),
            font["/ToUnicode"].get_data(),
            {k: described[k] for k in described if k not in {"/FontFile2", "/FontName"}},
        )
    return found


def one_line(face: str, words: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True, initialFontName=face)
    canvas.setFont(face, 12)
    canvas.drawString(72, 720, words)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


class TestASubset:
    def test_is_the_one_that_reportlab_makes(self):
        typefaces.register()
        plain = TTFont("plain-for-a-test", str(typefaces.FOLDER / f"{typefaces.SANS}.ttf"))
        ours = faces.Face("ours-for-a-test", str(typefaces.FOLDER / f"{typefaces.SANS}.ttf"))
        plain.face.name = ours.face.name = b"For-A-Test"
        for font in (plain, ours):
            pdfmetrics._fonts[font.fontName] = font
        words = "Zoë and Łukasz walked 3 miles"
        kept = embedded(one_line("ours-for-a-test", words))
        assert kept == embedded(one_line("plain-for-a-test", words))
        assert list(kept) == ["/AAAAAA+For-A-Test"]

    def test_is_made_once_for_the_same_letters(self):
        render(a_certificate(name="Grace Adeyemi"))
        made = faces._subset.cache_info().misses
        render(a_certificate(name="Imran Qureshi"))
        assert faces._subset.cache_info().misses == made > 0
        render(a_certificate(name="Łukasz Wójcik"))
        assert faces._subset.cache_info().misses == made + 1


class TestAPaper:
    def test_has_the_same_bytes_whatever_was_drawn_before(self):
        alone = {}
        for name in NAMES:
            faces._subset.cache_clear()
            alone[name] = render(a_certificate(name=name))
        assert {name: render(a_certificate(name=name)) for name in reversed(NAMES)} == alone

    def test_has_the_same_subsets_when_several_are_cut_at_once(self):
        typefaces.register()
        # Letters beyond ASCII, each alone: a subset of its own for every line.
        lines = [chr(code) for code in range(0xC0, 0x17F)]
        alone = [embedded(one_line(typefaces.SERIF, line)) for line in lines]
        faces._subset.cache_clear()
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)  # threads take turns as often as they can
        try:
            with ThreadPoolExecutor(8) as several:
                drawn = list(several.map(lambda line: one_line(typefaces.SERIF, line), lines))
        finally:
            sys.setswitchinterval(before)
        assert [embedded(one) for one in drawn] == alone
