"""When somebody is reminded of a step that waits for them, and when no more.

Plain values in, plain values out. Moments carry their zone; days are those of London. The numbers
are the scheme's own choice (docs/features.md, F8).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assessments.dates import LONDON

#: Two reminders of one step are at least this far apart, however late the first one went.
APART = timedelta(days=7)
#: Two e-mails to one person are at least this far apart. One tells of everything that is due.
MAILS_APART = timedelta(days=3)
#: Hours of the day in London between which an e-mail does not disturb anybody.
DAY_BEGINS, DAY_ENDS = 8, 20


class Kind(StrEnum):
    """What may wait for somebody."""

    CHAPTER_LEFT = "chapter-left"
    CHAPTER_CHANGED = "chapter-changed"
    PLACE_OLD = "place-old"
    CHECK_OPEN = "check-open"
    REGISTRATION_ENDS = "registration-ends"
    AGREEMENT_UNSIGNED = "agreement-unsigned"
    LOG_UNSIGNED = "log-unsigned"


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """After how many days each reminder of a step goes; there are no more than these."""

    after: tuple[int, ...]
    #: Leads up to a date, which stays where it is while the step cannot be done.
    fixed: bool = False


#: A registration is reminded of 90 and 30 days before it ends: it waits from the 90th day on.
REGISTRATION_WAITS = timedelta(days=90)
RHYTHMS = {
    Kind.CHAPTER_LEFT: Rhythm(after=(7, 21, 42)),
    Kind.CHAPTER_CHANGED: Rhythm(after=(7, 28, 70)),
    Kind.PLACE_OLD: Rhythm(after=(7, 42, 98)),
    Kind.CHECK_OPEN: Rhythm(after=(7, 21, 42)),
    Kind.REGISTRATION_ENDS: Rhythm(after=(0, 60), fixed=True),
    Kind.AGREEMENT_UNSIGNED: Rhythm(after=(3, 10, 24)),
    Kind.LOG_UNSIGNED: Rhythm(after=(3, 10, 24)),
}


@dataclass(frozen=True, kw_only=True)
class Pause:
    """From when until before when a step could not be done; ``ends`` is None while it cannot."""

    starts: datetime
    ends: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Return whether the step could not be done at that moment."""
        return self.starts <= moment and (self.ends is None or moment < self.ends)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that waits for one person."""

    kind: Kind
    #: What it is about, as the site knows it: a chapter's slug, "OQ5", an agreement's number.
    thing: str
    #: From when on it waits, in this very state: whoever reads on and stops again starts anew.
    since: datetime
    #: Tells one waiting from a later one on the same thing, such as the version of a text.
    mark: str = ""
    pauses: tuple[Pause, ...] = ()
    done: bool = False

    @property
    def key(self) -> str:
        """Return the name under which reminders of the step are counted."""
        return ":".join(part for part in (self.kind.value, self.thing, self.mark) if part)


class State(StrEnum):
    """What becomes of the reminders of a step."""

    DUE = "due"
    AHEAD = "ahead"
    #: The step cannot be done now. Nobody is reminded, and no day of it counts.
    CLOSED = "closed"
    #: Every reminder has gone.
    SPENT = "spent"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Whether a reminder is due, and which of how many."""

    state: State
    #: From 1: the one that is due or ahead. How many have gone, where none will follow.
    number: int
    most: int
    #: When it is due, if nothing changes; None where none follows or nobody can say.
    at: datetime | None = None


def reminder(step: Step, sent: Iterable[datetime], now: datetime) -> Reminder:
    """Return what becomes of the reminders of a step, given when earlier ones went.

    Reminders from before the step began to wait do not count towards it.
    """
    rhythm = RHYTHMS[step.kind]
    gone = sorted(moment for moment in sent if moment >= step.since)
    most = len(rhythm.after)
    if step.done:
        return Reminder(state=State.DONE, number=len(gone), most=most)
    if len(gone) >= most:
        return Reminder(state=State.SPENT, number=len(gone), most=most)
    at = _next(step, rhythm, gone)
    if at is None or any(pause.holds(now) for pause in step.pauses):
        return Reminder(state=State.CLOSED, number=len(gone) + 1, most=most)
    state = State.DUE if at <= now else State.AHEAD
    return Reminder(state=state, number=len(gone) + 1, most=most, at=at)


def _next(step: Step, rhythm: Rhythm, gone: Sequence[datetime]) -> datetime | None:
    wait = timedelta(days=rhythm.after[len(gone)])
    # Towards a fixed date every day counts; otherwise the clock stands still in a pause.
    first = (
        _later(step.since + wait, timedelta(0), step.pauses)
        if rhythm.fixed
        else _later(step.since, wait, step.pauses)
    )
    if first is None or not gone:
        return first
    apart = _later(gone[-1], APART, step.pauses)
    return None if apart is None else max(first, apart)


def _later(since: datetime, wait: timedelta, pauses: Iterable[Pause]) -> datetime | None:
    """Return when so much time outside the pauses has gone by; None if a pause has no end."""
    at = since
    for pause in sorted(pauses, key=lambda one: one.starts):
        if pause.ends is not None and pause.ends <= at:
            continue
        before = max(pause.starts - at, timedelta(0))
        if before > wait:
            break
        if pause.ends is None:
            return None
        at, wait = pause.ends, wait - before
    return at + wait


def is_night(moment: datetime) -> bool:
    """Return whether an e-mail would arrive at night in London."""
    return not DAY_BEGINS <= moment.astimezone(LONDON).hour < DAY_ENDS


def digest(
    waiting: Iterable[tuple[Step, Sequence[datetime]]],
    written_on: date | None,
    now: datetime,
    *,
    at_night: bool = False,
) -> tuple[tuple[Step, int], ...]:
    """Return the steps that one e-mail to one person would now tell of, each with its number.

    ``waiting`` is each step with when earlier reminders of it went; ``written_on`` the day in
    London of the last e-mail, whatever it was about. Nothing comes back where none should go:
    because none is due, the last one is too fresh, or it is night and nobody said ``at_night``.
    """
    today = now.astimezone(LONDON).date()
    too_fresh = written_on is not None and today - written_on < MAILS_APART
    if too_fresh or (is_night(now) and not at_night):
        return ()
    found = [(step, reminder(step, sent, now)) for step, sent in waiting]
    return tuple((step, one.number) for step, one in found if one.state is State.DUE)
