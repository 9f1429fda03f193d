"""What changes verification. Nothing here commits."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app import audit, mail
from app.accounts import queries as accounts
from app.quality import queries
from app.quality.models import Verification
from assessments.completion import Verification as State
from assessments.sampling import Decision, Tie, may_verify

if TYPE_CHECKING:
    from app.portfolio.models import Judgement

#: Within how many working days an assessor looks again at what was returned.
DAYS_TO_LOOK_AGAIN = 10

#: Features to the right know ties that this one cannot: each adds a callable that is given the
#: session, the verifier and another person, and returns how the verifier stands to that person.
RELATIONS: list[Callable[[Session, int, int], Collection[Tie]]] = []


class VerificationError(Exception):
    """A refusal about verification, in words for the person."""


class MayNotVerify(VerificationError):
    """The rule of pairs forbids it; says why."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


class AlreadyLookedAt(VerificationError):
    """A decision is verified once; what is judged again is a new decision."""


class NeedsReason(VerificationError):
    """What is returned needs a reason."""


class Ties:
    """How one verifier stands to others; each pair is asked about once."""

    def __init__(self, session: Session, verifier_id: int) -> None:
        self.session, self.verifier_id = session, verifier_id
        self.known: dict[int, frozenset[Tie]] = {}
        self.units: dict[int, frozenset[str]] = {}

    def to(self, person_id: int) -> frozenset[Tie]:
        """Return the ties to a person that other features know of."""
        if person_id not in self.known:
            found = (ask(self.session, self.verifier_id, person_id) for ask in RELATIONS)
            self.known[person_id] = frozenset(tie for ties in found for tie in ties)
        return self.known[person_id]

    def judged_in(self, learner_id: int) -> frozenset[str]:
        """Return the units in which the verifier has judged a learner."""
        if learner_id not in self.units:
            found = queries.units_judged(self.session, self.verifier_id, learner_id)
            self.units[learner_id] = found
        return self.units[learner_id]


def why_not(ties: Ties, row: "Judgement") -> tuple[str, ...]:
    """Return why this verifier may not verify the decision; empty: they may."""
    to_learner = set(ties.to(row.person_id))
    if row.criterion.split(".")[0] in ties.judged_in(row.person_id):
        to_learner.add(Tie.ASSESSED_IN_UNIT)
    reasons: list[str] = []
    for assessor_id in (row.assessor_id, row.with_assessor_id):
        if assessor_id is not None:
            reasons += may_verify(
                ties.verifier_id,
                Decision(assessor_id=assessor_id, learner_id=row.person_id),
                to_learner=to_learner,
                to_assessor=ties.to(assessor_id),
            )
    return tuple(dict.fromkeys(reasons))


def verify(
    session: Session,
    row: "Judgement",
    decision: State,
    reason: str,
    *,
    ties: Ties,
    now: datetime,
    on: date,
) -> Verification:
    """Agree with a decision, or return it. Raises MayNotVerify, AlreadyLookedAt, NeedsReason."""
    reasons = why_not(ties, row)
    if reasons:
        raise MayNotVerify(reasons)
    if row.verifications or queries.superseded(session, row.id):
        raise AlreadyLookedAt("This decision was looked at already, or was made again since.")
    returned = decision is State.RETURNED
    if returned and not reason.strip():
        raise NeedsReason("Write what the assessor should look at again")
    said = Verification(
        judgement_id=row.id,
        verifier_id=ties.verifier_id,
        decision=decision.value,
        reason=reason.strip(),
        due_on=working_days_after(on, DAYS_TO_LOOK_AGAIN) if returned else None,
        recorded_at=now,
    )
    session.add(said)
    session.flush()
    # Whoever listens reads the judgement afresh, with what was just said of it.
    session.expire(row, ["verifications"])
    audit.record(
        session,
        "judgement.returned" if returned else "judgement.agreed",
        said,
        now=now,
        actor_id=ties.verifier_id,
        about_id=row.person_id,
        criterion=row.criterion,
    )
    if returned:
        _tell_assessors(session, row, now)
    return said


def working_days_after(day: date, count: int) -> date:
    """Return the day so many working days later. Weekends do not count; bank holidays do."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _tell_assessors(session: Session, row: "Judgement", now: datetime) -> None:
    for assessor_id in (row.assessor_id, row.with_assessor_id):
        person = accounts.person(session, assessor_id) if assessor_id else None
        if person is not None and person.is_active:
            body = "A decision of yours was returned. Sign in to Towpath to see why and until when."
            mail.write(
                session,
                person.email,
                "A decision was returned",
                body,
                kind=mail.Kind.NOTICE,
                now=now,
            )
