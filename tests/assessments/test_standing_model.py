"""Standing against a slow model that looks at every single day."""

import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.facts import OUTCOMES, DatedFact, FactOutcome
from assessments.standing import on, standing
from tests.assessments.people import K, Says, a_mentor, noon
from tests.assessments.slow_standing import Slow

BEGIN = date(2022, 1, 3)
SPAN = 1100

KEYS = {
    K.ROLE_PLAY: ("CS2", "CS11"),
    K.SAFETY_CRITICAL: ("M3.2.3", "M5.4.2"),
    K.CODE_OF_CONDUCT: ("1", "2"),
    K.CODE_PUBLISHED: ("1", "2"),
    K.CONDITION: ("a", "b"),
    K.CONDITION_MET: ("a", "b"),
    K.ORDER_SUSPENDED: ("x", "y"),
    K.ORDER_LIFTED: ("x", "y"),
}

#: A way that usually leads to accreditation: kind, usual day, key.
WAY = (
    (K.APPLICATION, 0, ""),
    (K.SIFT, 20, ""),
    (K.INTERVIEW, 40, ""),
    (K.ENROLMENT, 50, ""),
    (K.REFERENCE_ONE, 45, ""),
    (K.REFERENCE_TWO, 46, ""),
    (K.VETTING, 60, ""),
    (K.AWARD, 150, ""),
    (K.ROLE_PLAY, 100, "CS2"),
    (K.ROLE_PLAY, 110, "CS11"),
    (K.CODE_OF_CONDUCT, 160, "1"),
    (K.SUPERVISION_AGREEMENT, 160, ""),
    (K.TRAINING, 160, ""),
    (K.INTERESTS, 160, ""),
    (K.CONTRACT, 170, ""),
    (K.PANEL_DECISION, 180, ""),
)
GOOD = {K.SIFT: Says.PASSED, K.INTERVIEW: Says.PASSED, K.REFERENCE_ONE: Says.SATISFACTORY,
        K.REFERENCE_TWO: Says.SATISFACTORY, K.VETTING: Says.CLEAR, K.ROLE_PLAY: Says.ACHIEVED,
        K.PANEL_DECISION: Says.ACCREDITED}  # fmt: skip
UNIQUE_KEYS = (K.CASE_OPENED, K.CASE_CLOSED)
RUNS_OUT = (K.VETTING, K.PANEL_DECISION, K.CONDITION, K.CONTRACT, K.SUPERVISION_AGREEMENT)


@st.composite
def any_fact(draw: st.DrawFn, number: int) -> DatedFact:
    """Draw one fact of any kind on any day."""
    kind = draw(st.sampled_from([kind for kind in K if kind not in UNIQUE_KEYS]))
    day = BEGIN + timedelta(days=draw(st.integers(0, SPAN)))
    outcome = draw(st.sampled_from(sorted(OUTCOMES.get(kind, {Says.DONE}))))
    until = None
    if kind in RUNS_OUT and draw(st.booleans()):
        until = day + timedelta(days=draw(st.integers(0, 800)))
    return DatedFact(
        id=f"any-{number:03}", kind=kind, effective=day, until=until,
        recorded=noon(day) + timedelta(minutes=number),
        outcome=outcome, key=draw(st.sampled_from(KEYS.get(kind, ("",)))),
    )  # fmt: skip


@st.composite
def a_way(draw: st.DrawFn) -> list[DatedFact]:
    """Draw the usual way, each step perhaps early, late or left out, and renewals of papers."""
    facts = []
    for number, (kind, usual, key) in enumerate(WAY):
        if draw(st.integers(0, 30)) == 0:
            continue
        day = BEGIN + timedelta(days=max(0, usual + draw(st.integers(-15, 15))))
        outcome = GOOD.get(kind, FactOutcome.DONE)
        facts.append(DatedFact(id=f"way-{number:03}", kind=kind, effective=day,
                               recorded=noon(day), outcome=outcome, key=key))  # fmt: skip
    return facts


