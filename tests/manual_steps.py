"""A manual that changes under its readers."""

from dataclasses import replace
from pathlib import Path

import modules
from modules.preview import preview_chapter

CHAPTERS = Path(modules.__file__).parent / "chapters"


def rewritten(app, number, *changes):
    """Put a chapter in whose file was edited: each change is (old words, new words)."""
    book = app.extensions["manual"]
    old = book.chapter(number)
    text = (CHAPTERS / f"{number:02}-{old.slug}.md").read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    chapter, faults = preview_chapter(text, book.glossary)
    assert chapter is not None, faults
    others = [one for one in book.chapters if one.number != number]
    app.extensions["manual"] = replace(
        book, chapters=tuple(sorted([*others, chapter], key=lambda one: one.number))
    )
    return chapter


def without(app, number):
    """Take a chapter out of the manual; the later ones move up."""
    book = app.extensions["manual"]
    left = [one for one in book.chapters if one.number != number]
    app.extensions["manual"] = replace(
        book, chapters=tuple(replace(one, number=n) for n, one in enumerate(left, 1))
    )
