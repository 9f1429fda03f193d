"""Pages of the drill before a case: one screen at a time, and afterwards the window."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.content import manual
from app.formats import today
from app.learning import bp, drill_actions, drill_queries, drill_views, views
from app.learning.models import DrillRun
from app.policy import Can, needs
from modules import Case


def drill_or_404(slug: str) -> Case:
    """Return a case that has a drill, or answer 404."""
    return next((case for case in views.drills(manual()) if case.slug == slug), None) or abort(404)


def run_or_404(run_id: int) -> DrillRun:
    """Return one go at a drill, or answer 404."""
    return drill_queries.run(db.session(), run_id) or abort(404)


class OnScreen:
    """One screen of one go at a drill."""

    def __init__(self, run: DrillRun, number: int) -> None:
        self.run, self.number, self.person_id = run, number, run.person_id


def screen_or_404(run_id: int, number: int) -> OnScreen:
    """Return a screen of a go at a drill, or answer 404."""
    run = run_or_404(run_id)
    return OnScreen(run, number) if 1 <= number <= run.screens else abort(404)


@bp.route("/manual/drills/<slug>/", methods=["GET", "POST"])
@needs(Can.LEARN, on=drill_or_404)
def drill(case: Case) -> ResponseReturnValue:
    if request.method == "POST":
        with db.transaction() as work:
            run = drill_actions.begin(work, current_user.id, case, now=datetime.now(UTC))
        return redirect(url_for(".drill_run", run_id=run.id), code=303)
    runs = drill_queries.runs_of(db.session(), current_user.id, case.slug)
    return render_template(
        "learning/drill.html",
        case=case,
        runs=[(one, drill_views.outcome(one)) for one in runs if drill_queries.over(one)],
        unfinished=next((one for one in runs if not drill_queries.over(one)), None),
        chapter=views.chapter_of(manual(), case),
    )


@bp.get("/manual/drills/runs/<int:run_id>")
@needs(Can.READ_OWN_ATTEMPT, on=run_or_404)
def drill_run(run: DrillRun) -> ResponseReturnValue:
    number = drill_queries.current_screen(run)
    if number is not None:
        return redirect(url_for(".drill_screen", run_id=run.id, number=number), code=303)
    return render_template(
        "learning/drill_result.html",
        run=run,
        outcome=drill_views.outcome(run),
        spread=drill_queries.spread(db.session(), run, today()),
        mine=True,
    )


@bp.route("/manual/drills/runs/<int:run_id>/<int:number>", methods=["GET", "POST"])
@needs(Can.READ_OWN_ATTEMPT, on=screen_or_404)
def drill_screen(thing: OnScreen) -> ResponseReturnValue:
    run, number = thing.run, thing.number
    here = drill_queries.current_screen(run)
    wrong: list[tuple[str, str, str]] = []
    unsaved = ""
    if request.method == "POST":
        choice = request.form.get("choice", "")
        words = request.form.get("words", "").strip().replace("\r\n", "\n")
        wrong = drill_views.wrong(choice, words) if number == here else []
        if not wrong:
            kept = _decide(run, number, choice, words)
            if kept or not words or words == _words_on(run, number):
                return redirect(url_for(".drill_run", run_id=run.id), code=303)
            unsaved, here = words, drill_queries.current_screen(run)
    if number > (here or len(run.steps)):
        # What lies ahead is not shown before its time.
        return redirect(url_for(".drill_run", run_id=run.id), code=303)
    page = render_template(
        "learning/drill_screen.html",
        run=run,
        number=number,
        step=next((step for step in run.steps if step.screen == number), None),
        here=here,
        html=run.put["screens"][number - 1],
        choices=drill_views.CHOICES,
        decided=drill_views.DECIDED,
        wrong=wrong,
        unsaved=unsaved,
    )
    return page, 422 if wrong else 409 if unsaved else 200


def _words_on(run: DrillRun, number: int) -> str:
    return next((step.words for step in run.steps if step.screen == number), "")


def _decide(run: DrillRun, number: int, choice: str, words: str) -> bool:
    """Keep a decision. Say so, and return False, where the screen was decided on already."""
    try:
        with db.transaction() as work:
            drill_actions.decide(work, run, number, choice, words, now=datetime.now(UTC))
    except drill_actions.DecidedAlready:
        flash("That screen was decided on already, and stays as it was. You go on from here.")
        return False
    return True


@bp.post("/manual/drills/runs/<int:run_id>/file")
@needs(Can.ANSWER_OWN_ATTEMPT, on=run_or_404)
def file_drill(run: DrillRun) -> ResponseReturnValue:
    try:
        with db.transaction() as work:
            drill_actions.file(work, run, now=datetime.now(UTC))
        flash("It is in your portfolio. Your assessors and internal verifiers can read it there.")
    except drill_actions.NotOver as refusal:
        flash(str(refusal), "wait")
    return redirect(url_for(".drill_run", run_id=run.id), code=303)
