"""Pages of knowledge checks: practice, attempts that count, and how each went."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.addresses import whole
from app.content import framework, manual
from app.learning import bp, check_actions, check_queries, check_views, papers, queries
from app.learning.models import CheckAttempt, CheckBegun
from app.learning.routes import chapter_or_404
from app.policy import Can, needs
from assessments.unitfile import Method
from modules import Chapter


def begun_or_404(begun_id: int) -> CheckBegun:
    """Return a counted attempt that was begun, or answer 404."""
    return check_queries.begun(db.session(), begun_id) or abort(404)


def attempt_or_404(attempt_id: int) -> CheckAttempt:
    """Return an answered attempt, or answer 404."""
    return check_queries.attempt(db.session(), attempt_id) or abort(404)


@bp.get("/manual/<slug>/check")
@needs(Can.LEARN, on=chapter_or_404)
def check(chapter: Chapter) -> ResponseReturnValue:
    work = db.session()
    return render_template(
        "learning/check.html",
        chapter=chapter,
        standing=check_queries.standing(work, current_user.id, chapter),
        attempts=check_queries.attempts(work, current_user.id, chapter),
        most=check_queries.ATTEMPTS,
        towards=[r for r in chapter.criteria if Method.KC in framework().criterion(r).methods],
    )


@bp.route("/manual/<slug>/check/practice", methods=["GET", "POST"])
@needs(Can.LEARN, on=chapter_or_404)
def practise(chapter: Chapter) -> ResponseReturnValue:
    made = check_queries.attempts_made(db.session(), current_user.id, chapter)
    paper = papers.of_practice(chapter, current_user.id, made)
    questions = papers.questions(paper)
    missing: list[tuple[str, str]] = []
    if request.method == "POST":
        given, missing = check_views.answers(questions, request.form)
        if not missing:
            with db.transaction() as work:
                row = check_actions.practise(
                    work, current_user.id, chapter, given, made=made, now=datetime.now(UTC)
                )
            return redirect(url_for(".attempt", attempt_id=row.id), code=303)
    page = render_template(
        "learning/check_questions.html",
        title=chapter.title,
        slug=chapter.slug,
        number=chapter.number,
        begun=None,
        questions=check_views.shown(paper),
        given=check_views.as_sent(questions, request.form),
        missing=missing,
    )
    return page, 422 if missing else 200


@bp.post("/manual/<slug>/check/counted")
@needs(Can.ANSWER_TO_COUNT, on=chapter_or_404)
def begin(chapter: Chapter) -> ResponseReturnValue:
    try:
        with db.transaction() as work:
            row = check_actions.begin(work, current_user.id, chapter, now=datetime.now(UTC))
    except (check_actions.AlreadyPassed, check_actions.NoneLeft) as refusal:
        flash(str(refusal), "wait")
        return redirect(url_for(".check", slug=chapter.slug), code=303)
    return redirect(url_for(".counted", begun_id=row.id), code=303)


@bp.route("/manual/checks/counted/<int:begun_id>", methods=["GET", "POST"])
@needs(Can.ANSWER_OWN_ATTEMPT, on=begun_or_404)
def counted(begun: CheckBegun) -> ResponseReturnValue:
    if begun.attempt is not None:
        return _already(begun.attempt.id)
    questions = papers.questions(begun.put)
    missing: list[tuple[str, str]] = []
    if request.method == "POST":
        given, missing = check_views.answers(questions, request.form)
        if not missing:
            try:
                with db.transaction() as work:
                    row = check_actions.answer(work, begun, given, now=datetime.now(UTC))
            except check_actions.AlreadyAnswered as refusal:
                return _already(refusal.attempt_id)
            return redirect(url_for(".attempt", attempt_id=row.id), code=303)
    chapter = next((one for one in manual().chapters if one.slug == begun.chapter_slug), None)
    page = render_template(
        "learning/check_questions.html",
        title=begun.chapter_title,
        slug=chapter.slug if chapter else None,
        number=begun.chapter,
        begun=begun,
        changed=chapter is None or chapter.version != begun.chapter_version,
        most=check_queries.ATTEMPTS,
        questions=check_views.shown(begun.put),
        given=check_views.as_sent(questions, request.form),
        missing=missing,
    )
    return page, 422 if missing else 200


def _already(attempt_id: int) -> ResponseReturnValue:
    """Show how an attempt went, kindly, to whoever comes back to it."""
    flash("This attempt is answered, and counts once. Here is how it went; nothing was changed.")
    return redirect(url_for(".attempt", attempt_id=attempt_id), code=303)


@bp.get("/manual/checks/")
@needs(Can.LEARN)
def attempts() -> ResponseReturnValue:
    before = request.args.get("before", type=whole)
    rows = check_queries.every_attempt(db.session(), current_user.id, before)
    page = rows[: check_queries.PAGE]
    return render_template(
        "learning/attempts.html",
        rows=[(one, queries.chapter_of(one, manual())) for one in page],
        more=page[-1].id if len(rows) > check_queries.PAGE else None,
        paging=before is not None,
    )


@bp.get("/manual/checks/<int:attempt_id>")
@needs(Can.READ_OWN_ATTEMPT, on=attempt_or_404)
def attempt(row: CheckAttempt) -> ResponseReturnValue:
    chapter = queries.chapter_of(row, manual())
    standing = check_queries.standing(db.session(), row.person_id, chapter) if chapter else None
    return render_template(
        "learning/attempt.html",
        chapter=chapter,
        attempt=row,
        title=row.chapter_title or (chapter.title if chapter else f"Chapter {row.chapter}"),
        answered=check_views.answered(row),
        changed=chapter is None or row.chapter_version != chapter.version,
        standing=standing,
    )


@bp.get("/manual/<slug>/check/<int:attempt_id>")
@needs(Can.LEARN)
def attempt_before(slug: str, attempt_id: int) -> ResponseReturnValue:
    """Go on from where attempts used to be found: bookmarks still lead to them."""
    row = attempt_or_404(attempt_id)
    if row.person_id != current_user.id:
        abort(404)
    return redirect(url_for(".attempt", attempt_id=row.id), code=303)
