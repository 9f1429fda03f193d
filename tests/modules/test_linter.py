"""The linter: rules about the manual as a whole."""

from dataclasses import replace

from modules import check, load_manual
from modules.linter import median_sentence, text_faults
from modules.manual import Option
from tests.modules.tiny import a_manual

KNOWN = {"M3.1.1", "M3.2.1", "M5.2.2"}


def whats(manual, criteria=KNOWN):
    return [fault.what for fault in check(manual, criteria)]


def tiny(tmp_path, **chapter):
    """The tiny manual with a chapter as long as it should be, and changes to it."""
    manual = load_manual(a_manual(tmp_path))
    return replace(manual, chapters=(replace(manual.chapters[0], words=2500, **chapter),))


class TestChaptersAndCases:
    def test_a_manual_that_keeps_the_rules_has_no_faults(self, tmp_path):
        assert whats(tiny(tmp_path)) == []

    def test_a_criterion_that_no_unit_has_is_named_where_it_is_used(self, tmp_path):
        found = check(tiny(tmp_path), KNOWN - {"M3.1.1"})

        assert [str(fault) for fault in found] == [
            "chapters/05-keeping-quiet.md:8: no unit has a criterion M3.1.1"
        ]

    def test_a_chapter_is_neither_too_short_nor_too_long(self, tmp_path):
        short, long = (replace(tiny(tmp_path).chapter(5), words=n) for n in (1999, 3501))

        for chapter in (short, long):
            manual = replace(tiny(tmp_path), chapters=(chapter,))
            assert whats(manual) == [f"{chapter.words} words; a chapter has 2000 to 3500"]

    def test_long_sentences_are_named_by_section(self, tmp_path):
        section = tiny(tmp_path).chapter(5).sections[0]
        long = replace(section, html=f"<p>{'word ' * 21}.</p>")

        assert whats(tiny(tmp_path, sections=(long,))) == [
            "the middle sentence has 22 words, over 20"
        ]

    def test_a_number_of_another_chapter_is_noticed(self, tmp_path):
        question = replace(tiny(tmp_path).chapter(5).questions[0], id="K6.1")

        assert "K6.1 stands in chapter 5" in whats(tiny(tmp_path, questions=(question,)))

    def test_a_prompt_keeps_its_number_when_its_chapter_moves(self, tmp_path):
        prompt = replace(tiny(tmp_path).chapter(5).prompts[0], id="R6.1")

        assert whats(tiny(tmp_path, prompts=(prompt,))) == []

    def test_an_option_much_longer_than_another_is_a_warning(self, tmp_path):
        question = tiny(tmp_path).chapter(5).questions[0]
        options = (*question.options[:2], Option(id="z", html="w" * 40, feedback_html="x"))

        found = check(tiny(tmp_path, questions=(replace(question, options=options),)), KNOWN)

        assert [fault.warning for fault in found] == [True]
        assert "worth a look: K5.1: the longest option has 40 letters" in str(found[0])

    def test_a_grid_row_must_be_observed_and_what_is_observed_needs_a_row(self, tmp_path):
        manual = load_manual(a_manual(tmp_path, case=("M3.2.1", "M3.1.1")))

        found = [what for what in whats(manual, KNOWN - {"M3.2.1"}) if "M3" in what]

        assert found == [
            "the grid judges M3.2.1, which is not observed",
            "M3.1.1 is observed and needs one row of the grid",
        ]


class TestWords:
    def test_tone_is_named_with_its_line(self):
        text = "Fine.\n\nShe is an extremist & that is that, etc.\n\nPlease note."

        found = [str(fault) for fault in text_faults("x.md", text)]

        assert [line.split(": ")[0] for line in found] == ["x.md:3", "x.md:3", "x.md:3", "x.md:5"]

    def test_words_that_only_look_alike_are_let_through(self):
        text = (
            "Extremism is a contested word. The [x] is no mark, §3.2 is a section, [ES] a source."
        )

        assert text_faults("x.md", text) == []

    def test_the_middle_sentence_is_counted_across_paragraphs_and_lists(self):
        html = "<p>One two. Three four five six.</p><ul><li>Seven eight nine.</li></ul>"

        assert median_sentence(html) == 3
        assert median_sentence("") == 0
