"""Pages of internal verification: what waits, deciding on it, and what was returned."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import db
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.addresses import whole
from app.content import framework
from app.formats import today
from app.policy import Can, needs
from app.portfolio import queries as portfolio
from app.quality import actions, bp, queries, views
from app.quality.actions import Ties
from app.quality.forms import VerifyForm
from assessments.completion import Verification as State

if TYPE_CHECKING:
    from app.portfolio.models import Evidence, Judgement


def judgement_or_404(judgement_id: int) -> "Judgement":
    """Return one judgement, or answer 404."""
    return portfolio.judgement(db.session(), judgement_id) or abort(404)


def looked_at_or_404(judgement_id: int) -> views.Looked:
    """Return one judgement with its history, or answer 404."""
    return views.looked_at(db.session(), judgement_id) or abort(404)


def evidence_or_404(evidence_id: int) -> "Evidence":
    """Return one piece of evidence, or answer 404."""
    return portfolio.evidence(db.session(), evidence_id) or abort(404)


@bp.get("/quality/sampling")
@needs(Can.VERIFY)
def sampling() -> ResponseReturnValue:
    work = db.session()
    after = request.args.get("after", type=whole)
    rows = queries.waiting(work, after)
    shown = rows[: queries.PAGE]
    return render_template(
        "quality/sampling.html",
        groups=views.groups(work, shown, current_user.id),
        waiting=queries.count_waiting(work),
        more=shown[-1].id if len(rows) > queries.PAGE else None,
        paging=after is not None,
        verdicts=views.VERDICTS,
    )


@bp.route("/quality/judgements/<int:judgement_id>", methods=["GET", "POST"])
@needs(Can.VERIFY_JUDGEMENT, on=looked_at_or_404)
def judgement(thing: views.Looked) -> ResponseReturnValue:
    form, row, refusal = VerifyForm(request.form), thing.row, None
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                _verify(work, row, State(form.decision.data), form.reason.data or "")
            flash(_said(row, returned=form.decision.data == State.RETURNED))
            return redirect(url_for(".sampling"), code=303)
        except actions.VerificationError as error:
            refusal = error
    status = 409 if refusal else 422 if form.errors else 200
    return _judgement_page(thing, form, refusal), status


def _verify(work: Session, row: "Judgement", decision: State, reason: str) -> None:
    ties = Ties(work, current_user.id)
    actions.verify(work, row, decision, reason, ties=ties, now=datetime.now(UTC), on=today())


def _said(row: "Judgement", *, returned: bool) -> str:
    if returned:
        return f"{row.criterion} is returned. Both assessors are written to and see your reason."
    return f"You agree with {row.criterion}. It counts towards the award now."


def _judgement_page(
    thing: views.Looked, form: VerifyForm, refusal: actions.VerificationError | None
) -> str:
    work, row, history = db.session(), thing.row, thing.history
    said = [one for each in history for one in each.verifications]
    return render_template(
        "quality/judgement.html",
        row=row,
        criterion=framework().criterion(row.criterion),
        form=form,
        refusal=refusal,
        why_not=actions.why_not(Ties(work, current_user.id), row),
        history=history,
        names=accounts.names(work, [*views.people_of(history), *(one.verifier_id for one in said)]),
        closed=thing.closed,
        verdicts=views.VERDICTS,
        states=views.STATES,
        booking_id=views.booking_of(row),
        **views.seen(work, row, current_user.id),
    )


@bp.route("/quality/evidence/<int:evidence_id>", methods=["GET", "POST"])
@needs(Can.VERIFY_JUDGEMENT, on=evidence_or_404)
def play(evidence: "Evidence") -> ResponseReturnValue:
    """Agree with several decisions of one role play or text, each ticked by itself."""
    refusal: str | None = None
    if request.method == "POST":
        ticked = set(request.form.getlist("judgement", type=whole))
        try:
            with db.transaction() as work:
                count = _agree(work, evidence, ticked)
            flash(f"You agree with {count} decision{'s'[: count > 1]}. They count now.")
            return redirect(url_for(".sampling"), code=303)
        except actions.VerificationError as error:
            refusal = str(error)
    work = db.session()
    rows = queries.waiting_on(work, evidence.id)
    page = render_template(
        "quality/play.html",
        evidence=evidence,
        rows=views.listed(work, rows, current_user.id),
        names=accounts.names(work, [evidence.person_id, *views.people_of(rows)]),
        verdicts=views.VERDICTS,
        refusal=refusal,
    )
    return page, 409 if refusal else 200


class NothingTicked(actions.VerificationError):
    """Agreeing with several decisions needs at least one tick."""


def _agree(work: Session, evidence: "Evidence", ticked: set[int]) -> int:
    rows = [one for one in queries.waiting_on(work, evidence.id) if one.id in ticked]
    if not ticked or len(rows) != len(ticked):
        raise NothingTicked(
            "Tick each decision that you agree with. Somebody else may have looked at one of them "
            "meanwhile; those are gone from the list."
        )
    ties = Ties(work, current_user.id)
    for row in rows:
        actions.verify(work, row, State.AGREED, "", ties=ties, now=datetime.now(UTC), on=today())
    return len(rows)


@bp.get("/quality/actions")
@needs(Can.SEE_RETURNED_WORK)
def actions_due() -> ResponseReturnValue:
    work = db.session()
    everything = current_user.holds(Role.INTERNAL_VERIFIER)
    rows = queries.returned(
        work, None if everything else current_user.id, request.args.get("after", type=whole)
    )
    shown = rows[: queries.PAGE]
    people = views.people_of([row for _, row in shown])
    return render_template(
        "quality/actions.html",
        rows=[
            (
                said,
                row,
                (today() - said.recorded_at.date()).days,
                views.overdue(said.due_on, today()),
            )
            for said, row in shown
        ],
        names=accounts.names(work, [*people, *(said.verifier_id for said, _ in shown)]),
        more=shown[-1][0].id if len(rows) > queries.PAGE else None,
        everything=everything,
    )


@bp.get("/quality/judgements/<int:judgement_id>/again")
@needs(Can.JUDGE_AGAIN, on=judgement_or_404)
def again(row: "Judgement") -> ResponseReturnValue:
    """Go to where an assessor judges the criterion again."""
    registered = portfolio.registration_of(db.session(), row.person_id) or abort(404)
    return redirect(
        url_for("portfolio.learner_criterion", registration_id=registered.id, ref=row.criterion),
        code=303,
    )
