"""Choosing what one is not reminded of."""

from datetime import UTC, datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import db
from app.policy import Can, needs
from app.scheme import bp, reminder_actions, reminder_queries, reminder_views


@bp.post("/reminders")
@needs(Can.KEEP_OWN_ACCOUNT)
def reminders() -> ResponseReturnValue:
    key, wanted = request.form.get("step", ""), request.form.get("wanted") == "yes"
    scheme, now, person_id = reminder_views.scheme_now(), datetime.now(UTC), current_user.id
    with db.transaction() as work:
        mine = reminder_queries.waiting(work, [current_user], scheme, now)[person_id]
        here = key in {step.key for step in mine.steps}
        if here and (key in mine.stopped) is wanted:
            reminder_actions.choose(work, person_id, key, wanted=wanted, now=now)
    if not here:
        flash("That does not wait for you any more.", "wait")
    elif wanted:
        flash("You will be reminded of this again, as the line beside it says.")
    else:
        flash("You will not be reminded of this again. It still stands here until it is done.")
    return redirect(url_for(".home", _anchor="waiting-for-you"), code=303)
