"""Makes the index of the book: entries from a file and from the glossary, places from the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from modules.book import Found, IndexEntry
from modules.linter import text_faults
from modules.manual import Chapter, Fault, Manual, Place, Section, Term
from modules.markup import plain
from modules.yamlfile import Report, Strict, Words, read_model

MOST_PLACES = 8
#: What an entry weighs in a section: in its heading, in a key point, and each time in its text.
HEADING, KEY_POINT, ONCE = 12, 4, 1
#: A section that only mentions an entry once in passing does not treat it.
TREATED = 2
_KEY_POINT = re.compile(r'<div class="keypoint">(.*?)</div>', re.S)
_NOTE = re.compile(r"<aside\b.*?</aside>", re.S)


class _Under(Strict):
    entry: Words
    #: Left out: the entry itself.
    forms: list[Words] | None = None


class _Entry(_Under):
    under: list[_Under] = []
    see: list[Words] = []
    see_also: list[Words] = []


class _Index(Strict):
    entries: list[_Entry] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class _Text:
    """The words of a section or an open question, folded, with a space around each."""

    number: str
    heading: str
    key: str
    whole: str


def load_index(
    text: str, terms: Sequence[Term], chapters: Sequence[Chapter], report: Report
) -> tuple[IndexEntry, ...]:
    """Return the index in the order of the alphabet; none, with faults in the report, if faulty.

    The glossary's terms are entries too; the file says more of those that it names.
    """
    report.faults.extend(text_faults(report.file, text))
    read = read_model(_Index, text, report)
    if read is None or report.faults:
        return ()
    named = _with_terms(read.entries, terms, report)
    slugs = {_words(term.term): term.slug for term in terms}
    texts = [text for chapter in chapters for text in _texts(chapter)]
    made = [
        _made(entry, texts, slugs.get(_words(entry.entry), ""), report.place(line))
        for entry, line in named
    ]
    return tuple(sorted(made, key=lambda one: _words(one.entry)))


def _with_terms(
    entries: Sequence[_Entry], terms: Sequence[Term], report: Report
) -> list[tuple[_Entry, int]]:
    """The file's entries with their lines, and the terms that it does not name, with none."""
    said = {_words(entry.entry) for entry in entries}
    more = [_Entry(entry=t.term, forms=list(t.forms) or [t.term]) for t in terms
            if _words(t.term) not in said]  # fmt: skip
    lines = [report.lines["entries", number] for number in range(len(entries))]
    return [*zip(entries, lines, strict=True), *((one, 1) for one in more)]


def _made(entry: _Entry, texts: Sequence[_Text], term: str, place: Place) -> IndexEntry:
    return IndexEntry(
        entry=entry.entry,
        term=term,
        places=() if entry.see else _places(entry, texts),
        see=tuple(entry.see),
        see_also=tuple(entry.see_also),
        under=tuple(
            IndexEntry(entry=one.entry, places=_places(one, texts), place=place)
            for one in entry.under
        ),
        place=place,
    )


def _places(entry: _Under, texts: Sequence[_Text]) -> tuple[Found, ...]:
    """The sections that treat an entry most, in the order of the book."""
    said = [_words(form) for form in _forms(entry)]
    forms = sorted({*said, *(f"{form[:-1]}s " for form in said)})
    found = []
    for at, text in enumerate(texts):
        if not any(form[:-1] in text.heading or form[:-1] in text.whole for form in said):
            continue
        main = _times(forms, text.heading) * HEADING + _times(forms, text.key) * KEY_POINT
        weight = main + _times(forms, text.whole) * ONCE
        if weight:
            found.append((weight, -at, Found(number=text.number, main=bool(main))))
    treated = [one for one in found if one[0] >= TREATED] or found
    chosen = sorted(treated, reverse=True, key=lambda one: one[:2])[:MOST_PLACES]
    return tuple(place for _weight, _at, place in sorted(chosen, key=lambda one: -one[1]))


def _forms(entry: _Under) -> list[str]:
    return [entry.entry] if entry.forms is None else entry.forms


def _times(forms: Sequence[str], text: str) -> int:
    return sum(text.count(form) for form in forms)


def _texts(chapter: Chapter) -> Iterator[_Text]:
    yield from (_folded(section) for section in chapter.sections)
    for one in chapter.open_questions:
        said = " ".join([one.title, *(f"{p.title} {p.html}" for p in one.positions)])
        yield _Text(number=one.id, heading=_words(one.title), key="", whole=_words(said))


def _folded(section: Section) -> _Text:
    html = _NOTE.sub(" ", section.html)
    return _Text(
        number=section.number,
        heading=_words(section.title),
        key=_words(" ".join(_KEY_POINT.findall(html))),
        whole=_words(html),
    )


def _words(text: str) -> str:
    """Every word in lower case with a space before and after it; "" for none."""
    found = re.findall(r"[^\W_]+", plain(text).casefold())
    return f" {' '.join(found)} " if found else ""


def check_index(manual: Manual) -> Iterator[Fault]:
    """Yield a fault for each entry that leads nowhere, or to an entry that is not there."""
    times = Counter(one.entry for one in manual.index)
    for one in manual.index:
        for what in _faults(one, times):
            yield Fault(place=one.place, what=f"{one.entry!r}: {what}")


def _faults(one: IndexEntry, names: Mapping[str, int]) -> Iterator[str]:
    if names[one.entry] > 1:
        yield "this entry stands there twice"
    if not (one.places or one.see or one.under or one.term):
        yield "no section has it, and it leads to no other entry"
    for under in one.under:
        if not under.places:
            yield f"no section has what stands under it: {under.entry!r}"
    for name in (*one.see, *one.see_also):
        if name not in names:
            yield f"there is no entry {name!r} to see"
