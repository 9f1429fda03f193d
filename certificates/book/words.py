"""What a book is made of: every word of it, and nothing of how it looks.

A *place* is the name of something that can be led to: "c5" or "c5-the-contract". A span leads to a
place of the book ("#c5") or to an address ("https://…").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Span:
    """Some words that look alike. With a ``note`` they are the number of a footnote."""

    text: str
    bold: bool = False
    italic: bool = False
    to: str = ""
    note: Text = ()


Text = tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: Text
    #: Set small, in the voice of the book about itself.
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    items: tuple[tuple[Block, ...], ...]
    numbered: bool = False


@dataclass(frozen=True, kw_only=True)
class Quotation:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Break:
    """A turn in the text that has no heading."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """``kind``: scene, keypoint, safety or example."""

    kind: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    #: (who speaks, what is said)
    speeches: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Aside:
    """A note in the margin, beside the paragraph before it."""

    label: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class Position:
    """One answer to an open question. ``source``: who holds it."""

    title: str
    source: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Positions:
    positions: tuple[Position, ...]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Seven places between the two ends of an open question, and room to say why."""

    title: str
    note: str
    left: str
    left_text: Text
    right: str
    right_text: Text
    label: str = "Open question"
    today: str = "The day"
    why: str = "Why there, in your own words"


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A question to write about, with ruled lines under it."""

    text: str
    label: str = ""


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SEVERAL = "several"
    ORDER = "order"
    MATCH = "match"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question without its answer. ``lefts``: what the options are matched with."""

    kind: Kind
    label: str
    stem: tuple[Block, ...]
    hint: str
    options: tuple[Text, ...]
    lefts: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A term and what is said of it. ``place`` may be empty."""

    term: str
    blocks: tuple[Block, ...]
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    entries: tuple[Entry, ...]
    #: With short terms, such as references, they stand beside the words.
    beside: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an index. ``level``: 0, or 1 for what stands under another."""

    text: Text
    level: int = 0
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Short lines to look something up in, closely set."""

    lines: tuple[Line, ...]


Block = (
    Paragraph | Heading | Listing | Quotation | Break | Box | Dialogue | Table | Aside
    | Positions | Scale | Prompt | Question | Terms | Lines
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Section:
    place: str
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    #: The title in the running head, where a long one does not fit.
    short: str = ""
    #: Whether the table of contents names it.
    listed: bool = True


@dataclass(frozen=True, kw_only=True)
class Part:
    """A chapter, or a part without a number, such as a glossary. It begins on a new page."""

    place: str
    title: str
    #: The title in the running head, where a long one does not fit.
    short: str = ""
    number: str = ""
    #: Over the title: "Chapter 5, about 30 minutes".
    kicker: str = ""
    purpose: str = ""
    opening: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Book:
    title: str
    subtitle: str
    #: "Edition 2026.1"
    edition: str
    #: The day of the words, never of the making: the same words give the same bytes.
    day: date
    day_in_words: str
    #: Twelve hexadecimal digits that change with any word.
    version: str
    description: str
    author: str
    #: On the title page, under the title.
    status: str
    #: The page after the title, paragraph by paragraph.
    imprint: tuple[Text, ...]
    rights: str
    parts: tuple[Part, ...] = field(repr=False)


def every(kind: type[Any], thing: Any) -> Iterator[Any]:
    """Yield each thing of a kind that a book, or anything in it, holds: in the order of reading."""
    if isinstance(thing, kind):
        yield thing
    if isinstance(thing, tuple):
        for inner in thing:
            yield from every(kind, inner)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from every(kind, getattr(thing, one.name))


def places(book: Book) -> dict[str, Part]:
    """Return every place that can be led to, with the part that it stands in."""
    found: dict[str, Part] = {}
    for part in book.parts:
        found[part.place] = part
        for one in every(Section, part):
            found[one.place] = part
        for entry in (*every(Entry, part), *every(Line, part)):
            if entry.place:
                found[entry.place] = part
    return found
