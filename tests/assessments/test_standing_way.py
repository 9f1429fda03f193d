"""Standing on the way to the panel, its decision, and back after a refusal."""

from datetime import date, timedelta

import pytest

from assessments.facts import FactKind
from assessments.standing import blocks, on, standing
from assessments.statuses import Status
from tests.assessments.people import (
    APPLIED,
    COMPLETE,
    DECIDED,
    ENROLLED,
    K,
    Says,
    a_candidate,
    a_fact,
    a_learner,
    a_mentor,
    an_application,
    signed_papers,
    status,
    turns,
    without,
    words,
)

DAY = timedelta(days=1)
ENDS = date(2026, 11, 30)


class TestTheWayToThePanel:
    def test_nobody_stands_anywhere_without_a_fact(self):
        assert standing([]) == ()
        assert on((), date(2024, 1, 1)) is None

    def test_before_the_first_fact_there_is_no_standing(self):
        assert on(standing(an_application()), APPLIED - DAY) is None

    def test_somebody_who_applied_is_an_applicant_and_stays_one(self):
        (only,) = standing(an_application())

        assert (only.status, only.starts, only.ends) == (Status.APPLICANT, APPLIED, None)
        assert only.reasons[0].text == "Applied on 8 January 2024."
        assert not only.may_be_offered_work

    def test_facts_before_any_application_leave_an_applicant_without_one(self):
        facts = [a_fact(K.VETTING, APPLIED)]

        assert status(facts, APPLIED) is Status.APPLICANT
        assert words(facts, APPLIED) == "No application yet."

    def test_applicant_to_in_training_on_the_day_of_enrolment(self):
        assert turns(a_learner(), ENROLLED) == (Status.APPLICANT, Status.IN_TRAINING)

    @pytest.mark.parametrize("kind", [K.APPLICATION, K.SIFT, K.INTERVIEW, K.ENROLMENT])
    def test_without_any_one_of_the_four_nobody_is_in_training(self, kind):
        assert status(without(a_learner(), kind), ENROLLED) is Status.APPLICANT

    def test_an_application_too_old_at_the_interview_does_not_lead_to_training(self):
        late = date(2025, 1, 8)
        facts = [*without(a_learner(), K.INTERVIEW), a_fact(K.INTERVIEW, late)]

        assert status(facts, late) is Status.APPLICANT
        assert "Application ran out on 7 January 2025." in {
            block.sentence for block in blocks(facts, late)
        }

    @pytest.mark.parametrize("kind", [K.SIFT, K.INTERVIEW])
    def test_applicant_to_declined_where_a_threshold_is_not_met(self, kind):
        facts = [*an_application(), a_fact(kind, date(2024, 2, 5), outcome=Says.NOT_PASSED)]

        assert turns(facts, date(2024, 2, 5)) == (Status.APPLICANT, Status.DECLINED)

    def test_applicant_to_declined_where_a_gate_is_not_met(self):
        facts = [*an_application(), a_fact(K.DECLINED, date(2024, 2, 5))]

        assert status(facts, date(2024, 2, 5)) is Status.DECLINED
        assert words(facts, date(2024, 2, 5)) == "Declined on 5 February 2024."

    def test_an_interview_repeated_and_not_passed_in_training_declines_nobody(self):
        again = a_fact(K.INTERVIEW, date(2024, 6, 3), outcome=Says.NOT_PASSED)

        assert status([*a_learner(), again], date(2024, 6, 3)) is Status.IN_TRAINING

    def test_in_training_to_ready_for_panel_on_the_day_the_last_fact_is_there(self):
        assert turns(a_candidate(), COMPLETE) == (Status.IN_TRAINING, Status.READY_FOR_PANEL)

    @pytest.mark.parametrize(
        "kind",
        [
            K.REFERENCE_ONE,
            K.REFERENCE_TWO,
            K.VETTING,
            K.AWARD,
            K.ROLE_PLAY,
            K.CODE_OF_CONDUCT,
            K.SUPERVISION_AGREEMENT,
            K.TRAINING,
            K.INTERESTS,
        ],
    )
    def test_without_any_one_fact_nobody_is_ready(self, kind):
        facts = without(a_candidate(), kind)

        assert status(facts, COMPLETE) is Status.IN_TRAINING
        assert {block.kind for block in blocks(facts, COMPLETE)} == {kind}

    def test_an_open_safety_critical_not_yet_keeps_somebody_in_training(self):
        ref = "M3.2.3"
        open_one = a_fact(K.SAFETY_CRITICAL, date(2024, 10, 7), outcome=Says.NOT_YET, key=ref)
        facts = [*a_candidate(), open_one]

        assert status(facts, COMPLETE) is Status.IN_TRAINING
        (block,) = blocks(facts, COMPLETE)
        assert block.sentence == "M3.2.3 is safety-critical and was not yet on 7 October 2024."
        closed = a_fact(K.SAFETY_CRITICAL, date(2024, 11, 11), key=ref)
        assert turns([*facts, closed], date(2024, 11, 11)) == (
            Status.IN_TRAINING,
            Status.READY_FOR_PANEL,
        )

    def test_ready_for_panel_to_in_training_when_a_fact_runs_out_before_the_decision(self):
        runs_out = date(2025, 11, 4)

        assert turns(a_candidate(), runs_out) == (Status.READY_FOR_PANEL, Status.IN_TRAINING)
        assert "Code of conduct ran out on 3 November 2025." in words(a_candidate(), runs_out)

    def test_ready_for_panel_ends_when_the_interview_is_24_months_old(self):
        facts = [*a_candidate(), *signed_papers(date(2025, 9, 1))]

        found = {block.sentence for block in blocks(facts, date(2026, 3, 4))}

        assert "Interview ran out on 3 March 2026." in found
        assert not {block.kind for block in blocks(facts, date(2026, 3, 3))} & {K.INTERVIEW}

    def test_an_interview_held_again_is_enough(self):
        facts = [
            *a_candidate(),
            *signed_papers(date(2026, 3, 2)),
            a_fact(K.INTERVIEW, date(2026, 3, 2)),
        ]

        assert not {block.kind for block in blocks(facts, date(2026, 3, 5))} & {
            K.INTERVIEW,
            K.APPLICATION,
            K.SIFT,
        }

    @pytest.mark.parametrize(
        ("kind", "outcome", "sentence"),
        [
            (K.VETTING, Says.NOT_CLEAR, "Vetting of 6 November 2024 is not clear."),
            (
                K.REFERENCE_TWO,
                Says.UNSATISFACTORY,
                "Second reference of 6 November 2024 is not satisfactory.",
            ),
        ],
    )
    def test_a_fact_that_says_no_blocks_though_it_is_new(self, kind, outcome, sentence):
        no = a_fact(kind, date(2024, 11, 6), outcome=outcome)

        (block,) = blocks([*a_candidate(), no], date(2024, 11, 6))

        assert (block.sentence, block.fact_id) == (sentence, no.id)

    def test_vetting_that_is_clear_with_a_note_goes_to_the_panel(self):
        note = a_fact(K.VETTING, date(2024, 11, 6), outcome=Says.CLEAR_WITH_NOTE)

        assert status([*a_candidate(), note], date(2024, 11, 6)) is Status.READY_FOR_PANEL

    def test_a_role_play_that_was_not_yet_blocks(self):
        play = a_fact(K.ROLE_PLAY, date(2024, 11, 6), outcome=Says.NOT_YET, key="CS11")

        (block,) = blocks([*a_candidate(), play], date(2024, 11, 6))

        assert block.sentence == "Role play CS11 of 6 November 2024 was not yet."

    def test_a_role_play_is_recent_for_24_months(self):
        found = {block.sentence for block in blocks(a_candidate(), date(2026, 8, 1))}

        assert "Role play CS2 ran out on 31 July 2026." in found
        assert not any("CS11" in sentence for sentence in found)

    def test_readiness_ends_on_the_very_day_a_role_play_is_too_old_though_another_is_not(self):
        again = date(2026, 2, 2)
        kinds = (K.INTERVIEW, K.REFERENCE_ONE, K.REFERENCE_TWO)
        facts = [*a_candidate(), *signed_papers(date(2025, 9, 1)), *signed_papers(again)]
        facts += [a_fact(kind, again) for kind in kinds]

        assert turns(facts, date(2026, 8, 1)) == (Status.READY_FOR_PANEL, Status.IN_TRAINING)

    def test_a_suspension_blocks_even_before_the_panel(self):
        order = a_fact(K.ORDER_SUSPENDED, date(2024, 11, 6), key="o1")

        (block,) = blocks([*a_candidate(), order], date(2024, 11, 6))

        assert block.sentence == "A suspension has been in force since 6 November 2024."

    def test_in_training_to_withdrawn_by_choice_or_by_the_chair(self):
        for outcome in (Says.BY_MENTOR, Says.BY_PANEL):
            facts = [*a_learner(), a_fact(K.WITHDRAWN, date(2024, 6, 3), outcome=outcome)]
            assert turns(facts, date(2024, 6, 3)) == (Status.IN_TRAINING, Status.WITHDRAWN)


