"""Pages of the text: contents, chapters, and how far one has read."""

from datetime import UTC, datetime

from flask import (
    abort,
    flash,
    get_flashed_messages,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.content import live, manual
from app.errors import wants_json
from app.formats import clock
from app.headers import may_be_kept
from app.learning import bp, queries, reading_actions, reading_views, views
from app.learning.leaves import leaves, text_page, worker_script
from app.learning.routes import chapter_or_404
from app.policy import Can, needs
from modules import Chapter


@bp.get("/manual/")
@needs(Can.READ_MANUAL)
def contents() -> ResponseReturnValue:
    states = queries.chapter_states(db.session(), current_user.id, manual())
    place = queries.place_kept(db.session(), current_user.id)
    return render_template(
        "learning/contents.html",
        states=states,
        carry_on=views.carry_on(states, place),
        live=live(),
        drills=views.drills(manual()),
        gone=queries.chapters_gone(db.session(), current_user.id, manual()),
    )


@bp.get("/manual/<slug>")
@needs(Can.READ_MANUAL, on=chapter_or_404)
def chapter(chapter: Chapter) -> ResponseReturnValue:
    work = db.session()
    states = queries.chapter_states(work, current_user.id, manual())
    state = next(one for one in states if one.chapter is chapter)
    # Only who has taken a place sees where others stand.
    placed = state.questions_placed
    wrote = state.prompts_written
    page = render_template(
        "learning/chapter.html",
        chapter=chapter,
        state=state,
        rail=views.rail(state),
        others=views.other_chapters(states, state),
        leaves=leaves(chapter),
        reflections=queries.reflections(work, current_user.id, wrote) if wrote else {},
        places=queries.places(work, current_user.id, placed) if placed else {},
        dots=queries.dots(work, placed),
        passed=state.check_passed,
        stopped=views.where_stopped(state),
        drills=views.drills_of(manual(), chapter),
    )
    # A message is for now, and may name somebody: it is not for whoever presses Back next.
    own = wrote or placed or get_flashed_messages()
    return page if own else may_be_kept(page)


@bp.get("/manual/<slug>/text")
@needs(Can.READ_MANUAL, on=chapter_or_404)
def text(chapter: Chapter) -> ResponseReturnValue:
    """Show the text alone, the same for every reader: what a device keeps for reading offline."""
    return may_be_kept(text_page(chapter))


@bp.get("/manual/offline")
@needs(Can.READ_MANUAL)
def offline() -> ResponseReturnValue:
    """Say, where there is no network, which chapters this device has kept."""
    return may_be_kept(render_template("learning/offline.html", chapters=manual().chapters))


@bp.get("/manual/worker.js")
@needs(Can.READ_MANUAL)
def worker() -> ResponseReturnValue:
    """Return the script that keeps opened chapters on the device. It rules over /manual/ only."""
    answer = may_be_kept(worker_script())
    answer.mimetype = "text/javascript"
    return answer


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
        reading_actions.read_sections(work, current_user.id, chapter, upto, now=now)
        if not wants_json():
            on = [*ids[ids.index(section) + 1 :], section][0]
            reading_actions.keep_place(work, current_user.id, chapter, on, now=now)
    if wants_json():
        return jsonify(saved=clock(now))
    following = ids[ids.index(section) + 1 :][:1]
    return redirect(
        url_for(".chapter", slug=chapter.slug, _anchor=(following or ["after"])[0]), code=303
    )


@bp.post("/manual/<slug>/place")
@needs(Can.LEARN, on=chapter_or_404)
def keep_place(chapter: Chapter) -> ResponseReturnValue:
    """Keep, for a script, the paragraph that is being read."""
    try:
        paragraph = chapter.paragraph(request.form.get("paragraph", ""))
    except KeyError:
        abort(400)
    now = datetime.now(UTC)
    with db.transaction() as work:
        reading_actions.keep_place(
            work, current_user.id, chapter, paragraph.section_id, paragraph.id, now=now
        )
    return jsonify(saved=clock(now))


@bp.route("/manual/<slug>/changes", methods=["GET", "POST"])
@needs(Can.LEARN, on=chapter_or_404)
def changes(chapter: Chapter) -> ResponseReturnValue:
    """Show what has changed since one read the chapter; or keep that the changes were read."""
    if request.method == "POST":
        with db.transaction() as work:
            reading_actions.read_changes(work, current_user.id, chapter, now=datetime.now(UTC))
        flash("Kept: you have read what changed.")
        return redirect(url_for(".chapter", slug=chapter.slug), code=303)
    read = queries.versions_read(db.session(), current_user.id, chapter.slug)
    older = {*read.values()} - {chapter.version}
    editions = queries.editions(db.session(), chapter.slug, older)
    return render_template(
        "learning/changes.html",
        chapter=chapter,
        since=reading_views.since(chapter, read, editions),
        changed=bool(older),
    )
