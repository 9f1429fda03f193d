"""What changes a mark sheet while a role play runs. Nothing here commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit, kept, mail
from app.accounts import queries as accounts
from app.roleplay import queries, rules
from app.roleplay.actions import RolePlayError
from app.roleplay.models import (
    Booking,
    MarkSheet,
    NoteCriterion,
    SheetMark,
    SheetOverall,
    TimedNote,
)
from assessments.roleplay import Mark, Overall

#: How far the clock of a device may be ahead of ours before its time is not believed.
AHEAD = timedelta(seconds=30)


class SheetIsFinal(RolePlayError):
    """A finished sheet is read, never changed."""


class NotOnSheet(RolePlayError):
    """The criterion, or the learner, is not on this sheet."""


class OnlyWhereReal(RolePlayError):
    """The criterion cannot be shown where the test line is played for effect."""


class NotComplete(RolePlayError):
    """What a sheet needs before it is final."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = tuple(missing)


def open_sheet(session: Session, booking: Booking, assessor_id: int, *, now: datetime) -> MarkSheet:
    """Return the assessor's own sheet, begun with the first thing on it. Raises SheetIsFinal."""
    row = queries.sheet(session, booking.id, assessor_id)
    if row is None:
        row = MarkSheet(booking=booking, assessor_id=assessor_id, opened_at=now, pauses=[])
        session.add(row)
        audit.record(
            session, "mark-sheet.opened", _flushed(session, row), now=now, actor_id=assessor_id
        )
    if row.final_at:
        raise SheetIsFinal("This sheet is finished. It can be read, and no longer changed.")
    return row


def _flushed(session: Session, row: MarkSheet) -> MarkSheet:
    session.flush()
    return row


def run_clock(session: Session, sheet: MarkSheet, deed: str, *, now: datetime) -> None:
    """Start, pause, resume or stop the clock. Pressing twice does it once."""
    state = rules.clock_state(sheet.started_at, sheet.pauses, sheet.stopped_at, now).state
    if (deed, state) not in CLOCK:
        return
    action = CLOCK[deed, state]
    if deed == "start":
        sheet.started_at = now
    elif deed == "pause":
        sheet.pauses = [*sheet.pauses, [now.isoformat(), None]]
    elif deed == "stop":
        sheet.stopped_at = now
    else:
        _go_on(sheet, now)
    audit.record(session, action, sheet, now=now, actor_id=sheet.assessor_id)


#: (what was pressed, where the clock stands) -> what is recorded. Everything else does nothing.
CLOCK = {
    ("start", "ready"): "clock.started",
    ("pause", "running"): "clock.paused",
    ("resume", "paused"): "clock.resumed",
    ("resume", "over"): "clock.resumed",
    ("stop", "running"): "exercise.stopped",
    ("stop", "paused"): "exercise.stopped",
}


def _go_on(sheet: MarkSheet, now: datetime) -> None:
    pauses = [list(one) for one in sheet.pauses]
    if sheet.stopped_at:  # pressed by mistake: the time since then was a pause
        if not (pauses and pauses[-1][1] is None):
            pauses.append([sheet.stopped_at.isoformat(), None])
        sheet.stopped_at, sheet.stopped_because = None, ""
    if pauses and pauses[-1][1] is None:
        pauses[-1][1] = now.isoformat()
    sheet.pauses = pauses


