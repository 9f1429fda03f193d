"""Pages of the standard, of portfolios, and of judging what is in them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.utils import cached_property

from app import db
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.addresses import whole
from app.content import framework, manual
from app.formats import today
from app.learning import drill_queries as drills
from app.policy import Can, needs, permits
from app.portfolio import (
    actions,
    allocation_queries,
    bp,
    confidence_queries,
    confidence_views,
    file_queries,
    file_views,
    listening,
    queries,
    tutorial_queries,
    views,
)
from app.portfolio.forms import JudgeForm, RegisterForm
from app.portfolio.models import Evidence, Registration
from app.shell import role_in_use
from assessments.completion import Verdict
from assessments.errors import UnknownReference
from assessments.framework import Criterion, Unit
from assessments.unitfile import Method

#: Registers its listeners by being imported.
LISTENING = listening


def unit_or_404(code: str) -> Unit:
    """Return a unit of the award, or answer 404."""
    try:
        return framework().unit(code)
    except UnknownReference:
        abort(404)


def criterion_or_404(ref: str) -> Criterion:
    """Return a criterion of the award, or answer 404."""
    try:
        return framework().criterion(ref)
    except UnknownReference:
        abort(404)


def registration_or_404(registration_id: int) -> Registration:
    """Return a registration, or answer 404."""
    return queries.registration(db.session(), registration_id) or abort(404)


class Part:
    """Something in one learner's portfolio that goes towards some criteria."""

    def __init__(self, registered: Registration, refs: Sequence[str]) -> None:
        self.registered, self.refs = registered, refs

    @property
    def person_id(self) -> int:
        """Return whose it is."""
        return self.registered.person_id

    @property
    def assessor_ids(self) -> list[int]:
        """Return whose own learner it is."""
        return self.registered.assessor_ids

    @cached_property
    def returned_to(self) -> frozenset[int]:
        """Return who has to judge one of the criteria again, allocated still or not."""
        return allocation_queries.returned_to(db.session(), self.person_id, self.refs)


class Filed(Part):
    """One piece of evidence in a learner's portfolio."""

    def __init__(self, registered: Registration, evidence: Evidence) -> None:
        super().__init__(registered, [one.criterion for one in evidence.criteria])
        self.evidence = evidence


def evidence_or_404(evidence_id: int) -> Filed:
    """Return a piece of evidence in its portfolio, or answer 404."""
    row = queries.evidence(db.session(), evidence_id) or abort(404)
    return Filed(queries.registration_of(db.session(), row.person_id) or abort(404), row)


class InLearner(Part):
    """One criterion in one learner's portfolio: what an assessor judges."""

    def __init__(self, registered: Registration, criterion: Criterion) -> None:
        super().__init__(registered, [criterion.ref])
        self.criterion = criterion

    @cached_property
    def evidence(self) -> list[tuple[str, str, date]]:
        """Return (what the form sends, title, day) of everything that goes towards it."""
        work = db.session()
        rows = queries.evidence_for(work, self.person_id, self.criterion.ref)
        found = [(f"evidence:{one.id}", one.title, one.shown_on) for one in rows]
        filed = {one.source for one in rows}
        passed = queries.checks_passed(work, self.person_id, manual(), framework())
        return found + [
            (source, title, day)
            for source, title, day, refs in passed
            if self.criterion.ref in refs and source not in filed
        ]


def in_learner_or_404(registration_id: int, ref: str) -> InLearner:
    """Return one criterion of one learner, or answer 404."""
    return InLearner(registration_or_404(registration_id), criterion_or_404(ref))


@bp.get("/standard/")
@needs(Can.READ_STANDARD)
def standard() -> ResponseReturnValue:
    return render_template("portfolio/standard.html", award=framework())


@bp.get("/standard/<code>")
@needs(Can.READ_STANDARD, on=unit_or_404)
def unit(unit: Unit) -> ResponseReturnValue:
    work = db.session()
    learns = permits(current_user, Can.RATE_OWN_CONFIDENCE)
    registered = queries.registration_of(work, current_user.id) if learns else None
    return render_template(
        "portfolio/unit.html",
        unit=unit,
        award=framework().award,
        own=registered is not None and unit in views.units_of(registered.pathway_codes),
        ratings=confidence_queries.ratings(work, current_user.id).get(unit.code, {}),
    )


@bp.get("/standard/criteria/<ref>")
@needs(Can.READ_STANDARD, on=criterion_or_404)
def criterion(criterion: Criterion) -> ResponseReturnValue:
    chapters, cases = views.prepares(criterion.ref)
    return render_template(
        "portfolio/criterion.html",
        criterion=criterion,
        unit=framework().unit(criterion.unit_code),
        award=framework().award,
        chapters=chapters,
        cases=cases,
    )


