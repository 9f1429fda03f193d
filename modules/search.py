"""Search in plain entries: ranked, with the words found marked, forgiving of one slip in a word.

SQLite's FTS5 does the finding: stems, accents, beginnings of words, rank and excerpts. An index
knows only the entries that it was made of: whoever must not read a text searches in an index
without it, so that neither hits, rank nor corrections can give any of it away.
"""

import re
import sqlite3
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Words shorter than this are taken as they stand: one slip would turn them into anything.
SHORTEST_CORRECTED = 4
#: How many words one misspelt word is taken for, the most frequent first.
MOST_MEANT = 4
MOST_WORDS = 12
EXCERPT_WORDS = 28
#: The title and the heading count for more than the text.
WEIGHTS = (8.0, 3.0, 1.0)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BEGIN, END = "\x02", "\x03"
#: A word, or what belongs together: M3.2.1, one-to-one. Its parts are searched for in a row.
_WORD = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*")
_OF_SOMEBODY = re.compile(r"['\u2019]s?\b")
#: Shorter words are taken whole, not as beginnings of others.
SHORTEST_BEGINNING = 3


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that can be found. ``kind`` and ``key`` say to the caller what it is."""

    kind: str
    key: tuple[str, ...]
    title: str
    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """An entry with its excerpt, in pieces: (words, whether they are what was looked for)."""

    entry: Entry
    title: tuple[tuple[str, bool], ...]
    heading: tuple[tuple[str, bool], ...]
    excerpt: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was found, best first. ``read_as``: (word as typed, words that it was taken for)."""

    found: tuple[Found, ...]
    total: int
    read_as: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: No entry has all the words: these have some of them.
    some_words_only: bool = False


class Index:
    """Entries in memory. May be asked by several threads at once, in the process that made it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._asked = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "CREATE VIRTUAL TABLE entries USING fts5(title, heading, text, "
            "tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3')"
        )
        rows = [(n, one.title, one.heading, one.text) for n, one in enumerate(self.entries)]
        self._base.executemany(
            "INSERT INTO entries (rowid, title, heading, text) VALUES (?, ?, ?, ?)", rows
        )
        parts = (part for row in rows for part in row[1:])
        self._words = Counter(word for part in parts for word in _words(part))

    def find(self, typed: str, most: int = 30) -> Answer:
        """Return what has every word typed, or its beginning; if nothing has, what has some.

        A word that stands nowhere is taken for those that are one slip away: a letter wrong, left
        out, doubled or swapped with the next. Nothing typed can break the question.
        """
        words = list(dict.fromkeys(_words(typed)))[:MOST_WORDS]
        if not words:
            return Answer(found=(), total=0)
        meant = {word: self._meant(word) for word in words}
        asked = [_either(meant[word] or (word,)) for word in words]
        answer = self._ask(" AND ".join(asked), most)
        some_only = not answer.total and len(asked) > 1
        if some_only:
            answer = self._ask(" OR ".join(asked), most)
        return Answer(
            found=answer.found,
            total=answer.total,
            read_as=tuple((word, other) for word, other in meant.items() if other),
            some_words_only=some_only and bool(answer.total),
        )

    def _ask(self, question: str, most: int) -> Answer:
        marked = f"'{BEGIN}', '{END}'"
        rank = ", ".join(map(str, WEIGHTS))
        with self._asked:
            total = self._base.execute(
                "SELECT count(*) FROM entries WHERE entries MATCH ?", (question,)
            ).fetchone()[0]
            rows = self._base.execute(
                f"SELECT rowid, highlight(entries, 0, {marked}), "  # noqa: S608 (our own words)
                f"highlight(entries, 1, {marked}), "
                f"snippet(entries, 2, {marked}, '…', {EXCERPT_WORDS}) FROM entries "
                f"WHERE entries MATCH ? ORDER BY bm25(entries, {rank}), rowid LIMIT ?",
                (question, most),
            ).fetchall()
        found = (
            Found(
                entry=self.entries[row],
                title=_pieces(title),
                heading=_pieces(heading),
                excerpt=_pieces(excerpt),
            )
            for row, title, heading, excerpt in rows
        )
        return Answer(found=tuple(found), total=total)

    def _meant(self, word: str) -> tuple[str, ...]:
        """Return the words that a misspelt one is taken for; none where it is right or hopeless."""
        if len(word) < SHORTEST_CORRECTED or self._stands(word):
            return ()
        near = [other for other in _one_slip_away(word) if other in self._words]
        return tuple(sorted(near, key=lambda other: (-self._words[other], other))[:MOST_MEANT])

    def _stands(self, word: str) -> bool:
        with self._asked:
            row = self._base.execute(
                "SELECT 1 FROM entries WHERE entries MATCH ? LIMIT 1", (_either((word,)),)
            ).fetchone()
        return row is not None


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return _WORD.findall(_OF_SOMEBODY.sub("", bare))


def _either(words: Sequence[str]) -> str:
    parts = (f'"{word}"{"*" if len(word) >= SHORTEST_BEGINNING else ""}' for word in words)
    return f"({' OR '.join(parts)})"


def _pieces(marked: str) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    for part in re.split(f"({BEGIN}[^{END}]*{END})", marked):
        hit = part.startswith(BEGIN)
        words = part.strip(BEGIN + END) if hit else part
        if words:
            pieces.append((words, hit))
    return tuple(pieces)


def _one_slip_away(word: str) -> set[str]:
    """Return every string with one letter of the word wrong, missing, too many, or swapped."""
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in halves if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    wrong = {a + c + b[1:] for a, b in halves if b for c in LETTERS}
    added = {a + c + b for a, b in halves for c in LETTERS}
    return (left_out | swapped | wrong | added) - {word}
