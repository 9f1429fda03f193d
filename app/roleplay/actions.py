"""What changes bookings. Nothing here commits."""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app import audit, mail
from app.accounts import queries as accounts
from app.portfolio import allocation_actions as allocations
from app.portfolio import queries as portfolio
from app.roleplay import queries, rules
from app.roleplay.models import Booking, BookingPart
from app.roleplay.rules import Plan as Plan  # others take it from here
from assessments import scheduling
from assessments.framework import Framework


class RolePlayError(Exception):
    """A refusal about role plays, in words for the person."""


class NotBookable(RolePlayError):
    """The plan cannot stand: field of the form to sentence."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class Clashes(RolePlayError):
    """Somebody, or the room, is taken at that time."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = tuple(sentences)


class MissingFirst(RolePlayError):
    """Something comes before any role play. The coordinator may overrule it with a reason."""

    def __init__(self, missing: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        super().__init__("something comes first")
        self.missing = tuple(missing)


class Begun(RolePlayError):
    """What was played already is neither moved nor cancelled."""


class ChangedMeanwhile(RolePlayError):
    """Somebody else changed the booking since the page was opened."""


def book(
    session: Session,
    plan: Plan,
    framework: Framework,
    *,
    titles: Mapping[str, str],
    by_id: int,
    now: datetime,
    on: date,
    choose: Callable[[Sequence[str]], str] = secrets.choice,
) -> Booking:
    """Book a role play and tell everybody. Raises NotBookable, Clashes, MissingFirst."""
    _refuse(session, plan, framework, titles, now=now, on=on, known=None)
    drawn = queries.deliveries_drawn(session, plan.learner_ids, plan.case.slug)
    row = Booking(
        case=plan.case.slug,
        case_version=plan.case.version,
        round=plan.round,
        delivery=rules.draw(plan.case.rounds, drawn, choose),
        booked_by_id=by_id,
        booked_at=now,
        role_player_id=plan.role_player_id,
        parts=[_part(who, part) for who, part in _parts(plan)],
    )
    _set_plan(row, plan)
    session.add(row)
    session.flush()
    audit.record(
        session,
        "booking.made",
        row,
        now=now,
        actor_id=by_id,
        case=plan.case.code,
        overruled=bool(plan.override_reason),
    )
    _allocate(session, plan, by_id=by_id, now=now)
    _tell(session, plan.people_ids, "A role play is booked", "You have a part in it.", now=now)
    return row


def _refuse(
    session: Session,
    plan: Plan,
    framework: Framework,
    titles: Mapping[str, str],
    *,
    now: datetime,
    on: date,
    known: Booking | None,
) -> None:
    faults = rules.plan_faults(plan, now)
    if faults:
        raise NotBookable(faults)
    found = clashes(session, plan, known, titles)
    if found:
        raise Clashes([one.sentence for one in found])
    asked = set(plan.learner_ids) - set(known.learner_ids if known else ())
    missing = missing_first(session, sorted(asked), framework, on=on)
    if missing and not plan.override_reason.strip():
        raise MissingFirst(missing)


def clashes(
    session: Session, plan: Plan, known: Booking | None, titles: Mapping[str, str]
) -> tuple[scheduling.Clash, ...]:
    """Return who and what is taken at the time of the plan."""
    rows = queries.around(session, plan.starts, plan.ends)
    ids = [*plan.people_ids, *(one for row in rows for one in row.people_ids)]
    names = accounts.names(session, ids)
    proposal = scheduling.Booking(
        id=str(known.id) if known else "",
        starts=plan.starts,
        ends=plan.ends,
        room=plan.room,
        people={one: names.get(one, "") for one in plan.people_ids},
        title="this role play",
    )
    return scheduling.clashes(proposal, [_taken(row, plan.room, names, titles) for row in rows])


def _taken(
    row: Booking, room: str, names: Mapping[int, str], titles: Mapping[str, str]
) -> scheduling.Booking:
    # "small hall" and "Small Hall" are one room, and the sentence names it as it was typed now.
    same = row.room.casefold() == room.casefold()
    return scheduling.Booking(
        id=str(row.id),
        starts=row.starts_at,
        ends=row.ends_at,
        room=room if same else row.room,
        people={one: names.get(one, "") for one in row.people_ids},
        title=titles.get(row.case, "another role play"),
    )


def missing_first(
    session: Session, learner_ids: Iterable[int], framework: Framework, *, on: date
) -> list[tuple[str, tuple[str, ...]]]:
    """Return what each learner still needs before any role play: name and sentences."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for learner_id in learner_ids:
        registered = portfolio.registration_of(session, learner_id)
        if registered is None:
            name = accounts.names(session, [learner_id]).get(learner_id, "")
            found.append((name, ("Not registered on the award yet.",)))
            continue
        progress = portfolio.progress(session, registered, framework, on)
        sentences = scheduling.before_role_play(framework, progress)
        if sentences:
            found.append((registered.person.working_name, sentences))
    return found


def change(
    session: Session,
    booking: Booking,
    plan: Plan,
    framework: Framework,
    *,
    titles: Mapping[str, str],
    version: int,
    by_id: int,
    now: datetime,
    on: date,
) -> None:
    """Move a booking or change its people, and tell everybody.

    Raises ChangedMeanwhile, Begun, NotBookable, Clashes, MissingFirst.
    """
    _refuse_late(session, booking, version)
    _refuse(session, plan, framework, titles, now=now, on=on, known=booking)
    told = {*booking.people_ids, *plan.people_ids}
    known = {(one, other) for one in booking.learner_ids for other in booking.assessor_ids}
    _set_plan(booking, plan)
    booking.role_player_id = plan.role_player_id
    _set_people(booking, plan)
    # The version must move even where only people changed, who stand in another table.
    flag_modified(booking, "room")
    audit.record(session, "booking.changed", booking, now=now, actor_id=by_id)
    _allocate(session, plan, by_id=by_id, now=now, known=known)
    _tell(session, told, "A role play was changed", "Its day, place or people changed.", now=now)


def _refuse_late(session: Session, booking: Booking, version: int) -> None:
    if booking.cancelled_at or queries.begun(session, booking.id):
        raise Begun("This role play was played or cancelled already. Nothing of it is changed now.")
    if booking.version != version:
        raise ChangedMeanwhile("Somebody else changed this booking while you were writing.")


def cancel(
    session: Session, booking: Booking, because: str, *, version: int, by_id: int, now: datetime
) -> None:
    """Cancel a booking, and tell everybody. Raises ChangedMeanwhile, Begun."""
    _refuse_late(session, booking, version)
    booking.cancelled_at, booking.cancelled_because = now, because
    audit.record(session, "booking.cancelled", booking, now=now, actor_id=by_id)
    people = booking.people_ids
    _tell(session, people, "A role play was cancelled", "It does not take place.", now=now)


def _allocate(
    session: Session,
    plan: Plan,
    *,
    by_id: int,
    now: datetime,
    known: Collection[tuple[int, int]] = (),
) -> None:
    """Make the learners own learners of whoever marks them: they need the map of criteria.

    ``known``: (learner, assessor) who were booked before. If their allocation was ended since,
    that was meant, and another room does not undo it.
    """
    for learner_id in plan.learner_ids:
        fresh = [one for one in plan.assessor_ids if (learner_id, one) not in known]
        try:
            allocations.allocate_all(session, learner_id, fresh, now=now, by_id=by_id)
        except allocations.CannotAllocate as refusal:
            second = refusal.assessor_id != plan.assessor_ids[0]
            field = "second_assessor" if second else "assessor"
            raise NotBookable({field: str(refusal)}) from refusal


def _set_plan(row: Booking, plan: Plan) -> None:
    row.starts_at, row.minutes, row.room = plan.starts, plan.minutes, plan.room
    row.briefs_open_at, row.override_reason = plan.briefs_open_at, plan.override_reason


def _parts(plan: Plan) -> list[tuple[int, str]]:
    learners = [(one, "learner") for one in plan.learner_ids]
    return learners + [(one, "assessor") for one in plan.assessor_ids]


def _part(person_id: int, part: str) -> BookingPart:
    return BookingPart(person_id=person_id, part=part)


def _set_people(row: Booking, plan: Plan) -> None:
    wanted = dict(_parts(plan))
    kept = {one.person_id: one for one in row.parts if one.person_id in wanted}
    for person_id, part in wanted.items():
        if person_id in kept:
            kept[person_id].part = part
    row.parts = [*kept.values(), *(_part(*one) for one in wanted.items() if one[0] not in kept)]


def _tell(
    session: Session, people: Iterable[int], subject: str, what: str, *, now: datetime
) -> None:
    """Write to everybody concerned: that there is something, never what is in it."""
    for person_id in sorted(set(people)):
        person = accounts.person(session, person_id)
        if person is not None and person.is_active:
            body = f"{what} Sign in to Towpath to see when and where, and when your brief opens."
            mail.write(session, person.email, subject, body, kind=mail.Kind.NOTICE, now=now)
