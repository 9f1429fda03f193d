"""The manual's commands: flask --app wsgi manual …"""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.learning import downloads

book = AppGroup("manual", help="The manual as a book.")


@book.command("build")
@click.argument("folder", default="instance/manual", type=click.Path(file_okay=False))
def build(folder: str) -> None:
    """Write the manual into FOLDER as PDF and EPUB; the site then has them ready, too."""
    into = Path(folder)
    try:
        into.mkdir(parents=True, exist_ok=True)
        for file in downloads.shelf().make().values():
            (into / file.name).write_bytes(file.content)
            click.echo(f"{into / file.name}, {len(file.content) / 1_000_000:.1f} MB")
    except OSError as fault:
        raise click.ClickException(f"{folder} cannot be written to: {fault.strerror}") from fault


def init_app(app: Flask) -> None:
    """Register the commands."""
    downloads.init_app(app)
    app.cli.add_command(book)
