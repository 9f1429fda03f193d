"""What is asked about learning: reads only."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import String, and_, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.learning.models import (
    ChapterEdition,
    CheckAttempt,
    Place,
    ReadingPlace,
    Reflection,
    SectionRead,
)
from modules import Chapter, Manual

#: Fewer people than this and nobody sees where others stand.
FEWEST_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ChapterState:
    """How far a person is with one chapter."""

    chapter: Chapter
    read: frozenset[str]
    changed: bool
    check_passed: bool
    #: The paragraph where the person stopped, "" for the beginning; None if it was elsewhere.
    stopped_at: str | None = None
    #: Every prompt and open question, of any chapter, on which the person has written.
    wrote: Collection[str] = ()

    @property
    def done(self) -> bool:
        """Return whether every section of this very text was read."""
        return not self.changed and all(s.id in self.read for s in self.chapter.sections)

    @property
    def begun(self) -> bool:
        """Return whether anything was read."""
        return bool(self.read)

    @property
    def prompts_written(self) -> list[str]:
        """Return the prompts of this chapter on which the person has written."""
        return [one.id for one in self.chapter.prompts if one.id in self.wrote]

    @property
    def questions_placed(self) -> list[str]:
        """Return the open questions of this chapter on which the person has taken a place."""
        return [one.id for one in self.chapter.open_questions if one.id in self.wrote]

    @property
    def minutes_left(self) -> int:
        """Return the reading time of the sections not yet read."""
        return sum(s.minutes for s in self.chapter.sections if s.id not in self.read)

    @property
    def sections_read(self) -> int:
        """Return how many of the sections that there are now were read."""
        return sum(s.id in self.read for s in self.chapter.sections)

    @property
    def words(self) -> str:
        """Return the state as the contents list says it."""
        if self.changed:
            return "Changed since you read it"
        if self.done:
            return "Read, check passed" if self.check_passed else "Read"
        if self.begun:
            return f"{self.sections_read} of {len(self.chapter.sections)} read"
        return "Not read yet"


#: What every chapter asks is put together once: that takes longer than the database does.
#: Sections read, the place where a person stopped, checks passed, and what own words there are.
_OWN_READING = union_all(
    select(
        literal("read"), SectionRead.slug, SectionRead.section, SectionRead.chapter_version
    ).where(SectionRead.person_id == bindparam("person")),
    select(literal("place"), ReadingPlace.slug, ReadingPlace.paragraph, literal("")).where(
        ReadingPlace.person_id == bindparam("person")
    ),
    # Attempts without a slug are older than renumbering; for them the number is all there is.
    select(
        literal("passed"),
        CheckAttempt.chapter_slug,
        cast(CheckAttempt.chapter, String),
        literal(""),
    ).where(
        CheckAttempt.person_id == bindparam("person"), CheckAttempt.passed, CheckAttempt.counted
    ),
    select(literal("wrote"), Reflection.prompt, literal(""), literal("")).where(
        Reflection.person_id == bindparam("person")
    ),
    select(literal("wrote"), Place.question, literal(""), literal("")).where(
        Place.person_id == bindparam("person")
    ),
)
_PASSED = (
    select(CheckAttempt)
    .where(CheckAttempt.person_id == bindparam("person"))
    .where(CheckAttempt.passed, CheckAttempt.counted)
    .order_by(CheckAttempt.id.desc())
)
_PLACES = select(Place).where(Place.person_id == bindparam("person")).order_by(Place.id)
_LATEST_PLACES = (
    select(func.max(Place.id))
    .where(Place.question.in_(bindparam("questions", expanding=True)))
    .group_by(Place.person_id, Place.question)
)
_DOTS = (
    select(Place.question, Place.place, func.count())
    .where(Place.id.in_(_LATEST_PLACES))
    .group_by(Place.question, Place.place)
)


def chapter_states(session: Session, person_id: int, manual: Manual) -> list[ChapterState]:
    """Return how far a person is with every chapter, in one query."""
    read: dict[str, dict[str, str]] = defaultdict(dict)
    stopped: dict[str, str] = {}
    passed: set[str] = set()
    wrote: set[str] = set()
    for kind, of, what, version in session.execute(_OWN_READING, {"person": person_id}):
        if kind == "read":
            read[of][what] = version
        elif kind == "place":
            stopped[of] = what
        elif kind == "passed":
            passed.add(of or what)
        else:
            wrote.add(of)
    return [
        ChapterState(
            chapter=chapter,
            read=frozenset(read[chapter.slug]),
            changed=bool({*read[chapter.slug].values()} - {chapter.version}),
            check_passed=not passed.isdisjoint((chapter.slug, str(chapter.number))),
            stopped_at=stopped.get(chapter.slug),
            wrote=wrote,
        )
        for chapter in manual.chapters
    ]


def chapters_gone(session: Session, person_id: int, manual: Manual) -> list[ChapterEdition]:
    """Return the last edition that a person read of each chapter that the manual no longer has."""
    mine = (
        select(func.max(ChapterEdition.id))
        .join(
            SectionRead,
            and_(
                SectionRead.slug == ChapterEdition.slug,
                SectionRead.chapter_version == ChapterEdition.version,
            ),
        )
        .where(
            SectionRead.person_id == person_id,
            SectionRead.slug.not_in([chapter.slug for chapter in manual.chapters]),
        )
        .group_by(ChapterEdition.slug)
    )
    query = select(ChapterEdition).where(ChapterEdition.id.in_(mine))
    return list(session.scalars(query.order_by(ChapterEdition.number)))


def versions_read(session: Session, person_id: int, slug: str) -> dict[str, str]:
    """Return in which version a person read each section of a chapter."""
    rows = session.execute(
        select(SectionRead.section, SectionRead.chapter_version)
        .where(SectionRead.person_id == person_id, SectionRead.slug == slug)
        .order_by(SectionRead.read_at)
    )
    return {row.section: row.chapter_version for row in rows}


def editions(session: Session, slug: str, versions: Collection[str]) -> dict[str, ChapterEdition]:
    """Return the kept texts of a chapter by version. What nobody had read yet was not kept."""
    rows = session.scalars(
        select(ChapterEdition).where(
            ChapterEdition.slug == slug, ChapterEdition.version.in_(versions)
        )
    )
    return {row.version: row for row in rows}


def passed_checks(session: Session, person_id: int, manual: Manual) -> list[CheckAttempt]:
    """Return the first attempt of each check that counted and passed, in the order of chapters.

    Chapters that have left the manual come last. Practice is never among them.
    """
    slugs = {chapter.number: chapter.slug for chapter in manual.chapters}
    numbers = {chapter.slug: chapter.number for chapter in manual.chapters}
    first = {
        row.chapter_slug or slugs.get(row.chapter, str(row.chapter)): row
        for row in session.scalars(_PASSED, {"person": person_id})
    }
    return [first[slug] for slug in sorted(first, key=lambda slug: (numbers.get(slug, 1000), slug))]


def chapter_of(attempt: CheckAttempt, manual: Manual) -> Chapter | None:
    """Return the chapter that an attempt was at, whatever its number is now; None if it is gone."""
    for chapter in manual.chapters:
        if attempt.chapter_slug == chapter.slug:
            return chapter
        if not attempt.chapter_slug and attempt.chapter == chapter.number:
            return chapter
    return None


def place_kept(session: Session, person_id: int) -> ReadingPlace | None:
    """Return where a person stopped reading."""
    return session.scalar(select(ReadingPlace).where(ReadingPlace.person_id == person_id))


_REFLECTIONS = (
    select(Reflection)
    .where(Reflection.person_id == bindparam("person"))
    .order_by(Reflection.saved_at.desc())
)
_REFLECTIONS_ON = _REFLECTIONS.where(Reflection.prompt.in_(bindparam("prompts", expanding=True)))


def reflections(
    session: Session, person_id: int, prompts: Collection[str] | None = None
) -> dict[str, Reflection]:
    """Return a person's own words by prompt: all of them, or those on some prompts.

    Never by a chapter's number: words stay with their prompt when chapters get other numbers.
    """
    query = _REFLECTIONS if prompts is None else _REFLECTIONS_ON
    given = {"person": person_id} | ({} if prompts is None else {"prompts": list(prompts)})
    rows = session.scalars(query, given)
    return {row.prompt: row for row in rows}


def reflection(session: Session, person_id: int, prompt: str) -> Reflection | None:
    """Return a person's own words on one prompt."""
    return session.scalar(
        select(Reflection).where(Reflection.person_id == person_id, Reflection.prompt == prompt)
    )


def places(session: Session, person_id: int, questions: Sequence[str]) -> dict[str, list[Place]]:
    """Return where a person has stood on each question, oldest first."""
    found: dict[str, list[Place]] = {question: [] for question in questions}
    # All of theirs are a few dozen: naming the questions would cost more than reading the rest.
    for row in session.scalars(_PLACES, {"person": person_id}):
        if row.question in found:
            found[row.question].append(row)
    return found


def dots(session: Session, questions: Sequence[str]) -> dict[str, list[int] | None]:
    """Return how many people now stand at each of the seven places; None below five people."""
    if not questions:
        return {}
    rows = session.execute(_DOTS, {"questions": list(questions)}).all()
    found: dict[str, list[int] | None] = {}
    for question in questions:
        counts = Counter({place: number for asked, place, number in rows if asked == question})
        shown = [counts[place] for place in range(1, 8)]
        found[question] = shown if sum(shown) >= FEWEST_SHOWN else None
    return found
