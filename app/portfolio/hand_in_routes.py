"""Handing a reflection in: a copy of it becomes evidence, and the journal stays private."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.content import manual
from app.formats import today
from app.learning import queries as learning
from app.learning.views import asked
from app.policy import Can, needs
from app.portfolio import actions, bp, queries, views
from app.portfolio.file_routes import filed_words
from app.portfolio.forms import HandInForm
from app.screening import screened
from app.uploads import takes_long_words
from assessments.unitfile import Method


@bp.route("/journal/<prompt>/hand-in", methods=["GET", "POST"])
@needs(Can.SEE_OWN_PORTFOLIO)
@takes_long_words
def hand_in(prompt: str) -> ResponseReturnValue:
    """Show the words, choose the criteria, declare: a copy is filed as written evidence."""
    row = learning.reflection(db.session(), current_user.id, prompt) or abort(404)
    registered = queries.registration_of(db.session(), current_user.id)
    if registered is None:
        return render_template("portfolio/not_registered.html")
    chapter, _ = asked(manual(), prompt)
    form = HandInForm(request.form, data={"title": row.asked[:200], "words": row.words})
    units = views.written_units(registered.pathway_codes)
    form.criteria.choices = views.criteria_choices(units)
    if request.method == "POST" and form.validate() and screened(form.words, form.screening_reason):
        with db.transaction() as work:
            evidence = actions.file_evidence(
                work,
                current_user.id,
                method=Method.WR,
                title=form.title.data,
                words=form.words.data,
                screening_reason=form.screening_reason.data or "",
                criteria=form.criteria.data,
                shown_on=today(),
                declared=True,
                now=datetime.now(UTC),
                by_id=current_user.id,
            )
        flash(f"{filed_words(registered)} Your journal stays private.")
        return redirect(url_for(".evidence", evidence_id=evidence.id), code=303)
    return render_template(
        "portfolio/hand_in.html",
        form=form,
        row=row,
        units=units,
        near=set(chapter.criteria) if chapter else set(),
        count=len((form.words.data or "").split()),
    ), 422 if form.errors else 200
