"""The true state of a certificate on one day."""

from datetime import date, timedelta

import pytest

from assessments.certificate_state import CertificateState, Replacement, state_on
from assessments.standing import on, standing
from tests.assessments.people import DECIDED, K, Says, a_fact, a_mentor, without

DAY = timedelta(days=1)
LAST = date(2026, 11, 30)
S = CertificateState


def state(facts, day, **values):
    return state_on(
        day,
        valid_from=DECIDED,
        valid_until=LAST,
        interval=on(standing(facts), day),
        **values,
    )


class TestTheSixStates:
    @pytest.mark.row("F64")
    def test_valid_from_its_first_to_its_last_day(self):
        for day in (DECIDED, LAST):
            found = state(a_mentor(), day)
            assert (found.state, found.since) == (S.VALID, DECIDED)
            assert found.sentence == "Valid from 1 December 2024 until 30 November 2026."

    @pytest.mark.row("F64")
    def test_not_yet_valid_the_day_before(self):
        found = state(a_mentor(), DECIDED - DAY)

        assert (found.state, found.sentence) == (
            S.NOT_YET_VALID,
            "Valid only from 1 December 2024.",
        )

    @pytest.mark.row("F64")
    def test_expired_the_day_after(self):
        found = state(a_mentor(), LAST + DAY)

        assert (found.state, found.since) == (S.EXPIRED, LAST)
        assert found.sentence == "Expired: it was valid until 30 November 2026."

    @pytest.mark.row("F64")
    def test_suspended_with_the_day_and_what_it_means(self):
        facts = [*a_mentor(), a_fact(K.ORDER_SUSPENDED, date(2025, 6, 9), key="o1")]

        found = state(facts, date(2025, 6, 16))

        assert (found.state, found.since) == (S.SUSPENDED, date(2025, 6, 9))
        assert "It is not a finding." in found.sentence

    @pytest.mark.row("F64")
    def test_withdrawn_with_the_day(self):
        facts = [*a_mentor(), a_fact(K.WITHDRAWN, date(2025, 6, 9), outcome=Says.BREACH)]

        found = state(facts, date(2027, 6, 16))

        assert (found.state, found.since) == (S.WITHDRAWN, date(2025, 6, 9))
        assert found.sentence == "The accreditation was withdrawn on 9 June 2025."

    @pytest.mark.row("F62")
    @pytest.mark.row("F64")
    def test_replaced_from_the_day_of_the_newer_one(self):
        newer = Replacement(code="TW-NEW", on=date(2025, 6, 9))

        assert state(a_mentor(), date(2025, 6, 8), replaced_by=newer).state is S.VALID
        found = state(a_mentor(), date(2025, 6, 9), replaced_by=newer)
        assert (found.state, found.since) == (S.REPLACED, date(2025, 6, 9))

    def test_a_suspension_is_told_even_on_a_replaced_certificate(self):
        facts = [*a_mentor(), a_fact(K.ORDER_SUSPENDED, date(2025, 6, 9), key="o1")]
        newer = Replacement(code="TW-NEW", on=date(2025, 3, 3))

        assert state(facts, date(2025, 6, 16), replaced_by=newer).state is S.SUSPENDED

    def test_every_state_has_a_word(self):
        assert [one.label for one in S] == [
            "Valid",
            "Not yet valid",
            "Expired",
            "Suspended",
            "Withdrawn",
            "Replaced",
        ]


class TestWhereThePaperOutlivesTheAccreditation:
    def test_a_lapse_expires_it_from_the_last_good_day(self):
        facts = [
            *without(a_mentor(), K.VETTING),
            a_fact(K.VETTING, date(2024, 5, 1), until=date(2025, 3, 31)),
        ]

        found = state(facts, date(2025, 4, 1))

        assert (found.state, found.since) == (S.EXPIRED, date(2025, 3, 31))
        assert found.sentence == (
            "Expired: the accreditation ended on 31 March 2025, before the date on the paper."
        )

    def test_a_refused_renewal_expires_it_too(self):
        no = a_fact(K.PANEL_DECISION, date(2026, 10, 5), outcome=Says.DECLINED)

        assert state([*a_mentor(), no], date(2026, 10, 6)).state is S.EXPIRED

    def test_without_any_standing_it_is_not_valid(self):
        found = state_on(DECIDED, valid_from=DECIDED, valid_until=LAST, interval=None)

        assert found.state is S.EXPIRED
        assert found.sentence == "Expired: the accreditation ended, before the date on the paper."
