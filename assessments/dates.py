"""Calendar arithmetic for "good for twelve months", and dates as the site writes them.

One convention everywhere: a thing that is good for N months from a day is good up to and
including the day before the same date N months later. A certificate from 1 December 2024 for
24 months is good until 30 November 2026; on 1 December 2026 it has ended.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """Return the same date ``months`` later, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_good_day(day: date, months: int) -> date:
    """Return the last day on which a thing dated ``day`` is good for ``months`` months."""
    return add_months(day, months) - ONE_DAY


@lru_cache(maxsize=4096)
def say(day: date) -> str:
    """Return the date as pages write it: "3 May 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def clock_time(moment: datetime) -> str:
    """Return the time of day in London as pages write it: "6.30 pm"."""
    local = moment.astimezone(LONDON)
    return f"{local:%I.%M}".lstrip("0") + (" am" if local.hour < 12 else " pm")


def and_list(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Return the words joined as in a sentence: "tea, milk and sugar"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
