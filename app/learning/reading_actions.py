"""What changes how far a person has read. Nothing here commits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.learning import queries, waiting_queries
from app.learning.models import ChapterEdition, ReadingPlace, SectionRead
from modules import Chapter, Manual


def read_sections(
    session: Session, person_id: int, chapter: Chapter, sections: Collection[str], *, now: datetime
) -> None:
    """Keep that sections were read, in the version of the text that is on the site now."""
    keep_edition(session, chapter, now=now)
    rows = session.scalars(
        select(SectionRead).where(
            SectionRead.person_id == person_id, SectionRead.slug == chapter.slug
        )
    )
    known = {row.section: row for row in rows}
    for section in chapter.sections:
        if section.id not in sections:
            continue
        row = known.get(section.id)
        if row is None:
            row = SectionRead(person_id=person_id, slug=chapter.slug, section=section.id)
            session.add(row)
        row.chapter_version, row.read_at = chapter.version, now
    # A section that the new text no longer has would keep the chapter "changed" for ever.
    for gone in known.keys() - {section.id for section in chapter.sections}:
        session.delete(known[gone])


def read_changes(session: Session, person_id: int, chapter: Chapter, *, now: datetime) -> None:
    """Keep that what changed in the sections read before was read as well."""
    before = queries.versions_read(session, person_id, chapter.slug)
    read_sections(session, person_id, chapter, before.keys(), now=now)


def keep_place(
    session: Session,
    person_id: int,
    chapter: Chapter,
    section: str,
    paragraph: str = "",
    *,
    now: datetime,
) -> None:
    """Keep where a person stopped reading."""
    row = queries.place_kept(session, person_id)
    if row is None:
        row = ReadingPlace(person_id=person_id)
        session.add(row)
    row.slug, row.section, row.paragraph, row.kept_at = chapter.slug, section, paragraph, now


def keep_edition(session: Session, chapter: Chapter, *, now: datetime) -> None:
    """Keep the text as it is read now, if nobody has read this version before."""
    if not queries.editions(session, chapter.slug, [chapter.version]):
        session.add(_edition(chapter, now))


def keep_editions(session: Session, manual: Manual, *, now: datetime) -> None:
    """Keep every chapter's text as it is now, so that it is known since when it has been so."""
    kept = waiting_queries.editions_kept(session, manual)
    missing = [one for one in manual.chapters if (one.slug, one.version) not in kept]
    session.add_all([_edition(chapter, now) for chapter in missing])


def _edition(chapter: Chapter, now: datetime) -> ChapterEdition:
    return ChapterEdition(
        slug=chapter.slug,
        version=chapter.version,
        number=chapter.number,
        title=chapter.title,
        paragraphs=[[one.section_id, one.words] for one in chapter.paragraphs],
        kept_at=now,
    )
