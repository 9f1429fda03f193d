"""The gap between meetings, to the very day. Source: award specification E2."""

from datetime import date, timedelta

import pytest

from assessments.standing import on, standing
from assessments.statuses import Hold, Status
from assessments.supervisionclock import Stage, clock
from tests.assessments.people import DECIDED, K, a_fact, a_mentor, meetings, without

DAY = timedelta(days=1)
MET = date(2025, 3, 3)


def mentor(*more, last=MET):
    """A mentor who met last on 3 March 2025."""
    quiet = without(a_mentor(), K.SUPERVISION_SESSION)
    return [*quiet, *meetings(DECIDED, last - 14 * DAY), a_fact(K.SUPERVISION_SESSION, last), *more]


def case(opened=DECIDED, closed=None, key="7Q4"):
    facts = [a_fact(K.CASE_OPENED, opened, key=key)]
    return facts if closed is None else [*facts, a_fact(K.CASE_CLOSED, closed, key=key)]


def stage(facts, day):
    return clock(facts, day, started=DECIDED).stage


def seen(facts, day):
    found = on(standing(facts), day)
    return found.status, found.holds


WITH_CASE = [
    (24, Stage.IN_DATE),
    (25, Stage.REMINDER),
    (28, Stage.REMINDER),
    (29, Stage.FLAGGED),
    (35, Stage.FLAGGED),
    (36, Stage.NO_NEW_WORK),
    (45, Stage.NO_NEW_WORK),
    (46, Stage.LAPSED),
]
WITHOUT = [
    (79, Stage.IN_DATE),
    (80, Stage.REMINDER),
    (90, Stage.REMINDER),
    (91, Stage.FLAGGED),
    (120, Stage.FLAGGED),
    (121, Stage.LAPSED),
]


class TestTheSteps:
    @pytest.mark.parametrize(("days", "expected"), WITH_CASE)
    def test_with_a_case_open(self, days, expected):
        assert stage(mentor(*case()), MET + days * DAY) is expected

    @pytest.mark.parametrize(("days", "expected"), WITHOUT)
    def test_with_no_case_open(self, days, expected):
        assert stage(mentor(), MET + days * DAY) is expected

    def test_standing_follows_no_new_work_on_day_36_and_lapse_on_day_46(self):
        facts = mentor(*case())

        assert seen(facts, MET + 35 * DAY) == (Status.ACCREDITED, frozenset())
        assert seen(facts, MET + 36 * DAY) == (Status.ACCREDITED, {Hold.SUPERVISION_GAP})
        assert seen(facts, MET + 45 * DAY) == (Status.ACCREDITED, {Hold.SUPERVISION_GAP})
        assert seen(facts, MET + 46 * DAY) == (Status.LAPSED, frozenset())

    def test_standing_lapses_on_day_121_with_no_case_and_no_hold_before(self):
        facts = mentor()

        assert seen(facts, MET + 120 * DAY) == (Status.ACCREDITED, frozenset())
        assert seen(facts, MET + 121 * DAY) == (Status.LAPSED, frozenset())

    def test_a_meeting_within_30_days_of_the_lapse_restores_it(self):
        back = MET + 76 * DAY
        facts = [*mentor(*case()), a_fact(K.SUPERVISION_SESSION, back)]

        assert seen(facts, back - DAY)[0] is Status.LAPSED
        assert seen(facts, back) == (Status.ACCREDITED, frozenset())


class TestWhatEndsAGap:
    def test_closing_the_case_does_not_end_it(self):
        held = mentor(*case(closed=MET + 40 * DAY))
        lapsed = mentor(*case(closed=MET + 46 * DAY + DAY))

        assert seen(held, MET + 44 * DAY) == (Status.ACCREDITED, {Hold.SUPERVISION_GAP})
        assert seen(lapsed, MET + 50 * DAY)[0] is Status.LAPSED

    def test_closing_and_opening_again_does_not_begin_the_count_anew(self):
        facts = mentor(*case(closed=MET + 20 * DAY), *case(opened=MET + 22 * DAY, key="2XX"))

        assert stage(facts, MET + 36 * DAY) is Stage.NO_NEW_WORK

    def test_a_meeting_does(self):
        facts = [*mentor(*case()), a_fact(K.SUPERVISION_SESSION, MET + 36 * DAY)]

        assert stage(facts, MET + 36 * DAY) is Stage.IN_DATE


class TestFromWhenItCounts:
    def test_a_meeting_in_the_28_days_before_the_case_opened_counts(self):
        facts = mentor(*case(opened=MET + 28 * DAY))

        assert stage(facts, MET + 28 * DAY) is Stage.REMINDER
        assert stage(facts, MET + 29 * DAY) is Stage.FLAGGED

    def test_after_a_longer_pause_it_counts_from_the_day_the_case_opened(self):
        opened = MET + 60 * DAY
        facts = mentor(*case(opened=opened))

        assert stage(facts, opened) is Stage.IN_DATE
        found = clock(facts, opened + 3 * DAY, started=DECIDED)
        assert (found.since, found.days, found.next_on) == (opened, 3, opened + 25 * DAY)
        assert stage(facts, opened + 29 * DAY) is Stage.FLAGGED
        assert seen(facts, opened + 46 * DAY)[0] is Status.LAPSED

    def test_without_any_meeting_it_counts_from_the_accreditation(self):
        facts = [*without(a_mentor(), K.SUPERVISION_SESSION), *case()]

        found = clock(facts, DECIDED + 30 * DAY, started=DECIDED)

        assert (found.stage, found.days, found.meeting_id) == (Stage.FLAGGED, 30, None)
        assert found.sentence == "No supervision since the accreditation of 1 December 2024."

    def test_a_meeting_before_the_accreditation_does_not_count(self):
        early = a_fact(K.SUPERVISION_SESSION, DECIDED - 30 * DAY)
        facts = [*without(a_mentor(), K.SUPERVISION_SESSION), early, *case()]

        assert clock(facts, DECIDED + DAY, started=DECIDED).days == 1

    def test_a_case_of_no_days_opens_nothing(self):
        facts = mentor(*case(opened=MET + DAY, closed=MET + DAY))

        assert clock(facts, MET + 60 * DAY, started=DECIDED).stage is Stage.IN_DATE

    def test_one_case_that_opens_as_another_closes_leaves_no_day_between(self):
        first = case(opened=MET + 70 * DAY, closed=MET + 85 * DAY)
        facts = mentor(*first, *case(opened=MET + 85 * DAY, key="2XX"))

        assert stage(facts, MET + 86 * DAY) is Stage.IN_DATE

    def test_two_cases_that_overlap_are_one_time(self):
        facts = mentor(*case(closed=MET + 20 * DAY), *case(opened=MET + 10 * DAY, key="2XX"))

        assert clock(facts, MET + 29 * DAY, started=DECIDED).stage is Stage.FLAGGED


class TestWhatComesNext:
    def test_the_clock_names_the_next_step_and_its_day(self):
        found = clock(mentor(*case()), MET + 10 * DAY, started=DECIDED)

        assert (found.next_stage, found.next_on) == (Stage.REMINDER, MET + 25 * DAY)
        assert found.case_open
        assert found.sentence == "The last supervision was on 3 March 2025."

    def test_after_the_lapse_nothing_comes_next(self):
        found = clock(mentor(*case()), MET + 46 * DAY, started=DECIDED)

        assert (found.next_stage, found.next_on) == (None, None)
