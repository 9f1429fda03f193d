"""What the pages of role plays show, as plain values for the templates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort, url_for
from sqlalchemy.orm import Session

from app import db
from app.content import framework, manual
from app.formats import clock, plural
from app.roleplay import queries, rules
from app.roleplay.models import Booking, MarkSheet, PlayResult, SheetMark, SheetOverall
from assessments.framework import Criterion
from assessments.scheduling import current_scene
from modules import Case


def booking_or_404(booking_id: int) -> Booking:
    """Return one booking, or answer 404."""
    return queries.booking(db.session(), booking_id) or abort(404)


def standing_or_404(booking_id: int) -> Booking:
    """Return a booking that was not cancelled, or answer 404."""
    found = booking_or_404(booking_id)
    return abort(404) if found.cancelled_at else found


class InPlay:
    """One learner in one role play: what an assessor marks. Guarded as its booking is."""

    def __init__(self, booking: Booking, learner_id: int) -> None:
        self.booking, self.learner_id = booking, learner_id
        self.assessor_ids = booking.assessor_ids


def in_play_or_404(booking_id: int, learner_id: int) -> InPlay:
    """Return one learner of a role play that was not cancelled, or answer 404."""
    found = standing_or_404(booking_id)
    return InPlay(found, learner_id) if learner_id in found.learner_ids else abort(404)


def case_of(booking: Booking) -> Case:
    """Return the case of a booking, or answer 404 where the library no longer has it."""
    try:
        return manual().case(booking.case)
    except KeyError:
        abort(404)


def title_of(booking: Booking) -> str:
    """Return "CS2, What did you just say?, round 2"."""
    words = titles().get(booking.case, booking.case)
    return f"{words}, round {booking.round}" if booking.round > 1 else words


def titles() -> dict[str, str]:
    """Return what each case is called: slug to "CS1, The first half hour"."""
    return {one.slug: f"{one.code}, {one.title}" for one in manual().cases}


def place(booking: Booking) -> str:
    """Return the room, or that it is by video."""
    return booking.room or "By secure video"


def length(case: Case) -> str:
    """Return "22 minutes, then 20 to talk it over"."""
    return f"{plural(case.minutes, 'minute')}, then {case.debrief_minutes} to talk it over"


def part_of(booking: Booking, person_id: int) -> str:
    """Return "learner", "player" or "assessor"; empty for somebody without a part."""
    if person_id in booking.learner_ids:
        return "learner"
    if person_id in booking.assessor_ids:
        return "assessor"
    return "player" if booking.role_player_id == person_id else ""


#: What each part is called, and the page that is its own.
PARTS = {
    "learner": ("You are the learner", "roleplay.brief"),
    "player": ("You play the client", "roleplay.player_brief"),
    "assessor": ("You mark it", "roleplay.assessor_guide"),
    "": ("", None),
}


def listed(
    session: Session, rows: Sequence[Booking], person_id: int, now: datetime
) -> list[dict[str, Any]]:
    """Return bookings as the list shows them, in a constant number of queries."""
    ids = [one.id for one in rows]
    finished, results = queries.finished(session, ids), queries.results(session, ids)
    return [
        {
            "booking": one,
            "title": title_of(one),
            "part": PARTS[part_of(one, person_id)][0],
            "place": place(one),
            "status": _status(one, person_id, finished.get(one.id, set()), results[one.id], now),
        }
        for one in rows
    ]


def _status(
    booking: Booking,
    person_id: int,
    finished: set[int],
    results: Sequence[PlayResult],
    now: datetime,
) -> tuple[str, str]:
    if booking.cancelled_at:
        return "withdrawn", "Cancelled"
    part = part_of(booking, person_id)
    mine = next((one for one in results if one.learner_id == person_id), None)
    if mine is not None:
        return ("ok", "Passed") if mine.passed else ("notyet", "Not yet")
    if booking.settled_at:
        return "ok", "Result released"
    if part == "assessor" and person_id not in finished and booking.starts_at <= now:
        return "notyet", "Your mark sheet is open"
    if len(finished) == len(booking.assessor_ids):
        return "wait", "To be agreed" if part != "learner" else "With the assessors"
    return _before(booking, now)


def _before(booking: Booking, now: datetime) -> tuple[str, str]:
    if booking.starts_at <= now:
        return "wait", "With the assessors"
    return ("ok", "Briefs are open") if booking.briefs_open_at <= now else ("wait", "Booked")


def grid_of(case: Case) -> dict[str, tuple[str, str]]:
    """Return what achieved and not yet look like in a case, by criterion."""
    return {row.ref: (row.achieved, row.not_yet) for row in case.assessor.grid}


def grid_texts(case: Case) -> dict[str, tuple[str, str]]:
    """Return what achieved and not yet look like, by criterion. R rounds borrow from CS2."""
    rows = [row for one in manual().cases if one.code == "CS2" for row in one.assessor.grid]
    shared = {row.ref: (row.achieved, row.not_yet) for row in rows if row.ref in rules.REAL_LINE}
    return shared | grid_of(case)


def sheet_refs(
    booking: Booking, case: Case, sheet: MarkSheet | None, learner_id: int | None = None
) -> tuple[str, ...]:
    """Return the criteria of a sheet; with a learner, those of that learner's part of it."""
    added = [
        one.criterion
        for one in (sheet.marks if sheet else ())
        if learner_id in (None, one.learner_id)
    ]
    grid = [row.ref for row in case.assessor.grid]
    return rules.sheet_refs(grid, booking.delivery, sorted(added))


