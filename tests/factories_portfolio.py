"""What tests of portfolios need."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.portfolio.models import Allocation, Evidence, EvidenceCriterion, Judgement, Registration
from app.quality.models import Verification
from tests.factories import a_user

SEEN = date(2026, 10, 5)
RECORDED = datetime(2026, 10, 5, 15, tzinfo=UTC)


def a_registration(session: Session, **given: Any) -> Registration:
    """Return a registration of a new learner with the first pathway."""
    person = given.pop("person", None) or a_user(session)
    row = Registration(
        **{
            "person": person,
            "award_version": "2026.1",
            "pathways": "P1",
            "enrolled_on": date(2026, 6, 1),
            "ends_on": date(2027, 12, 1),
            **given,
        }
    )
    session.add(row)
    session.flush()
    return row


def an_allocation(
    session: Session, registered: Registration, assessor: User, **given: Any
) -> Allocation:
    """Return an allocation that holds now, unless ``ended_at`` is given."""
    row = Allocation(
        **{
            "registration_id": registered.id,
            "assessor_id": assessor.id,
            "since": RECORDED,
            "recorded_at": RECORDED,
            **given,
        }
    )
    session.add(row)
    session.flush()
    return row


def some_evidence(session: Session, registered: Registration, *refs: str, **given: Any) -> Evidence:
    """Return a piece of writing towards these criteria."""
    row = Evidence(
        **{
            "person_id": registered.person_id,
            "method": "WR",
            "title": "A written account",
            "words": "Some words of mine.",
            "shown_on": SEEN,
            "added_at": RECORDED,
            "declared_at": RECORDED,
            "criteria": [EvidenceCriterion(criterion=ref) for ref in refs],
            **given,
        }
    )
    session.add(row)
    session.flush()
    return row


def a_judgement(session: Session, evidence: Evidence, ref: str, **given: Any) -> Judgement:
    """Return an achieved judgement by a new assessor."""
    assessor = given.pop("assessor", None) or a_user(session, Role.ASSESSOR)
    row = Judgement(
        **{
            "person_id": evidence.person_id,
            "criterion": ref,
            "wording": f"the wording of {ref}",
            "award_version": "2026.1",
            "verdict": "achieved",
            "method": evidence.method,
            "evidence_id": evidence.id,
            "assessor_id": assessor.id,
            "feedback": "Clear and honest.",
            "observed_on": SEEN,
            "recorded_at": RECORDED,
            **given,
        }
    )
    session.add(row)
    session.flush()
    return row


def a_verification(session: Session, judgement: Judgement, **given: Any) -> Verification:
    """Return an agreeing verification by a new verifier."""
    verifier = given.pop("verifier", None) or a_user(session, Role.INTERNAL_VERIFIER)
    row = Verification(
        **{
            "judgement_id": judgement.id,
            "verifier_id": verifier.id,
            "decision": "agreed",
            "recorded_at": RECORDED,
            **given,
        }
    )
    session.add(row)
    session.flush()
    return row
