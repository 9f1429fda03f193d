"""Facts that the site records by itself, in the transaction of what they follow from."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app import audit
from app.accreditation import queries
from app.accreditation.actions import NewFact, add_fact, open_record
from app.accreditation.models import Record
from app.content import framework
from app.formats import local
from app.learning import drill_queries as drills
from app.portfolio import queries as portfolio
from app.roleplay import release_queries as roleplay
from app.supervision import queries as supervision
from assessments.facts import FactKind, FactOutcome

# Whoever is accredited knows the work, with the role of a mentor or while it is being given.
drills.EXPERIENCED.append(queries.accredited_ids)


def _subject_id(event: audit.AuditEvent) -> int:
    return int(event.subject.rpartition(":")[2])


def _record(session: Session, event: audit.AuditEvent, person_id: int) -> Record:
    return open_record(session, person_id, now=event.recorded_at, by_id=event.actor_id)


def _add(session: Session, event: audit.AuditEvent, record: Record, new: NewFact) -> None:
    add_fact(session, record, new, now=event.recorded_at, by_id=event.actor_id)


@audit.listen("registration.made")
def _enrolled(session: Session, event: audit.AuditEvent) -> None:
    row = portfolio.registration(session, _subject_id(event))
    if row is not None:
        new = NewFact(kind=FactKind.ENROLMENT, effective=row.enrolled_on, source=event.subject)
        _add(session, event, _record(session, event, row.person_id), new)


@audit.listen("agreement.in-force")
def _agreement_signed(session: Session, event: audit.AuditEvent) -> None:
    row = supervision.agreement(session, _subject_id(event))
    if row is not None:
        new = NewFact(
            kind=FactKind.SUPERVISION_AGREEMENT,
            effective=min(row.starts_on, local(event.recorded_at).date()),
            until=row.review_on,
            source=event.subject,
        )
        _add(session, event, _record(session, event, row.mentor_id), new)


@audit.listen("agreement.ended")
def _agreement_ended(session: Session, event: audit.AuditEvent) -> None:
    row = supervision.agreement(session, _subject_id(event))
    record = queries.record_of(session, row.mentor_id) if row else None
    before = queries.by_source(session, record.id, event.subject) if record else None
    if row is None or record is None or before is None or row.ended_on is None:
        return
    new = NewFact(
        kind=FactKind.SUPERVISION_AGREEMENT,
        effective=before.effective_on,
        until=max(before.effective_on, row.ended_on - timedelta(days=1)),
        source=event.subject,
        supersedes_id=before.id,
    )
    _add(session, event, record, new)


@audit.listen("supervision-log.locked")
def _session_held(session: Session, event: audit.AuditEvent) -> None:
    row = supervision.log(session, _subject_id(event))
    if row is not None:
        new = NewFact(
            kind=FactKind.SUPERVISION_SESSION, effective=row.held_on, source=event.subject
        )
        _add(session, event, _record(session, event, row.agreement.mentor_id), new)


@audit.listen("result.released")
def _played(session: Session, event: audit.AuditEvent) -> None:
    play = roleplay.released(session, _subject_id(event))
    if play is None:
        return
    record = _record(session, event, play.learner_id)
    new = NewFact(
        kind=FactKind.ROLE_PLAY,
        outcome=FactOutcome.ACHIEVED if play.passed else FactOutcome.NOT_YET,
        effective=play.played_on,
        key=play.case_code,
        source=event.subject,
    )
    _add(session, event, record, new)
    for ref, achieved in play.safety_critical:
        new = NewFact(
            kind=FactKind.SAFETY_CRITICAL,
            outcome=FactOutcome.ACHIEVED if achieved else FactOutcome.NOT_YET,
            effective=play.played_on,
            key=ref,
            source=event.subject,
        )
        _add(session, event, record, new)


@audit.listen("judgement.agreed")
def _award_complete(session: Session, event: audit.AuditEvent) -> None:
    registered = event.about_id and portfolio.registration_of(session, event.about_id)
    if not registered or portfolio.waiting_on(session, registered.person_id):
        return
    today = local(event.recorded_at).date()
    if not portfolio.progress(session, registered, framework(), today).achieved:
        return
    record = _record(session, event, registered.person_id)
    if queries.latest_fact(session, record.id, FactKind.AWARD) is None:
        new = NewFact(
            kind=FactKind.AWARD,
            effective=today,
            key=registered.pathways,
            source=f"registrations:{registered.id}",
        )
        _add(session, event, record, new)
