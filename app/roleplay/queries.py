"""What is asked about role plays: reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, lazyload

from app.kept import KeptVersion
from app.roleplay.models import (
    AgreedMark,
    Booking,
    BookingPart,
    MarkSheet,
    NoteCriterion,
    PlayResult,
    Proposal,
    SheetMark,
    TimedNote,
)

PAGE = 20
#: No role play lasts longer, with the talk after it.
LONGEST = timedelta(hours=6)
Key = tuple[datetime, int]


#: What the mark sheet asks, many times a minute while a play runs: put together once, and with as
#: few questions as there can be.
_BOOKING = (
    select(Booking).where(Booking.id == bindparam("booking")).options(joinedload(Booking.parts))
)
_SHEET = (
    select(MarkSheet)
    .where(MarkSheet.booking_id == bindparam("booking"))
    .where(MarkSheet.assessor_id == bindparam("assessor"))
    .options(joinedload(MarkSheet.marks), joinedload(MarkSheet.overalls))
)
_FINISHED = select(MarkSheet.booking_id, MarkSheet.assessor_id).where(
    MarkSheet.booking_id.in_(bindparam("bookings", expanding=True)),
    MarkSheet.final_at.is_not(None),
)
_KEPT_BESIDE = (
    select(KeptVersion)
    .where(KeptVersion.written_by_id == bindparam("writer"), KeptVersion.settled_at.is_(None))
    .order_by(KeptVersion.id)
)
_other = aliased(MarkSheet)
_IN_PLAY = _SHEET.add_columns(
    select(_other.id)
    .where(_other.booking_id == MarkSheet.booking_id, _other.assessor_id != MarkSheet.assessor_id)
    .where(_other.final_at.is_not(None))
    .exists(),
    select(KeptVersion.id)
    .where(KeptVersion.written_by_id == bindparam("writer"), KeptVersion.settled_at.is_(None))
    .exists(),
)
#: Rows and not objects: a sheet has dozens of notes, and is drawn many times a minute.
_NOTES = (
    select(
        TimedNote.sheet_id,
        TimedNote.id,
        TimedNote.at_seconds,
        TimedNote.words,
        TimedNote.saved_at,
        TimedNote.client_key,
        NoteCriterion.criterion,
    )
    .outerjoin(NoteCriterion, NoteCriterion.note_id == TimedNote.id)
    .where(TimedNote.sheet_id.in_(bindparam("sheets", expanding=True)))
    .order_by(TimedNote.at_seconds.desc(), TimedNote.id.desc(), NoteCriterion.criterion)
)


@dataclass(frozen=True, kw_only=True)
class Note:
    """A timed note as pages show it."""

    at_seconds: int
    words: str
    saved_at: datetime
    client_key: str
    refs: tuple[str, ...]


def booking(session: Session, booking_id: int) -> Booking | None:
    """Return one booking."""
    return session.scalars(_BOOKING, {"booking": booking_id}).unique().one_or_none()


def _takes_part(person_id: int) -> ColumnElement[bool]:
    parts = select(BookingPart.booking_id).where(BookingPart.person_id == person_id)
    return or_(Booking.role_player_id == person_id, Booking.id.in_(parts))


def _of(person_id: int | None) -> Select[Booking]:
    query = select(Booking)
    return query if person_id is None else query.where(_takes_part(person_id))


def coming(
    session: Session,
    person_id: int | None,
    since: datetime,
    after: Key | None = None,
    *,
    bare: bool = False,
) -> list[Booking]:
    """Return a page of bookings from a moment on, earliest first; None: everybody's.

    ``bare`` leaves the people out, for a list that does not name them.
    """
    query = _of(person_id).where(Booking.starts_at >= since)
    if bare:
        query = query.options(lazyload(Booking.parts))
    if after:
        query = query.where(tuple_(Booking.starts_at, Booking.id) > after)
    return list(session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(PAGE + 1)))


def past(
    session: Session, person_id: int | None, until: datetime, before: Key | None = None
) -> list[Booking]:
    """Return a page of bookings before a moment, latest first; None: everybody's."""
    query = _of(person_id).where(Booking.starts_at < until)
    if before:
        query = query.where(tuple_(Booking.starts_at, Booking.id) < before)
    newest = (Booking.starts_at.desc(), Booking.id.desc())
    return list(session.scalars(query.order_by(*newest).limit(PAGE + 1)))


