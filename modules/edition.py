"""Loads what is said of the manual as a whole: its title, its edition, and what the book is."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from modules.book import Edition
from modules.linter import text_faults
from modules.markup import Renderer
from modules.yamlfile import Report, Strict, Words, front_matter, read_model


class _Head(Strict):
    title: Words
    subtitle: Words
    edition: Annotated[str, Field(pattern=r"^\d{4}\.\d+$")]
    published: Words


def load_edition(text: str, report: Report) -> Edition | None:
    """The edition in a file; or None, with its faults in the report."""
    report.faults.extend(text_faults(report.file, text))
    yaml, body, first_line = front_matter(text, report)
    head = read_model(_Head, yaml, report, first_line=2)
    published = _day(head.published, report) if head else None
    renderer = Renderer(report)
    about = renderer.html(body, line=first_line)
    if report.faults or head is None or published is None:
        return None
    return Edition(
        title=renderer.words(head.title, line=2),
        subtitle=renderer.words(head.subtitle, line=2),
        number=head.edition,
        published=published,
        about_html=about,
        place=report.place(1),
    )


def _day(text: str, report: Report) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        report.fault(report.lines[("published",)], f"not a day like 2026-11-23: {text!r}")
        return None
