"""Pages of the manual, and of what a reader does with it."""

from datetime import UTC, datetime

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db, kept
from app.content import manual
from app.errors import wants_json
from app.formats import clock, day
from app.learning import actions, bp, queries, views
from app.learning.leaves import leaves
from app.learning.models import Reflection
from app.policy import Can, needs
from modules import Chapter


def chapter_or_404(slug: str) -> Chapter:
    """Return a chapter by its slug, or answer 404."""
    try:
        return manual().chapter_by_slug(slug)
    except KeyError:
        abort(404)


@bp.get("/manual/")
@needs(Can.READ_MANUAL)
def contents() -> ResponseReturnValue:
    states = queries.chapter_states(db.session(), current_user.id, manual())
    place = queries.place_kept(db.session(), current_user.id)
    return render_template(
        "learning/contents.html",
        states=states,
        carry_on=views.carry_on(states, place),
        drills=views.drills(manual()),
    )


@bp.get("/manual/<slug>")
@needs(Can.READ_MANUAL, on=chapter_or_404)
def chapter(chapter: Chapter) -> ResponseReturnValue:
    work, asked = db.session(), [one.id for one in chapter.open_questions]
    states = queries.chapter_states(work, current_user.id, manual())
    state = next(one for one in states if one.chapter is chapter)
    places = queries.places(work, current_user.id, asked)
    return render_template(
        "learning/chapter.html",
        chapter=chapter,
        state=state,
        rail=views.rail(state),
        others=views.other_chapters(states, state),
        turn=views.neighbours(manual(), chapter),
        leaves=leaves(chapter),
        reflections=queries.reflections(work, current_user.id, chapter.number),
        places=places,
        # Only who has taken a place sees where others stand.
        dots=queries.dots(work, [one for one in asked if places[one]]),
        passed=state.check_passed,
        drills=views.drills_of(manual(), chapter),
    )


@bp.post("/manual/<slug>/read")
@needs(Can.LEARN, on=chapter_or_404)
def read(chapter: Chapter) -> ResponseReturnValue:
    """Keep that everything up to a section (or, for a script, one section) was read."""
    ids = [section.id for section in chapter.sections]
    section = request.form.get("section", "")
    if section not in ids:
        abort(400)
    upto = [section] if wants_json() else ids[: ids.index(section) + 1]
    now = datetime.now(UTC)
    with db.transaction() as work:
        actions.read_sections(work, current_user.id, chapter, upto, now=now)
        actions.keep_place(work, current_user.id, chapter, section, now=now)
    if wants_json():
        return jsonify(saved=clock(now))
    following = ids[ids.index(section) + 1 :][:1]
    return redirect(
        url_for(".chapter", slug=chapter.slug, _anchor=(following or ["after"])[0]), code=303
    )


@bp.post("/manual/<slug>/reflections/<prompt>")
@needs(Can.LEARN)
def reflect(slug: str, prompt: str) -> ResponseReturnValue:
    chapter = chapter_or_404(slug)
    if prompt not in {one.id for one in chapter.prompts}:
        abort(404)
    words, now = request.form.get("text", "").replace("\r\n", "\n"), datetime.now(UTC)
    if len(words) > views.LONGEST_REFLECTION:
        return views.too_long(words, len(words) - views.LONGEST_REFLECTION)
    version = request.form.get("version", 0, type=int)
    try:
        with db.transaction() as work:
            row = actions.save_reflection(
                work, current_user.id, chapter.number, prompt, words, version=version, now=now
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


@bp.route("/journal/<prompt>", methods=["GET", "POST"])
@needs(Can.LEARN)
def reflection(prompt: str) -> ResponseReturnValue:
    row = queries.reflection(db.session(), current_user.id, prompt)
    if row is None:
        abort(404)
    if request.method == "POST":
        return _settle(row)
    chapter = manual().chapter(row.chapter)
    return render_template(
        "learning/reflection.html",
        row=row,
        chapter=chapter,
        prompt=next((one for one in chapter.prompts if one.id == prompt), None),
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
