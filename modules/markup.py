"""Markdown to HTML, for our own files only. What visitors write is escaped, never rendered.

The result holds no raw HTML from the file, no style and no script, and is safe under a content
security policy of `default-src 'none'`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape
from xml.etree.ElementTree import Element, SubElement  # builds HTML, parses nothing

import nh3
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

from modules.blocks import Block, Text, scan
from modules.manual import Term
from modules.yamlfile import Report

#: Sections of the report, and our two own markers: what a reference may name.
REFERENCE = re.compile(
    r"^(?:§(?:1|2(?:\.[12])?|[36](?:\.[1-4])?|4(?:\.[1-5])?|5(?:\.[1-7])?|[78](?:\.[1-3])?)"
    r"(?: (?:box|intro|summary))?|ES|scheme|law)$"
)

#: Words that Markdown would give back as they are: no sign of it, no straight quote, no list.
ORDINARY = re.compile(r"(?!\d+\.(?: |$))[^\W_](?:[^\W_]|[ ,;?()’‘“”–—]|\.(?!\.)|:(?!//)|-(?!-))*")

_TEXT_TAGS = {"p", "h3", "h4", "ul", "ol", "li", "blockquote", "aside", "div", "dl", "dt", "dd"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
_TAGS = _TEXT_TAGS | _TABLE_TAGS | {"a", "em", "strong", "b", "sup", "span", "hr", "br", "code"}
_ATTRIBUTES = {
    "a": {"href", "class", "title"},
    "aside": {"class"},
    "div": {"class", "role"},
    "dl": {"class"},
    "p": {"class"},
    "span": {"class"},
    "li": {"id"},
    "sup": {"id"},
    "th": {"align", "scope"},
    "td": {"align"},
}
_RAW_HTML = re.compile(r"<[A-Za-z/!?]")
_LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)|^\s*\[[^\]^]+\]:\s*<?(\S+)|<([a-z][a-z0-9+.-]*:[^>]*)>", re.M
)
_SAFE_LINK = re.compile(r"^(?:https://|/(?!/)|#)")
_SPEECH = re.compile(r"^([^\s:][^:.?!]{0,39}): +(\S.*)$")
_LABELS = {"keypoint": "Key point", "safety": "Safety", "scene": "", "example": "Example"}
_OPENED, _CLOSED = "///open {}", "///close {}"


class _Blocks(BlockProcessor):
    """Puts each block found by the scan into the tree, with what it holds inside it."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md.parser)
        self.shown: list[Block] = []

    def test(self, parent: Element, block: str) -> bool:
        return block.startswith("///open ")

    def run(self, parent: Element, blocks: list[str]) -> bool:
        number = int(blocks.pop(0).split()[1])
        closing = blocks.index(_CLOSED.format(number))
        inside, blocks[: closing + 1] = blocks[:closing], []
        block = self.shown[number]
        if block.kind == "dialogue":
            _dialogue(parent, block)
        elif block.kind == "note":
            _note(parent, block)
        else:
            self.parser.parseBlocks(_box(parent, block), inside)
        return True


def _box(parent: Element, block: Block) -> Element:
    box = SubElement(parent, "div", {"class": block.kind})
    if block.kind == "safety":
        box.set("role", "note")
    label = _LABELS[block.kind]
    title = ": ".join(part for part in (label, block.title) if part)
    if title:
        SubElement(box, "p", {"class": "block-title"}).text = title
    return box


def _dialogue(parent: Element, block: Block) -> None:
    whole = SubElement(parent, "dl", {"class": "dialogue"})
    for _line, who, words in _speeches(block):
        turn = SubElement(whole, "div")
        SubElement(turn, "dt").text = who
        SubElement(turn, "dd").text = words


def _speeches(block: Block) -> Iterable[tuple[int, str, str]]:
    """Line, speaker and words of each speech; the speaker is "" where none is named."""
    for number, line in enumerate(block.text.split("\n"), block.first_line):
        if line.strip():
            match = _SPEECH.match(line)
            yield (number, match[1], match[2]) if match else (number, "", line)


def _note(parent: Element, block: Block) -> None:
    aside = SubElement(parent, "aside", {"class": "mn"})
    ref = SubElement(aside, "b")
    ref.text, ref.tail = block.title, " " + " ".join(block.text.split())


def look_over(nodes: Sequence[Text | Block], report: Report) -> None:
    """Report raw HTML, unsafe links and faulty notes and dialogues, wherever they stand."""
    for node in nodes:
        if isinstance(node, Text):
            _check_text(node, report)
            continue
        if node.kind == "note":
            _check_note(node, report)
        if node.kind == "dialogue":
            _check_dialogue(node, report)
        look_over(node.nodes, report)


def _check_text(node: Text, report: Report) -> None:
    for number, line in enumerate(node.lines, node.line):
        if _RAW_HTML.search(line):
            report.fault(number, "HTML is not used in the manual; use Markdown or a block")
        for match in _LINK.finditer(line):
            target = next(part for part in match.groups() if part)
            if not _SAFE_LINK.match(target):
                report.fault(number, f"a link must be https, or a path or #: {target!r}")


