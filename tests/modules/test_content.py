"""The manual that is shipped: it loads, keeps the house rules, and keeps its secrets."""

import re
from dataclasses import asdict

import pytest

from modules import Kind, check, load_manual, mark, plain

MANUAL = load_manual()
#: As the case table of the curriculum (C2) has them.
OBSERVED = {
    "CS1": "M1.3.3 M2.2.1 M2.2.2 M3.2.1 M3.2.2 M5.2.2",
    "CS2": "M2.2.2 M3.2.3 M3.2.4 M4.2.1 M5.4.1 M5.2.2 M6.4.3",
    "CS3": "P1.2.3 P1.3.1 P1.3.2 P1.3.3 M4.2.2 M4.2.3 M4.2.4 M4.4.2 M5.2.2",
    "CS4": "P2.3.1 P2.3.2 P2.3.3 M4.2.1 M4.2.3 M4.2.4 M5.3.2 M5.2.2",
    "CS5": "P3.3.1 P3.3.2 P3.3.3 M4.2.1 M4.2.2 M4.2.4 M4.4.3 M5.2.2",
    "CS6": "M2.2.2 M2.2.3 M5.2.2 M6.2.2",
    "CS7": "M2.2.3 M4.2.2 M6.3.4 M5.2.2",
    "CS8": "M2.2.2 M3.3.2 M5.2.2",
    "CS9": "M2.2.2 M4.2.1 M4.2.2 M4.2.3 M4.4.2 M4.4.3 M5.2.2",
    "CS10": "M6.4.2 M3.2.5 M6.4.3 M5.2.2",
    "CS11": "M5.2.1 M5.2.2 M5.3.2 M5.4.1 M5.4.2 M3.3.2 M7.3.2",
    "CS12": "M7.2.1 M7.2.2 M7.3.1",
}
#: Cases of one pathway, which have its background card alone.
BACKGROUNDS = {"CS3": ["P1"], "CS4": ["P2"], "CS5": ["P3"], "CS7": ["P1"]}
#: The questions that the curriculum marks as safety-critical, and one of our own (K10.4).
SAFETY = {
    *("K3.2", "K5.1", "K5.2", "K5.3", "K7.2", "K9.1", "K9.4", "K10.1", "K10.2", "K10.3", "K10.4"),
    *("K11.4", "K12.1", "K14.1", "K17.2", "K18.2", "K18.4"),
}
#: How many questions the curriculum gives each chapter: 78 in all.
QUESTIONS = (4, 4, 4, 5, 5, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 4, 4, 5)
#: Open questions of chapters that ask two; the others ask one, named after the chapter.
TWO = {6, 15, 16, 18}
NUMBERS = range(1, 19)


def every_criterion_named() -> set[str]:
    named = [chapter.criteria for chapter in MANUAL.chapters]
    named += [case.observes for case in MANUAL.cases]
    return {ref for refs in named for ref in refs}


def questions():
    return [question for chapter in MANUAL.chapters for question in chapter.questions]


class TestTheShippedManual:
    @pytest.mark.row("B18")
    def test_keeps_every_rule_that_a_program_can_see(self):
        assert [str(fault) for fault in check(MANUAL, every_criterion_named())] == []

    @pytest.mark.row("B1")
    @pytest.mark.parametrize("number", NUMBERS)
    def test_each_chapter_has_all_its_parts(self, number):
        chapter = MANUAL.chapter(number)

        assert 2_000 <= chapter.words <= 3_500
        assert len(chapter.sections) >= 5
        assert all(section.minutes >= 1 for section in chapter.sections)
        assert sum(not section.notes for section in chapter.sections) <= 1
        assert len(chapter.prompts) == 3
        assert chapter.reading
        assert 'class="term"' in "".join(section.html for section in chapter.sections)

    @pytest.mark.row("B4")
    @pytest.mark.parametrize("number", NUMBERS)
    def test_each_chapter_asks_every_question_of_the_curriculum(self, number):
        asked = {question.id for question in MANUAL.chapter(number).questions}

        assert asked >= {f"K{number}.{n}" for n in range(1, QUESTIONS[number - 1] + 1)}

    @pytest.mark.row("N1")
    @pytest.mark.parametrize("number", NUMBERS)
    def test_each_chapter_keeps_its_open_questions_open(self, number):
        chapter = MANUAL.chapter(number)

        wanted = [f"OQ{number}a", f"OQ{number}b"] if number in TWO else [f"OQ{number}"]
        assert [one.id for one in chapter.open_questions] == wanted
        assert all(len(one.positions) >= 4 for one in chapter.open_questions)

    def test_no_column_of_a_table_is_without_a_heading(self):
        assert not re.search(r"<th[^>]*>\s*</th>", str(asdict(MANUAL)))

    def test_all_chapters_and_cases_are_here(self):
        assert [chapter.number for chapter in MANUAL.chapters] == list(NUMBERS)
        assert {case.code for case in MANUAL.cases} == set(OBSERVED)
        assert sum(QUESTIONS) == 78

    def test_the_glossary_has_every_term_once(self):
        assert len(MANUAL.glossary) == 49
        assert len({term.slug for term in MANUAL.glossary}) == 49

    def test_no_html_carries_style_script_or_a_handler(self):
        everything = str(asdict(MANUAL))

        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", everything)

    @pytest.mark.parametrize("number", NUMBERS)
    def test_every_chapter_names_women_and_men(self, number):
        text = plain(" ".join(s.html for s in MANUAL.chapter(number).sections))

        assert re.search(r"\b[Ss]he\b", text)
        assert re.search(r"\b[Hh]e\b", text)


