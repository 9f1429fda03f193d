"""What a chapter's page holds that is the same for every reader, drawn once for each process."""

from dataclasses import dataclass
from functools import partial

from flask import current_app, get_template_attribute, render_template, request
from markupsafe import Markup

from app.content import framework, manual
from app.learning.views import neighbours
from assessments.framework import Criterion
from modules import Chapter, OpenQuestion

#: Stands in what is drawn once, where each reader's own token belongs.
PLACEHOLDER = "token-of-this-reader"


@dataclass(frozen=True, kw_only=True)
class Ends:
    """An open question's positions, its two ends, and what its seven places are called."""

    positions: Markup
    left: Markup
    right: Markup
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Leaves:
    """The fixed parts of one chapter's page. ``parts`` go by id and whether they were read."""

    chapter: Chapter
    head: Markup
    parts: dict[tuple[str, bool], Markup]
    summary: Markup
    ends: dict[str, Ends]
    blanks: dict[str, Markup]
    foot: Markup
    turn: Markup

    def part(self, section: str, read: bool) -> Markup:
        """Return a section with what stands at its end."""
        return self.parts[section, read]

    def blank(self, id: str, token: str) -> Markup:
        """Return an open question or a prompt as it is for who has not written on it yet."""
        return Markup(str(self.blanks[id]).replace(PLACEHOLDER, token))  # noqa: S704 (ours, but the token)


def leaves(chapter: Chapter) -> Leaves:
    """Return the chapter's fixed parts. Addresses in them hold for the root of this request."""
    kept: dict[tuple[str, int], Leaves] = current_app.extensions.setdefault("leaves", {})
    key = (request.script_root, id(chapter))
    # The chapter is kept with its parts: no other object can come to have its id.
    if key not in kept:
        kept[key] = _drawn(chapter)
    return kept[key]


def text_page(chapter: Chapter) -> str:
    """Return the page of the chapter's text alone, drawn once for each version of it."""
    kept: dict[tuple[str, str], str] = current_app.extensions.setdefault("text pages", {})
    key = (request.script_root, chapter.version)
    if key not in kept:
        kept[key] = render_template(
            "learning/text.html",
            chapter=chapter,
            leaves=leaves(chapter),
            turn=neighbours(manual(), chapter),
        )
    return kept[key]


def worker_script() -> str:
    """Return the service worker with the addresses of what every page of the manual needs."""
    return render_template("learning/worker.js", version=manual().version)


def _drawn(chapter: Chapter) -> Leaves:
    draw = partial(get_template_attribute, "macros/chapter.html")
    ends = {one.id: _ends(one) for one in chapter.open_questions}
    blanks = {
        one.id: draw("blank_question")(one, ends[one.id], PLACEHOLDER)
        for one in chapter.open_questions
    }
    return Leaves(
        chapter=chapter,
        head=draw("head")(chapter),
        parts={
            (part.id, read): draw("part")(chapter, part, read)
            for part in chapter.sections
            for read in (True, False)
        },
        summary=draw("summary")(chapter),
        ends=ends,
        blanks=blanks
        | {one.id: draw("prompt_of")(chapter, one, PLACEHOLDER) for one in chapter.prompts},
        foot=draw("end")(chapter, _prepared(chapter)),
        turn=draw("turn_to")(*neighbours(manual(), chapter)),
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
