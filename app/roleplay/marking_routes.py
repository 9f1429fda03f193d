"""Pages of one's own mark sheet. No address names a sheet: everybody only ever opens their own."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import db
from app.addresses import whole
from app.content import framework
from app.errors import page, wants_json
from app.formats import clock
from app.forms import once_token
from app.policy import Can, needs
from app.roleplay import bp, marking_actions, queries, rules, views
from app.roleplay.actions import RolePlayError
from app.roleplay.forms import StopForm
from app.roleplay.marking_actions import Judged, Sent
from app.roleplay.models import Booking, MarkSheet, SheetMark
from assessments.errors import UnknownReference
from assessments.roleplay import Mark

LONGEST_NOTE, LONGEST_COMMENT = 4000, 4000
MARKING = "/assess/role-plays/<int:booking_id>"


def _mine(booking: Booking) -> MarkSheet | None:
    return queries.sheet(db.session(), booking.id, current_user.id)


def _learner_id(booking: Booking, sent: str) -> int:
    found = [one for one in booking.learner_ids if sent in ("", str(one))]
    return found[0] if found else abort(404)


def _refuse(refusal: RolePlayError) -> ResponseReturnValue:
    """Answer a refusal: for a script as words beside the thing, for a person as a page."""
    if wants_json():
        return jsonify(error=str(refusal)), 422
    return page(409, reason=str(refusal))


def _sheet_url(booking: Booking, learner_id: int | None = None) -> str:
    pair = len(booking.learner_ids) > 1
    return url_for(".mark", booking_id=booking.id, learner=learner_id if pair else None)


@bp.get(f"{MARKING}/mark")
@needs(Can.MARK_ROLE_PLAY, on=views.standing_or_404)
def mark(booking: Booking) -> ResponseReturnValue:
    case, now = views.case_of(booking), datetime.now(UTC)
    if booking.briefs_open_at > now:
        return render_template(
            "roleplay/not_open.html",
            booking=booking,
            title=views.title_of(booking),
            crumb=views.crumb(booking, "Mark sheet"),
        )
    found = queries.sheet_in_play(db.session(), booking.id, current_user.id)
    if found[0] is not None and found[0].final_at:
        return _read_only(booking, found[0])
    return render_template("roleplay/mark.html", **_sheet_facts(booking, found, now), case=case)


def _sheet_facts(
    booking: Booking, found: tuple[MarkSheet | None, bool, bool], now: datetime
) -> dict[str, Any]:
    (sheet, other_finished, any_kept), work = found, db.session()
    case = views.case_of(booking)
    learner_id = _learner_id(booking, request.args.get("learner", ""))
    refs = views.sheet_refs(booking, case, sheet, learner_id)
    state = rules.clock_state(
        sheet.started_at if sheet else None,
        sheet.pauses if sheet else [],
        sheet.stopped_at if sheet else None,
        now,
    )
    other = next(one for one in booking.assessors if one.id != current_user.id)
    waiting = views.versions(work, sheet) if any_kept else []
    return {
        "booking": booking,
        "sheet": sheet,
        "title": views.title_of(booking),
        "learner": next(one for one in booking.learners if one.id == learner_id),
        "rows": views.criterion_rows(booking, case, sheet, learner_id),
        "tags": tuple((ref, framework().criterion(ref).text, False) for ref in refs),
        "others": views.others(refs),
        "notes": queries.notes(work, [sheet.id])[sheet.id] if sheet else [],
        "clock": state,
        "scenes": views.scene_plan(case),
        "scene": views.scene_at(case, state.seconds),
        "started": sheet.started_at.isoformat() if sheet and sheet.started_at else "",
        "other": other,
        "other_finished": other_finished,
        "versions": waiting,
        "keep": f"sheet-{booking.id}-{current_user.id}-{learner_id}",
        "client_key": once_token(),
        "ready": not views.missing(booking, case, sheet, len(waiting), now),
        "error": None,
        "text": "",
    }


def _read_only(booking: Booking, sheet: MarkSheet) -> ResponseReturnValue:
    case = views.case_of(booking)
    return render_template(
        "roleplay/sheet.html",
        booking=booking,
        sheet=sheet,
        title=views.title_of(booking),
        crumb=views.crumb(booking, "Your mark sheet"),
        learners=[
            (one, views.criterion_rows(booking, case, sheet, one.id), draft)
            for one, draft in zip(booking.learners, views.drafts(booking, case, sheet), strict=True)
        ],
        marks=rules.MARK_WORDS,
        overalls=rules.OVERALL_WORDS,
        notes=queries.notes(db.session(), [sheet.id])[sheet.id],
    )


def _sheet(work: Session, booking: Booking, now: datetime) -> MarkSheet:
    if booking.briefs_open_at > now:
        abort(404)
    return marking_actions.open_sheet(work, booking, current_user.id, now=now)


@bp.post(f"{MARKING}/clock")
@needs(Can.MARK_ROLE_PLAY, on=views.standing_or_404)
def run_clock(booking: Booking) -> ResponseReturnValue:
    deed, now = request.form.get("do", ""), datetime.now(UTC)
    try:
        with db.transaction() as work:
            marking_actions.run_clock(work, _sheet(work, booking, now), deed, now=now)
    except RolePlayError as refusal:
        return _refuse(refusal)
    if deed == "stop":
        return redirect(url_for(".stop", booking_id=booking.id), code=303)
    return redirect(_sheet_url(booking, _asked_learner(booking)), code=303)


def _asked_learner(booking: Booking) -> int:
    return _learner_id(booking, request.args.get("learner", ""))


@bp.route(f"{MARKING}/stop", methods=["GET", "POST"])
@needs(Can.MARK_ROLE_PLAY, on=views.standing_or_404)
def stop(booking: Booking) -> ResponseReturnValue:
    """Say why the exercise was stopped. The clock stands still already."""
    sheet = _mine(booking)
    if sheet is None or not sheet.stopped_at or sheet.final_at:
        return redirect(_sheet_url(booking), code=303)
    form = StopForm(request.form, data={"because": sheet.stopped_because})
    if request.method == "POST" and form.validate():
        now = datetime.now(UTC)
        with db.transaction() as work:
            row = _sheet(work, booking, now)
            marking_actions.explain_stop(work, row, form.because.data, now=now)
        flash("The reason is kept with your sheet. Mark what you saw until then.")
        return redirect(_sheet_url(booking), code=303)
    return render_template(
        "roleplay/stop.html",
        booking=booking,
        form=form,
        stops=views.case_of(booking).assessor.stops,
        crumb=views.crumb(booking, "Exercise stopped"),
    ), 422 if form.errors else 200


@bp.post(f"{MARKING}/notes")
@needs(Can.MARK_ROLE_PLAY, on=views.standing_or_404)
def add_note(booking: Booking) -> ResponseReturnValue:
    sent, now = _sent_note(), datetime.now(UTC)
    fault = _note_fault(sent)
    if fault:
        return _note_again(booking, fault, now)
    try:
        with db.transaction() as work:
            sheet = _sheet(work, booking, now)
            on_sheet = views.sheet_refs(booking, views.case_of(booking), sheet)
            row = marking_actions.add_note(work, sheet, sent, on_sheet, now=now)
    except RolePlayError as refusal:
        return _refuse(refusal)
    if wants_json():
        return jsonify(saved=clock(row.saved_at), id=row.id)
    return redirect(_sheet_url(booking, _asked_learner(booking)), code=303)


def _sent_note() -> Sent:
    form = request.form
    return Sent(
        client_key=form.get("client_key", "")[:40],
        words=form.get("text", "").strip().replace("\r\n", "\n"),
        refs=tuple(form.getlist("tags")),
        first_typed_at=_moment(form.get("first_typed_at", "")),
        at_seconds=form.get("at_seconds", type=whole),
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _note_fault(sent: Sent) -> str:
    if not sent.words:
        return "Write what you saw or heard"
    if len(sent.words) > LONGEST_NOTE:
        over = len(sent.words) - LONGEST_NOTE
        return f"Shorten this by {over} characters; a note can hold {LONGEST_NOTE}"
    return "" if sent.client_key else "Open the sheet again and send the note from there"


def _note_again(booking: Booking, fault: str, now: datetime) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=fault), 422
    found = queries.sheet_in_play(db.session(), booking.id, current_user.id)
    facts = _sheet_facts(booking, found, now)
    facts |= {"error": fault, "text": request.form.get("text", "")}
    chosen = request.form.getlist("tags")
    facts["tags"] = tuple((ref, text, ref in chosen) for ref, text, _ in facts["tags"])
    return render_template("roleplay/mark.html", **facts, case=views.case_of(booking)), 422


@bp.post(f"{MARKING}/learners/<int:learner_id>/mark")
@needs(Can.MARK_ROLE_PLAY, on=views.in_play_or_404)
def save_mark(thing: views.InPlay) -> ResponseReturnValue:
    """Keep one mark, as the script sends it."""
    form, now = request.form, datetime.now(UTC)
    sent = Judged(
        learner_id=thing.learner_id,
        ref=form.get("criterion", ""),
        mark=form.get("mark", "").replace("-", "_"),
        comment=_comment(form.get("comment", "")),
        version=form.get("version", 0, type=int),
    )
    try:
        row, taken = _record(thing.booking, [sent], now)[0]
    except RolePlayError as refusal:
        return _refuse(refusal)
    there = url_for(".versions", booking_id=thing.booking.id)
    if not taken:
        return jsonify(mine=sent.comment, theirs=row.comment, url=there), 409
    return jsonify(saved=clock(row.marked_at), version=row.version)


def _comment(text: str) -> str:
    return text.strip().replace("\r\n", "\n")


class CommentTooLong(RolePlayError):
    """A comment has room for a few paragraphs."""


def _record(booking: Booking, sent: list[Judged], now: datetime) -> list[tuple[SheetMark, bool]]:
    """Keep marks in one transaction; what met a newer version is kept beside it."""
    long = [one.ref for one in sent if len(one.comment) > LONGEST_COMMENT]
    if long:
        raise CommentTooLong(f"Shorten the comment on {long[0]}; it can hold {LONGEST_COMMENT}.")
    with db.transaction() as work:
        sheet = _sheet(work, booking, now)
        on_sheet = views.sheet_refs(booking, views.case_of(booking), sheet)
        return [marking_actions.record_mark(work, sheet, one, on_sheet, now=now) for one in sent]


@bp.post(f"{MARKING}/learners/<int:learner_id>/marks")
@needs(Can.MARK_ROLE_PLAY, on=views.in_play_or_404)
def save_marks(thing: views.InPlay) -> ResponseReturnValue:
    """Keep every mark of one learner, as the form without a script sends them."""
    booking = thing.booking
    known = views.marks_of(_mine(booking), thing.learner_id)
    refs = views.sheet_refs(booking, views.case_of(booking), _mine(booking), thing.learner_id)
    sent = [one for ref in refs if (one := _sent_mark(thing.learner_id, ref, known))]
    try:
        answers = _record(booking, sent, datetime.now(UTC)) if sent else []
    except RolePlayError as refusal:
        return _refuse(refusal)
    if not all(taken for _, taken in answers):
        flash("Some of it met a newer version. Both are kept: choose, or join them.", "wait")
        return redirect(url_for(".versions", booking_id=booking.id), code=303)
    flash("Your marks are saved. Nobody else sees them before both sheets are finished.")
    return redirect(_sheet_url(booking, thing.learner_id), code=303)


def _sent_mark(learner_id: int, ref: str, known: dict[str, SheetMark]) -> Judged | None:
    """Return what was sent for one criterion, or None where nothing was said and nothing is."""
    form = request.form
    mark = form.get(f"mark-{ref}", "").replace("-", "_")
    comment = _comment(form.get(f"comment-{ref}", ""))
    if not mark and not comment and ref not in known:
        return None
    version = form.get(f"version-{ref}", 0, type=int)
    return Judged(learner_id=learner_id, ref=ref, mark=mark, comment=comment, version=version)


@bp.post(f"{MARKING}/learners/<int:learner_id>/also-seen")
@needs(Can.MARK_ROLE_PLAY, on=views.in_play_or_404)
def add_criterion(thing: views.InPlay) -> ResponseReturnValue:
    ref, now = request.form.get("criterion", ""), datetime.now(UTC)
    try:
        seen = framework().criterion(ref)
    except UnknownReference:
        abort(404)
    if not seen.observed:
        abort(404)
    try:
        with db.transaction() as work:
            sheet = _sheet(work, thing.booking, now)
            marking_actions.add_criterion(work, sheet, thing.learner_id, ref, now=now)
    except RolePlayError as refusal:
        return _refuse(refusal)
    return redirect(_sheet_url(thing.booking, thing.learner_id) + f"#mark-{ref}", code=303)


@bp.route(f"{MARKING}/versions", methods=["GET", "POST"])
@needs(Can.MARK_ROLE_PLAY, on=views.standing_or_404)
def versions(booking: Booking) -> ResponseReturnValue:
    """Two versions of a mark, side by side, until their writer has chosen."""
    waiting = views.versions(db.session(), _mine(booking))
    if request.method == "POST":
        return _settle(booking, [row.id for row, _ in waiting])
    return render_template(
        "roleplay/versions.html",
        booking=booking,
        waiting=waiting,
        words={one.value: words for one, words in rules.MARK_WORDS.items()},
        sheet_url=_sheet_url(booking),
        names={one.id: one.working_name for one in booking.learners},
        crumb=views.crumb(booking, "Two versions"),
    )


def _settle(booking: Booking, waiting: list[int]) -> ResponseReturnValue:
    row_id, now = request.form.get("row", 0, type=int), datetime.now(UTC)
    mark = request.form.get("mark", "")
    if row_id not in waiting or mark not in {"", *Mark}:
        abort(404)
    try:
        with db.transaction() as work:
            sheet = _sheet(work, booking, now)
            row = next(one for one in sheet.marks if one.id == row_id)
            words = _comment(request.form.get("comment", ""))
            marking_actions.settle_mark(work, sheet, row, mark, words, now=now)
    except RolePlayError as refusal:
        return _refuse(refusal)
    flash("What you chose is saved. Nothing else waits beside it.")
    return redirect(_sheet_url(booking, row.learner_id), code=303)
