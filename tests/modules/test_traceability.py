"""From the report to the programme: every theme leads somewhere, and to where it is said."""

from dataclasses import replace

import pytest

from assessments.framework import load_framework
from modules import ContentErrors, check, load_manual
from modules.traceability import carried, check_traceability, speaks_of
from tests.modules.tiny import a_manual

KNOWN = ("M3.1.1", "M3.2.1", "M5.2.2")
ROW = """rows:
  - theme: Openness comes first
    report: [§3.3]
    places: [5.1, OQ5]
    criteria: [M3.1.1]
    cases: [CS1]
"""


def a_traced_manual(folder, *change):
    a_manual(folder)
    old, new = change or ("", "")
    if old not in ROW:
        raise ValueError(old)
    (folder / "traceability.yaml").write_text(ROW.replace(old, new, 1) if old else ROW)
    return load_manual(folder)


def found(folder, *change):
    return [str(one) for one in check_traceability(a_traced_manual(folder, *change), KNOWN)]


class TestATheme:
    def test_that_leads_somewhere_has_no_fault(self, tmp_path):
        assert found(tmp_path) == []

    @pytest.mark.row("B18")
    @pytest.mark.parametrize(
        ("old", "new", "what"),
        [
            ("5.1, ", "5.9, ", "no section or open question 5.9"),
            ("OQ5", "OQ6", "no section or open question OQ6"),
            ("M3.1.1", "M3.9.9", "no criterion or unit M3.9.9"),
            ("M3.1.1", "M7", "no criterion or unit M7"),
            ("CS1", "CS9", "no case study CS9"),
            ("    places: [5.1, OQ5]\n", "", "it leads to no section and no open question"),
            ("    criteria: [M3.1.1]\n    cases: [CS1]\n", "", "no criterion and no case study"),
            ("    cases", "    chapters: 5 to 7\n    cases", "no chapter 7"),
            ("[§3.3]", "[§6.1]", "5.1 has no note and no reference to §6.1"),
            ("[§3.3]", "[§3.3, §6.1]", "none of its places refers to §6.1"),
        ],
    )
    def test_that_points_nowhere_is_named_with_file_and_line(self, tmp_path, old, new, what):
        faults = found(tmp_path, old, new)

        assert faults
        assert all(one.startswith("traceability.yaml:2: 'Openness comes first'") for one in faults)
        assert any(what in one for one in faults)

    def test_the_whole_check_tells_of_it_too(self, tmp_path):
        manual = a_traced_manual(tmp_path, "CS1", "CS9")

        assert any("no case study CS9" in one.what for one in check(manual, KNOWN))

    @pytest.mark.parametrize(
        ("old", "new", "line"),
        [("[§3.3]", "[§3.9]", 3), ("theme:", "them:", 2), ("[5.1", "[five", 4)],
    )
    def test_in_the_wrong_form_is_refused_at_its_line(self, tmp_path, old, new, line):
        with pytest.raises(ContentErrors) as caught:
            a_traced_manual(tmp_path, old, new)

        assert f"traceability.yaml:{line}: " in str(caught.value)

    def test_may_name_a_unit_as_a_whole(self, tmp_path):
        assert found(tmp_path, "[M3.1.1]", "[M3]") == []


class TestAReference:
    @pytest.mark.parametrize(
        ("reference", "wanted", "leads"),
        [
            ("§5.7", "§5.7", True),
            ("§5.7 summary", "§5.7", True),
            ("§6", "§6 summary", True),
            ("§2.1", "§2.1 box", True),
            ("§6 intro", "§6 summary", False),
            ("§5.1", "§5", False),
            ("§5", "§5.1", False),
        ],
    )
    def test_leads_to_its_section_and_to_what_belongs_to_it(self, reference, wanted, leads):
        assert speaks_of(reference, wanted) is leads

    def test_is_found_in_notes_in_brackets_and_in_sources(self, tmp_path):
        change = ("The report says so.", "So says the report; §7.1 adds to it [§8.1, ES].")
        chapter = load_manual(a_manual(tmp_path, chapter=change)).chapter(5)

        assert carried(chapter.sections[0]) == {"§3.3", "§7.1", "§8.1", "ES"}
        assert carried(chapter.open_questions[0]) == {"§3.3", "§4 intro", "§8.1", "§8.2"}

    def test_the_line_at_the_foot_carries_what_holds_for_every_open_question(self, tmp_path):
        change = ("[§3.3]\n    places: [5.1, OQ5]", "[§4 intro]\n    open_questions: true")

        assert found(tmp_path, *change) == []


class TestTheShippedThemes:
    MANUAL = load_manual()
    REFS = tuple(one.ref for one in load_framework().criteria)

    def test_are_the_105_of_the_curriculum_in_the_order_of_the_report(self):
        themes = self.MANUAL.traceability

        assert len(themes) == 105
        assert len({theme.theme for theme in themes}) == 105
        chapters = [theme.report[0].removeprefix("§")[0] for theme in themes]
        assert chapters == ["E", *sorted(chapters[1:])]

    @pytest.mark.row("B18")
    def test_all_lead_somewhere(self):
        assert list(check_traceability(self.MANUAL, self.REFS)) == []

    def test_reach_every_chapter_and_open_question_and_every_case(self):
        themes = self.MANUAL.traceability
        places = {place for theme in themes for place in theme.places}

        assert {int(p.split(".")[0]) for p in places if "." in p} == set(range(1, 19))
        asked = [one.id for c in self.MANUAL.chapters for one in c.open_questions]
        assert set(asked) - places <= {"OQ1"}  # it is reached with all the others
        named = {code for theme in themes for code in theme.cases}
        assert named == {case.code for case in self.MANUAL.cases}

    def test_reach_every_unit(self):
        reached = {ref.split(".")[0] for t in self.MANUAL.traceability for ref in t.criteria}

        assert reached == {ref.split(".")[0] for ref in self.REFS}

    def test_a_note_that_is_taken_out_is_missed(self):
        chapter = self.MANUAL.chapter(10)
        bare = [replace(part, notes=(), html="<p>None.</p>") for part in chapter.sections]
        chapters = tuple(
            replace(one, sections=tuple(bare)) if one is chapter else one
            for one in self.MANUAL.chapters
        )

        missed = list(check_traceability(replace(self.MANUAL, chapters=chapters), self.REFS))

        assert any("10.3 has no note and no reference to §6.2" in one.what for one in missed)
