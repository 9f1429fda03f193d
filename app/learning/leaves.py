"""What a chapter's page holds that is the same for every reader, drawn once for each process."""

from dataclasses import dataclass
from functools import partial

from flask import current_app, get_template_attribute, request
from markupsafe import Markup

from app.content import framework
from assessments.framework import Criterion
from modules import Chapter, OpenQuestion


@dataclass(frozen=True, kw_only=True)
class Ends:
    """An open question's positions, its two ends, and what its seven places are called."""

    positions: Markup
    left: Markup
    right: Markup
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Leaves:
    """The fixed parts of one chapter's page. ``parts`` and ``ends`` go by id."""

    chapter: Chapter
    head: Markup
    parts: dict[str, Markup]
    summary: Markup
    ends: dict[str, Ends]
    foot: Markup


def leaves(chapter: Chapter) -> Leaves:
    """Return the chapter's fixed parts. Addresses in them hold for the root of this request."""
    kept: dict[tuple[str, int], Leaves] = current_app.extensions.setdefault("leaves", {})
    key = (request.script_root, id(chapter))
    # The chapter is kept with its parts: no other object can come to have its id.
    if key not in kept:
        kept[key] = _drawn(chapter)
    return kept[key]


def _drawn(chapter: Chapter) -> Leaves:
    draw = partial(get_template_attribute, "macros/chapter.html")
    return Leaves(
        chapter=chapter,
        head=draw("head")(chapter),
        parts={part.id: draw("part")(part) for part in chapter.sections},
        summary=draw("summary")(chapter),
        ends={one.id: _ends(one) for one in chapter.open_questions},
        foot=draw("end")(chapter, _prepared(chapter)),
    )


def _prepared(chapter: Chapter) -> list[Criterion]:
    # One that no unit has is a fault of the content check; an author still sees the page.
    return [one for one in framework().criteria if one.ref in chapter.criteria]


def _ends(one: OpenQuestion) -> Ends:
    draw = partial(get_template_attribute, "macros/chapter.html")
    near = ("wholly with", "mostly with", "a little towards")
    return Ends(
        positions=draw("positions")(one),
        left=draw("pole")(one.left_label, one.left_html),
        right=draw("pole")(one.right_label, one.right_html),
        labels=(
            *(f"{how} {one.left_label}" for how in near),
            "between the two",
            *(f"{how} {one.right_label}" for how in reversed(near)),
        ),
    )
