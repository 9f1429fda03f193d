"""What readers and authors say to each other about a paragraph. Nothing here commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.learning.models import Remark, RemarkAnswer, Stance
from modules import Chapter, Paragraph


def remark(
    session: Session,
    person_id: int,
    chapter: Chapter,
    paragraph: Paragraph,
    stance: Stance,
    words: str,
    *,
    screening_reason: str = "",
    now: datetime,
) -> Remark:
    """Keep what a reader says of a paragraph, with the paragraph as it was read."""
    row = Remark(
        person_id=person_id,
        slug=chapter.slug,
        chapter_version=chapter.version,
        section=paragraph.section_id,
        paragraph=paragraph.id,
        quoted=paragraph.words,
        stance=stance,
        words=words,
        screening_reason=screening_reason,
        made_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "remark.made",
        row,
        now=now,
        actor_id=person_id,
        about_id=person_id,
        chapter=chapter.slug,
        stance=stance,
    )
    return row


def answer(
    session: Session,
    remark: Remark,
    words: str,
    *,
    changes_text: bool,
    author_id: int,
    now: datetime,
) -> RemarkAnswer:
    """Keep an author's answer, for the reader who made the remark."""
    row = RemarkAnswer(
        remark_id=remark.id,
        words=words,
        changes_text=changes_text,
        author_id=author_id,
        answered_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "remark.answered",
        remark,
        now=now,
        actor_id=author_id,
        about_id=remark.person_id,
        changes_text=changes_text,
    )
    return row
