"""The check of all content, against what the scheme has booked."""

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import with_appcontext

import modules
from app import db
from app.content import framework, manual
from app.formats import plural
from app.roleplay import queries as roleplay


@click.command("check-content")
@with_appcontext
def check_content() -> None:
    """Check every chapter, case study and unit; name file, place and fault; exit 1 if there is any.

    A case that a role play is or was booked for must be there. A file that cannot be read at all
    has stopped the site before this.
    """
    award, book = framework(), manual()
    faults = modules.check(
        book,
        [criterion.ref for criterion in award.criteria],
        [criterion.ref for criterion in award.criteria if criterion.observed],
    )
    missing = _cases_missing({case.slug for case in book.cases})
    for fault in [*map(str, faults), *missing]:
        click.echo(fault, err=True)
    if faults or missing:
        raise click.ClickException(f"{len(faults) + len(missing)} to mend")
    click.echo(
        f"{len(award.units)} units, {len(award.criteria)} criteria, {len(book.chapters)} chapters, "
        f"{len(book.cases)} case studies: no faults"
    )


def _cases_missing(there: set[str]) -> list[str]:
    """Return which cases are gone though booked: nobody could play them or read a result."""
    # Before the first upgrade there is no such table, and nothing is booked.
    if not sa.inspect(db.engine()).has_table("bookings"):
        return []
    return [
        f"cases/{slug}: missing, but booked for {plural(count, 'role play')}. Put the folder back"
        for slug, count in sorted(roleplay.cases_booked(db.session()).items())
        if slug not in there
    ]


def init_app(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(check_content)
