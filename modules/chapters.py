"""Loads one chapter: front matter, opening, numbered sections, summary, other parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import ceil
from typing import Annotated

from pydantic import Field

from modules.blocks import SPECS, Block, Text, scan
from modules.linter import text_faults
from modules.manual import (
    Change,
    Chapter,
    Note,
    OpenQuestion,
    Prompt,
    Question,
    Section,
    Term,
)
from modules.markup import Renderer, look_over, plain
from modules.paragraphs import Namer
from modules.questions import open_question, prompts, question, reading
from modules.yamlfile import Criterion, Report, Slug, Strict, Words, front_matter, read_model

#: For reading that is meant to be thought about, not skimmed.
WORDS_A_MINUTE = 170

Edition = Annotated[str, Field(pattern=r"^\d{4}\.\d+$")]
_HEADING = re.compile(r"^## (\d+\.\d+) (\S.*?) \{#([a-z][a-z0-9-]*)\}$")


class _Change(Strict):
    edition: Edition
    what: Words
    #: The numbers that readers' remarks have on the site.
    remarks: list[int] = Field(default_factory=list)


class _Head(Strict):
    number: int = Field(ge=1)
    slug: Slug
    title: Words
    edition: Edition
    purpose: Words
    minutes: int = Field(ge=5, le=60)
    criteria: list[Criterion] = Field(min_length=1)
    changes: list[_Change] = Field(default_factory=list)


@dataclass
class _Part:
    """What stands under one heading; `number` is "" for the opening and the summary."""

    line: int
    number: str
    title: str
    id: str
    nodes: list[Text | Block] = field(default_factory=list)


def load_chapter(name: str, text: str, terms: Sequence[Term], report: Report) -> Chapter | None:
    """The chapter in a file; or None, with every fault of it in the report."""
    report.faults.extend(text_faults(name, text))
    yaml, body, first_line = front_matter(text, report)
    head = read_model(_Head, yaml, report, first_line=2)
    nodes = scan(body, report, first_line=first_line)
    parts = _parts([node for node in nodes if not _structural(node)], report)
    blocks = [node for node in nodes if isinstance(node, Block) and _structural(node)]
    look_over(nodes, report)
    renderer = Renderer(report, terms, looked_over=True)
    html = {part.id: renderer.nodes(part.nodes, link_terms=bool(part.number)) for part in parts}
    extras = _extras(blocks, parts, renderer)
    _check_parts(parts, html, report)
    if report.faults or head is None:
        return None
    version = f"{head.edition}-{sha256(text.encode()).hexdigest()[:12]}"
    return _chapter(head, version, parts, html, extras, renderer)


@dataclass
class _Extras:
    questions: list[Question] = field(default_factory=list)
    open_questions: list[OpenQuestion] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    reading: list[str] = field(default_factory=list)


def _structural(node: Text | Block) -> bool:
    return isinstance(node, Block) and node.kind in SPECS and SPECS[node.kind].structural


def _parts(nodes: Sequence[Text | Block], report: Report) -> list[_Part]:
    parts = [_Part(line=1, number="", title="", id="opening")]
    for node in nodes:
        if isinstance(node, Block):
            parts[-1].nodes.append(node)
            continue
        for number, line in enumerate(node.lines, node.line):
            if re.match(r"^##? ", line):
                parts.append(_headed(number, line, report))
            else:
                _add_line(parts[-1], number, line)
    return parts


def _headed(number: int, line: str, report: Report) -> _Part:
    if line.rstrip() == "## Summary":
        return _Part(line=number, number="", title="Summary", id="summary")
    match = _HEADING.match(line.rstrip())
    if match is None:
        report.fault(number, "a heading reads '## 5.1 Its title {#its-anchor}' or '## Summary'")
        return _Part(line=number, number="?", title=line, id=f"line-{number}")
    return _Part(line=number, number=match[1], title=match[2], id=match[3])


def _add_line(part: _Part, number: int, line: str) -> None:
    last = part.nodes[-1] if part.nodes else None
    if not isinstance(last, Text):
        last = Text(line=number)
        part.nodes.append(last)
    last.lines.append(line)


def _check_parts(parts: Sequence[_Part], html: dict[str, str], report: Report) -> None:
    if len(html) < len(parts):
        for part in parts:
            if [other.id for other in parts].count(part.id) > 1:
                report.fault(part.line, f"the anchor {part.id!r} is used twice")
    for wanted in ("opening", "summary"):
        if not report.faults and not html.get(wanted):
            report.fault(1, f"the chapter has no {wanted}")


def _extras(blocks: Sequence[Block], parts: Sequence[_Part], renderer: Renderer) -> _Extras:
    extras = _Extras()
    sections = {part.id: part.line for part in parts if part.number}
    for block in blocks:
        if block.kind == "check" and (asked := question(block, renderer, sections)):
            extras.questions.append(asked)
        elif block.kind == "openquestion" and (opened := open_question(block, renderer)):
            extras.open_questions.append(opened)
        elif block.kind == "reflection":
            extras.prompts += prompts(block, renderer)
        elif block.kind == "reading":
            extras.reading += reading(block, renderer)
    return extras


def _chapter(
    head: _Head,
    version: str,
    parts: Sequence[_Part],
    html: dict[str, str],
    extras: _Extras,
    renderer: Renderer,
) -> Chapter:
    running = [*html.values(), *(_words_of(opened) for opened in extras.open_questions)]
    namer = Namer()
    html = {part: namer.named(text, part) for part, text in html.items()}
    asked = tuple(_named(opened, namer) for opened in extras.open_questions)
    return Chapter(
        number=head.number,
        slug=head.slug,
        title=renderer.words(head.title, line=1),
        purpose=renderer.words(head.purpose, line=1),
        minutes=head.minutes,
        criteria=tuple(head.criteria),
        version=version,
        opening_html=html["opening"],
        sections=tuple(_section(part, html[part.id], renderer) for part in parts if part.number),
        summary_html=html["summary"],
        open_questions=asked,
        prompts=tuple(extras.prompts),
        questions=tuple(extras.questions),
        reading=tuple(extras.reading),
        paragraphs=tuple(namer.found),
        changes=_changes(head, renderer),
        words=sum(len(plain(piece).split()) for piece in running),
        place=renderer.report.place(1),
        criteria_place=renderer.report.place(renderer.report.lines["criteria",]),
    )


def _named(opened: OpenQuestion, namer: Namer) -> OpenQuestion:
    positions = (
        replace(position, html=namer.named(position.html, opened.id))
        for position in opened.positions
    )
    return replace(opened, positions=tuple(positions))


def _changes(head: _Head, renderer: Renderer) -> tuple[Change, ...]:
    """What each edition changed, newest first."""
    found = [
        Change(
            edition=change.edition,
            what=renderer.words(change.what, line=1),
            remarks=tuple(change.remarks),
        )
        for change in head.changes
    ]
    return tuple(sorted(found, key=lambda one: _parts_of(one.edition), reverse=True))


def _parts_of(edition: str) -> tuple[int, ...]:
    return tuple(int(part) for part in edition.split("."))


def _words_of(opened: OpenQuestion) -> str:
    return " ".join([opened.left_html, opened.right_html, *(p.html for p in opened.positions)])


def _section(part: _Part, html: str, renderer: Renderer) -> Section:
    return Section(
        id=part.id,
        number=part.number,
        title=renderer.words(part.title, line=part.line),
        html=html,
        minutes=ceil(len(plain(html).split()) / WORDS_A_MINUTE),
        notes=tuple(
            Note(ref=node.title, html=renderer.inline(node.text, line=node.line))
            for node in part.nodes
            if isinstance(node, Block) and node.kind == "note"
        ),
        place=renderer.report.place(part.line),
    )
