"""The register, a person's record, and what is recorded on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import audit, db
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.accreditation import actions, bp, listening, panel_queries, queries, views
from app.accreditation.forms import BY_HAND, FactForm, OrderForm, WithdrawForm
from app.accreditation.models import Record
from app.content import framework
from app.formats import today
from app.policy import Can, needs
from app.supervision import queries as supervision
from assessments.facts import FactKind, FactOutcome
from assessments.statuses import Status

#: Features that act on what others do are part of the site once they are imported.
LISTENING = listening


def record_or_404(record_id: int) -> Record:
    """Return one record, or answer 404."""
    return queries.record(db.session(), record_id) or abort(404)


@bp.get("/register/")
@needs(Can.READ_REGISTER)
def register() -> ResponseReturnValue:
    day, fault = views.day_asked()
    asked = views.asked(day)
    rows = queries.register(db.session(), asked)
    shown = rows[: queries.PAGE]
    counts = queries.counts(db.session(), day)
    page = render_template(
        "accreditation/register.html",
        rows=shown,
        day=day,
        now_day=today(),
        fault=fault,
        asked=asked,
        counts=[(counts[s], *views.shape(s), s) for s in Status if counts.get(s)],
        statuses=list(Status),
        pathways=framework().pathways,
        sorts=views.sort_links(day),
        following=views.next_page(shown, asked.order) if len(rows) > queries.PAGE else None,
        shape=views.shape,
        pathway_names=views.pathway_names,
    )
    return page, 422 if fault else 200


@bp.get("/register/<int:record_id>")
@needs(Can.READ_RECORD, on=record_or_404)
def record(record: Record) -> ResponseReturnValue:
    subject, person_id, reader_id = f"records:{record.id}", record.person_id, current_user.id
    page = _record(record, mine=False)
    # After the page is made: whatever a transaction read before it would be read twice.
    with db.transaction() as work:
        audit.record(
            work,
            "record.viewed",
            subject,
            now=datetime.now(UTC),
            actor_id=reader_id,
            about_id=person_id,
        )
    return page


@bp.get("/record/")
@needs(Can.READ_OWN_RECORD)
def my_record() -> ResponseReturnValue:
    found = queries.record_of(db.session(), current_user.id)
    if found is None:
        return render_template("accreditation/no_record.html")
    return _record(found, mine=True)


def _record(record: Record, *, mine: bool) -> ResponseReturnValue:
    work = db.session()
    day, fault = views.day_asked()
    rows = queries.facts(work, record.id)
    # A member of the panel judges suitability before any result is open to them.
    sits = current_user.holds(Role.PANEL_MEMBER) and not mine
    results = not sits or panel_queries.results_open(work, record.id, current_user.id)
    picture = views.Picture(rows, day, views.moment_asked(), results=results)
    names = accounts.names(work, [row.recorded_by_id for row in rows])
    page = render_template(
        "accreditation/record.html",
        record=record,
        mine=mine,
        day=day,
        fault=fault,
        known=request.args.get("known", ""),
        is_today=day == today() and not request.args.get("known"),
        picture=picture,
        what_ends=views.what_ends,
        stamp=views.stamp(picture.interval, day),
        happened=picture.happened(names),
        figures=supervision.figures(work, [record.person_id])[record.person_id],
        decisions=queries.decisions(work, record.id),
        certificates=queries.certificates(work, record.id),
        kinds=BY_HAND,
        shape=views.shape,
    )
    return page, 422 if fault else 200


@bp.route("/register/<int:record_id>/facts/<kind>", methods=["GET", "POST"])
@needs(Can.RECORD_FACTS_ON)
def add_fact(record_id: int, kind: str) -> ResponseReturnValue:
    found = record_or_404(record_id)
    if kind not in {one.value for one in BY_HAND} or found.person_id == current_user.id:
        abort(404)
    form = FactForm(request.form)
    form.suit(FactKind(kind))
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                actions.add_fact(
                    work,
                    found,
                    _new_fact(form, FactKind(kind)),
                    now=datetime.now(UTC),
                    by_id=current_user.id,
                )
            flash(f"{FactKind(kind).label} is recorded, and the standing is worked out afresh.")
            return redirect(url_for(".record", record_id=found.id), code=303)
        except actions.InTheFuture as refusal:
            form.effective.faults = [str(refusal)]
    page = render_template("accreditation/fact.html", form=form, record=found, kind=FactKind(kind))
    return page, 422 if form.errors else 200


def _new_fact(form: FactForm, kind: FactKind) -> actions.NewFact:
    return actions.NewFact(
        kind=kind,
        outcome=FactOutcome(form.outcome.data),
        effective=form.effective.data,
        until=form.until.data if "until" in form else None,
        key=(form.key.data or "") if "key" in form else "",
        note=form.note.data or "",
    )


@bp.route("/register/<int:record_id>/suspend", methods=["GET", "POST"])
@needs(Can.SUSPEND, on=record_or_404)
def suspend(record: Record) -> ResponseReturnValue:
    form = OrderForm(request.form)
    return _ordered(
        record,
        form,
        lambda work, when: actions.suspend(work, record, form.reason.data, **when),
        "The suspension is in force now. It is a neutral step, not a finding.",
        "accreditation/suspend.html",
    )


@bp.route("/register/<int:record_id>/lift", methods=["GET", "POST"])
@needs(Can.SUSPEND, on=record_or_404)
def lift(record: Record) -> ResponseReturnValue:
    form = OrderForm(request.form)
    return _ordered(
        record,
        form,
        lambda work, when: actions.lift(work, record, form.reason.data, **when),
        "The suspension is lifted, and the facts are read afresh today.",
        "accreditation/suspend.html",
        lifts=True,
    )


@bp.route("/register/<int:record_id>/withdraw", methods=["GET", "POST"])
@needs(Can.SUSPEND, on=record_or_404)
def withdraw(record: Record) -> ResponseReturnValue:
    form = WithdrawForm(request.form)
    standing_now = queries.interval_on(db.session(), record.id, today())
    return _ordered(
        record,
        form,
        lambda work, when: actions.withdraw(
            work, record, FactOutcome(form.outcome.data), form.reason.data, **when
        ),
        "It has ended. The record stays, and certificates say so.",
        "accreditation/withdraw.html",
        what=views.what_ends(Status(standing_now.status)) if standing_now else "application",
    )


def _ordered(
    record: Record,
    form: OrderForm,
    act: Callable[[Session, dict[str, Any]], object],
    said: str,
    template: str,
    **facts: object,
) -> ResponseReturnValue:
    """Do what the order says, today; show the form where it was not sent or is refused."""
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                act(work, {"on": today(), "now": datetime.now(UTC), "by_id": current_user.id})
            flash(said)
            return redirect(url_for(".record", record_id=record.id), code=303)
        except actions.AccreditationError as refusal:
            form.reason.errors = [str(refusal)]
    page = render_template(template, form=form, record=record, **facts)
    return page, 422 if form.errors else 200


@bp.post("/people/<int:person_id>/record")
@needs(Can.RECORD_FACTS_ON)
def open_record(person_id: int) -> ResponseReturnValue:
    person = accounts.person(db.session(), person_id)
    if person is None or person.id == current_user.id:  # nobody records facts on themselves
        abort(404)
    with db.transaction() as work:
        found = actions.open_record(work, person.id, now=datetime.now(UTC), by_id=current_user.id)
    flash(f"{person.working_name} has the number {found.number}. Record the application next.")
    return redirect(url_for(".record", record_id=found.id), code=303)
