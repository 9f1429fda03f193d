"""Gives each paragraph of a chapter a name that stays while its words do.

A place in the text is kept, and a remark is pinned, by that name: what is added above a paragraph
does not move it, and a paragraph that was rewritten is no longer the one that was meant.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

from modules.manual import Paragraph
from modules.markup import plain

_TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
#: What counts as one paragraph, wherever it stands but inside another or in the margin.
_WHOLE = frozenset({"p", "ul", "ol", "dl", "table", "blockquote"})
_LETTERS = 8


class Namer:
    """Names the paragraphs of one chapter; the same words twice get names of their own."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self.found: list[Paragraph] = []

    def named(self, html: str, section_id: str) -> str:
        """Return the HTML with an id on each paragraph, and keep what was found."""
        pieces, at = [], 0
        for start, end, tag in _paragraphs(html):
            # A speaker is told from what they say, as the page tells them apart by columns.
            words = plain(html[start:end].replace("</dt>", ":</dt>"))
            name = self._name(words)
            self.found.append(Paragraph(id=name, section_id=section_id, words=words))
            pieces += [html[at:start], f'<{tag} id="{name}"']
            at = start + len(tag) + 1
        return "".join([*pieces, html[at:]])

    def _name(self, words: str) -> str:
        stem = sha256(words.encode()).hexdigest()[:_LETTERS]
        self._times[stem] += 1
        again = self._times[stem]
        return f"p-{stem}" if again == 1 else f"p-{stem}-{again}"


def _paragraphs(html: str) -> list[tuple[int, int, str]]:
    """Where each paragraph begins and ends, and its tag; never one inside another."""
    found: list[tuple[int, int, str]] = []
    inside, start, depth = "", 0, 0
    for match in _TAG.finditer(html):
        closing, tag, attributes = match.groups()
        if not inside and not closing and (tag in _WHOLE or tag == "aside"):
            if 'class="block-title"' in attributes or 'class="footnote"' in attributes:
                continue
            inside, start, depth = tag, match.start(), 1
        elif tag == inside:
            depth += -1 if closing else 1
            if not depth:
                if tag != "aside":
                    found.append((start, match.end(), tag))
                inside = ""
    return found
