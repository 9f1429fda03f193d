"""The demonstration scheme's commands: flask --app wsgi demo …"""

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import db, migrations, store
from app.accounts import queries as accounts
from app.config import Mode
from app.portfolio import file_queries
from app.scheme.demo import loading

demo = AppGroup("demo", help="The demonstration scheme.")


@demo.command("load")
@click.option("--if-new", is_flag=True, help="Do nothing where there is anybody already.")
def load(if_new: bool) -> None:
    """Load fictional people in every state into an empty database."""
    if current_app.config["MODE"] is Mode.PRODUCTION:
        raise click.ClickException("The demonstration scheme is not for production mode")
    if if_new and accounts.anybody(db.session()):
        return
    try:
        with db.transaction() as work:
            count = loading.load(
                work,
                store.here(),
                now=datetime.now(UTC),
                base_url=current_app.config["BASE_URL"],
                scheme_name=current_app.config["SCHEME_NAME"],
            )
    except loading.DemonstrationRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{count} fictional people are here.")


@demo.command("remove")
def remove() -> None:
    """Remove the demonstration scheme, and leave nothing of it.

    Refused once real people have been invited: their records would go with it.
    """
    real = accounts.anybody_real(db.session())
    if real:
        raise click.ClickException(
            f"There are real people here, such as {real}. Nothing was removed"
        )
    files = {row.sha256 for row in file_queries.every(db.session())}
    db.session().close()
    migrations.downgrade(db.engine())
    migrations.upgrade(db.engine())
    for digest in files:
        store.here().remove(digest)
    click.echo("The demonstration scheme is gone. The database is empty.")


@demo.command("sign-ins")
def show_sign_ins() -> None:
    """Print who can sign in, if the demonstration scheme is here."""
    if accounts.by_email(db.session(), "learner@example.org"):
        click.echo("\n".join(loading.sign_ins()))


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(demo)
