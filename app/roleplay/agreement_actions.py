"""Two finished sheets become one result that both assessors stand by. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app import audit, mail
from app.portfolio import actions as portfolio
from app.portfolio import queries as portfolios
from app.roleplay import queries, rules
from app.roleplay.actions import RolePlayError
from app.roleplay.models import AgreedMark, Booking, MarkSheet, PlayResult, Proposal
from assessments.completion import Verdict
from assessments.framework import Framework
from assessments.roleplay import Agreed, Mark, Overall, PlayOutcome, agreed_marks, play_outcome
from assessments.unitfile import Method

if TYPE_CHECKING:
    from app.portfolio.models import Evidence


class NotBothFinal(RolePlayError):
    """Nothing is compared before both sheets are finished."""


class NothingToSettle(RolePlayError):
    """The two sheets say the same there, or it is agreed already."""


class NeedsReason(RolePlayError):
    """A difference is settled with a mark and a reason."""


class NotTheOther(RolePlayError):
    """A proposal counts once the other assessor stands by it, too."""


class StillOpen(RolePlayError):
    """Something both assessors have to agree on first."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Both sheets of a role play, in the order of booking. Made only once both are final."""

    booking: Booking
    first: MarkSheet
    second: MarkSheet

    def marks(self, learner_id: int) -> tuple[dict[str, Mark], dict[str, Mark]]:
        """Return what each sheet says of a learner, criterion by criterion."""
        return _marks(self.first, learner_id), _marks(self.second, learner_id)

    def overalls(self, learner_id: int) -> tuple[Overall, Overall]:
        """Return both overall judgements of a learner."""
        return _overall(self.first, learner_id), _overall(self.second, learner_id)

    def differing(self, learner_id: int) -> tuple[str, ...]:
        """Return what has to be agreed for a learner: criteria, and "overall" last."""
        one, other = self.marks(learner_id)
        refs = [ref for ref in sorted(one.keys() | other.keys()) if one.get(ref) != other.get(ref)]
        first, second = self.overalls(learner_id)
        return tuple(refs) + ((rules.OVERALL,) if first is not second else ())


def _marks(sheet: MarkSheet, learner_id: int) -> dict[str, Mark]:
    rows = [one for one in sheet.marks if one.learner_id == learner_id and one.mark]
    return {one.criterion: Mark(one.mark) for one in rows}


def _overall(sheet: MarkSheet, learner_id: int) -> Overall:
    return next(Overall(one.overall) for one in sheet.overalls if one.learner_id == learner_id)


def both_sheets(session: Session, booking: Booking) -> Pair:
    """Return both sheets. Raises NotBothFinal while one of them is still being marked."""
    by_assessor = {one.assessor_id: one for one in queries.sheets(session, booking.id)}
    final = [by_assessor.get(one) for one in booking.assessor_ids]
    ready = [one for one in final if one is not None and one.final_at]
    if len(ready) != 2:
        raise NotBothFinal("Both of you see each other's marks once both sheets are finished.")
    return Pair(booking=booking, first=ready[0], second=ready[1])


def propose(
    session: Session,
    pair: Pair,
    learner_id: int,
    key: str,
    mark: str,
    reason: str,
    *,
    by_id: int,
    now: datetime,
) -> Proposal:
    """Suggest a mark for a difference. Raises NothingToSettle, NeedsReason."""
    booking = pair.booking
    open_ones = pair.differing(learner_id) if learner_id in booking.learner_ids else ()
    if key not in open_ones or (learner_id, key) in queries.agreed(session, booking.id):
        raise NothingToSettle("That is agreed already.")
    if mark not in set(Overall if key == rules.OVERALL else Mark) or not reason.strip():
        raise NeedsReason("Choose what you propose, and write why.")
    row = Proposal(
        booking_id=booking.id,
        learner_id=learner_id,
        criterion=key,
        mark=mark,
        reason=reason.strip(),
        proposed_by_id=by_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "difference.proposed",
        row,
        now=now,
        actor_id=by_id,
        about_id=learner_id,
        criterion=key,
    )
    return row


