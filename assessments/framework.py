"""The award with its units, outcomes and criteria, as values. ``load_framework`` reads them.

Source: award specification A1 to A8 and C2 (docs/sources.md).
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assessments import framework_checks
from assessments.content import Lines, checked
from assessments.errors import ContentError, Fault, UnknownReference
from assessments.unitfile import (
    AwardText,
    CaseText,
    CommandVerb,
    CriterionText,
    Method,
    OutcomeText,
    UnitText,
    UnitType,
)

__all__ = [
    "Award",
    "Case",
    "CommandVerb",
    "Criterion",
    "Framework",
    "Method",
    "Outcome",
    "Place",
    "Unit",
    "UnitType",
    "load_framework",
]

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One assessment criterion."""

    ref: str
    verb: CommandVerb
    text: str
    methods: tuple[Method, ...]
    evidence: str
    #: OBS: must be seen in a role play.
    observed: bool
    #: SC: a not-yet decides the role play and reopens an earlier pass.
    safety_critical: bool
    #: Sections of the evaluation that it rests on.
    sections: tuple[str, ...]

    @property
    def unit_code(self) -> str:
        """Return the unit's code: "M3" for M3.2.1."""
        return self.ref.split(".")[0]

    @property
    def number(self) -> str:
        """Return the number within the unit: "2.1" for M3.2.1."""
        return self.ref.split(".", 1)[1]

    @property
    def may_be_recognised(self) -> bool:
        """Return whether prior learning may be claimed. Source: award specification A7 rule 1."""
        return Method.RPL in self.methods


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One learning outcome."""

    ref: str
    number: int
    title: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit in the form of a unit specification."""

    code: str
    title: str
    type: UnitType
    level: int
    credit: int
    #: Guided learning hours, and hours of total qualification time.
    glh: int
    tqt: int
    aim: str
    #: The pathway's name, for an optional unit only.
    pathway: str | None
    outcomes: tuple[Outcome, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Return the criteria of every outcome, in order."""
        return tuple(criterion for outcome in self.outcomes for criterion in outcome.criteria)

    @property
    def mandatory(self) -> bool:
        """Return whether everybody takes the unit."""
        return self.type is UnitType.MANDATORY


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place in the minimum of role plays: any of these cases, this many rounds."""

    cases: tuple[str, ...]
    rounds: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """Which criteria a case study usually shows. Source: award specification C2."""

    code: str
    title: str
    pathway_unit: str | None
    in_person: bool
    #: Two mentors play it together.
    paired: bool
    criteria: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Award:
    """The award itself: size, rules in words, role plays. Source: award specification A1 to A5."""

    title: str
    short_title: str
    version: str
    level: int
    credit: int
    mandatory_credit: int
    pathway_credit: int
    tqt: int
    glh: int
    #: What every page and paper says until an awarding organisation adopts the award.
    status_statement: str
    rules: tuple[str, ...]
    currency_months: int
    practice_currency_months: int
    time_limit_months: int
    extension_months: int
    recognised_mandatory_at_most: int
    recognised_at_most: int
    minimum_role_plays: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Framework:
    """The whole award specification of one version."""

    award: Award
    units: tuple[Unit, ...]
    cases: tuple[Case, ...]

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Return every criterion of every unit, in order."""
        return tuple(criterion for unit in self.units for criterion in unit.criteria)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return every learning outcome of every unit, in order."""
        return tuple(outcome for unit in self.units for outcome in unit.outcomes)

    @property
    def mandatory(self) -> tuple[Unit, ...]:
        """Return the units that everybody takes."""
        return tuple(unit for unit in self.units if unit.mandatory)

    @property
    def pathways(self) -> tuple[Unit, ...]:
        """Return the pathway units."""
        return tuple(unit for unit in self.units if not unit.mandatory)

    @property
    def observed(self) -> tuple[str, ...]:
        """Return the references that must be seen in a role play."""
        return tuple(one.ref for one in self.criteria if one.observed)

    @property
    def safety_critical(self) -> tuple[str, ...]:
        """Return the references where a not-yet decides the role play."""
        return tuple(one.ref for one in self.criteria if one.safety_critical)

    @cached_property
    def _index(self) -> dict[str, Unit | Outcome | Criterion | Case]:
        things: tuple[tuple[str, Unit | Outcome | Criterion | Case], ...] = (
            *((unit.code, unit) for unit in self.units),
            *((outcome.ref, outcome) for outcome in self.outcomes),
            *((criterion.ref, criterion) for criterion in self.criteria),
            *((case.code, case) for case in self.cases),
        )
        return dict(things)

    def unit(self, code: str) -> Unit:
        """Return the unit with this code. Raises UnknownReference."""
        found = self._index.get(code)
        if not isinstance(found, Unit):
            raise UnknownReference(code)
        return found

    def outcome(self, ref: str) -> Outcome:
        """Return the outcome with this reference, "M3.2". Raises UnknownReference."""
        found = self._index.get(ref)
        if not isinstance(found, Outcome):
            raise UnknownReference(ref)
        return found

    def criterion(self, ref: str) -> Criterion:
        """Return the criterion with this reference, "M3.2.1". Raises UnknownReference."""
        found = self._index.get(ref)
        if not isinstance(found, Criterion):
            raise UnknownReference(ref)
        return found

    def case(self, code: str) -> Case:
        """Return the case study with this code, "CS2". Raises UnknownReference."""
        found = self._index.get(code)
        if not isinstance(found, Case):
            raise UnknownReference(code)
        return found


def load_framework(folder: Path | None = None) -> Framework:
    """Return the award specification kept in ``folder``: award.yaml and units/*.yaml.

    Raises ContentError with every fault as "file:line: what"; nothing is half loaded.
    """
    root = folder or HERE
    award, award_lines, faults = checked(root / "award.yaml", AwardText)
    units: list[tuple[UnitText, Lines]] = []
    for path in sorted((root / "units").glob("*.yaml")):
        unit, lines, found = checked(path, UnitText)
        faults += found
        if unit is not None:
            units.append((unit, lines))
            faults += framework_checks.unit_faults(unit, lines, path.name)
    if award is not None and not faults:
        faults += framework_checks.award_faults(award, award_lines, [unit for unit, _ in units])
    if award is None or faults:
        raise ContentError(_in_order(faults))
    return Framework(
        award=_award(award),
        units=tuple(_unit(unit) for unit, _ in units),
        cases=tuple(_case(case) for case in award.cases),
    )


def _in_order(faults: list[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.file, fault.line))


def _award(text: AwardText) -> Award:
    values = text.model_dump(exclude={"cases", "minimum_role_plays", "recognised_at_most", "rules"})
    return Award(
        **values,
        rules=tuple(text.rules),
        recognised_mandatory_at_most=text.recognised_at_most.mandatory,
        recognised_at_most=text.recognised_at_most.all,
        minimum_role_plays=tuple(
            Place(cases=tuple(place.cases), rounds=place.rounds)
            for place in text.minimum_role_plays
        ),
    )


def _unit(text: UnitText) -> Unit:
    values = text.model_dump(exclude={"outcomes"})
    return Unit(**values, outcomes=tuple(_outcome(text.code, one) for one in text.outcomes))


def _outcome(code: str, text: OutcomeText) -> Outcome:
    return Outcome(
        ref=f"{code}.{text.number}",
        number=text.number,
        title=text.title,
        criteria=tuple(_criterion(one) for one in text.criteria),
    )


def _criterion(text: CriterionText) -> Criterion:
    values = text.model_dump(exclude={"methods", "sections"})
    return Criterion(**values, methods=tuple(text.methods), sections=tuple(text.sections))


def _case(text: CaseText) -> Case:
    values = text.model_dump(exclude={"criteria"})
    return Case(**values, criteria=tuple(text.criteria))