@bp.get("/portfolio/")
@needs(Can.SEE_OWN_PORTFOLIO)
def mine() -> ResponseReturnValue:
    registered = queries.registration_of(db.session(), current_user.id)
    if registered is None:
        return render_template("portfolio/not_registered.html")
    return _portfolio(registered, mine=True)


@bp.get("/learners/<int:registration_id>")
@needs(Can.SEE_PORTFOLIO, on=registration_or_404)
def learner(registered: Registration) -> ResponseReturnValue:
    return _portfolio(registered, mine=registered.person_id == current_user.id)


def _portfolio(registered: Registration, *, mine: bool) -> ResponseReturnValue:
    found = views.whole(db.session(), registered, today())
    return render_template(
        "portfolio/portfolio.html",
        registered=registered,
        mine=mine,
        progress=found.progress,
        award=framework().award,
        matrix=views.matrix(registered, found.progress, found.states, mine=mine),
        left=views.left(registered, found.progress),
        evidence=found.evidence,
        checks=found.checks,
        drills=drills.filed_by(db.session(), registered.person_id),
        tutorials=tutorial_queries.of_person(db.session(), registered.person_id),
        confidence=confidence_views.days(db.session(), registered) if mine else {},
        counting=sum(len(one.counted) for one in found.progress.units),
        of=sum(len(unit.criteria) for unit in views.units_of(registered.pathway_codes)),
    )


@bp.get("/learners/")
@needs(Can.SEE_PORTFOLIO_LIST)
def learners() -> ResponseReturnValue:
    after = request.args.get("after", "")
    key = _key(after) if after else None
    work, everybody = db.session(), _sees_everybody()
    rows = queries.registrations(work, key, of=None if everybody else current_user.id)
    shown = rows[: queries.PAGE]
    people = [one.person_id for one in shown]
    judged = queries.judgements(work, people)
    coordinating = current_user.holds(Role.COORDINATOR)
    return render_template(
        "portfolio/learners.html",
        items=[(one, views.progress_of(one, judged[one.person_id], today())) for one in shown],
        unmarked=allocation_queries.unmarked(work, people),
        stranded=allocation_queries.nobody_to_mark(work) if everybody and coordinating else (),
        more=len(rows) > queries.PAGE,
        everybody=everybody,
    )


def _sees_everybody() -> bool:
    """Return whether the list holds everybody: not for an assessor, who has own learners."""
    if role_in_use() is Role.ASSESSOR:
        return False
    return bool(current_user.holds(Role.INTERNAL_VERIFIER, Role.COORDINATOR))


def _key(text: str) -> tuple[date, int] | None:
    day, _, identity = text.partition("_")
    try:
        return date.fromisoformat(day), whole(identity)
    except ValueError:
        abort(400)


@bp.get("/portfolio/criteria/<ref>")
@needs(Can.SEE_OWN_PORTFOLIO)
def my_criterion(ref: str) -> ResponseReturnValue:
    found = criterion_or_404(ref)
    registered = queries.registration_of(db.session(), current_user.id) or abort(404)
    return _in_learner(InLearner(registered, found), form=None)


@bp.get("/learners/<int:registration_id>/criteria/<ref>")
@needs(Can.SEE_CRITERION, on=in_learner_or_404)
def learner_criterion(thing: InLearner) -> ResponseReturnValue:
    judges = permits(current_user, Can.JUDGE_PORTFOLIO, thing)
    return _in_learner(thing, _judge_form(thing) if judges else None)


@bp.post("/learners/<int:registration_id>/criteria/<ref>")
@needs(Can.JUDGE_PORTFOLIO, on=in_learner_or_404)
def judge(thing: InLearner) -> ResponseReturnValue:
    form = _judge_form(thing)
    if form.validate():
        try:
            with db.transaction() as work:
                _judge(work, thing, form)
            flash(_judged_words(thing))
            return redirect(_after(thing), code=303)
        except actions.NeedsReason as refusal:
            form.reason.errors = [str(refusal)]
        except actions.PortfolioError as refusal:
            form.evidence.errors = [str(refusal)]
    return _in_learner(thing, form)


def _after(thing: InLearner) -> str:
    """Return where an assessor goes on: home, where only this one decision was theirs to make."""
    if permits(current_user, Can.SEE_PORTFOLIO, thing.registered):
        return url_for(".learner", registration_id=thing.registered.id)
    return url_for("scheme.home")


