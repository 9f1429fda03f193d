"""A bare Flask and Jinja page with one SELECT for the session: what ours is measured against.

It does what any page for a signed-in person does, and nothing else: reads the signed cookie, asks
the database who that is, renders a template. ``BARE_SIZES`` says how many bytes each page has,
``BARE_DATABASE`` where its sessions are.
"""

import os

from flask import Flask, abort, redirect, render_template, session
from jinja2 import DictLoader
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response

PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><p>Signed in as {{ person.name }}</p>
{% for line in lines %}<p class="line">{{ line }}</p>
{% endfor %}</body></html>"""
LINE = "A paragraph of ordinary length, as a page has them: some eighty letters & a sign "
SIZES = [int(size) for size in os.environ.get("BARE_SIZES", "0").split(",")]

app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE})
app.secret_key = "a bare page keeps no secrets"  # noqa: S105
engine = create_engine(f"sqlite:///{os.environ.get('BARE_DATABASE', '')}")


class Base(DeclarativeBase):
    """What the one table needs."""


class SignedIn(Base):
    """A session and whose it is."""

    __tablename__ = "sessions"
    token: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


@app.get("/in")
def enter() -> Response:
    session["token"] = "token7"  # noqa: S105
    return redirect("/0")


@app.get("/<int:number>")
def page(number: int) -> str:
    with Session(engine) as work:
        token = session.get("token", "")
        person = work.scalar(select(SignedIn).where(SignedIn.token == token)) or abort(403)
        lines = [LINE] * (SIZES[number] // (len(LINE) + 26))
        return render_template("page.html", title="A bare page", person=person, lines=lines)


def prepare(path: str) -> None:
    """Make the database with a few hundred sessions."""
    made = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(made)
    with Session(made) as work:
        work.add_all(SignedIn(token=f"token{n}", name=f"Person {n}") for n in range(300))
        work.commit()
    made.dispose()
