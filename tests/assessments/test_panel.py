"""The panel: quorum, interests, the order of steps, the vote, the decision, the scope."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from assessments.errors import DecisionRefused
from assessments.panel import (
    PanelStage,
    Present,
    Relation,
    Seat,
    Vote,
    check_stage,
    may_take_part,
    next_stage,
    quorum,
    vote_result,
)
from assessments.panel_decision import (
    Condition,
    DecisionOutcome,
    Draft,
    Scope,
    Working,
    decision_faults,
    outside_scope,
    scope_sentence,
    valid_until,
)
from assessments.renewal import Practice, renewal_gaps

DECIDED = date(2026, 6, 1)
LAST = date(2028, 5, 31)


def present(*seats: Seat, **values: bool) -> list[Present]:
    return [
        Present(person_id=number, seats=frozenset({seat}), **values)
        for number, seat in enumerate(seats)
    ]


FOUR = (Seat.CHAIR, Seat.PROBATION, Seat.COMMUNITY, Seat.COUNCIL)


class TestQuorum:
    @pytest.mark.row("F51")
    def test_four_with_chair_probation_and_community_have_it(self):
        assert quorum(present(*FOUR)) == ()

    def test_deputy_safeguarding_and_practitioner_will_do(self):
        seats = (Seat.DEPUTY, Seat.SAFEGUARDING, Seat.PRACTITIONER, Seat.POLICE)

        assert quorum(present(*seats)) == ()

    def test_three_are_too_few(self):
        assert quorum(present(*FOUR[:3])) == ("Four voting members are needed, and 3 can vote.",)

    @pytest.mark.parametrize(
        ("left_out", "sentence"),
        [
            (Seat.CHAIR, "The chair or the deputy chair is needed."),
            (Seat.PROBATION, "A member from safeguarding or probation is needed."),
            (Seat.COMMUNITY, "A community member or a practitioner mentor is needed."),
        ],
    )
    def test_each_voice_is_needed(self, left_out, sentence):
        seats = [seat for seat in (*FOUR, Seat.COUNCIL) if seat is not left_out]

        assert quorum(present(*seats)) == (sentence,)

    def test_police_may_be_half_and_not_more(self):
        half = [Seat.CHAIR, Seat.POLICE, Seat.POLICE, Seat.PROBATION, Seat.POLICE, Seat.COMMUNITY]

        assert quorum(present(*half)) == ()
        assert quorum(present(*half, Seat.POLICE)) == ("Police members may not be the majority.",)

    def test_who_withdrew_or_does_not_vote_does_not_count(self):
        three = present(*FOUR[:3])

        for one in (
            Present(person_id=9, seats=frozenset({Seat.COUNCIL}), withdrew=True),
            Present(person_id=9, seats=frozenset({Seat.COUNCIL}), voting=False),
        ):
            assert len(quorum([*three, one])) == 1

    def test_one_person_with_two_seats_counts_once_and_brings_both_voices(self):
        both = Present(person_id=1, seats=frozenset({Seat.CHAIR, Seat.PROBATION}))
        others = [Present(person_id=n, seats=frozenset({Seat.COMMUNITY})) for n in (2, 3, 4)]

        assert quorum([both, *others]) == ()

    def test_nobody_lacks_everything_but_a_police_majority(self):
        assert len(quorum([])) == 4

    def test_every_seat_has_a_word(self):
        assert Seat.DEPUTY.label == "Deputy chair"
        assert Seat.POLICE.label == "Police"


class TestTakingPart:
    def test_a_member_without_ties_takes_part(self):
        assert may_take_part(()) == ()

    @pytest.mark.row("N14")
    @pytest.mark.parametrize("relation", Relation)
    def test_every_tie_keeps_a_member_out_with_its_reason(self, relation):
        (reason,) = may_take_part({relation})

        assert reason.endswith(".")


class TestTheOrderOfSteps:
    @pytest.mark.row("N15")
    def test_suitability_is_recorded_before_results_are_opened(self):
        with pytest.raises(DecisionRefused, match="Your judgement of suitability comes first"):
            check_stage(PanelStage.RESULTS, {PanelStage.INTERESTS})

    def test_each_step_opens_the_next_and_only_that(self):
        done: list[PanelStage] = []
        for stage in PanelStage:
            assert next_stage(done) is stage
            check_stage(stage, done)
            done.append(stage)
        assert next_stage(done) is None

    @pytest.mark.row("N15")
    def test_no_other_order_gets_through(self):
        def run(order):
            done: list[PanelStage] = []
            for stage in order:
                check_stage(stage, done)
                done.append(stage)

        for order in permutations(PanelStage):
            if order != tuple(PanelStage):
                with pytest.raises(DecisionRefused):
                    run(order)

    def test_what_was_recorded_is_not_recorded_again(self):
        with pytest.raises(DecisionRefused, match="stands already"):
            check_stage(PanelStage.INTERESTS, {PanelStage.INTERESTS})
        with pytest.raises(DecisionRefused, match="stands already"):
            check_stage(PanelStage.VOTE, set(PanelStage))


class TestTheVote:
    @pytest.mark.parametrize(
        ("votes", "casting", "carried", "sentence"),
        [
            ("ffa", None, True, "Carried: 2 for, 1 against."),
            ("faa", None, False, "Not carried: 1 for, 2 against."),
            ("ffaa", None, None, "2 for, 2 against. A tie: the chair has a casting vote."),
            ("ffaa", Vote.FOR, True, "Carried: 2 for, 2 against, by the chair's casting vote."),
            (
                "ffaa",
                Vote.AGAINST,
                False,
                "Not carried: 2 for, 2 against, by the chair's casting vote.",
            ),
            ("ffaa", Vote.ABSTAIN, None, "2 for, 2 against. A tie: the chair has a casting vote."),
            ("fff", Vote.AGAINST, True, "Carried: 3 for, 0 against."),
            ("fxx", None, True, "Carried: 1 for, 0 against."),
        ],
    )
    def test_a_simple_majority_decides_and_the_chair_breaks_a_tie(
        self, votes, casting, carried, sentence
    ):
        words = {"f": Vote.FOR, "a": Vote.AGAINST, "x": Vote.ABSTAIN}

        result = vote_result([words[letter] for letter in votes], casting)

        assert (result.carried, result.sentence) == (carried, sentence)
        assert result.abstained == votes.count("x")
        assert result.by_casting_vote == ("casting vote." in sentence and carried is not None)


SCOPE = Scope(
    pathways=("AQ-influenced", "Extreme right wing"),
    age_group="aged 16 to 25",
    languages=("English", "Urdu"),
    locality="Tameford South",
    working=Working.PAIRED,
)


class TestScope:
    @pytest.mark.row("N7")
    def test_it_is_one_sentence_in_fixed_words(self):
        assert scope_sentence(SCOPE) == (
            "May mentor in the AQ-influenced and extreme right wing pathways, with clients aged "
            "16 to 25, in English and Urdu, in Tameford South, in a pair only."
        )

    def test_one_pathway_alone(self):
        scope = Scope(
            pathways=("Animal rights",),
            age_group="of any age",
            languages=("English",),
            locality="Brierley",
            working=Working.SOLO,
        )

        assert scope_sentence(scope) == (
            "May mentor in the animal rights pathway, with clients of any age, in English, "
            "in Brierley, alone or in a pair."
        )

    @pytest.mark.row("N7")
    def test_a_mentor_cannot_be_offered_for_another_pathway(self):
        found = outside_scope(
            SCOPE,
            pathway="Animal rights",
            language="English",
            locality="Tameford South",
            alone=False,
        )

        assert found == ("Not accredited for the animal rights pathway.",)

    def test_language_place_and_working_alone_are_checked_too(self):
        found = outside_scope(
            SCOPE, pathway="AQ-influenced", language="Welsh", locality="Brierley", alone=True
        )

        assert len(found) == 3
        assert (
            outside_scope(
                SCOPE,
                pathway="AQ-influenced",
                language="Urdu",
                locality="Tameford South",
                alone=False,
            )
            == ()
        )


class TestHowLongItIsGood:
    def test_24_months_at_most(self):
        assert valid_until(date(2024, 12, 1)) == date(2026, 11, 30)

    @pytest.mark.parametrize(
        "ends",
        [
            {"vetting_until": date(2026, 9, 30)},
            {"condition_ends": [date(2027, 1, 1), date(2026, 9, 30)]},
            {"asked": date(2026, 9, 30), "vetting_until": date(2027, 1, 1)},
        ],
    )
    def test_the_earliest_end_counts(self, ends):
        assert valid_until(DECIDED, **ends) == date(2026, 9, 30)


def draft(outcome: DecisionOutcome = DecisionOutcome.ACCREDIT, **values: object) -> Draft:
    given = {"reasons": "Calm and honest throughout.", "valid_until": LAST, **values}
    return Draft(outcome=outcome, decided=DECIDED, **given)


CONDITION = Condition(text="Work in a pair.", review=date(2026, 9, 1), owner="Ellen Fairbrother")


class TestTheDecision:
    @pytest.mark.parametrize(
        "good",
        [
            draft(),
            draft(DecisionOutcome.CONDITIONS, conditions=(CONDITION,)),
            draft(DecisionOutcome.DEFER, valid_until=None, deferred_until=date(2026, 7, 31)),
            draft(DecisionOutcome.DECLINE, valid_until=None),
        ],
    )
    def test_a_complete_decision_has_no_faults(self, good):
        assert decision_faults(good) == ()

    def test_it_needs_reasons_and_a_quorum(self):
        found = decision_faults(draft(reasons=" "), quorum_missing=("Four are needed.",))

        assert found == (
            "Four are needed.",
            "Write the reasons, in words that the person will read.",
        )

    @pytest.mark.parametrize("last", [None, LAST + timedelta(days=1), DECIDED - timedelta(days=1)])
    def test_its_last_day_is_given_and_within_24_months(self, last):
        assert len(decision_faults(draft(valid_until=last))) == 1

    @pytest.mark.parametrize("until", [None, DECIDED, date(2026, 8, 1)])
    def test_a_deferral_has_a_day_within_60_days(self, until):
        bad = draft(DecisionOutcome.DEFER, deferred_until=until)

        assert decision_faults(bad) == ("Give the day to which it is deferred, by 31 July 2026.",)

    def test_a_decision_is_deferred_once_only(self):
        again = draft(DecisionOutcome.DEFER, deferred_until=date(2026, 7, 1))

        assert len(decision_faults(again, deferred_before=True)) == 1

    @pytest.mark.row("F52")
    @pytest.mark.parametrize(
        ("condition", "told"),
        [
            (Condition(text=" ", review=date(2026, 9, 1), owner="E"), "says nothing yet"),
            (Condition(text="Pair.", review=date(2026, 9, 1), owner=""), "sees to it"),
            (Condition(text="Pair.", review=None, owner="E"), "needs a review date"),
            (Condition(text="Pair.", review=DECIDED, owner="E"), "needs a review date"),
            (Condition(text="Pair.", review=LAST, owner="E"), "needs a review date"),
            (
                Condition(text="Pair.", review=date(2026, 9, 1), owner="E", ends=date(2026, 9, 1)),
                "needs a review date",
            ),
        ],
    )
    def test_a_condition_has_text_an_owner_and_a_review_before_the_end(self, condition, told):
        (found,) = decision_faults(draft(DecisionOutcome.CONDITIONS, conditions=(condition,)))

        assert told in found

    def test_conditions_and_their_outcome_go_together(self):
        assert decision_faults(draft(conditions=(CONDITION,))) == (
            "Conditions belong to the outcome with conditions.",
        )
        assert decision_faults(draft(DecisionOutcome.CONDITIONS)) == (
            "Write at least one condition.",
        )


class TestRenewal:
    def practice(self, **values: object) -> Practice:
        given = {
            "supervision_percent": 90,
            "development_hours": 12,
            "pathway_hours": 4,
            "returns_percent": 90,
            "discussion_held": True,
            "coordinator_satisfied": True,
        }
        return Practice(**{**given, **values})

    @pytest.mark.row("F54")
    def test_the_least_that_is_asked_is_enough(self):
        assert renewal_gaps(self.practice()) == ()

    @pytest.mark.parametrize(
        ("short", "sentence"),
        [
            ({"supervision_percent": 89}, "Supervision in 89% of months, of 90%."),
            ({"development_hours": 11.5}, "11.5 of 12 hours of development."),
            ({"pathway_hours": 3}, "3 of 4 hours of development in the pathway."),
            ({"returns_percent": 89}, "89% of feedback returns in time, of 90%."),
            ({"discussion_held": False}, "The reflective discussion has not been held."),
            ({"coordinator_satisfied": False}, "The coordinator's note is missing."),
        ],
    )
    def test_each_shortfall_is_told(self, short, sentence):
        assert renewal_gaps(self.practice(**short)) == (sentence,)
