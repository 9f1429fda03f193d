"""What has changed between two texts of a chapter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.differences import ALIKE, How, differences, likeness
from modules.paragraphs import Namer

FIRST = ("one", "Say what travels before anything else is said.")
SECOND = ("one", "Ask the client to say it back to you.")
THIRD = ("two", "Nobody can promise that everything stays in this room.")


def hows(old, new):
    return [(one.how, one.section_id) for one in differences(old, new)]


@pytest.mark.row("F1")
class TestDifferences:
    def test_the_same_text_has_none(self):
        assert differences([FIRST, SECOND, THIRD], [FIRST, SECOND, THIRD]) == ()

    def test_a_paragraph_put_in_is_added_and_nothing_else(self):
        assert hows([FIRST, THIRD], [FIRST, SECOND, THIRD]) == [(How.ADDED, "one")]

    def test_a_paragraph_taken_out_is_removed_and_named_by_where_it_stood(self):
        assert hows([FIRST, SECOND, THIRD], [FIRST, SECOND]) == [(How.REMOVED, "two")]

    def test_a_reworded_paragraph_is_changed_and_shows_which_words(self):
        new = ("one", "Ask the client gently to say it back to you.")

        (found,) = differences([FIRST, SECOND], [FIRST, new])

        assert found.how is How.CHANGED
        assert found.pieces == (
            (How.SAME, "Ask the client"),
            (How.ADDED, "gently"),
            (How.SAME, "to say it back to you."),
        )

    def test_two_paragraphs_with_nothing_in_common_are_one_out_and_one_in(self):
        assert hows([FIRST], [("one", "Walk to the door.")]) == [
            (How.ADDED, "one"),
            (How.REMOVED, "one"),
        ]

    def test_what_stood_before_a_reworded_paragraph_is_shown_before_it(self):
        new = ("two", THIRD[1].replace("room", "kitchen"))

        assert hows([FIRST, SECOND, THIRD], [FIRST, new]) == [
            (How.REMOVED, "one"),
            (How.CHANGED, "two"),
        ]

    @given(
        st.lists(st.tuples(st.just("s"), st.text("ab ", min_size=1).map(str.strip)), max_size=6),
        st.lists(st.tuples(st.just("s"), st.text("ab ", min_size=1).map(str.strip)), max_size=6),
    )
    def test_the_old_and_the_new_text_can_both_be_read_from_it(self, old, new):
        found = differences(old, new)

        taken = sum(one.how in {How.REMOVED, How.CHANGED} for one in found)
        put = sum(one.how in {How.ADDED, How.CHANGED} for one in found)
        assert len(new) - len(old) == put - taken
        for one in found:
            kept = [words for how, words in one.pieces if how is not How.REMOVED]
            if one.how is not How.REMOVED:
                assert " ".join(" ".join(kept).split()) in [" ".join(w.split()) for _, w in new]

    def test_likeness_goes_from_nothing_to_the_same(self):
        assert likeness("a b", "c d") == 0 < ALIKE < likeness("a b c", "a b d") < likeness("a", "a")


@pytest.mark.row("B3", "N20")
class TestNamesOfParagraphs:
    def named(self, html):
        namer = Namer()
        return namer.named(html, "one"), namer.found

    def test_each_paragraph_list_table_and_dialogue_gets_one(self):
        html = "<p>A</p><ul><li><p>b</p></li></ul><table><tr><td>c</td></tr></table>"

        shown, found = self.named(html + '<dl class="dialogue"><div><dt>D</dt></div></dl>')

        assert [one.words for one in found] == ["A", "b", "c", "D:"]
        assert all(f'id="{one.id}"' in shown for one in found)

    def test_margin_notes_and_titles_of_boxes_get_none(self):
        html = '<div><p class="block-title">T</p><p>A</p></div><aside class="mn"><p>n</p></aside>'

        _, found = self.named(html)

        assert [one.words for one in found] == ["A"]

    def test_a_name_stays_while_the_words_do(self):
        _, before = self.named("<p>A</p><p>B</p>")
        _, after = self.named("<p>New</p><p>A, changed</p><p>B</p>")

        assert before[1].id == after[2].id
        assert before[0].id not in {one.id for one in after}

    def test_the_same_words_twice_get_two_names(self):
        _, found = self.named("<p>A</p><p>A</p>")

        assert found[0].id != found[1].id
