"""How dates, times and numbers are written on pages: British, in London's time."""

from collections.abc import MutableMapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request
from flask.templating import Environment
from markupsafe import Markup

LONDON = ZoneInfo("Europe/London")


class Templates(Environment):
    """Jinja, where each template holds the names that all know in one plain dictionary.

    The usual chain of dictionaries is asked some hundred times for every page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names for one template. All are known before the first one is loaded."""
        return {**self.globals, **(d or {})}


def local(moment: datetime) -> datetime:
    """Return the moment as a clock in London shows it."""
    return moment.astimezone(LONDON)


def day(value: date | datetime | None) -> str:
    """Return "19 June 2026", or a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = local(value).date()
    return f"{value.day} {value:%B %Y}"


def short_day(value: date | datetime | None) -> str:
    """Return "19 Jun 2026", for tables."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = local(value).date()
    return f"{value.day} {value:%b %Y}"


def clock(moment: datetime | None) -> str:
    """Return "6.30 pm"."""
    if moment is None:
        return "–"
    here = local(moment)
    return f"{here.hour % 12 or 12}.{here:%M} {'am' if here.hour < 12 else 'pm'}"


def day_and_time(moment: datetime | None) -> str:
    """Return "19 June 2026, 6.30 pm"."""
    return "–" if moment is None else f"{day(moment)}, {clock(moment)}"


def weekday(moment: datetime | date) -> str:
    """Return "Thursday 19 June"."""
    value = local(moment).date() if isinstance(moment, datetime) else moment
    return f"{value:%A} {value.day} {value:%B}"


def seconds(count: int) -> str:
    """Return "12:41" for 761 seconds."""
    return f"{count // 60:02}:{count % 60:02}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return "1 unit" or "3 units"; small whole numbers stay figures."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Return "a, b and c"."""
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def pick(words: dict[str, str], keys: list[str]) -> list[str]:
    """Return the words of several keys, in the order of the keys."""
    return [words[key] for key in keys]


def today() -> date:
    """Return the date in London now: the day on which rules that count days are read."""
    return local(datetime.now(UTC)).date()


@lru_cache(maxsize=1024)
def _drawn(templates: Templates, root: str, path: str, macro: str, values: Any) -> Markup:
    drawn: Markup = getattr(templates.get_template(path).module, macro)(*values)
    return drawn


def drawn(path: str, macro: str, *values: Any) -> Markup:
    """Return what a macro draws from these values, drawn once: the same values look the same.

    The values are hashable and hold nobody's own words, as they stay in memory.
    """
    return _drawn(current_app.jinja_env, request.script_root, path, macro, values)


def init_app(app: Flask) -> None:
    """Make the formats filters of the templates."""
    app.jinja_env.globals["drawn"] = drawn
    for one in (day, short_day, clock, day_and_time, weekday, seconds, plural, listed, pick):
        app.jinja_env.filters[one.__name__] = one
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
