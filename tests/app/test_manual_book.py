"""The whole manual as PDF and as EPUB: all of it is there, and nothing that is confidential."""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.learning.download_html import Reader, UnknownTag
from app.learning.download_words import as_book
from app.learning.downloads import Files, made
from assessments.framework import load_framework
from certificates.book import Book, Heading, Question, Section, Span, Table
from certificates.book.words import every, places
from certificates.drawing import MM
from certificates.typefaces import SANS, SANS_BOLD, SERIF, SERIF_BOLD, SERIF_ITALIC, covers
from modules import Case, load_manual, plain
from tests.database_server import program

pytestmark = pytest.mark.row("B19")
MANUAL, FRAMEWORK = load_manual(), load_framework()
#: Shorter sentences are said in many places.
SHORTEST = 30


@pytest.fixture(scope="module")
def book() -> Book:
    return as_book(MANUAL, FRAMEWORK)


@pytest.fixture(scope="module")
def files() -> Files:
    return made(MANUAL, FRAMEWORK)


@pytest.fixture(scope="module")
def pdf(files: Files) -> PdfReader:
    return PdfReader(BytesIO(files["pdf"].content))


@pytest.fixture(scope="module")
def pages(pdf: PdfReader) -> list[str]:
    """The words of each page, without its running head and foot."""
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


@pytest.fixture(scope="module")
def epub(files: Files) -> str:
    with zipfile.ZipFile(BytesIO(files["epub"].content)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".opf", ".svg"))]
        found = " ".join(archive.read(name).decode() for name in names)
    return unescape(" ".join(re.sub(r"<[^>]+>", "", found).split()))


def outline(pdf: PdfReader) -> list[tuple[str, int]]:
    """Return (title, page counted from 1) of each line of the outline, in its order."""

    def walk(lines: list[Any]) -> Iterator[tuple[str, int]]:
        for one in lines:
            if isinstance(one, list):
                yield from walk(one)
            else:
                number = pdf.get_destination_page_number(one)
                assert number is not None
                yield str(one.title), number + 1

    return list(walk(pdf.outline))


def page_of(pdf: PdfReader, title: str) -> int:
    """Return the page, counted from 1, of the part with this title."""
    return dict(outline(pdf))[title]


class TestEverythingIsThere:
    def test_every_section_of_every_chapter_is_there_in_order(self, pages: list[str]) -> None:
        text, at = " ".join(pages[6:]), 0
        for chapter in MANUAL.chapters:
            titles = [chapter.title, *(f"{one.number} {one.title}" for one in chapter.sections)]
            titles += ["In short", *(one.title for one in chapter.open_questions)]
            titles += ["Pause and write", "Check your understanding", "Further reading"]
            for title in titles:
                assert title in text[at:], title
                at = text.index(title, at)

    def test_every_word_of_every_chapter_is_in_the_book(self, book: Book) -> None:
        text = " ".join("".join(span.text for span in every(Span, book)).split())
        for chapter in MANUAL.chapters:
            for html in (
                chapter.opening_html,
                chapter.summary_html,
                *(s.html for s in chapter.sections),
            ):
                for paragraph in re.findall(r"<(?:p|dd|td|li)>(.*?)</(?:p|dd|td|li)>", html, re.S):
                    assert plain(paragraph).strip() in text

    def test_questions_prompts_positions_and_reading_are_there(self, epub: str) -> None:
        for chapter in MANUAL.chapters:
            wanted = [plain(q.stem_html) for q in chapter.questions]
            wanted += [plain(option.html) for q in chapter.questions for option in q.options]
            wanted += [prompt.text for prompt in chapter.prompts]
            wanted += [p.title for one in chapter.open_questions for p in one.positions]
            wanted += [plain(one) for one in chapter.reading]
            assert [one for one in wanted if one not in epub] == []

    def test_the_glossary_is_there(self, pdf: PdfReader, pages: list[str], epub: str) -> None:
        words = " ".join(pages[page_of(pdf, "Glossary") - 1 : page_of(pdf, "Index") - 1])
        for term in MANUAL.glossary:
            assert term.term in words
            assert plain(term.definition_html) in epub

    def test_the_book_says_what_the_award_is_under_which_licence_and_which_edition(
        self, pages: list[str], epub: str
    ) -> None:
        for text in (" ".join(pages[:2]), epub):
            assert "not a regulated qualification" in text
            assert "Creative Commons Attribution-ShareAlike 4.0" in text
            assert f"Edition {MANUAL.edition.number}, 23 November 2026" in text
            assert MANUAL.version in text


