"""What has changed in a chapter since somebody read it, for the page that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.learning.views import part_title
from modules import Chapter
from modules.differences import Difference, differences

if TYPE_CHECKING:
    from app.learning.models import ChapterEdition


@dataclass(frozen=True, kw_only=True)
class Since:
    """The differences by part, and what cannot be compared."""

    #: (what the part is called, its anchor or "", its differences)
    parts: list[tuple[str, str, list[Difference]]]
    #: Titles of parts whose text, as it was read, was not kept.
    unknown: list[str]
    #: When the text that was read last was first kept.
    kept_at: datetime | None


def since(
    chapter: Chapter, read: Mapping[str, str], editions: Mapping[str, "ChapterEdition"]
) -> Since:
    """Return what is different from what was read: ``read`` is {section: version}, oldest first.

    Each section is compared with the version in which it was read; the opening, the summary and
    the open questions with the version that was read last.
    """
    last = next((editions[v] for v in reversed([*read.values()]) if v in editions), None)
    old, compared = _old(chapter, read, editions, last)
    new = [(p.section_id, p.words) for p in chapter.paragraphs if p.section_id in compared]
    found: dict[str, list[Difference]] = {}
    for one in differences(old, new):
        found.setdefault(one.section_id, []).append(one)
    anchors = {p.section_id for p in chapter.paragraphs}
    titles = {**_titles(chapter)}
    return Since(
        parts=[
            (titles.get(part, "A part that is gone"), part if part in anchors else "", rows)
            for part, rows in found.items()
        ],
        unknown=[
            part_title(chapter, section)
            for section, version in read.items()
            if version != chapter.version and version not in editions and section in titles
        ],
        kept_at=last.kept_at if last else None,
    )


def _titles(chapter: Chapter) -> dict[str, str]:
    parts = {p.section_id for p in chapter.paragraphs}
    return {part: part_title(chapter, part) for part in parts}


def _old(
    chapter: Chapter,
    read: Mapping[str, str],
    editions: Mapping[str, "ChapterEdition"],
    last: "ChapterEdition | None",
) -> tuple[list[tuple[str, str]], set[str]]:
    """Return the text as it was read, and the parts of the chapter that it can speak for."""
    sections = {section.id for section in chapter.sections}
    comes_from = {part: editions[version] for part, version in read.items() if version in editions}
    if last is not None:
        around = {part for part, _ in last.paragraphs} - sections - read.keys()
        around |= {p.section_id for p in chapter.paragraphs} - sections
        comes_from |= dict.fromkeys(around, last)
    old = [
        (part, words)
        for edition in dict.fromkeys(comes_from.values())
        for part, words in edition.paragraphs
        if comes_from.get(part) is edition
    ]
    return old, set(comes_from)
