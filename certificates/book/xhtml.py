"""The blocks of a book as XHTML for electronic readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatchmethod
from html import escape

from certificates.book.words import (
    Aside,
    Block,
    Box,
    Break,
    Dialogue,
    Heading,
    Kind,
    Lines,
    Listing,
    Paragraph,
    Part,
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

#: What a part is, by its place; a chapter has a number.
KINDS = {"about": "preface", "glossary": "glossary", "index": "index"}
UNDER = ' class="under"'
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" \
lang="en-GB" xml:lang="en-GB">
<head><meta charset="utf-8"/><title>{title}</title>\
<link rel="stylesheet" href="style.css" type="text/css"/></head>
<body{attributes}>
{body}
</body>
</html>
"""


def page(title: str, body: str, attributes: str = "") -> str:
    """Return a whole page. ``body`` is XHTML already, ``title`` is not."""
    return PAGE.format(title=escape(title), body=body, attributes=attributes)


def file_of(part: Part) -> str:
    """Return the name of the file that a part stands in."""
    return f"{part.place}.xhtml"


class Writer:
    """Writes one part. ``places``: every place of the book, with the part that it stands in."""

    def __init__(self, part: Part, places: Mapping[str, Part]) -> None:
        self.part, self.places = part, places
        self._feet: list[str] = []
        self._noted = 0

    def whole(self) -> str:
        """Return the page of the part."""
        part = self.part
        head = [f'<header id="{part.place}">']
        head += [f'<p class="kicker">{escape(part.kicker)}</p>'] if part.kicker else []
        head += [f"<h1>{escape(part.title)}</h1>"]
        head += [f'<p class="purpose">{escape(part.purpose)}</p>'] if part.purpose else []
        head += ['<hr class="twin"/></header>', self.blocks(part.opening), self._notes()]
        body = "\n".join([*head, *(self._section(one) for one in part.sections)])
        kind = "chapter" if part.number else KINDS.get(part.place, "appendix")
        return page(part.title, f'<section epub:type="{kind}">\n{body}\n</section>')

    def _section(self, one: Section) -> str:
        title = f"{one.number} {one.title}" if one.number else one.title
        inner = f"<h2>{escape(title)}</h2>\n{self.blocks(one.blocks)}\n{self._notes()}"
        return f'<section id="{one.place}">{inner}</section>'

    def _notes(self) -> str:
        notes, self._feet = "".join(self._feet), []
        return notes

    def text(self, text: Text) -> str:
        """Return words as they stand in a line."""
        return "".join(self._span(span) for span in text)

    def _span(self, span: Span) -> str:
        words = escape(span.text, quote=False)
        if span.note:
            return self._reference(words, span.note)
        words = f"<b>{words}</b>" if span.bold else words
        words = f"<em>{words}</em>" if span.italic else words
        href = self._href(span.to)
        return f'<a href="{escape(href)}">{words}</a>' if href else words

    def _href(self, to: str) -> str:
        if not to.startswith("#"):
            return to
        part = self.places.get(to[1:])
        if part is None:
            return ""
        return to if part is self.part else f"{file_of(part)}{to}"

    def _reference(self, number: str, note: Text) -> str:
        self._noted += 1
        name = f"note-{self._noted}"
        self._feet.append(
            f'<aside class="foot" epub:type="footnote" id="{name}">'
            f"<p>{number} {self.text(note)}</p></aside>"
        )
        return f'<sup><a epub:type="noteref" href="#{name}">{number}</a></sup>'

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Return blocks one after the other."""
        return "\n".join(self.block(one) for one in blocks)

    @singledispatchmethod
    def block(self, block: Block) -> str:
        """Return one block."""
        raise TypeError(f"{type(block).__name__} is not a block of ours")

    @block.register
    def _(self, block: Paragraph) -> str:
        quiet = ' class="quiet"' if block.quiet else ""
        return f"<p{quiet}>{self.text(block.text)}</p>"

    @block.register
    def _(self, block: Heading) -> str:
        return f"<h3>{escape(block.text)}</h3>"

    @block.register
    def _(self, block: Listing) -> str:
        tag = "ol" if block.numbered else "ul"
        items = "".join(f"<li>{self.blocks(item)}</li>" for item in block.items)
        return f"<{tag}>{items}</{tag}>"

    @block.register
    def _(self, block: Quotation) -> str:
        return f"<blockquote>{self.blocks(block.blocks)}</blockquote>"

    @block.register
    def _(self, block: Break) -> str:
        return "<hr/>"

    @block.register
    def _(self, block: Box) -> str:
        title = f'<p class="title">{escape(block.title)}</p>' if block.title else ""
        return f'<div class="{block.kind}">{title}{self.blocks(block.blocks)}</div>'

    @block.register
    def _(self, block: Dialogue) -> str:
        turns = "".join(
            f"<dt>{escape(who)}</dt><dd>{self.text(said)}</dd>" for who, said in block.speeches
        )
        return f'<dl class="dialogue">{turns}</dl>'

    @block.register
    def _(self, block: Table) -> str:
        head = "".join(f'<th scope="col">{self.text(cell)}</th>' for cell in block.head)
        rows = "".join(
            "<tr>" + "".join(f"<td>{self.text(cell)}</td>" for cell in row) + "</tr>"
            for row in block.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    @block.register
    def _(self, block: Aside) -> str:
        return f'<aside class="note"><b>{escape(block.label)}</b> {self.text(block.text)}</aside>'

    @block.register
    def _(self, block: Positions) -> str:
        return "\n".join(
            f"<h3>{escape(one.title)}</h3>{self.blocks(one.blocks)}"
            f'<p class="quiet">{escape(one.source)}</p>'
            for one in block.positions
        )

    @block.register
    def _(self, block: Scale) -> str:
        ends = ((block.left, block.left_text), (block.right, block.right_text))
        poles = "".join(
            f"<dt>{escape(label)}</dt><dd>{self.text(text)}</dd>" for label, text in ends
        )
        return (
            f'<div class="question"><p class="label">{escape(block.label)}</p>'
            f"<p>{escape(block.note)}</p><dl>{poles}</dl></div>"
        )

    @block.register
    def _(self, block: Prompt) -> str:
        label = f'<p class="label">{escape(block.label)}</p>' if block.label else ""
        return f'<div class="prompt">{label}<p>{escape(block.text)}</p></div>'

    @block.register
    def _(self, block: Question) -> str:
        asked = block.lefts if block.kind is Kind.MATCH else block.options
        options = "".join(f"<li>{self.text(one)}</li>" for one in asked)
        goes = "".join(f"<li>{self.text(one)}</li>" for one in block.options)
        with_what = f'<ol class="goes-with">{goes}</ol>' if block.kind is Kind.MATCH else ""
        return (
            f'<div class="asked"><p class="label">{escape(block.label)}</p>'
            f'{self.blocks(block.stem)}<p class="quiet">{escape(block.hint)}</p>'
            f'<ul class="options {block.kind}">{options}</ul>{with_what}</div>'
        )

    @block.register
    def _(self, block: Terms) -> str:
        entries = "".join(
            f"<dt{_id(one.place)}>{escape(one.term)}</dt><dd>{self.blocks(one.blocks)}</dd>"
            for one in block.entries
        )
        return f'<dl class="{"criteria" if block.beside else "terms"}">{entries}</dl>'

    @block.register
    def _(self, block: Lines) -> str:
        lines = "".join(
            f"<li{_id(one.place)}{UNDER if one.level else ''}>{self.text(one.text)}</li>"
            for one in block.lines
        )
        return f'<ul class="lines">{lines}</ul>'


def _id(place: str) -> str:
    return f' id="{place}"' if place else ""
