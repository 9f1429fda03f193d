"""What people send about records and facts."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from app.forms import DayField, Form, TooLong, choices
from assessments.facts import OUTCOMES, FactKind, FactOutcome

#: Facts that somebody records by hand. The site records the others from what happens on it.
BY_HAND = (
    FactKind.APPLICATION,
    FactKind.SIFT,
    FactKind.INTERVIEW,
    FactKind.REFERENCE_ONE,
    FactKind.REFERENCE_TWO,
    FactKind.VETTING,
    FactKind.CODE_OF_CONDUCT,
    FactKind.TRAINING,
    FactKind.INTERESTS,
    FactKind.CONTRACT,
    FactKind.CONDITION_MET,
    FactKind.CASE_OPENED,
    FactKind.CASE_CLOSED,
)
#: What the free key of a kind is, where it has one.
KEYS = {
    FactKind.CODE_OF_CONDUCT: "Which version of the code?",
    FactKind.CONDITION_MET: "Which condition?",
    FactKind.CASE_OPENED: "Which case reference?",
    FactKind.CASE_CLOSED: "Which case reference?",
}
#: What may be noted, and what may not.
NOTES = {
    FactKind.VETTING: "The kind of clearance, what was seen and by whom. Never what it says. "
    "The document itself is not kept.",
    FactKind.REFERENCE_ONE: "The referee’s relation to the person, and when it was asked for.",
    FactKind.REFERENCE_TWO: "The referee’s relation to the person, and when it was asked for.",
    FactKind.CONTRACT: "The rate, or ‘volunteer’, and the insurance.",
    FactKind.INTERESTS: "The nature of each, and how it is managed.",
}
#: Kinds whose own papers name a last day.
WITH_END = {FactKind.VETTING, FactKind.CONTRACT}
WORDS = {
    FactOutcome.PASSED: "Passed",
    FactOutcome.NOT_PASSED: "Not passed",
    FactOutcome.SATISFACTORY: "Satisfactory",
    FactOutcome.UNSATISFACTORY: "Not satisfactory",
    FactOutcome.CLEAR: "Clear",
    FactOutcome.CLEAR_WITH_NOTE: "Clear, with a note for the panel",
    FactOutcome.NOT_CLEAR: "Not clear",
    FactOutcome.DONE: "Done",
}


class FactForm(Form):
    outcome = RadioField("What does it say?", validators=[InputRequired("Choose what it says")])
    effective = DayField("From which day?", required="Write the day")
    until = DayField("Until which day?")
    key = StringField("Which one?", validators=[Optional(), TooLong(60)])
    note = TextAreaField("Anything to note?", validators=[Optional(), TooLong(1000)])

    def suit(self, kind: FactKind) -> None:
        """Ask only what a fact of this kind holds."""
        outcomes = [one for one in FactOutcome if one in OUTCOMES.get(kind, {FactOutcome.DONE})]
        self.outcome.choices = choices([(one.value, WORDS[one]) for one in outcomes])
        if len(outcomes) == 1:
            self.outcome.data = outcomes[0].value
        self.key.label.text = KEYS.get(kind, "")
        self.note.description = NOTES.get(kind, "Only what a stranger may read at an inquiry.")
        if kind not in WITH_END:
            del self.until
        elif kind is FactKind.VETTING:
            self.until.required = "Write its last day, or the day of the recheck"
        if kind not in KEYS:
            del self.key
        else:
            self.key.validators = [InputRequired("Write which one"), TooLong(60)]


class OrderForm(Form):
    reason = TextAreaField(
        "Why?",
        validators=[InputRequired("Write the reason"), TooLong(1000)],
        description="The mentor and the panel read it. It never describes a client.",
    )


class WithdrawForm(OrderForm):
    outcome = RadioField(
        "Who ends it?",
        choices=choices(
            [
                (FactOutcome.BY_MENTOR.value, "The mentor, by giving notice"),
                (FactOutcome.BY_PANEL.value, "The panel"),
                (FactOutcome.BREACH.value, "The panel, after a proven serious breach"),
            ]
        ),
        validators=[InputRequired("Say who ends it")],
    )
