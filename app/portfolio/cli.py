"""Commands on the files of evidence: flask --app wsgi evidence …"""

import click
from flask import Flask
from flask.cli import AppGroup

from app import db, store
from app.formats import plural
from app.portfolio import file_actions, file_queries
from app.portfolio.models import EvidenceFile

evidence = AppGroup("evidence", help="The files of evidence.")


@evidence.command("verify")
def verify() -> None:
    """Read back every file that is named, and check it; exit 1 if one is missing or damaged."""
    held, faults = 0, 0
    for row in file_queries.every(db.session()):
        if row.withdrawal is not None:
            continue
        held += 1
        fault = _fault(row)
        if fault:
            faults += 1
            click.echo(f"file {row.id} of evidence {row.evidence_id}: {fault}", err=True)
    if faults:
        raise click.ClickException(
            f"{faults} of {plural(held, 'file')} cannot be read back as they were sent"
        )
    click.echo(f"{plural(held, 'file')}, each as sent.")


def _fault(row: EvidenceFile) -> str | None:
    try:
        store.here().open(row.sha256).close()
    except store.Missing:
        return "missing"
    except store.Damaged:
        return "damaged"
    except store.Unreachable as fault:
        raise click.ClickException("The store does not answer (EVIDENCE_URL)") from fault
    return None


@evidence.command("clear")
def clear() -> None:
    """Remove what no file names: left by uploads that broke off, or by files taken back."""
    try:
        with db.transaction() as work:
            here = store.here()
            count = file_actions.clear_unnamed(work, here, list(here.every()))
    except store.Unreachable as fault:
        raise click.ClickException("The store does not answer (EVIDENCE_URL)") from fault
    click.echo(f"{count} removed.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(evidence)
