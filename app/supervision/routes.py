"""Pages of supervision: one's own list, agreements, and the log that two people keep."""

from datetime import UTC, datetime

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import audit, db, kept
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.addresses import whole
from app.errors import wants_json
from app.formats import clock, today
from app.policy import Can, needs
from app.screening import screened
from app.supervision import actions, bp, listening, papers, queries, views
from app.supervision.forms import AgreementForm, OwnBoxForm, ThoughtForm
from app.supervision.models import Agreement, SessionLog
from assessments.supervision_time import rhythm

#: Features that answer others are part of the site once they are imported.
LISTENING = listening


def agreement_or_404(agreement_id: int) -> Agreement:
    """Return one agreement, or answer 404."""
    return queries.agreement(db.session(), agreement_id) or abort(404)


def log_or_404(log_id: int) -> SessionLog:
    """Return one log, or answer 404."""
    return queries.log(db.session(), log_id) or abort(404)


@bp.get("/supervision/")
@needs(Can.USE_SUPERVISION)
def mine() -> ResponseReturnValue:
    work, on = db.session(), today()
    agreements = queries.agreements_of(work, current_user.id)
    as_mentor = next((a for a in agreements if a.mentor_id == current_user.id), None)
    logs = queries.logs(work, [one.id for one in agreements], views.key(request.args.get("before")))
    held = queries.held(work, current_user.id) if as_mentor else []
    return render_template(
        "supervision/mine.html",
        agreements=agreements,
        agreement=as_mentor,
        logs=logs[: queries.PAGE],
        more=len(logs) > queries.PAGE,
        wellbeing=queries.wellbeing(work, current_user.id) if as_mentor else [],
        rhythm=rhythm(held, [], as_mentor.starts_on, on) if as_mentor else None,
        months=views.last_months(held, as_mentor, on) if as_mentor else [],
        log_state=views.log_state,
        labels=views.LABELS,
    )


@bp.get("/supervision/agreements/")
@needs(Can.MANAGE_SUPERVISION)
def agreements() -> ResponseReturnValue:
    rows = queries.agreements(db.session(), request.args.get("before", type=whole))
    shown = rows[: queries.PAGE]
    return render_template(
        "supervision/agreements.html",
        rows=views.with_figures(db.session(), shown, today()),
        more=len(rows) > queries.PAGE,
    )


@bp.route("/supervision/agreements/new", methods=["GET", "POST"])
@needs(Can.MANAGE_SUPERVISION)
def make_agreement() -> ResponseReturnValue:
    form = AgreementForm(request.form)
    views.offer_people(form)
    if request.method == "POST" and form.validate() and views.review_in_time(form):
        try:
            with db.transaction() as work:
                actions.make_agreement(
                    work,
                    form.mentor.data,
                    form.supervisor.data,
                    starts_on=form.starts_on.data,
                    review_on=form.review_on.data,
                    monthly_minutes=form.monthly_minutes.data,
                    cover=form.cover.data,
                    formats=form.formats.data,
                    now=datetime.now(UTC),
                    by_id=current_user.id,
                )
            flash("The agreement waits for both to sign. It counts once they have.")
            return redirect(url_for(".agreements"), code=303)
        except actions.CannotSupervise as refusal:
            form.supervisor.errors = [str(refusal)]
    status = 422 if form.errors else 200
    return render_template("supervision/make_agreement.html", form=form), status


@bp.get("/supervision/agreements/<int:agreement_id>")
@needs(Can.READ_AGREEMENT, on=agreement_or_404)
def agreement(agreement: Agreement) -> ResponseReturnValue:
    return render_template("supervision/agreement.html", agreement=agreement)


@bp.post("/supervision/agreements/<int:agreement_id>/sign")
@needs(Can.READ_LOG, on=agreement_or_404)
def sign_agreement(agreement: Agreement) -> ResponseReturnValue:
    with db.transaction() as work:
        actions.sign_agreement(work, agreement, current_user.id, now=datetime.now(UTC))
    flash("You have signed the agreement.")
    return redirect(url_for(".agreement", agreement_id=agreement.id), code=303)


@bp.post("/supervision/agreements/<int:agreement_id>/end")
@needs(Can.READ_AGREEMENT, on=agreement_or_404)
def end_agreement(agreement: Agreement) -> ResponseReturnValue:
    with db.transaction() as work:
        actions.end_agreement(
            work, agreement, on=today(), now=datetime.now(UTC), by_id=current_user.id
        )
    flash("The agreement has ended. Nobody needs to say why. Its logs stay with the two of you.")
    back = ".agreements" if current_user.holds(Role.COORDINATOR) else ".mine"
    return redirect(url_for(back), code=303)


@bp.route("/supervision/agreements/<int:agreement_id>/logs/new", methods=["GET", "POST"])
@needs(Can.READ_LOG, on=agreement_or_404)
def new_log(agreement: Agreement) -> ResponseReturnValue:
    page = views.LogPage(agreement, None)
    if request.method == "POST" and page.is_right():
        try:
            with db.transaction() as work:
                log = actions.begin_log(
                    work, agreement, page.written(), current_user.id, now=datetime.now(UTC)
                )
            flash("The log is saved. You both can read and change it until one of you signs.")
            return redirect(url_for(".log", log_id=log.id), code=303)
        except actions.SupervisionError as refusal:
            page.form.form_errors.append(str(refusal))
    return page.shown()


