"""What the book has besides chapters and cases: where each theme went, leaflets, the index."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from modules.manual import Place


@dataclass(frozen=True, kw_only=True)
class Edition:
    """The manual as a book: what stands on its title page, and what it says of itself."""

    title: str
    subtitle: str
    #: "2026.1"; no chapter is of a later one.
    number: str
    #: The day that the book bears, whenever its files are made.
    published: date
    about_html: str
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A theme of the report, and where the programme takes it up."""

    theme: str
    #: Sections of the report, as references write them: "§3.2", "§2.1 box", "ES".
    report: tuple[str, ...]
    #: Sections of chapters ("5.1") and open questions ("OQ5") that treat it.
    places: tuple[str, ...]
    #: Every open question: the line at the foot of each carries the reference.
    open_questions: bool
    #: Chapters that it runs through as a whole, first and last; empty for most.
    chapters: tuple[int, ...]
    #: References of criteria, or units as a whole ("M1").
    criteria: tuple[str, ...]
    #: Codes of case studies.
    cases: tuple[str, ...]
    all_cases: bool
    #: Sections, measures and features of the programme's design.
    design: tuple[str, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A numbered sentence or two that somebody signs, ending in where it comes from."""

    number: str
    html: str


@dataclass(frozen=True, kw_only=True)
class LeafletPart:
    id: str
    number: str
    title: str
    #: Empty where the part consists of clauses.
    html: str
    clauses: tuple[Clause, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Leaflet:
    """A page that stands on its own, to be printed: the code of conduct, the safety card."""

    slug: str
    title: str
    lead: str
    #: Edition and content hash, as chapters have them.
    version: str
    parts: tuple[LeafletPart, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A section, or an open question, in which an entry of the index is treated."""

    #: "5.1", or "OQ5".
    number: str
    #: Whether its heading or a key point has the entry: this is where to look first.
    main: bool


@dataclass(frozen=True, kw_only=True)
class IndexEntry:
    """A line of the index, with what stands under it."""

    entry: str
    places: tuple[Found, ...]
    #: The slug of the glossary's term, where it is one.
    term: str = ""
    see: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()
    under: tuple[IndexEntry, ...] = ()
    place: Place = field(compare=False)
