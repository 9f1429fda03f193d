"""The unit transcript of a learner, as PDF."""

from datetime import UTC, datetime

from flask import Response, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.formats import today
from app.policy import Can, needs
from app.portfolio import bp, papers, queries
from certificates import UnprintableName


@bp.get("/portfolio/transcript.pdf")
@needs(Can.SEE_OWN_PORTFOLIO)
def transcript() -> ResponseReturnValue:
    registered = queries.registration_of(db.session(), current_user.id) or abort(404)
    config = current_app.config
    try:
        pdf = papers.transcript_pdf(
            db.session(),
            registered,
            scheme=config["SCHEME_NAME"],
            check=f"{config['BASE_URL'].partition('://')[2].rstrip('/')}/check",
            on=today(),
            now=datetime.now(UTC),
        )
    except UnprintableName as refusal:
        letters = " ".join(refusal.characters[:6])
        flash(
            f"Our typefaces cannot set {letters} in your name. Change the name you go by.", "wait"
        )
        return redirect(url_for("portfolio.mine"), code=303)
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": 'inline; filename="transcript.pdf"'},
    )
