"""A book on paper: nothing lost, nothing cut, the same each time, and its links lead somewhere."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from certificates.book import Aside, Book, Box, Line, Lines, Paragraph, Part, Span, Table, as_pdf
from certificates.book.galley import (
    BODY,
    BOTTOM,
    LEFT,
    LOOKED_UP,
    MARGIN,
    MARGIN_WIDTH,
    MEASURE,
    TOP,
    Galley,
    Strip,
)
from certificates.book.lines import broken, width
from certificates.book.opening import set_part
from certificates.book.paging import Page, paged
from certificates.book.setting import set_block
from certificates.book.tables import columns
from certificates.tagged import TaggedCanvas
from tests.certificates.books import EVERYTHING, LONG, a_book, a_chapter, paragraphs, said, words

pytestmark = pytest.mark.row("B19")


def read(book: Book) -> PdfReader:
    return PdfReader(BytesIO(as_pdf(book)))


def text_of(book: Book) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(book).pages).split())


def pages_of(part: Part) -> list[Page]:
    paper = TaggedCanvas((595.3, 841.9), title="T", subject="S", author="A")
    galley = Galley(paper)
    set_part(galley, part)
    return paged(galley.strips)


def links(reader: PdfReader) -> list[Any]:
    return [one.get_object() for page in reader.pages for one in page.get("/Annots") or []]


class TestTheFile:
    def test_is_the_same_to_the_byte_each_time(self) -> None:
        assert as_pdf(a_book()) == as_pdf(a_book())

    def test_another_word_is_another_file(self) -> None:
        assert as_pdf(a_book()) != as_pdf(a_book(subtitle="Another"))

    def test_bears_the_day_of_the_words_and_not_of_the_making(self) -> None:
        found = read(a_book()).metadata

        assert found is not None
        assert str(found["/CreationDate"]).startswith("D:20260504")
        assert found.title == "Towpath: A small book"

    def test_says_its_language_and_is_tagged(self) -> None:
        catalog: Any = read(a_book()).trailer["/Root"]

        assert catalog["/Lang"] == "en-GB"
        assert catalog["/MarkInfo"]["/Marked"]
        kinds = _kinds(catalog["/StructTreeRoot"])
        assert {
            "H1",
            "H2",
            "H3",
            "P",
            "L",
            "LI",
            "Table",
            "TR",
            "TH",
            "TD",
            "Note",
            "Link",
            "TOCI",
        } <= kinds

    def test_every_face_is_embedded(self) -> None:
        for page in read(a_book()).pages:
            fonts: Any = page["/Resources"]["/Font"]
            for font in fonts.values():
                assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def _kinds(node: Any) -> set[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return {kind for one in node for kind in _kinds(one)}
    if not isinstance(node, dict):
        return set()
    own = {str(node["/S"])[1:]} if "/S" in node else set()
    return own | (_kinds(node["/K"]) if "/K" in node else set())


class TestEverythingIsInIt:
    @pytest.mark.parametrize(
        "said",
        [
            *(
                "Towpath",
                "A small book",
                "Edition 2026.1, 4 May 2026",
                "It is not a qualification.",
            ),
            *("Share it.", "It rains on the lock.", "A word is bold, another leans,", "client"),
            *("The note at the foot.", "§3.3 A note in the margin.", "A smaller heading", "• One."),
            *("2. Second.", "Quoted.", "Key point Keep this.", "Safety Ring first."),
            *(
                "Example: Two Somebody did.",
                "You Hello.",
                "He says Hello yourself.",
                "What Who When",
            ),
            *(
                "Rules Both First",
                "Always Yes. Somebody",
                "Open question",
                "How much?",
                "All. Say all.",
            ),
            *("Some. Say some.", "1 of 2 What would you say?", "Say it Wait", "This That"),
            *("Ring Write", "A Solid", "B Dashed", "M1.1.1 explain it", "Client Who?"),
            "Anger 5.3 of one's own 7.1 Rage, see Anger",
        ],
    )
    def test_the_words_are_there_in_the_order_of_reading(self, said: str) -> None:
        assert said in text_of(a_book())

    def test_what_is_no_block_of_ours_is_refused(self) -> None:
        paper = TaggedCanvas((595.3, 841.9), title="T", subject="S", author="A")
        with pytest.raises(TypeError, match="str is not a block"):
            set_block("words", Galley(paper), BODY)  # type: ignore[arg-type]


class TestLinks:
    def test_one_leads_into_the_book_and_one_out_of_it(self) -> None:
        found = links(read(a_book()))

        assert [one["/A"]["/URI"] for one in found if "/A" in one] == ["https://example.org/"]
        says = [one["/Contents"] for one in found if "/Dest" in one]
        assert "client" in says
        assert "One, page 4" in says

    def test_one_that_would_lead_nowhere_is_a_word_like_any(self) -> None:
        says = [one["/Contents"] for one in links(read(a_book()))]

        assert "nowhere" not in says

    def test_each_belongs_to_an_element_that_a_screen_reader_meets(self) -> None:
        reader = read(a_book())
        known = _parents(reader)

        for one in links(reader):
            element = known[one["/StructParent"]].get_object()
            assert element["/S"] in {"/Link", "/Reference"}
            held = [part.get_object() for part in element["/K"] if not isinstance(part, int)]
            assert any("/Obj" in part and part["/Obj"].get_object() == one for part in held)

    def test_a_link_over_several_lines_is_one_element_with_several_places_to_press(self) -> None:
        link = Span(text=LONG * 2, to="https://example.org/")
        reader = read(a_book(a_chapter(_paragraph(link))))
        out = [one for one in links(reader) if "/A" in one]

        assert len(out) > 2
        known = _parents(reader)
        assert len({known[one["/StructParent"]].idnum for one in out}) == 1
        boxes = [[float(n) for n in one["/Rect"]] for one in out]
        assert all(LEFT - 1 <= a < c <= LEFT + MEASURE + 1 and b < d for a, b, c, d in boxes)


def _parents(reader: PdfReader) -> dict[int, Any]:
    catalog: Any = reader.trailer["/Root"]
    numbers = catalog["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    raw = list(list.__iter__(numbers))  # references as they stand, not what they refer to
    return dict(zip(raw[::2], raw[1::2], strict=True))


def _paragraph(*spans: Span) -> Paragraph:
    return Paragraph(text=spans)


class TestContents:
    def test_the_page_of_each_entry_is_the_page_that_it_is_on(self) -> None:
        chapters = [
            a_chapter(*paragraphs(9), number=n, title=f"Chapter named {n}") for n in range(1, 13)
        ]
        reader = read(a_book(*chapters))
        said = " ".join(reader.pages[2].extract_text().split())

        for number in range(1, 13):
            on = next(
                n
                for n, page in enumerate(reader.pages, 1)
                if n > 3 and f"Chapter named {number}\n" in page.extract_text()
            )
            assert f"{number} Chapter named {number} {on} {number}.1 One {on + 0}" in said

    def test_the_outline_has_chapters_and_their_sections(self) -> None:
        outline: Any = read(a_book()).outline

        assert [one.title for one in outline if not isinstance(one, list)] == [
            "Contents",
            "1 A chapter",
            "Glossary",
        ]
        assert [one.title for one in outline[2]] == ["1.1 One"]


class TestPages:
    def test_nothing_stands_below_the_foot_or_over_another_thing(self) -> None:
        notes = [Aside(label="§1", text=words(LONG)) for _ in range(12)]
        blocks = [one for pair in zip(paragraphs(12, 3), notes, strict=True) for one in pair]

        for page in pages_of(a_chapter(*blocks, *EVERYTHING, *paragraphs(20))):
            for stack in (page.body, page.asides, page.feet):
                assert all(a.bottom <= b.top + 0.01 for a, b in pairwise(stack))
                assert all(p.top >= TOP - 2 and p.bottom <= BOTTOM + 0.01 for p in stack)
            if page.feet:
                assert page.end < page.feet[0].top

    def test_no_page_begins_or_ends_with_fewer_than_three_lines_of_a_paragraph(self) -> None:
        for lines in range(2, 9):
            pages = pages_of(a_chapter(*paragraphs(60, lines)))
            assert len(pages) > 2
            for page, after in pairwise(pages):
                strips = [p.strip for p in page.body]
                following = [p.strip for p in after.body]
                if not following[0].begins:
                    assert len(strips) - max(n for n, s in enumerate(strips) if s.begins) >= 3
                    ends = (n for n, s in enumerate(following) if s.begins)
                    assert next(ends, len(following)) >= 3

    def test_a_heading_is_never_the_last_thing_on_a_page(self) -> None:
        sections = a_chapter(*paragraphs(3, 4)).sections * 30

        for page in pages_of(Part(place="c1", title="Many", sections=sections))[:-1]:
            assert page.body[-1].strip.running is None

    def test_a_note_stands_beside_its_paragraph(self) -> None:
        (page,) = pages_of(a_chapter(*paragraphs(2, 3), Aside(label="§1", text=words("Here."))))
        beside = next(p for p in page.body if p.strip.asides)

        assert abs(page.asides[0].top - beside.top) < 3
        assert beside.strip.begins

    def test_a_note_never_stands_beside_a_wide_table(self) -> None:
        row = tuple(words(LONG * 2) for _ in range(3))
        table = Table(head=(words("A"), words("B"), words("C")), rows=(row,) * 3)
        pages = pages_of(a_chapter(said("x"), table, Aside(label="§1", text=words("Here."))))

        for page in pages:
            wide = [p for p in page.body if p.strip.wide]
            for note in page.asides:
                assert all(note.bottom <= p.top or note.top >= p.bottom for p in wide)
        assert sum(len(page.asides) for page in pages) == 1

    def test_notes_without_room_close_up_on_the_last_page_and_none_is_lost(self) -> None:
        notes = [Aside(label=f"§{n}", text=words(LONG * 3)) for n in range(8)]
        pages = pages_of(a_chapter(said("One short paragraph."), *notes))

        assert sum(len(page.asides) for page in pages) == 8

    def test_a_footnote_stands_on_the_page_of_its_number(self) -> None:
        note = _paragraph(Span(text="Here it is."), Span(text="1", note=words(LONG * 4)))
        pages = pages_of(a_chapter(*paragraphs(7), note, *paragraphs(7)))

        for page in pages:
            carried = [foot for p in page.body for foot in p.strip.feet]
            assert carried == [p.strip for p in page.feet]
        assert sum(len(page.feet) for page in pages) == 1

    def test_the_head_of_a_table_stands_on_each_of_its_pages(self) -> None:
        row = tuple(words(LONG) for _ in range(2))
        table = Table(head=(words("Heading A"), words("Heading B")), rows=(row,) * 40)
        pages = pages_of(a_chapter(table))
        text = text_of(a_book(a_chapter(table)))

        assert len(pages) > 2
        assert text.count("Heading A") == len(pages) - (not pages[0].body[-1].strip.head)

    def test_what_is_taller_than_a_page_goes_on_over_the_next(self) -> None:
        box = Box(kind="keypoint", title="Key point", blocks=paragraphs(20))

        assert len(pages_of(a_chapter(box))) > 2


class TestLines:
    def test_no_line_is_wider_than_the_measure(self) -> None:
        text = (*words(LONG * 9), Span(text="https://example.org/" + "long" * 60))

        for line in broken(text, BODY, 200):
            assert sum(width(piece.text, piece.look.hand) for piece in line) <= 200.01

    def test_the_words_come_out_as_they_went_in(self) -> None:
        text = (
            Span(text="One "),
            Span(text="two", bold=True),
            Span(text=", three "),
            Span(text="4"),
        )
        lines = broken(text, BODY, 60)

        assert (
            " ".join("".join(p.text for p in line).strip() for line in lines) == "One two, three 4"
        )

    def test_a_word_is_not_left_alone_on_the_last_line_where_others_can_join_it(self) -> None:
        alone = [n for n in range(30, 60) if len(_last(LONG * 3, n * 5)) == 1]

        assert len(alone) <= 2

    def test_a_space_at_the_edge_of_a_link_is_not_underlined(self) -> None:
        text = (Span(text="See "), Span(text="this", to="#x"), Span(text=" now"))
        (line,) = broken(text, BODY, 300)

        assert [piece.text for piece in line] == ["See ", "this", " now"]

    def test_no_words_make_no_lines(self) -> None:
        assert broken(words("  "), BODY, 100) == []


def _last(text: str, measure: float) -> list[str]:
    return "".join(piece.text for piece in broken(words(text), BODY, measure)[-1]).split()


class TestTables:
    def test_the_columns_fill_the_measure_and_hold_their_longest_words(self) -> None:
        table = Table(
            head=(words("A"), words("B"), words("C")),
            rows=((words("Unquestionably"), words(LONG * 3), words("So")),),
        )
        found = columns(table, 330)

        assert sum(found) + 24 == pytest.approx(330)
        assert found[1] > found[0] > found[2]

    def test_a_cell_to_be_filled_in_has_room_for_a_hand(self) -> None:
        rows = ((words("Duty coordinator"), ()), (words("My supervisor"), ()))
        found = columns(Table(head=(words("Whom"), words("Number")), rows=rows), MEASURE)

        assert found[1] >= 120

    def test_a_table_of_one_short_column_is_set_all_the_same(self) -> None:
        assert columns(Table(head=(words("A"),), rows=((words("b"),),)), 300) == [300]


class TestMargins:
    def test_words_stand_inside_the_page(self) -> None:
        found: list[tuple[float, float]] = []

        def seen(text: str, _cm: Any, tm: Any, _font: Any, _size: Any) -> None:
            if text.strip():
                found.append((tm[4], tm[5]))

        for page in read(a_book()).pages:
            page.extract_text(visitor_text=seen)
        assert found
        assert all(LEFT - 1 <= x <= MARGIN + MARGIN_WIDTH for x, _ in found)
        assert all(20 <= y <= 820 for _, y in found)


class TestAnIndex:
    def test_a_line_under_another_never_begins_a_page(self) -> None:
        lines = tuple(Line(text=words(f"Entry {n}"), level=n % 3 > 0) for n in range(200))
        pages = pages_of(a_chapter(Lines(lines=lines)))
        every = [p.strip for page in pages for p in page.body if p.strip.wide]
        firsts = {id(strip): number for number, strip in enumerate(every)}

        assert len(pages) > 2
        for page in pages[1:]:
            # Lines of level 0 are numbered by threes.
            assert firsts[id(page.body[0].strip)] % 3 == 0

    def test_its_links_look_like_words(self) -> None:
        (line,) = broken((Span(text="Anger", to="#i-anger"),), LOOKED_UP, 200)

        assert line[0].look.hand.colour == LOOKED_UP.hand.colour
        assert line[0].look.to == "#i-anger"


class TestStrips:
    def test_a_note_before_any_words_has_a_place_to_hang(self) -> None:
        paper = TaggedCanvas((595.3, 841.9), title="T", subject="S", author="A")
        galley = Galley(paper)

        galley.hang(Strip(height=5, draw=lambda top: None))

        assert len(galley.strips[0].asides) == 1
