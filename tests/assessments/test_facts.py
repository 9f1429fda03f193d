"""Dated facts, their lines, and what is coming."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assessments.dates import add_months, and_list, clock_time, last_good_day, say
from assessments.errors import FactError
from assessments.factlines import FactState, fact_lines
from assessments.facts import OUTCOMES, FactKind, FactOutcome, current, good_until, known_on
from assessments.statuses import Status
from assessments.timeline import Coming, next_changes, status_changes
from tests.assessments.people import (
    COMPLETE,
    DECIDED,
    K,
    Says,
    a_candidate,
    a_fact,
    a_learner,
    a_mentor,
    an_application,
    without,
)

DAY = timedelta(days=1)


class TestDates:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2024, 12, 1), 24, date(2026, 12, 1)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 11, 30), 3, date(2025, 2, 28)),
        ],
    )
    def test_months_end_on_the_same_date_or_the_months_last(self, day, months, expected):
        assert add_months(day, months) == expected

    def test_24_months_from_1_december_2024_are_good_until_30_november_2026(self):
        assert last_good_day(date(2024, 12, 1), 24) == date(2026, 11, 30)

    def test_dates_and_times_are_written_as_pages_write_them(self):
        assert say(date(2026, 5, 3)) == "3 May 2026"
        assert clock_time(datetime(2026, 6, 19, 17, 30, tzinfo=UTC)) == "6.30 pm"
        assert clock_time(datetime(2026, 1, 19, 9, 5, tzinfo=UTC)) == "9.05 am"

    def test_words_are_joined_as_in_a_sentence(self):
        assert and_list([]) == ""
        assert and_list(["tea"]) == "tea"
        assert and_list(("tea", "milk", "sugar")) == "tea, milk and sugar"
        assert and_list(["tea", "milk"], "or") == "tea or milk"


class TestFacts:
    def test_a_kind_refuses_an_outcome_that_it_cannot_have(self):
        with pytest.raises(FactError, match="vetting cannot be passed"):
            a_fact(K.VETTING, DECIDED, outcome=Says.PASSED)

    def test_a_kind_without_outcomes_of_its_own_is_simply_done(self):
        with pytest.raises(FactError):
            a_fact(K.CONTRACT, DECIDED, outcome=Says.CLEAR)

    def test_a_void_fact_names_what_it_takes_back(self):
        with pytest.raises(FactError, match="names the fact"):
            a_fact(K.CONTRACT, DECIDED, outcome=Says.VOID)

    def test_every_outcome_belongs_to_a_kind(self):
        used = {outcome for outcomes in OUTCOMES.values() for outcome in outcomes}

        assert used | {Says.DONE, Says.VOID} == set(FactOutcome)

    def test_every_kind_has_a_label(self):
        assert FactKind.REFERENCE_ONE.label == "First reference"
        assert FactKind.PANEL_DECISION.label == "Panel decision"

    def test_a_fact_is_good_for_the_shorter_of_its_own_and_its_kinds_time(self):
        assert good_until(a_fact(K.VETTING, DECIDED)) == date(2027, 11, 30)
        assert good_until(a_fact(K.VETTING, DECIDED, until=date(2025, 1, 1))) == date(2025, 1, 1)
        assert good_until(a_fact(K.AWARD, DECIDED)) is None
        assert good_until(a_fact(K.CONTRACT, DECIDED, until=COMPLETE)) == COMPLETE

    def test_only_the_latest_of_a_chain_of_corrections_holds(self):
        first = a_fact(K.TRAINING, DECIDED)
        second = a_fact(K.TRAINING, DECIDED, supersedes=first.id)
        third = a_fact(K.TRAINING, DECIDED, supersedes=second.id)

        assert current([third, first, second]) == (third,)

    def test_what_was_recorded_later_was_not_known(self):
        fact = a_fact(K.TRAINING, DECIDED)

        assert known_on([fact], fact.recorded - timedelta(seconds=1)) == ()
        assert known_on([fact], fact.recorded) == (fact,)


class TestTheThirteenLines:
    def lines(self, facts, day):
        return {line.number: line for line in fact_lines(facts, day)}

    @pytest.mark.row("F50")
    def test_there_are_thirteen_in_the_order_of_the_specification(self):
        lines = fact_lines([], DECIDED)

        assert [line.number for line in lines] == list(range(1, 14))
        assert [line.title for line in lines][:5] == [
            "Application",
            "Sift",
            "Interview",
            "References",
            "Vetting",
        ]
        assert {line.state for line in lines} == {FactState.MISSING}
        assert lines[0].words == "Not recorded."

    def test_references_and_role_plays_are_one_line_of_two_parts(self):
        lines = self.lines(without(a_candidate(), K.REFERENCE_TWO), COMPLETE)

        assert lines[4].words == (
            "First reference: satisfactory on 11 March 2024, good until 10 March 2026. "
            "Second reference: not recorded."
        )
        assert lines[4].state is FactState.MISSING
        assert lines[4].kinds == (K.REFERENCE_ONE, K.REFERENCE_TWO)
        assert lines[7].until == date(2026, 7, 31)
        assert lines[7].words.startswith("CS2: passed on 1 August 2024")
        assert len(lines[7].fact_ids) == 2

    def test_a_fact_is_present_then_runs_out_then_is_out_of_date(self):
        last = date(2025, 11, 3)

        def code(day):
            line = self.lines(a_candidate(), day)[8]
            return line.state, line.words

        assert code(last - 91 * DAY) == (
            FactState.PRESENT,
            "Dated 4 November 2024, good until 3 November 2025.",
        )
        assert code(last - 90 * DAY)[0] is FactState.RUNS_OUT
        assert code(last) == (
            FactState.RUNS_OUT,
            "Dated 4 November 2024, runs out on 3 November 2025.",
        )
        assert code(last + DAY) == (
            FactState.OUT_OF_DATE,
            "Dated 4 November 2024, ran out on 3 November 2025.",
        )

    def test_vetting_that_is_not_clear_says_so(self):
        line = self.lines([a_fact(K.VETTING, DECIDED, outcome=Says.NOT_CLEAR)], DECIDED)[5]

        assert (line.state, line.words) == (FactState.NOT_MET, "Not clear on 1 December 2024.")

    def test_application_and_sift_stop_running_out_once_the_interview_is_passed(self):
        open_one = self.lines(an_application(), date(2024, 2, 1))[1]
        done = self.lines(a_learner(), DECIDED)[1]

        assert open_one.until == date(2025, 1, 7)
        assert (done.until, done.state) == (None, FactState.PRESENT)

    def test_interview_and_references_stop_running_out_once_the_panel_has_decided(self):
        lines = self.lines(a_mentor(), date(2026, 9, 1))

        assert lines[3].until is None
        assert lines[4].until is None
        assert lines[13].words == "Accredited from 1 December 2024, runs out on 30 November 2026."


class TestWhatIsComing:
    def test_a_mentor_sees_renewal_lapse_and_what_runs_out_soonest_first(self):
        found = next_changes(a_mentor(), date(2026, 7, 10))

        assert [coming.on for coming in found] == sorted(coming.on for coming in found)
        words = {(coming.on, coming.what, coming.words) for coming in found}
        assert (date(2026, 9, 1), Coming.STATUS, "Renewal is due from this day.") in words
        assert (
            date(2026, 12, 1),
            Coming.STATUS,
            "The accreditation lapses, unless what it rests on is renewed.",
        ) in words
        assert (date(2026, 11, 30), Coming.RUNS_OUT, "Panel decision: last good day.") in words

    def test_nothing_is_told_beyond_the_first_lapse(self):
        leaving = a_fact(K.WITHDRAWN, date(2027, 1, 15))
        found = next_changes([*a_mentor(), leaving], date(2026, 7, 10))

        last = [coming.on for coming in found if coming.what is Coming.STATUS]
        assert max(last) == date(2026, 12, 1)

    def test_a_hold_that_is_coming_is_told(self):
        facts = without(a_mentor(), K.INTERESTS, since=date(2025, 1, 1))

        found = [one for one in next_changes(facts, date(2025, 10, 1)) if one.what is Coming.HOLD]

        assert found[0].on == date(2025, 11, 4)
        assert found[0].words == "No new work from this day: interests to be declared."

    def test_the_review_of_a_condition_and_the_supervision_reminder_are_told(self):
        facts = [
            *without(a_mentor(), K.SUPERVISION_SESSION),
            a_fact(K.SUPERVISION_SESSION, date(2025, 2, 3)),
            a_fact(K.CASE_OPENED, date(2025, 1, 6), key="7Q4"),
            a_fact(K.CONDITION, DECIDED, key="a", review=date(2025, 3, 3)),
            a_fact(K.CONDITION, DECIDED, key="b"),
        ]

        found = {
            (one.on, one.what, one.words)
            for one in next_changes(facts, date(2025, 2, 10))
            if one.what in (Coming.REVIEW, Coming.SUPERVISION)
        }

        assert found == {
            (date(2025, 3, 3), Coming.REVIEW, "The panel reviews a condition."),
            (date(2025, 2, 28), Coming.SUPERVISION, "A reminder that supervision is due."),
        }

    def test_a_review_that_has_passed_is_not_coming(self):
        facts = [*a_mentor(), a_fact(K.CONDITION, DECIDED, key="a", review=date(2025, 1, 6))]

        assert not [
            one for one in next_changes(facts, date(2025, 2, 10)) if one.what is Coming.REVIEW
        ]

    def test_a_lapse_for_want_of_supervision_leaves_no_further_step(self):
        facts = without(a_mentor(), K.SUPERVISION_SESSION)

        found = next_changes(facts, DECIDED + 130 * DAY)

        assert not [one for one in found if one.what is Coming.SUPERVISION]

    def test_a_candidate_sees_when_readiness_ends(self):
        found = [one for one in next_changes(a_candidate(), COMPLETE) if one.what is Coming.STATUS]

        assert [(one.on, one.words) for one in found] == [
            (
                date(2025, 11, 4),
                "No longer ready for panel, unless what runs out is renewed.",
            )
        ]

    def test_a_status_without_words_of_its_own_is_told_by_name(self):
        facts = [*a_learner(), a_fact(K.WITHDRAWN, date(2025, 2, 3))]

        found = next_changes(facts, DECIDED)

        assert [one.words for one in found if one.what is Coming.STATUS] == ["Withdrawn."]

    def test_what_happened_is_each_day_on_which_a_status_began(self):
        found = status_changes(a_mentor(), date(2026, 10, 1))

        assert [one.status for one in found] == [
            Status.APPLICANT,
            Status.IN_TRAINING,
            Status.READY_FOR_PANEL,
            Status.ACCREDITED,
            Status.RENEWAL_DUE,
        ]
