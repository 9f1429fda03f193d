"""Pages on signing in and on one's own account."""

from datetime import UTC, datetime

from flask import (
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf.csrf import generate_csrf
from wtforms.validators import ValidationError

from app import db, limits
from app.accounts import actions, bp, entrance, queries
from app.accounts.forms import (
    AcceptForm,
    AccountForm,
    ChoosePasswordForm,
    ForgottenForm,
    NewPasswordForm,
    SignInForm,
)
from app.accounts.models import Invitation
from app.accounts.roles import Role
from app.addresses import whole
from app.policy import Can, needs, public

MOST_RESETS = 5


def _next() -> str:
    wanted = request.values.get("next", "")
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    # Browsers leave tabs and line ends out of an address: "/<tab>/example.org" is not ours.
    return wanted if inside and wanted.isprintable() else url_for("scheme.home")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            entrance.enter(entrance.check_password(form.email.data, form.password.data))
            return redirect(_next(), code=303)
        except entrance.WrongPassword:
            form.form_errors.append("That address and password do not belong together")
    elif current_user.is_authenticated and request.method == "GET":
        return redirect(_next(), code=303)
    status = 200 if request.method == "GET" else 422
    return render_template("accounts/sign_in.html", form=form, next=_next()), status


@bp.post("/sign-out")
@needs(Can.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    row = entrance.current_sign_in()
    with db.transaction() as work:
        if row is not None:
            actions.end_sign_in(work, row, now=datetime.now(UTC))
    session.pop(entrance.COOKIE, None)
    logout_user()
    flash("You have signed out.")
    answer = redirect(url_for("accounts.sign_in"), code=303)
    # Pages of the manual may be kept; whoever presses Back next is to see none with this name on.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.get("/csrf-token")
@public
def csrf_token() -> ResponseReturnValue:
    return jsonify(token=generate_csrf(), signed_in=bool(current_user.is_authenticated))


def open_invitation(token: str) -> Invitation:
    """Return the invitation of a link, or answer 404. A spent one has a page of its own."""
    found = queries.invitation(db.session(), token)
    if found is None:
        abort(404)
    return found


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    found = open_invitation(token)
    now = datetime.now(UTC)
    if not found.is_open(now):
        return render_template("accounts/link_spent.html", invitation=found), 410
    form = AcceptForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                name, password = form.working_name.data, form.password.data
                user = actions.accept(work, found, name, password, now=now)
        except (actions.LinkIsSpent, actions.AlreadyHere):
            # Two presses, or two tabs: the other one was first.
            return render_template("accounts/link_spent.html", invitation=found), 410
        entrance.enter(user)
        flash(f"Welcome, {user.working_name}. This is where everything begins.")
        return redirect(url_for("scheme.home"), code=303)
    status = 422 if form.errors else 200
    return render_template("accounts/invitation.html", form=form, invitation=found), status


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm(request.form)
    if request.method == "POST" and form.validate():
        _ask_reset(form.email.data)
        return render_template("accounts/reset_asked.html", email=form.email.data)
    return render_template("accounts/forgotten.html", form=form), 422 if form.errors else 200


def _ask_reset(email: str) -> None:
    # The page says the same whether or not the address is known, so nobody learns who is here.
    now = datetime.now(UTC)
    of = limits.bucket("reset", request.remote_addr or "")
    limits.take(limits.Limit(kind="reset", of=of, most=MOST_RESETS), now=now)
    with db.transaction() as work:
        user = queries.by_email(work, email)
        if user and user.is_active:
            actions.ask_reset(work, user, base_url=current_app.config["BASE_URL"], now=now)


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    reset = queries.open_reset(db.session(), token, now)
    if reset is None:
        return render_template("accounts/link_spent.html", invitation=None), 410
    form = ChoosePasswordForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                user = actions.use_reset(work, reset, form.password.data, now=now)
        except actions.LinkIsSpent:
            return render_template("accounts/link_spent.html", invitation=None), 410
        entrance.enter(user)
        flash("Your password is changed, and every other device is signed out.")
        return redirect(url_for("scheme.home"), code=303)
    return render_template("accounts/new_password.html", form=form), 422 if form.errors else 200


@bp.route("/account", methods=["GET", "POST"])
@needs(Can.KEEP_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    on = "yes" if queries.reminded(db.session(), current_user.id) else "no"
    form = AccountForm(request.form, obj=current_user, reminded=on)
    if request.method == "POST" and form.validate():
        with db.transaction() as work:
            actions.change_account(
                work,
                current_user,
                working_name=form.working_name.data,
                scheme=form.scheme.data,
                text_size=form.text_size.data,
                reminded=form.reminded.data == "yes",
                now=datetime.now(UTC),
            )
        flash("Your account is changed.")
        return redirect(url_for("accounts.account"), code=303)
    return render_template("accounts/account.html", form=form), 422 if form.errors else 200


@bp.route("/account/password", methods=["GET", "POST"])
@needs(Can.KEEP_OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    form = NewPasswordForm(request.form)
    if request.method == "POST" and form.validate() and _knows_password(form):
        with db.transaction() as work:
            keep = entrance.current_sign_in()
            actions.set_password(
                work, current_user, form.password.data, now=datetime.now(UTC), keep=keep
            )
        flash("Your password is changed, and every other device is signed out.")
        return redirect(url_for("accounts.account"), code=303)
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


def _knows_password(form: NewPasswordForm) -> bool:
    try:
        entrance.check_password(current_user.email, form.current.data)
    except entrance.WrongPassword:
        form.current.errors = [str(ValidationError("That is not your password now"))]
        return False
    return True


@bp.get("/account/who-looked")
@needs(Can.KEEP_OWN_ACCOUNT)
def who_looked() -> ResponseReturnValue:
    rows = queries.views_of(db.session(), current_user.id, request.args.get("before", type=whole))
    return render_template(
        "accounts/who_looked.html", rows=rows[: queries.PAGE], more=rows[queries.PAGE :]
    )


@bp.post("/role")
@needs(Can.SIGNED_IN)
def role() -> ResponseReturnValue:
    row = entrance.current_sign_in()
    wanted = request.form.get("role", "")
    if row is None or wanted not in list(Role):
        abort(400)
    with db.transaction() as work:
        actions.use_role(work, row, Role(wanted))
    return redirect(url_for("scheme.home"), code=303)
