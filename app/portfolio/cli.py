"""Commands on the files of evidence: flask --app wsgi evidence …"""

from datetime import UTC, datetime, timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from app import db, store
from app.formats import plural
from app.portfolio import file_actions, file_queries
from app.portfolio.models import EvidenceFile

evidence = AppGroup("evidence", help="The files of evidence.")
#: No upload takes as long as that: what is older and not whole will never be.
LONGEST_WRITING = timedelta(hours=1)


@evidence.command("verify")
def verify() -> None:
    """Read back every file that is named, and check it; exit 1 if one is missing or damaged."""
    held, faults = 0, 0
    for row in file_queries.named(db.session()):
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
    here, count = store.here(), 0
    try:
        # Listed before anybody has to wait. Then each has a short transaction of its own, which
        # looks again whether anything names it by now.
        there = set(here.every())
        there -= {row.sha256 for row in file_queries.named(db.session())}
        for digest in sorted(there):
            with db.transaction() as work:
                count += file_actions.clear_unnamed(work, here, [digest])
        count += here.remove_unfinished(datetime.now(UTC) - LONGEST_WRITING)
    except store.Unreachable as fault:
        raise click.ClickException("The store does not answer (EVIDENCE_URL)") from fault
    click.echo(f"{count} removed.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(evidence)
