"""Commands for operators: flask --app wsgi …"""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app import audit, backup, db, forms, limits, mail, migrations, sealed, store
from app.accounts import actions
from app.accounts.roles import Role
from app.formats import plural
from app.migrations import append_only
from app.portfolio import file_queries

database = AppGroup("db", help="The database.")
audits = AppGroup("audit", help="The audit's chain.")
post = AppGroup("mail", help="The outbox.")
backups = AppGroup("backup", help="Copies of database and files.")


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


@database.command("revision")
@click.argument("name")
def db_revision(name: str) -> None:
    """Write a migration from what changed in the models; NAME is like 0009_what."""
    try:
        path = migrations.revision(db.engine(), name)
    except ValueError as error:
        raise click.ClickException("Name it with four figures, like 0009_what") from error
    click.echo(f"Written: {path.name}. Say in it what becomes of rows that exist, then read it.")


@audits.command("verify")
def audit_verify() -> None:
    """Check that every event follows from the one before; exit 1 at the first that does not."""
    fault = audit.first_fault(db.session())
    if fault is not None:
        raise click.ClickException(f"event {fault} does not follow from the one before it")
    click.echo("The audit's chain is whole.")


@post.command("send")
def mail_send() -> None:
    """Send what waits in the outbox, and forget what nobody needs any more. Run it every minute."""
    if not current_app.config["MAIL_URL"]:
        raise click.ClickException("MAIL_URL is not set: messages stay in the outbox")
    sent = 0
    while more := mail.deliver():
        sent += more
    with db.transaction() as work:
        mail.clear_old(work, datetime.now(UTC))
        forms.forget_old(work, datetime.now(UTC))
        limits.forget_old(work, datetime.now(UTC))
    click.echo(f"{sent} sent, {mail.waiting(db.session())} waiting.")


@click.command("invite")
@click.argument("email")
@click.argument("roles", nargs=-1, required=True, type=click.Choice([role.value for role in Role]))
@with_appcontext
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
    except (actions.AlreadyHere, actions.NoAddress) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(link)


@click.command("new-key")
def new_key() -> None:
    """Print a new sealing key. Put it first in SEALED_KEYS, keep the old ones, then reseal."""
    click.echo(Fernet.generate_key().decode())


@click.command("reseal")
@with_appcontext
def reseal() -> None:
    """Seal every sealed value with the newest key; nothing changes if one cannot be opened."""
    try:
        with db.transaction() as work:
            count = _reseal(work.connection())
            subject = f"values:{count}"
            audit.record(work, "seals.renewed", subject, now=datetime.now(UTC), actor_id=None)
    except sealed.SealBroken as refusal:
        raise click.ClickException(f"{refusal}. Nothing was changed") from refusal
    click.echo(f"{count} values sealed with the newest key.")


def _reseal(connection: sa.Connection) -> int:
    columns = sealed.sealed_columns(db.Base.metadata)
    guarded = db.append_only_tables() & {column.table.name for column in columns}
    # The words stay the same, only their seal changes; so the guard may step aside for it.
    append_only.unprotect(connection, *guarded)
    count = sum(sealed.reseal(connection, column) for column in columns)
    append_only.protect(connection, *guarded)
    return count


@backups.command("create")
@click.argument("file", type=click.Path(dir_okay=False, exists=False))
def backup_create(file: str) -> None:
    """Write a copy of database and files, as they are at this moment, into FILE (which is new)."""
    try:
        carried = backup.create(db.engine(), Path(file), store.here(), _named)
    except backup.BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except store.Unreachable as silence:
        raise click.ClickException(
            "The store does not answer (EVIDENCE_URL). Nothing was written"
        ) from silence
    click.echo(f"Written to {file}. The keys (SEALED_KEYS) are not in it: keep them elsewhere.")
    if carried.copied:
        click.echo(f"{plural(carried.copied, 'file')} of evidence in it.")
    _say_files(carried)


def _named() -> dict[str, int]:
    db.session().rollback()  # what is true now, not when it was asked before
    return {one.sha256: one.size for one in file_queries.named(db.session())}


def _say_files(carried: backup.Carried) -> None:
    if carried.elsewhere:
        click.echo(
            f"{plural(carried.elsewhere, 'file')} of evidence in the bucket that EVIDENCE_URL names"
            ", and not in the copy: the bucket's to keep."
        )
    if carried.lost:
        raise click.ClickException(
            f"{plural(len(carried.lost), 'file')} of evidence missing or damaged. "
            "`evidence verify` names them"
        )


@backups.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, exists=True))
def backup_restore(file: str) -> None:
    """Put the copy in FILE where no database is yet; check files and the audit's chain."""
    try:
        carried = backup.restore(db.engine(), Path(file), store.here())
    except backup.BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except store.StoreFault as silence:
        raise click.ClickException("The store does not answer (EVIDENCE_URL)") from silence
    migrations.upgrade(db.engine())
    fault = audit.first_fault(db.session())
    if fault is not None:
        raise click.ClickException(f"restored, but event {fault} of the audit does not follow")
    click.echo("Restored. The audit's chain is whole.")
    _say_files(replace(carried, lost=_missing()))


def _missing() -> tuple[str, ...]:
    """Say which of the files that the database names are not in the store; return them.

    The database alone knows: a file may have been taken back while the copy was made.
    """
    try:
        here = store.here()
        lost = [row for row in file_queries.named(db.session()) if not here.has(row.sha256)]
    except store.Unreachable as silence:
        raise click.ClickException("The store does not answer (EVIDENCE_URL)") from silence
    for row in lost:
        click.echo(f"file {row.id} of evidence {row.evidence_id}: missing", err=True)
    return tuple(row.sha256 for row in lost)


@click.command("new-secret")
def new_secret() -> None:
    """Print a new SECRET_KEY."""
    click.echo(secrets.token_urlsafe(48))


def init_app(app: Flask) -> None:
    """Register the commands."""
    groups = (database, audits, post, backups)
    for command in (*groups, invite, new_key, new_secret, reseal):
        app.cli.add_command(command)
