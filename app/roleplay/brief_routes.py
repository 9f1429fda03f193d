"""Pages of briefs and of the case library. Everybody reads their own, from a set time on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.accounts.roles import Role
from app.content import framework, manual
from app.policy import Can, needs
from app.roleplay import bp, queries, tension_views, views
from app.roleplay.models import Booking
from modules import Case


def _own(booking: Booking, template: str, what: str, **facts: Any) -> ResponseReturnValue:
    """Return a brief, or before its time a page that says when it opens."""
    page = {
        "booking": booking,
        "case": views.case_of(booking),
        "title": views.title_of(booking),
        "place": views.place(booking),
        "length": views.length,
        "crumb": views.crumb(booking, what),
        "what": what,
    }
    if booking.briefs_open_at > datetime.now(UTC):
        return render_template("roleplay/not_open.html", **page)
    return render_template(template, **page, **facts)


@bp.get("/practice/role-plays/<int:booking_id>/brief")
@needs(Can.READ_LEARNER_BRIEF, on=views.standing_or_404)
def brief(booking: Booking) -> ResponseReturnValue:
    return _own(
        booking,
        "roleplay/brief.html",
        "Brief",
        # Never more than the case's own grid: further criteria would give the delivery away.
        criteria=[framework().criterion(ref) for ref in views.case_of(booking).observes],
        tensions=tension_views.tensions(db.session(), booking, current_user.id),
    )


@bp.get("/practice/role-plays/<int:booking_id>/player")
@needs(Can.READ_PLAYER_BRIEF, on=views.standing_or_404)
def player_brief(booking: Booking) -> ResponseReturnValue:
    return _own(booking, "roleplay/player_brief.html", "Your part")


@bp.get("/practice/role-plays/<int:booking_id>/guide")
@needs(Can.READ_ASSESSOR_GUIDE, on=views.standing_or_404)
def assessor_guide(booking: Booking) -> ResponseReturnValue:
    case = views.case_of(booking)
    return _own(
        booking,
        "roleplay/assessor_guide.html",
        "Guide",
        rows=views.criterion_rows(booking, case, None, 0),
    )


@bp.get("/assess/role-plays/<int:booking_id>/blank")
@needs(Can.MARK_ROLE_PLAY, on=views.standing_or_404)
def blank(booking: Booking) -> ResponseReturnValue:
    case = views.case_of(booking)
    return _own(
        booking,
        "roleplay/blank.html",
        "Mark sheet on paper",
        rows=views.criterion_rows(booking, case, None, 0),
    )


@bp.get("/practice/cases/")
@needs(Can.READ_CASES)
def cases() -> ResponseReturnValue:
    mine: dict[str, list[Booking]] = {}
    for one in queries.cases_of(db.session(), current_user.id):
        mine.setdefault(one.case, []).append(one)
    shown = manual().cases
    if not _reads_everything() and not current_user.holds(Role.LEARNER, Role.MENTOR):
        shown = tuple(one for one in shown if one.slug in mine)
    return render_template(
        "roleplay/cases.html",
        cases=shown,
        mine=mine,
        everything=_reads_everything(),
        length=views.length,
    )


def _reads_everything() -> bool:
    """Return whether the person may read whole cases: never a learner, who is still to play."""
    staff = current_user.holds(Role.ASSESSOR, Role.COORDINATOR)
    return staff and not current_user.holds(Role.LEARNER)


def _still_to_play(booked: Sequence[Booking]) -> bool:
    """Return whether somebody has yet to play a case as a learner, a mentor's second pathway."""
    learning = [one for one in booked if current_user.id in one.learner_ids]
    return any(one.settled_at is None for one in learning)


def case_or_404(slug: str) -> Case:
    """Return a case of the manual, or answer 404."""
    try:
        return manual().case(slug)
    except KeyError:
        abort(404)


@bp.get("/practice/cases/<slug>/")
@needs(Can.READ_CASES, on=case_or_404)
def case(case: Case) -> ResponseReturnValue:
    booked = [
        one for one in queries.cases_of(db.session(), current_user.id) if one.case == case.slug
    ]
    everything = _reads_everything() and not _still_to_play(booked)
    if not (everything or booked or current_user.holds(Role.LEARNER, Role.MENTOR)):
        abort(404)
    return render_template(
        "roleplay/case.html" if everything else "roleplay/case_outline.html",
        case=case,
        booked=[(one, *views.PARTS[views.part_of(one, current_user.id)]) for one in booked],
        criteria=[framework().criterion(ref) for ref in case.observes],
        rows=[(framework().criterion(ref), words) for ref, words in views.grid_of(case).items()],
        length=views.length,
    )
