"""How long the search of the manual takes, with 400 chapters in place of eighteen.

The chapters are the real ones over and over, each time with other names for the words of its title:
every word then stands in some twenty times as many places, which is the worst that can be.
"""

import time
from dataclasses import replace
from itertools import cycle, islice
from statistics import median

from app.learning.search import Reach, entries
from assessments.framework import load_framework
from modules.compiled import kept_manual
from modules.search import Index

CHAPTERS, ROUNDS = 400, 15
#: What people type: a word that is everywhere, several, one with a slip, the beginning of one, a
#: criterion, a sentence, and nothing that is there.
TYPED = (
    "client",
    "the client",
    "confidentiality contract",
    "confidentialty contract",
    "trsut",
    "superv",
    "M3.2.1",
    "what do I do when somebody tells me about a plan",
    "zzzz qqqq",
)


def index() -> Index:
    """Return an index of 400 chapters with everything else that is searched."""
    book = kept_manual()
    chapters = tuple(
        replace(chapter, number=number, slug=f"{chapter.slug}-{number}")
        for number, chapter in enumerate(islice(cycle(book.chapters), CHAPTERS), 1)
    )
    whole = replace(book, chapters=chapters)
    return Index(entries(whole, load_framework(), Reach.WHOLE_CASES))


def slowest() -> tuple[str, float]:
    """Return the words that take longest, and their milliseconds (the median of several tries)."""
    searched = index()
    times = {
        typed: median(_milliseconds(searched, typed) for _ in range(ROUNDS)) for typed in TYPED
    }
    typed = max(times, key=lambda one: times[one])
    return typed, times[typed]


def _milliseconds(searched: Index, typed: str) -> float:
    began = time.perf_counter()
    searched.find(typed)
    return (time.perf_counter() - began) * 1000
