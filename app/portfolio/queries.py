"""What is asked about portfolios: reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, lazyload, selectinload

from app.learning import queries as learning
from app.portfolio.models import (
    Allocation,
    Evidence,
    EvidenceCriterion,
    Judgement,
    Registration,
)
from assessments.completion import (
    AwardProgress,
    CriterionState,
    Judged,
    Verdict,
    Verification,
    award_progress,
    criterion_states,
)
from assessments.errors import UnknownReference
from assessments.framework import Framework
from assessments.unitfile import Method
from modules import Manual

PAGE = 20
#: For features to the right that join on judgements.
JUDGEMENT = Judgement


def registration(session: Session, registration_id: int) -> Registration | None:
    """Return one registration."""
    return session.get(Registration, registration_id)


def registration_of(session: Session, person_id: int) -> Registration | None:
    """Return a person's registration on the award."""
    return session.scalar(select(Registration).where(Registration.person_id == person_id))


def registrations(
    session: Session,
    after: tuple[date, int] | None = None,
    most: int = PAGE,
    of: int | None = None,
) -> list[Registration]:
    """Return a page of registrations, latest first, one more than ``most`` if there are more.

    With ``of``, only the own learners of one assessor. Each comes with its assessors.
    """
    query = (
        select(Registration)
        .order_by(Registration.enrolled_on.desc(), Registration.id.desc())
        .options(selectinload(Registration.allocations))
    )
    if of is not None:
        query = query.where(Registration.allocations.any(Allocation.assessor_id == of))
    if after:
        query = query.where(tuple_(Registration.enrolled_on, Registration.id) < after)
    return list(session.scalars(query.limit(most + 1)))


