"""The manual and the award, read once when the site starts; a fault in a file stops the start."""

from functools import cache

from flask import Flask, current_app
from markupsafe import Markup

from assessments.framework import Framework, load_framework
from modules import Manual
from modules.compiled import kept_manual

#: Files do not change while a process runs, however many sites it builds.
_framework, _manual = cache(load_framework), cache(kept_manual)


def init_app(app: Flask) -> None:
    """Load both. Raises their errors, which name every fault with its file and line."""
    app.extensions["framework"] = _framework()
    app.extensions["manual"] = _manual()
    app.jinja_env.filters.update(ours=ours, bare=bare)


def framework() -> Framework:
    """Return the award's units, outcomes and criteria."""
    found: Framework = current_app.extensions["framework"]
    return found


def manual() -> Manual:
    """Return the chapters and case studies."""
    found: Manual = current_app.extensions["manual"]
    return found


def ours(html: str) -> Markup:
    """Return HTML of the manual: made from our own files and sanitised when it was loaded."""
    return Markup(html)  # noqa: S704


def bare(html: str) -> Markup:
    """Return HTML of the manual that is one paragraph, without its tags, to stand in a line."""
    return ours(html.strip().removeprefix("<p>").removesuffix("</p>"))
