"""Standing while accredited: the end of validity, papers that hold, two times, words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assessments.facts import DatedFact, FactKind, known_on
from assessments.standing import blocks, on, standing
from assessments.statuses import ACTIVE, Hold, Status
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

    def test_a_renewal_needs_one_fresh_role_play_and_the_papers_of_the_year(self):
        day = date(2026, 10, 5)
        stale = a_fact(K.ROLE_PLAY, date(2026, 9, 1), key="CS2", outcome=Says.NOT_YET)
        fresh = a_fact(K.ROLE_PLAY, date(2026, 9, 2), key="CS11")

        assert [block.kind for block in blocks(a_mentor(), day)] == [K.ROLE_PLAY]
        assert [block.kind for block in blocks([*a_mentor(), stale], day)] == [K.ROLE_PLAY]
        assert blocks([*a_mentor(), stale, fresh], day) == ()
        same_day = a_fact(K.ROLE_PLAY, DECIDED, key="CS11")
        assert [block.kind for block in blocks([*a_mentor(), same_day], day)] == [K.ROLE_PLAY]

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
