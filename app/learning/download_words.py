"""The manual as a book: chapters without their keys, glossary, and no word that is confidential."""

from app.formats import day, plural
from app.learning import download_back as back
from app.learning.download_html import Reader, words
from assessments.framework import Framework
from certificates.book import (
    Block,
    Book,
    Entry,
    Kind,
    Listing,
    Paragraph,
    Part,
    Position,
    Positions,
    Prompt,
    Question,
    Scale,
    Section,
    Span,
    Terms,
    Text,
)
from modules import Chapter, Manual, OpenQuestion
from modules import Kind as Asked
from modules import Question as Checked

LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
FONTS = "https://openfontlicense.org/"
KINDS = {
    Asked.SINGLE: (Kind.ONE, "Choose one."),
    Asked.SEVERAL: (Kind.SEVERAL, "Choose every one that applies."),
    Asked.ORDER: (Kind.ORDER, "Give each its place, 1 for first."),
    Asked.MATCH: (Kind.MATCH, "Write the letter that goes with each."),
}
DIFFER = (
    "Experienced people answer this differently. Each position stands here as well as it can be "
    "put, and none is the right one."
)
PLACE = "There is no right answer here and nobody marks this."
SCHEME = "scheme"
ANSWERS = (
    "The answers are on the site, with a word on every option. You can practise there as often as "
    "you like before you answer so that it counts."
)
OWN_WORDS = "These words are yours. Name no client, and nothing by which one could be recognised."


def as_book(manual: Manual, framework: Framework) -> Book:
    """Return every word of the book, in the order in which it is read."""
    edition, leads = manual.edition, _Leads(manual)
    return Book(
        title=edition.title,
        subtitle=edition.subtitle,
        edition=f"Edition {edition.number}",
        day=edition.published,
        day_in_words=day(edition.published),
        version=manual.version,
        description="The manual of a programme that prepares mentors for one-to-one work.",
        author="Towpath",
        status=framework.award.status_statement,
        imprint=_imprint(manual, framework),
        rights="Creative Commons Attribution-ShareAlike 4.0 International",
        parts=(
            _about(manual, leads),
            *(_chapter(one, framework, leads) for one in manual.chapters),
            *back.leaflets(manual, leads),
            back.glossary(manual, leads),
            *back.index(manual),
        ),
    )


class _Leads:
    """Where the site's addresses lead in the book."""

    def __init__(self, manual: Manual) -> None:
        self._chapters = {one.slug: f"c{one.number}" for one in manual.chapters}
        self.numbers = frozenset(one.number for one in manual.chapters)

    def __call__(self, href: str) -> str:
        if href.startswith("https://"):
            return href
        path, _, anchor = href.partition("#")
        page = path.removeprefix("/manual/")
        if page == "glossary":
            return f"#term-{anchor}" if anchor else "#glossary"
        if page in self._chapters:
            return f"#{self._chapters[page]}" + (f"-{anchor}" if anchor else "")
        return ""


def _imprint(manual: Manual, framework: Framework) -> tuple[Text, ...]:
    edition, award = manual.edition, framework.award
    return (
        (Span(text=f"{edition.title}. {edition.subtitle}", bold=True),),
        words(
            f"Edition {edition.number}, {day(edition.published)}. Version {manual.version}: the "
            "twelve signs change with any word of the manual, and the site says which are current."
        ),
        words(f"{award.title}. {award.status_statement}"),
        (
            Span(text="The words of this book may be shared and changed under the licence "),
            Span(text="Creative Commons Attribution-ShareAlike 4.0 International", to=LICENCE),
            Span(text=f". Give credit to “{edition.title}, {_lower(edition.subtitle)}”, link to "),
            Span(text="the licence, say what you changed, and pass on what you make under the "),
            Span(text="same licence. There are no warranties."),
        ),
        words(
            "It rests on the evaluation of the West Midlands one-to-one mentoring project: Spalek, "
            "Davies and McDonald, University of Birmingham, 2010. The report, and the books that "
            "are named, belong to their authors and publishers: facts are used here, not sentences."
        ),
        words(
            "Points of law are marked [law]. They say how things stood when this edition was "
            "written, and the scheme’s current guidance comes first. When danger is immediate, "
            "ring 999."
        ),
        (
            Span(text="Set in Literata and Atkinson Hyperlegible Next, under the "),
            Span(text="SIL Open Font Licence 1.1", to=FONTS),
            Span(text="."),
        ),
    )


