"""What readers say about a paragraph, and what authors answer."""

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, StopValidation

from app.forms import Form, TooLong, choices
from app.learning.models import Stance

LONGEST_REMARK = 2_000
STANCES = {
    Stance.AGREE: "I agree, and want it to stay",
    Stance.DISAGREE: "I disagree",
    Stance.MISSING: "Something is missing",
}


class SaidUnlessAgreed:
    """Asks for words where an author could otherwise only guess."""

    def __call__(self, form: Form, field: TextAreaField) -> None:
        """Raise StopValidation with what to write."""
        if not (field.data or "").strip() and form.stance.data in {
            Stance.DISAGREE.value,
            Stance.MISSING.value,
        }:
            raise StopValidation("Say in a sentence what should be different")


class RemarkForm(Form):
    stance = RadioField(
        "What do you think of this paragraph?",
        choices=choices([(stance.value, words) for stance, words in STANCES.items()]),
        validators=[InputRequired("Choose one")],
    )
    words = TextAreaField(
        "What should the authors know?",
        validators=[TooLong(LONGEST_REMARK), SaidUnlessAgreed()],
        description="Needed unless you agree. Nothing that could identify anybody.",
    )
    screening_reason = StringField(
        "Why may it stand as it is?",
        validators=[Optional(), TooLong(200)],
        description="Only if it identifies nobody who is supported.",
    )


class AnswerForm(Form):
    words = TextAreaField(
        "What do you answer?",
        validators=[InputRequired("Write your answer"), TooLong(LONGEST_REMARK)],
    )
    changes_text = BooleanField("The text changes because of this remark")
