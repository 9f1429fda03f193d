"""What supervision tells features to its left when they ask."""

from sqlalchemy.orm import Session

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
