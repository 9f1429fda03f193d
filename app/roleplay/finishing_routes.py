"""Pages that end one's own marking: the overall judgement, and finishing the sheet."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import db, kept
from app.addresses import whole
from app.content import framework
from app.errors import page
from app.policy import Can, needs
from app.roleplay import bp, marking_actions, queries, rules, views
from app.roleplay.actions import RolePlayError
from app.roleplay.forms import OverallForm
from app.roleplay.marking_actions import NotComplete, Whole
from app.roleplay.models import Booking, MarkSheet

MARKING = "/assess/role-plays/<int:booking_id>"


def _mine(booking: Booking) -> MarkSheet | None:
    return queries.sheet(db.session(), booking.id, current_user.id)


@bp.route(f"{MARKING}/learners/<int:learner_id>/overall", methods=["GET", "POST"])
@needs(Can.MARK_ROLE_PLAY, on=views.in_play_or_404)
def overall(thing: views.InPlay) -> ResponseReturnValue:
    if thing.booking.briefs_open_at > datetime.now(UTC):
        abort(404)
    sheet = _mine(thing.booking)
    if sheet is not None and sheet.final_at:
        return page(409, reason="This sheet is finished. It can be read, and no longer changed.")
    row = views.overall_row(sheet, thing.learner_id)
    form, race = OverallForm(request.form, obj=row), None
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                _record(work, thing, form)
            flash("Your overall judgement is saved. Nobody else sees it before both have finished.")
            return redirect(_next(thing), code=303)
        except kept.Overtaken as overtaken:
            race, row = overtaken, views.overall_row(_mine(thing.booking), thing.learner_id)
        except RolePlayError as refusal:
            return page(409, reason=str(refusal))
    text = render_template(
        "roleplay/overall.html",
        booking=thing.booking,
        learner=next(one for one in thing.booking.learners if one.id == thing.learner_id),
        form=form,
        race=race,
        row=row,
        words={one.value: words for one, words in rules.OVERALL_WORDS.items()},
        crumb=views.crumb(thing.booking, "Overall judgement"),
    )
    return text, 409 if race else 422 if form.errors else 200


def _record(work: Session, thing: views.InPlay, form: OverallForm) -> None:
    now = datetime.now(UTC)
    sheet = marking_actions.open_sheet(work, thing.booking, current_user.id, now=now)
    sent = Whole(
        learner_id=thing.learner_id,
        overall=form.overall.data,
        strength=form.strength.data,
        next_step=form.next_step.data,
        version=request.form.get("version", 0, type=whole),
    )
    marking_actions.record_overall(work, sheet, sent, now=now)


def _next(thing: views.InPlay) -> str:
    """Return the other learner's page where there is one to write, else the check page."""
    sheet = _mine(thing.booking)
    for learner_id in thing.booking.learner_ids:
        if views.overall_row(sheet, learner_id) is None:
            return url_for(".overall", booking_id=thing.booking.id, learner_id=learner_id)
    return url_for(".finish", booking_id=thing.booking.id)


@bp.route(f"{MARKING}/finish", methods=["GET", "POST"])
@needs(Can.MARK_ROLE_PLAY, on=views.standing_or_404)
def finish(booking: Booking) -> ResponseReturnValue:
    """Repeat what the sheet says, name what is missing, then make it final."""
    case, now, sheet = views.case_of(booking), datetime.now(UTC), _mine(booking)
    if sheet is not None and sheet.final_at:
        return redirect(url_for(".mark", booking_id=booking.id), code=303)
    missing = _missing(db.session(), booking, sheet, now)
    status = 200
    if request.method == "POST":
        try:
            with db.transaction() as work:
                both = _finish(work, booking, now)
            return redirect(_after(booking, both=both), code=303)
        except NotComplete as refusal:
            missing, status = refusal.missing, 409
    return render_template(
        "roleplay/finish.html",
        booking=booking,
        sheet=sheet,
        title=views.title_of(booking),
        missing=missing,
        drafts=views.drafts(booking, case, sheet),
        criterion=framework().criterion,
        marks=rules.MARK_WORDS,
        overalls=rules.OVERALL_WORDS,
        other=next(one for one in booking.assessors if one.id != current_user.id),
        crumb=views.crumb(booking, "Finish and sign"),
    ), status


def _missing(
    work: Session, booking: Booking, sheet: MarkSheet | None, now: datetime
) -> tuple[str, ...]:
    waiting = len(views.versions(work, sheet))
    return views.missing(booking, views.case_of(booking), sheet, waiting, now)


def _finish(work: Session, booking: Booking, now: datetime) -> bool:
    sheet = marking_actions.open_sheet(work, booking, current_user.id, now=now)
    missing = _missing(work, booking, sheet, now)
    return marking_actions.finish(work, sheet, missing, now=now)


def _after(booking: Booking, *, both: bool) -> str:
    other = next(one for one in booking.assessors if one.id != current_user.id).working_name
    if both:
        flash(f"Your sheet is finished, and {other} has finished too. You see both now.")
        return url_for(".settle", booking_id=booking.id)
    flash(f"Your sheet is finished. You see {other}’s marks once that sheet is finished, too.")
    return url_for(".booking", booking_id=booking.id)
