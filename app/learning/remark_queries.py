"""What is asked about remarks on the text: reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.learning.models import Remark, RemarkAnswer, Stance

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many remarks stand on one paragraph of a chapter."""

    slug: str
    paragraph: str
    #: The newest one, whose page quotes the paragraph.
    newest_id: int
    by_stance: dict[Stance, int]
    unanswered: int

    @property
    def total(self) -> int:
        """Return how many there are."""
        return sum(self.by_stance.values())


_ANSWERED = select(RemarkAnswer.remark_id)


def counts(session: Session, slug: str | None = None) -> list[Count]:
    """Return the counts by paragraph, of one chapter or of all: never who said what."""
    query = select(
        Remark.slug,
        Remark.paragraph,
        Remark.stance,
        func.max(Remark.id),
        func.count(),
        func.count().filter(Remark.id.not_in(_ANSWERED)),
    ).group_by(Remark.slug, Remark.paragraph, Remark.stance)
    if slug is not None:
        query = query.where(Remark.slug == slug)
    found: dict[tuple[str, str], list[tuple[Stance, int, int, int]]] = {}
    for of, paragraph, stance, newest, number, unanswered in session.execute(query):
        found.setdefault((of, paragraph), []).append((stance, newest, number, unanswered))
    return [
        Count(
            slug=of,
            paragraph=paragraph,
            newest_id=max(newest for _, newest, _, _ in rows),
            by_stance={stance: number for stance, _, number, _ in rows},
            unanswered=sum(unanswered for _, _, _, unanswered in rows),
        )
        for (of, paragraph), rows in found.items()
    ]


def quotes(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the paragraph as each of some remarks quotes it."""
    rows = session.execute(select(Remark.id, Remark.quoted).where(Remark.id.in_(ids)))
    return {row.id: row.quoted for row in rows}


def on_paragraph(
    session: Session, slug: str, paragraph: str, before: int | None
) -> tuple[Sequence[Remark], bool]:
    """Return a page of the remarks on one paragraph, newest first, and whether there are more."""
    query = select(Remark).where(Remark.slug == slug, Remark.paragraph == paragraph)
    return _page(session, query, before)


def of_person(
    session: Session, person_id: int, before: int | None
) -> tuple[Sequence[Remark], bool]:
    """Return a page of a person's own remarks, newest first, and whether there are more."""
    return _page(session, select(Remark).where(Remark.person_id == person_id), before)


def _page(
    session: Session, query: Select[Remark], before: int | None
) -> tuple[Sequence[Remark], bool]:
    if before is not None:
        query = query.where(Remark.id < before)
    query = query.options(selectinload(Remark.answers)).order_by(Remark.id.desc())
    rows = session.scalars(query.limit(SHOWN + 1)).all()
    return rows[:SHOWN], len(rows) > SHOWN


def remark(session: Session, remark_id: int) -> Remark | None:
    """Return one remark with its answers."""
    return session.get(Remark, remark_id, options=[selectinload(Remark.answers)])
