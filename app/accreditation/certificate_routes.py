"""Pages of a mentor's own certificate, and the papers themselves."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import audit, db
from app.accreditation import (
    bp,
    certificate_actions,
    certificate_queries,
    panel_queries,
    panel_views,
    queries,
)
from app.accreditation.certificate_actions import CannotPrint, CertificateError, NewerVersion
from app.accreditation.certificate_forms import PrintForm
from app.accreditation.models import Certificate, Record
from app.accreditation.views import shape
from app.formats import today
from app.policy import Can, needs
from assessments.certificate_state import CertificateState
from assessments.statuses import Status

#: Shape of each state (design guide 4).
SHAPES = {
    CertificateState.VALID: "ok",
    CertificateState.NOT_YET_VALID: "wait",
    CertificateState.EXPIRED: "lapsed",
    CertificateState.SUSPENDED: "suspended",
    CertificateState.WITHDRAWN: "withdrawn",
    CertificateState.REPLACED: "cond",
}


@bp.get("/certificate/")
@needs(Can.READ_OWN_CERTIFICATE)
def my_certificate() -> ResponseReturnValue:
    record = queries.record_of(db.session(), current_user.id)
    form = PrintForm(data=_choices_of(record) if record else None)
    return _shown(record, form)


def _choices_of(record: Record) -> dict[str, Any]:
    return {"name": record.printed_name, "pathways": "yes" if record.show_pathways else "no"}


def _shown(record: Record | None, form: PrintForm, status: int = 200) -> ResponseReturnValue:
    work, on = db.session(), today()
    interval = queries.interval_on(work, record.id, on) if record else None
    versions = certificate_queries.versions(work, record.id, on) if record else []
    decisions = queries.decisions(work, record.id) if record else []
    grant = next((one for one in decisions if one.outcome in panel_queries.GRANTED), None)
    active = interval is not None and Status(interval.status).active
    page = render_template(
        "accreditation/my_certificate.html",
        record=record,
        form=form,
        interval=interval,
        shape=shape,
        shapes=SHAPES,
        current=versions[0] if versions else None,
        earlier=versions[1:],
        decision=decisions[0] if decisions else None,
        outcome=panel_views.outcome,
        may_issue=active and grant is not None,
    )
    return page, status


@bp.post("/certificate/")
@needs(Can.READ_OWN_CERTIFICATE)
def issue_certificate() -> ResponseReturnValue:
    """Issue a new version with the mentor's own choice of what is printed."""
    record = queries.record_of(db.session(), current_user.id) or abort(404)
    form = PrintForm(request.form)
    if not form.validate():
        return _shown(record, form, 422)
    try:
        with db.transaction() as work:
            certificate_actions.reissue(
                work,
                record,
                form.name.data or "",
                show_pathways=form.pathways.data == "yes",
                seen_id=request.form.get("seen", 0, type=int),
                scheme=panel_views.scheme(),
                on=today(),
                now=datetime.now(UTC),
            )
    except CannotPrint as refusal:
        form.name.errors = [str(refusal)]
        return _shown(record, form, 422)
    except CertificateError as refusal:
        form.form_errors.append(str(refusal))
        return _shown(record, form, 409 if isinstance(refusal, NewerVersion) else 422)
    flash("The new certificate is issued. Whoever checks an earlier one is told it is replaced.")
    return redirect(url_for(".my_certificate"), code=303)


class Owned:
    """A certificate with whose it is."""

    def __init__(self, certificate: Certificate, record: Record) -> None:
        self.certificate, self.record = certificate, record
        self.person_id = record.person_id


def certificate_or_404(certificate_id: int) -> Owned:
    """Return one certificate with its record, or answer 404."""
    row = certificate_queries.certificate(db.session(), certificate_id) or abort(404)
    return Owned(row, queries.record(db.session(), row.record_id) or abort(404))


@bp.get("/certificates/<int:certificate_id>.pdf")
@needs(Can.READ_CERTIFICATE, on=certificate_or_404)
def certificate_pdf(owned: Owned) -> ResponseReturnValue:
    """Give the paper exactly as it was issued. A look by anybody but its owner is kept."""
    if current_user.id != owned.person_id:
        with db.transaction() as work:
            audit.record(
                work,
                "certificate.viewed",
                owned.certificate,
                now=datetime.now(UTC),
                actor_id=current_user.id,
                about_id=owned.person_id,
            )
    name = f"{owned.record.number}-{owned.certificate.id}.pdf"
    return Response(
        owned.certificate.pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
