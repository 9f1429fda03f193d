"""Who may judge and verify, what is always sampled, and a draw that can be repeated."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.sampling import (
    Decision,
    Risk,
    Tie,
    draw,
    in_trial,
    may_assess,
    may_verify,
    must_sample,
    sample_percent,
)

DECISION = Decision(assessor_id=1, learner_id=2, countersigned_by=3)


class TestWhoMayVerify:
    @pytest.mark.row("F43")
    @pytest.mark.parametrize(
        ("person", "reason"),
        [
            (1, "You made this decision yourself."),
            (2, "This is your own work."),
            (3, "You countersigned this decision."),
        ],
    )
    def test_nobody_verifies_their_own_and_the_refusal_says_why(self, person, reason):
        assert may_verify(person, DECISION) == (reason,)

    @pytest.mark.row("F43")
    @pytest.mark.parametrize("tie", [Tie.SUPERVISES, Tie.SUPERVISED_BY, Tie.DECLARED_INTEREST])
    def test_nobody_verifies_their_supervisees_or_supervisors_decisions(self, tie):
        assert len(may_verify(9, DECISION, to_assessor={tie})) == 1
        assert len(may_verify(9, DECISION, to_learner={tie})) == 1

    def test_nor_a_learner_whom_they_judged_in_the_same_unit(self):
        assert may_verify(9, DECISION, to_learner={Tie.ASSESSED_IN_UNIT}) == (
            "You have judged this learner in the same unit.",
        )

    def test_somebody_without_ties_may(self):
        assert may_verify(9, DECISION) == ()
        assert may_verify(9, DECISION, to_assessor={Tie.TRAINS}) == ()


class TestWhoMayAssess:
    @pytest.mark.row("N14")
    @pytest.mark.parametrize("tie", [tie for tie in Tie if tie is not Tie.ASSESSED_IN_UNIT])
    def test_a_tie_to_the_learner_rules_an_assessor_out(self, tie):
        assert len(may_assess(1, 2, {tie})) == 1

    def test_having_judged_before_does_not(self):
        assert may_assess(1, 2, {Tie.ASSESSED_IN_UNIT}) == ()

    def test_nobody_judges_their_own(self):
        assert may_assess(2, 2, ()) == ("This is your own work.",)


class TestWhatIsSampled:
    def sampled(self, **values: object) -> tuple[str, ...]:
        given = {
            "safety_critical": False,
            "not_yets_before": 0,
            "not_yet": False,
            "criteria_claimed": 0,
        }
        return must_sample(**{**given, **values})

    def test_every_safety_critical_decision_is(self):
        assert self.sampled(safety_critical=True) == ("Every safety-critical decision is sampled.",)

    def test_every_second_not_yet_is(self):
        assert self.sampled(not_yet=True) == ()
        assert len(self.sampled(not_yet=True, not_yets_before=1)) == 1
        assert self.sampled(not_yets_before=1) == ()

    def test_every_claim_of_more_than_20_criteria_is(self):
        assert self.sampled(criteria_claimed=20) == ()
        assert len(self.sampled(criteria_claimed=21)) == 1

    @pytest.mark.row("F39")
    @pytest.mark.parametrize(
        ("risks", "percent"),
        [
            ((), 25),
            ((Risk.DRIFT,), 50),
            ((Risk.DRIFT, Risk.NEW_SCENARIO), 75),
            ((Risk.TRAINEE_ASSESSOR,), 100),
            (tuple(Risk), 100),
        ],
    )
    def test_risk_raises_the_sample_by_itself(self, risks, percent):
        assert sample_percent(risks) == percent

    def test_it_never_falls_below_one_in_four(self):
        assert sample_percent((), base=10) == 25
        assert sample_percent((), base=40) == 40

    def test_the_trial_lasts_12_months(self):
        starts = date(2026, 1, 15)

        assert not in_trial(starts, date(2026, 1, 14))
        assert in_trial(starts, date(2027, 1, 14))
        assert not in_trial(starts, date(2027, 1, 15))


class TestTheDraw:
    people = tuple(f"D-{number:03}" for number in range(40))

    @pytest.mark.row("N19")
    def test_the_same_seed_and_population_draw_the_same_in_any_order(self):
        once = draw(self.people, 25, "autumn")

        assert draw(reversed(self.people), 25, "autumn") == once
        assert len(once) == 10
        assert draw(self.people, 25, "spring") != once

    @pytest.mark.row("N19")
    def test_the_draw_is_fixed_for_ever(self):
        assert draw(("a", "b", "c", "d", "e"), 40, "seed") == FIXED

    @given(st.sets(st.text(max_size=5)), st.integers(0, 100), st.text(max_size=5))
    def test_at_least_the_given_part_is_drawn_from_the_population(self, people, percent, seed):
        drawn = draw(people, percent, seed)

        assert set(drawn) <= people
        assert len(drawn) * 100 >= len(people) * percent
        assert (len(drawn) - 1) * 100 < len(people) * percent or not drawn

    @pytest.mark.parametrize("percent", [-1, 101])
    def test_what_is_not_a_percentage_is_refused(self, percent):
        with pytest.raises(ValueError, match="percentage"):
            draw(self.people, percent, "autumn")


FIXED = ("a", "e")
