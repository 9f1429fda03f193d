"""The words of standing: statuses, hold markers, reasons, intervals.

Source: award specification D1 and D2 (docs/sources.md).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """Where a person stands. Source: award specification D2."""

    APPLICANT = "applicant"
    IN_TRAINING = "in_training"
    READY_FOR_PANEL = "ready_for_panel"
    ACCREDITED = "accredited"
    ACCREDITED_WITH_CONDITIONS = "accredited_with_conditions"
    RENEWAL_DUE = "renewal_due"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """Return the status as pages write it."""
        return _WORDS[self][0]

    @property
    def meaning(self) -> str:
        """Return what the status means, in one sentence."""
        return _WORDS[self][1]

    @property
    def active(self) -> bool:
        """Return whether the accreditation is in force. Source: award specification D3."""
        return self in ACTIVE

    @property
    def ended(self) -> bool:
        """Return whether only a new application leads on from here."""
        return self in {Status.WITHDRAWN, Status.DECLINED}


ACTIVE = frozenset({Status.ACCREDITED, Status.ACCREDITED_WITH_CONDITIONS, Status.RENEWAL_DUE})

_WORDS = {
    Status.APPLICANT: (
        "Applicant",
        "Has applied. The application, the sift and the interview are under way.",
    ),
    Status.IN_TRAINING: (
        "In training",
        "Has passed the interview and enrolled. May shadow under supervision, and no more.",
    ),
    Status.READY_FOR_PANEL: (
        "Ready for panel",
        "Everything that the panel needs is there and in date. The panel has not decided.",
    ),
    Status.ACCREDITED: (
        "Accredited",
        "The panel's decision is in force. May be offered work within its scope.",
    ),
    Status.ACCREDITED_WITH_CONDITIONS: (
        "Accredited, with conditions",
        "The panel's decision is in force. May be offered work as the conditions allow.",
    ),
    Status.RENEWAL_DUE: (
        "Renewal due",
        "Accredited, and within 90 days of the end. May be offered work until that day.",
    ),
    Status.LAPSED: (
        "Lapsed",
        "The accreditation, or something that it rests on, has run out. May not be offered work.",
    ),
    Status.SUSPENDED: (
        "Suspended",
        "A neutral step while something is looked into, not a finding. May not be offered work.",
    ),
    Status.WITHDRAWN: (
        "Withdrawn",
        "The accreditation was ended, by the mentor or by the panel. May not be offered work.",
    ),
    Status.DECLINED: (
        "Declined",
        "The panel said no and gave its reasons. A new application is possible after 12 months.",
    ),
}


class Hold(StrEnum):
    """A marker on an active status: no new work, open relationships go on under review."""

    CODE_OF_CONDUCT = "code_of_conduct"
    SUPERVISION_AGREEMENT = "supervision_agreement"
    TRAINING = "training"
    INTERESTS = "interests"
    CONTRACT = "contract"
    SUPERVISION_GAP = "supervision_gap"

    @property
    def label(self) -> str:
        """Return what the hold is about, as pages write it."""
        return _HOLDS[self]


_HOLDS = {
    Hold.CODE_OF_CONDUCT: "Code of conduct to be signed",
    Hold.SUPERVISION_AGREEMENT: "Supervision agreement out of date",
    Hold.TRAINING: "Data protection and safeguarding training out of date",
    Hold.INTERESTS: "Interests to be declared",
    Hold.CONTRACT: "No contract in date",
    Hold.SUPERVISION_GAP: "Supervision overdue",
}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a status or a hold is what it is, and the facts that it follows from."""

    text: str
    fact_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Interval:
    """One stretch of days with one status: from ``starts``, up to but without ``ends``."""

    status: Status
    starts: date
    #: The first day of the status without a break: earlier than ``starts`` where only a hold or
    #: a reason has changed since.
    since: date
    #: The first day of the next interval; None for the last.
    ends: date | None
    holds: frozenset[Hold]
    reasons: tuple[Reason, ...]
    #: Of the panel's decision: its first day, and its last day as things stand.
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def may_be_offered_work(self) -> bool:
        """Return whether new work may be offered. Source: award specification D2."""
        return self.status.active and not self.holds