class TestThePanelDecides:
    def test_ready_for_panel_to_accredited(self):
        assert turns(a_mentor(), DECIDED) == (Status.READY_FOR_PANEL, Status.ACCREDITED)

    def test_ready_for_panel_to_accredited_with_conditions(self):
        facts = a_mentor(Says.CONDITIONS)

        assert status(facts, DECIDED) is Status.ACCREDITED_WITH_CONDITIONS

    def test_ready_for_panel_to_declined(self):
        facts = [*a_candidate(), a_fact(K.PANEL_DECISION, DECIDED, outcome=Says.DECLINED)]

        assert turns(facts, DECIDED) == (Status.READY_FOR_PANEL, Status.DECLINED)

    def test_a_deferral_leaves_the_status_as_it_is(self):
        facts = [*a_candidate(), a_fact(K.PANEL_DECISION, DECIDED, outcome=Says.DEFERRED)]

        assert status(facts, DECIDED) is Status.READY_FOR_PANEL

    def test_the_interval_carries_the_dates_of_the_paper(self):
        found = on(standing(a_mentor()), DECIDED)

        assert (found.valid_from, found.valid_until) == (DECIDED, ENDS)
        assert found.may_be_offered_work
        assert found.reasons[0].text == "Accredited by the panel on 1 December 2024."

    def test_with_conditions_to_accredited_when_each_condition_is_met(self):
        facts = [
            *a_mentor(Says.CONDITIONS),
            a_fact(K.CONDITION, DECIDED, key="a", review=date(2025, 3, 3)),
            a_fact(K.CONDITION, DECIDED, key="b"),
            a_fact(K.CONDITION_MET, date(2025, 3, 3), key="a"),
        ]
        met = a_fact(K.CONDITION_MET, date(2025, 4, 7), key="b")

        assert status(facts, date(2025, 4, 7)) is Status.ACCREDITED_WITH_CONDITIONS
        assert turns([*facts, met], date(2025, 4, 7)) == (
            Status.ACCREDITED_WITH_CONDITIONS,
            Status.ACCREDITED,
        )
        assert "to be reviewed by 3 March 2025" in words(facts, DECIDED)

    def test_a_condition_set_later_shows_from_that_day(self):
        facts = [*a_mentor(), a_fact(K.CONDITION, date(2025, 2, 3), key="a")]

        assert turns(facts, date(2025, 2, 3)) == (
            Status.ACCREDITED,
            Status.ACCREDITED_WITH_CONDITIONS,
        )

    def test_with_conditions_to_suspended_or_withdrawn(self):
        for kind, expected in (
            (K.ORDER_SUSPENDED, Status.SUSPENDED),
            (K.WITHDRAWN, Status.WITHDRAWN),
        ):
            facts = [*a_mentor(Says.CONDITIONS), a_fact(kind, date(2025, 2, 3))]
            assert status(facts, date(2025, 2, 3)) is expected


