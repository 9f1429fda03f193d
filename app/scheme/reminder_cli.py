"""The command that reminds people: flask --app wsgi remind."""

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import db
from app.accounts import queries as accounts
from app.formats import plural
from app.learning import reading_actions
from app.scheme import reminder_actions as actions
from app.scheme import reminder_queries as queries
from app.scheme.reminder_views import scheme_now
from assessments.reminders import is_night

#: So many people are looked at in one transaction, so that nobody else waits long to write.
AT_ONCE = 200


@click.command("remind")
@click.option("--at-night", is_flag=True, help="Also between 8 pm and 8 am in London.")
@with_appcontext
def remind(at_night: bool) -> None:
    """Write to people for whom something waits. Run it once a day, by day; twice does no harm."""
    now = datetime.now(UTC)
    if is_night(now) and not at_night:
        click.echo("It is night in London. Nobody is written to between 8 pm and 8 am.")
        return
    click.echo(
        f"{plural(remind_everybody(now, at_night=at_night), 'person', 'people')} written to."
    )


def remind_everybody(now: datetime, *, at_night: bool = False) -> int:
    """Write to everybody for whom a reminder is due; return to how many."""
    scheme = scheme_now()
    with db.transaction() as work:
        reading_actions.keep_editions(work, scheme.manual, now=now)
    written, last = 0, 0
    while True:
        with db.transaction() as work:
            people = accounts.to_remind(work, queries.ROLES, last, AT_ONCE)
            if not people:
                return written
            last = people[-1].id
            base_url = current_app.config["BASE_URL"]
            written += actions.remind(
                work, people, scheme, base_url=base_url, now=now, at_night=at_night
            )


def init_app(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(remind)
