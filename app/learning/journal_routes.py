"""Pages of the journal: one's own words on the prompts of the manual. Nobody else reads them."""

from datetime import UTC, datetime

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db, kept
from app.content import manual
from app.errors import wants_json
from app.formats import clock, day
from app.learning import actions, bp, queries, views
from app.learning.models import Reflection
from app.learning.routes import chapter_or_404
from app.policy import Can, needs
from app.uploads import takes_long_words


@bp.post("/manual/<slug>/reflections/<prompt>")
@needs(Can.LEARN)
@takes_long_words
def reflect(slug: str, prompt: str) -> ResponseReturnValue:
    chapter = chapter_or_404(slug)
    asked = next((one for one in chapter.prompts if one.id == prompt), None) or abort(404)
    words, now = request.form.get("text", "").replace("\r\n", "\n"), datetime.now(UTC)
    if len(words) > views.LONGEST_REFLECTION:
        return views.too_long(words, len(words) - views.LONGEST_REFLECTION)
    version = request.form.get("version", 0, type=int)
    try:
        with db.transaction() as work:
            row = actions.save_reflection(
                work, current_user.id, chapter.number, asked, words, version=version, now=now
            )
            version = row.version
    except kept.Overtaken as race:
        return _overtaken(prompt, race, now)
    if wants_json():
        return jsonify(saved=clock(now), version=version)
    flash("Your words are saved. Only you can read them.")
    return redirect(url_for(".chapter", slug=slug, _anchor=prompt), code=303)


def _overtaken(prompt: str, race: kept.Overtaken, now: datetime) -> ResponseReturnValue:
    with db.transaction() as work:
        actions.keep_overtaken(work, current_user.id, prompt, race.mine, now=now)
    there = url_for(".reflection", prompt=prompt)
    if wants_json():
        return jsonify(mine=race.mine, theirs=race.theirs, url=there), 409
    flash("These words met a newer version. Both are kept: choose, or join them.", "wait")
    return redirect(there, code=303)


@bp.get("/journal/")
@needs(Can.LEARN)
def journal() -> ResponseReturnValue:
    rows = queries.reflections(db.session(), current_user.id)
    prompts = {one.id: (one, chapter) for chapter in manual().chapters for one in chapter.prompts}
    return render_template("learning/journal.html", rows=rows, prompts=prompts)


@bp.get("/journal/draft-key")
@needs(Can.LEARN)
def draft_key() -> ResponseReturnValue:
    """Return, for the script, the key that seals unsaved words on this person's devices."""
    return jsonify(views.draft_key(current_user.id))


@bp.route("/journal/<prompt>", methods=["GET", "POST"])
@needs(Can.LEARN)
@takes_long_words
def reflection(prompt: str) -> ResponseReturnValue:
    row = queries.reflection(db.session(), current_user.id, prompt)
    if row is None:
        abort(404)
    if request.method == "POST":
        return _settle(row)
    chapter, asked = views.asked(manual(), prompt)
    return render_template(
        "learning/reflection.html",
        row=row,
        chapter=chapter,
        prompt=asked,
        others=kept.unsettled(db.session(), f"reflections:{row.id}", current_user.id),
        saved=f"{day(row.saved_at)}, {clock(row.saved_at)}",
    )


def _settle(row: Reflection) -> ResponseReturnValue:
    prompt, now = row.prompt, datetime.now(UTC)
    words = request.form.get("text", "").replace("\r\n", "\n")
    if len(words) > views.LONGEST_REFLECTION:
        return views.too_long(words, len(words) - views.LONGEST_REFLECTION)
    version = request.form.get("version", 0, type=int)
    try:
        with db.transaction() as work:
            actions.settle_reflection(work, row, words, version=version, now=now)
    except kept.Overtaken as race:
        return _overtaken(prompt, race, now)
    flash("Your words are saved. Only you can read them.")
    return redirect(url_for(".reflection", prompt=prompt), code=303)
