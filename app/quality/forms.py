"""What verifiers send."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from app.forms import Form, TooLong, choices
from assessments.completion import Verification


class VerifyForm(Form):
    decision = RadioField(
        "Do you agree with this decision?",
        choices=choices(
            [
                (Verification.AGREED.value, "I agree with it"),
                (Verification.RETURNED.value, "I return it to the assessor"),
            ]
        ),
        validators=[InputRequired("Say whether you agree")],
    )
    reason = TextAreaField(
        "Why?",
        validators=[TooLong(4000)],
        description="Needed when you return it. Both assessors and the learner read it.",
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Return whether the form is in order; returning work needs a reason."""
        fine: bool = super().validate(extra_validators)
        returned = self.decision.data == Verification.RETURNED.value
        if returned and not (self.reason.data or "").strip():
            self.reason.errors = ["Write what the assessor should look at again"]
            return False
        return fine
