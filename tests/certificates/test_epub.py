"""A book for electronic readers: whole, well formed, the same each time."""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest

from certificates.book import Book, Span, Typeface, as_epub
from certificates.book.words import places
from certificates.book.xhtml import Writer
from tests.certificates.books import a_book, a_chapter, said

pytestmark = pytest.mark.row("B19")
XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
FACE = Typeface(name="a.woff2", family="Literata", content=b"letters", letters="U+0020-007E")


def opened(book: Book) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(as_epub(book, [FACE])))


def pages(book: Book) -> dict[str, ElementTree.Element]:
    archive = opened(book)
    return {
        name.removeprefix("EPUB/"): ElementTree.fromstring(archive.read(name))  # noqa: S314 (ours)
        for name in archive.namelist()
        if name.endswith((".xhtml", ".opf", ".svg"))
    }


def text_of(page: ElementTree.Element) -> str:
    return " ".join(" ".join(page.itertext()).split())


#: What the page of a chapter says, in its order.
SAID = """It rains on the lock.
A word is bold , another leans , a third is a client
1 The note at the foot.
§3.3 A note in the margin.
A smaller heading One. Two. First. Second. Quoted.
Key point Keep this. Safety Ring first. Example: Two Somebody did.
You Hello. He says Hello yourself. What Who When Rules Both First
Always Yes. Somebody Open question Nobody marks this. All Say all. Some Say some.
1 of 2 What would you say?
Question 1 What first? Choose one. Say it Wait
Ring Write
Water Path Solid Dashed M1.1.1 explain it
Anger 5.3 of one's own 7.1 Rage, see Anger""".splitlines()


class TestTheFile:
    def test_is_the_same_to_the_byte_each_time(self) -> None:
        assert as_epub(a_book(), [FACE]) == as_epub(a_book(), [FACE])

    def test_says_first_and_uncompressed_what_it_is(self) -> None:
        first = opened(a_book()).infolist()[0]

        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert as_epub(a_book())[30:58] == b"mimetypeapplication/epub+zip"

    def test_every_file_bears_the_day_of_the_words(self) -> None:
        assert {one.date_time[:3] for one in opened(a_book()).infolist()} == {(2026, 5, 4)}

    def test_every_file_is_listed_and_every_page_is_in_the_order_of_reading(self) -> None:
        archive, package = opened(a_book()), pages(a_book())["package.opf"]
        items = {one.get("id"): one for one in package.iter(f"{OPF}item")}
        names = {name for name in archive.namelist() if name.startswith("EPUB/")}

        listed = {f"EPUB/{one.get('href')}" for one in items.values()}
        assert listed == names - {"EPUB/package.opf"}
        spine = [items[one.get("idref")].get("href") for one in package.iter(f"{OPF}itemref")]
        assert spine == ["cover.xhtml", "title.xhtml", "nav.xhtml", "c1.xhtml", "glossary.xhtml"]

    def test_its_number_changes_with_the_version_and_only_with_it(self) -> None:
        def number(book: Book) -> str:
            found = re.search(
                r"urn:uuid:[0-9a-f-]{36}", opened(book).read("EPUB/package.opf").decode()
            )
            assert found
            return found[0]

        assert number(a_book()) == number(a_book(description="Otherwise the same"))
        assert number(a_book()) != number(a_book(version="ba9876543210"))

    def test_says_its_language_and_what_readers_can_expect(self) -> None:
        text = opened(a_book()).read("EPUB/package.opf").decode()

        assert "<dc:language>en-GB</dc:language>" in text
        for said_of_it in ("accessMode", "accessibilityFeature", "accessibilitySummary"):
            assert f'"schema:{said_of_it}"' in text
        assert all(
            page.get("lang") == "en-GB"
            for page in pages(a_book()).values()
            if page.tag == f"{XHTML}html"
        )

    def test_the_typeface_goes_along(self) -> None:
        archive = opened(a_book())

        assert archive.read("EPUB/fonts/a.woff2") == b"letters"
        style = archive.read("EPUB/style.css").decode()
        assert "url(fonts/a.woff2)" in style
        assert "unicode-range:U+0020-007E" in style


class TestThePages:
    @pytest.mark.parametrize("said", SAID)
    def test_hold_every_word_in_the_order_of_reading(self, said: str) -> None:
        assert said in text_of(pages(a_book())["c1.xhtml"])

    def test_every_link_leads_to_something_that_is_there(self) -> None:
        found = pages(a_book())
        ids = {name: {one.get("id") for one in page.iter()} for name, page in found.items()}
        inner = [
            (name, one.attrib["href"])
            for name, page in found.items()
            for one in page.iter(f"{XHTML}a")
            if not one.attrib["href"].startswith("https://")
        ]

        assert len(inner) > 8
        for name, href in inner:
            file, _, place = href.partition("#")
            assert not place or place in ids[file or name], href

    def test_no_id_is_given_twice(self) -> None:
        for page in pages(a_book()).values():
            given = [one.get("id") for one in page.iter() if one.get("id")]
            assert len(given) == len(set(given))

    def test_signs_of_the_language_of_pages_are_words_here(self) -> None:
        book = a_book(a_chapter(said("<b> & co")), title="A & <B>")

        assert "<b> & co" in text_of(pages(book)["c1.xhtml"])
        assert "A & <B>" in text_of(pages(book)["title.xhtml"])

    def test_the_contents_name_chapters_sections_and_landmarks(self) -> None:
        nav = pages(a_book())["nav.xhtml"]
        kinds = {one.get(f"{OPS}type") for one in nav.iter() if one.get(f"{OPS}type")}

        assert "Contents 1 A chapter 1.1 One Glossary" in text_of(nav)
        assert {"toc", "landmarks", "cover", "bodymatter", "glossary"} <= kinds

    def test_a_link_that_would_lead_nowhere_is_a_word_like_any(self) -> None:
        book = a_book()
        writer = Writer(book.parts[0], places(book))

        assert writer.text((Span(text="there", to="#nowhere"),)) == "there"

    def test_what_is_no_block_of_ours_is_refused(self) -> None:
        book = a_book()
        with pytest.raises(TypeError, match="str is not a block"):
            Writer(book.parts[0], places(book)).block("words")
