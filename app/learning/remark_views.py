"""What the pages of remarks show, as plain values for the templates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.learning.views import part_title
from modules import Chapter, Manual, Paragraph

if TYPE_CHECKING:
    from app.learning.models import Remark
    from app.learning.remark_queries import Count


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A remark with what the manual says today."""

    row: "Remark"
    chapter: Chapter | None
    where: str
    #: Whether the paragraph stands as it was when the remark was made.
    stands: bool
    #: The edition that says that it changed because of this remark.
    changed_in: str | None


def shown(book: Manual, row: "Remark") -> Shown:
    """Return a remark as pages show it."""
    chapter = _chapter(book, row.slug)
    editions = [
        one.edition for one in (chapter.changes if chapter else ()) if row.id in one.remarks
    ]
    return Shown(
        row=row,
        chapter=chapter,
        where=part_title(chapter, row.section) if chapter else "",
        stands=any(p.id == row.paragraph for p in (chapter.paragraphs if chapter else ())),
        changed_in=editions[0] if editions else None,
    )


def _chapter(book: Manual, slug: str) -> Chapter | None:
    return next((one for one in book.chapters if one.slug == slug), None)


def title(book: Manual, slug: str) -> str:
    """Return a chapter's title, or its slug if the manual no longer has it."""
    chapter = _chapter(book, slug)
    return chapter.title if chapter else slug.replace("-", " ").capitalize()


def parts(chapter: Chapter) -> list[tuple[str, str, list[Paragraph]]]:
    """Return (anchor, title, paragraphs) of each part of a chapter, in the order of the text."""
    found: dict[str, list[Paragraph]] = {}
    for one in chapter.paragraphs:
        found.setdefault(one.section_id, []).append(one)
    return [(part, part_title(chapter, part), rows) for part, rows in found.items()]


def by_chapter(book: Manual, found: Sequence["Count"]) -> list[tuple[str, str, int, int]]:
    """Return (slug, title, remarks, not yet answered) of each chapter that has remarks."""
    order = {chapter.slug: chapter.number for chapter in book.chapters}
    slugs = sorted({one.slug for one in found}, key=lambda slug: (order.get(slug, 99), slug))
    return [
        (
            slug,
            title(book, slug),
            sum(one.total for one in found if one.slug == slug),
            sum(one.unanswered for one in found if one.slug == slug),
        )
        for slug in slugs
    ]


def in_order(
    book: Manual, slug: str, found: Sequence["Count"], quotes: dict[int, str]
) -> list[tuple["Count", str, bool]]:
    """Return (count, quotation, whether it stands) in the order of the text; gone ones last."""
    chapter = _chapter(book, slug)
    order = {p.id: at for at, p in enumerate(chapter.paragraphs)} if chapter else {}
    rows = sorted(found, key=lambda one: (order.get(one.paragraph, len(order)), one.newest_id))
    return [(one, quotes[one.newest_id], one.paragraph in order) for one in rows]


def words_of(chapter: Chapter) -> set[str]:
    """Return the words of a chapter: the people whom it names are invented."""
    return {word for one in chapter.paragraphs for word in re.findall(r"\w+", one.words)}
