"""Pages on which learners file evidence, attach files to it and take them back; downloads."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Any

from flask import (
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import db, errors, store
from app.logs import log
from app.policy import Can, needs
from app.portfolio import actions, bp, file_actions, file_queries, file_views, queries, views
from app.portfolio.file_views import FilesSent
from app.portfolio.forms import EvidenceWithFilesForm, FileForm
from app.portfolio.models import Evidence, EvidenceFile, Registration
from app.portfolio.received import FileKind
from app.portfolio.routes import evidence_or_404
from app.screening import screened
from app.uploads import takes_files
from assessments.unitfile import Method

NOT_REACHED = "The place where files are kept does not answer just now. Try again in a while"


def evidence_with_file(evidence_id: int, file_id: int) -> Any:
    """Return what guards a file: the evidence that it belongs to, or answer 404."""
    return evidence_or_404(evidence_id)


def this_evidence() -> Evidence:
    """Return the evidence that the address names."""
    number = (request.view_args or {})["evidence_id"]
    return queries.evidence(db.session(), number) or abort(404)


def this_file() -> EvidenceFile:
    """Return the file that the address names, if it is a file of the evidence that it names."""
    named = request.view_args or {}
    return file_queries.file(db.session(), named["evidence_id"], named["file_id"]) or abort(404)


@bp.route("/portfolio/evidence/add", methods=["GET", "POST"])
@needs(Can.SEE_OWN_PORTFOLIO)
@takes_files
def add_evidence() -> ResponseReturnValue:
    registered = queries.registration_of(db.session(), current_user.id) or abort(404)
    form = EvidenceWithFilesForm(file_views.sent(), data={"criteria": request.args.getlist("for")})
    units = views.units_of(registered.pathway_codes)
    form.criteria.choices = views.criteria_choices(units)
    files = FilesSent(form, needed=False)
    if request.method == "POST" and _is_right(form, files, None):
        row = _kept(files, lambda work, now: _filed(work, form, now))
        if row:
            flash(filed_words(registered))
            return redirect(url_for(".evidence", evidence_id=row.id), code=303)
    page = render_template("portfolio/add_evidence.html", form=form, units=units)
    return page, 422 if form.errors else 200


def filed_words(registered: Registration) -> str:
    """Return the sentence that says who sees what was filed."""
    if registered.assessor_ids:
        return "Your evidence is filed. Your assessors see it now."
    return "Your evidence is filed. You have no assessor yet: the coordinator sees that it waits."


def _filed(work: Session, form: EvidenceWithFilesForm, now: datetime) -> Evidence:
    return actions.file_evidence(
        work,
        current_user.id,
        method=Method(form.method.data),
        title=form.title.data,
        words=form.words.data,
        screening_reason=form.screening_reason.data or "",
        criteria=form.criteria.data,
        shown_on=form.shown_on.data,
        declared=True,
        now=now,
        by_id=current_user.id,
    )


@bp.route("/evidence/<int:evidence_id>/files/add", methods=["GET", "POST"])
@needs(Can.ADD_TO_EVIDENCE, on=evidence_or_404)
@takes_files
def add_files(thing: object) -> ResponseReturnValue:
    evidence, form = this_evidence(), FileForm(file_views.sent())
    files = FilesSent(form, needed=True)
    if (
        request.method == "POST"
        and _is_right(form, files, evidence)
        and _kept(files, lambda work, now: this_evidence())
    ):
        flash("Your files are kept. Whoever reads this evidence can open them now.")
        return redirect(url_for(".evidence", evidence_id=evidence.id), code=303)
    page = render_template("portfolio/add_files.html", form=form, evidence=evidence)
    return page, 422 if form.errors else 200


def _is_right(form: FileForm, files: FilesSent, evidence: Evidence | None) -> bool:
    # Both are asked, so that every message shows at once.
    form_is_right = form.validate() and (
        not isinstance(form, EvidenceWithFilesForm) or screened(form.words, form.screening_reason)
    )
    return files.are_right(db.session(), current_user.id, evidence) and form_is_right


def _kept(files: FilesSent, of: Callable[[Session, datetime], Evidence]) -> Evidence | None:
    """Keep the files and name them on the evidence; or say beside the field why not."""
    try:
        try:
            return _put_and_named(files, of)
        except store.Missing:  # the bytes were taken away in between
            return _put_and_named(files, of)
    except actions.PortfolioError as refusal:
        files.form.files.errors = [f"{refusal}. {file_views.AGAIN}."]
    except store.StoreFault as fault:
        _note(fault)
        files.form.files.errors = [f"{NOT_REACHED}. {file_views.AGAIN}."]
    return None


def _put_and_named(files: FilesSent, of: Callable[[Session, datetime], Evidence]) -> Evidence:
    # First the bytes, then the rows that name them: what is acknowledged is there.
    kept = files.put()
    with db.transaction() as work:
        now = datetime.now(UTC)
        row = of(work, now)
        if kept:
            file_actions.attach(
                work, store.here(), row, kept, files.declared, now=now, by_id=current_user.id
            )
    return row


@bp.get("/evidence/<int:evidence_id>/files/<int:file_id>")
@needs(Can.READ_EVIDENCE, on=evidence_with_file)
def download(thing: object) -> ResponseReturnValue:
    row = this_file()
    if row.withdrawal is not None:
        abort(404)
    try:
        content = store.here().open(row.sha256)
    except store.StoreFault as fault:
        _note(fault, row.id)
        return errors.page(
            500,
            reason="This file cannot be read back as it was sent, so nothing was downloaded. "
            "What else is kept here is safe.",
            reference=g.get("request_number"),
        )
    return _attachment(content, row)


def _attachment(content: IO[bytes], row: EvidenceFile) -> Response:
    answer = send_file(
        content,
        FileKind(row.kind).media_type,
        as_attachment=True,
        download_name=row.name,
        conditional=False,
    )
    answer.content_length = row.size
    # Should a browser show it all the same, it may neither run nor load anything.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.post("/evidence/<int:evidence_id>/files/<int:file_id>/take-back")
@needs(Can.ADD_TO_EVIDENCE, on=evidence_with_file)
def take_back(thing: object) -> ResponseReturnValue:
    row = this_file()
    evidence_id, digest = row.evidence_id, row.sha256
    try:
        with db.transaction() as work:
            now = datetime.now(UTC)
            file_actions.take_back(work, row, now=now, by_id=current_user.id)
        flash("The file is taken back. Nobody can open it any more.")
        _clear(digest)
    except actions.PortfolioError as refusal:
        return errors.page(409, reason=f"{refusal}. Nothing was changed.")
    return redirect(url_for(".evidence", evidence_id=evidence_id), code=303)


def _clear(digest: str) -> None:
    # After the withdrawal is on disk, and in a transaction of its own: were it undone, the bytes
    # would be gone. What stays behind, `flask evidence clear` takes away.
    try:
        with db.transaction() as work:
            file_actions.clear_unnamed(work, store.here(), [digest])
    except store.StoreFault as fault:
        _note(fault)


def _note(fault: store.StoreFault, file_id: int | None = None) -> None:
    facts = {"kind": type(fault).__name__, "sha256": str(fault), "file": file_id}
    log.error("store.fault", exc_info=fault, extra={"facts": facts})
