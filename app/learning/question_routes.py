"""Pages of the open questions, and the places that people take on them. Nothing marks a place."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.content import manual
from app.formats import today
from app.learning import actions, bp, place_queries, queries, views
from app.learning.leaves import leaves
from app.policy import Can, needs
from assessments.spreads import Published, published
from modules import Chapter, OpenQuestion

#: A question with the chapter that asks it.
Asked = tuple[Chapter, OpenQuestion]


def asked_or_404(question: str) -> Asked:
    """Return an open question with its chapter, or answer 404."""
    for asked in views.questions_asked(manual()):
        if asked[1].id == question:
            return asked
    return abort(404)


@bp.get("/manual/open-questions/")
@needs(Can.READ_MANUAL)
def open_questions() -> ResponseReturnValue:
    every = views.questions_asked(manual())
    places = queries.places(db.session(), current_user.id, [one.id for _, one in every])
    return render_template(
        "learning/open_questions.html",
        every=every,
        places=places,
        again={id: views.is_old(rows, datetime.now(UTC)) for id, rows in places.items()},
    )


@bp.get("/manual/open-questions/<question>")
@needs(Can.READ_MANUAL, on=asked_or_404)
def open_question(asked: Asked) -> ResponseReturnValue:
    return _question(asked)


def _question(asked: Asked, *, error: str | None = None, reason: str | None = None) -> str:
    """Return a question's own page; after a refusal with what was written, and what to do."""
    chapter, one = asked
    places = queries.places(db.session(), current_user.id, [one.id])[one.id]
    # Only who has taken a place sees where others stand.
    dots = queries.dots(db.session(), [one.id] if places else [])
    return render_template(
        "learning/open_question.html",
        chapter=chapter,
        one=one,
        ends=leaves(chapter).ends[one.id],
        places=places,
        again=views.is_old(places, datetime.now(UTC)),
        counts=dots.get(one.id),
        history=_history(one.id) if places else None,
        error=error,
        reason=reason,
    )


def _history(question: str) -> Published:
    """Return how the spread differs between cohorts and has changed over time."""
    return published(place_queries.everybody(db.session(), question), today())


@bp.post("/manual/open-questions/<question>")
@needs(Can.LEARN, on=asked_or_404)
def take_place(asked: Asked) -> ResponseReturnValue:
    chapter, one = asked
    reason = request.form.get("reason", "").strip().replace("\r\n", "\n")
    if len(reason) > views.LONGEST_REASON:
        return views.too_long(reason, len(reason) - views.LONGEST_REASON, views.LONGEST_REASON)
    place = request.form.get("place", 0, type=int)
    try:
        with db.transaction() as work:
            actions.take_place(work, current_user.id, one.id, place, reason, now=datetime.now(UTC))
        flash("Your place is kept. You can move at any time; earlier places stay for you to see.")
    except actions.NoSuchPlace as refusal:
        return _question(asked, error=str(refusal), reason=reason), 422
    if "from_chapter" in request.form:
        return redirect(url_for(".chapter", slug=chapter.slug, _anchor=one.id), code=303)
    return redirect(url_for(".open_question", question=one.id, _anchor=one.id), code=303)
