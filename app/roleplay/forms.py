"""What people send about role plays."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation

from app.formats import LONDON, local
from app.forms import DayField, Form, TooLong, choices
from app.roleplay.models import Booking
from app.roleplay.rules import Plan
from assessments.roleplay import Overall
from modules import Case

if TYPE_CHECKING:
    from app.accounts.models import User

CLOCK = re.compile(r"^\s*(\d{1,2})(?:[.:](\d{2}))?\s*(am|pm)?\s*$", re.IGNORECASE)
#: How long before the start briefs open, in hours.
OPENS = (
    (2, "2 hours before"),
    (24, "24 hours before"),
    (48, "2 days before"),
    (168, "A week before"),
)


def time_of(text: str) -> time | None:
    """Return a time of day as people write it: "14:00", "14.00", "2 pm", "2.30 pm"."""
    match = CLOCK.match(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


class RealTime:
    """Refuses what is not a time of day."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise StopValidation with an example."""
        if time_of(field.data or "") is None:
            raise StopValidation("This needs a time, like 2.30 pm or 14:30")


def _number(value: Any) -> int:
    return int(value) if str(value or "").isdecimal() else 0


class ChangeForm(Form):
    day = DayField("Which day?", required="Write the day")
    time = StringField(
        "When does it begin?",
        validators=[InputRequired("Write when it begins"), TooLong(10), RealTime()],
        description="Like 2.30 pm.",
    )
    room = StringField(
        "Which room?",
        validators=[TooLong(80)],
        description="Leave it empty for secure video.",
    )
    learner = SelectField(
        "Who is the learner?", validators=[InputRequired("Choose the learner")], coerce=_number
    )
    second_learner = SelectField(
        "Who is the second learner?",
        coerce=_number,
        description="Only for a case that is played in a pair.",
    )
    role_player = SelectField(
        "Who plays the client?",
        validators=[InputRequired("Choose the role player")],
        coerce=_number,
    )
    assessor = SelectField(
        "Who marks it?", validators=[InputRequired("Choose the first assessor")], coerce=_number
    )
    second_assessor = SelectField(
        "Who marks it as well?",
        validators=[InputRequired("Choose the second assessor")],
        coerce=_number,
        description="Each marks alone. They see each other's marks once both have finished.",
    )
    opens = SelectField(
        "When do the briefs open?",
        choices=choices([(hours, words) for hours, words in OPENS]),
        coerce=_number,
        default=24,
        description="Everybody reads their own brief from then on, and nobody another's.",
    )
    override_reason = TextAreaField(
        "Why is it booked all the same?",
        validators=[TooLong(1000)],
        description="Only where something that comes first is missing. Kept with the booking.",
    )
    version = HiddenField()

    def people(
        self, learners: Sequence["User"], players: Sequence["User"], assessors: Sequence["User"]
    ) -> None:
        """Offer these people."""
        self.learner.choices = _choices(learners, "Choose a learner")
        self.second_learner.choices = _choices(learners, "Nobody")
        self.role_player.choices = _choices(players, "Choose a role player")
        self.assessor.choices = _choices(assessors, "Choose an assessor")
        self.second_assessor.choices = _choices(assessors, "Choose another assessor")

    def plan(self, case: Case, number: int) -> Plan:
        """Return what the form asks for. Only after it was found in order."""
        starts = _moment(self.day.data, time_of(self.time.data) or time())
        learners = (self.learner.data, self.second_learner.data)
        return Plan(
            case=case,
            round=number,
            starts=starts,
            room=" ".join((self.room.data or "").split()),
            role_player_id=self.role_player.data,
            learner_ids=tuple(one for one in learners if one),
            assessor_ids=(self.assessor.data, self.second_assessor.data),
            briefs_open_at=starts - timedelta(hours=self.opens.data),
            override_reason=self.override_reason.data or "",
        )


def _choices(people: Sequence["User"], nobody: str) -> list[Any]:
    return choices([("", nobody), *((one.id, one.working_name) for one in people)])


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON)


class BookForm(ChangeForm):
    case = SelectField("Which case?", validators=[InputRequired("Choose the case")])
    round = RadioField(
        "Which round?",
        choices=choices([("1", "First"), ("2", "Second")]),
        default="1",
        description="Only a case of two rounds has a second one.",
    )


def as_booked(booking: Booking) -> dict[str, Any]:
    """Return a booking as the form shows it."""
    begins = local(booking.starts_at)
    learners = [*booking.learner_ids, 0]
    lead = booking.starts_at - booking.briefs_open_at
    return {
        "day": begins.date(),
        "time": f"{begins:%H:%M}",
        "room": booking.room,
        "learner": learners[0],
        "second_learner": learners[1],
        "role_player": booking.role_player_id,
        "assessor": booking.assessor_ids[0],
        "second_assessor": booking.assessor_ids[1],
        "opens": int(lead.total_seconds() // 3600),
        "override_reason": booking.override_reason,
        "version": str(booking.version),
    }


class CancelForm(Form):
    because = StringField(
        "Why is it cancelled?",
        validators=[InputRequired("Write why it is cancelled"), TooLong(200)],
        description="Everybody who has a part in it reads this.",
    )
    version = HiddenField()


class StopForm(Form):
    because = StringField(
        "Why did you stop the exercise?",
        validators=[InputRequired("Write what you saw or heard"), TooLong(300)],
        description="What you saw or heard. The learner reads this with the result.",
    )


class OverallForm(Form):
    overall = RadioField(
        "Your overall judgement",
        choices=choices([(one.value, one.label) for one in Overall]),
        validators=[InputRequired("Choose your overall judgement")],
    )
    strength = TextAreaField(
        "One strength",
        validators=[InputRequired("Write one strength"), TooLong(2000)],
        description="Something you saw or heard that the learner should keep doing.",
    )
    next_step = TextAreaField(
        "One next step",
        validators=[InputRequired("Write one next step"), TooLong(2000)],
        description="Something the learner can do or try next.",
    )
    version = HiddenField(default="0")
