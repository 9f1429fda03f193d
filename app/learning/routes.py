"""Pages of the manual, and of what a reader does with it."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.content import manual
from app.learning import bp, views
from app.policy import Can, needs
from modules import Chapter


def chapter_or_404(slug: str) -> Chapter:
    """Return a chapter by its slug, or answer 404."""
    try:
        return manual().chapter_by_slug(slug)
    except KeyError:
        abort(404)


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
