"""Marking: four kinds of question, the 80% rule, the safety-critical rule, shuffling, the drill."""

from dataclasses import replace

import pytest

from modules import (
    Kind,
    Timing,
    UnknownOption,
    UnknownQuestion,
    WrongShape,
    judge_drill,
    mark,
    result,
    shuffled,
)
from modules.manual import DrillWindow, Key, Option, Place, Question


def an_option(name: str) -> Option:
    return Option(id=name, html=name.upper(), feedback_html=f"about {name}")


def a_question(kind=Kind.SINGLE, answer="a", *, id="K1.1", safety=False, items=()) -> Question:
    return Question(
        id=id,
        kind=kind,
        stem_html="<p>What?</p>",
        options=tuple(an_option(name) for name in "abc"),
        items=tuple(an_option(name) for name in items),
        safety_critical=safety,
        section_id="here",
        key=Key(answer=answer),
        place=Place(file="x.md", line=1),
    )


SINGLE = a_question()
SEVERAL = a_question(Kind.SEVERAL, frozenset("ab"))
ORDER = a_question(Kind.ORDER, ("b", "a", "c"))
MATCH = a_question(Kind.MATCH, {"x": "a", "y": "b", "z": "a"}, items="xyz")


class TestMarkingOneAnswer:
    @pytest.mark.row("B4")
    @pytest.mark.parametrize("question", [SINGLE, SEVERAL, ORDER, MATCH])
    def test_the_key_is_right_in_every_kind(self, question):
        marked = mark(question, question.key.answer)

        assert marked.correct
        assert all(option.rightly for option in marked.options)
        assert marked.section_id == "here"

    @pytest.mark.row("B4")
    @pytest.mark.parametrize(
        ("question", "answer", "rightly"),
        [
            (SINGLE, "b", [False, False, True]),
            (SEVERAL, frozenset("a"), [True, False, True]),
            (SEVERAL, frozenset("abc"), [True, True, False]),
            (SEVERAL, frozenset(), [False, False, True]),
            (ORDER, ("a", "b", "c"), [False, False, True]),
            (MATCH, {"x": "a", "y": "c", "z": "a"}, [True, False, True]),
        ],
    )
    def test_a_wrong_answer_says_of_each_option_whether_it_was_treated_rightly(
        self, question, answer, rightly
    ):
        marked = mark(question, answer)

        assert not marked.correct
        assert [option.rightly for option in marked.options] == rightly

    @pytest.mark.row("B4")
    @pytest.mark.parametrize("question", [SINGLE, SEVERAL, ORDER])
    def test_every_option_has_its_feedback_chosen_or_not(self, question):
        marked = mark(question, question.key.answer)

        assert [o.feedback_html for o in marked.options] == ["about a", "about b", "about c"]

    def test_what_was_chosen_is_said(self):
        assert [o.chosen for o in mark(SINGLE, "b").options] == [False, True, False]
        assert [o.chosen for o in mark(SEVERAL, frozenset("ac")).options] == [True, False, True]


class TestAnAnswerThatCannotBeMarked:
    @pytest.mark.parametrize(
        ("question", "answer"),
        [
            (SINGLE, frozenset("a")),
            (SINGLE, None),
            (SEVERAL, "a"),
            (SEVERAL, ["a"]),
            (ORDER, ("a", "b")),
            (ORDER, ("a", "a", "b")),
            (ORDER, "abc"),
            (MATCH, {"x": "a"}),
            (MATCH, {"x": "a", "y": "z", "z": "b"}),
            (MATCH, ("a", "b")),
        ],
    )
    def test_another_shape_is_refused_by_name(self, question, answer):
        with pytest.raises(WrongShape, match=r"K1\.1 is answered with") as caught:
            mark(question, answer)
        assert caught.value.question_id == "K1.1"

    @pytest.mark.parametrize(
        ("question", "answer"),
        [
            (SINGLE, "d"),
            (SEVERAL, frozenset("ad")),
            (ORDER, ("a", "b", "d")),
            (MATCH, {"x": "a", "y": "b", "q": "a"}),
        ],
    )
    def test_an_option_that_is_not_there_is_refused_by_name(self, question, answer):
        with pytest.raises(UnknownOption):
            mark(question, answer)

    def test_an_answer_to_a_question_not_asked_is_refused(self):
        with pytest.raises(UnknownQuestion):
            result([SINGLE], {"K9.9": "a"})


