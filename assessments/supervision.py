"""The supervision log: its fixed lists, what it needs before signing, what the panel sees.

Source: award specification E3, E4 and E5 (docs/sources.md).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

#: Free text exists for actions only, and is short. Source: award specification E3.
ACTION_TEXT = 140


class _Worded(StrEnum):
    """A fixed list whose pages show the value with a capital, unless a label says otherwise."""

    @property
    def label(self) -> str:
        """Return the words that pages show."""
        return _LABELS.get(str(self), self.value.replace("_", " ").capitalize())


class Format(_Worded):
    """Who met."""

    ONE_TO_ONE = "one_to_one"
    PAIR = "pair"
    GROUP = "group"


class Medium(_Worded):
    """How they met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    TELEPHONE = "telephone"


class Theme(_Worded):
    """What was talked about, from the fixed list."""

    TRUST = "trust"
    SILENCE = "silence"
    CHALLENGE = "challenge"
    STYLE = "style"
    FAITH_OR_IDEOLOGY = "faith_or_ideology"
    GRIEVANCE = "grievance"
    FAMILY_AND_PEERS = "family_and_peers"
    IDENTITY_AND_CREDIBILITY = "identity_and_credibility"
    BOUNDARIES = "boundaries"
    SAFETY = "safety"
    PAIRING = "pairing"
    RECORDING = "recording"
    ENDING = "ending"
    PARTNERS = "partners"
    SELF_CARE = "self_care"
    INFLUENCE = "influence"


class Boundary(_Worded):
    """What the boundary check is about."""

    CONTACT = "contact"
    GIFTS = "gifts"
    SELF_DISCLOSURE = "self_disclosure"
    DEPENDENCY = "dependency"


class BoundaryAnswer(_Worded):
    """What the boundary check found."""

    CLEAR = "clear"
    DISCUSSED = "discussed"
    ACTION = "action"


class RiskFlag(_Worded):
    """A flag, and nothing of the story behind it."""

    NONE = "none"
    MENTOR_SAFETY = "mentor_safety"
    CLIENT_SAFETY = "client_safety"
    PUBLIC_SAFETY = "public_safety"
    CONDUCT = "conduct"
    DATA = "data"


class InfluenceAnswer(_Worded):
    """The answer to "Has this work changed your own views or life choices?"

    Sealed: mentor and supervisor read it, and no report, export or administrator ever does.
    """

    NO = "no"
    DISCUSSED = "yes_discussed"
    NEEDS_ACTION = "yes_needs_action"
    ANOTHER_SUPERVISOR = "another_supervisor"


class ActionKind(_Worded):
    """What was agreed, from a fixed list; the list is the scheme's."""

    MEET_SOONER = "meet_sooner"
    WORK_IN_A_PAIR = "work_in_a_pair"
    PAUSE_CASE = "pause_case"
    CHANGE_OF_MENTOR = "change_of_mentor"
    SAFETY_PLAN = "safety_plan"
    TELL_COORDINATOR = "tell_coordinator"
    READING_OR_TRAINING = "reading_or_training"
    REST = "rest"
    SUPPORT_FOR_MENTOR = "support_for_mentor"
    TRY_IN_SESSION = "try_in_session"


class Wellbeing(IntEnum):
    """How the mentor is, in the mentor's own choice of words. Sealed like the influence answer."""

    NOT_ALL_RIGHT = 1
    STRETCHED = 2
    MANAGING = 3
    STEADY = 4
    WELL = 5

    @property
    def label(self) -> str:
        """Return the words beside the number."""
        return _WELLBEING[self]


_WELLBEING = {
    Wellbeing.NOT_ALL_RIGHT: "I am not all right",
    Wellbeing.STRETCHED: "I am stretched",
    Wellbeing.MANAGING: "I am managing",
    Wellbeing.STEADY: "I am steady",
    Wellbeing.WELL: "I am well",
}
_LABELS = {
    "faith_or_ideology": "Faith or ideology content",
    "self_care": "Self-care",
    "self_disclosure": "Self-disclosure",
    "mentor_safety": "Mentor's safety",
    "client_safety": "Client's safety",
    "yes_discussed": "Yes, discussed",
    "another_supervisor": "I would rather speak to another supervisor",
    "yes_needs_action": "Yes, and it needs action",
}


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing agreed. ``text`` is at most 140 characters and may be empty."""

    kind: ActionKind
    owner: str
    due: date | None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class LogDraft:
    """A log as it stands before it is signed; None or empty where nothing is filled in."""

    held: date | None = None
    minutes: int | None = None
    format: Format | None = None
    medium: Medium | None = None
    supervisor: str = ""
    #: Case references; empty means none was talked about.
    cases: tuple[str, ...] = ()
    themes: frozenset[Theme] = frozenset()
    wellbeing: Wellbeing | None = None
    influence: InfluenceAnswer | None = None
    boundaries: BoundaryAnswer | None = None
    risk_flags: frozenset[RiskFlag] = frozenset()
    actions: tuple[Action, ...] = ()
    next_date: date | None = None


def ready_to_sign(log: LogDraft) -> tuple[str, ...]:
    """Return what the log still needs before it can be signed, in sentences; empty: sign it.

    Source: award specification E3.
    """
    needed = (
        (log.held, "Give the date of the meeting."),
        (log.minutes and log.minutes > 0, "Give how many minutes it lasted."),
        (log.format, "Say whether it was one to one, in a pair or in a group."),
        (log.medium, "Say whether you met in person, by video or by telephone."),
        (log.supervisor, "Say who the supervisor was."),
        (log.themes, "Choose at least one theme."),
        (log.wellbeing, "Choose how you are, from 1 to 5."),
        (log.influence, "Answer the influence check."),
        (log.boundaries, "Answer the boundary check."),
        (log.risk_flags, "Choose a risk flag, or none."),
        (log.next_date, "Give the date of the next meeting."),
    )
    missing = [sentence for value, sentence in needed if not value]
    return (*missing, *_odd(log))


def _odd(log: LogDraft) -> Iterator[str]:
    if RiskFlag.NONE in log.risk_flags and len(log.risk_flags) > 1:
        yield "Choose either a risk flag or none."
    if log.held and log.next_date and log.next_date <= log.held:
        yield "The next meeting comes after this one."
    for number, action in enumerate(log.actions, start=1):
        if not action.owner.strip() or action.due is None:
            yield f"Action {number} needs a person and a date."
        if len(action.text) > ACTION_TEXT:
            yield f"Action {number} has room for {ACTION_TEXT} characters."


def may_edit(signatures: Collection[int]) -> bool:
    """Return whether the log may still be changed: only while nobody has signed.

    A later thought is a dated addendum. Source: award specification E3 (both sign).
    """
    return not signatures


@dataclass(frozen=True, kw_only=True)
class PanelFigures:
    """All that the panel and the coordinator see of supervision: figures, and no content."""

    meetings: int
    minutes: int
    last_held: date | None
    #: How many logs carry each flag; never which.
    flags: tuple[tuple[RiskFlag, int], ...]


def panel_view(logs: Iterable[LogDraft]) -> PanelFigures:
    """Return the figures of signed logs. Source: award specification E4 levels 2 and 3."""
    given = list(logs)
    counted = Counter(flag for log in given for flag in log.risk_flags)
    return PanelFigures(
        meetings=len(given),
        minutes=sum(log.minutes or 0 for log in given),
        last_held=max((log.held for log in given if log.held), default=None),
        flags=tuple(
            (flag, counted[flag])
            for flag in RiskFlag
            if flag is not RiskFlag.NONE and counted[flag]
        ),
    )
