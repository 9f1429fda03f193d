"""Commands for operators: flask --app wsgi …"""

import secrets
from datetime import UTC, datetime

import click
from cryptography.fernet import Fernet
from flask import Flask, current_app
from flask.cli import AppGroup

import modules
from app import audit, db, mail, migrations, sealed
from app.accounts import actions
from app.accounts.roles import Role
from app.content import framework, manual
from app.migrations import append_only

database = AppGroup("db", help="The database.")
audits = AppGroup("audit", help="The audit's chain.")
post = AppGroup("mail", help="The outbox.")


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the database up to date."""
    migrations.upgrade(db.engine())
    click.echo("The database is up to date.")


@database.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """Take the database back to REVISION ("base" leaves nothing)."""
    migrations.downgrade(db.engine(), revision)
    click.echo(f"The database is at {revision}.")


@audits.command("verify")
def audit_verify() -> None:
    """Check that every event follows from the one before; exit 1 at the first that does not."""
    fault = audit.first_fault(db.session())
    if fault is not None:
        raise click.ClickException(f"event {fault} does not follow from the one before it")
    click.echo("The audit's chain is whole.")


@post.command("send")
def mail_send() -> None:
    """Send what waits in the outbox."""
    if not current_app.config["MAIL_URL"]:
        raise click.ClickException("MAIL_URL is not set: messages stay in the outbox")
    click.echo(f"{mail.deliver()} sent.")


@click.command("invite")
@click.argument("email")
@click.argument("roles", nargs=-1, required=True, type=click.Choice([role.value for role in Role]))
def invite(email: str, roles: tuple[str, ...]) -> None:
    """Invite EMAIL with one or more ROLES; prints the link."""
    try:
        with db.transaction() as work:
            link = actions.invite(
                work,
                email,
                [Role(role) for role in roles],
                base_url=current_app.config["BASE_URL"],
                now=datetime.now(UTC),
                by=None,
            )
    except actions.AlreadyHere as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(link)


@click.command("check-content")
def check_content() -> None:
    """Check every chapter, case study and unit; name file, place and fault; exit 1 if there is any.

    A file that cannot be read at all has stopped the site before this.
    """
    award, book = framework(), manual()
    faults = modules.check(book, [criterion.ref for criterion in award.criteria])
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} to mend")
    click.echo(
        f"{len(award.units)} units, {len(award.criteria)} criteria, {len(book.chapters)} chapters, "
        f"{len(book.cases)} case studies: no faults"
    )


@click.command("new-key")
def new_key() -> None:
    """Print a new sealing key. Put it first in SEALED_KEYS, keep the old ones, then reseal."""
    click.echo(Fernet.generate_key().decode())


@click.command("reseal")
def reseal() -> None:
    """Seal every sealed value with the newest key."""
    with db.transaction() as work:
        columns = sealed.sealed_columns(db.Base.metadata)
        guarded = db.append_only_tables() & {column.table.name for column in columns}
        # The words stay the same, only their seal changes; so the guard may step aside for it.
        append_only.unprotect(work.connection(), *guarded)
        count = sum(sealed.reseal(work.connection(), column) for column in columns)
        append_only.protect(work.connection(), *guarded)
        audit.record(work, "seals.renewed", f"values:{count}", now=datetime.now(UTC), actor_id=None)
    click.echo(f"{count} values sealed with the newest key.")


@click.command("new-secret")
def new_secret() -> None:
    """Print a new SECRET_KEY."""
    click.echo(secrets.token_urlsafe(48))


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (database, audits, post, invite, check_content, new_key, new_secret, reseal):
        app.cli.add_command(command)
