"""What people send to the panel's pages."""

from typing import Any

from wtforms import (
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from app.accreditation.meeting_queries import GRANTS, Given
from app.content import framework
from app.forms import DayField, Form, TooLong, choices
from assessments.panel import Seat, Vote
from assessments.panel_decision import DecisionOutcome, Scope, Working

LONGEST = 8000
VIEWS = ("suitable", "suitable with conditions", "not yet")
VOTES = {
    Vote.FOR: "For accrediting, with or without conditions",
    Vote.AGAINST: "Against",
    Vote.ABSTAIN: "I abstain",
}
OUTCOMES = {
    DecisionOutcome.ACCREDIT: "Accredit",
    DecisionOutcome.CONDITIONS: "Accredit with conditions",
    DecisionOutcome.DEFER: "Defer, once, by 60 days at most",
    DecisionOutcome.DECLINE: "Decline",
}


class ItemForm(Form):
    number = StringField(
        "Whose record?",
        validators=[InputRequired("Write the number of the record"), TooLong(12)],
        description="The number on the register, such as M-0093.",
    )
    meets_on = DayField("When does the panel meet?", required="Write the day of the meeting")


class InterestForm(Form):
    answer = RadioField(
        "Do you have an interest in this decision?",
        choices=choices([("no", "No"), ("yes", "Yes, and I will take no part")]),
        validators=[InputRequired("Answer yes or no")],
        description="Family, business, employment, faith or political office, pairing, training, "
        "supervision, a quarrel.",
    )
    nature = TextAreaField(
        "What is it?",
        validators=[Optional(), TooLong(1000)],
        description="Only if you answered yes. One sentence is enough.",
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Return whether the answer is whole: an interest needs its nature."""
        right = super().validate()
        if self.answer.data == "yes" and not self.nature.data:
            self.nature.errors = ["Write in a sentence what the interest is"]
            return False
        return bool(right)


class SuitabilityForm(Form):
    view = RadioField(
        "What is your own view?",
        choices=choices([(one, one.capitalize()) for one in VIEWS]),
        validators=[InputRequired("Choose your view")],
    )
    reasons = TextAreaField(
        "Why?",
        validators=[InputRequired("Write your reasons"), TooLong(LONGEST)],
        description="From the application, the sift, the interview and the references alone.",
    )


class VoteForm(Form):
    vote = RadioField(
        "How do you vote?",
        choices=choices([(one.value, words) for one, words in VOTES.items()]),
        validators=[InputRequired("Choose how you vote")],
    )
    dissent = TextAreaField(
        "Do you want a dissent to be kept with the decision?",
        validators=[Optional(), TooLong(LONGEST)],
        description="Empty for none. Panel members read it.",
    )


class DecisionForm(Form):
    outcome = RadioField(
        "What does the panel decide?",
        choices=choices([(one.value, words) for one, words in OUTCOMES.items()]),
        validators=[InputRequired("Choose what the panel decides")],
    )
    casting = RadioField(
        "The votes are equal. How do you cast your second vote?",
        choices=choices([(Vote.FOR.value, "For"), (Vote.AGAINST.value, "Against")]),
        validators=[Optional()],
    )
    pathways = SelectMultipleField("For which pathways?", validators=[Optional()])
    age_from = IntegerField(
        "Clients from which age?",
        validators=[Optional(), NumberRange(10, 99, "Write an age from 10 to 99")],
    )
    age_to = IntegerField(
        "Up to which age?",
        validators=[Optional(), NumberRange(10, 99, "Write an age from 10 to 99")],
    )
    languages = StringField(
        "In which languages?",
        validators=[Optional(), TooLong(120)],
        description="With commas between them, such as: English, Somali",
    )
    locality = StringField("In which locality?", validators=[Optional(), TooLong(80)])
    working = RadioField(
        "Alone, or only in a pair?",
        choices=choices(
            [(Working.SOLO.value, "Alone or in a pair"), (Working.PAIRED.value, "In a pair only")]
        ),
        validators=[Optional()],
    )
    valid_until = DayField("Until which day?")
    conditions = TextAreaField(
        "Which conditions?",
        validators=[Optional(), TooLong(2000)],
        description="Such as working in a pair, more supervision, named support, or a first case "
        "reviewed early.",
    )
    review_on = DayField("When are they reviewed?")
    owner = StringField("Who sees to them?", validators=[Optional(), TooLong(80)])
    deferred_until = DayField("To which day is it put off?")
    reasons = TextAreaField(
        "The reasons, in words that the person will read",
        validators=[InputRequired("Write the reasons"), TooLong(LONGEST)],
    )

    def offer(self, *, tied: bool) -> None:
        """Offer the award's pathways, and the casting vote only in a tie."""
        named = [(unit.code, unit.pathway or unit.title) for unit in framework().pathways]
        self.pathways.choices = choices(named)
        if not tied:
            del self.casting

    def validate(self, extra_validators: object = None) -> bool:
        """Return whether everything that the outcome needs was given."""
        right = super().validate()
        if not self.outcome.data:
            return False
        outcome = DecisionOutcome(self.outcome.data)
        lacking = [*self._lacking(outcome)]
        for field, words in lacking:
            if isinstance(field, DayField):
                field.faults = field.faults or [words]
            else:
                field.errors = [*field.errors, words]
        return bool(right) and not lacking

    def _lacking(self, outcome: DecisionOutcome) -> list[tuple[Any, str]]:
        wanted: list[tuple[Any, str]] = []
        if outcome in GRANTS:
            wanted += [
                (self.pathways, "Choose at least one pathway"),
                (self.age_from, "Write the youngest age"),
                (self.age_to, "Write the oldest age"),
                (self.languages, "Write at least one language"),
                (self.locality, "Write the locality"),
                (self.working, "Choose one"),
                (self.valid_until, "Write the last day"),
            ]
        if outcome is DecisionOutcome.CONDITIONS:
            wanted += [
                (self.conditions, "Write at least one condition"),
                (self.review_on, "Write the day of the review"),
                (self.owner, "Name the person who sees to them"),
            ]
        if outcome is DecisionOutcome.DEFER:
            wanted.append((self.deferred_until, "Write the day to which it is put off"))
        found = [(field, words) for field, words in wanted if not field.data]
        ages = self.age_from.data, self.age_to.data
        if outcome in GRANTS and all(ages) and ages[0] > ages[1]:
            found.append((self.age_to, "Write an age that is not below the youngest"))
        return found

    def given(self) -> Given:
        """Return the decision as plain values."""
        outcome = DecisionOutcome(self.outcome.data)
        granted = outcome in GRANTS
        conditional = outcome is DecisionOutcome.CONDITIONS
        return Given(
            outcome=outcome,
            reasons=self.reasons.data or "",
            pathways=tuple(self.pathways.data or ()) if granted else (),
            scope=self._scope() if granted else None,
            conditions=(self.conditions.data or "") if conditional else "",
            review_on=self.review_on.data if conditional else None,
            owner=(self.owner.data or "") if conditional else "",
            valid_until=self.valid_until.data if granted else None,
            deferred_until=self.deferred_until.data if outcome is DecisionOutcome.DEFER else None,
            casting=Vote(self.casting.data) if "casting" in self and self.casting.data else None,
        )

    def _scope(self) -> Scope:
        names = {unit.code: unit.pathway or unit.title for unit in framework().pathways}
        given = [one.strip() for one in (self.languages.data or "").split(",")]
        return Scope(
            pathways=tuple(name for code, name in names.items() if code in self.pathways.data),
            age_group=f"aged {self.age_from.data} to {self.age_to.data}",
            languages=tuple(one for one in given if one),
            locality=self.locality.data or "",
            working=Working(self.working.data),
        )


class SeatsForm(Form):
    seats = SelectMultipleField(
        "Which voices does this member bring?",
        choices=choices([(one.value, one.label) for one in Seat]),
        validators=[Optional()],
    )

    def chosen(self) -> set[Seat]:
        """Return the seats that were ticked."""
        return {seat for seat in Seat if seat.value in (self.seats.data or ())}
