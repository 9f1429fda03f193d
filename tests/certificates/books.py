"""Small books, with one of everything that a book can hold."""

from datetime import date
from typing import Any

from certificates.book import (
    Aside,
    Block,
    Book,
    Box,
    Break,
    Dialogue,
    Entry,
    Heading,
    Kind,
    Line,
    Lines,
    Listing,
    Paragraph,
    Part,
    Position,
    Positions,
    Prompt,
    Question,
    Quotation,
    Scale,
    Section,
    Span,
    Table,
    Terms,
    Text,
)

LONG = "On the towpath somebody walks beside the water and keeps company with whoever is steering. "


def words(text: str) -> Text:
    return (Span(text=text),)


def said(text: str) -> Paragraph:
    return Paragraph(text=words(text))


def paragraphs(count: int, lines: int = 6) -> tuple[Block, ...]:
    """Return paragraphs that can be told apart, each of some lines."""
    return tuple(said(f"Number {n}. " + LONG * lines) for n in range(count))


EVERYTHING: tuple[Block, ...] = (
    Box(kind="scene", title="", blocks=(said("It rains on the lock."),)),
    Paragraph(
        text=(
            Span(text="A word is "),
            Span(text="bold", bold=True),
            Span(text=", another "),
            Span(text="leans", italic=True),
            Span(text=", a third is a "),
            Span(text="client", to="#term-client"),
            Span(text=", a fourth leads "),
            Span(text="nowhere", to="#no-such-place"),
            Span(text=" or "),
            Span(text="out", to="https://example.org/"),
            Span(text=", and one has a note."),
            Span(text="1", note=words("The note at the foot.")),
        )
    ),
    Aside(label="§3.3", text=words("A note in the margin.")),
    Heading(text="A smaller heading"),
    Listing(items=((said("One."),), (said("Two."),))),
    Listing(items=((said("First."),), (said("Second."),)), numbered=True),
    Quotation(blocks=(said("Quoted."),)),
    Break(),
    Box(kind="keypoint", title="Key point", blocks=(said("Keep this."),)),
    Box(kind="safety", title="Safety", blocks=(said("Ring first."),)),
    Box(kind="example", title="Example: Two", blocks=(said("Somebody did."),)),
    Dialogue(speeches=(("You", words("Hello.")), ("He says", words("Hello yourself.")))),
    Table(
        head=(words("What"), words("Who"), words("When")),
        rows=((words("Rules"), words("Both"), words("First")),) * 2,
    ),
    Positions(positions=(Position(title="Always", source="Somebody", blocks=(said("Yes."),)),)),
    Scale(
        title="How much?",
        note="Nobody marks this.",
        left="All",
        left_text=words("Say all."),
        right="Some",
        right_text=words("Say some."),
    ),
    Prompt(text="What would you say?", label="1 of 2"),
    Question(
        kind=Kind.ONE,
        label="Question 1",
        stem=(said("What first?"),),
        hint="Choose one.",
        options=(words("Say it"), words("Wait")),
    ),
    Question(
        kind=Kind.SEVERAL,
        label="Question 2",
        stem=(said("Which?"),),
        hint="Choose.",
        options=(words("This"), words("That")),
    ),
    Question(
        kind=Kind.ORDER,
        label="Question 3",
        stem=(said("In order?"),),
        hint="Number them.",
        options=(words("Ring"), words("Write")),
    ),
    Question(
        kind=Kind.MATCH,
        label="Question 4",
        stem=(said("What goes together?"),),
        hint="Write the letter.",
        lefts=(words("Water"), words("Path")),
        options=(words("Solid"), words("Dashed")),
    ),
    Terms(entries=(Entry(term="M1.1.1", blocks=(said("explain it"),)),), beside=True),
    Lines(
        lines=(
            Line(text=words("Anger 5.3"), place="i-anger"),
            Line(text=words("of one's own 7.1"), level=1),
            Line(text=(Span(text="Rage, see "), Span(text="Anger", to="#i-anger"))),
        )
    ),
)
GLOSSARY = Part(
    place="glossary",
    title="Glossary",
    opening=(Terms(entries=(Entry(term="Client", blocks=(said("Who?"),), place="term-client"),)),),
)


def a_chapter(*blocks: Block, number: int = 1, title: str = "A chapter") -> Part:
    section = Section(place=f"c{number}-one", number=f"{number}.1", title="One", blocks=blocks)
    return Part(place=f"c{number}", number=str(number), title=title, sections=(section,))


def a_book(*parts: Part, **changes: Any) -> Book:
    """Return a book of these parts; or of a chapter with everything, and a glossary."""
    values: dict[str, Any] = {
        "title": "Towpath",
        "subtitle": "A small book",
        "edition": "Edition 2026.1",
        "day": date(2026, 5, 4),
        "day_in_words": "4 May 2026",
        "version": "0123456789ab",
        "description": "A book to try things with.",
        "author": "Nobody",
        "status": "It is not a qualification.",
        "imprint": (words("Share it."),),
        "rights": "CC BY-SA 4.0",
        "parts": parts or (a_chapter(*EVERYTHING), GLOSSARY),
    }
    return Book(**{**values, **changes})
