"""Pages of bookings: what is coming up, booking, moving, cancelling."""

from datetime import UTC, datetime, time
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.addresses import whole
from app.content import framework, manual
from app.formats import LONDON, today
from app.forms import EARLIEST, LATEST, choices
from app.policy import Can, needs
from app.roleplay import actions, bp, listening, queries, views
from app.roleplay.forms import BookForm, CancelForm, ChangeForm, as_booked
from app.roleplay.models import Booking
from app.shell import role_in_use

#: Registers its listeners by being imported.
LISTENING = listening


def _everything() -> bool:
    """Return whether the person looks as the coordinator, who sees every booking."""
    return role_in_use() is Role.COORDINATOR and current_user.holds(Role.COORDINATOR)


@bp.get("/practice/")
@needs(Can.SEE_ROLE_PLAYS)
def practice() -> ResponseReturnValue:
    work, now = db.session(), datetime.now(UTC)
    whose = None if _everything() else current_user.id
    since = datetime.combine(today(), time(), LONDON)
    after, before = _key("after"), _key("before")
    coming = [] if before else queries.coming(work, whose, since, after)
    past = [] if after else queries.past(work, whose, since, before)
    page = queries.PAGE
    shown = [*coming[:page], *past[:page]]
    items = views.listed(work, shown, current_user.id, now)
    return render_template(
        "roleplay/practice.html",
        coming=items[: len(coming[:page])],
        past=items[len(coming[:page]) :],
        more_coming=_next(coming),
        more_past=_next(past),
        paging=bool(after or before),
        everything=whose is None,
        cases=manual().cases if current_user.holds(Role.LEARNER) else (),
        length=views.length,
    )


def _key(name: str) -> queries.Key | None:
    moment, _, identity = request.args.get(name, "").partition("_")
    if not moment:
        return None
    try:
        key = datetime.fromisoformat(moment), whole(identity)
    except ValueError:
        abort(400)
    # Far from our days, a moment in another zone cannot be told in ours.
    return key if key[0].tzinfo and EARLIEST <= key[0].year <= LATEST else abort(400)


def _next(rows: list[Booking]) -> str | None:
    """Return the key of the last booking shown, when there are more."""
    last = rows[queries.PAGE - 1] if len(rows) > queries.PAGE else None
    return f"{last.starts_at:%Y-%m-%dT%H:%M:%S}+00:00_{last.id}" if last else None


def _offer(form: ChangeForm) -> None:
    work = db.session()
    learners = {
        one.id: one
        for role in (Role.LEARNER, Role.MENTOR)
        for one in accounts.people_with(work, role)
        if one.id != current_user.id  # nobody books themselves past what must come first
    }
    form.people(
        sorted(learners.values(), key=lambda one: one.working_name),
        accounts.people_with(work, Role.ROLE_PLAYER),
        accounts.people_with(work, Role.ASSESSOR),
    )


@bp.route("/practice/book", methods=["GET", "POST"])
@needs(Can.BOOK_ROLE_PLAYS)
def book() -> ResponseReturnValue:
    form = BookForm(request.form)
    form.case.choices = choices([("", "Choose a case"), *views.titles().items()])
    _offer(form)
    refusal: actions.RolePlayError | None = None
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                row = actions.book(
                    work,
                    form.plan(manual().case(form.case.data), int(form.round.data)),
                    framework(),
                    titles=views.titles(),
                    by_id=current_user.id,
                    now=datetime.now(UTC),
                    on=today(),
                )
            flash("The role play is booked. Everybody in it has been written to.")
            return redirect(url_for(".booking", booking_id=row.id), code=303)
        except actions.RolePlayError as error:
            refusal = error
    page = render_template("roleplay/book.html", form=form, **_refused(form, refusal))
    return page, _status(form, refusal)


