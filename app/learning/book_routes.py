"""Pages that are made from the whole book: from report to programme, the index, the leaflets."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.content import framework, manual
from app.learning import book_views, bp, search
from app.policy import Can, needs


@bp.get("/manual/traceability")
@needs(Can.READ_MANUAL)
def traceability() -> ResponseReturnValue:
    groups = book_views.themes(manual())
    return render_template(
        "learning/traceability.html",
        groups=groups,
        award=framework(),
        # As in the search: a role player knows the cases that they are booked for, and no others.
        named=search.reach(current_user) is not search.Reach.MANUAL,
    )


@bp.get("/manual/index")
@needs(Can.READ_MANUAL)
def book_index() -> ResponseReturnValue:
    return render_template(
        "learning/book_index.html",
        letters=book_views.letters(manual().index),
        ids=book_views.ids(manual().index),
        places=book_views.places(manual()),
    )


@bp.get("/manual/code-of-conduct")
@needs(Can.READ_MANUAL)
def code_of_conduct() -> ResponseReturnValue:
    return _leaflet("code-of-conduct")


@bp.get("/manual/safety-card")
@needs(Can.READ_MANUAL)
def safety_card() -> ResponseReturnValue:
    return _leaflet("safety-card")


def _leaflet(slug: str) -> ResponseReturnValue:
    try:
        leaflet = manual().leaflet(slug)
    except KeyError:
        abort(404)
    return render_template("learning/leaflet.html", leaflet=leaflet)
