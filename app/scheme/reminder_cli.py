"""The command that reminds people: flask --app wsgi remind."""

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import db
from app.accounts import queries as accounts
from app.content import framework, manual
from app.formats import plural
from app.learning import reading_actions
from app.learning.views import PLACE_HOLDS
from app.scheme import reminder_actions as actions
from app.scheme import reminder_queries as queries

#: So many people are looked at in one transaction, so that nobody else waits long to write.
AT_ONCE = 200


@click.command("remind")
@with_appcontext
def remind(now: datetime | None = None) -> None:
    """Write to people for whom something waits. Run it once a day, by day; twice does no harm."""
    moment = now or datetime.now(UTC)
    scheme = queries.Scheme(manual=manual(), framework=framework(), places_hold=PLACE_HOLDS)
    with db.transaction() as work:
        reading_actions.keep_editions(work, scheme.manual, now=moment)
    written, last = 0, 0
    while True:
        with db.transaction() as work:
            people = accounts.to_remind(work, queries.ROLES, last, AT_ONCE)
            if not people:
                break
            last = people[-1].id
            written += actions.remind(
                work, people, scheme, base_url=current_app.config["BASE_URL"], now=moment
            )
    click.echo(f"{plural(written, 'person', 'people')} written to.")


def init_app(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(remind)