@st.composite
def a_practice(draw: st.DrawFn) -> list[DatedFact]:
    """Draw meetings, papers signed again, and cases opened and closed."""
    facts = []
    day = BEGIN + timedelta(days=draw(st.integers(150, 230)))
    for number in range(draw(st.integers(0, 12))):
        facts.append(DatedFact(id=f"met-{number:03}", kind=K.SUPERVISION_SESSION, effective=day,
                               recorded=noon(day)))  # fmt: skip
        day += timedelta(days=draw(st.sampled_from([14, 28, 29, 35, 36, 45, 46, 60, 90, 121])))
    for number in range(draw(st.integers(0, 3))):
        opened = BEGIN + timedelta(days=draw(st.integers(100, SPAN)))
        closed = opened + timedelta(days=draw(st.integers(0, 300)))
        for late, (kind, when) in enumerate(((K.CASE_OPENED, opened), (K.CASE_CLOSED, closed))):
            facts.append(DatedFact(id=f"{kind}-{number}", kind=kind, effective=when,
                                   recorded=noon(when) + timedelta(seconds=late),
                                   key=f"case-{number}"))  # fmt: skip
    papers = (K.CODE_OF_CONDUCT, K.SUPERVISION_AGREEMENT, K.TRAINING, K.INTERESTS, K.ROLE_PLAY)
    for number, kind in enumerate(draw(st.lists(st.sampled_from(papers), max_size=10))):
        when = BEGIN + timedelta(days=draw(st.integers(300, SPAN)))
        facts.append(DatedFact(id=f"again-{number}", kind=kind, effective=when,
                               recorded=noon(when), key=KEYS.get(kind, ("",))[0],
                               outcome=GOOD.get(kind, Says.DONE)))  # fmt: skip
    return facts


@st.composite
def lives(draw: st.DrawFn) -> list[DatedFact]:
    """Draw everything known about one person."""
    extras = [draw(any_fact(number)) for number in range(draw(st.integers(0, 8)))]
    return draw(a_way()) + draw(a_practice()) + extras


@st.composite
def well_kept(draw: st.DrawFn) -> list[DatedFact]:
    """Draw a mentor whom nothing holds back, and a few facts that may change it."""
    extras = []
    for number in range(draw(st.integers(1, 6))):
        fact = draw(any_fact(number))
        days = timedelta(days=draw(st.integers(700, 1000)))
        until = fact.until + days if fact.until else None
        moved = fact.effective + days
        extras.append(replace(fact, effective=moved, until=until, recorded=fact.recorded + days))
    return a_mentor() + extras


class TestStandingAgainstTheSlowModel:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(facts=lives())
    def test_every_day_is_what_the_slow_model_says(self, facts: list[DatedFact]) -> None:
        intervals = standing(facts)

        for day, status, holds in Slow(facts).days(BEGIN + timedelta(days=SPAN + 700)):
            found = on(intervals, day)
            assert found is not None, day
            assert (day, found.status, found.holds) == (day, status, holds)

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(facts=well_kept())
    def test_so_is_every_day_of_a_mentor_whom_little_holds_back(self, facts) -> None:
        intervals = standing(facts)

        for day, status, holds in Slow(facts).days(date(2027, 9, 1)):
            found = on(intervals, day)
            assert found is not None, day
            assert (day, found.status, found.holds) == (day, status, holds)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(facts=lives(), shuffle=st.randoms())
    def test_intervals_touch_and_the_order_of_facts_does_not_matter(self, facts, shuffle) -> None:
        intervals = standing(facts)

        if not facts:
            assert intervals == ()
            return
        assert intervals[0].starts == min(fact.effective for fact in facts)
        assert intervals[-1].ends is None
        for one, following in pairwise(intervals):
            assert one.starts < one.ends == following.starts
        shuffle.shuffle(facts)
        assert standing(facts) == intervals

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(facts=lives(), day=st.integers(0, SPAN))
    def test_what_has_not_happened_yet_does_not_change_the_past(self, facts, day) -> None:
        today = BEGIN + timedelta(days=day)
        until_today = [fact for fact in facts if fact.effective <= today]

        then, now = on(standing(until_today), today), on(standing(facts), today)

        assert (then is None) == (now is None)
        if then is not None:
            assert (then.status, then.holds, then.reasons, then.starts) == (
                now.status,
                now.holds,
                now.reasons,
                now.starts,
            )

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(facts=lives())
    def test_holds_stand_only_on_an_active_status(self, facts) -> None:
        assert all(interval.status.active for interval in standing(facts) if interval.holds)


class TestSpeed:
    def test_thirty_facts_take_a_few_milliseconds_at_most(self) -> None:
        facts = a_mentor()[:30]

        standing(facts)
        started = time.perf_counter()
        for _ in range(20):
            standing(facts)

        assert (time.perf_counter() - started) / 20 < 0.02
