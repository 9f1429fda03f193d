"""Shows an author what a chapter's file becomes, without keeping anything."""

from __future__ import annotations

from collections.abc import Sequence

from modules.chapters import load_chapter
from modules.manual import Chapter, Fault, Term
from modules.yamlfile import Report


def preview_chapter(
    text: str, terms: Sequence[Term] = (), name: str = "preview.md"
) -> tuple[Chapter | None, tuple[Fault, ...]]:
    """The chapter that a file's text makes, or None, and every fault of it with its line."""
    report = Report(name)
    chapter = load_chapter(name, text, terms, report)
    return chapter, tuple(report.faults)
