"""The page on which an assessor or a verifier reads a drill that a learner has filed."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.learning import drill_queries, drill_views
from app.policy import Can, needs
from app.portfolio import bp
from app.portfolio.routes import Part, registration_or_404


class FiledDrill(Part):
    """A drill in a learner's portfolio."""

    def __init__(self, registration_id: int, run_id: int) -> None:
        super().__init__(registration_or_404(registration_id), ())
        self.run = drill_queries.run(db.session(), run_id) or abort(404)
        if self.run.person_id != self.person_id or self.run.filed is None:
            abort(404)


@bp.get("/learners/<int:registration_id>/drills/<int:run_id>")
@needs(Can.SEE_PORTFOLIO, on=FiledDrill)
def filed_drill(thing: FiledDrill) -> ResponseReturnValue:
    if thing.person_id == current_user.id:
        return redirect(url_for("learning.drill_run", run_id=thing.run.id), code=303)
    return render_template(
        "learning/drill_result.html",
        run=thing.run,
        outcome=drill_views.outcome(thing.run),
        spread=None,
        mine=False,
        name=thing.registered.person.working_name,
        back=url_for(".learner", registration_id=thing.registered.id),
    )