def stand_by(
    session: Session, pair: Pair, proposal_id: int, *, by_id: int, now: datetime
) -> AgreedMark:
    """Stand by what the other assessor proposed; it is agreed then.

    Raises NothingToSettle for a proposal that is no longer the latest, NotTheOther for one's own.
    """
    booking = pair.booking
    latest = queries.proposals(session, booking.id).values()
    row = next((one for one in latest if one.id == proposal_id), None)
    done = queries.agreed(session, booking.id)
    if row is None or (row.learner_id, row.criterion) in done:
        raise NothingToSettle("That proposal was replaced meanwhile, or is agreed already.")
    if row.proposed_by_id == by_id:
        raise NotTheOther("The other assessor stands by your proposal, or proposes another.")
    agreed = AgreedMark(
        booking_id=booking.id,
        learner_id=row.learner_id,
        criterion=row.criterion,
        mark=row.mark,
        differed=True,
        reason=row.reason,
        recorded_by_id=row.proposed_by_id,
        confirmed_by_id=by_id,
        recorded_at=now,
    )
    session.add(agreed)
    session.flush()
    audit.record(
        session,
        "difference.agreed",
        agreed,
        now=now,
        actor_id=by_id,
        about_id=row.learner_id,
        criterion=row.criterion,
    )
    return agreed


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What both assessors stand by for one learner."""

    learner_id: int
    marks: Mapping[str, Mark]
    reasons: Mapping[str, str]
    outcome: PlayOutcome


def settled(
    pair: Pair,
    learner_id: int,
    agreed: Mapping[tuple[int, str], AgreedMark],
    safety_critical: Sequence[str],
) -> Settled:
    """Return the result of one learner. Raises StillOpen, or UnresolvedDifference of the rules."""
    mine = {key: row for (who, key), row in agreed.items() if who == learner_id}
    decided = {
        key: Agreed(mark=Mark(row.mark), reason=row.reason, decided_by=row.confirmed_by_id)
        for key, row in mine.items()
        if key != rules.OVERALL and row.differed
    }
    first, second = pair.overalls(learner_id)
    if first is not second and rules.OVERALL not in mine:
        raise StillOpen("The overall judgement is still to be agreed.")
    overall = first if first is second else Overall(mine[rules.OVERALL].mark)
    marks = agreed_marks(*pair.marks(learner_id), decided)
    return Settled(
        learner_id=learner_id,
        marks=marks,
        reasons={key: row.reason for key, row in mine.items() if row.reason},
        outcome=play_outcome(marks, safety_critical, overall),
    )


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the record says around the marks: the case's title, and who is who."""

    title: str
    code: str
    names: Mapping[int, str]


def release(
    session: Session,
    pair: Pair,
    framework: Framework,
    words: Words,
    *,
    by_id: int,
    seen_on: date,
    now: datetime,
) -> list[PlayResult]:
    """Release the result: marks, results, evidence and judgements, all in one transaction.

    Raises NothingToSettle where it was released before, StillOpen, UnresolvedDifference.
    """
    booking = pair.booking
    if booking.settled_at:
        raise NothingToSettle("The result is released already.")
    agreed = queries.agreed(session, booking.id)
    results = []
    for learner_id in booking.learner_ids:
        one = settled(pair, learner_id, agreed, framework.safety_critical)
        _keep_equal_marks(session, pair, one, agreed, now)
        results.append(_result(session, pair, one, words, by_id=by_id, now=now))
        _judge(session, pair, one, framework, words, by_id=by_id, seen_on=seen_on, now=now)
    booking.settled_at = now
    for learner in booking.learners:
        if learner.is_active:
            text = "The result of a role play is there. Sign in to Towpath to read it."
            mail.write(
                session, learner.email, "A result is there", text, kind=mail.Kind.NOTICE, now=now
            )
    return results


