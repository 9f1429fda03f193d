"""What people send about supervision."""

from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from app.forms import DayField, Form, TooLong, choices
from assessments.supervision import (
    ACTION_TEXT,
    ActionKind,
    BoundaryAnswer,
    Format,
    InfluenceAnswer,
    Medium,
    RiskFlag,
    Theme,
    Wellbeing,
)

LONGEST_NOTE = 8000


class AgreementForm(Form):
    mentor = SelectField(
        "Who is supervised?", coerce=int, validators=[InputRequired("Choose a mentor")]
    )
    supervisor = SelectField(
        "Who supervises?", coerce=int, validators=[InputRequired("Choose a supervisor")]
    )
    starts_on = DayField("When does it start?", required="Write the day on which it starts")
    review_on = DayField("When is it looked at again?", required="Write a day within twelve months")
    monthly_minutes = IntegerField(
        "How many minutes of supervision does each month need?",
        validators=[
            InputRequired("Write a number of minutes"),
            NumberRange(30, 600, "Write a number from 30 to 600"),
        ],
        default=60,
        description="A short month is not made up for by a long one.",
    )
    cover = StringField(
        "Who stands in when the supervisor is away?",
        validators=[InputRequired("Name somebody"), TooLong(80)],
    )
    formats = StringField(
        "How will they meet?",
        validators=[InputRequired("Say how they will meet"), TooLong(120)],
        description="Such as: one to one, in person; by telephone when needed",
    )


class LogForm(Form):
    held_on = DayField("When did you meet?", required="Write the day on which you met", past=True)
    minutes = IntegerField(
        "For how many minutes?",
        validators=[
            InputRequired("Write how many minutes it lasted"),
            NumberRange(1, 600, "Write a number from 1 to 600"),
        ],
    )
    format = RadioField(
        "Who met?",
        choices=choices([(one.value, one.label) for one in Format]),
        validators=[InputRequired("Say who met")],
    )
    medium = RadioField(
        "How did you meet?",
        choices=choices([(one.value, one.label) for one in Medium]),
        validators=[InputRequired("Say how you met")],
    )
    case_references = StringField(
        "Which cases did you talk about?",
        validators=[Optional(), TooLong(120)],
        description="References only, such as K7-204; empty for none. Never a name or initials.",
    )
    themes = SelectMultipleField(
        "What did you talk about?",
        choices=choices([(one.value, one.label) for one in Theme]),
    )
    wellbeing = RadioField(
        "How have you been since last time?",
        choices=choices([(str(one.value), one.label) for one in reversed(Wellbeing)]),
        validators=[Optional()],
    )
    influence = RadioField(
        "Has this work changed your own views or life choices?",
        choices=choices([(one.value, one.label) for one in InfluenceAnswer]),
        validators=[Optional()],
        description="It happens to thoughtful people. Saying so is never held against you.",
    )
    boundary = RadioField(
        "Boundaries: contact, gifts, telling about yourself, depending on each other",
        choices=choices([(one.value, one.label) for one in BoundaryAnswer]),
        validators=[Optional()],
    )
    risk_flags = SelectMultipleField(
        "Is anyone’s safety at risk, including yours?",
        choices=choices([(one.value, one.label) for one in RiskFlag]),
        description="The coordinator sees that a flag exists and its kind, never the story.",
    )
    shared_note = TextAreaField(
        "What you talked about",
        validators=[Optional(), TooLong(LONGEST_NOTE)],
        description="Nothing that could identify anybody who is supported.",
    )
    screening_reason = StringField(
        "Why may it stand as it is?",
        validators=[Optional(), TooLong(200)],
        description="Only if it holds no name, place, age or number of anybody who is supported.",
    )
    next_on = DayField("When do you meet next?")


class ActionForm(Form):
    kind = SelectField(
        "What was agreed?",
        choices=choices([("", "Nothing more"), *((one.value, one.label) for one in ActionKind)]),
        validators=[Optional()],
    )
    words = StringField("In a few words", validators=[Optional(), TooLong(ACTION_TEXT)])
    owner = SelectField("Who does it?", coerce=int, validators=[Optional()])
    due_on = DayField("By when?")

    def validate(self, extra_validators: object = None) -> bool:
        """Return whether the step is in order: words without a kind would be lost."""
        fine: bool = super().validate(extra_validators)
        if self.words.data and not self.kind.data:
            self.kind.errors = ["Choose what was agreed, or empty the words beside it"]
            return False
        if self.kind.data and not self.owner.data:
            self.owner.errors = ["Choose who does it"]
            return False
        return fine


class OwnBoxForm(Form):
    text = TextAreaField("Your words", validators=[Optional(), TooLong(LONGEST_NOTE)])


class ThoughtForm(Form):
    words = TextAreaField(
        "A later thought",
        validators=[InputRequired("Write your thought"), TooLong(2000)],
        description="It is dated and carries your name. The log above it stays as it was signed.",
    )
    screening_reason = StringField(
        "Why may it stand as it is?", validators=[Optional(), TooLong(200)]
    )
