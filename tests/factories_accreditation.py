"""Records, facts, a panel and certificates for tests. They flush; the test commits."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.accreditation import actions, certificate_actions
from app.accreditation.actions import NewFact
from app.accreditation.certificate_actions import Scheme
from app.accreditation.models import (
    Certificate,
    Decision,
    InterestDeclaration,
    PackOpening,
    PanelItem,
    PanelSeat,
    PanelVote,
    Record,
    SuitabilityJudgement,
)
from app.formats import today
from assessments.facts import FactKind, FactOutcome
from assessments.panel import Seat
from tests.factories import a_user

K, Says = FactKind, FactOutcome
SCHEME = Scheme(name="Tameford One-to-One", base_url="http://127.0.0.1:8000")
#: What a first decision rests on: kind, outcome, days ago, key.
READY = (
    (K.APPLICATION, Says.DONE, 300, ""),
    (K.SIFT, Says.PASSED, 290, ""),
    (K.INTERVIEW, Says.PASSED, 280, ""),
    (K.ENROLMENT, Says.DONE, 270, ""),
    (K.REFERENCE_ONE, Says.SATISFACTORY, 260, ""),
    (K.REFERENCE_TWO, Says.SATISFACTORY, 255, ""),
    (K.VETTING, Says.CLEAR, 250, ""),
    (K.ROLE_PLAY, Says.ACHIEVED, 60, "CS2"),
    (K.ROLE_PLAY, Says.ACHIEVED, 50, "CS11"),
    (K.AWARD, Says.DONE, 30, "P2"),
    (K.CODE_OF_CONDUCT, Says.DONE, 20, "2"),
    (K.SUPERVISION_AGREEMENT, Says.DONE, 20, ""),
    (K.TRAINING, Says.DONE, 20, ""),
    (K.INTERESTS, Says.DONE, 20, ""),
    (K.CONTRACT, Says.DONE, 20, ""),
)
PANEL = (Seat.CHAIR, Seat.SAFEGUARDING, Seat.COMMUNITY, Seat.PROBATION)


def a_record(session: Session, person: User | None = None) -> Record:
    """Return a person's record with no facts yet."""
    person = person or a_user(session, Role.LEARNER)
    return actions.open_record(session, person.id, now=datetime.now(UTC), by_id=None)


def facts_for(session: Session, record: Record, rows: Iterable[tuple[K, Says, int, str]]) -> None:
    """Record facts that took effect so many days ago."""
    for kind, outcome, ago, key in rows:
        new = NewFact(kind=kind, outcome=outcome, effective=today() - timedelta(days=ago), key=key)
        actions.add_fact(session, record, new, now=datetime.now(UTC), by_id=None)


def a_ready_record(
    session: Session, person: User | None = None, without: tuple[K, ...] = ()
) -> Record:
    """Return a record that is ready for panel, but for the kinds left out."""
    record = a_record(session, person)
    facts_for(session, record, [row for row in READY if row[0] not in without])
    return record


def a_panel(session: Session, *seats: Seat) -> list[User]:
    """Return panel members, the chair first unless other seats are named."""
    members = []
    for seat in seats or PANEL:
        member = a_user(session, Role.PANEL_MEMBER, working_name=f"{seat.label} Adeyemi")
        session.add(PanelSeat(person_id=member.id, seat=seat.value))
        members.append(member)
    session.flush()
    return members


def an_item(session: Session, record: Record, by: User, meets_on: date | None = None) -> PanelItem:
    """Return an item on the agenda."""
    item = PanelItem(
        record_id=record.id,
        meets_on=meets_on or today(),
        made_at=datetime.now(UTC),
        made_by_id=by.id,
    )
    session.add(item)
    session.flush()
    return item


def has_come_to_vote(session: Session, item: PanelItem, *members: User, vote: str = "for") -> None:
    """Take members through every step up to their vote."""
    now = datetime.now(UTC)
    for one in members:
        named = {"item_id": item.id, "member_id": one.id}
        session.add_all(
            [
                InterestDeclaration(has_interest=False, grounds=[], declared_at=now, **named),
                SuitabilityJudgement(
                    view="suitable", reasons="Calm and curious.", recorded_at=now, **named
                ),
                PackOpening(opened_at=now, **named),
                PanelVote(vote=vote, voted_at=now, **named),
            ]
        )
    session.flush()


def an_accreditation(
    session: Session,
    record: Record,
    chair: User,
    *,
    ago: int = 10,
    days: int = 700,
    pathways: str = "P2",
) -> Decision:
    """Return a decision that accredited so many days ago, with its fact."""
    starts = today() - timedelta(days=ago)
    item = an_item(session, record, chair, starts)
    decision = Decision(
        item_id=item.id,
        outcome="accredit",
        pathways=pathways,
        scope="May mentor in the extreme right wing pathway.",
        scope_parts={
            "age_group": "aged 16 to 25",
            "languages": ["English"],
            "locality": "Tameford",
            "working": "solo",
        },
        valid_from=starts,
        valid_until=starts + timedelta(days=days),
        reasons="You listen well.",
        vote="Carried: 4 for, 0 against.",
        present=[[chair.id, chair.working_name, ["chair"]]],
        withdrew=[],
        decided_on=starts,
        recorded_at=datetime.now(UTC),
        recorded_by_id=chair.id,
    )
    session.add(decision)
    session.flush()
    new = NewFact(
        kind=K.PANEL_DECISION,
        outcome=Says.ACCREDITED,
        effective=starts,
        until=decision.valid_until,
        key=pathways,
        source=f"decisions:{decision.id}",
    )
    actions.add_fact(session, record, new, now=datetime.now(UTC), by_id=chair.id)
    return decision


def a_certificate(session: Session, record: Record, decision: Decision) -> Certificate:
    """Return the certificate of a decision. Needs the site, whose award it names."""
    return certificate_actions.issue(
        session,
        record,
        decision,
        scheme=SCHEME,
        now=datetime.now(UTC),
        by_id=decision.recorded_by_id,
    )
