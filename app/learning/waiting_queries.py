"""What waits for people in the manual: reads only, for many people at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.learning.models import ChapterEdition, CheckAttempt, Place, ReadingPlace, SectionRead
from assessments.reminders import Kind, Step
from modules import Chapter, Manual


def _people(name: str) -> Any:
    return bindparam(name, expanding=True)


#: Kind, person, of what, in which version or state, how many, and when last.
_WAITING = union_all(
    select(
        literal("read"),
        SectionRead.person_id,
        SectionRead.slug,
        SectionRead.chapter_version,
        func.count(),
        func.max(SectionRead.read_at),
    )
    .where(SectionRead.person_id.in_(_people("people")))
    .group_by(SectionRead.person_id, SectionRead.slug, SectionRead.chapter_version),
    select(
        literal("stopped"),
        ReadingPlace.person_id,
        ReadingPlace.slug,
        literal(""),
        literal(0),
        ReadingPlace.kept_at,
    ).where(ReadingPlace.person_id.in_(_people("people"))),
    # Attempts without a slug are older than renumbering; for them the number is all there is.
    select(
        literal("passed"),
        CheckAttempt.person_id,
        CheckAttempt.chapter_slug,
        cast(CheckAttempt.chapter, String),
        literal(0),
        null(),
    ).where(
        CheckAttempt.person_id.in_(_people("people")), CheckAttempt.passed, CheckAttempt.counted
    ),
    select(
        literal("placed"),
        Place.person_id,
        Place.question,
        literal(""),
        literal(0),
        func.max(Place.placed_at),
    )
    .where(Place.person_id.in_(_people("people")))
    .group_by(Place.person_id, Place.question),
    select(
        literal("edition"),
        literal(0),
        ChapterEdition.slug,
        ChapterEdition.version,
        literal(0),
        ChapterEdition.kept_at,
    ).where(ChapterEdition.version.in_(_people("versions"))),
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

    def last(self, slug: str) -> datetime:
        """Return when anything of a chapter was read last."""
        moments = [at for _, at in self.read[slug].values()]
        return max([*moments, self.stopped[slug]] if slug in self.stopped else moments)


def waiting(
    session: Session,
    person_ids: Collection[int],
    manual: Manual,
    *,
    places_hold: timedelta,
    now: datetime,
) -> dict[int, list[Step]]:
    """Return the steps of learning that wait for each person, in one query.

    A chapter that has left the manual waits for nobody. A text that nobody has read or been
    reminded of since it changed counts as changed now (``keep_editions``).
    """
    people: dict[int, _Reading] = {one: _Reading() for one in person_ids}
    editions: dict[tuple[str, str], datetime] = {}
    rows = session.execute(
        _WAITING,
        {"people": list(person_ids), "versions": [one.version for one in manual.chapters]},
    )
    for kind, person, of, version, count, at in rows:
        if kind == "edition":
            editions[of, version] = at
        else:
            _take(people[person], kind, of, version, count, at)
    changed = {one.slug: editions.get((one.slug, one.version), now) for one in manual.chapters}
    return {
        person: [
            *(step for one in manual.chapters for step in _of_chapter(one, mine, changed)),
            *_of_places(manual, mine, places_hold, now),
        ]
        for person, mine in people.items()
    }


def _take(mine: _Reading, kind: str, of: str, version: str, count: int, at: datetime) -> None:
    if kind == "read":
        mine.read[of][version] = (count, at)
    elif kind == "stopped":
        mine.stopped[of] = at
    elif kind == "passed":
        mine.passed.add(of or version)
    else:
        mine.placed[of] = at


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
