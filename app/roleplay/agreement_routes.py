"""Pages on which two assessors agree, and the page on which a learner reads the result."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import db
from app.content import framework
from app.errors import page
from app.formats import local, today
from app.policy import Can, needs
from app.roleplay import agreement_actions, bp, queries, rules, settling_views, tension_views, views
from app.roleplay.actions import RolePlayError
from app.roleplay.agreement_actions import NotBothFinal, Pair, Settled, StillOpen, Words
from app.roleplay.models import Booking
from assessments.errors import UnresolvedDifference
from assessments.roleplay import Overall

LONGEST_REASON = 4000


@bp.route("/assess/role-plays/<int:booking_id>/settle", methods=["GET", "POST"])
@needs(Can.SETTLE_ROLE_PLAY, on=views.standing_or_404)
def settle(booking: Booking) -> ResponseReturnValue:
    said = None
    if request.method == "POST":
        try:
            with db.transaction() as work:
                words = DEEDS.get(request.form.get("do", ""), _unknown)(work, booking)
            flash(words)
            return redirect(url_for(".settle", booking_id=booking.id), code=303)
        except (RolePlayError, UnresolvedDifference) as refusal:
            said = str(refusal)
    try:
        pair = agreement_actions.both_sheets(db.session(), booking)
    except NotBothFinal:
        return _not_yet(booking), 409 if said else 200
    text = render_template("roleplay/settle.html", **_settling(pair), said=said, typed=request.form)
    return text, 409 if said else 200


def _not_yet(booking: Booking) -> str:
    """Return the page that only tells who has finished: nothing of what either sheet says."""
    finished = queries.finished(db.session(), [booking.id]).get(booking.id, set())
    return render_template(
        "roleplay/not_both.html",
        booking=booking,
        finished=finished,
        crumb=views.crumb(booking, "Agree"),
    )


def _settling(pair: Pair) -> dict[str, Any]:
    work, booking = db.session(), pair.booking
    agreed = queries.agreed(work, booking.id)
    notes = queries.notes(work, [pair.first.id, pair.second.id])
    return {
        "booking": booking,
        "title": views.title_of(booking),
        "people": settling_views.compared(pair, agreed, queries.proposals(work, booking.id), notes),
        "outcomes": _outcomes(pair, agreed),
        "overalls": rules.OVERALL_WORDS,
        "names": {one.id: one.working_name for one in [*booking.assessors, *booking.learners]},
        "stops": [one for one in (pair.first, pair.second) if one.stopped_at],
        "crumb": views.crumb(booking, "Agree"),
    }


def _outcomes(pair: Pair, agreed: Any) -> list[Settled]:
    """Return what each learner's result will be, once everything is agreed; else nothing."""
    try:
        return [
            agreement_actions.settled(pair, one, agreed, framework().safety_critical)
            for one in pair.booking.learner_ids
        ]
    except (StillOpen, UnresolvedDifference):
        return []


class ReasonTooLong(RolePlayError):
    """A reason has room for a few paragraphs; nothing of it is cut off."""


def _propose(work: Session, booking: Booking) -> str:
    form, reason = request.form, request.form.get("reason", "").strip().replace("\r\n", "\n")
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(f"Shorten the reason by {len(reason) - LONGEST_REASON} characters.")
    agreement_actions.propose(
        work,
        agreement_actions.both_sheets(work, booking),
        form.get("learner", 0, type=int),
        form.get("key", ""),
        form.get("mark", ""),
        reason,
        by_id=current_user.id,
        now=datetime.now(UTC),
    )
    return f"Your proposal is kept. It counts once {_other(booking)} stands by it, too."


def _stand_by(work: Session, booking: Booking) -> str:
    agreement_actions.stand_by(
        work,
        agreement_actions.both_sheets(work, booking),
        request.form.get("proposal", 0, type=int),
        by_id=current_user.id,
        now=datetime.now(UTC),
    )
    return "Agreed. You both stand by it."


def _release(work: Session, booking: Booking) -> str:
    words = Words(
        title=views.title_of(booking),
        code=views.case_of(booking).code,
        names={one.id: one.working_name for one in booking.assessors},
    )
    agreement_actions.release(
        work,
        agreement_actions.both_sheets(work, booking),
        framework(),
        words,
        by_id=current_user.id,
        seen_on=min(local(booking.starts_at).date(), today()),
        now=datetime.now(UTC),
    )
    names = " and ".join(one.working_name for one in booking.learners)
    return f"The result is released. {names} can read it now; internal verification comes next."


def _unknown(work: Session, booking: Booking) -> str:
    abort(400)


DEEDS = {"propose": _propose, "stand-by": _stand_by, "release": _release}


def _other(booking: Booking) -> str:
    return next(one for one in booking.assessors if one.id != current_user.id).working_name


@bp.get("/practice/role-plays/<int:booking_id>/result")
@needs(Can.READ_RESULT, on=views.standing_or_404)
def result(booking: Booking) -> ResponseReturnValue:
    work = db.session()
    released = queries.results(work, [booking.id])[booking.id]
    if current_user.id in booking.learner_ids:
        released = [one for one in released if one.learner_id == current_user.id]
    if not released:
        return page(404)
    sheets = queries.sheets(work, booking.id)
    rows = settling_views.result_rows(queries.agreed(work, booking.id), sheets, booking)
    return render_template(
        "roleplay/result.html",
        booking=booking,
        case=views.case_of(booking),
        title=views.title_of(booking),
        results=[(one, rows[one.learner_id], _deciding(one.safety_not_yet)) for one in released],
        overalls={one.value: rules.OVERALL_WORDS[one] for one in Overall},
        names={one.id: one.working_name for one in [*booking.learners, *booking.assessors]},
        stops=[one for one in sheets if one.stopped_at],
        mine=current_user.id in booking.learner_ids,
        tensions=tension_views.tensions(work, booking, current_user.id),
        crumb=views.crumb(booking, "Result"),
    )


def _deciding(refs: str) -> list[Any]:
    return [framework().criterion(ref) for ref in refs.split()]
