"""What people send about portfolios."""

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import FileInput

from app.addresses import whole
from app.forms import DayField, Form, TooLong, choices
from app.uploads import LARGEST
from assessments.completion import Verdict
from assessments.unitfile import Method

#: What a learner files by hand. Checks and role plays file themselves.
BY_HAND = (Method.WR, Method.PD, Method.WT, Method.SR)


def _number(sent: object) -> int:
    """Return the id that was chosen, or 0, which nobody has, for what is no id."""
    try:
        return whole(str(sent))
    except ValueError:
        return 0


class RegisterForm(Form):
    pathways = SelectMultipleField(
        "Which pathway?",
        validators=[InputRequired("Choose at least one pathway")],
        description="Accreditation is for the pathways achieved. A second one can follow later.",
    )
    on = DayField(
        "When did they enrol?", required="Write the day on which they enrolled", past=True
    )


# What every form of evidence asks: made anew for each, so that the fields keep their order.
def _title() -> StringField:
    return StringField(
        "What would you call it?",
        validators=[InputRequired("Give it a title"), TooLong(200)],
        description="Never the name of anybody who is supported.",
    )


def _screening_reason() -> StringField:
    return StringField(
        "Why may it stand as it is?",
        validators=[Optional(), TooLong(200)],
        description="Only if it holds no name, place, age or number of anybody who is supported.",
    )


def _criteria() -> SelectMultipleField:
    return SelectMultipleField(
        "Which criteria does it go towards?",
        validators=[InputRequired("Choose at least one criterion")],
    )


def _own() -> BooleanField:
    return BooleanField(
        "This is my own work, and it holds nothing that could identify anybody who is supported",
        validators=[InputRequired("Declare that it is your own work")],
    )


class EvidenceForm(Form):
    method = RadioField(
        "What kind of evidence is it?",
        choices=choices([(one.value, one.label) for one in BY_HAND]),
        validators=[InputRequired("Choose what kind of evidence it is")],
    )
    title = _title()
    words = TextAreaField(
        "Your words",
        validators=[InputRequired("Write what shows the learning"), TooLong(20_000)],
        description="300 to 600 words for written work; a summary for a discussion or a statement.",
    )
    screening_reason = _screening_reason()
    shown_on = DayField("When was it written or said?", required="Write the day", past=True)
    criteria = _criteria()
    own = _own()


class HandInForm(Form):
    title = _title()
    words = TextAreaField(
        "What you hand in",
        validators=[InputRequired("There is nothing to hand in yet"), TooLong(20_000)],
        description="A copy of your words. Change it as you like: your journal stays as it is.",
    )
    screening_reason = _screening_reason()
    criteria = _criteria()
    own = _own()


class FilesField(Field):
    """Files, any number of them. ``data`` is what was chosen; ``received`` what may be kept."""

    widget = FileInput()
    #: Told by a script, before a large file travels.
    largest = LARGEST

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was chosen. A box without a choice sends a file without a name."""
        self.data = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]


class FileForm(Form):
    """Files, and what their learner declares of them."""

    files = FilesField(
        "Files",
        description="PDF, Word (.docx), JPEG, PNG or plain text; at most 20 MB each, 10 in all.",
    )
    whose = StringField(
        "Whose work is it, where it is not yours?",
        validators=[Optional(), TooLong(200)],
        description="A role is enough, such as: my supervisor. Leave it empty if all is yours.",
    )
    name_reason = StringField(
        "Why may the name stand as it is?",
        validators=[Optional(), TooLong(200)],
        description="Only if it is of nobody who is supported. Choose the files again, too.",
    )
    files_own = BooleanField("These files are my own work, or I say above whose they are")
    files_nobody = BooleanField("Nobody who is supported can be recognised from these files")


class EvidenceWithFilesForm(EvidenceForm, FileForm):
    """A new piece of evidence, perhaps with files."""


class JudgeForm(Form):
    evidence = SelectField(
        "Which evidence does it rest on?",
        validators=[InputRequired("Choose the evidence")],
        coerce=str,
    )
    verdict = RadioField(
        "Does the evidence meet the criterion?",
        choices=choices([(Verdict.ACHIEVED.value, "Achieved"), (Verdict.NOT_YET.value, "Not yet")]),
        validators=[InputRequired("Say whether the criterion is met")],
    )
    feedback = TextAreaField(
        "What did you see, and what comes next?",
        validators=[InputRequired("Write feedback that the learner can use"), TooLong(4000)],
        description="The learner reads this today. The internal verifier reads it too.",
    )
    observed_on = DayField(
        "When did you see it?", required="Write the day on which you saw it", past=True
    )
    reason = TextAreaField(
        "Why is the decision made again?",
        validators=[Optional(), TooLong(1000)],
        description="The earlier decision stays readable beside this one.",
    )


class TutorialForm(Form):
    held_on = DayField("When was it held?", required="Write the day of the tutorial", past=True)
    covered = TextAreaField(
        "What did you go over?",
        validators=[InputRequired("Write what you went over, in a line or two"), TooLong(1000)],
        description="A line or two. Nothing about anybody who is supported.",
    )


class AllocateForm(Form):
    # Whether somebody may be chosen is for the action to say, in words.
    assessor = SelectField(
        "Who assesses them?",
        validators=[InputRequired("Choose an assessor")],
        coerce=_number,
        validate_choice=False,
        description="They see the portfolio from now on, and are written to.",
    )
