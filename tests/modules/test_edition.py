"""What is said of the manual as a whole: its edition, its day, and faults with their lines."""

from dataclasses import replace
from datetime import date

import pytest

from modules import check, load_manual
from modules.manual import ContentErrors
from tests.modules.tiny import FILES, a_manual, line_of

EDITION = FILES["edition.md"]
#: words in the file, what to put there, the words on whose line the fault is, the fault
FAULTS = [
    ('"2026-05-04"', '"2026-13-04"', "published", "not a day like 2026-11-23: '2026-13-04'"),
    ('"2026-05-04"', "next year", "published", "not a day like 2026-11-23: 'next year'"),
    ('edition: "2026.1"', 'edition: "first"', "edition", "should match pattern"),
    ("subtitle: A small book", "sub: A small book", "sub", "unknown key"),
    ("title: Quiet\n", "", "subtitle", "title: missing"),
    ("This book is small.", "This book is small!", "small.", "no exclamation marks"),
    ("This book is small.", "This <b>book</b> is small.", "small.", "HTML is not used"),
]


class TestTheEdition:
    @pytest.mark.row("B19")
    def test_is_loaded_with_the_manual(self, tmp_path):
        edition = load_manual(a_manual(tmp_path)).edition

        assert (edition.title, edition.subtitle) == ("Quiet", "A small book")
        assert (edition.number, edition.published) == ("2026.1", date(2026, 5, 4))
        assert edition.about_html == "<p>This book is small.</p>"

    @pytest.mark.row("B18")
    @pytest.mark.parametrize(("old", "new", "where", "what"), FAULTS)
    def test_a_fault_names_file_and_line(self, tmp_path, old, new, where, what):
        folder = a_manual(tmp_path, edition=(old, new))
        with pytest.raises(ContentErrors) as refused:
            load_manual(folder)

        found = str(refused.value)
        assert what in found
        if where in EDITION and "missing" not in what:
            assert f"edition.md:{line_of(EDITION, where)}:" in found

    def test_a_manual_without_one_is_not_loaded(self, tmp_path):
        folder = a_manual(tmp_path)
        (folder / "edition.md").unlink()

        with pytest.raises(ContentErrors, match=r"edition\.md:1: the file is missing"):
            load_manual(folder)

    @pytest.mark.row("B18")
    def test_a_chapter_of_a_later_edition_asks_for_a_new_edition_of_the_book(self, tmp_path):
        manual = load_manual(a_manual(tmp_path))
        chapter = manual.chapter(5)
        later = replace(manual, chapters=(replace(chapter, version="2026.12-abc"),))
        what = "a chapter is of edition 2026.12: give the book that edition, and its day"

        assert what in [fault.what for fault in check(later, ["M3.1.1"])]
        assert what not in [fault.what for fault in check(manual, ["M3.1.1"])]
