"""Follows the report into the programme: loads its themes, and checks that each leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from modules.book import Theme
from modules.linter import text_faults
from modules.manual import Chapter, Fault, Manual, OpenQuestion, Section
from modules.markup import REFERENCE, Renderer, plain
from modules.yamlfile import Report, Strict, Words, read_model

#: What the line at the foot of every open question rests on (curriculum B).
STANDING_LINE_RESTS_ON = frozenset({"§4 intro", "§8.1", "§8.2"})
ALL = "all"
_MENTIONED = re.compile(
    r"§\d(?:\.\d)?(?: (?:box|intro|summary))?|(?<=\[)ES(?=[\],])|(?<=, )ES(?=\])"
)

Ref = Annotated[str, Field(pattern=REFERENCE.pattern)]
SectionOrQuestion = Annotated[str, Field(pattern=r"^(?:\d+\.\d+|OQ\d+[a-z]?)$")]
CriterionOrUnit = Annotated[str, Field(pattern=r"^(?:M[1-8]|P[1-3])(?:\.\d\.\d+)?$")]


class _Row(Strict):
    theme: Words
    report: list[Ref] = Field(min_length=1)
    places: list[SectionOrQuestion] = []
    open_questions: bool = False
    chapters: Annotated[str, Field(pattern=r"^\d+ to \d+$")] | None = None
    criteria: list[CriterionOrUnit] = []
    cases: list[Annotated[str, Field(pattern=r"^CS\d+$")]] | Literal["all"] = []
    design: list[Words] = []


class _Rows(Strict):
    rows: list[_Row] = Field(min_length=1)


def load_traceability(text: str, report: Report) -> tuple[Theme, ...]:
    """Return the themes in the order of the report; none, with faults in the report, if faulty."""
    report.faults.extend(text_faults(report.file, text))
    rows = read_model(_Rows, text, report)
    if rows is None or report.faults:
        return ()
    renderer = Renderer(report)
    return tuple(_theme(row, index, renderer) for index, row in enumerate(rows.rows))


def _theme(row: _Row, index: int, renderer: Renderer) -> Theme:
    line = renderer.report.lines["rows", index]
    ends = [int(number) for number in (row.chapters or "").split(" to ") if number]
    return Theme(
        theme=renderer.words(row.theme, line=line),
        report=tuple(row.report),
        places=tuple(row.places),
        open_questions=row.open_questions,
        chapters=tuple(ends),
        criteria=tuple(row.criteria),
        cases=() if row.cases == ALL else tuple(row.cases),
        all_cases=row.cases == ALL,
        design=tuple(row.design),
        place=renderer.report.place(line),
    )


def carried(part: Section | OpenQuestion) -> frozenset[str]:
    """Return the references to the report that a section or an open question shows its reader."""
    if isinstance(part, OpenQuestion):
        shown = " ".join([*(p.source for p in part.positions), *(p.html for p in part.positions)])
        return frozenset(_MENTIONED.findall(plain(shown))) | STANDING_LINE_RESTS_ON
    notes = [note.ref for note in part.notes]
    return frozenset(_MENTIONED.findall(plain(part.html))) | frozenset(notes)


def speaks_of(reference: str, wanted: str) -> bool:
    """Return whether a reference leads to a section of the report, or to a part of it.

    "§5.7 summary" is part of "§5.7", and "§6" holds "§6 summary". Another part of the same section
    is somewhere else, and so is a subsection.
    """
    return reference == wanted or reference == _whole(wanted) or _whole(reference) == wanted


def _whole(reference: str) -> str:
    return reference.split(" ")[0]


def check_traceability(manual: Manual, criteria: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each theme that leads nowhere, or to a place that does not refer to it."""
    parts = _parts(manual.chapters)
    codes = {case.code for case in manual.cases}
    units = {ref.split(".")[0] for ref in criteria}
    for theme in manual.traceability:
        whats = [
            *_nowhere(theme),
            *(f"no section or open question {p}" for p in theme.places if p not in parts),
            *(f"no case study {code}" for code in theme.cases if code not in codes),
            *(f"no criterion or unit {ref}" for ref in theme.criteria
              if ref not in criteria and ref not in units),
            *_no_chapters(theme, manual.chapters),
            *_unsupported(theme, parts),
        ]  # fmt: skip
        for what in whats:
            yield Fault(place=theme.place, what=f"{theme.theme!r}: {what}")


def _parts(chapters: Sequence[Chapter]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for chapter in chapters:
        found |= {part.number: carried(part) for part in chapter.sections}
        found |= {one.id: carried(one) for one in chapter.open_questions}
    return found


def _nowhere(theme: Theme) -> Iterator[str]:
    if not theme.places and not theme.open_questions:
        yield "it leads to no section and no open question"
    if not theme.criteria and not theme.cases and not theme.all_cases:
        yield "it leads to no criterion and no case study"


def _no_chapters(theme: Theme, chapters: Sequence[Chapter]) -> Iterator[str]:
    numbers = {chapter.number for chapter in chapters}
    for end in theme.chapters:
        if end not in numbers:
            yield f"no chapter {end}"


def _unsupported(theme: Theme, parts: Mapping[str, frozenset[str]]) -> Iterator[str]:
    known = [place for place in theme.places if place in parts]
    for place in known:
        if not any(speaks_of(ref, wanted) for ref in parts[place] for wanted in theme.report):
            yield f"{place} has no note and no reference to {' or '.join(theme.report)}"
    seen = frozenset().union(*(parts[place] for place in known))
    seen |= STANDING_LINE_RESTS_ON if theme.open_questions else frozenset()
    for wanted in theme.report:
        # What is said of §4 as a whole stands in its introduction and in its summary alike.
        if not any(speaks_of(ref, wanted) or _whole(ref) == _whole(wanted) for ref in seen):
            yield f"none of its places refers to {wanted}"
