"""Pages of the panel: the agenda, an item in its stages, the decision, and who sits."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.accounts import queries as accounts
from app.accounts.roles import Role
from app.accreditation import (
    bp,
    meeting_queries,
    panel_actions,
    panel_queries,
    panel_views,
    queries,
)
from app.accreditation.models import PanelItem
from app.accreditation.panel_actions import PanelError
from app.accreditation.panel_forms import ItemForm, SeatsForm
from app.accreditation.panel_views import DecisionPage, ItemPage
from app.accreditation.views import shape
from app.formats import day as in_words
from app.formats import today
from app.policy import Can, needs
from assessments.errors import DecisionRefused
from assessments.panel import Vote

if TYPE_CHECKING:
    from app.accounts.models import User

REFUSALS = (PanelError, DecisionRefused)


def item_or_404(item_id: int) -> PanelItem:
    """Return one item, or answer 404."""
    return panel_queries.item(db.session(), item_id) or abort(404)


@bp.get("/panel/")
@needs(Can.MAKE_PANEL_ITEMS)
def decisions() -> ResponseReturnValue:
    work = db.session()
    items = panel_queries.agenda(work, panel_views.place(request.args.get("after")))
    recent = panel_queries.decided(work, request.args.get("before", type=int))
    shown, done = items[: panel_queries.PAGE], recent[: panel_queries.RECENT]
    ids = [one.id for one in shown] + [one.item_id for one in done]
    return render_template(
        "accreditation/decisions.html",
        items=shown,
        more=len(items) > panel_queries.PAGE,
        recent=done,
        older=len(recent) > panel_queries.RECENT,
        mine=panel_queries.my_parts(work, ids, current_user.id),
        is_member=current_user.holds(Role.PANEL_MEMBER),
        my_state=panel_views.my_state,
        outcome=panel_views.outcome,
    )


@bp.route("/panel/new", methods=["GET", "POST"])
@needs(Can.MAKE_PANEL_ITEMS)
def make_item() -> ResponseReturnValue:
    form = ItemForm(request.form, data={"number": request.args.get("number")})
    missing: tuple[str, ...] = ()
    if request.method == "POST" and form.validate() and _meets_ahead(form):
        try:
            with db.transaction() as work:
                record = queries.by_number(work, form.number.data)
                if record is None:
                    raise panel_actions.NotDecidable("No record has this number")
                panel_actions.make_item(
                    work,
                    record,
                    form.meets_on.data,
                    on=today(),
                    now=datetime.now(UTC),
                    by_id=current_user.id,
                )
            meets = in_words(form.meets_on.data)
            flash(f"{record.number} is on the agenda for {meets}. Every panel member can see it.")
            return redirect(url_for(".decisions"), code=303)
        except panel_actions.NotDecidable as refusal:
            form.number.errors, missing = [str(refusal)], refusal.missing
    page = render_template(
        "accreditation/make_item.html",
        form=form,
        missing=missing,
        ready=panel_queries.decidable(db.session(), today()),
        shape=shape,
    )
    return page, 422 if form.errors else 200


def _meets_ahead(form: ItemForm) -> bool:
    if form.meets_on.data >= today():
        return True
    form.meets_on.faults = ["Choose today or a day to come"]
    return False


@bp.post("/panel/items/<int:item_id>/take-off")
@needs(Can.MAKE_PANEL_ITEMS, on=item_or_404)
def take_off(item: PanelItem) -> ResponseReturnValue:
    try:
        with db.transaction() as work:
            panel_actions.take_off(work, item, now=datetime.now(UTC), by_id=current_user.id)
        flash(f"{item.record.number} is off the agenda. What members wrote stays with the item.")
    except PanelError as refusal:
        flash(str(refusal), "wait")
    return redirect(url_for(".decisions"), code=303)


@bp.get("/panel/items/<int:item_id>")
@needs(Can.READ_PANEL_ITEM, on=item_or_404)
def item(item: PanelItem) -> ResponseReturnValue:
    page = ItemPage(item)
    if page.opened:
        with db.transaction() as work:
            panel_actions.note_reading(work, item, current_user.id, now=datetime.now(UTC))
        page = ItemPage(item)
    return page.shown()


def _refused(item: PanelItem, refusal: Exception) -> ResponseReturnValue:
    """Show the item as it stands, with why the step was not taken. Words typed stay in the form."""
    return ItemPage(item).shown(refusal=str(refusal), status=409)


@bp.post("/panel/items/<int:item_id>/interests")
@needs(Can.TAKE_PANEL_ITEM, on=item_or_404)
def declare(item: PanelItem) -> ResponseReturnValue:
    page = ItemPage(item)
    form = page.interest
    if not form.validate():
        return page.shown()
    try:
        with db.transaction() as work:
            panel_actions.declare(
                work,
                item,
                current_user.id,
                has_interest=form.answer.data == "yes",
                nature=form.nature.data or "",
                now=datetime.now(UTC),
            )
    except REFUSALS as refusal:
        return _refused(item, refusal)
    flash("Your declaration is kept, and the rest of the panel can see that you made it.")
    return _on_to(item)


@bp.post("/panel/items/<int:item_id>/suitability")
@needs(Can.TAKE_PANEL_ITEM, on=item_or_404)
def judge_suitability(item: PanelItem) -> ResponseReturnValue:
    page = ItemPage(item)
    form = page.suitability
    if not form.validate():
        return page.shown()
    try:
        with db.transaction() as work:
            panel_actions.judge_suitability(
                work,
                item,
                current_user.id,
                form.view.data,
                form.reasons.data,
                now=datetime.now(UTC),
            )
    except REFUSALS as refusal:
        return _refused(item, refusal)
    flash("Your view is kept as you wrote it. Results can be opened now.")
    return _on_to(item)


@bp.post("/panel/items/<int:item_id>/results")
@needs(Can.TAKE_PANEL_ITEM, on=item_or_404)
def open_results(item: PanelItem) -> ResponseReturnValue:
    try:
        with db.transaction() as work:
            panel_actions.open_results(work, item, current_user.id, now=datetime.now(UTC))
    except REFUSALS as refusal:
        return _refused(item, refusal)
    return _on_to(item)


@bp.post("/panel/items/<int:item_id>/vote")
@needs(Can.TAKE_PANEL_ITEM, on=item_or_404)
def cast_vote(item: PanelItem) -> ResponseReturnValue:
    page = ItemPage(item)
    form = page.vote
    if not form.validate():
        return page.shown()
    try:
        with db.transaction() as work:
            panel_actions.cast_vote(
                work,
                item,
                current_user.id,
                Vote(form.vote.data),
                form.dissent.data or "",
                now=datetime.now(UTC),
            )
    except REFUSALS as refusal:
        return _refused(item, refusal)
    flash("Your vote is kept. The chair records the decision once the panel has its quorum.")
    return _on_to(item)


def _on_to(item: PanelItem) -> ResponseReturnValue:
    return redirect(url_for(".item", item_id=item.id), code=303)


@bp.route("/panel/items/<int:item_id>/decision", methods=["GET", "POST"])
@needs(Can.CHAIR_PANEL_ITEM, on=item_or_404)
def decide(item: PanelItem) -> ResponseReturnValue:
    """Show the chair's form, then the decision in words, and record it."""
    try:
        panel_actions.refuse_all_but_chair(db.session(), item, current_user.id)
    except REFUSALS as refusal:
        return _refused(item, refusal)
    page = DecisionPage(item, meeting_queries.meeting(db.session(), item, afresh=True))
    if request.method == "GET" or request.form.get("step") == "change":
        return page.shown()
    if not page.form.validate():
        return page.shown()
    if faults := page.faults():
        return page.shown(faults)
    return _record(page) if request.form.get("step") == "record" else page.checked()