class TestComingBack:
    def test_declined_to_applicant_after_12_months(self):
        declined = [*an_application(), a_fact(K.DECLINED, date(2024, 2, 5))]
        early = a_fact(K.APPLICATION, date(2025, 2, 4))
        in_time = a_fact(K.APPLICATION, date(2025, 2, 5))

        assert status([*declined, early], date(2025, 6, 2)) is Status.DECLINED
        assert status([*declined, in_time], date(2025, 2, 5)) is Status.APPLICANT

    def test_withdrawn_by_choice_may_apply_the_next_day_and_for_breach_after_12_months(self):
        for outcome, expected in (
            (Says.BY_MENTOR, Status.APPLICANT),
            (Says.BREACH, Status.WITHDRAWN),
        ):
            facts = [
                *a_mentor(),
                a_fact(K.WITHDRAWN, date(2025, 3, 3), outcome=outcome),
                a_fact(K.APPLICATION, date(2025, 3, 4)),
            ]
            assert status(facts, date(2025, 3, 4)) is expected

    def test_only_a_new_application_leads_back_and_no_decision_does(self):
        withdrawn = [*a_mentor(), a_fact(K.WITHDRAWN, date(2025, 3, 3))]

        facts = [*withdrawn, a_fact(K.PANEL_DECISION, date(2025, 4, 7))]

        assert status(facts, date(2025, 4, 7)) is Status.WITHDRAWN

    def test_a_refusal_after_a_withdrawal_changes_nothing(self):
        facts = [*a_mentor(), a_fact(K.WITHDRAWN, date(2025, 3, 3)), a_fact(K.DECLINED, ENDS)]

        assert status(facts, ENDS) is Status.WITHDRAWN

    def test_a_second_application_in_time_does_not_begin_again(self):
        facts = [*a_learner(), a_fact(K.APPLICATION, date(2024, 2, 20))]

        assert status(facts, ENROLLED) is Status.IN_TRAINING

    def test_an_application_while_in_training_or_accredited_changes_nothing(self):
        for facts, day in ((a_learner(), date(2024, 6, 3)), (a_mentor(), date(2025, 6, 2))):
            before = status(facts, day)
            assert status([*facts, a_fact(K.APPLICATION, day)], day) is before

    def test_an_application_that_ran_out_is_replaced_by_a_new_one(self):
        facts = [*an_application(), a_fact(K.APPLICATION, date(2025, 2, 3))]

        assert words(facts, date(2025, 2, 3)) == "Applied on 3 February 2025."

    def test_on_a_new_way_the_old_sift_interview_and_enrolment_do_not_count(self):
        facts = [
            *a_mentor(),
            a_fact(K.WITHDRAWN, date(2025, 3, 3)),
            a_fact(K.APPLICATION, date(2025, 4, 7)),
        ]

        assert status(facts, date(2025, 4, 7)) is Status.APPLICANT
        assert {block.kind for block in blocks(facts, date(2025, 4, 7))} >= {
            FactKind.SIFT,
            FactKind.INTERVIEW,
            FactKind.ENROLMENT,
        }

    def test_nobody_at_all_has_every_block(self):
        found = [block.sentence for block in blocks([], DECIDED)]

        assert found[0] == "There is no application."
        assert len(found) == 11
