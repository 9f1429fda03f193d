"""What the pages of drills show, as plain values for the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.learning import drill_queries as queries
from app.learning.drill_queries import BREAK, CONSULT, LISTEN
from app.learning.models import DrillRun, DrillStep
from modules import judge_drill
from modules.checks import Timing
from modules.manual import DrillWindow

LONGEST_WORDS = 2_000
#: What is offered on each screen, and what was decided, each in words.
CHOICES = (
    (LISTEN, "Carry on listening", "Nothing is passed on yet."),
    (CONSULT, "Consult now", "You ring the duty coordinator, and then go on with the hour."),
    (BREAK, "Break confidence now", "You tell what you were told. The drill ends here."),
)
DECIDED = {
    LISTEN: "Carried on listening",
    CONSULT: "Consulted",
    BREAK: "Broke the confidence",
}
#: Glyph and words of a moment that came early, in time or late.
SHAPES = {
    Timing.EARLY: ("wait", "Early"),
    Timing.IN_TIME: ("ok", "In time"),
    Timing.LATE: ("notyet", "Late"),
}


def wrong(choice: str, words: str) -> list[tuple[str, str, str]]:
    """Return (field, id, what to do) for each fault of a decision."""
    found = []
    if choice not in DECIDED:
        found.append(("choice", "choice-0", "Choose what you do now"))
    over = len(words) - LONGEST_WORDS
    if over > 0:
        sentence = f"Shorten this by {over} character{'s'[: over > 1]}; it can hold {LONGEST_WORDS}"
        found.append(("words", "words", sentence))
    return found


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One screen of a drill that is over, as the strip draws it."""

    number: int
    html: str
    #: None where the drill had ended before.
    step: DrillStep | None
    words: str
    #: Whether it lies in the window for consulting, and in that for breaking.
    to_consult: bool
    to_break: bool


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A drill that is over, beside its window."""

    consulted_at: int | None
    broke_at: int | None
    consulting: tuple[str, str]
    breaking: tuple[str, str]
    #: The window's own text for when the confidence was broken.
    said: str
    screens: Sequence[Screen]
    window: DrillWindow


def outcome(run: DrillRun) -> Outcome:
    """Return how one's moments stand to the window that held when the drill was begun."""
    put: dict[str, Any] = run.put
    window = DrillWindow(
        consult_by=put["consult_by"],
        break_from=put["break_from"],
        break_by=put["break_by"],
        early_html=put["early"],
        in_time_html=put["in_time"],
        late_html=put["late"],
    )
    consulted = queries.first_at(run, CONSULT)
    broke = queries.first_at(run, BREAK)
    judged = judge_drill(window, consult_at=consulted, break_at=broke)
    texts = {
        Timing.EARLY: window.early_html,
        Timing.IN_TIME: window.in_time_html,
        Timing.LATE: window.late_html,
    }
    return Outcome(
        consulted_at=consulted,
        broke_at=broke,
        consulting=SHAPES[judged.consulting],
        breaking=SHAPES[judged.breaking],
        said=texts[judged.breaking],
        screens=_screens(run, window),
        window=window,
    )


def _screens(run: DrillRun, window: DrillWindow) -> list[Screen]:
    steps = {step.screen: step for step in run.steps}
    return [
        Screen(
            number=number,
            html=html,
            step=steps.get(number),
            words=DECIDED[steps[number].choice] if number in steps else "Not reached",
            to_consult=number <= window.consult_by,
            to_break=window.break_from <= number <= window.break_by,
        )
        for number, html in enumerate(run.put["screens"], 1)
    ]