def judgements(session: Session, person_ids: Iterable[int]) -> dict[int, list[Judgement]]:
    """Return every judgement on several people, oldest first, in a constant number of queries."""
    rows = session.scalars(
        select(Judgement)
        .where(Judgement.person_id.in_(list(person_ids)))
        .order_by(Judgement.id)
        .options(lazyload(Judgement.evidence))
    )
    found: dict[int, list[Judgement]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def judgement(session: Session, judgement_id: int) -> Judgement | None:
    """Return one judgement."""
    return session.get(Judgement, judgement_id)


def history(session: Session, person_id: int, ref: str) -> Sequence[Judgement]:
    """Return every judgement on one criterion, newest first."""
    return session.scalars(
        select(Judgement)
        .where(Judgement.person_id == person_id, Judgement.criterion == ref)
        .order_by(Judgement.id.desc())
    ).all()


def verification_of(row: Judgement) -> Verification:
    """Return where a judgement stands with internal verification.

    During the trial period every decision is sampled (award specification A6), so one that
    nobody has looked at waits.
    """
    if not row.verifications:
        return Verification.WAITING
    return Verification(row.verifications[-1].decision)


def judged(rows: Iterable[Judgement]) -> list[Judged]:
    """Return judgements as the rules take them."""
    return [
        Judged(
            ref=row.criterion,
            verdict=Verdict(row.verdict),
            method=Method(row.method),
            assessor_id=row.assessor_id,
            observed_on=row.observed_on,
            recorded_at=row.recorded_at,
            verification=verification_of(row),
        )
        for row in rows
    ]


def waiting_on(session: Session, person_id: int) -> bool:
    """Return whether any standing judgement on a person waits for internal verification."""
    later = aliased(Judgement)
    query = (
        select(Judgement.id)
        .outerjoin(later, later.supersedes_id == Judgement.id)
        .where(Judgement.person_id == person_id, later.id.is_(None), ~Judgement.verifications.any())
    )
    return session.scalar(query.limit(1)) is not None


def progress(
    session: Session, registered: Registration, framework: Framework, on: date
) -> AwardProgress:
    """Return how far a registered learner's award has come."""
    rows = judgements(session, [registered.person_id])[registered.person_id]
    return award_progress(framework, registered.pathway_codes, judged(rows), on)


def evidence_of(session: Session, person_id: int) -> Sequence[Evidence]:
    """Return everything a learner has filed, latest first."""
    return session.scalars(
        select(Evidence).where(Evidence.person_id == person_id).order_by(Evidence.id.desc())
    ).all()


def evidence(session: Session, evidence_id: int) -> Evidence | None:
    """Return one piece of evidence."""
    return session.get(Evidence, evidence_id)


def by_source(session: Session, person_id: int, source: str) -> Evidence | None:
    """Return the evidence that was filed from one source, if it was."""
    return session.scalar(
        select(Evidence).where(Evidence.person_id == person_id, Evidence.source == source)
    )


def evidence_for(session: Session, person_id: int, ref: str) -> Sequence[Evidence]:
    """Return the evidence towards one criterion, latest first."""
    return session.scalars(
        select(Evidence)
        .join(EvidenceCriterion)
        .where(Evidence.person_id == person_id, EvidenceCriterion.criterion == ref)
        .order_by(Evidence.id.desc())
    ).all()


def checks_passed(
    session: Session, person_id: int, manual: Manual, framework: Framework
) -> list[tuple[str, str, date, tuple[str, ...]]]:
    """Return (source, title, day, criteria) for each passed knowledge check.

    A pass is evidence towards those criteria of the chapter that list KC as a method.
    """
    found = []
    for attempt in learning.passed_checks(session, person_id, manual):
        chapter = learning.chapter_of(attempt, manual)
        number = chapter.number if chapter else attempt.chapter
        kept = attempt.criteria if attempt.chapter_title else ()
        refs = [r for r in (chapter.criteria if chapter else kept) if _by_check(r, framework)]
        title = f"Knowledge check, chapter {number}: {chapter.title}" if chapter else ""
        title = title or f"Knowledge check, formerly chapter {number}: {attempt.chapter_title}"
        source = f"check_attempts:{attempt.id}"
        if chapter or attempt.chapter_title:
            found.append((source, title, attempt.answered_at.date(), tuple(refs)))
    return found


def _by_check(ref: str, framework: Framework) -> bool:
    """Return whether a criterion of the award as it is now lists knowledge checks."""
    try:
        return Method.KC in framework.criterion(ref).methods
    except UnknownReference:
        return False


def states(
    rows: Iterable[Judgement],
    filed: Iterable[Evidence],
    passed: Iterable[tuple[str, str, date, tuple[str, ...]]],
    framework: Framework,
    on: date,
) -> dict[str, CriterionState]:
    """Return nothing, evidence towards, or the decision, for every criterion of the award."""
    refs = {one.criterion for evidence in filed for one in evidence.criteria}
    refs |= {ref for _, _, _, criteria in passed for ref in criteria}
    return criterion_states(framework, judged(rows), refs, on)


def assessed_by(session: Session, person_id: int, assessor_id: int) -> bool:
    """Return whether somebody has judged anything of a person."""
    one = (Judgement.assessor_id == assessor_id) | (Judgement.with_assessor_id == assessor_id)
    return (
        session.scalar(select(Judgement.id).where(Judgement.person_id == person_id, one).limit(1))
        is not None
    )


def latest_judgements(
    session: Session, before: int | None = None, most: int = PAGE, of: int | None = None
) -> list[Judgement]:
    """Return a page of judgements, newest first; with ``of``, only those of one assessor."""
    query = select(Judgement).order_by(Judgement.id.desc()).limit(most + 1)
    if before is not None:
        query = query.where(Judgement.id < before)
    if of is not None:
        query = query.where(or_(Judgement.assessor_id == of, Judgement.with_assessor_id == of))
    return list(session.scalars(query))


def count_registered(session: Session) -> int:
    """Return how many people are registered on the award."""
    return session.scalar(select(func.count(Registration.id))) or 0
