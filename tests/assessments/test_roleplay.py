"""Marks of a role play: differences, agreement, and what decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.errors import UnresolvedDifference
from assessments.roleplay import (
    Agreed,
    Difference,
    Mark,
    Overall,
    agreed_marks,
    differences,
    play_outcome,
)

YES, NOT_YET, UNSEEN = Mark.ACHIEVED, Mark.NOT_YET, Mark.NOT_OBSERVED
SAFETY = ("M3.2.3", "M3.2.4")
MARKS = st.dictionaries(
    st.sampled_from(["M2.2.2", "M3.2.3", "M3.2.4", "M4.2.1"]), st.sampled_from(Mark), min_size=1
)


class TestWhereTwoSheetsDiffer:
    def test_each_difference_is_named_with_both_marks(self):
        found = differences({"M2.2.2": YES, "M3.2.3": NOT_YET}, {"M2.2.2": YES, "M3.2.3": UNSEEN})

        assert found == (Difference(ref="M3.2.3", first=NOT_YET, second=UNSEEN),)

    def test_a_criterion_left_out_of_one_sheet_is_a_difference(self):
        assert differences({}, {"M2.2.2": YES}) == (
            Difference(ref="M2.2.2", first=None, second=YES),
        )


class TestAgreement:
    @pytest.mark.row("F21")
    def test_equal_marks_agree_by_themselves(self):
        sheet = {"M2.2.2": YES, "M3.2.3": NOT_YET}

        assert agreed_marks(sheet, dict(sheet), {}) == sheet

    @pytest.mark.row("F21")
    def test_a_difference_needs_an_agreed_mark(self):
        with pytest.raises(UnresolvedDifference, match=r"M2\.2\.2, M3\.2\.3") as caught:
            agreed_marks({"M3.2.3": YES, "M2.2.2": YES}, {"M3.2.3": NOT_YET, "M2.2.2": UNSEEN}, {})

        assert caught.value.refs == ("M2.2.2", "M3.2.3")

    def test_an_agreed_mark_without_a_reason_does_not_settle_it(self):
        settled = {"M2.2.2": Agreed(mark=YES, reason="  ")}

        with pytest.raises(UnresolvedDifference):
            agreed_marks({"M2.2.2": YES}, {"M2.2.2": UNSEEN}, settled)

    def test_the_settled_mark_counts_with_its_reason(self):
        settled = {"M2.2.2": Agreed(mark=NOT_YET, reason="Heard at 12:10 only", decided_by=4)}

        assert agreed_marks({"M2.2.2": YES}, {"M2.2.2": UNSEEN}, settled) == {"M2.2.2": NOT_YET}

    def test_what_is_settled_where_sheets_agree_changes_nothing(self):
        settled = {"M2.2.2": Agreed(mark=NOT_YET, reason="No")}

        assert agreed_marks({"M2.2.2": YES}, {"M2.2.2": YES}, settled) == {"M2.2.2": YES}

    @given(MARKS, MARKS)
    def test_without_a_person_marks_agree_only_where_the_sheets_are_equal(self, one, other):
        if one == other:
            assert agreed_marks(one, other, {}) == one
        else:
            with pytest.raises(UnresolvedDifference):
                agreed_marks(one, other, {})


class TestWhatDecides:
    @pytest.mark.row("F18")
    def test_a_safety_critical_not_yet_decides_whatever_else_was_good(self):
        marks = {"M2.2.2": YES, "M3.2.3": NOT_YET, "M4.2.1": YES}

        outcome = play_outcome(marks, SAFETY, Overall.CLEAR)

        assert not outcome.passed
        assert outcome.safety_critical_not_yet == ("M3.2.3",)
        assert outcome.sentence.startswith("Not yet, because of M3.2.3:")

    @pytest.mark.row("F18")
    def test_the_record_names_every_one_that_decided(self):
        outcome = play_outcome({"M3.2.3": NOT_YET, "M3.2.4": NOT_YET}, SAFETY, Overall.CLEAR)

        assert "M3.2.3 and M3.2.4" in outcome.sentence

    @pytest.mark.row("F17")
    @given(MARKS, st.sampled_from(Overall))
    def test_the_overall_judgement_is_kept_as_given_and_never_worked_out(self, marks, overall):
        assert play_outcome(marks, SAFETY, overall).overall is overall

    @pytest.mark.row("F17")
    def test_every_mark_achieved_does_not_overrule_the_judgement(self):
        outcome = play_outcome({"M2.2.2": YES}, SAFETY, Overall.NOT_YET)

        assert not outcome.passed
        assert outcome.sentence == "Not yet, on the assessor's overall judgement."

    def test_a_not_yet_elsewhere_leaves_the_play_passed_and_is_listed(self):
        outcome = play_outcome({"M2.2.2": NOT_YET, "M3.2.4": UNSEEN}, SAFETY, Overall.BORDERLINE)

        assert outcome.passed
        assert outcome.sentence == "Passed."
        assert outcome.not_yet == ("M2.2.2",)
        assert outcome.not_observed == ("M3.2.4",)

    def test_the_words_of_the_judgement_never_say_fail(self):
        assert [overall.label for overall in Overall] == ["Clear pass", "Borderline", "Not yet"]