def _check_note(block: Block, report: Report) -> None:
    if not REFERENCE.match(block.title):
        report.fault(block.line, f"a note's title is a reference, not {block.title!r}")
    if len([part for part in block.text.split("\n\n") if part.strip()]) != 1:
        report.fault(block.line, "a margin note is one paragraph")


def _check_dialogue(block: Block, report: Report) -> None:
    for line, who, words in _speeches(block):
        if not who:
            report.fault(line, f"dialogue needs 'Speaker: words', not {words!r}")


class _OurMarkdown(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - python-markdown's name
        # Without these two, HTML in a file is text like any other, and shows as it was typed.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.parser.blockprocessors.register(_Blocks(md), "our_blocks", 200)


class Renderer:
    """Renders the pieces of one file; each glossary term is linked once, where it is first used.

    Every piece is looked over for faults first, unless the whole file has been.
    """

    def __init__(
        self, report: Report, terms: Sequence[Term] = (), *, looked_over: bool = False
    ) -> None:
        self.report = report
        self._looked_over = looked_over
        self._unlinked = {form.lower(): term.slug for term in terms for form in term.forms}
        self._term: re.Pattern[str] | None = None
        self._md = Markdown(
            extensions=["tables", "footnotes", "smarty", _OurMarkdown()],
            extension_configs={
                "tables": {"use_align_attribute": True},
                "footnotes": {"UNIQUE_IDS": True, "BACKLINK_TITLE": "Back to the text"},
            },
        )

    def html(self, text: str, *, line: int, link_terms: bool = False) -> str:
        """Markdown as HTML; faults go into the report with their lines, counted from `line`."""
        return self.nodes(scan(text, self.report, first_line=line), link_terms=link_terms)

    def nodes(self, nodes: Sequence[Text | Block], *, link_terms: bool = False) -> str:
        """The same for what a scan has found."""
        shown: list[Block] = []
        if not self._looked_over:
            look_over(nodes, self.report)
        if self.report.faults:
            return ""  # nothing of a faulty file is used, and half a block would break the parser
        source = _flattened(nodes, shown)
        processor = self._md.parser.blockprocessors["our_blocks"]
        assert isinstance(processor, _Blocks)  # noqa: S101 - tells mypy what we registered ourselves
        processor.shown = shown
        converted = re.sub(r"<th(?=[ >])", '<th scope="col"', self._md.reset().convert(source))
        html = sanitised(converted)
        if "[^" in plain(html):
            self.report.fault(nodes[0].line, "a footnote is used below, but not defined here")
        return self._linked(html) if link_terms else html

    def inline(self, text: str, *, line: int) -> str:
        """One paragraph without its <p>: for options, labels and notes."""
        text = " ".join(text.split())
        # Nothing in it for Markdown to do: hundreds of options and labels are such words.
        if ORDINARY.fullmatch(text) and not self.report.faults:
            return text
        html = self.html(text, line=line)
        return html.removeprefix("<p>").removesuffix("</p>")

    def words(self, text: str, *, line: int) -> str:
        """The text with typographic quotes, as plain words for a template to escape."""
        return plain(self.inline(text, line=line))

    def _linked(self, html: str) -> str:
        parts, skipping = re.split(r"(<[^>]+>)", html), 0
        for index, part in enumerate(parts):
            if index % 2:
                skipping += _step(part)
            elif not skipping and part.strip():
                parts[index] = self._link_first(part)
        return "".join(parts)

    def _next_term(self) -> re.Pattern[str]:
        self._term = self._term or _any_of(self._unlinked)
        return self._term

    def _link_first(self, text: str) -> str:
        if not self._unlinked:
            return text
        match = self._next_term().search(text)
        if match is None:
            return text
        slug = self._unlinked[match[0].lower()]
        self._unlinked = {form: other for form, other in self._unlinked.items() if other != slug}
        self._term = None
        link = f'<a class="term" href="/manual/glossary#{slug}">{match[0]}</a>'
        return text[: match.start()] + link + self._link_first(text[match.end() :])


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    """A pattern for whichever of some words comes first, the longest where several begin there."""
    listed = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])", re.I)


def _step(tag: str) -> int:
    """+1 where a stretch without links begins, -1 where it ends."""
    if re.match(r"<(?:a|h3|h4|dl|aside)\b", tag):
        return 1
    return -1 if re.match(r"</(?:a|h3|h4|dl|aside)>", tag) else 0


def _flattened(nodes: Sequence[Text | Block], shown: list[Block]) -> str:
    pieces = []
    for node in nodes:
        if isinstance(node, Text):
            pieces.append(node.text)
            continue
        number = len(shown)
        shown.append(node)
        # A dialogue and a note are built from their own lines.
        holds = "" if node.kind in ("dialogue", "note") else _flattened(node.nodes, shown)
        pieces += [_OPENED.format(number), holds, _CLOSED.format(number)]
    return "\n\n".join(pieces)


def sanitised(html: str) -> str:
    """The HTML with nothing in it but what our pages need: no style, script or handler."""
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https"}, link_rel=None
    ).strip()


def plain(html: str) -> str:
    """The words of some HTML, without tags and with single spaces: for counting and searching."""
    spaced = re.sub(r"</?(?:p|li|dt|dd|h3|h4|td|th|div|br|aside)\b[^>]*>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", spaced)).split())