def _refused(form: ChangeForm, refusal: actions.RolePlayError | None) -> dict[str, Any]:
    """Return what the page says of a refusal; faults of a field go beside the field."""
    if isinstance(refusal, actions.NotBookable):
        for name, words in refusal.faults.items():
            if name == "day":
                form.day.faults = [words]
            else:
                form[name].errors = [words]
    if isinstance(refusal, actions.MissingFirst):
        form.override_reason.errors = ["Write why it is booked all the same, or book it later"]
    return {
        "clashes": refusal.sentences if isinstance(refusal, actions.Clashes) else (),
        "missing": refusal.missing if isinstance(refusal, actions.MissingFirst) else (),
    }


def _status(form: ChangeForm, refusal: actions.RolePlayError | None) -> int:
    if isinstance(refusal, actions.NotBookable) or (refusal is None and form.errors):
        return 422
    return 409 if refusal else 200


@bp.get("/practice/role-plays/<int:booking_id>")
@needs(Can.SEE_ROLE_PLAY, on=views.booking_or_404)
def booking(booking: Booking) -> ResponseReturnValue:
    work, now = db.session(), datetime.now(UTC)
    part = views.part_of(booking, current_user.id)
    finished = queries.finished(work, [booking.id]).get(booking.id, set())
    return render_template(
        "roleplay/booking.html",
        booking=booking,
        case=views.case_of(booking),
        title=views.title_of(booking),
        part=part,
        part_words=views.PARTS[part][0],
        own_brief=views.PARTS[part][1],
        is_open=booking.briefs_open_at <= now,
        place=views.place(booking),
        length=views.length,
        finished=finished,
        begun=part != "learner" and queries.begun(work, booking.id),
        crumb=views.crumb(booking),
    )


@bp.route("/practice/role-plays/<int:booking_id>/change", methods=["GET", "POST"])
@needs(Can.BOOK_ROLE_PLAYS, on=views.standing_or_404)
def change(booking: Booking) -> ResponseReturnValue:
    if request.form.get("do") == "cancel":
        return _cancel(booking)
    form = ChangeForm(request.form, data=as_booked(booking))
    _offer(form)
    refusal: actions.RolePlayError | None = None
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                actions.change(
                    work,
                    booking,
                    form.plan(views.case_of(booking), booking.round),
                    framework(),
                    titles=views.titles(),
                    version=_version(),
                    by_id=current_user.id,
                    now=datetime.now(UTC),
                    on=today(),
                )
            flash("The booking is changed. Everybody concerned has been written to.")
            return redirect(url_for(".booking", booking_id=booking.id), code=303)
        except actions.RolePlayError as error:
            refusal = error
    return _change_page(booking, form, CancelForm(version=form.version.data), refusal)


def _version() -> int:
    return request.form.get("version", 0, type=whole)


def _cancel(booking: Booking) -> ResponseReturnValue:
    form, refusal = CancelForm(request.form), None
    if form.validate():
        try:
            with db.transaction() as work:
                actions.cancel(
                    work,
                    booking,
                    form.because.data,
                    version=_version(),
                    by_id=current_user.id,
                    now=datetime.now(UTC),
                )
            flash("The role play is cancelled. Everybody in it has been written to.")
            return redirect(url_for(".booking", booking_id=booking.id), code=303)
        except actions.RolePlayError as error:
            refusal = error
    other = ChangeForm(data=as_booked(booking))
    _offer(other)
    return _change_page(booking, other, form, refusal)


def _change_page(
    booking: Booking,
    form: ChangeForm,
    cancel: CancelForm,
    refusal: actions.RolePlayError | None,
) -> ResponseReturnValue:
    said = _refused(form, refusal)
    overtaken = isinstance(refusal, actions.ChangedMeanwhile)
    page = render_template(
        "roleplay/change.html",
        booking=booking,
        form=form,
        cancel=cancel,
        title=views.title_of(booking),
        place=views.place(booking),
        overtaken=overtaken,
        begun=str(refusal) if isinstance(refusal, actions.Begun) else "",
        version=booking.version,
        crumb=views.crumb(booking, "Change it"),
        **said,
    )
    return page, _status(form, refusal) if refusal or not cancel.errors else 422