def explain_stop(session: Session, sheet: MarkSheet, because: str, *, now: datetime) -> None:
    """Keep why the exercise was stopped for safety."""
    sheet.stopped_because = because
    audit.record(session, "exercise.stop-explained", sheet, now=now, actor_id=sheet.assessor_id)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A note as it arrives. Without a script the times are missing."""

    client_key: str
    words: str
    refs: tuple[str, ...]
    first_typed_at: datetime | None = None
    at_seconds: int | None = None


def add_note(
    session: Session, sheet: MarkSheet, sent: Sent, on_sheet: Collection[str], *, now: datetime
) -> TimedNote:
    """Keep a note with the time of its first letter, once, however often it is sent.

    Raises NotOnSheet.
    """
    known = queries.note_by_key(session, sheet.id, sent.client_key)
    if known is not None:
        return known
    strange = [ref for ref in sent.refs if ref not in on_sheet]
    if strange:
        raise NotOnSheet(f"{', '.join(strange)} is not on this sheet. Add it first.")
    typed = _believable(sent.first_typed_at, sheet, now)
    row = TimedNote(
        sheet_id=sheet.id,
        client_key=sent.client_key,
        first_typed_at=typed,
        at_seconds=_second(sheet, sent.at_seconds, typed, now),
        words=sent.words,
        saved_at=now,
        criteria=[NoteCriterion(criterion=ref) for ref in dict.fromkeys(sent.refs)],
    )
    session.add(row)
    session.flush()
    audit.record(session, "note.added", row, now=now, actor_id=sheet.assessor_id)
    return row


def _believable(typed: datetime | None, sheet: MarkSheet, now: datetime) -> datetime:
    """Return when the first letter was typed: the device's word, unless it cannot be."""
    if typed is None or typed.tzinfo is None:
        return now
    return typed if sheet.opened_at - timedelta(days=1) <= typed <= now + AHEAD else now


