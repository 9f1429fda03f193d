"""The coordinator's page on whose own learner somebody is."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.forms import choices
from app.policy import Can, needs
from app.portfolio import allocation_actions, allocation_queries, bp, queries
from app.portfolio.forms import AllocateForm
from app.portfolio.models import Allocation, Registration
from app.portfolio.routes import registration_or_404


class Allocated:
    """One allocation of a learner's."""

    def __init__(self, registered: Registration, row: Allocation) -> None:
        self.registered, self.row = registered, row
        self.person_id = registered.person_id


def allocated_or_404(registration_id: int, allocation_id: int) -> Allocated:
    """Return an allocation of this very learner, or answer 404."""
    row = allocation_queries.allocation(db.session(), allocation_id) or abort(404)
    if row.registration_id != registration_id:
        abort(404)
    return Allocated(registration_or_404(registration_id), row)


@bp.route("/learners/<int:registration_id>/assessors", methods=["GET", "POST"])
@needs(Can.ALLOCATE, on=registration_or_404)
def assessors(registered: Registration) -> ResponseReturnValue:
    form = AllocateForm(request.form)
    _offer(form, registered)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                return _allocated(registered, form)
            except allocation_actions.CannotAllocate as refusal:
                form.assessor.errors, status = [str(refusal)], 409
    rows = allocation_queries.allocations(db.session(), registered.id)
    actors = [one for row in rows for one in (row.recorded_by_id, row.ended_by_id)]
    person_id = registered.person_id
    page = render_template(
        "portfolio/assessors.html",
        registered=registered,
        form=form,
        now=[row for row in rows if row.ended_at is None],
        before=[row for row in rows if row.ended_at is not None],
        names=accounts.names(db.session(), actors),
        unmarked=allocation_queries.unmarked(db.session(), [person_id]).get(person_id, 0),
    )
    return page, status


def _offer(form: AllocateForm, registered: Registration) -> None:
    taken = {registered.person_id, *registered.assessor_ids}
    people = accounts.people_with(db.session(), Role.ASSESSOR)
    offered = [(one.id, one.working_name) for one in people if one.id not in taken]
    form.assessor.choices = choices([("", "Choose an assessor"), *offered])


def _allocated(registered: Registration, form: AllocateForm) -> ResponseReturnValue:
    with db.transaction() as work:
        row = allocation_actions.allocate(
            work,
            registered,
            form.assessor.data,
            now=datetime.now(UTC),
            by_id=current_user.id,
        )
    learner = registered.person.working_name
    flash(f"{row.assessor.working_name} sees the portfolio of {learner} now.")
    return redirect(url_for(".assessors", registration_id=registered.id), code=303)


@bp.post("/learners/<int:registration_id>/assessors/<int:allocation_id>/end")
@needs(Can.ALLOCATE, on=allocated_or_404)
def end_allocation(thing: Allocated) -> ResponseReturnValue:
    with db.transaction() as work:
        allocation_actions.end(work, thing.row, now=datetime.now(UTC), by_id=current_user.id)
    name, learner = thing.row.assessor.working_name, thing.registered.person.working_name
    flash(
        f"{name} no longer sees the portfolio of {learner}. What a verifier returns to {name} "
        "can still be judged again."
    )
    return redirect(url_for(".assessors", registration_id=thing.registered.id), code=303)


@bp.get("/people/<int:person_id>/assessors")
@needs(Can.MANAGE_PEOPLE)
def assessors_of(person_id: int) -> ResponseReturnValue:
    """Go from a person's page to their assessors, or to registering them first."""
    if accounts.person(db.session(), person_id) is None or person_id == current_user.id:
        abort(404)
    registered = queries.registration_of(db.session(), person_id)
    if registered is None:
        return redirect(url_for(".register", person_id=person_id), code=303)
    return redirect(url_for(".assessors", registration_id=registered.id), code=303)
