"""What a certificate is worth on one day. Standing decides; the paper never does.

Source: award specification D2 and D5 (docs/sources.md).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assessments.dates import say
from assessments.statuses import Interval, Status


class CertificateState(StrEnum):
    """The true state of a certificate that exists."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        """Return the state as the check page writes it."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The certificate that took this one's place, and from which day."""

    code: str
    on: date


@dataclass(frozen=True, kw_only=True)
class StateOn:
    """The state on one day, the day from which it holds, and a sentence for the reader."""

    state: CertificateState
    since: date
    sentence: str


def state_on(
    day: date,
    *,
    valid_from: date,
    valid_until: date,
    interval: Interval | None,
    replaced_by: Replacement | None = None,
) -> StateOn:
    """Return the state of a certificate printed with these dates, given the standing on ``day``.

    Withdrawal and suspension of the person are told first, so that no older paper hides them.
    """
    return (
        _from_standing(interval)
        or _replaced(day, replaced_by)
        or _from_dates(day, valid_from, valid_until)
        or _lapsed(interval, valid_until)
        or StateOn(
            state=CertificateState.VALID,
            since=valid_from,
            sentence=f"Valid from {say(valid_from)} until {say(valid_until)}.",
        )
    )


def _from_standing(interval: Interval | None) -> StateOn | None:
    if interval is None:
        return None
    if interval.status is Status.WITHDRAWN:
        return StateOn(
            state=CertificateState.WITHDRAWN,
            since=interval.since,
            sentence=f"The accreditation was withdrawn on {say(interval.since)}.",
        )
    if interval.status is Status.SUSPENDED:
        return StateOn(
            state=CertificateState.SUSPENDED,
            since=interval.since,
            sentence=f"Suspended since {say(interval.since)}. Suspension is a neutral step while "
            "something is looked into. It is not a finding.",
        )
    return None


def _replaced(day: date, replaced_by: Replacement | None) -> StateOn | None:
    if replaced_by is None or day < replaced_by.on:
        return None
    return StateOn(
        state=CertificateState.REPLACED,
        since=replaced_by.on,
        sentence=f"Replaced on {say(replaced_by.on)}. Ask for the newer certificate.",
    )


def _from_dates(day: date, valid_from: date, valid_until: date) -> StateOn | None:
    if day < valid_from:
        return StateOn(
            state=CertificateState.NOT_YET_VALID,
            since=valid_from,
            sentence=f"Valid only from {say(valid_from)}.",
        )
    if day > valid_until:
        return StateOn(
            state=CertificateState.EXPIRED,
            since=valid_until,
            sentence=f"Expired: it was valid until {say(valid_until)}.",
        )
    return None


def _lapsed(interval: Interval | None, valid_until: date) -> StateOn | None:
    """Return the state where the paper's dates still run but the accreditation does not."""
    if interval is not None and interval.status.active:
        return None
    ended = interval.valid_until if interval is not None else None
    last = min(ended, valid_until) if ended is not None else None
    when = f" on {say(last)}" if last is not None else ""
    return StateOn(
        state=CertificateState.EXPIRED,
        since=last or valid_until,
        sentence=f"Expired: the accreditation ended{when}, before the date on the paper.",
    )
