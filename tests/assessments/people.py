"""Facts for tests: a person whose way to accreditation is complete, and pieces to change it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from assessments.facts import DatedFact, FactKind, FactOutcome
from assessments.standing import on, standing
from assessments.statuses import Hold, Interval, Status

K, Says = FactKind, FactOutcome
_ids = count(1)

USUAL = {
    K.SIFT: Says.PASSED,
    K.INTERVIEW: Says.PASSED,
    K.REFERENCE_ONE: Says.SATISFACTORY,
    K.REFERENCE_TWO: Says.SATISFACTORY,
    K.VETTING: Says.CLEAR,
    K.ROLE_PLAY: Says.ACHIEVED,
    K.SAFETY_CRITICAL: Says.ACHIEVED,
    K.PANEL_DECISION: Says.ACCREDITED,
    K.WITHDRAWN: Says.BY_MENTOR,
}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def a_fact(kind: FactKind, effective: date, **values: object) -> DatedFact:
    """Return a fact recorded at noon of the day it took effect, unless told otherwise."""
    given = {
        "id": f"fact-{next(_ids):05}",
        "recorded": noon(effective),
        "outcome": USUAL.get(kind, Says.DONE),
        **values,
    }
    return DatedFact(kind=kind, effective=effective, **given)  # type: ignore[arg-type]


APPLIED = date(2024, 1, 8)
ENROLLED = date(2024, 4, 1)
COMPLETE = date(2024, 11, 4)
DECIDED = date(2024, 12, 1)


def an_application(day: date = APPLIED) -> list[DatedFact]:
    return [a_fact(K.APPLICATION, day)]


def a_learner() -> list[DatedFact]:
    """Return the facts of somebody in training."""
    return [
        *an_application(),
        a_fact(K.SIFT, date(2024, 2, 1)),
        a_fact(K.INTERVIEW, date(2024, 3, 4)),
        a_fact(K.ENROLMENT, ENROLLED),
    ]


def signed_papers(day: date) -> list[DatedFact]:
    """Return facts 8 to 11, all of one day."""
    return [
        a_fact(K.CODE_OF_CONDUCT, day, key="1"),
        a_fact(K.SUPERVISION_AGREEMENT, day),
        a_fact(K.TRAINING, day),
        a_fact(K.INTERESTS, day),
    ]


def a_candidate() -> list[DatedFact]:
    """Return the facts of somebody ready for panel from COMPLETE on."""
    return [
        *a_learner(),
        a_fact(K.REFERENCE_ONE, date(2024, 3, 11)),
        a_fact(K.REFERENCE_TWO, date(2024, 3, 18)),
        a_fact(K.VETTING, date(2024, 5, 1), until=date(2027, 4, 30)),
        a_fact(K.AWARD, date(2024, 10, 1), key="P1"),
        a_fact(K.ROLE_PLAY, date(2024, 8, 1), key="CS2"),
        a_fact(K.ROLE_PLAY, date(2024, 9, 2), key="CS11"),
        *signed_papers(COMPLETE),
    ]


def a_mentor(outcome: FactOutcome = Says.ACCREDITED, **decision: object) -> list[DatedFact]:
    """Return the facts of a mentor accredited on DECIDED whom nothing holds back for years.

    Papers are signed again every ten months and supervision is held every four weeks, so that
    only the decision itself runs out: on 30 November 2026.
    """
    facts = a_candidate()
    facts.append(a_fact(K.CONTRACT, date(2024, 11, 25)))
    facts.append(a_fact(K.PANEL_DECISION, DECIDED, outcome=outcome, **decision))
    for day in (date(2025, 9, 1), date(2026, 7, 1), date(2027, 5, 3), date(2028, 3, 1)):
        facts += signed_papers(day)
    return facts + meetings(DECIDED, date(2028, 6, 1))


def meetings(first: date, last: date, every: int = 28) -> list[DatedFact]:
    """Return supervision held at regular days from ``first`` up to and with ``last``."""
    days = range(first.toordinal(), last.toordinal() + 1, every)
    return [a_fact(K.SUPERVISION_SESSION, date.fromordinal(day)) for day in days]


def without(
    facts: Iterable[DatedFact], *kinds: FactKind, since: date = date.min
) -> list[DatedFact]:
    """Return the facts but for those of these kinds from the day ``since`` on."""
    return [fact for fact in facts if fact.kind not in kinds or fact.effective < since]


def interval(facts: list[DatedFact], day: date) -> Interval:
    """Return the interval of the day; there must be one."""
    found = on(standing(facts), day)
    assert found is not None
    return found


def status(facts: list[DatedFact], day: date) -> Status:
    return interval(facts, day).status


def holds(facts: list[DatedFact], day: date) -> frozenset[Hold]:
    return interval(facts, day).holds


def turns(facts: list[DatedFact], day: date) -> tuple[Status, Status]:
    """Return the status of the day before and of the day itself."""
    return status(facts, day - timedelta(days=1)), status(facts, day)


def words(facts: list[DatedFact], day: date) -> str:
    return " ".join(reason.text for reason in interval(facts, day).reasons)
