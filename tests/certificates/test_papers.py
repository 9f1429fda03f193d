"""The papers, looked at with what a reader has: text, tags, fonts, a camera."""

import shutil
import subprocess
from pathlib import Path

import pytest

from certificates import UnprintableName, render
from certificates.award import Paper
from tests.certificates.papers import CODE, a_certificate, a_log, a_transcript

PAPERS = [a_certificate(), a_log(), a_transcript()]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
needs_zbar = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="needs zbar-tools")


def tool(folder: Path, paper: Paper, *command: str) -> str:
    """Return what a command says about the paper; ``@`` stands for its file."""
    file = folder / "paper.pdf"
    file.write_bytes(render(paper))
    words = [str(file) if part == "@" else part for part in command]
    return subprocess.run(words, capture_output=True, check=True, text=True).stdout


def text_of(folder: Path, paper: Paper) -> str:
    return " ".join(tool(folder, paper, "pdftotext", "-layout", "@", "-").split())


class TestSameWordsSameBytes:
    @pytest.mark.row("F62")
    @pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.title)
    def test_a_paper_drawn_twice_is_the_same_to_the_byte(self, paper: Paper) -> None:
        assert render(paper) == render(paper)

    def test_another_word_is_another_file(self) -> None:
        assert render(a_certificate()) != render(a_certificate(valid_until="1 May 2027"))

    def test_what_is_no_paper_of_ours_is_refused(self) -> None:
        with pytest.raises(TypeError, match="str is not a paper"):
            render("a certificate")


@needs_poppler
class TestWhatCanBeRead:
    def test_the_certificate_says_every_fact_and_what_it_is(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, a_certificate(scope=("Adults, in Tameford.",)))

        for words in ("Imran Qureshi", "1 December 2024", "30 November 2026", CODE, "C-0104-2"):
            assert words in text
        for words in (
            "Rosalind Osei-Tutu",
            "Adults, in Tameford.",
            "not a regulated",
            "Page 1 of 1",
        ):
            assert words in text

    def test_a_pathway_is_printed_only_where_it_was_asked_for(self, tmp_path: Path) -> None:
        asked = a_certificate(pathway="Animal rights")

        assert "Animal rights" in text_of(tmp_path, asked)
        assert "Animal rights" not in text_of(tmp_path, a_certificate())

    def test_a_log_says_whom_it_was_printed_for_and_as_at_when(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, a_log())

        assert "Printed for Imran Qureshi, as at 16 June 2025, 6.04 pm." in text
        assert "Two sessions in a pair" in text
        assert "Page 1 of 1" in text

    def test_a_long_log_goes_on_and_counts_its_pages(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, a_log(paragraphs=14))

        assert "Page 1 of 3" in text
        assert "Page 3 of 3" in text
        assert text.count(" lived, ") == 56

    def test_a_long_transcript_repeats_the_head_of_its_table(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, a_transcript(units=40))

        assert text.count("Judged and verified by") == text.count("Printed for Imran") > 1
        assert "Unit number 40" in text

    def test_a_sign_that_no_typeface_has_is_named_in_a_log_not_drawn_as_a_box(
        self, tmp_path: Path
    ) -> None:
        text = text_of(tmp_path, a_log(safety=(("Risk?", "No \U0001f642 سلام"),)))

        assert "[slightly smiling face]" in text
        assert "[4 letters of arabic script]" in text


@needs_poppler
class TestTags:
    @pytest.mark.row("F69")
    @pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.title)
    def test_each_paper_is_tagged_titled_and_says_its_language(
        self, paper: Paper, tmp_path: Path
    ) -> None:
        facts = tool(tmp_path, paper, "pdfinfo", "@")

        assert "Tagged:          yes" in facts
        assert f"Title:           {paper.title}" in facts
        assert b"/Lang (en-GB)" in render(paper)

    def test_headings_tables_and_the_square_code_are_what_they_look_like(
        self, tmp_path: Path
    ) -> None:
        certificate = tool(tmp_path, a_certificate(), "pdfinfo", "-struct-text", "@")
        log = tool(tmp_path, a_log(), "pdfinfo", "-struct-text", "@")

        assert 'H1 (block)\n    "Imran Qureshi"' in certificate
        assert "Figure" in certificate
        assert b"Square code leading to towpath.example/check" in render(a_certificate())
        assert 'H2 (block)\n    "What we agreed"' in log
        assert "TH" in log
        assert "/Scope /Column" in log

    @pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.title)
    def test_only_embedded_typefaces_are_used(self, paper: Paper, tmp_path: Path) -> None:
        lines = tool(tmp_path, paper, "pdffonts", "@").splitlines()[2:]

        assert lines
        assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)


@needs_poppler
@needs_zbar
class TestSquareCode:
    @pytest.mark.row("F65")
    def test_a_camera_reads_the_address_off_the_paper(self, tmp_path: Path) -> None:
        picture = str(tmp_path / "page")
        tool(tmp_path, a_certificate(), "pdftoppm", "-r", "100", "-png", "@", picture)
        seen = subprocess.run(
            ["zbarimg", "-q", "--raw", f"{picture}-1.png"], capture_output=True, text=True
        ).stdout

        assert seen.strip() == f"https://towpath.example/check/{CODE}"


@needs_poppler
class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "Nguyễn Thị Ánh",
            "Łucja Szczęśniak-Żółć",
            "Ольга Шевченко",
            "Ελένη Παπαδοπούλου",
            "Þórdís Ægisdóttir",
            "Ọláwálé Adébáyọ̀",
            "Gülşen İpek",
        ],
    )
    def test_names_of_many_scripts_are_printed_as_they_are(self, name: str, tmp_path: Path) -> None:
        signed = a_certificate(name=name, printed_for=f"Printed for {name}")

        assert f"{name} is accredited" in text_of(tmp_path, signed)

    def test_accents_typed_apart_are_joined_to_their_letters(self) -> None:
        assert render(a_certificate(name="Jose\u0301")) == render(a_certificate(name="José"))

    @pytest.mark.parametrize(
        ("name", "characters"), [("王小明", ("王", "小", "明")), ("Amal سلام", tuple("سلام"))]
    )
    def test_a_name_we_cannot_set_is_refused_and_the_letters_are_named(
        self, name: str, characters: tuple[str, ...]
    ) -> None:
        with pytest.raises(UnprintableName) as refusal:
            render(a_certificate(name=name))

        assert refusal.value.characters == characters

    def test_a_name_as_long_as_the_sheet_is_set_in_two_lines_and_loses_nothing(
        self, tmp_path: Path
    ) -> None:
        name = "Maria-Wilhelmina Wojciechowska-Szczęśniak de la Fuente y Ortega"

        assert name in text_of(tmp_path, a_certificate(name=name))