def drafts(booking: Booking, case: Case, sheet: MarkSheet | None) -> list[rules.Draft]:
    """Return what a sheet says of each learner so far."""
    return [
        rules.Draft(
            name=learner.working_name,
            learner_id=learner.id,
            refs=sheet_refs(booking, case, sheet, learner.id),
            marks={ref: row.mark for ref, row in marks_of(sheet, learner.id).items()},
            **_overall_of(sheet, learner.id),
        )
        for learner in booking.learners
    ]


def overall_row(sheet: MarkSheet | None, learner_id: int) -> SheetOverall | None:
    """Return the overall judgement of one learner on a sheet."""
    rows = sheet.overalls if sheet else []
    return next((one for one in rows if one.learner_id == learner_id), None)


def _overall_of(sheet: MarkSheet | None, learner_id: int) -> dict[str, str]:
    row = overall_row(sheet, learner_id)
    if row is None:
        return {}
    return {"overall": row.overall, "strength": row.strength, "next_step": row.next_step}


def marks_of(sheet: MarkSheet | None, learner_id: int) -> dict[str, SheetMark]:
    """Return the rows of one learner, by criterion."""
    rows = sheet.marks if sheet else []
    return {one.criterion: one for one in rows if one.learner_id == learner_id}


def missing(
    booking: Booking, case: Case, sheet: MarkSheet | None, unsettled: int, now: datetime
) -> tuple[str, ...]:
    """Return what one's own sheet still needs before it is final."""
    unplayed = booking.starts_at > now and (sheet is None or sheet.started_at is None)
    early = ("It has not been played yet.",) if unplayed else ()
    return early + rules.missing(
        drafts(booking, case, sheet),
        stop_unexplained=bool(sheet and sheet.stopped_at and not sheet.stopped_because),
        unsettled=unsettled,
    )


def versions(session: Session, sheet: MarkSheet | None) -> list[tuple[SheetMark, list[Any]]]:
    """Return each mark beside which a version was kept, with those versions."""
    if sheet is None:
        return []
    waiting = queries.kept_beside(
        session, [f"sheet_marks:{row.id}" for row in sheet.marks], sheet.assessor_id
    )
    return [
        (row, waiting[f"sheet_marks:{row.id}"])
        for row in sheet.marks
        if waiting.get(f"sheet_marks:{row.id}")
    ]


def criterion_rows(
    booking: Booking, case: Case, sheet: MarkSheet | None, learner_id: int
) -> list[dict[str, Any]]:
    """Return the rows of the sheet for one learner: criterion, mark, comment, what to look for."""
    texts, rows = grid_texts(case), marks_of(sheet, learner_id)
    return [
        {
            "criterion": framework().criterion(ref),
            "short": _short(framework().criterion(ref)),
            "row": rows.get(ref),
            "value": rows[ref].mark.replace("_", "-") if ref in rows else None,
            "state": f"Confirmed {clock(rows[ref].marked_at)}" if ref in rows else "",
            "looks": texts.get(ref),
        }
        for ref in sheet_refs(booking, case, sheet, learner_id)
    ]


def _short(criterion: Criterion) -> str:
    """Return what is to be seen, without the verb that every observed criterion begins with."""
    words = criterion.text.removeprefix("demonstrate ")
    return words[:1].upper() + words[1:]


def scene_plan(case: Case) -> list[dict[str, Any]]:
    """Return the scenes as the strip draws them: title, start and end in minutes, cue."""
    return [
        {"title": one.title, "start": one.starts, "end": one.ends, "cue": one.cue}
        for one in case.assessor.scenes
    ]


def scene_at(case: Case, second: int) -> int:
    """Return the number of the scene that is played at a second; the last one after the end."""
    found = current_scene(rules.scenes(case), second)
    return found.number if found else case.assessor.scenes[-1].number


def others(refs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return (ref, text) of what else can be seen in a role play, for "also seen"."""
    seen = (one for one in framework().criteria if one.observed)
    return tuple((one.ref, one.text) for one in seen if one.ref not in refs)


def crumb(booking: Booking, last: str | None = None) -> list[tuple[str, str | None]]:
    """Return the way to a page of a booking."""
    here = url_for("roleplay.booking", booking_id=booking.id) if last else None
    way = [("Role plays", url_for("roleplay.practice")), (title_of(booking), here)]
    return [*way, (last, None)] if last else way
