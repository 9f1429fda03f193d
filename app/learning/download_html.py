"""The manual's own HTML read back into the blocks of a book: a small set of tags, all known."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from certificates.book import (
    Aside,
    Block,
    Box,
    Break,
    Dialogue,
    Heading,
    Listing,
    Paragraph,
    Quotation,
    Span,
    Table,
    Text,
)

#: Says where in the book a link of the site leads; "" for what is on the site only.
Leads = Callable[[str], str]
_EMPTY = {"br", "hr"}
_CHAPTER = re.compile(r"\bChapter (\d{1,2})\b")


class UnknownTag(Exception):
    """The manual holds a tag that no book of ours can set."""


@dataclass
class Tag:
    """An element of the HTML and what stands in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Tag | str"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return its class, or its name where it has none."""
        return self.attributes.get("class") or self.name

    def tags(self, *names: str) -> Iterator["Tag"]:
        """Yield the elements of these names right inside it."""
        return (one for one in self.inside if isinstance(one, Tag) and one.name in names)


def words(text: str) -> Text:
    """Return plain words as they stand in a book."""
    return (Span(text=text),)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Tag("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(found)
        if tag not in _EMPTY:
            self.open.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def tree(html: str) -> Tag:
    """Return the HTML as a tree. It was sanitised, so every tag is closed where it should be."""
    reading = _Tree()
    reading.feed(html)
    reading.close()
    return reading.root


class Reader:
    """Reads the pieces of one chapter; its footnotes are numbered through."""

    def __init__(self, leads: Leads, chapters: frozenset[int] = frozenset()) -> None:
        self.leads, self.chapters = leads, chapters
        self._notes: dict[str, Text] = {}
        self._numbered = 0

    def blocks(self, html: str) -> tuple[Block, ...]:
        """Return the blocks of some HTML. Raises UnknownTag."""
        root = tree(html)
        self._notes = dict(self._footnotes(root))
        return tuple(self._blocks(root))

    def text(self, html: str) -> Text:
        """Return HTML of one paragraph, or of none, as words. Raises UnknownTag."""
        root = tree(html)
        inner = [one for tag in root.tags("p") for one in tag.inside]
        return tuple(self._spans(inner or root.inside, Span(text="")))

    def _footnotes(self, root: Tag) -> Iterator[tuple[str, Text]]:
        for box in root.tags("div"):
            if box.kind == "footnote":
                for item in (one for listed in box.tags("ol") for one in listed.tags("li")):
                    yield f"#{item.attributes['id']}", self._footnote(item)

    def _footnote(self, item: Tag) -> Text:
        paragraphs = [list(self._spans(tag.inside, Span(text=""))) for tag in item.tags("p")]
        spans = [span for inner in paragraphs for span in inner]
        # The last is the way back to the text, which paper does not need.
        return tuple(one for one in spans if one.text.strip("↩\u00a0\ufe0e "))

    def _blocks(self, parent: Tag) -> Iterator[Block]:
        loose: list[Tag | str] = []
        for one in parent.inside:
            if isinstance(one, str) or one.name in _INLINE:
                loose.append(one)
                continue
            yield from self._loose(loose)
            loose = []
            yield from self._block(one)
        yield from self._loose(loose)

    def _loose(self, inside: list[Tag | str]) -> Iterator[Block]:
        spans = tuple(self._spans(inside, Span(text="")))
        if "".join(span.text for span in spans).strip():
            yield Paragraph(text=spans)

    def _block(self, tag: Tag) -> Iterator[Block]:
        if tag.kind == "footnote":
            return
        if tag.name == "div":
            yield self._box(tag)
        elif tag.name in _BLOCKS:
            yield _BLOCKS[tag.name](self, tag)
        else:
            raise UnknownTag(tag.name)

    def _box(self, tag: Tag) -> Box:
        titles = [one for one in tag.tags("p") if one.kind == "block-title"]
        rest = Tag(tag.name, {}, [one for one in tag.inside if one not in titles])
        title = "".join(span.text for one in titles for span in self._plain(one))
        return Box(kind=tag.kind, title=title, blocks=tuple(self._blocks(rest)))

    def _plain(self, tag: Tag) -> Text:
        return tuple(self._spans(tag.inside, Span(text="")))

    def _paragraph(self, tag: Tag) -> Paragraph:
        return Paragraph(text=self._plain(tag))

    def _heading(self, tag: Tag) -> Heading:
        return Heading(text="".join(span.text for span in self._plain(tag)))

    def _listing(self, tag: Tag) -> Listing:
        items = tuple(tuple(self._blocks(item)) for item in tag.tags("li"))
        return Listing(items=items, numbered=tag.name == "ol")

    def _quotation(self, tag: Tag) -> Quotation:
        return Quotation(blocks=tuple(self._blocks(tag)))

    def _break(self, _: Tag) -> Break:
        return Break()

    def _dialogue(self, tag: Tag) -> Dialogue:
        speeches = []
        for turn in tag.tags("div"):
            who, said = next(turn.tags("dt")), next(turn.tags("dd"))
            speeches.append(("".join(s.text for s in self._plain(who)), self._plain(said)))
        return Dialogue(speeches=tuple(speeches))

    def _aside(self, tag: Tag) -> Aside:
        label = next(tag.tags("b"))
        rest = [one for one in tag.inside if one is not label]
        words = list(self._spans(rest, Span(text="")))
        words[0] = replace(words[0], text=words[0].text.lstrip())
        return Aside(label="".join(s.text for s in self._plain(label)), text=tuple(words))

    def _table(self, tag: Tag) -> Table:
        rows = [row for part in tag.tags("thead", "tbody") for row in part.tags("tr")]
        cells = [tuple(self._plain(cell) for cell in row.tags("th", "td")) for row in rows]
        return Table(head=cells[0], rows=tuple(cells[1:]))

    def _spans(self, inside: list[Tag | str], look: Span) -> Iterator[Span]:
        for one in inside:
            if isinstance(one, str):
                yield from self._words(re.sub(r"\s+", " ", one), look)
            elif one.name == "sup":
                yield from self._reference(one)
            elif one.name == "br":
                yield replace(look, text=" ")
            elif one.name in _INLINE:
                yield from self._spans(one.inside, self._look(one, look))
            else:
                raise UnknownTag(one.name)

    def _words(self, text: str, look: Span) -> Iterator[Span]:
        """Yield words, with a link wherever another chapter is named."""
        at = 0
        for match in _CHAPTER.finditer(text):
            if int(match[1]) in self.chapters and not look.to:
                yield replace(look, text=text[at : match.start()])
                yield replace(look, text=f"Chapter\u00a0{match[1]}", to=f"#c{match[1]}")
                at = match.end()
        yield replace(look, text=text[at:])

    def _look(self, tag: Tag, look: Span) -> Span:
        if tag.name == "a":
            return replace(look, to=self.leads(tag.attributes.get("href", "")))
        bold, italic = tag.name in {"strong", "b"}, tag.name in {"em", "i"}
        return replace(look, bold=look.bold or bold, italic=look.italic or italic)

    def _reference(self, tag: Tag) -> Iterator[Span]:
        href = next(tag.tags("a")).attributes["href"]
        self._numbered += 1
        yield Span(text=str(self._numbered), note=self._notes[href])


_INLINE = {"a", "b", "br", "code", "em", "i", "span", "strong", "sup"}
_BLOCKS: dict[str, Callable[[Reader, Tag], Block]] = {
    "p": Reader._paragraph,
    "h3": Reader._heading,
    "h4": Reader._heading,
    "ul": Reader._listing,
    "ol": Reader._listing,
    "blockquote": Reader._quotation,
    "hr": Reader._break,
    "dl": Reader._dialogue,
    "aside": Reader._aside,
    "table": Reader._table,
}
