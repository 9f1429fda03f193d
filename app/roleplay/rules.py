"""What holds for role plays here: drawing the delivery, who takes part, what a sheet needs.

Plain functions of plain values. Source: award specification A5 and C1 (docs/sources.md).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assessments.roleplay import Mark, Overall
from assessments.scheduling import Pause, Scene, elapsed
from modules import Case

#: The key under which the overall judgement is agreed, beside the criteria.
OVERALL = "overall"
#: Judged as well wherever the test line is played as real (C1).
REAL_LINE = ("M3.2.3", "M3.2.4")
#: Can be shown only where the test line is played as real (C2, case CS2).
ONLY_REAL = "M3.2.4"
MARK_WORDS = {
    Mark.ACHIEVED: ("ok", "Achieved"),
    Mark.NOT_YET: ("notyet", "Not yet"),
    Mark.NOT_OBSERVED: ("none", "Not observed"),
}
OVERALL_WORDS = {
    Overall.CLEAR: ("ok", Overall.CLEAR.label),
    Overall.BORDERLINE: ("cond", Overall.BORDERLINE.label),
    Overall.NOT_YET: ("notyet", Overall.NOT_YET.label),
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the coordinator wants to book."""

    case: Case
    round: int
    starts: datetime
    #: Empty: by secure video.
    room: str
    role_player_id: int
    learner_ids: tuple[int, ...]
    assessor_ids: tuple[int, ...]
    briefs_open_at: datetime
    override_reason: str = ""

    @property
    def minutes(self) -> int:
        """Return how long people and room are needed: the play and the talk after it."""
        return self.case.minutes + self.case.debrief_minutes

    @property
    def ends(self) -> datetime:
        """Return when the talk after it ends."""
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def people_ids(self) -> tuple[int, ...]:
        """Return everybody who takes part."""
        return (self.role_player_id, *self.learner_ids, *self.assessor_ids)


def plan_faults(plan: Plan, now: datetime) -> dict[str, str]:
    """Return what stands against a plan by itself: field of the form to sentence."""
    faults = {}
    wanted = 2 if plan.case.pair else 1
    if len(plan.learner_ids) != wanted:
        alone = "is played by one learner; leave the second one empty"
        words = "is played in a pair; choose a second learner" if plan.case.pair else alone
        faults["second_learner"] = f"{plan.case.code} {words}"
    if len(set(plan.assessor_ids)) != len(plan.assessor_ids):
        faults["second_assessor"] = "Two different assessors mark a role play"
    elif len(set(plan.people_ids)) != len(plan.people_ids):
        faults["role_player"] = "One person is in two parts of this role play; choose again"
    if plan.round > plan.case.rounds:
        faults["round"] = f"{plan.case.code} is played in one round"
    if plan.starts <= now:
        faults["day"] = "Choose a day and time that are still ahead"
    return faults


def draw(rounds: int, drawn: Collection[str], choose: Callable[[Sequence[str]], str]) -> str:
    """Return how the test line is delivered: "P", for effect, or "R", as real.

    P is the usual draw. A case of two rounds has R in at least one: ``drawn`` holds what was drawn
    for this learner's other rounds of the case. Source: award specification C1.
    """
    if rounds > 1:
        return "R" if drawn and "R" not in drawn else choose("PR")
    return choose("PPPR")


def sheet_refs(grid: Iterable[str], delivery: str, added: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the criteria of a mark sheet, in order, each once."""
    extra = REAL_LINE if delivery == "R" else ()
    return tuple(dict.fromkeys([*grid, *extra, *added]))


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """Where the clock of a sheet stands: ready, running, paused or over; and seconds played."""

    state: str
    seconds: int


def clock_state(
    started: datetime | None,
    pauses: Sequence[Sequence[str | None]],
    stopped: datetime | None,
    now: datetime,
) -> ClockState:
    """Return where the clock stands now."""
    if started is None:
        return ClockState(state="ready", seconds=0)
    frozen = [_pause(one) for one in pauses]
    seconds = elapsed(started, frozen, stopped or now)
    if stopped:
        return ClockState(state="over", seconds=seconds)
    paused = bool(frozen) and frozen[-1].ended is None
    return ClockState(state="paused" if paused else "running", seconds=seconds)


def _pause(pair: Sequence[str | None]) -> Pause:
    began, ended = pair
    return Pause(
        started=datetime.fromisoformat(began or ""),
        ended=datetime.fromisoformat(ended) if ended else None,
    )


def scenes(case: Case) -> tuple[Scene, ...]:
    """Return the scene plan in seconds."""
    return tuple(
        Scene(number=one.number, title=one.title, starts=one.starts * 60, ends=one.ends * 60)
        for one in case.assessor.scenes
    )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What one sheet says of one learner so far."""

    name: str
    learner_id: int
    refs: tuple[str, ...]
    marks: Mapping[str, str] = field(default_factory=dict)
    overall: str = ""
    strength: str = ""
    next_step: str = ""


def missing(drafts: Sequence[Draft], *, stop_unexplained: bool, unsettled: int) -> tuple[str, ...]:
    """Return what a sheet still needs before it is final, in sentences; empty: nothing.

    The overall judgement is asked for beside the marks and never worked out from them.
    """
    sentences = [words for draft in drafts for words in _missing_of(draft)]
    if stop_unexplained:
        sentences.append("Say why the exercise was stopped.")
    if unsettled:
        sentences.append("Two versions of something you wrote wait for you to choose.")
    return tuple(sentences)


def _missing_of(draft: Draft) -> Iterable[str]:
    unmarked = [ref for ref in draft.refs if not draft.marks.get(ref)]
    if unmarked:
        yield f"{draft.name}: no mark yet for {', '.join(unmarked)}."
    if not draft.overall:
        yield f"{draft.name}: no overall judgement yet."
    if not draft.strength.strip():
        yield f"{draft.name}: no strength written yet."
    if not draft.next_step.strip():
        yield f"{draft.name}: no next step written yet."