def _keep_equal_marks(
    session: Session,
    pair: Pair,
    one: Settled,
    agreed: Mapping[tuple[int, str], AgreedMark],
    now: datetime,
) -> None:
    equal = {rules.OVERALL: str(one.outcome.overall), **{k: str(v) for k, v in one.marks.items()}}
    for key, mark in equal.items():
        if (one.learner_id, key) not in agreed:
            session.add(
                AgreedMark(
                    booking_id=pair.booking.id,
                    learner_id=one.learner_id,
                    criterion=key,
                    mark=mark,
                    differed=False,
                    recorded_by_id=pair.first.assessor_id,
                    confirmed_by_id=pair.second.assessor_id,
                    recorded_at=now,
                )
            )


def _result(
    session: Session, pair: Pair, one: Settled, words: Words, *, by_id: int, now: datetime
) -> PlayResult:
    row = PlayResult(
        booking_id=pair.booking.id,
        learner_id=one.learner_id,
        passed=one.outcome.passed,
        safety_not_yet=" ".join(one.outcome.safety_critical_not_yet),
        overall=one.outcome.overall,
        overall_reason=one.reasons.get(rules.OVERALL, ""),
        strength=_joined(pair, one.learner_id, "strength", words.names),
        next_step=_joined(pair, one.learner_id, "next_step", words.names),
        released_at=now,
        released_by_id=by_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "result.released",
        row,
        now=now,
        actor_id=by_id,
        about_id=one.learner_id,
        passed=one.outcome.passed,
    )
    return row


def _joined(pair: Pair, learner_id: int, what: str, names: Mapping[int, str]) -> str:
    texts = [
        (sheet.assessor_id, getattr(row, what).strip())
        for sheet in (pair.first, pair.second)
        for row in sheet.overalls
        if row.learner_id == learner_id
    ]
    return "\n\n".join(f"{names[who]}: {text}" for who, text in texts if text)


def _judge(
    session: Session,
    pair: Pair,
    one: Settled,
    framework: Framework,
    words: Words,
    *,
    by_id: int,
    seen_on: date,
    now: datetime,
) -> None:
    """Record a judgement on every criterion that was seen. What was not observed stays open."""
    booking = pair.booking
    seen = {ref: mark for ref, mark in one.marks.items() if mark is not Mark.NOT_OBSERVED}
    evidence = portfolio.file_evidence(
        session,
        one.learner_id,
        method=Method.RO,
        title=f"Role play {words.title}",
        criteria=list(seen),
        shown_on=seen_on,
        source=f"bookings:{booking.id}",
        now=now,
        by_id=by_id,
    )
    other = next(one for one in booking.assessor_ids if one != by_id)
    for ref, mark in seen.items():
        portfolio.judge(
            session,
            framework.criterion(ref),
            framework.award.version,
            evidence,
            Verdict(mark.value),
            feedback=feedback(pair, one, ref, words.names),
            assessor_id=by_id,
            with_assessor_id=other,
            method=Method.RO,
            observed_on=seen_on,
            reason=_again(session, evidence, ref, words),
            now=now,
        )


def _again(session: Session, evidence: "Evidence", ref: str, words: Words) -> str:
    earlier = portfolios.history(session, evidence.person_id, ref)
    return f"Seen again in {words.title}" if earlier else ""


def feedback(pair: Pair, one: Settled, ref: str, names: Mapping[int, str]) -> str:
    """Return both assessors' comments on a criterion, and why they agreed where they differed."""
    lines = [
        f"{names[sheet.assessor_id]}: {row.comment.strip()}"
        for sheet in (pair.first, pair.second)
        for row in sheet.marks
        if (row.learner_id, row.criterion) == (one.learner_id, ref) and row.comment.strip()
    ]
    if one.reasons.get(ref):
        lines.append(f"Agreed: {one.reasons[ref]}")
    return "\n\n".join(lines) or "Both assessors agreed on this in the role play."
