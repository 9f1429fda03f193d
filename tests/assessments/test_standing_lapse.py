"""Standing after a lapse and under suspension, to the very day."""

from datetime import date, timedelta

import pytest

from assessments.facts import DatedFact
from assessments.standing import blocks, on, standing
from assessments.statuses import ACTIVE, Status
from tests.assessments.people import (
    DECIDED,
    K,
    Says,
    a_fact,
    a_mentor,
    holds,
    status,
    turns,
    without,
    words,
)

DAY = timedelta(days=1)
ENDS = date(2026, 11, 30)


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
        facts.append(a_fact(K.VETTING, date(2026, 12, 7)))

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
        same_day = [a_fact(K.ROLE_PLAY, start, key=case) for case in ("CS2", "CS11")]
        assert blocks([*again, *same_day], day) == ()
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

    def test_a_suspended_mentor_without_any_vetting_still_has_an_end(self):
        facts = without(self.suspended(), K.VETTING)
        early = a_fact(K.ORDER_SUSPENDED, DECIDED, key="o2")

        assert on(standing([*facts, early]), DECIDED).valid_until == ENDS

    def test_what_was_restored_during_the_suspension_is_not_held_against_anybody(self):
        lapsed = date(2025, 4, 1)
        facts = [
            *without(a_mentor(), K.VETTING),
            a_fact(K.VETTING, date(2024, 5, 1), until=lapsed - DAY),
            a_fact(K.ORDER_SUSPENDED, lapsed + 5 * DAY, key="o1"),
            a_fact(K.VETTING, lapsed + 20 * DAY),
            self.lifted(lapsed + 60 * DAY),
        ]

        assert turns(facts, lapsed + 5 * DAY) == (Status.LAPSED, Status.SUSPENDED)
        assert turns(facts, lapsed + 60 * DAY) == (Status.SUSPENDED, Status.ACCREDITED)

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
