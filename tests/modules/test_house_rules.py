"""House rules over the whole manual: each goes red when it is broken."""

from dataclasses import replace

import pytest

from modules import check, load_manual
from modules.house_rules import check_house_rules
from modules.linter import text_faults
from modules.manual import Key
from tests.modules.tiny import a_manual

KNOWN = ("M3.1.1", "M3.2.1", "M5.2.2")


@pytest.fixture
def manual(tmp_path):
    return load_manual(a_manual(tmp_path))


def whats(manual, criteria=KNOWN, observed=()):
    return [fault.what for fault in check_house_rules(manual, criteria, observed)]


def with_question(manual, **changes):
    """The manual with its open question changed."""
    chapter = manual.chapters[0]
    one = replace(chapter.open_questions[0], **changes)
    return replace(manual, chapters=(replace(chapter, open_questions=(one,)),))


def with_position(manual, **changes):
    one = manual.chapters[0].open_questions[0]
    return with_question(
        manual, positions=(replace(one.positions[0], **changes), *one.positions[1:])
    )


def with_case(manual, **changes):
    return replace(manual, cases=(replace(manual.cases[0], **changes),))


def with_player(manual, **changes):
    return with_case(manual, player=replace(manual.cases[0].player, **changes))


class TestAnOpenQuestionStaysOpen:
    def test_one_that_does_has_no_fault(self, manual):
        assert whats(manual) == []

    def test_two_positions_beside_what_the_scheme_rules(self, manual):
        changed = with_position(manual, source="scheme")

        assert whats(changed) == [
            "OQ5: two positions or more are needed, beside what the scheme rules"
        ]

    def test_poles_weigh_alike(self, manual):
        changed = with_question(manual, left_html="<p>One two three four.</p>")

        assert whats(changed) == ["OQ5: one pole has 4 words, the other 2"]

    def test_positions_weigh_alike(self, manual):
        changed = with_position(manual, html="<p>One two three.</p>")

        assert whats(changed) == ["OQ5: one position has 3 words, another 1"]

    def test_a_limit_that_the_scheme_sets_is_not_weighed(self, manual):
        one = manual.chapters[0].open_questions[0]
        limit = replace(one.positions[0], html="<p>One two three four.</p>", source="scheme")

        assert whats(with_question(manual, positions=(*one.positions, limit))) == []

    def test_more_than_one_voice(self, manual):
        changed = with_position(manual, source="Participant A, §3.3")

        assert whats(changed) == ["OQ5: all positions are of one voice"]

    def test_the_standing_line_is_there(self, manual):
        changed = with_question(manual, standing_line="Think about it.")

        assert whats(changed) == ["OQ5: the line at the foot of every open question is missing"]

    @pytest.mark.parametrize(
        "words",
        ["The best answer.", "The correct position.", "Clearly wrong.", "We recommend it."],
    )
    def test_no_side_is_preferred(self, manual, words):
        for changed in (
            with_position(manual, title=words),
            with_position(manual, html=f"<p>{words}</p>"),
            with_question(manual, title=words),
            with_question(manual, right_label=words),
        ):
            assert any(what.startswith("OQ5: no side is preferred") for what in whats(changed))

    def test_no_key_of_the_check_is_one_of_its_sides(self, manual):
        asked = manual.chapters[0].questions[0]
        right = next(one for one in asked.options if one.id == asked.key.answer)
        words = f"It is right to {right.html.lower()} first"
        options = tuple(replace(one, html=words) if one is right else one for one in asked.options)
        changed = with_question(manual, left_label="To say it first")
        chapter = replace(changed.chapters[0], questions=(replace(asked, options=options),))

        assert whats(replace(changed, chapters=(chapter,))) == [
            "K5.1: its key is a side of OQ5, which stays open: 'To say it first'"
        ]

    def test_a_key_of_several_options_is_looked_into_as_well(self, manual):
        asked = manual.chapters[0].questions[0]
        named = replace(asked, key=Key(answer=frozenset({asked.options[0].id})))
        words = (replace(asked.options[0], html="Say all of it"), *asked.options[1:])
        changed = with_position(manual, title="Say all of it")
        chapter = replace(changed.chapters[0], questions=(replace(named, options=words),))

        assert len(whats(replace(changed, chapters=(chapter,)))) == 1

    def test_a_question_of_the_check_asks_for_no_best_answer(self, manual):
        asked = replace(manual.chapters[0].questions[0], stem_html="<p>The best answer?</p>")
        chapter = replace(manual.chapters[0], questions=(asked,))

        assert whats(replace(manual, chapters=(chapter,))) == [
            "K5.1: a question asks what to do or say, not for 'best answer'"
        ]


class TestNothingIsLeftOut:
    def test_a_criterion_that_nothing_prepares_for_is_named(self, manual):
        assert whats(manual, (*KNOWN, "P1.1.1")) == [
            "no chapter prepares for P1.1.1, and no case study observes it"
        ]

    def test_a_criterion_that_must_be_observed_is_observed_somewhere(self, manual):
        assert whats(manual, observed=["M3.2.1"]) == []
        assert whats(manual, observed=["M3.1.1"]) == [
            "M3.1.1 must be observed in a role play, and no case study observes it"
        ]

    def test_the_whole_check_tells_of_both(self, manual):
        told = [one.what for one in check(manual, (*KNOWN, "P1.1.1"), ["P1.1.1"])]

        assert len([what for what in told if "P1.1.1" in what]) == 2


class TestTheRolePlayRoom:
    def test_every_case_has_the_four_cards(self, manual):
        cards = manual.cases[0].player.cards[:3]

        assert whats(with_player(manual, cards=cards)) == [
            "every case has the cards Red card, Black card, Freeze, Real stop"
        ]

    @pytest.mark.parametrize("words", ["You f**k.", "The n-word.", "A [slur] is said."])
    def test_nothing_abusive_is_spoken_not_even_masked(self, manual, words):
        assert len(whats(with_player(manual, test_line=words))) == 1
        assert len(whats(with_player(manual, persona_html=f"<p>{words}</p>"))) == 1

    def test_no_case_leads_to_a_page_outside(self, manual):
        html = '<p><a href="https://example.org">this</a></p>'

        assert whats(with_player(manual, how_to_play_html=html)) == [
            "a case study leads to no page outside"
        ]


class TestWordsAndReferences:
    @pytest.mark.parametrize(
        ("line", "what"),
        [
            ("The mentee came.", "the person is 'the client'"),
            ("Two service users came.", "the person is 'the client'"),
            ("The National Front was there.", "real groups are not named"),
            ("A CRB check.", "the check has another name now"),
            ("Said there [3.2].", "not a reference: '[3.2]'"),
            ("Our rule [Scheme].", "not a reference: '[Scheme]'"),
            ("Said in § 3.2.", "not a reference: '§ 3'"),
            ("Said in §3.9.", "the report has no section '§3.9'"),
            ("Said there [§2.3].", "not a reference: '§2.3'"),
            ("### Always | Participant H, §9.1", "the report has no section '§9.1'"),
        ],
    )
    def test_what_is_banned_or_miswritten_is_named(self, line, what):
        assert any(what in fault.what for fault in text_faults("x.md", line))

    @pytest.mark.parametrize(
        "line", ["Said in §3.2, and in §6 [§8.1, scheme].", "places: [3.2]", "[3.2](#there)"]
    )
    def test_what_only_looks_like_it_is_let_through(self, line):
        assert text_faults("x.md", line) == []
