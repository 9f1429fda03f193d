"""Standing by fixed dates: every status, every transition of D3, every boundary to the very day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assessments.facts import DatedFact, FactKind, known_on
from assessments.standing import blocks, on, standing
from assessments.statuses import ACTIVE, Hold, Status
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
    without,
)

DAY = timedelta(days=1)
ENDS = date(2026, 11, 30)


def status(facts: list[DatedFact], day: date) -> Status:
    found = on(standing(facts), day)
    assert found is not None
    return found.status


def holds(facts: list[DatedFact], day: date) -> frozenset[Hold]:
    found = on(standing(facts), day)
    assert found is not None
    return found.holds


def turns(facts: list[DatedFact], day: date) -> tuple[Status, Status]:
    """Return the status of the day before and of the day itself."""
    return status(facts, day - DAY), status(facts, day)


def words(facts: list[DatedFact], day: date) -> str:
    found = on(standing(facts), day)
    assert found is not None
    return " ".join(reason.text for reason in found.reasons)


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


class TestTheEndOfValidity:
    @pytest.mark.row("F54")
    def test_accredited_to_renewal_due_90_days_before_the_end(self):
        assert turns(a_mentor(), ENDS - 90 * DAY) == (Status.ACCREDITED, Status.RENEWAL_DUE)

    def test_with_conditions_to_renewal_due_and_the_conditions_carry_over(self):
        facts = [*a_mentor(Says.CONDITIONS), a_fact(K.CONDITION, DECIDED, key="a")]

        assert turns(facts, ENDS - 90 * DAY) == (
            Status.ACCREDITED_WITH_CONDITIONS,
            Status.RENEWAL_DUE,
        )
        assert "A condition was set on 1 December 2024." in words(facts, ENDS)

    def test_renewal_due_to_lapsed_on_the_day_after_the_last(self):
        assert turns(a_mentor(), ENDS + DAY) == (Status.RENEWAL_DUE, Status.LAPSED)
        assert "The accreditation ended on 30 November 2026." in words(a_mentor(), ENDS + DAY)

    def test_the_panel_may_set_an_earlier_end_and_never_a_later_one(self):
        earlier = a_mentor(until=date(2025, 11, 30))
        later = a_mentor(until=date(2028, 11, 30))

        assert status(earlier, date(2025, 12, 1)) is Status.LAPSED
        assert status(later, ENDS + DAY) is Status.LAPSED

    def test_vetting_that_expires_first_ends_it(self):
        facts = [
            *without(a_mentor(), K.VETTING),
            a_fact(K.VETTING, date(2024, 5, 1), until=date(2025, 6, 30)),
        ]

        assert on(standing(facts), DECIDED).valid_until == date(2025, 6, 30)
        assert turns(facts, date(2025, 4, 1)) == (Status.ACCREDITED, Status.RENEWAL_DUE)
        assert turns(facts, date(2025, 7, 1)) == (Status.RENEWAL_DUE, Status.LAPSED)

    def test_vetting_is_rechecked_every_36_months_whatever_it_says(self):
        facts = [
            *without(a_mentor(), K.VETTING),
            a_fact(K.VETTING, date(2023, 5, 1), until=date(2033, 1, 1)),
        ]

        assert turns(facts, date(2026, 5, 1)) == (Status.RENEWAL_DUE, Status.LAPSED)

    def test_vetting_that_comes_back_not_clear_lapses_it_that_day(self):
        no = a_fact(K.VETTING, date(2025, 3, 3), outcome=Says.NOT_CLEAR)

        assert turns([*a_mentor(), no], date(2025, 3, 3)) == (Status.ACCREDITED, Status.LAPSED)

    def test_a_condition_with_an_end_date_ends_it_unless_it_is_met(self):
        condition = a_fact(K.CONDITION, DECIDED, key="a", until=date(2025, 8, 31))
        facts = [*a_mentor(Says.CONDITIONS), condition]

        assert turns(facts, date(2025, 9, 1)) == (Status.RENEWAL_DUE, Status.LAPSED)
        met = [*facts, a_fact(K.CONDITION_MET, date(2025, 7, 7), key="a")]
        assert turns(met, date(2025, 7, 7)) == (Status.RENEWAL_DUE, Status.ACCREDITED)
        assert status(met, date(2025, 9, 1)) is Status.ACCREDITED

    @pytest.mark.row("F54")
    def test_renewal_due_to_accredited_by_a_new_decision_and_the_old_cycle_stays(self):
        renewed = a_fact(K.PANEL_DECISION, date(2026, 10, 5))
        facts = [*a_mentor(), renewed]

        assert turns(facts, date(2026, 10, 5)) == (Status.RENEWAL_DUE, Status.ACCREDITED)
        vetted = [*facts, a_fact(K.VETTING, date(2026, 10, 5))]
        assert on(standing(vetted), date(2026, 10, 5)).valid_until == date(2028, 10, 4)
        assert on(standing(facts), date(2025, 5, 14)).valid_until == ENDS

    def test_renewal_due_to_declined(self):
        no = a_fact(K.PANEL_DECISION, date(2026, 10, 5), outcome=Says.DECLINED)

        assert turns([*a_mentor(), no], date(2026, 10, 5)) == (
            Status.RENEWAL_DUE,
            Status.DECLINED,
        )

    @pytest.mark.row("F53")
    def test_the_answer_for_a_past_day_comes_from_the_same_look_up(self):
        facts = a_mentor()

        assert status(facts, date(2025, 5, 14)) is Status.ACCREDITED
        assert status(facts, date(2024, 5, 14)) is Status.IN_TRAINING


class TestAgreementContractAndPapers:
    def test_the_agreement_holds_at_once_and_lapses_after_30_days_without(self):
        facts = without(a_mentor(), K.SUPERVISION_AGREEMENT, since=date(2025, 1, 1))
        last = date(2025, 11, 3)

        assert holds(facts, last) == frozenset()
        assert holds(facts, last + DAY) == {Hold.SUPERVISION_AGREEMENT}
        assert turns(facts, last + 31 * DAY) == (Status.ACCREDITED, Status.LAPSED)
        assert "Supervision agreement ran out on 3 November 2025." in words(facts, last + DAY)

    @pytest.mark.parametrize(
        ("kind", "hold"),
        [(K.CODE_OF_CONDUCT, Hold.CODE_OF_CONDUCT), (K.TRAINING, Hold.TRAINING)],
    )
    def test_code_and_training_hold_after_30_days(self, kind, hold):
        facts = without(a_mentor(), kind, since=date(2025, 1, 1))
        last = date(2025, 11, 3)

        assert holds(facts, last + 30 * DAY) == frozenset()
        assert holds(facts, last + 31 * DAY) == {hold}
        assert status(facts, date(2026, 6, 1)) in ACTIVE

    def test_interests_hold_at_once(self):
        facts = without(a_mentor(), K.INTERESTS, since=date(2025, 1, 1))

        assert holds(facts, date(2025, 11, 3)) == frozenset()
        assert holds(facts, date(2025, 11, 4)) == {Hold.INTERESTS}

    def test_a_hold_means_no_new_work_and_says_why(self):
        found = on(standing(without(a_mentor(), K.CONTRACT)), DECIDED)

        assert found.holds == {Hold.CONTRACT}
        assert not found.may_be_offered_work
        assert found.reasons[-1].text == "Contract and rate is not recorded."

    def test_a_contract_runs_as_the_contract_says(self):
        facts = [
            *without(a_mentor(), K.CONTRACT),
            a_fact(K.CONTRACT, date(2024, 11, 25), until=date(2025, 3, 31)),
        ]

        assert holds(facts, date(2025, 3, 31)) == frozenset()
        assert holds(facts, date(2025, 4, 1)) == {Hold.CONTRACT}

    def test_a_new_version_of_the_code_ends_the_old_signature(self):
        published = date(2025, 2, 3)
        facts = [
            *without(a_mentor(), K.CODE_OF_CONDUCT, since=date(2025, 1, 1)),
            a_fact(K.CODE_PUBLISHED, published, key="2"),
        ]

        assert holds(facts, published + 29 * DAY) == frozenset()
        assert holds(facts, published + 30 * DAY) == {Hold.CODE_OF_CONDUCT}
        signed = a_fact(K.CODE_OF_CONDUCT, published + 5 * DAY, key="2")
        assert holds([*facts, signed], published + 30 * DAY) == frozenset()

    def test_publishing_the_version_that_was_signed_already_changes_nothing(self):
        facts = [*a_mentor(), a_fact(K.CODE_PUBLISHED, date(2025, 2, 3), key="1")]

        assert holds(facts, date(2025, 6, 2)) == frozenset()

    def test_papers_never_recorded_are_missed_from_the_day_of_the_decision(self):
        facts = without(a_mentor(), K.CODE_OF_CONDUCT, K.SUPERVISION_AGREEMENT)

        assert holds(facts, DECIDED) == {Hold.SUPERVISION_AGREEMENT}
        assert holds(facts, DECIDED + 29 * DAY) == {Hold.SUPERVISION_AGREEMENT}
        assert status(facts, DECIDED + 30 * DAY) is Status.LAPSED


class TestLapsedAndBack:
    def gap(self, back: date | None) -> list[DatedFact]:
        """A mentor whose vetting ran out on 31 March 2025 and came back on that day."""
        facts = [
            *without(a_mentor(), K.VETTING),
            a_fact(K.VETTING, date(2024, 5, 1), until=date(2025, 3, 31)),
        ]
        return facts if back is None else [*facts, a_fact(K.VETTING, back)]

    lapsed = date(2025, 4, 1)

    @pytest.mark.row("F57")
    def test_lapsed_to_the_previous_status_within_30_days_and_unbroken(self):
        back = self.lapsed + 30 * DAY
        facts = self.gap(back)

        assert turns(facts, back) == (Status.LAPSED, Status.ACCREDITED)
        assert on(standing(facts), back).valid_from == DECIDED

    @pytest.mark.row("F57")
    def test_the_page_says_until_when_it_can_be_restored(self):
        assert "Restored by 1 May 2025, the accreditation goes on unbroken." in words(
            self.gap(None), self.lapsed
        )

    @pytest.mark.row("F57")
    def test_a_day_too_late_it_stays_lapsed_until_all_is_renewed(self):
        back = self.lapsed + 31 * DAY

        assert status(self.gap(back), back) is Status.LAPSED
        assert "CS2 or CS11 has not been passed since the decision" in words(self.gap(back), back)

    def test_lapsed_to_ready_for_panel_when_facts_are_restored_within_6_months(self):
        back = date(2025, 6, 2)
        play = a_fact(K.ROLE_PLAY, date(2025, 9, 30), key="CS2")
        facts = [*self.gap(back), play]

        assert turns(facts, date(2025, 9, 30)) == (Status.LAPSED, Status.READY_FOR_PANEL)
        decided = a_fact(K.PANEL_DECISION, date(2025, 10, 20))
        assert turns([*facts, decided], date(2025, 10, 20)) == (
            Status.READY_FOR_PANEL,
            Status.ACCREDITED,
        )

    def test_restored_after_6_months_it_stays_lapsed(self):
        play = a_fact(K.ROLE_PLAY, date(2025, 10, 1), key="CS2")

        assert status([*self.gap(date(2025, 6, 2)), play], date(2025, 10, 1)) is Status.LAPSED

    def test_ready_again_and_run_out_again_is_lapsed(self):
        play = a_fact(K.ROLE_PLAY, date(2025, 6, 9), key="CS11")
        facts = [*without(self.gap(date(2025, 6, 2)), K.TRAINING, since=date(2025, 2, 1)), play]

        assert status(facts, date(2025, 11, 3)) is Status.READY_FOR_PANEL
        assert status(facts, date(2025, 11, 4)) is Status.LAPSED

    def test_another_fault_within_the_30_days_keeps_it_lapsed(self):
        back = self.lapsed + 20 * DAY
        facts = [
            fact
            for fact in self.gap(back)
            if fact.kind is not K.SUPERVISION_SESSION or fact.effective < date(2025, 1, 20)
        ]

        assert status(facts, back) is Status.ACCREDITED
        assert status(facts, date(2025, 5, 20)) is Status.LAPSED

    def test_a_renewal_decision_within_the_grace_keeps_it_unbroken(self):
        late = a_fact(K.PANEL_DECISION, ENDS + 20 * DAY)

        assert turns([*a_mentor(), late], ENDS + 20 * DAY) == (Status.LAPSED, Status.ACCREDITED)

    def test_a_renewal_decision_after_the_grace_begins_a_new_accreditation(self):
        late = a_fact(K.PANEL_DECISION, ENDS + DAY + 31 * DAY)
        facts = without([*a_mentor(), late], K.SUPERVISION_SESSION, since=date(2026, 12, 1))

        assert turns(facts, late.effective) == (Status.LAPSED, Status.ACCREDITED)
        assert status(facts, late.effective + 120 * DAY) in ACTIVE
        assert status(facts, late.effective + 121 * DAY) is Status.LAPSED

    def test_after_6_months_a_new_application_begins_a_new_way(self):
        late = date(2025, 10, 1)
        early = a_fact(K.APPLICATION, late - DAY)
        in_time = a_fact(K.APPLICATION, late)

        assert status([*self.gap(None), early], late) is Status.LAPSED
        assert turns([*self.gap(None), in_time], late) == (Status.LAPSED, Status.APPLICANT)

    def test_on_the_new_way_cs2_and_cs11_are_played_again(self):
        start = date(2025, 10, 6)
        again = [
            *self.gap(None),
            a_fact(K.APPLICATION, start),
            a_fact(K.SIFT, start + DAY),
            a_fact(K.INTERVIEW, start + 2 * DAY),
            a_fact(K.ENROLMENT, start + 3 * DAY),
            a_fact(K.VETTING, start + 4 * DAY),
        ]
        day = start + 10 * DAY

        assert [block.sentence for block in blocks(again, day)] == [
            "Role play CS2 is to be played again, after the new application.",
            "Role play CS11 is to be played again, after the new application.",
        ]
        plays = [a_fact(K.ROLE_PLAY, day, key=case) for case in ("CS2", "CS11")]
        assert status([*again, *plays], day) is Status.READY_FOR_PANEL


class TestSuspension:
    order = date(2025, 4, 28)

    def suspended(self, *more: DatedFact) -> list[DatedFact]:
        return [*a_mentor(), a_fact(K.ORDER_SUSPENDED, self.order, key="o1"), *more]

    def lifted(self, day: date) -> DatedFact:
        return a_fact(K.ORDER_LIFTED, day, key="o1")

    def test_any_active_to_suspended_on_the_day_of_the_order(self):
        assert turns(self.suspended(), self.order) == (Status.ACCREDITED, Status.SUSPENDED)
        assert holds(self.suspended(), self.order) == frozenset()

    def test_suspended_to_accredited_when_it_is_lifted(self):
        facts = self.suspended(self.lifted(date(2025, 6, 2)))

        assert turns(facts, date(2025, 6, 2)) == (Status.SUSPENDED, Status.ACCREDITED)

    def test_suspended_to_accredited_with_conditions(self):
        condition = a_fact(K.CONDITION, date(2025, 6, 2), key="a")
        facts = self.suspended(self.lifted(date(2025, 6, 2)), condition)

        assert status(facts, date(2025, 6, 2)) is Status.ACCREDITED_WITH_CONDITIONS

    def test_suspended_to_withdrawn(self):
        facts = self.suspended(a_fact(K.WITHDRAWN, date(2025, 6, 2), outcome=Says.BREACH))

        assert turns(facts, date(2025, 6, 2)) == (Status.SUSPENDED, Status.WITHDRAWN)

    def test_a_lapse_does_not_show_while_the_suspension_is_in_force(self):
        facts = [
            *without(self.suspended(), K.VETTING),
            a_fact(K.VETTING, date(2024, 5, 1), until=date(2025, 5, 31)),
        ]

        assert status(facts, date(2026, 5, 1)) is Status.SUSPENDED

    def test_on_the_day_it_is_lifted_the_facts_are_read_again_and_a_lapse_may_follow(self):
        day = date(2025, 8, 4)
        facts = [
            *without(self.suspended(self.lifted(day)), K.VETTING),
            a_fact(K.VETTING, date(2024, 5, 1), until=date(2025, 5, 31)),
        ]

        assert turns(facts, day) == (Status.SUSPENDED, Status.LAPSED)
        assert status([*facts, a_fact(K.VETTING, day + 30 * DAY)], day + 30 * DAY) is (
            Status.ACCREDITED
        )

    def test_two_orders_are_lifted_one_by_one(self):
        facts = self.suspended(
            a_fact(K.ORDER_SUSPENDED, date(2025, 5, 5), key="o2"), self.lifted(date(2025, 6, 2))
        )

        assert status(facts, date(2025, 6, 2)) is Status.SUSPENDED

    def test_an_order_made_again_after_it_was_lifted_is_in_force(self):
        again = a_fact(K.ORDER_SUSPENDED, date(2025, 7, 7), key="o1")
        facts = self.suspended(self.lifted(date(2025, 6, 2)), again)

        assert status(facts, date(2025, 7, 6)) is Status.ACCREDITED
        assert status(facts, date(2025, 7, 7)) is Status.SUSPENDED

    def test_a_mentor_lapsed_for_too_long_is_not_suspended_but_blocked(self):
        lapsed = ENDS + DAY
        order = a_fact(K.ORDER_SUSPENDED, lapsed + 60 * DAY, key="o1")
        play = a_fact(K.ROLE_PLAY, date(2026, 9, 1), key="CS2")
        facts = [*a_mentor(), play]

        assert status(facts, lapsed + 60 * DAY) is Status.READY_FOR_PANEL
        assert status([*facts, order], lapsed + 60 * DAY) is Status.LAPSED


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


class TestTwoTimes:
    def late_by(self, days: int, kind: FactKind, effective: date, **values: object) -> DatedFact:
        recorded = datetime(effective.year, effective.month, effective.day, 9, tzinfo=UTC)
        return a_fact(kind, effective, recorded=recorded + timedelta(days=days), **values)

    def test_a_suspension_of_28_april_recorded_on_the_29th_was_not_known_on_the_28th(self):
        facts = [*a_mentor(), self.late_by(1, K.ORDER_SUSPENDED, date(2025, 4, 28))]
        evening = datetime(2025, 4, 28, 18, tzinfo=UTC)

        assert status(facts, date(2025, 4, 28)) is Status.SUSPENDED
        known = known_on(facts, evening)
        assert status(list(known), date(2025, 4, 28)) is Status.ACCREDITED

    def test_a_correction_counts_from_the_moment_it_was_recorded(self):
        wrong = a_fact(K.VETTING, date(2024, 5, 1), until=date(2025, 4, 30))
        right = self.late_by(
            300, K.VETTING, date(2024, 5, 1), until=date(2027, 4, 30), supersedes=wrong.id
        )
        facts = [*without(a_mentor(), K.VETTING), wrong, right]

        assert on(standing(facts), DECIDED).valid_until == ENDS
        before = known_on(facts, right.recorded - timedelta(seconds=1))
        assert on(standing(before), DECIDED).valid_until == date(2025, 4, 30)
        assert on(standing(known_on(facts, right.recorded)), DECIDED).valid_until == ENDS

    def test_a_fact_taken_back_says_nothing_any_more(self):
        order = a_fact(K.ORDER_SUSPENDED, date(2025, 4, 28))
        void = a_fact(K.ORDER_SUSPENDED, date(2025, 4, 28), outcome=Says.VOID, supersedes=order.id)

        assert status([*a_mentor(), order], ENDS) is Status.SUSPENDED
        assert status([*a_mentor(), order, void], ENDS) is Status.RENEWAL_DUE


class TestWordsOfStanding:
    @pytest.mark.row("F60")
    def test_every_status_has_a_word_and_a_meaning(self):
        assert len({one.label for one in Status}) == len({one.meaning for one in Status}) == 10
        assert {one for one in Status if one.active} == ACTIVE

    def test_every_hold_has_words(self):
        assert len({hold.label for hold in Hold}) == len(Hold)

    @pytest.mark.row("F52")
    def test_every_interval_says_why_and_names_its_facts(self):
        facts = a_mentor()
        ids = {fact.id for fact in facts}

        for interval in standing(facts):
            assert interval.reasons
            assert {one for reason in interval.reasons for one in reason.fact_ids} <= ids