def _second(sheet: MarkSheet, sent: int | None, typed: datetime, now: datetime) -> int:
    most = rules.clock_state(sheet.started_at, sheet.pauses, sheet.stopped_at, now).seconds
    if sent is not None and 0 <= sent <= most + AHEAD.total_seconds():
        return sent
    return rules.clock_state(
        sheet.started_at, sheet.pauses, sheet.stopped_at, min(typed, now)
    ).seconds


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A mark and a comment on one criterion of one learner, as sent."""

    learner_id: int
    ref: str
    mark: str
    comment: str
    version: int


def record_mark(
    session: Session,
    sheet: MarkSheet,
    sent: Judged,
    on_sheet: Collection[str],
    *,
    now: datetime,
) -> tuple[SheetMark, bool]:
    """Keep a mark; return its row and whether it is what was sent.

    What met a newer version is kept beside it, for the assessor to choose from.
    Raises NotOnSheet, OnlyWhereReal.
    """
    _refuse_mark(sheet.booking, sent, on_sheet)
    row = queries.mark_row(session, sheet.id, sent.learner_id, sent.ref)
    if row is None:
        row = SheetMark(sheet=sheet, learner_id=sent.learner_id, criterion=sent.ref, marked_at=now)
        session.add(row)
    elif (row.mark, row.comment) == (sent.mark, sent.comment):
        return row, True
    elif row.version != sent.version:
        _keep_mark(session, sheet, row, sent, now)
        return row, False
    row.mark, row.comment, row.marked_at = sent.mark, sent.comment, now
    session.flush()
    audit.record(
        session,
        "mark.recorded",
        row,
        now=now,
        actor_id=sheet.assessor_id,
        about_id=sent.learner_id,
        criterion=sent.ref,
    )
    return row, True


def _refuse_mark(booking: Booking, sent: Judged, on_sheet: Collection[str]) -> None:
    if sent.learner_id not in booking.learner_ids or sent.ref not in on_sheet:
        raise NotOnSheet(f"{sent.ref} is not on this sheet.")
    if sent.mark and sent.mark not in set(Mark):
        raise NotOnSheet("A mark is achieved, not yet or not observed.")
    real = booking.delivery == "R"
    if sent.ref == rules.ONLY_REAL and sent.mark == Mark.ACHIEVED and not real:
        raise OnlyWhereReal(
            f"{sent.ref} can be achieved only where the line is played as real. Mark it not "
            "observed, and say in the comment what the round showed."
        )


def _keep_mark(
    session: Session, sheet: MarkSheet, row: SheetMark, sent: Judged, now: datetime
) -> None:
    subject = f"sheet_marks:{row.id}"
    field = f"{sent.ref} {sent.mark}"
    known = kept.unsettled(session, subject, sheet.assessor_id)
    if not any((one.field, one.words) == (field, sent.comment) for one in known):
        kept.keep(session, subject, field, sent.comment, writer_id=sheet.assessor_id, now=now)
        audit.record(session, "versions.kept", subject, now=now, actor_id=sheet.assessor_id)


def settle_mark(
    session: Session, sheet: MarkSheet, row: SheetMark, mark: str, comment: str, *, now: datetime
) -> None:
    """Take this mark and comment, and close every version that was kept beside them."""
    row.mark, row.comment, row.marked_at = mark, comment, now
    for one in kept.unsettled(session, f"sheet_marks:{row.id}", sheet.assessor_id):
        one.settled_at = now
    audit.record(session, "versions.settled", row, now=now, actor_id=sheet.assessor_id)


def add_criterion(
    session: Session, sheet: MarkSheet, learner_id: int, ref: str, *, now: datetime
) -> None:
    """Put another criterion of the award on the sheet: it was seen as well. Raises NotOnSheet."""
    if learner_id not in sheet.booking.learner_ids:
        raise NotOnSheet("That learner is not in this role play.")
    if queries.mark_row(session, sheet.id, learner_id, ref) is not None:
        return
    row = SheetMark(sheet=sheet, learner_id=learner_id, criterion=ref, marked_at=now)
    session.add(row)
    session.flush()
    audit.record(
        session,
        "criterion.added",
        row,
        now=now,
        actor_id=sheet.assessor_id,
        about_id=learner_id,
        criterion=ref,
    )


@dataclass(frozen=True, kw_only=True)
class Whole:
    """The overall judgement of one learner, as sent, with a strength and a next step."""

    learner_id: int
    overall: str
    strength: str
    next_step: str
    version: int

    @property
    def texts(self) -> tuple[str, str, str]:
        """Return everything that was written."""
        return self.overall, self.strength, self.next_step


def record_overall(
    session: Session, sheet: MarkSheet, sent: Whole, *, now: datetime
) -> SheetOverall:
    """Keep the overall judgement. It is never worked out from the marks, nor they from it.

    Raises NotOnSheet; kept.Overtaken where a newer version was saved meanwhile.
    """
    if sent.learner_id not in sheet.booking.learner_ids or sent.overall not in {"", *Overall}:
        raise NotOnSheet("That is not on this sheet.")
    row = next((one for one in sheet.overalls if one.learner_id == sent.learner_id), None)
    if row is None:
        row = SheetOverall(sheet=sheet, learner_id=sent.learner_id)
        session.add(row)
    elif (row.overall, row.strength, row.next_step) == sent.texts:
        return row
    elif row.version != sent.version:
        raise kept.Overtaken("\n\n".join(sent.texts[1:]), f"{row.strength}\n\n{row.next_step}")
    row.overall, row.strength, row.next_step = sent.texts
    audit.record(
        session,
        "overall.recorded",
        _flushed_overall(session, row),
        now=now,
        actor_id=sheet.assessor_id,
        about_id=sent.learner_id,
    )
    return row


def _flushed_overall(session: Session, row: SheetOverall) -> SheetOverall:
    session.flush()
    return row


def finish(session: Session, sheet: MarkSheet, missing: Sequence[str], *, now: datetime) -> bool:
    """Make the sheet final; return whether both are now. Raises NotComplete."""
    if missing:
        raise NotComplete(missing)
    sheet.final_at = now
    audit.record(session, "mark-sheet.finished", sheet, now=now, actor_id=sheet.assessor_id)
    booking = sheet.booking
    both = queries.finished(session, [booking.id])[booking.id] == set(booking.assessor_ids)
    for assessor in booking.assessors if both else ():
        _tell_both_finished(session, assessor.id, now)
    return both


def _tell_both_finished(session: Session, assessor_id: int, now: datetime) -> None:
    person = accounts.person(session, assessor_id)
    if person is not None and person.is_active:
        body = "Both mark sheets of a role play are finished. Sign in to Towpath to agree."
        mail.write(
            session, person.email, "Both sheets are finished", body, kind=mail.Kind.NOTICE, now=now
        )
