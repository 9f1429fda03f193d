"""What waits for one person, as home pages show it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.content import framework, manual
from app.formats import day
from app.learning.views import PLACE_HOLDS
from app.scheme import reminder_queries as queries
from assessments.reminders import Kind, Reminder, State, Step, reminder

#: So many stand on a home page. The rest follow once these are done.
SHOWN = 8
TIMES = {1: "once", 2: "twice", 3: "three times"}
ORDINALS = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One step on a home page: what it is, where it is done, and when one is reminded of it."""

    key: str
    words: str
    href: str
    when: str
    stopped: bool
    #: Whether there is anything left to stop.
    can_stop: bool


def scheme_now() -> queries.Scheme:
    """Return what steps are read against now."""
    return queries.Scheme(manual=manual(), framework=framework(), places_hold=PLACE_HOLDS)


def waiting_for(session: Session, user: Any, now: datetime) -> list[Waiting]:
    """Return what waits for a person, longest waiting first."""
    mine = queries.waiting(session, [user], scheme_now(), now)[user.id]
    return [
        _shown(step, reminder(step, mine.sent[step.key], now), step.key in mine.stopped, mine.off)
        for step in mine.steps
    ]


def _shown(step: Step, one: Reminder, stopped: bool, off: bool) -> Waiting:
    words, href = WORDS[step.kind](step.thing)
    return Waiting(
        key=step.key,
        words=words,
        href=href,
        when=_when(one, stopped, off),
        stopped=stopped,
        can_stop=not off and one.state is not State.SPENT,
    )


def _when(one: Reminder, stopped: bool, off: bool) -> str:
    gone = one.number if one.state is State.SPENT else one.number - 1
    if one.state is State.SPENT:
        return f"You were reminded {TIMES[gone]}; this was the last."
    before = f"You were reminded {TIMES[gone]}. " if gone else ""
    if off:
        return f"{before}Reminders are turned off in your account."
    if stopped:
        return f"{before}You will not be reminded of this again."
    if one.state is State.CLOSED:
        return f"{before}It cannot be done at present, so you are not reminded of it."
    which = "last" if one.number == one.most else ORDINALS[one.number]
    soon = "with the next e-mail" if one.state is State.DUE else f"from {day(one.at)} on"
    return f"{before}The {which} reminder comes {soon}, if it still waits."


def _chapter(slug: str, words: str, endpoint: str = "learning.chapter") -> tuple[str, str]:
    title = manual().chapter_by_slug(slug).title
    return words.format(title), url_for(endpoint, slug=slug)


def _place(question: str) -> tuple[str, str]:
    title = manual().open_question(question).title
    return (
        f"It is half a year since you placed yourself on ‘{title}’",
        url_for("learning.open_question", question=question),
    )


#: What each kind of step says, and where it leads.
WORDS: dict[Kind, Callable[[str], tuple[str, str]]] = {
    Kind.CHAPTER_LEFT: lambda slug: _chapter(slug, "You began ‘{}’ and stopped"),
    Kind.CHAPTER_CHANGED: lambda slug: _chapter(slug, "‘{}’ has changed since you read it"),
    Kind.CHECK_OPEN: lambda slug: _chapter(
        slug, "You have read ‘{}’; its check is still to be passed", "learning.check"
    ),
    Kind.PLACE_OLD: _place,
    Kind.REGISTRATION_ENDS: lambda ends_on: (
        f"Your registration ends on {day(date.fromisoformat(ends_on))}, and criteria are missing",
        url_for("portfolio.mine"),
    ),
    Kind.AGREEMENT_UNSIGNED: lambda number: (
        "A supervision agreement waits for your signature",
        url_for("supervision.agreement", agreement_id=int(number)),
    ),
    Kind.LOG_UNSIGNED: lambda number: (
        "A supervision log waits for your signature",
        url_for("supervision.log", log_id=int(number)),
    ),
}
