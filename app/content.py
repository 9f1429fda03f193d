"""The manual and the award, read once when the site starts; a fault in a file stops the start."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from flask import Flask, current_app
from markupsafe import Markup

from assessments.framework import Framework, load_framework
from modules import Manual
from modules.book import Leaflet
from modules.compiled import kept_manual

#: Files do not change while a process runs, however many sites it builds.
_framework, _manual = cache(load_framework), cache(kept_manual)


def init_app(app: Flask) -> None:
    """Load both. Raises their errors, which name every fault with its file and line."""
    use(app, _manual(), _framework())
    app.jinja_env.filters.update(ours=ours, bare=bare)


def use(app: Flask, book: Manual, award: Framework) -> None:
    """Serve this manual and this award from now on; what was drawn of others is forgotten."""
    app.extensions.update(manual=book, framework=award, manual_since=datetime.now(UTC))
    for drawn in ("leaves", "search", "text pages"):
        app.extensions.pop(drawn, None)


def framework() -> Framework:
    """Return the award's units, outcomes and criteria."""
    found: Framework = current_app.extensions["framework"]
    return found


def manual() -> Manual:
    """Return the chapters and case studies."""
    found: Manual = current_app.extensions["manual"]
    return found


@dataclass(frozen=True, kw_only=True)
class Live:
    """Which manual this process serves, and since when."""

    version: str
    since: datetime
    cases: int
    leaflets: tuple[Leaflet, ...]


def live() -> Live:
    """Return what a coordinator may want to know of the manual that is served."""
    book = manual()
    since: datetime = current_app.extensions["manual_since"]
    return Live(version=book.version, since=since, cases=len(book.cases), leaflets=book.leaflets)


def ours(html: str) -> Markup:
    """Return HTML of the manual: made from our own files and sanitised when it was loaded."""
    return Markup(html)  # noqa: S704


def bare(html: str) -> Markup:
    """Return HTML of the manual that is one paragraph, without its tags, to stand in a line."""
    return ours(html.strip().removeprefix("<p>").removesuffix("</p>"))
