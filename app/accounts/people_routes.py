"""The coordinator's pages on people, invitations and the audit."""

from datetime import UTC, datetime

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.accounts import actions, bp, queries
from app.accounts.forms import InviteForm, RoleForm
from app.accounts.models import Invitation, User
from app.accounts.roles import Role
from app.addresses import whole
from app.policy import Can, needs


def person_or_404(person_id: int) -> User:
    """Return one person, or answer 404."""
    return queries.person(db.session(), person_id) or abort(404)


def invitation_or_404(invitation_id: int) -> Invitation:
    """Return one invitation, or answer 404."""
    return db.session().get(Invitation, invitation_id) or abort(404)


def _name_and_number(text: str) -> tuple[str, int]:
    name, _, number = text.rpartition(":")
    return name, whole(number)


@bp.get("/people")
@needs(Can.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    words, role = request.args.get("words", ""), request.args.get("role", "")
    key = request.args.get("after", type=_name_and_number)
    rows = queries.people(
        db.session(), words=words, role=Role(role) if role in list(Role) else None, after=key
    )
    return render_template(
        "accounts/people.html",
        rows=rows[: queries.PAGE],
        more=len(rows) > queries.PAGE,
        roles=list(Role),
        invitations=queries.open_invitations(db.session(), datetime.now(UTC)),
        now=datetime.now(UTC),
    )


@bp.route("/people/invite", methods=["GET", "POST"])
@needs(Can.MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    form = InviteForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                actions.invite(
                    work,
                    form.email.data,
                    [Role(value) for value in form.roles.data],
                    base_url=current_app.config["BASE_URL"],
                    now=datetime.now(UTC),
                    by=current_user,
                )
            flash(_invited_words(form.email.data))
            return redirect(url_for("accounts.people"), code=303)
        except (actions.AlreadyHere, actions.NoAddress) as refusal:
            form.email.errors = [str(refusal)]
    return render_template("accounts/invite.html", form=form), 422 if form.errors else 200


def _invited_words(email: str) -> str:
    if current_app.config["MAIL_URL"]:
        return f"{email} is invited. The link works once, for seven days."
    return (
        f"{email} is invited. No mail server is set up: find the link in the outbox and pass it on."
    )


@bp.post("/people/invitations/<int:invitation_id>/withdraw")
@needs(Can.MANAGE_PEOPLE, on=invitation_or_404)
def withdraw_invitation(invitation: Invitation) -> ResponseReturnValue:
    with db.transaction() as work:
        actions.withdraw_invitation(work, invitation, now=datetime.now(UTC), by=current_user)
    flash(f"The link for {invitation.email} no longer works.")
    return redirect(url_for("accounts.people"), code=303)


@bp.get("/people/<int:person_id>")
@needs(Can.MANAGE_PEOPLE, on=person_or_404)
def person(user: User) -> ResponseReturnValue:
    return render_template("accounts/person.html", person=user, form=RoleForm(), roles=list(Role))


@bp.post("/people/<int:person_id>/roles")
@needs(Can.MANAGE_PEOPLE, on=person_or_404)
def change_roles(user: User) -> ResponseReturnValue:
    form = RoleForm(request.form)
    if not form.validate():
        return render_template(
            "accounts/person.html", person=user, form=form, roles=list(Role)
        ), 422
    ends = request.form.get("do") == "end"
    try:
        with db.transaction() as work:
            change = actions.end_role if ends else actions.grant
            change(work, user, form.role.data, now=datetime.now(UTC), by=current_user)
    except actions.LastCoordinator as refusal:
        form.role.errors = [str(refusal)]
        return render_template(
            "accounts/person.html", person=user, form=form, roles=list(Role)
        ), 409
    flash(
        f"{user.working_name} is no longer {form.role.data.label.lower()}, and was signed out."
        if ends
        else f"{user.working_name} is now {form.role.data.label.lower()}."
    )
    return redirect(url_for("accounts.person", person_id=user.id), code=303)


@bp.route("/people/<int:person_id>/close", methods=["GET", "POST"])
@needs(Can.MANAGE_PEOPLE, on=person_or_404)
def close(user: User) -> ResponseReturnValue:
    if request.method == "POST":
        try:
            with db.transaction() as work:
                actions.close_account(work, user, now=datetime.now(UTC), by=current_user)
        except actions.LastCoordinator as refusal:
            return render_template("accounts/close.html", person=user, refusal=str(refusal)), 409
        flash(f"The account of {user.working_name} is closed. The records stay.")
        return redirect(url_for("accounts.people"), code=303)
    return render_template("accounts/close.html", person=user, refusal=None)


@bp.get("/audit")
@needs(Can.READ_AUDIT)
def audit_log() -> ResponseReturnValue:
    rows = queries.audit_page(db.session(), request.args.get("before", type=whole))
    return render_template(
        "accounts/audit_log.html", rows=rows[: queries.PAGE], more=len(rows) > queries.PAGE
    )
