"""A bare Flask and Jinja page with one SELECT for the session: what ours is measured against.

``BARE_SIZES`` says how many bytes each of its pages has, ``BARE_DATABASE`` where its session is.
"""

import os

import sqlalchemy as sa
from flask import Flask, render_template_string

PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><p>Signed in as {{ name }}</p>
{% for line in lines %}<p class="line">{{ line }}</p>
{% endfor %}</body></html>"""
LINE = "A paragraph of ordinary length, as a page has them: some eighty letters & a sign "
SIZES = [int(size) for size in os.environ.get("BARE_SIZES", "0").split(",")]

app = Flask(__name__)
engine = sa.create_engine(f"sqlite:///{os.environ.get('BARE_DATABASE', '')}")
sessions = sa.table("sessions", sa.column("token"), sa.column("name"))


@app.get("/<int:number>")
def page(number: int) -> str:
    with engine.connect() as connection:
        one = sa.select(sessions.c.name).where(sessions.c.token == f"token{number}")
        name = connection.scalar(one)
    lines = [LINE] * (SIZES[number] // (len(LINE) + 26))
    return render_template_string(PAGE, title="A bare page", name=name, lines=lines)


def prepare(path: str) -> None:
    """Make the database with a few hundred sessions."""
    made = sa.create_engine(f"sqlite:///{path}")
    with made.begin() as connection:
        connection.exec_driver_sql("create table sessions (token text primary key, name text)")
        rows = [{"token": f"token{n}", "name": f"Person {n}"} for n in range(300)]
        connection.execute(sa.insert(sessions), rows)
    made.dispose()