def around(session: Session, starts: datetime, ends: datetime) -> Sequence[Booking]:
    """Return the bookings that might overlap a time; whether they do is a rule's to say."""
    return session.scalars(
        select(Booking).where(
            Booking.cancelled_at.is_(None),
            Booking.starts_at < ends,
            Booking.starts_at > starts - LONGEST,
        )
    ).all()


def deliveries_drawn(
    session: Session, learner_ids: Iterable[int], case: str, besides: int | None = None
) -> list[str]:
    """Return how the test line was drawn in these learners' other rounds of a case."""
    query = (
        select(Booking.delivery)
        .join(BookingPart)
        .where(
            Booking.case == case,
            Booking.cancelled_at.is_(None),
            BookingPart.part == "learner",
            BookingPart.person_id.in_(list(learner_ids)),
        )
    )
    return list(session.scalars(query if besides is None else query.where(Booking.id != besides)))


def cases_of(session: Session, person_id: int) -> Sequence[Booking]:
    """Return every booking that stands in which a person takes part, latest first."""
    return session.scalars(
        _of(person_id)
        .where(Booking.cancelled_at.is_(None))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(100)
    ).all()


def cases_booked(session: Session) -> dict[str, int]:
    """Return for how many role plays, held or to come, each case is booked."""
    rows = session.execute(
        select(Booking.case, func.count())
        .where(Booking.cancelled_at.is_(None))
        .group_by(Booking.case)
    )
    return {row[0]: row[1] for row in rows}


def sheet(session: Session, booking_id: int, assessor_id: int) -> MarkSheet | None:
    """Return one assessor's own sheet of a role play."""
    given = {"booking": booking_id, "assessor": assessor_id}
    return session.scalars(_SHEET, given).unique().one_or_none()


def sheet_in_play(
    session: Session, booking_id: int, assessor_id: int
) -> tuple[MarkSheet | None, bool, bool]:
    """Return one assessor's own sheet, whether the other has finished, whether versions wait.

    The versions are those kept beside something of this assessor's, of this sheet or another.
    """
    given = {"booking": booking_id, "assessor": assessor_id, "writer": assessor_id}
    row = session.execute(_IN_PLAY, given).unique().one_or_none()
    if row is not None:
        return row[0], row[1], row[2]
    done = finished(session, [booking_id]).get(booking_id, set())
    return None, bool(done - {assessor_id}), False


def sheets(session: Session, booking_id: int) -> Sequence[MarkSheet]:
    """Return both sheets. Only for what comes after both are final, and to ask whether they are."""
    return session.scalars(
        select(MarkSheet).where(MarkSheet.booking_id == booking_id).order_by(MarkSheet.id)
    ).all()