def _lower(subtitle: str) -> str:
    return subtitle[:1].lower() + subtitle[1:]


def _about(manual: Manual, leads: _Leads) -> Part:
    reader = Reader(leads)
    return Part(
        place="about",
        title="About this book",
        opening=reader.blocks(manual.edition.about_html),
    )


def _chapter(chapter: Chapter, framework: Framework, leads: _Leads) -> Part:
    reader = Reader(leads, leads.numbers - {chapter.number})
    name = f"c{chapter.number}"
    return Part(
        place=name,
        number=str(chapter.number),
        title=chapter.title,
        short=chapter.title.partition(":")[0],
        kicker=f"Chapter {chapter.number}, about {plural(chapter.minutes, 'minute')}",
        purpose=chapter.purpose,
        opening=reader.blocks(chapter.opening_html),
        sections=(
            *(
                Section(
                    place=f"{name}-{one.id}",
                    number=one.number,
                    title=one.title,
                    blocks=reader.blocks(one.html),
                )
                for one in chapter.sections
            ),
            Section(
                place=f"{name}-summary",
                title="In short",
                blocks=reader.blocks(chapter.summary_html),
                listed=False,
            ),
            *(_open_question(one, name, reader) for one in chapter.open_questions),
            *_ends(chapter, name, framework, reader),
        ),
    )


def _open_question(one: OpenQuestion, chapter: str, reader: Reader) -> Section:
    positions = tuple(
        Position(title=p.title, source=_source(p.source), blocks=reader.blocks(p.html))
        for p in one.positions
    )
    return Section(
        place=f"{chapter}-{one.id.lower()}",
        number=one.id,
        title=one.title,
        short=f"Open question {one.id}",
        blocks=(
            _quiet(DIFFER),
            Positions(positions=positions),
            Scale(
                title=one.title,
                note=PLACE,
                left=one.left_label,
                left_text=reader.text(one.left_html),
                right=one.right_label,
                right_text=reader.text(one.right_html),
            ),
            _quiet(one.standing_line),
        ),
    )


def _source(held_by: str) -> str:
    said = "a decision of the scheme" if held_by.strip("[]") == SCHEME else held_by
    return said[:1].upper() + said[1:]


def _ends(chapter: Chapter, name: str, framework: Framework, reader: Reader) -> tuple[Section, ...]:
    several = len(chapter.prompts) > 1
    prompts: list[Block] = [
        Prompt(text=one.text, label=f"{n} of {len(chapter.prompts)}" if several else "")
        for n, one in enumerate(chapter.prompts, 1)
    ]
    asked = [
        _question(one, n, len(chapter.questions), reader)
        for n, one in enumerate(chapter.questions, 1)
    ]
    criteria = [framework.criterion(ref) for ref in chapter.criteria]
    entries = tuple(
        Entry(term=one.ref, blocks=(Paragraph(text=words(one.text.replace("'", "’"))),))
        for one in criteria
    )
    reading = tuple((Paragraph(text=reader.text(one)),) for one in chapter.reading)
    ends: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
        ("write", "Pause and write", (_quiet(OWN_WORDS), *prompts)),
        ("check", "Check your understanding", (_quiet(ANSWERS), *asked)),
        ("criteria", "What this chapter prepares for", (Terms(entries=entries, beside=True),)),
        ("further", "Further reading", (Listing(items=reading),)),
    )
    return tuple(
        Section(place=f"{name}-{id}", title=title, blocks=blocks, listed=False)
        for id, title, blocks in ends
    )


def _quiet(text: str) -> Paragraph:
    return Paragraph(text=words(text), quiet=True)


def _question(one: Checked, number: int, of: int, reader: Reader) -> Question:
    """Return a question as it is asked: its options in no order, without key or feedback."""
    kind, hint = KINDS[one.kind]
    return Question(
        kind=kind,
        label=f"Question {number} of {of}",
        stem=reader.blocks(one.stem_html),
        hint=hint,
        options=tuple(reader.text(option.html) for option in one.options),
        lefts=tuple(reader.text(item.html) for item in one.items),
    )
