"""What changes portfolios. Nothing here commits."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import audit
from app.portfolio import queries
from app.portfolio.models import Evidence, EvidenceCriterion, Judgement, Registration
from assessments.completion import Verdict
from assessments.dates import add_months
from assessments.framework import Criterion, Framework
from assessments.unitfile import Method

#: Award specification A3 rule 5.
MONTHS_TO_FINISH = 18


class PortfolioError(Exception):
    """A refusal about portfolios, in words for the person."""


class AlreadyRegistered(PortfolioError):
    """A person is registered once."""


class MethodNotAllowed(PortfolioError):
    """The standard does not accept this method for this criterion."""


class NotTheirEvidence(PortfolioError):
    """A judgement rests on evidence of the learner, towards the criterion."""


class NeedsReason(PortfolioError):
    """Changing a decision needs a reason that the learner and the verifier will read."""


class NotSeen(PortfolioError):
    """A judgement covers every file of its evidence, so each must have been there to see."""


class OwnWork(PortfolioError):
    """Nobody judges anything of their own."""


def register(
    session: Session,
    person_id: int,
    pathways: Collection[str],
    framework: Framework,
    *,
    on: date,
    now: datetime,
    by_id: int | None,
) -> Registration:
    """Register a person on the award as it is now worded. Raises AlreadyRegistered."""
    if queries.registration_of(session, person_id):
        raise AlreadyRegistered("This person is registered already")
    row = Registration(
        person_id=person_id,
        award_version=framework.award.version,
        pathways=" ".join(sorted(pathways)),
        enrolled_on=on,
        ends_on=add_months(on, MONTHS_TO_FINISH),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "registration.made",
        row,
        now=now,
        actor_id=by_id,
        about_id=person_id,
        pathways=row.pathways,
    )
    return row


def file_evidence(
    session: Session,
    person_id: int,
    *,
    method: Method,
    title: str,
    words: str = "",
    criteria: Collection[str],
    shown_on: date,
    source: str | None = None,
    declared: bool = False,
    screening_reason: str = "",
    now: datetime,
    by_id: int,
) -> Evidence:
    """File a piece of evidence against criteria. The same source is filed once."""
    if source and (known := queries.by_source(session, person_id, source)):
        return known
    row = Evidence(
        person_id=person_id,
        method=method,
        title=title,
        words=words,
        screening_reason=screening_reason,
        source=source,
        shown_on=shown_on,
        added_at=now,
        declared_at=now if declared else None,
        criteria=[EvidenceCriterion(criterion=ref) for ref in sorted(set(criteria))],
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "evidence.filed",
        row,
        now=now,
        actor_id=by_id,
        about_id=person_id,
        method=method,
        criteria=sorted(criteria),
    )
    return row


def judge(
    session: Session,
    criterion: Criterion,
    award_version: str,
    evidence: Evidence,
    verdict: Verdict,
    *,
    feedback: str,
    assessor_id: int,
    with_assessor_id: int | None = None,
    method: Method,
    observed_on: date,
    reason: str = "",
    now: datetime,
) -> Judgement:
    """Record a decision on a criterion; an earlier one is superseded, never changed.

    Raises OwnWork, MethodNotAllowed, NotTheirEvidence, NeedsReason.
    """
    _refuse(criterion, evidence, method, assessor_id)
    earlier = queries.history(session, evidence.person_id, criterion.ref)
    if earlier and not reason.strip():
        raise NeedsReason("Say why the decision is made again")
    row = Judgement(
        person_id=evidence.person_id,
        criterion=criterion.ref,
        wording=criterion.text,
        award_version=award_version,
        verdict=verdict,
        method=method,
        evidence_id=evidence.id,
        assessor_id=assessor_id,
        with_assessor_id=with_assessor_id,
        feedback=feedback,
        observed_on=observed_on,
        recorded_at=now,
        supersedes_id=earlier[0].id if earlier else None,
        reason=reason,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "judgement.recorded",
        row,
        now=now,
        actor_id=assessor_id,
        about_id=evidence.person_id,
        criterion=criterion.ref,
        verdict=verdict,
    )
    return row


def _refuse(criterion: Criterion, evidence: Evidence, method: Method, assessor_id: int) -> None:
    if evidence.person_id == assessor_id:
        raise OwnWork("Nobody judges anything of their own")
    if method not in criterion.methods:
        allowed = ", ".join(one.label.lower() for one in criterion.methods)
        raise MethodNotAllowed(f"{criterion.ref} is shown by {allowed}")
    if criterion.ref not in {one.criterion for one in evidence.criteria}:
        raise NotTheirEvidence(f"That evidence does not go towards {criterion.ref}")