def _record(page: DecisionPage) -> ResponseReturnValue:
    item = page.item
    try:
        with db.transaction() as work:
            recorded = panel_actions.decide(
                work,
                item,
                page.form.given(),
                seen_votes=request.form.get("seen_votes", -1, type=int),
                scheme=panel_views.scheme(),
                on=today(),
                now=datetime.now(UTC),
                by_id=current_user.id,
            )
    except panel_actions.CannotDecide as refusal:
        return page.shown(refusal.faults)
    except panel_actions.VotesChanged as refusal:
        return page.shown(status=409, notice=str(refusal))
    except REFUSALS as refusal:
        return _refused(item, refusal)
    name = item.record.person.working_name
    flash(f"The decision is recorded. {name} has been told that there is one, and not what it is.")
    if page.form.given().grants and recorded.certificate is None:
        flash(
            "No certificate could be printed, as our typefaces lack letters of the name. "
            f"{name} is asked to choose how it is printed.",
            "wait",
        )
    return _on_to(item)


@bp.get("/panel/members")
@needs(Can.SET_PANEL_SEATS)
def seats() -> ResponseReturnValue:
    work = db.session()
    held = panel_queries.seats(work)
    rows = list(panel_queries.members(work).items())
    return render_template(
        "accreditation/seats.html", rows=rows, held=held, seat_words=panel_views.seat_words
    )


def member_or_404(person_id: int) -> "User":
    """Return a panel member, or answer 404."""
    person = accounts.person(db.session(), person_id)
    return person if person and person.holds(Role.PANEL_MEMBER) else abort(404)


@bp.route("/panel/members/<int:person_id>", methods=["GET", "POST"])
@needs(Can.SET_PANEL_SEATS)
def member_seats(person_id: int) -> ResponseReturnValue:
    person = member_or_404(person_id)
    held = panel_queries.seats(db.session()).get(person_id, frozenset())
    sent = request.method == "POST"
    form = SeatsForm(request.form) if sent else SeatsForm(data={"seats": sorted(held)})
    if sent and form.validate():
        with db.transaction() as work:
            panel_actions.set_seats(
                work, person_id, form.chosen(), now=datetime.now(UTC), by_id=current_user.id
            )
        flash(f"{person.working_name} sits on the panel as: {_seats_said(form)}.")
        return redirect(url_for(".seats"), code=303)
    page = render_template("accreditation/member_seats.html", form=form, person=person)
    return page, 422 if form.errors else 200


def _seats_said(form: SeatsForm) -> str:
    return panel_views.seat_words(frozenset(form.chosen())).lower()
