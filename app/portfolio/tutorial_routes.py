"""Pages of tutorials after knowledge checks: which are due, and recording that one was held."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.accounts.roles import Role
from app.addresses import whole
from app.content import manual
from app.formats import local
from app.policy import Can, needs
from app.portfolio import bp, queries, tutorial_actions, tutorial_queries
from app.portfolio.actions import PortfolioError
from app.portfolio.forms import TutorialForm
from app.portfolio.models import Tutorial
from app.shell import role_in_use


class Due:
    """A tutorial, due or held, with the learner's own assessors."""

    def __init__(self, row: Tutorial) -> None:
        self.row, self.person_id = row, row.person_id
        self.registered = queries.registration_of(db.session(), row.person_id)

    @property
    def assessor_ids(self) -> Sequence[int]:
        """Return who may hold it."""
        return self.registered.assessor_ids if self.registered else ()


def tutorial_or_404(tutorial_id: int) -> Due:
    """Return a tutorial, or answer 404."""
    return Due(tutorial_queries.tutorial(db.session(), tutorial_id) or abort(404))


@bp.get("/tutorials/")
@needs(Can.SEE_PORTFOLIO_LIST)
def tutorials() -> ResponseReturnValue:
    everybody = role_in_use() is not Role.ASSESSOR and current_user.holds(
        Role.INTERNAL_VERIFIER, Role.COORDINATOR
    )
    after = request.args.get("after", type=whole)
    of = None if everybody else current_user.id
    rows = tutorial_queries.due(db.session(), of=of, after=after)
    shown = rows[: tutorial_queries.PAGE]
    return render_template(
        "portfolio/tutorials.html",
        rows=shown,
        more=shown[-1].id if len(rows) > tutorial_queries.PAGE else None,
        everybody=everybody,
        # A coordinator sees that one waits, and for whom; not what it is to go over.
        opens=not everybody or current_user.holds(Role.INTERNAL_VERIFIER),
    )


@bp.get("/tutorials/<int:tutorial_id>")
@needs(Can.SEE_TUTORIAL, on=tutorial_or_404)
def tutorial(due: Due) -> ResponseReturnValue:
    return _page(due, TutorialForm())


@bp.post("/tutorials/<int:tutorial_id>")
@needs(Can.HOLD_TUTORIAL, on=tutorial_or_404)
def hold_tutorial(due: Due) -> ResponseReturnValue:
    form, status, row = TutorialForm(request.form), 422, due.row
    if form.validate():
        try:
            with db.transaction() as work:
                tutorial_actions.hold(
                    work,
                    row,
                    held_on=form.held_on.data,
                    covered=form.covered.data,
                    by_id=current_user.id,
                    now=datetime.now(UTC),
                    due_on=local(row.asked_at).date(),
                )
            flash(f"Recorded. {row.person.working_name} is told, and has three further attempts.")
            return redirect(url_for(".tutorial", tutorial_id=row.id), code=303)
        except tutorial_actions.BeforeItWasDue as refusal:
            form.held_on.faults = [str(refusal)]
        except PortfolioError as refusal:
            form.covered.errors, status = [str(refusal)], 409
    return _page(due, form, status)


def _page(due: Due, form: TutorialForm, status: int = 200) -> ResponseReturnValue:
    row = due.row
    page = render_template(
        "portfolio/tutorial.html",
        due=due,
        row=row,
        form=form,
        sections=_by_section(row),
        chapter=next((one for one in manual().chapters if one.slug == row.chapter_slug), None),
        mine=row.person_id == current_user.id,
    )
    return page, status


def _by_section(row: Tutorial) -> dict[str, list[dict[str, object]]]:
    """Return what was missed, under the title of each section, in the order of the check."""
    found: dict[str, list[dict[str, object]]] = {}
    for one in row.missed:
        found.setdefault(one["section"], []).append(one)
    return found
