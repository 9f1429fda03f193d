"""The shape of a unit file and of the award's own file. The manual for authors is here.

Source: award specification A1 to A5, A8 and C2 (docs/sources.md).
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.content import Strict


class CommandVerb(StrEnum):
    """What a criterion asks the learner to do. Source: award specification A8."""

    EXPLAIN = "explain"
    ANALYSE = "analyse"
    EVALUATE = "evaluate"
    DEMONSTRATE = "demonstrate"

    @property
    def meaning(self) -> str:
        """Return what the verb asks for, in words."""
        return _VERBS[self]


_VERBS = {
    CommandVerb.EXPLAIN: "make clear, with reasons and an example",
    CommandVerb.ANALYSE: "take apart, show how the parts relate and draw out what follows",
    CommandVerb.EVALUATE: "weigh against stated grounds, including the contrary case, and reach a "
    "reasoned view",
    CommandVerb.DEMONSTRATE: "show in action, live or in a product",
}


class Method(StrEnum):
    """How a criterion may be assessed. Source: award specification A4."""

    KC = "KC"
    WR = "WR"
    RO = "RO"
    PD = "PD"
    WT = "WT"
    SR = "SR"
    RPL = "RPL"

    @property
    def label(self) -> str:
        """Return the method's name."""
        return _METHODS[self]

    @property
    def of_practice(self) -> bool:
        """Return whether it shows practice, which stays current for the shorter time."""
        return self in (Method.RO, Method.WT, Method.SR)


_METHODS = {
    Method.KC: "Knowledge check",
    Method.WR: "Written reflection",
    Method.RO: "Role-play observation",
    Method.PD: "Professional discussion",
    Method.WT: "Witness testimony",
    Method.SR: "Supervision record",
    Method.RPL: "Recognition of prior learning",
}


class UnitType(StrEnum):
    """Whether everybody takes the unit. Source: award specification A2."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"


Words = Annotated[str, Field(min_length=3)]
Count = Annotated[int, Field(ge=1)]
Reference = Annotated[str, Field(pattern=r"^[MP][1-9]\.[1-9]\.[1-9]$")]
UnitCode = Annotated[str, Field(pattern=r"^[MP][1-9]$")]
CaseCode = Annotated[str, Field(pattern=r"^CS[1-9][0-9]?$")]


class CriterionText(Strict):
    """One assessment criterion as its author writes it."""

    ref: Reference
    verb: Annotated[CommandVerb, Field(strict=False)]
    #: What the learner can do. Begins with the verb.
    text: Words
    methods: Annotated[list[Annotated[Method, Field(strict=False)]], Field(min_length=1)]
    #: What the evidence must hold for the criterion to be judged achieved.
    evidence: Words
    #: Must be seen in a role play; no other method can replace it.
    observed: bool
    #: A not-yet here decides the whole role play and reopens an earlier pass.
    safety_critical: bool
    #: Sections of the evaluation that the criterion rests on.
    sections: list[str]


class OutcomeText(Strict):
    """One learning outcome with its criteria, in order."""

    number: Count
    title: Words
    criteria: Annotated[list[CriterionText], Field(min_length=1)]


class UnitText(Strict):
    """One unit, in the form of a unit specification."""

    code: UnitCode
    title: Words
    type: Annotated[UnitType, Field(strict=False)]
    level: Count
    credit: Count
    #: Guided learning hours, and hours of total qualification time.
    glh: Count
    tqt: Count
    aim: Words
    #: The pathway's name, for an optional unit only.
    pathway: Words | None = None
    outcomes: Annotated[list[OutcomeText], Field(min_length=1)]


class PlaceText(Strict):
    """One place in the minimum of role plays: any of these cases, this many rounds."""

    cases: Annotated[list[CaseCode], Field(min_length=1)]
    rounds: Count


class CaseText(Strict):
    """Which criteria a case study usually shows."""

    code: CaseCode
    title: Words
    pathway_unit: UnitCode | None = None
    in_person: bool
    #: Two mentors play it together.
    paired: bool
    criteria: Annotated[list[Reference], Field(min_length=1)]


class RecognisedText(Strict):
    """The most criteria that can be claimed by recognition of prior learning."""

    mandatory: Count
    all: Count


class AwardText(Strict):
    """The award: its size, its rules in words, its role plays."""

    title: Words
    short_title: Words
    version: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]+$")]
    level: Count
    credit: Count
    mandatory_credit: Count
    pathway_credit: Count
    tqt: Count
    glh: Count
    status_statement: Words
    rules: Annotated[list[Words], Field(min_length=1)]
    currency_months: Count
    practice_currency_months: Count
    time_limit_months: Count
    extension_months: Count
    recognised_at_most: RecognisedText
    minimum_role_plays: Annotated[list[PlaceText], Field(min_length=1)]
    cases: Annotated[list[CaseText], Field(min_length=1)]
