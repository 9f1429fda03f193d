"""Pages of the manual, and of what a reader does with it."""

from datetime import UTC, datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.content import manual
from app.learning import actions, bp, queries, views
from app.policy import Can, needs
from modules import Chapter


def chapter_or_404(slug: str) -> Chapter:
    """Return a chapter by its slug, or answer 404."""
    try:
        return manual().chapter_by_slug(slug)
    except KeyError:
        abort(404)


@bp.route("/manual/<slug>/check", methods=["GET", "POST"])
@needs(Can.LEARN, on=chapter_or_404)
def check(chapter: Chapter) -> ResponseReturnValue:
    number = queries.attempts_made(db.session(), current_user.id, chapter.number) + 1
    questions = views.questions_shown(chapter, current_user.id, number)
    missing: list[tuple[str, str]] = []
    if request.method == "POST":
        given, missing = views.answers(chapter, request.form)
        if not missing:
            with db.transaction() as work:
                row = actions.answer_check(
                    work, current_user.id, chapter, given, now=datetime.now(UTC)
                )
            return redirect(url_for(".attempt", slug=chapter.slug, attempt_id=row.id), code=303)
    return render_template(
        "learning/check.html",
        chapter=chapter,
        questions=questions,
        given=views.as_sent(chapter, request.form),
        missing=missing,
        attempts=queries.attempts(db.session(), current_user.id, chapter.number),
    ), 422 if missing else 200


@bp.get("/manual/<slug>/check/<int:attempt_id>")
@needs(Can.LEARN)
def attempt(slug: str, attempt_id: int) -> ResponseReturnValue:
    chapter = chapter_or_404(slug)
    row = queries.attempt(db.session(), attempt_id)
    # Attempts are the reader's own: nobody else opens them, whatever their role.
    if row is None or row.person_id != current_user.id or row.chapter != chapter.number:
        abort(404)
    return render_template(
        "learning/attempt.html",
        chapter=chapter,
        attempt=row,
        marked=views.marked(chapter, row),
        old=row.chapter_version != chapter.version,
    )


@bp.get("/manual/glossary")
@needs(Can.READ_MANUAL)
def glossary() -> ResponseReturnValue:
    return render_template("learning/glossary.html", terms=manual().glossary)


@bp.route("/manual/preview", methods=["GET", "POST"])
@needs(Can.PREVIEW_CONTENT)
def preview() -> ResponseReturnValue:
    """Show an author what a chapter's file becomes, or each fault with its line. Keeps nothing."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    shown, faults = views.previewed(text) if text else (None, ())
    return render_template(
        "learning/preview.html", text=text, chapter=shown, faults=faults
    ), 422 if faults and shown is None else 200