class TestThePdf:
    def test_the_contents_give_the_page_that_the_outline_leads_to(
        self, pdf: PdfReader, pages: list[str]
    ) -> None:
        contents = " ".join(pages[2:6])
        listed = 0
        for title, number in outline(pdf)[1:]:
            if len(title) > 1 and f"{title} " in contents:
                assert f"{title} {number} " in f"{contents} "
                listed += 1
        sections = sum(len(one.sections) + len(one.open_questions) for one in MANUAL.chapters)
        assert listed >= 18 + 5 + sections

    def test_the_outline_leads_to_the_page_with_that_heading(
        self, pdf: PdfReader, pages: list[str]
    ) -> None:
        for title, number in outline(pdf):
            # A chapter's number stands over its title, not before it.
            bare = re.sub(r"^\d+ ", "", title)
            assert bare in pages[number - 1]

    def test_pages_are_numbered_as_they_lie(self, pdf: PdfReader) -> None:
        for number, page in list(enumerate(pdf.pages, 1))[1::7]:
            assert page.extract_text().startswith(f"Towpath {number}")

    def test_running_heads_name_chapter_and_section(self, pages: list[str]) -> None:
        heads = [page for page in pages if "5.3 Provocation or threat?" in page[:120]]

        assert heads
        assert all("5 Ethics, confidentiality and when it must be broken" in p[:120] for p in heads)

    def test_no_words_stand_outside_the_margins(self, pdf: PdfReader) -> None:
        outside: list[str] = []

        def seen(text: str, _cm: Any, tm: Any, _font: Any, _size: Any) -> None:
            x, y = tm[4], tm[5]
            if text.strip() and not (23 * MM < x < 191 * MM and 10 * MM < y < 287 * MM):
                outside.append(text)

        for page in pdf.pages:
            page.extract_text(visitor_text=seen)
        assert outside == []

    def test_every_typeface_is_embedded(self, pdf: PdfReader) -> None:
        faces: dict[str, Any] = {}
        for page in pdf.pages:
            fonts: Any = page["/Resources"]["/Font"]
            faces.update({font["/BaseFont"]: font for font in map(_object, fonts.values())})

        assert 5 <= len(faces) <= 8
        assert all("/FontFile2" in font["/FontDescriptor"] for font in faces.values())

    def test_every_letter_is_in_the_typefaces_that_set_it(self, book: Book) -> None:
        text = "".join(one.text for one in every(Span, book))
        text += "".join(one.title for one in every(Section, book))

        for face in (SERIF, SERIF_BOLD, SERIF_ITALIC, SANS, SANS_BOLD):
            assert [one for one in sorted(set(text)) if not covers(face, one)] == []

    def test_links_lead_to_the_page_that_they_name(
        self, pdf: PdfReader, pages: list[str], book: Book
    ) -> None:
        inner = [one for one in every(Span, book) if one.to.startswith("#")]
        found = [
            (one["/Contents"], pdf.get_page_number(_object(one["/Dest"][0])))
            for page in pdf.pages[6:]
            for one in map(_object, page.get("/Annots") or [])
            if "/Dest" in one
        ]

        assert {one.to[1:] for one in inner} <= set(places(book))
        assert len(found) >= len(inner) > 90
        for says, number in found:
            assert number is not None
            if chapter := re.fullmatch(r"Chapter\s(\d+)", says):
                assert f"Chapter {chapter[1]}, about" in pages[number]
            elif re.fullmatch(r"\d+\.\d|OQ\d+[ab]?", says):
                assert f"{says} " in pages[number]
            else:
                assert number + 1 >= page_of(pdf, "Glossary")

    def test_the_leaflets_and_the_index_are_there(
        self, pages: list[str], pdf: PdfReader, epub: str
    ) -> None:
        behind = " ".join(pages[page_of(pdf, "Code of conduct for mentors") - 1 :])
        for leaflet in MANUAL.leaflets:
            for part in leaflet.parts:
                assert f"{part.number} {part.title}" in behind
                assert all(plain(clause.html) in epub for clause in part.clauses)
        for entry in MANUAL.index:
            assert entry.entry in behind
            assert entry.entry in epub

    @pytest.mark.papers
    def test_a_second_program_finds_it_tagged_and_whole(self, files: Files, tmp_path: Path) -> None:
        (tmp_path / "book.pdf").write_bytes(files["pdf"].content)
        done = subprocess.run(
            ["pdfinfo", tmp_path / "book.pdf"], capture_output=True, check=True, text=True
        )

        assert "Tagged:          yes" in done.stdout
        assert "Title:           Towpath: A manual for one-to-one mentors" in done.stdout
        assert done.stderr == ""


def _object(reference: Any) -> Any:
    return reference.get_object()


class TestTheEpub:
    @pytest.mark.epubs
    def test_epubcheck_finds_nothing_to_say(self, files: Files, tmp_path: Path) -> None:
        (tmp_path / "book.epub").write_bytes(files["epub"].content)
        checker = program("epubcheck")
        assert checker is not None
        is_archive = checker.read_bytes()[:2] == b"PK"  # Debian's is started by Java
        start = ["java", "-jar", str(checker)] if is_archive else [str(checker)]
        done = subprocess.run(
            [*start, tmp_path / "book.epub"], capture_output=True, check=False, text=True
        )

        assert "0 fatals / 0 errors / 0 warnings" in done.stdout + done.stderr
        assert done.returncode == 0

    def test_it_stays_small_enough_for_a_telephone(self, files: Files) -> None:
        assert len(files["epub"].content) < 600_000


