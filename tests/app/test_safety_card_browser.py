"""The safety card goes on one sheet of paper, with room to write the numbers in."""
# ruff: noqa: F811 (a fixture from tests.live is an argument of the same name)

import io

import pytest
from pypdf import PdfReader

from modules import load_manual
from tests.factories import a_user
from tests.live import chromium, live, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.row("B1")]
A4 = (595, 842)


def printed(context, address) -> PdfReader:
    page = context.new_page()
    page.goto(address)
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=False)))


class TestOnPaper:
    def test_the_card_fits_on_one_sheet_of_a4_and_nothing_is_cut_off(
        self, app, session, live, chromium
    ):
        user = a_user(session)
        session.commit()
        sign_in(chromium, app, live, user)

        sheets = printed(chromium, f"{live}/manual/safety-card").pages

        assert len(sheets) == 1
        box = sheets[0].mediabox
        assert (round(float(box.width)), round(float(box.height))) == A4
        text = " ".join(sheets[0].extract_text().split())
        for part in load_manual().leaflet("safety-card").parts:
            assert part.title in text
        assert "My supervisor" in text  # the last line

    def test_the_code_of_conduct_is_printed_whole(self, app, session, live, chromium):
        user = a_user(session)
        session.commit()
        sign_in(chromium, app, live, user)

        sheets = printed(chromium, f"{live}/manual/code-of-conduct").pages

        text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
        code = load_manual().leaflet("code-of-conduct")
        assert all(clause.number in text for part in code.parts for clause in part.clauses)
        assert len(sheets) <= 5
