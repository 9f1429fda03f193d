"""Pages on which learners rate their own confidence, and see it beside the judgements."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.content import framework, manual
from app.policy import Can, needs
from app.portfolio import (
    bp,
    confidence_actions,
    confidence_queries,
    confidence_views,
    queries,
    views,
)
from app.portfolio.confidence_queries import Moment, UnitConfidence
from app.portfolio.routes import unit_or_404
from assessments.framework import Unit


def _own_unit(code: str) -> Unit:
    """Return a unit that the signed-in learner is registered for, or answer 404."""
    unit = unit_or_404(code)
    registered = queries.registration_of(db.session(), current_user.id) or abort(404)
    if unit not in views.units_of(registered.pathway_codes):
        abort(404)
    return unit


def _standing(unit: Unit) -> UnitConfidence:
    work, person = db.session(), current_user.id
    passed = queries.checks_passed(work, person, manual(), framework())
    checked = [ref for _, _, _, refs in passed for ref in refs]
    return confidence_queries.by_unit(work, person, [unit.code], checked)[unit.code]


@bp.get("/portfolio/confidence/<code>")
@needs(Can.RATE_OWN_CONFIDENCE)
def confidence(code: str) -> ResponseReturnValue:
    unit = _own_unit(code)
    standing = _standing(unit)
    verdicts = confidence_queries.standing_verdicts(db.session(), current_user.id, unit.code)
    return render_template(
        "portfolio/confidence.html",
        unit=unit,
        standing=standing,
        beside={one.ref: confidence_views.beside(standing, one.ref) for one in unit.criteria},
        verdicts=verdicts,
        # Every criterion has been judged: now is the end, if ever.
        judged=all(one.ref in verdicts for one in unit.criteria),
    )


@bp.route("/portfolio/confidence/<code>/<moment>", methods=["GET", "POST"])
@needs(Can.RATE_OWN_CONFIDENCE)
def rate_confidence(code: str, moment: str) -> ResponseReturnValue:
    if moment not in set(Moment):
        abort(404)
    unit = _own_unit(code)
    form = confidence_views.form_for(unit)(request.form)
    standing, status, refusal = _standing(unit), 200, None
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                return _rated(unit, Moment(moment), confidence_views.given(form, unit))
            except confidence_actions.NotNow as error:
                refusal, status = str(error), 409
    elif standing.may is None or (moment == Moment.START and standing.may is not Moment.START):
        return redirect(url_for(".confidence", code=unit.code), code=303)
    page = render_template(
        "portfolio/rate_confidence.html",
        unit=unit,
        moment=moment,
        form=form,
        fields=[(one, form[confidence_views.name_of(one)]) for one in unit.criteria],
        refusal=refusal,
    )
    return page, status


def _rated(unit: Unit, moment: Moment, given: dict[str, int]) -> ResponseReturnValue:
    with db.transaction() as work:
        confidence_actions.rate(
            work,
            current_user.id,
            # Read afresh: another tab may have sent the same form.
            _standing(unit),
            moment,
            given,
            award_version=framework().award.version,
            now=datetime.now(UTC),
        )
    flash("Kept, with today’s date. Assessors see each rating only once they have judged.")
    return redirect(url_for(".confidence", code=unit.code), code=303)
