"""Home pages, and the pages about the scheme itself."""

from datetime import UTC, datetime

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text

from app import db
from app.accounts import queries as accounts
from app.content import framework, manual
from app.forms import choices
from app.policy import Can, needs, public
from app.scheme import actions, bp, homes, legal, queries
from app.scheme.forms import SignOffForm
from app.scheme.words import DUTIES, WHO_SEES
from app.shell import role_in_use


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    if not current_user.is_authenticated:
        return render_template("scheme/welcome.html")
    role, now = role_in_use(), datetime.now(UTC)
    return render_template(
        "scheme/home.html", role=role, **homes.home(db.session(), current_user, role, now)
    )


@bp.route("/settings", methods=["GET", "POST"])
@needs(Can.CHANGE_SETTINGS)
def settings() -> ResponseReturnValue:
    unsigned = legal.open_points(db.session())
    form = SignOffForm(request.form)
    form.point.choices = choices(
        [(one.number, f"{one.number}: {one.question}") for one in unsigned]
    )
    if request.method == "POST" and form.validate():
        with db.transaction() as work:
            actions.sign_off(
                work,
                form.point.data,
                form.advised_by.data,
                now=datetime.now(UTC),
                by_id=current_user.id,
            )
        flash(f"{form.point.data} is signed off.")
        return redirect(url_for(".settings"), code=303)
    rows = list(queries.signed_off(db.session()).values())
    names = accounts.names(db.session(), [row.signed_by_id for row in rows])
    page = render_template(
        "scheme/settings.html",
        form=form,
        open=unsigned,
        done=[(row, names[row.signed_by_id]) for row in rows],
        settings=_settings(),
    )
    return page, 422 if form.errors else 200


def _settings() -> list[tuple[str, str]]:
    config = current_app.config
    return [
        ("Address", config["BASE_URL"]),
        ("Mode", config["MODE"].value.capitalize()),
        ("E-mail", "Sent by a mail server" if config["MAIL_URL"] else "Kept in the outbox"),
        ("Tries are counted in", "Redis" if config["REDIS_URL"] else "The database"),
        ("Database", config["DATABASE_URL"].partition(":")[0]),
        ("Award version", framework().award.version),
        ("Manual version", manual().version),
    ]


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    db.session().execute(text("select 1"))
    return jsonify(status="ok")


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    return render_template("scheme/about.html", award=framework().award)


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    sends = bool(current_app.config["MAIL_URL"])
    return render_template("scheme/privacy.html", rows=WHO_SEES, sends=sends)


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("scheme/accessibility.html")


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    return render_template("scheme/help.html", roles=DUTIES)