def ten(*, safety: int = 0) -> list[Question]:
    return [replace(SINGLE, id=f"K1.{n}", safety_critical=n <= safety) for n in range(1, 11)]


def answered(questions, wrong):
    return {q.id: "b" if n in wrong else "a" for n, q in enumerate(questions, 1)}


class TestTheResultOfACheck:
    @pytest.mark.row("B4")
    @pytest.mark.parametrize(
        ("wrong", "passed"), [((), True), ((9, 10), True), ((8, 9, 10), False)]
    )
    def test_four_questions_in_five_pass(self, wrong, passed):
        questions = ten()

        outcome = result(questions, answered(questions, wrong))

        assert (outcome.right, outcome.total) == (10 - len(wrong), 10)
        assert outcome.passed is passed

    @pytest.mark.parametrize(
        ("right", "total", "passed"), [(4, 5, True), (3, 4, False), (4, 6, False)]
    )
    def test_the_line_is_exact(self, right, total, passed):
        questions = ten()[:total]

        outcome = result(questions, answered(questions, range(right + 1, total + 1)))

        assert outcome.passed is passed

    @pytest.mark.row("B4")
    def test_one_safety_critical_question_missed_cannot_be_made_up_for(self):
        questions = ten(safety=3)

        outcome = result(questions, answered(questions, [2]))

        assert outcome.right == 9
        assert outcome.safety_missed == ("K1.2",)
        assert not outcome.passed
        assert [m.safety_missed for m in outcome.marked][:3] == [False, True, False]

    def test_a_question_left_out_is_not_right_and_may_be_safety_critical(self):
        questions = ten(safety=1)
        answers = answered(questions, ())
        del answers["K1.1"]

        outcome = result(questions, answers)

        assert (outcome.right, outcome.total, len(outcome.marked)) == (9, 10, 9)
        assert outcome.safety_missed == ("K1.1",)
        assert not outcome.passed

    def test_a_check_without_questions_is_not_passed(self):
        assert not result([], {}).passed


class TestShuffling:
    def test_one_person_sees_one_order_in_one_attempt(self):
        options = SINGLE.options

        assert shuffled(options, "7/2") == shuffled(tuple(reversed(options)), "7/2")
        assert sorted(o.id for o in shuffled(options, "7/2")) == ["a", "b", "c"]

    def test_orders_differ_between_attempts_and_every_option_comes_first_at_times(self):
        first = [shuffled(SINGLE.options, f"7/{attempt}")[0].id for attempt in range(60)]

        assert set(first) == {"a", "b", "c"}


class TestTheDrill:
    WINDOW = DrillWindow(
        consult_by=4, break_from=3, break_by=5, early_html="", in_time_html="", late_html=""
    )

    @pytest.mark.parametrize(
        ("screen", "timing"),
        [(1, "early"), (2, "early"), (3, "in time"), (5, "in time"), (6, "late"), (None, "late")],
    )
    def test_breaking_before_the_third_screen_is_early_and_on_the_sixth_late(self, screen, timing):
        outcome = judge_drill(self.WINDOW, consult_at=1, break_at=screen)

        assert outcome.breaking == timing

    @pytest.mark.parametrize(
        ("screen", "timing"),
        [(1, Timing.IN_TIME), (4, Timing.IN_TIME), (5, Timing.LATE), (None, Timing.LATE)],
    )
    def test_consulting_is_never_early_and_is_late_after_the_fourth(self, screen, timing):
        assert judge_drill(self.WINDOW, consult_at=screen, break_at=5).consulting is timing

    def test_the_window_prints_as_nothing(self):
        assert self.WINDOW.__html__() == ""
        assert "4" not in repr(self.WINDOW).split(" object")[0]
