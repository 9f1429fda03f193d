"""Loads the leaflets: the code of conduct, clause by clause, and the safety card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from modules.book import Clause, Leaflet, LeafletPart
from modules.linter import text_faults
from modules.markup import Renderer
from modules.yamlfile import Report, Slug, Strict, Words, front_matter, read_model

#: Files of the manual's folder; each makes a page of its own.
FILES = ("conduct.md", "safety-card.md")
_HEADING = re.compile(r"^## (\d+) (\S.*?) \{#([a-z][a-z0-9-]*)\}$")
_CLAUSE = re.compile(r"^(\d+\.\d+) +(\S.*)$")
_REFERENCED = re.compile(r"\[[^\]\[]+\]$")


class _Head(Strict):
    slug: Slug
    title: Words
    edition: Annotated[str, Field(pattern=r"^\d{4}\.\d+$")]
    lead: Words


@dataclass
class _Part:
    line: int
    number: str
    title: str
    id: str
    lines: list[str]


def load_leaflet(text: str, report: Report) -> Leaflet | None:
    """Return the leaflet in a file; or None, with every fault of it in the report."""
    report.faults.extend(text_faults(report.file, text))
    yaml, body, first_line = front_matter(text, report)
    head = read_model(_Head, yaml, report, first_line=2)
    parts = _parts(body, first_line, report)
    renderer = Renderer(report)
    drawn = tuple(_drawn(part, renderer) for part in parts)
    if head is None or report.faults:
        return None
    return Leaflet(
        slug=head.slug,
        title=renderer.words(head.title, line=1),
        lead=renderer.words(head.lead, line=1),
        version=f"{head.edition}-{sha256(text.encode()).hexdigest()[:12]}",
        parts=drawn,
        place=report.place(1),
    )


def _parts(body: str, first_line: int, report: Report) -> list[_Part]:
    parts: list[_Part] = []
    for number, line in enumerate(body.split("\n"), first_line):
        if line.startswith("#"):
            parts.append(_headed(number, line, len(parts) + 1, report))
        elif parts:
            parts[-1].lines.append(line)
        elif line.strip():
            report.fault(number, "text before the first heading")
    if len(parts) < 2:
        report.fault(first_line, "a leaflet has two parts or more")
    return parts


def _headed(number: int, line: str, expected: int, report: Report) -> _Part:
    match = _HEADING.match(line.rstrip())
    if match is None or int(match[1]) != expected:
        report.fault(number, f"the next heading reads '## {expected} Its title {{#its-anchor}}'")
        return _Part(number, "?", line, f"line-{number}", [])
    return _Part(number, match[1], match[2], match[3], [])


def _drawn(part: _Part, renderer: Renderer) -> LeafletPart:
    clauses = _clauses(part, renderer)
    return LeafletPart(
        id=part.id,
        number=part.number,
        title=renderer.words(part.title, line=part.line),
        html="" if clauses else renderer.html("\n".join(part.lines), line=part.line + 1),
        clauses=clauses,
        place=renderer.report.place(part.line),
    )


def _clauses(part: _Part, renderer: Renderer) -> tuple[Clause, ...]:
    """The part's clauses, `3.1 Words. [§3.3]`, a paragraph each; none in a part without any."""
    lines = [(n, line) for n, line in enumerate(part.lines, part.line + 1) if line.strip()]
    matches = [(number, line, _CLAUSE.match(line)) for number, line in lines]
    if not any(match for *_, match in matches):
        return ()
    found: list[Clause] = []
    for number, line, match in matches:
        expected = f"{part.number}.{len(found) + 1}"
        if match is None or match[1] != expected:
            renderer.report.fault(
                number, f"the next clause begins with {expected!r}: {line[:20]!r}"
            )
            continue
        if not _REFERENCED.search(line.rstrip()):
            what = f"{expected} does not end in where it comes from, as [§3.3] or [scheme]"
            renderer.report.fault(number, what)
        found.append(Clause(number=expected, html=renderer.inline(match[2], line=number)))
    return tuple(found)
