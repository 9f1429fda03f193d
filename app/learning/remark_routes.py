"""Agree, disagree, something is missing: what readers say of a paragraph, and the answers."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.addresses import whole
from app.content import manual
from app.learning import bp, remark_actions, remark_queries, remark_views
from app.learning.models import Remark, Stance
from app.learning.remark_forms import STANCES, AnswerForm, RemarkForm
from app.learning.routes import chapter_or_404
from app.learning.views import part_title
from app.policy import Can, needs
from app.screening import screened
from modules import Chapter, Paragraph

#: A paragraph with its chapter.
Pointed = tuple[Chapter, Paragraph]


def paragraph_or_404(slug: str, paragraph: str) -> Pointed:
    """Return a paragraph with its chapter, or answer 404."""
    chapter = chapter_or_404(slug)
    try:
        return chapter, chapter.paragraph(paragraph)
    except KeyError:
        abort(404)


def remark_or_404(remark_id: int) -> Remark:
    """Return a remark, or answer 404."""
    return remark_queries.remark(db.session(), remark_id) or abort(404)


@bp.get("/manual/<slug>/remarks")
@needs(Can.LEARN, on=chapter_or_404)
def choose_paragraph(chapter: Chapter) -> ResponseReturnValue:
    """Show every paragraph of a chapter with a way to say something about it."""
    return render_template(
        "learning/choose_paragraph.html", chapter=chapter, parts=remark_views.parts(chapter)
    )


@bp.route("/manual/<slug>/remarks/<paragraph>", methods=["GET", "POST"])
@needs(Can.LEARN, on=paragraph_or_404)
def remark(pointed: Pointed) -> ResponseReturnValue:
    chapter, paragraph = pointed
    form = RemarkForm(request.form)
    known = remark_views.words_of(chapter)
    if (
        request.method == "POST"
        and form.validate()
        and screened(form.words, form.screening_reason, names_known=known)
    ):
        with db.transaction() as work:
            remark_actions.remark(
                work,
                current_user.id,
                chapter,
                paragraph,
                Stance(form.stance.data),
                form.words.data or "",
                screening_reason=form.screening_reason.data or "",
                now=datetime.now(UTC),
            )
        flash("Kept. The manual’s authors read it with your name, and you find their answer here.")
        return redirect(url_for(".remarks"), code=303)
    return render_template(
        "learning/remark.html",
        form=form,
        chapter=chapter,
        paragraph=paragraph,
        where=part_title(chapter, paragraph.section_id),
    ), 422 if form.errors else 200


@bp.get("/manual/remarks/")
@needs(Can.LEARN)
def remarks() -> ResponseReturnValue:
    """Show a reader's own remarks with what was answered."""
    before = request.args.get("before", type=whole)
    rows, more = remark_queries.of_person(db.session(), current_user.id, before)
    return render_template(
        "learning/remarks.html",
        rows=[remark_views.shown(manual(), row) for row in rows],
        stances=STANCES,
        older=rows[-1].id if more else None,
        first=before is None,
    )


@bp.get("/manual/remarks/all")
@needs(Can.ANSWER_REMARKS)
def all_remarks() -> ResponseReturnValue:
    """Show authors how many remarks each chapter has."""
    found = remark_queries.counts(db.session())
    return render_template(
        "learning/all_remarks.html", chapters=remark_views.by_chapter(manual(), found)
    )


@bp.get("/manual/remarks/chapters/<slug>")
@needs(Can.ANSWER_REMARKS)
def chapter_remarks(slug: str) -> ResponseReturnValue:
    """Show authors the paragraphs of one chapter that have remarks, in the order of the text."""
    found = remark_queries.counts(db.session(), slug)
    if not found:
        chapter_or_404(slug)
    quotes = remark_queries.quotes(db.session(), [one.newest_id for one in found])
    return render_template(
        "learning/chapter_remarks.html",
        slug=slug,
        title=remark_views.title(manual(), slug),
        rows=remark_views.in_order(manual(), slug, found, quotes),
        stances=STANCES,
    )


@bp.get("/manual/remarks/chapters/<slug>/<paragraph>")
@needs(Can.ANSWER_REMARKS)
def paragraph_remarks(slug: str, paragraph: str) -> ResponseReturnValue:
    """Show authors what was said of one paragraph."""
    before = request.args.get("before", type=whole)
    rows, more = remark_queries.on_paragraph(db.session(), slug, paragraph, before)
    if not rows:
        abort(404)
    return render_template(
        "learning/paragraph_remarks.html",
        slug=slug,
        paragraph=paragraph,
        title=remark_views.title(manual(), slug),
        rows=[remark_views.shown(manual(), row) for row in rows],
        stances=STANCES,
        older=rows[-1].id if more else None,
        first=before is None,
    )


@bp.route("/manual/remarks/<int:remark_id>", methods=["GET", "POST"])
@needs(Can.ANSWER_REMARKS, on=remark_or_404)
def answer_remark(row: Remark) -> ResponseReturnValue:
    """Answer one remark; its reader finds the answer beside it."""
    form = AnswerForm(request.form)
    if request.method == "POST" and form.validate():
        with db.transaction() as work:
            remark_actions.answer(
                work,
                row,
                form.words.data,
                changes_text=form.changes_text.data,
                author_id=current_user.id,
                now=datetime.now(UTC),
            )
        flash("Answered. Whoever made the remark finds it beside their own words.")
        return redirect(
            url_for(".paragraph_remarks", slug=row.slug, paragraph=row.paragraph), code=303
        )
    return render_template(
        "learning/answer_remark.html",
        form=form,
        one=remark_views.shown(manual(), row),
        stances=STANCES,
    ), 422 if form.errors else 200
