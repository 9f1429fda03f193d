"""What the manual is made of once it is loaded, and the errors of loading it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from modules.book import Edition, IndexEntry, Leaflet, Theme

T = TypeVar("T")

#: Stands at the foot of every open question (curriculum B; report 4, 8.1, 8.2).
STANDING_LINE = (
    "The report asks that this tension be kept alive because the project learns from it. "
    "Note where you stand today, and look again in six months."
)

Answer = str | frozenset[str] | tuple[str, ...] | Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something stands in the files: "chapters/01-….md", and a line counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something wrong in a content file. A warning is worth a look but stops nothing."""

    place: Place
    what: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {'worth a look: ' if self.warning else ''}{self.what}"


class ContentError(Exception):
    """A content file cannot be used."""


class ContentErrors(ContentError):
    """Everything that is wrong with a folder of content, one line for each fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda f: (f.place.file, f.place.line)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of the glossary, and the forms of it that are linked on first use."""

    term: str
    slug: str
    definition_html: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Note:
    """A margin note: the report's section ("§3.2", "ES", "scheme"), and what is said of it."""

    ref: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Section:
    #: An anchor that stays the same when the title is reworded.
    id: str
    number: str
    title: str
    html: str
    minutes: int
    notes: tuple[Note, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Position:
    """One answer to an open question, at its best, and who in the report holds it."""

    title: str
    html: str
    source: str


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """A debate that the manual keeps open: two poles to stand between, and every position."""

    id: str
    title: str
    left_label: str
    right_label: str
    left_html: str
    right_html: str
    positions: tuple[Position, ...]
    standing_line: str = STANDING_LINE
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A stretch of a chapter that can be pointed at. Its id changes with its words."""

    id: str
    #: "opening", the section's id, "summary", or the open question's id.
    section_id: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a new edition changed, and the readers' remarks that it came of."""

    edition: str
    what: str
    remarks: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Prompt:
    id: str
    text: str


class Kind(StrEnum):
    SINGLE = "single"
    SEVERAL = "several"
    ORDER = "order"
    MATCH = "match"


@dataclass(frozen=True, kw_only=True)
class Option:
    #: A hash of the words: it says nothing of the order in the file, nor of what is right.
    id: str
    html: str
    #: Empty only for what the items of a matching question are matched with.
    feedback_html: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class Key:
    """The right answer. Printed by mistake, in a page or a log, it shows nothing."""

    answer: Answer

    def __repr__(self) -> str:
        return "Key(kept apart)"

    def __html__(self) -> str:
        return ""


@dataclass(frozen=True, kw_only=True)
class Question:
    id: str
    kind: Kind
    stem_html: str
    #: In the order of their ids, so that a page that forgets to shuffle still gives nothing away.
    options: tuple[Option, ...]
    #: The left-hand side of a matching question; otherwise empty.
    items: tuple[Option, ...] = ()
    safety_critical: bool
    #: The section to read again; one of the chapter's.
    section_id: str
    key: Key
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Chapter:
    number: int
    slug: str
    title: str
    purpose: str
    minutes: int
    criteria: tuple[str, ...]
    #: Edition and content hash, "2026.1-3f9a0c1d2e4b": says which text was read.
    version: str
    opening_html: str
    sections: tuple[Section, ...]
    summary_html: str
    open_questions: tuple[OpenQuestion, ...]
    prompts: tuple[Prompt, ...]
    questions: tuple[Question, ...]
    reading: tuple[str, ...]
    #: In the order of the text: opening, sections, summary, positions on open questions.
    paragraphs: tuple[Paragraph, ...]
    #: Newest first.
    changes: tuple[Change, ...]
    #: Words of running text: opening, sections, summary and open questions, without the check.
    words: int
    place: Place = field(compare=False)
    #: Where its front matter names the criteria.
    criteria_place: Place = field(compare=False)

    def section(self, section_id: str) -> Section:
        """The section with this anchor. Raises KeyError when there is none."""
        return _found(self.sections, "id", section_id)

    def paragraph(self, paragraph_id: str) -> Paragraph:
        """The paragraph with this id. Raises KeyError when there is none."""
        return _found(self.paragraphs, "id", paragraph_id)

    def question(self, question_id: str) -> Question:
        """The question with this id. Raises KeyError when there is none."""
        return _found(self.questions, "id", question_id)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A signal of the role-play room: red card, black card, freeze, real stop."""

    name: str
    meaning: str
    what_happens: str


@dataclass(frozen=True, kw_only=True)
class Background:
    """A general background card; the player adds no name, text or event to it."""

    pathway: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PlantedFact:
    """Something the player says once; the learner's record is compared with it."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class LearnerBrief:
    html: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class PlayerBrief:
    """Confidential: for the role player and the assessor, never for the learner."""

    persona_html: str
    how_to_play_html: str
    if_trusted: str
    #: Where the trust line must stand before `if_trusted` may be told, from 0 to 10.
    trust_opens_at: int
    escalates: str
    softens: str
    test_line: str
    delivery_p: str
    delivery_r: str
    facts: tuple[PlantedFact, ...]
    cards: tuple[Card, ...]
    names: tuple[str, ...]
    backgrounds: tuple[Background, ...]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A part of the role play; it starts and ends so many minutes after the beginning."""

    number: int
    title: str
    starts: int
    ends: int
    cue: str


@dataclass(frozen=True, kw_only=True)
class GridRow:
    ref: str
    achieved: str
    not_yet: str


@dataclass(frozen=True, kw_only=True)
class DebriefQuestion:
    who: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AssessorGuide:
    intro_html: str
    scenes: tuple[Scene, ...]
    grid: tuple[GridRow, ...]
    stops: tuple[str, ...]
    debrief: tuple[DebriefQuestion, ...]


@dataclass(frozen=True, kw_only=True)
class DrillScreen:
    number: int
    html: str


@dataclass(frozen=True, kw_only=True, repr=False)
class DrillWindow:
    """When a confidence is broken in good time, counted in screens. Not for the learner."""

    consult_by: int
    break_from: int
    break_by: int
    early_html: str
    in_time_html: str
    late_html: str

    def __html__(self) -> str:
        return ""


@dataclass(frozen=True, kw_only=True)
class Drill:
    intro_html: str
    screens: tuple[DrillScreen, ...]
    window: DrillWindow


@dataclass(frozen=True, kw_only=True)
class Case:
    slug: str
    code: str
    title: str
    #: "common", "P1", "P2" or "P3".
    pathway: str
    minutes: int
    debrief_minutes: int
    rounds: int
    pair: bool
    tension: tuple[str, ...]
    trust_start: int
    setting: str
    observes: tuple[str, ...]
    version: str
    learner: LearnerBrief
    player: PlayerBrief
    assessor: AssessorGuide
    drill: Drill | None
    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Manual:
    """The whole manual. Nothing of it is ever half loaded."""

    chapters: tuple[Chapter, ...]
    cases: tuple[Case, ...]
    glossary: tuple[Term, ...]
    edition: Edition
    version: str
    traceability: tuple[Theme, ...] = ()
    leaflets: tuple[Leaflet, ...] = ()
    index: tuple[IndexEntry, ...] = ()

    def chapter(self, number: int) -> Chapter:
        """The chapter with this number. Raises KeyError when there is none."""
        return _found(self.chapters, "number", number)

    def chapter_by_slug(self, slug: str) -> Chapter:
        """The chapter with this slug. Raises KeyError when there is none."""
        return _found(self.chapters, "slug", slug)

    def case(self, slug: str) -> Case:
        """The case with this slug. Raises KeyError when there is none."""
        return _found(self.cases, "slug", slug)

    def leaflet(self, slug: str) -> Leaflet:
        """The leaflet with this slug. Raises KeyError when there is none."""
        return _found(self.leaflets, "slug", slug)

    def open_question(self, question_id: str) -> OpenQuestion:
        """The open question with this id, such as "OQ5". Raises KeyError when there is none."""
        every = [question for chapter in self.chapters for question in chapter.open_questions]
        return _found(every, "id", question_id)


def _found(things: Sequence[T], name: str, value: object) -> T:
    for thing in things:
        if getattr(thing, name) == value:
            return thing
    raise KeyError(value)
