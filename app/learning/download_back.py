"""What stands behind the chapters of the book: leaflets, glossary, index."""

from collections.abc import Iterator

from app.formats import plural
from app.learning.book_views import ids, letters
from app.learning.download_html import Leads, Reader
from certificates.book import (
    Block,
    Entry,
    Line,
    Lines,
    Paragraph,
    Part,
    Section,
    Span,
    Terms,
)
from modules import Manual
from modules.book import IndexEntry, Leaflet, LeafletPart

HOW_TO_LOOK_UP = (
    "The numbers are those of sections: 5.3 is the third section of chapter 5, and OQ5 an open "
    "question. Where to look first stands in bold."
)

#: After an entry, before what it leads to.
GAP = "\u00a0\u00a0"


def leaflets(manual: Manual, leads: Leads) -> tuple[Part, ...]:
    """Return the code of conduct and the safety card, each a part of the book."""
    return tuple(_leaflet(one, leads) for one in manual.leaflets)


def _leaflet(one: Leaflet, leads: Leads) -> Part:
    reader = Reader(leads)
    return Part(
        place=one.slug,
        title=one.title,
        purpose=one.lead,
        sections=tuple(
            Section(
                place=f"{one.slug}-{part.id}",
                number=part.number,
                title=part.title,
                blocks=_of_leaflet(part, reader),
                listed=False,
            )
            for part in one.parts
        ),
    )


def _of_leaflet(part: LeafletPart, reader: Reader) -> tuple[Block, ...]:
    clauses = tuple(
        Entry(term=one.number, blocks=(Paragraph(text=reader.text(one.html)),))
        for one in part.clauses
    )
    return (Terms(entries=clauses, beside=True),) if clauses else reader.blocks(part.html)


def glossary(manual: Manual, leads: Leads) -> Part:
    """Return the words that mean something particular."""
    reader = Reader(leads)
    entries = tuple(
        Entry(term=one.term, blocks=reader.blocks(one.definition_html), place=f"term-{one.slug}")
        for one in manual.glossary
    )
    return Part(
        place="glossary",
        title="Glossary",
        purpose=f"{plural(len(entries), 'word')} that mean something particular here.",
        opening=(Terms(entries=entries),),
    )


def index(manual: Manual) -> tuple[Part, ...]:
    """Return the index, by sections, which are the same on paper and on every screen."""
    if not manual.index:
        return ()
    names, places = ids(manual.index), _places(manual)
    return (
        Part(
            place="index",
            title="Index",
            purpose=HOW_TO_LOOK_UP,
            sections=tuple(
                Section(
                    place=f"index-{letter.lower()}",
                    title=letter,
                    blocks=(Lines(lines=tuple(_lines(entries, names, places))),),
                    listed=False,
                )
                for letter, entries in letters(manual.index)
            ),
        ),
    )


def _places(manual: Manual) -> dict[str, str]:
    """Return where each section and open question stands, by its number."""
    found: dict[str, str] = {}
    for chapter in manual.chapters:
        name = f"c{chapter.number}"
        found.update({one.number: f"#{name}-{one.id}" for one in chapter.sections})
        found.update({one.id: f"#{name}-{one.id.lower()}" for one in chapter.open_questions})
    return found


def _lines(
    entries: list[IndexEntry], names: dict[str, str], places: dict[str, str]
) -> Iterator[Line]:
    for one in entries:
        yield Line(text=tuple(_line(one, names, places)), place=names[one.entry])
        for under in one.under:
            yield Line(text=tuple(_line(under, names, places)), level=1)


def _line(one: IndexEntry, names: dict[str, str], places: dict[str, str]) -> Iterator[Span]:
    yield Span(text=one.entry, to=f"#term-{one.term}" if one.term else "")
    for number, found in enumerate(one.places):
        yield Span(text=", " if number else GAP)
        yield Span(text=found.number, bold=found.main, to=places.get(found.number, ""))
    for how, others in (("see", one.see), ("see also", one.see_also)):
        if others:
            yield Span(text="; " if one.places else GAP)
            yield Span(text=f"{how} ", italic=True)
            yield from _others(others, names)
    if one.term and not (one.places or one.see or one.under):
        yield Span(text=GAP)
        yield Span(text="see the ", italic=True)
        yield Span(text="glossary", to=f"#term-{one.term}")


def _others(others: tuple[str, ...], names: dict[str, str]) -> Iterator[Span]:
    for number, other in enumerate(others):
        yield Span(text="; " if number else "")
        yield Span(text=other, to=f"#{names[other]}")
