"""What supervision tells features to its left when they ask."""

from sqlalchemy.orm import Session

from app.portfolio import allocation_actions as allocations
from app.quality import actions as quality
from app.supervision import queries
from assessments.sampling import Tie


def ties(session: Session, verifier_id: int, other_id: int) -> set[Tie]:
    """Return how a verifier stands to another person by supervision, now or before."""
    found = set()
    for agreement in queries.agreements_of(session, verifier_id):
        if other_id == agreement.mentor_id != verifier_id:
            found.add(Tie.SUPERVISES)
        if other_id == agreement.supervisor_id != verifier_id:
            found.add(Tie.SUPERVISED_BY)
    return found


quality.RELATIONS.append(ties)


def bar(session: Session, learner_id: int, assessor_id: int) -> str | None:
    """Return why two people cannot be learner and assessor: one supervises the other, or has.

    Source: award specification E1 (a supervisor does not assess the mentor).
    """
    if not queries.supervises(session, learner_id, assessor_id):
        return None
    return "One of the two supervises the other, now or before. Choose another assessor"


allocations.BARS.append(bar)