def finished(session: Session, booking_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return which assessors have finished their sheets, by booking; nothing of what they say."""
    rows = session.execute(_FINISHED, {"bookings": list(booking_ids)})
    found: dict[int, set[int]] = defaultdict(set)
    for booking_id, assessor_id in rows:
        found[booking_id].add(assessor_id)
    return found


def begun(session: Session, booking_id: int) -> bool:
    """Return whether somebody has started the clock of a role play or finished a sheet."""
    of = MarkSheet.booking_id == booking_id
    started = or_(MarkSheet.started_at.is_not(None), MarkSheet.final_at.is_not(None))
    return session.scalar(select(MarkSheet.id).where(of, started).limit(1)) is not None


def mark_row(session: Session, sheet_id: int, learner_id: int, ref: str) -> SheetMark | None:
    """Return the mark of one criterion on one sheet."""
    return session.scalar(
        select(SheetMark).where(
            SheetMark.sheet_id == sheet_id,
            SheetMark.learner_id == learner_id,
            SheetMark.criterion == ref,
        )
    )


def kept_beside(
    session: Session, subjects: Sequence[str], writer_id: int
) -> dict[str, list[KeptVersion]]:
    """Return the versions that wait to be settled beside several records, oldest first."""
    found: dict[str, list[KeptVersion]] = defaultdict(list)
    # What one person has still to settle is little: naming each record would cost more.
    for row in session.scalars(_KEPT_BESIDE, {"writer": writer_id}):
        if row.subject in subjects:
            found[row.subject].append(row)
    return found


def notes(session: Session, sheet_ids: Iterable[int]) -> dict[int, list[Note]]:
    """Return the notes of several sheets, latest first."""
    found: dict[int, list[Note]] = defaultdict(list)
    rows = session.execute(_NOTES, {"sheets": list(sheet_ids)}).all()
    for (sheet_id, _), of_one in groupby(rows, lambda row: (row[0], row[1])):
        first, *more = of_one
        _, _, at_seconds, words, saved_at, client_key, ref = first
        refs = () if ref is None else (ref, *(row[6] for row in more))
        note = Note(
            at_seconds=at_seconds,
            words=words,
            saved_at=saved_at,
            client_key=client_key,
            refs=refs,
        )
        found[sheet_id].append(note)
    return found


def note_by_key(session: Session, sheet_id: int, client_key: str) -> TimedNote | None:
    """Return the note that was sent under a key, if it was."""
    return session.scalar(
        select(TimedNote).where(TimedNote.sheet_id == sheet_id, TimedNote.client_key == client_key)
    )


def notes_on(session: Session, booking_id: int, ref: str) -> Sequence[tuple[int, int, str]]:
    """Return (assessor, second on the clock, words) of every note on a criterion, in order."""
    rows = session.execute(
        select(MarkSheet.assessor_id, TimedNote.at_seconds, TimedNote.words)
        .join(TimedNote, TimedNote.sheet_id == MarkSheet.id)
        .join(NoteCriterion, NoteCriterion.note_id == TimedNote.id)
        .where(MarkSheet.booking_id == booking_id, NoteCriterion.criterion == ref)
        .order_by(TimedNote.at_seconds, TimedNote.id)
    )
    return [(who, at, words) for who, at, words in rows]


def comments_on(
    session: Session, booking_id: int, learner_id: int, ref: str
) -> Sequence[tuple[int, str, str]]:
    """Return (assessor, mark, comment) of each sheet on one criterion of one learner."""
    rows = session.execute(
        select(MarkSheet.assessor_id, SheetMark.mark, SheetMark.comment)
        .join(SheetMark, SheetMark.sheet_id == MarkSheet.id)
        .where(
            MarkSheet.booking_id == booking_id,
            SheetMark.learner_id == learner_id,
            SheetMark.criterion == ref,
        )
        .order_by(MarkSheet.id)
    )
    return [(who, mark, words) for who, mark, words in rows]


def proposals(session: Session, booking_id: int) -> dict[tuple[int, str], Proposal]:
    """Return the latest proposal of each difference: (learner, criterion) to proposal."""
    newest = (
        select(func.max(Proposal.id))
        .where(Proposal.booking_id == booking_id)
        .group_by(Proposal.learner_id, Proposal.criterion)
    )
    rows = session.scalars(select(Proposal).where(Proposal.id.in_(newest)))
    return {(row.learner_id, row.criterion): row for row in rows}


def agreed(session: Session, booking_id: int) -> dict[tuple[int, str], AgreedMark]:
    """Return what both assessors stand by: (learner, criterion) to mark."""
    rows = session.scalars(select(AgreedMark).where(AgreedMark.booking_id == booking_id))
    return {(row.learner_id, row.criterion): row for row in rows}


def results(session: Session, booking_ids: Iterable[int]) -> dict[int, list[PlayResult]]:
    """Return the released results, by booking."""
    rows = session.scalars(
        select(PlayResult)
        .where(PlayResult.booking_id.in_(list(booking_ids)))
        .order_by(PlayResult.id)
    )
    found: dict[int, list[PlayResult]] = defaultdict(list)
    for row in rows:
        found[row.booking_id].append(row)
    return found


def results_of(session: Session, person_id: int) -> list[tuple[PlayResult, Booking]]:
    """Return every released result of one learner with its booking, oldest first."""
    rows = session.execute(
        select(PlayResult, Booking)
        .join(Booking, Booking.id == PlayResult.booking_id)
        .where(PlayResult.learner_id == person_id)
        .order_by(PlayResult.id)
    )
    return [(result, booked) for result, booked in rows]
