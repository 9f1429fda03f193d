"""What waits for people in the manual: reads only, for many people at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from app.learning.models import ChapterEdition, CheckAttempt, Place, ReadingPlace, SectionRead
from app.waiting import PEOPLE, VERSIONS, row
from assessments.reminders import Kind, Step
from modules import Chapter, Manual

#: How many sections of a chapter somebody read in which version, and when last; where they
#: stopped; which checks they passed; when they placed themselves last; since when texts are so.
ROWS = (
    row(
        "read",
        SectionRead.person_id,
        SectionRead.slug,
        SectionRead.chapter_version,
        func.count(),
        func.max(SectionRead.read_at),
    )
    .where(SectionRead.person_id.in_(PEOPLE))
    .group_by(SectionRead.person_id, SectionRead.slug, SectionRead.chapter_version),
    row("stopped", ReadingPlace.person_id, ReadingPlace.slug, at=ReadingPlace.kept_at).where(
        ReadingPlace.person_id.in_(PEOPLE)
    ),
    # Attempts without a slug are older than renumbering; for them the number is all there is.
    row(
        "passed",
        CheckAttempt.person_id,
        CheckAttempt.chapter_slug,
        cast(CheckAttempt.chapter, String),
    ).where(CheckAttempt.person_id.in_(PEOPLE), CheckAttempt.passed, CheckAttempt.counted),
    row("placed", Place.person_id, Place.question, at=func.max(Place.placed_at))
    .where(Place.person_id.in_(PEOPLE))
    .group_by(Place.person_id, Place.question),
    row(
        "edition",
        literal(0),
        ChapterEdition.slug,
        ChapterEdition.version,
        at=ChapterEdition.kept_at,
    ).where(ChapterEdition.version.in_(VERSIONS)),
)


@dataclass
class _Reading:
    """What one person has read, passed and answered."""

    #: {slug: {version: (sections, when last)}}
    read: dict[str, dict[str, tuple[int, datetime]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    stopped: dict[str, datetime] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    placed: dict[str, datetime] = field(default_factory=dict)

    def take(self, one: Any) -> None:
        """Take in one row."""
        if one.kind == "read":
            self.read[one.thing][one.mark] = (one.number, one.at)
        elif one.kind == "stopped":
            self.stopped[one.thing] = one.at
        elif one.kind == "passed":
            self.passed.add(one.thing or one.mark)
        elif one.kind == "placed":
            self.placed[one.thing] = one.at

    def last(self, slug: str) -> datetime:
        """Return when anything of a chapter was read last, which was begun."""
        moments = [at for _, at in self.read[slug].values()]
        return max([*moments, self.stopped[slug]])


def steps(
    rows: Iterable[Any], manual: Manual, *, places_hold: timedelta, now: datetime
) -> dict[int, list[Step]]:
    """Return the steps of learning that wait for each person whom the rows speak of.

    A chapter that has left the manual waits for nobody. A text that nobody has read or been
    reminded of since it changed counts as changed now (``keep_editions``).
    """
    people: dict[int, _Reading] = defaultdict(_Reading)
    changed = {one.slug: now for one in manual.chapters}
    versions = {one.slug: one.version for one in manual.chapters}
    for one in rows:
        if one.kind != "edition":
            people[one.person].take(one)
        elif versions.get(one.thing) == one.mark:
            changed[one.thing] = one.at
    return {
        person: [
            *(step for one in manual.chapters for step in _of_chapter(one, mine, changed)),
            *_of_places(manual, mine, places_hold, now),
        ]
        for person, mine in people.items()
    }


def _of_chapter(chapter: Chapter, mine: _Reading, changed: dict[str, datetime]) -> list[Step]:
    slug, versions = chapter.slug, mine.read.get(chapter.slug, {})
    if versions.keys() - {chapter.version}:
        since, mark = changed[slug], chapter.version
        return [Step(kind=Kind.CHAPTER_CHANGED, thing=slug, since=since, mark=mark)]
    count, _ = versions.get(chapter.version, (0, None))
    if count < len(chapter.sections):
        begun = slug in mine.stopped
        return [Step(kind=Kind.CHAPTER_LEFT, thing=slug, since=mine.last(slug))] if begun else []
    if chapter.questions and mine.passed.isdisjoint((slug, str(chapter.number))):
        return [Step(kind=Kind.CHECK_OPEN, thing=slug, since=versions[chapter.version][1])]
    return []


def _of_places(manual: Manual, mine: _Reading, hold: timedelta, now: datetime) -> list[Step]:
    every = [one.id for chapter in manual.chapters for one in chapter.open_questions]
    return [
        Step(kind=Kind.PLACE_OLD, thing=one, since=mine.placed[one] + hold)
        for one in every
        if one in mine.placed and mine.placed[one] + hold <= now
    ]


def editions_kept(session: Session, manual: Manual) -> set[tuple[str, str]]:
    """Return (slug, version) of those of today's chapters whose text has been kept."""
    today = ChapterEdition.version.in_([one.version for one in manual.chapters])
    rows = session.execute(select(ChapterEdition.slug, ChapterEdition.version).where(today))
    return {(slug, version) for slug, version in rows}
