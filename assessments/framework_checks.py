"""What no single field can show: numbers that must agree within a unit and across the award.

Source: award specification A2, A5, A7 and C2 (docs/sources.md).
"""

from collections.abc import Iterator, Mapping, Sequence

from assessments.content import Lines, Place, line_of
from assessments.errors import Fault
from assessments.unitfile import AwardText, CriterionText, Method, UnitText, UnitType

#: A place in the file, and what is wrong there.
Finding = tuple[Place, str]


def unit_faults(unit: UnitText, lines: Lines, file: str) -> list[Fault]:
    """Return what is wrong within one unit file."""
    found = [*_head(unit, file), *_numbering(unit), *_marks(unit)]
    return [Fault(file=file, line=line_of(lines, place), what=what) for place, what in found]


def award_faults(award: AwardText, lines: Lines, units: Sequence[UnitText]) -> list[Fault]:
    """Return where the award and its units disagree."""
    found = [*_credits(award, units), *_recognition(award, units), *_cases(award, units)]
    return [
        Fault(file="award.yaml", line=line_of(lines, place), what=what) for place, what in found
    ]


def _head(unit: UnitText, file: str) -> Iterator[Finding]:
    if file != f"{unit.code}.yaml":
        yield ("code",), f"{unit.code} belongs in a file called {unit.code}.yaml"
    optional = unit.type is UnitType.OPTIONAL
    if optional != unit.code.startswith("P"):
        yield ("type",), "P units are optional, M units are mandatory"
    if optional != (unit.pathway is not None):
        yield ("pathway",), "an optional unit names its pathway, and no other unit does"


def _numbering(unit: UnitText) -> Iterator[Finding]:
    for place, outcome in enumerate(unit.outcomes):
        if outcome.number != place + 1:
            yield ("outcomes", place, "number"), f"outcome {place + 1} is expected here"
        for position, criterion in enumerate(outcome.criteria):
            expected = f"{unit.code}.{outcome.number}.{position + 1}"
            if criterion.ref != expected:
                yield ("outcomes", place, "criteria", position, "ref"), f"{expected} is expected"


def _marks(unit: UnitText) -> Iterator[Finding]:
    for place, outcome in enumerate(unit.outcomes):
        for position, criterion in enumerate(outcome.criteria):
            for key, what in _criterion_findings(criterion):
                yield ("outcomes", place, "criteria", position, key), what


def _criterion_findings(criterion: CriterionText) -> Iterator[tuple[str, str]]:
    if not criterion.text.startswith(criterion.verb):
        yield "text", f"does not begin with {criterion.verb!s}"
    if len(set(criterion.methods)) < len(criterion.methods):
        yield "methods", "names a method twice"
    if criterion.observed and criterion.methods != [Method.RO]:
        yield "methods", "an observed criterion is judged in a role play and in no other way (RO)"
    if Method.RPL in criterion.methods and criterion.safety_critical:
        yield "methods", "a safety-critical criterion cannot be recognised from prior learning"


def _credits(award: AwardText, units: Sequence[UnitText]) -> Iterator[Finding]:
    mandatory = sum(unit.credit for unit in units if unit.type is UnitType.MANDATORY)
    if mandatory != award.mandatory_credit:
        yield ("mandatory_credit",), f"the mandatory units carry {mandatory} credits"
    for unit in units:
        if unit.type is UnitType.OPTIONAL and unit.credit != award.pathway_credit:
            yield ("pathway_credit",), f"{unit.code} carries {unit.credit} credits"
    if award.mandatory_credit + award.pathway_credit != award.credit:
        yield ("credit",), "is not the mandatory and the pathway credit together"


def _recognition(award: AwardText, units: Sequence[UnitText]) -> Iterator[Finding]:
    mandatory = _recognised(unit for unit in units if unit.type is UnitType.MANDATORY)
    everything = _recognised(iter(units))
    if mandatory != award.recognised_at_most.mandatory:
        yield ("recognised_at_most", "mandatory"), f"{mandatory} criteria list RPL"
    if everything != award.recognised_at_most.all:
        yield ("recognised_at_most", "all"), f"{everything} criteria list RPL"


def _recognised(units: Iterator[UnitText]) -> int:
    return sum(
        Method.RPL in criterion.methods
        for unit in units
        for outcome in unit.outcomes
        for criterion in outcome.criteria
    )


def _cases(award: AwardText, units: Sequence[UnitText]) -> Iterator[Finding]:
    criteria = {
        criterion.ref: criterion
        for unit in units
        for outcome in unit.outcomes
        for criterion in outcome.criteria
    }
    codes = [case.code for case in award.cases]
    for place, case in enumerate(award.cases):
        if case.code in codes[:place]:
            yield ("cases", place, "code"), f"{case.code} stands here twice"
        for ref in set(case.criteria) - set(criteria):
            yield ("cases", place, "criteria"), f"no unit has a criterion {ref}"
    for place, group in enumerate(award.minimum_role_plays):
        for code in set(group.cases) - set(codes):
            yield ("minimum_role_plays", place), f"no case is called {code}"
    yield from _never_shown(award, criteria)


def _never_shown(award: AwardText, criteria: Mapping[str, CriterionText]) -> Iterator[Finding]:
    shown = {ref for case in award.cases for ref in case.criteria}
    for ref, criterion in criteria.items():
        if criterion.observed and ref not in shown:
            yield ("cases",), f"no case shows {ref}, which must be observed"