class TestNothingConfidential:
    def test_no_word_of_feedback_is_in_either(self, pages: list[str], epub: str) -> None:
        texts = (" ".join(pages), epub)
        for chapter in MANUAL.chapters:
            said = [
                sentence
                for question in chapter.questions
                for option in (*question.options, *question.items)
                for sentence in _sentences(option.feedback_html)
            ]
            own = " ".join(
                [*(plain(s.html) for s in chapter.sections), plain(chapter.summary_html)]
            )
            secret = [one for one in said if one not in own]
            assert len(secret) > 5
            assert [one for one in secret for text in texts if one in text] == []

    def test_the_options_stand_in_no_order_that_says_which_is_right(self, book: Book) -> None:
        asked = list(every(Question, book))
        known = [one for chapter in MANUAL.chapters for one in chapter.questions]

        assert len(asked) == len(known) >= 78
        for shown, kept in zip(asked, known, strict=True):
            assert len(shown.options) == len(kept.options)
            ids = [option.id for option in kept.options]
            assert ids == sorted(ids)

    @pytest.mark.parametrize("case", MANUAL.cases, ids=lambda case: case.code)
    def test_no_sentence_of_a_players_or_an_assessors_brief_is_in_either(
        self, case: Case, pages: list[str], epub: str
    ) -> None:
        player, guide = case.player, case.assessor
        secrets = [player.persona_html, player.how_to_play_html, player.if_trusted]
        secrets += [player.escalates, player.softens, player.test_line]
        secrets += [player.delivery_p, player.delivery_r, *(fact.text for fact in player.facts)]
        secrets += [guide.intro_html, *guide.stops, *(scene.cue for scene in guide.scenes)]
        secrets += [words for row in guide.grid for words in (row.achieved, row.not_yet)]
        secrets += [one.text for one in guide.debrief]
        sentences = [one for html in secrets for one in _sentences(html)]

        assert len(sentences) > 20
        for text in (" ".join(pages), epub):
            assert [one for one in sentences if one in text] == []

    def test_the_search_would_find_a_sentence_that_is_there(
        self, pages: list[str], epub: str
    ) -> None:
        sentence = _sentences(MANUAL.chapter(5).sections[0].html)[3]

        assert len(sentence) >= SHORTEST
        assert sentence in epub
        assert sentence in " ".join(pages)


def _sentences(html: str) -> list[str]:
    found = re.split(r"(?<=[.?!])\s+", plain(html))
    return [one for one in found if len(one) >= SHORTEST]


class TestReadingTheManualsHtml:
    def test_footnotes_are_numbered_through_a_chapter(self) -> None:
        reader = Reader(lambda href: "")
        noted = (
            '<p>One.<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>'
            '<div class="footnote"><hr><ol><li id="fn:1"><p>The <em>note</em>.\xa0'
            '<a class="footnote-backref" href="#fnref:1">↩</a></p></li></ol></div>'
        )
        first, second = reader.blocks(noted), reader.blocks(noted)
        notes = [span for span in every(Span, (first, second)) if span.note]

        assert [one.text for one in notes] == ["1", "2"]
        assert "".join(one.text for one in notes[0].note).strip() == "The note."
        assert len(first) == 1

    def test_another_chapter_that_is_named_becomes_a_link(self) -> None:
        reader = Reader(lambda href: "", frozenset({3}))
        spans = list(every(Span, reader.blocks("<p>See Chapter 3, not Chapter 30.</p>")))

        assert [(one.text, one.to) for one in spans if one.to] == [("Chapter\xa03", "#c3")]

    def test_links_of_the_site_lead_into_the_book(self, book: Book) -> None:
        terms = [one for one in every(Span, book.parts[5]) if one.to.startswith("#term-")]

        assert "client" in {one.text for one in terms}

    def test_every_tag_that_the_manual_may_hold_is_known(self) -> None:
        html = (
            "<h3>A</h3><h4>B</h4><p>c<br>d <code>e</code> <b>f</b></p><blockquote><p>g</p>"
            "</blockquote><hr><ol><li>h</li></ol><table><thead><tr><th>i</th></tr></thead>"
            "<tbody><tr><td>j</td></tr></tbody></table>"
        )
        found = Reader(lambda href: "").blocks(html)

        assert "".join(one.text for one in every(Span, found)).replace(" ", "") == "cdefghij"
        assert [one.text for one in every(Heading, found)] == ["A", "B"]
        assert len(list(every(Table, found))) == 1

    @pytest.mark.parametrize("html", ["<video>x</video>", "<p><video>x</video></p>"])
    def test_a_tag_that_no_book_can_set_is_named(self, html: str) -> None:
        with pytest.raises(UnknownTag, match="video"):
            Reader(lambda href: "").blocks(html)
