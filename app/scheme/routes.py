"""Home pages, and the pages about the scheme itself."""

from datetime import UTC, datetime

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text

from app import db
from app.content import framework
from app.policy import public
from app.scheme import bp
from app.scheme.words import DUTIES, WHO_SEES
from app.shell import role_in_use


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    if not current_user.is_authenticated:
        return render_template("scheme/welcome.html")
    return render_template("scheme/home.html", role=role_in_use(), now=datetime.now(UTC))


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
    return render_template("scheme/privacy.html", rows=WHO_SEES)


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("scheme/accessibility.html")


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    return render_template("scheme/help.html", roles=DUTIES)