def log_part(log_id: int) -> views.Part:
    """Return one log with the one of its two people who is looking, or answer 404."""
    return views.Part(log_or_404(log_id))


@bp.get("/supervision/logs/<int:log_id>")
@needs(Can.READ_LOG, on=log_part)
def log(part: views.Part) -> ResponseReturnValue:
    _note_view(part, "supervision-log.viewed")
    return views.log_page(part, ThoughtForm())


def _note_view(part: views.Part, action: str) -> None:
    # A mentor's own reading of their own log is nobody else's business.
    if current_user.id != part.mentor_id:
        with db.transaction() as work:
            audit.record(
                work,
                action,
                part.log,
                now=datetime.now(UTC),
                actor_id=current_user.id,
                about_id=part.mentor_id,
            )


@bp.route("/supervision/logs/<int:log_id>/change", methods=["GET", "POST"])
@needs(Can.READ_LOG, on=log_part)
def change_log(part: views.Part) -> ResponseReturnValue:
    page = views.LogPage(part.agreement, part.log)
    if request.method == "POST" and page.is_right():
        now = datetime.now(UTC)
        try:
            with db.transaction() as work:
                actions.change_log(
                    work,
                    part.log,
                    page.written(),
                    current_user.id,
                    version=request.form.get("version", 0, type=int),
                    now=now,
                )
            flash("The log is saved. You both can read and change it until one of you signs.")
            return redirect(url_for(".log", log_id=part.log.id), code=303)
        except kept.Overtaken as race:
            return page.overtaken(race, now)
        except actions.LogIsLocked as refusal:
            page.form.form_errors.append(str(refusal))
    return page.shown()


@bp.post("/supervision/logs/<int:log_id>/own-box")
@needs(Can.READ_LOG, on=log_part)
def own_box(part: views.Part) -> ResponseReturnValue:
    """Save the box that only its writer reads: the mentor's or the supervisor's."""
    form, now = OwnBoxForm(request.form), datetime.now(UTC)
    if not form.validate():
        return views.own_box_refused(part, form)
    try:
        with db.transaction() as work:
            actions.save_own_box(work, part.log, current_user.id, form.text.data or "")
    except actions.LogIsLocked as refusal:
        form.text.errors = [str(refusal)]
        return views.own_box_refused(part, form, 409)
    if wants_json():
        return jsonify(saved=clock(now), version=part.log.version)
    flash("Your own box is saved. Nobody else can read it.")
    return redirect(url_for(".log", log_id=part.log.id), code=303)


@bp.post("/supervision/logs/<int:log_id>/sign")
@needs(Can.READ_LOG, on=log_part)
def sign_log(part: views.Part) -> ResponseReturnValue:
    try:
        with db.transaction() as work:
            names = accounts.names(work, [part.agreement.mentor_id, part.agreement.supervisor_id])
            actions.sign_log(
                work,
                part.log,
                current_user.id,
                version=request.form.get("version", 0, type=int),
                now=datetime.now(UTC),
                names=names,
            )
    except actions.NotReady as refusal:
        return views.log_page(part, ThoughtForm(), missing=refusal.missing, status=422)
    except kept.Overtaken:
        flash("The log changed while you were reading. Read it once more, then sign.", "wait")
        return redirect(url_for(".log", log_id=part.log.id), code=303)
    except actions.LogIsLocked as refusal:
        flash(str(refusal), "wait")
        return redirect(url_for(".log", log_id=part.log.id), code=303)
    locked = (
        "You have both signed, so the log is locked."
        if part.log.locked
        else (f"You have signed. {part.other_name} signs next.")
    )
    flash(locked)
    return redirect(url_for(".log", log_id=part.log.id), code=303)


@bp.post("/supervision/logs/<int:log_id>/send-back")
@needs(Can.READ_LOG, on=log_part)
def send_back(part: views.Part) -> ResponseReturnValue:
    try:
        with db.transaction() as work:
            actions.send_back(work, part.log, current_user.id, now=datetime.now(UTC))
        flash("The log is open again. Whoever had signed signs once more.")
    except actions.LogIsLocked as refusal:
        flash(str(refusal), "wait")
    return redirect(url_for(".log", log_id=part.log.id), code=303)


@bp.post("/supervision/logs/<int:log_id>/thoughts")
@needs(Can.READ_LOG, on=log_part)
def add_thought(part: views.Part) -> ResponseReturnValue:
    form = ThoughtForm(request.form)
    if not (form.validate() and screened(form.words, form.screening_reason)):
        return views.log_page(part, form, status=422)
    try:
        with db.transaction() as work:
            actions.add_thought(
                work, part.log, current_user.id, form.words.data or "", now=datetime.now(UTC)
            )
    except actions.SupervisionError as refusal:
        form.words.errors = [str(refusal)]
        return views.log_page(part, form, status=409)
    flash("Your thought is added, with today’s date. You both can read it.")
    return redirect(url_for(".log", log_id=part.log.id), code=303)


@bp.get("/supervision/logs/<int:log_id>/paper")
@needs(Can.READ_LOG, on=log_part)
def paper(part: views.Part) -> ResponseReturnValue:
    """Give the log as a PDF to the mentor or the supervisor."""
    _note_view(part, "supervision-log.viewed")
    pdf = papers.log_pdf(part.log, for_name=current_user.working_name, now=datetime.now(UTC))
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{part.log.number}.pdf"'},
    )
