"""Attaching files in a real browser: by keyboard, and told at once of one that is too large."""
# ruff: noqa: F811 (a fixture from tests.live is an argument of the same name)

import pytest
from playwright.sync_api import expect

from app.uploads import LARGEST
from tests.factories_portfolio import some_evidence
from tests.file_steps import kept
from tests.live import chromium, live, sign_in  # noqa: F401
from tests.sample_files import PDF

pytestmark = pytest.mark.browser


@pytest.fixture
def form(app, live, chromium, session, registered):
    evidence = some_evidence(session, registered, "M4.4.1")
    session.commit()
    sign_in(chromium, app, live, registered.person)
    page = chromium.new_page()
    page.goto(f"{live}/evidence/{evidence.id}/files/add")
    return page


class TestAttaching:
    def test_a_file_is_attached_with_the_keyboard_alone(self, form, session):
        form.get_by_label("Files", exact=True).set_input_files(
            {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        form.get_by_label("Files", exact=True).focus()
        for key in ("Tab", "Tab", "Space", "Tab", "Space", "Tab", "Enter"):
            form.keyboard.press(key)

        expect(form.get_by_role("link", name="a.pdf")).to_be_visible()
        with form.expect_download() as download:
            form.get_by_role("link", name="a.pdf").click()
        assert download.value.path().read_bytes() == PDF
        assert len(kept(session)) == 1

    def test_one_that_is_too_large_is_told_of_before_it_travels(self, form, tmp_path):
        film, box = tmp_path / "film.mp4", form.get_by_label("Files", exact=True)
        with film.open("wb") as file:
            file.truncate(LARGEST + 1)

        box.set_input_files(film)

        expect(form.get_by_role("alert")).to_contain_text("Larger than 20 MB: ‘film.mp4’")
        assert box.evaluate("box => box.files.length") == 0
        box.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
        expect(form.get_by_role("alert")).to_have_text("")
