"""Completion follows from the decisions: the latest counts, in date, verified, countersigned."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.completion import (
    CriterionState,
    Judged,
    Reason,
    Verdict,
    Verification,
    award_progress,
    criterion_states,
    latest_decisions,
)
from assessments.errors import UnknownReference
from assessments.framework import Method, load_framework

FRAMEWORK = load_framework()
SEEN = date(2026, 5, 3)
TODAY = date(2026, 6, 1)


def judged(ref: str = "M1.1.1", **values: object) -> Judged:
    seen = values.get("observed_on", SEEN)
    given = {
        "verdict": Verdict.ACHIEVED,
        "method": FRAMEWORK.criterion(ref).methods[0],
        "assessor_id": 7,
        "observed_on": seen,
        "recorded_at": datetime(seen.year, seen.month, seen.day, 12, tzinfo=UTC),
        "verification": Verification.AGREED,
        **values,
    }
    return Judged(ref=ref, **given)


def everything(*units: str) -> list[Judged]:
    return [judged(one.ref) for code in units for one in FRAMEWORK.unit(code).criteria]


MANDATORY = [unit.code for unit in FRAMEWORK.mandatory]


def missing(decisions: list[Judged], ref: str, on: date = TODAY):
    progress = award_progress(FRAMEWORK, ["P1"], decisions, on)
    unit = progress.unit(ref.split(".")[0])
    return next((one for one in unit.missing if one.ref == ref), None)


class TestTheAward:
    @pytest.mark.row("B8")
    def test_eight_mandatory_units_and_one_pathway_complete_it_with_18_credits(self):
        progress = award_progress(FRAMEWORK, ["P1"], everything(*MANDATORY, "P1"), TODAY)

        assert progress.achieved
        assert progress.credits == 18
        assert progress.missing == ()
        assert progress.sentence == "Every criterion that the award needs is achieved."

    @pytest.mark.row("B8")
    def test_one_criterion_short_of_a_unit_earns_none_of_its_credit(self):
        decisions = [one for one in everything(*MANDATORY, "P1") if one.ref != "M4.3.1"]

        progress = award_progress(FRAMEWORK, ["P1"], decisions, TODAY)

        assert not progress.achieved
        assert progress.credits == 15
        assert [one.ref for one in progress.missing] == ["M4.3.1"]
        assert progress.sentence == "One criterion is left."
        assert progress.unit("M4").credits_earned == 0
        assert "M4.3.2" in progress.unit("M4").counted

    def test_one_of_two_chosen_pathways_is_enough(self):
        progress = award_progress(FRAMEWORK, ["P1", "P3"], everything(*MANDATORY, "P3"), TODAY)

        assert progress.achieved
        assert progress.credits == 18
        assert not progress.unit("P1").achieved

    def test_without_a_pathway_it_is_not_complete(self):
        progress = award_progress(FRAMEWORK, [], everything(*MANDATORY, "P1"), TODAY)

        assert not progress.achieved
        assert progress.credits == 16
        assert progress.sentence.startswith("Choose a pathway")

    def test_nothing_judged_leaves_everything_with_a_reason(self):
        progress = award_progress(FRAMEWORK, ["P2"], [], TODAY)

        assert len(progress.missing) == 91 + len(FRAMEWORK.unit("P2").criteria)
        assert {one.sentence for one in progress.missing} == {"Not yet judged."}
        assert progress.sentence == f"{len(progress.missing)} criteria are left."

    @pytest.mark.parametrize("code", ["P9", "M1"])
    def test_what_is_not_a_pathway_cannot_be_chosen(self, code):
        with pytest.raises(UnknownReference):
            award_progress(FRAMEWORK, [code], [], TODAY)

    def test_a_unit_outside_the_choice_has_no_progress(self):
        with pytest.raises(UnknownReference):
            award_progress(FRAMEWORK, ["P1"], [], TODAY).unit("P2")


class TestWhichDecisionCounts:
    @pytest.mark.row("F35")
    def test_the_latest_outranks_the_best(self):
        later = judged(verdict=Verdict.NOT_YET, observed_on=SEEN + timedelta(days=9))

        found = missing([judged(), later], "M1.1.1")

        assert (found.reason, found.sentence) == (
            Reason.JUDGED_NOT_YET,
            "Judged not yet on 12 May 2026.",
        )

    def test_a_later_not_yet_reopens_a_safety_critical_pass(self):
        later = judged("M3.2.3", verdict=Verdict.NOT_YET, observed_on=SEEN + timedelta(days=1))

        assert missing([judged("M3.2.3")], "M3.2.3") is None
        assert missing([later, judged("M3.2.3")], "M3.2.3").reason is Reason.JUDGED_NOT_YET

    def test_marks_typed_in_late_from_paper_stay_in_their_place(self):
        paper = judged(
            verdict=Verdict.NOT_YET,
            observed_on=SEEN - timedelta(days=9),
            recorded_at=datetime(2026, 5, 30, tzinfo=UTC),
        )

        assert missing([paper, judged()], "M1.1.1") is None

    def test_a_correction_of_the_same_day_wins_by_the_moment_recorded(self):
        first = judged(verdict=Verdict.NOT_YET)
        second = judged(recorded_at=first.recorded_at + timedelta(hours=1))

        assert missing([second, first], "M1.1.1") is None

    def test_what_is_seen_after_the_day_asked_about_does_not_count_yet(self):
        assert latest_decisions([judged()], SEEN - timedelta(days=1)) == {}
        assert latest_decisions([judged()], SEEN) == {"M1.1.1": judged()}

    @pytest.mark.row("F35")
    @pytest.mark.parametrize(
        ("ref", "months", "last"),
        [("M1.1.1", 36, date(2029, 5, 2)), ("M3.2.1", 24, date(2028, 5, 2))],
    )
    def test_knowledge_counts_for_36_months_and_practice_for_24(self, ref, months, last):
        found = missing([judged(ref)], ref, last + timedelta(days=1))

        assert missing([judged(ref)], ref, last) is None
        assert found.reason is Reason.TOO_OLD
        assert found.sentence == (
            f"Too old: seen on 3 May 2026, and it counts for {months} months."
        )

    def test_a_method_that_the_criterion_does_not_allow_never_counts(self):
        found = missing([judged("M3.2.1", method=Method.WR)], "M3.2.1")

        assert found.reason is Reason.METHOD_NOT_ALLOWED
        assert "written reflection" in found.sentence

    @pytest.mark.parametrize(
        ("values", "reason", "sentence"),
        [
            (
                {"verification": Verification.WAITING},
                Reason.WAITING_FOR_VERIFICATION,
                "Waiting for internal verification.",
            ),
            (
                {"verification": Verification.RETURNED},
                Reason.RETURNED,
                "Returned to the assessor by the internal verifier.",
            ),
            (
                {"countersigned": False},
                Reason.WAITING_FOR_COUNTERSIGNATURE,
                "Waiting for a qualified assessor to countersign.",
            ),
        ],
    )
    def test_what_waits_or_was_returned_holds_the_unit(self, values, reason, sentence):
        found = missing([judged(**values)], "M1.1.1")

        assert (found.reason, found.sentence) == (reason, sentence)

    def test_what_was_not_sampled_counts(self):
        assert missing([judged(verification=Verification.NOT_SAMPLED)], "M1.1.1") is None

    @settings(max_examples=60)
    @given(
        st.lists(
            st.builds(
                judged,
                st.sampled_from(["M1.1.1", "M1.1.2"]),
                verdict=st.sampled_from(Verdict),
                # No 29th to 31st: the end of short months has its own test, of add_months.
                observed_on=st.dates(date(2022, 1, 1), date(2026, 12, 31)).map(
                    lambda day: day.replace(day=min(day.day, 28))
                ),
                verification=st.sampled_from(Verification),
                countersigned=st.booleans(),
                recorded_at=st.datetimes(
                    datetime(2022, 1, 1),  # noqa: DTZ001
                    datetime(2026, 1, 1),  # noqa: DTZ001
                    timezones=st.just(UTC),
                ),
            ),
            max_size=8,
            unique_by=lambda decision: decision.recorded_at,
        ),
        st.dates(date(2022, 1, 1), date(2028, 1, 1)),
    )
    def test_a_criterion_counts_exactly_when_its_last_decision_does(self, decisions, on):
        for ref in ("M1.1.1", "M1.1.2"):
            past = [one for one in decisions if one.ref == ref and one.observed_on <= on]
            last = max(past, key=lambda one: (one.observed_on, one.recorded_at), default=None)
            counts = (
                last is not None
                and last.verdict is Verdict.ACHIEVED
                and last.countersigned
                and last.verification in (Verification.AGREED, Verification.NOT_SAMPLED)
                and (on.year * 12 + on.month, on.day)
                < (last.observed_on.year * 12 + last.observed_on.month + 36, last.observed_on.day)
            )

            assert (missing(decisions, ref, on) is None) == counts


class TestTheMap:
    @pytest.mark.row("F29")
    def test_nothing_evidence_and_a_decision_are_different_states(self):
        decisions = [judged(), judged("M1.1.2", verdict=Verdict.NOT_YET)]

        states = criterion_states(FRAMEWORK, decisions, {"M1.1.1", "M1.1.3"}, TODAY)

        assert states["M1.1.1"] is CriterionState.ACHIEVED
        assert states["M1.1.2"] is CriterionState.NOT_YET
        assert states["M1.1.3"] is CriterionState.EVIDENCE
        assert states["M1.2.1"] is CriterionState.NOTHING
        assert len(states) == 117

    def test_a_decision_grown_too_old_shows_as_evidence(self):
        states = criterion_states(FRAMEWORK, [judged()], set(), date(2029, 5, 3))

        assert states["M1.1.1"] is CriterionState.EVIDENCE