def _judge_form(thing: InLearner) -> JudgeForm:
    form = JudgeForm(request.form)
    form.evidence.choices = views.evidence_choices(thing.evidence)
    return form


def _judged_words(thing: InLearner) -> str:
    name = thing.registered.person.working_name
    return (
        f"Decision on {thing.criterion.ref} recorded. {name} sees it now; the internal verifier "
        "looks at it next."
    )


def _judge(work: Session, thing: InLearner, form: JudgeForm) -> None:
    now = datetime.now(UTC)
    evidence = _chosen(work, thing, form.evidence.data, now)
    seen = request.form.get("files", 0, type=whole)
    if file_queries.any_after(work, evidence.id, seen):
        raise actions.NotSeen("A file came to this evidence meanwhile. Open it, then decide")
    actions.judge(
        work,
        thing.criterion,
        framework().award.version,
        evidence,
        Verdict(form.verdict.data),
        feedback=form.feedback.data,
        assessor_id=current_user.id,
        method=Method(evidence.method),
        observed_on=form.observed_on.data,
        reason=form.reason.data or "",
        now=now,
    )


def _chosen(work: Session, thing: InLearner, sent: str, now: datetime) -> Evidence:
    """Return the evidence that was chosen; a passed check is filed the moment it is used."""
    kind, _, identity = sent.partition(":")
    if kind == "evidence":
        return queries.evidence(work, int(identity)) or abort(404)
    passed = queries.checks_passed(work, thing.person_id, manual(), framework())
    source, title, day, refs = next(one for one in passed if one[0] == sent)
    return actions.file_evidence(
        work,
        thing.person_id,
        method=Method.KC,
        title=title,
        criteria=refs,
        shown_on=day,
        source=source,
        declared=True,
        now=now,
        by_id=current_user.id,
    )


def _in_learner(thing: InLearner, form: JudgeForm | None) -> ResponseReturnValue:
    rows = queries.history(db.session(), thing.person_id, thing.criterion.ref)
    people = [i for one in rows for i in (one.assessor_id, one.with_assessor_id)]
    people += [v.verifier_id for one in rows for v in one.verifications]
    chapters, cases = views.prepares(thing.criterion.ref)
    page = render_template(
        "portfolio/in_learner.html",
        thing=thing,
        criterion=thing.criterion,
        registered=thing.registered,
        history=[(one, queries.verification_of(one)) for one in rows],
        names=accounts.names(db.session(), people),
        chapters=chapters,
        cases=cases,
        award=framework().award,
        form=form,
        newest_file=file_queries.newest(db.session(), thing.person_id) if form else 0,
        mine=thing.person_id == current_user.id,
        own=permits(current_user, Can.SEE_PORTFOLIO, thing.registered),
        # Nobody else sees it before a judgement: it could lead the one who judges.
        confidence=confidence_views.read(db.session(), thing.person_id, thing.criterion)
        if rows or thing.person_id == current_user.id
        else None,
    )
    return page, 422 if form is not None and form.errors else 200


@bp.get("/evidence/<int:evidence_id>")
@needs(Can.READ_EVIDENCE, on=evidence_or_404)
def evidence(thing: Filed) -> ResponseReturnValue:
    evidence = thing.evidence
    return render_template(
        "portfolio/evidence.html",
        evidence=evidence,
        registered=thing.registered,
        mine=evidence.person_id == current_user.id,
        own=permits(current_user, Can.SEE_PORTFOLIO, thing.registered),
        criteria=[framework().criterion(one.criterion) for one in evidence.criteria],
        files=file_views.lines(db.session(), evidence, mine=evidence.person_id == current_user.id),
    )


@bp.route("/people/<int:person_id>/register", methods=["GET", "POST"])
@needs(Can.MANAGE_PEOPLE)
def register(person_id: int) -> ResponseReturnValue:
    person = accounts.person(db.session(), person_id)
    if person is None or person.id == current_user.id:  # nobody records facts on themselves
        abort(404)
    form = RegisterForm(request.form, data={"on": today()})
    form.pathways.choices = views.pathway_choices()
    if request.method == "POST" and form.validate():
        try:
            with db.transaction() as work:
                row = actions.register(
                    work,
                    person.id,
                    form.pathways.data,
                    framework(),
                    on=form.on.data,
                    now=datetime.now(UTC),
                    by_id=current_user.id,
                )
            flash(f"{person.working_name} is registered on the award, and sees the portfolio now.")
            return redirect(url_for(".assessors", registration_id=row.id), code=303)
        except actions.AlreadyRegistered as refusal:
            form.pathways.errors = [str(refusal)]
    status = 422 if form.errors else 200
    return render_template("portfolio/register.html", form=form, person=person), status
