"""Booking a role play and running its clock: clashes, scenes, time with pauses.

Source: award specification C1 and A3 rule 3 (docs/sources.md).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.completion import AwardProgress, Reason
from assessments.dates import LONDON, clock_time, say
from assessments.framework import Framework
from assessments.unitfile import Method


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A role play booked for half-open time: one that ends at 10.30 leaves 10.30 free."""

    id: str
    starts: datetime
    ends: datetime
    #: Empty for a role play by video.
    room: str
    #: Everybody who takes part: id to name.
    people: Mapping[int, str]
    title: str


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One person or room that is already taken."""

    booking_id: str
    #: The person's name, or the room.
    what: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Part of a role play, in seconds from its start; ``ends`` belongs to the next scene."""

    number: int
    title: str
    starts: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A freeze. ``ended`` is None while it lasts."""

    started: datetime
    ended: datetime | None


def clashes(proposal: Booking, existing: Iterable[Booking]) -> tuple[Clash, ...]:
    """Return every person and room of the proposal that another booking already has.

    A booking never clashes with its own earlier version (same id).
    """
    return tuple(
        clash
        for other in sorted(existing, key=lambda booking: (booking.starts, booking.id))
        if other.id != proposal.id and _overlap(proposal, other)
        for clash in _shared(proposal, other)
    )


def current_scene(scenes: Sequence[Scene], seconds: int) -> Scene | None:
    """Return the scene that is played ``seconds`` after the start; None after the last."""
    for scene in scenes:
        if scene.starts <= seconds < scene.ends:
            return scene
    return None


def elapsed(started: datetime, pauses: Iterable[Pause], now: datetime) -> int:
    """Return the whole seconds played by ``now``, without the pauses; never below zero."""
    paused = 0.0
    reached = started
    for pause in sorted(pauses, key=lambda one: one.started):
        begins = max(pause.started, reached)
        ends = min(pause.ended or now, now)
        if ends > begins:
            paused += (ends - begins).total_seconds()
            reached = ends
    return max(0, int((now - started).total_seconds() - paused))


def before_role_play(framework: Framework, progress: AwardProgress) -> tuple[str, ...]:
    """Return what is missing before any role play can be booked, in sentences; empty: nothing.

    M1 and M3 come first. Their own role-play criteria cannot: so every criterion of the two that
    is judged without a role play must be achieved. Verification may still be under way.
    Source: award specification A3 rule 3.
    """
    missing = (one for code in ("M1", "M3") for one in progress.unit(code).missing)
    return tuple(
        f"{one.ref}: {one.sentence}"
        for one in missing
        if one.reason is not Reason.WAITING_FOR_VERIFICATION
        and Method.RO not in framework.criterion(one.ref).methods
    )


def before_live_contact(
    progress: AwardProgress,
    *,
    cases_passed: Collection[str],
    vetting_clear: bool,
    agreement_signed: bool,
    client_agrees: bool,
) -> tuple[str, ...]:
    """Return what is missing before shadowing or any live contact, even in a pair.

    Source: award specification A3 rule 3.
    """
    checks = (
        ("CS1" in cases_passed, "Role play CS1 has not been passed yet."),
        ("CS2" in cases_passed, "Role play CS2 has not been passed yet."),
        (progress.unit("M5").achieved, "Unit M5 is not achieved yet."),
        (vetting_clear, "Vetting is not clear, or not in date."),
        (agreement_signed, "The supervision agreement is not signed, or not in date."),
        (client_agrees, "The client has not agreed yet."),
    )
    return tuple(sentence for met, sentence in checks if not met)


def rounds_left(
    framework: Framework, pathways: Collection[str], played: Iterable[str]
) -> tuple[str, ...]:
    """Return the rounds still to play, one entry each: "CS2", or "CS6 or CS7".

    ``played`` holds one case code for every round passed. The pathway place takes the case of a
    chosen pathway only. Source: award specification A5 rule 4.
    """
    done = list(played)
    left: list[str] = []
    for place in framework.award.minimum_role_plays:
        cases = _fitting(framework, place.cases, pathways)
        rounds = sum(done.count(code) for code in cases)
        left += [" or ".join(cases)] * max(0, place.rounds - rounds)
    return tuple(left)


def _fitting(
    framework: Framework, cases: tuple[str, ...], pathways: Collection[str]
) -> tuple[str, ...]:
    units = {code: framework.case(code).pathway_unit for code in cases}
    fitting = tuple(code for code, unit in units.items() if unit is None or unit in pathways)
    return fitting or cases


def _overlap(one: Booking, other: Booking) -> bool:
    return one.starts < other.ends and other.starts < one.ends


def _shared(proposal: Booking, other: Booking) -> Iterator[Clash]:
    day = say(other.starts.astimezone(LONDON).date())
    when = f"from {clock_time(other.starts)} to {clock_time(other.ends)} on {day}"
    for person in sorted(proposal.people.keys() & other.people.keys()):
        name = other.people[person]
        yield Clash(booking_id=other.id, what=name, sentence=f"{name} is in {other.title} {when}.")
    if proposal.room and proposal.room == other.room:
        yield Clash(
            booking_id=other.id,
            what=other.room,
            sentence=f"{other.room} is taken by {other.title} {when}.",
        )