class TestTheShippedQuestions:
    def test_every_kind_is_used(self):
        assert {question.kind for question in questions()} == set(Kind)

    def test_the_safety_critical_ones_are_those_of_the_curriculum(self):
        assert {q.id for q in questions() if q.safety_critical} == SAFETY

    @pytest.mark.row("B4")
    def test_the_key_cannot_be_read_from_what_a_page_shows_before_the_answer(self):
        for question in questions():
            shown = question.stem_html + "".join(
                f"{o.id} {o.html}" for o in (*question.options, *question.items)
            )
            assert "[x]" not in shown
            assert not any(o.feedback_html and o.feedback_html in shown for o in question.options)
            assert [o.id for o in question.options] == sorted(o.id for o in question.options)
            assert repr(question.key) == str(question.key) == "Key(kept apart)"

    def test_the_key_is_not_always_in_one_place(self):
        places = {
            [o.id for o in q.options].index(str(q.key.answer))
            for q in questions()
            if q.kind is Kind.SINGLE
        }

        assert places == {0, 1, 2}

    @pytest.mark.row("B4")
    def test_every_key_marks_as_right_with_feedback_on_every_option(self):
        for question in questions():
            marked = mark(question, question.key.answer)

            assert marked.correct
            assert all(option.feedback_html for option in marked.options)


class TestTheShippedCases:
    @pytest.mark.row("B5")
    @pytest.mark.parametrize(("code", "refs"), OBSERVED.items())
    def test_observe_what_the_curriculum_says_each_with_a_row(self, code, refs):
        case = next(case for case in MANUAL.cases if case.code == code)

        assert set(case.observes) == set(refs.split())
        assert {row.ref for row in case.assessor.grid} == set(refs.split())

    @pytest.mark.row("B5")
    def test_the_players_brief_cannot_be_reached_from_the_learners(self):
        for case in MANUAL.cases:
            seen = plain(str(asdict(case.learner)))
            secrets = [case.player.if_trusted, case.player.test_line, case.player.delivery_r]
            secrets += [fact.text for fact in case.player.facts]
            secrets += [row.achieved for row in case.assessor.grid]
            secrets += [scene.cue for scene in case.assessor.scenes]
            assert not [secret for secret in secrets if secret in seen]
            assert set(asdict(case.learner)) == {"html", "cards"}

    def test_each_player_has_both_deliveries_five_facts_all_cards_and_many_names(self):
        for case in MANUAL.cases:
            player = case.player
            assert player.test_line
            assert player.delivery_p != player.delivery_r
            assert len(player.facts) == 5
            assert [card.name for card in player.cards] == [
                "Red card",
                "Black card",
                "Freeze",
                "Real stop",
            ]
            cards = [card.pathway for card in player.backgrounds]
            assert cards == BACKGROUNDS.get(case.code, ["P1", "P2", "P3"])
            assert len(player.names) >= 6

    def test_the_drill_has_six_screens_and_its_window_is_not_on_them(self):
        drill = MANUAL.case("cs02-what-did-you-just-say").drill

        assert [screen.number for screen in drill.screens] == [1, 2, 3, 4, 5, 6]
        assert (drill.window.consult_by, drill.window.break_from, drill.window.break_by) == (
            4,
            3,
            5,
        )
        assert not any(drill.window.late_html in screen.html for screen in drill.screens)

    def test_the_drill_gives_away_nothing_of_the_case_that_is_played_after_it(self):
        case = MANUAL.case("cs02-what-did-you-just-say")
        drill = plain(" ".join([case.drill.intro_html, *(s.html for s in case.drill.screens)]))

        markers = ["depot", "tools", "cousin", "Dex", "gearbox", "grandmother"]
        names = [name.split()[0] for name in case.player.names]
        told = plain(str(asdict(case.player)))
        assert not [word for word in (*markers, *names) if word in drill]
        assert all(marker in told for marker in markers)
