"""Loads the glossary."""

from __future__ import annotations

import re

from pydantic import Field

from modules.linter import text_faults
from modules.manual import Term
from modules.markup import Renderer
from modules.yamlfile import Report, Strict, read_model


class _Entry(Strict):
    term: str = Field(min_length=1)
    slug: str | None = Field(default=None, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
    means: str = Field(min_length=1)
    #: Left out: the term itself. Empty: too ordinary a word to link.
    link: list[str] | None = None


class _Glossary(Strict):
    terms: list[_Entry]


def load_glossary(text: str, report: Report) -> tuple[Term, ...]:
    """The terms in alphabetical order; empty, with its faults in the report, when there are any."""
    report.faults.extend(text_faults(report.file, text))
    glossary = read_model(_Glossary, text, report)
    if glossary is None or report.faults:
        return ()
    renderer = Renderer(report)
    terms = [_term(entry, renderer) for entry in glossary.terms]
    for slug in {term.slug for term in terms}:
        if sum(term.slug == slug for term in terms) > 1:
            report.fault(1, f"two terms have the slug {slug!r}")
    return tuple(sorted(terms, key=lambda term: term.term.lower()))


def _term(entry: _Entry, renderer: Renderer) -> Term:
    slug = entry.slug or re.sub(r"[^a-z0-9]+", "-", entry.term.lower()).strip("-")
    return Term(
        term=renderer.words(entry.term, line=1),
        slug=slug,
        definition_html=renderer.html(entry.means, line=1),
        forms=tuple([entry.term] if entry.link is None else entry.link),
    )
