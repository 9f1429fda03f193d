"""The units as files: counts, marks and credits of the award specification, and strict reading."""

import shutil
from pathlib import Path

import pytest

from assessments.errors import ContentError, UnknownReference
from assessments.framework import HERE, CommandVerb, Framework, Method, load_framework

OBS = [
    "M1.3.3",
    "M2.2.1",
    "M2.2.2",
    "M2.2.3",
    "M3.2.1",
    "M3.2.2",
    "M3.2.3",
    "M3.2.4",
    "M3.3.2",
    "M4.2.1",
    "M4.2.2",
    "M4.2.3",
    "M4.2.4",
    "M4.4.2",
    "M4.4.3",
    "M5.2.1",
    "M5.2.2",
    "M5.3.2",
    "M5.4.1",
    "M5.4.2",
    "M6.4.2",
    "M7.2.1",
    "P1.2.3",
    "P1.3.1",
    "P1.3.2",
    "P1.3.3",
    "P2.3.1",
    "P2.3.2",
    "P2.3.3",
    "P3.3.1",
    "P3.3.2",
    "P3.3.3",
]
SC = [
    "M3.1.2",
    "M3.2.1",
    "M3.2.3",
    "M3.2.4",
    "M3.3.2",
    "M4.2.4",
    "M5.2.1",
    "M5.2.2",
    "M5.4.2",
    "M6.2.2",
    "M7.2.1",
    "P1.3.3",
    "P2.3.3",
    "P3.3.3",
]


@pytest.fixture(scope="module")
def framework() -> Framework:
    return load_framework()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the award's files, to spoil."""
    shutil.copytree(HERE / "units", tmp_path / "units")
    shutil.copy(HERE / "award.yaml", tmp_path)
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_framework(folder)
    assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


class TestTheAwardSpecification:
    @pytest.mark.row("B6")
    @pytest.mark.row("F27")
    def test_it_has_11_units_37_outcomes_and_117_criteria(self, framework):
        assert len(framework.units) == 11
        assert len(framework.outcomes) == 37
        assert len(framework.criteria) == 117
        assert len(framework.mandatory) == 8
        assert [unit.code for unit in framework.pathways] == ["P1", "P2", "P3"]

    def test_91_criteria_are_mandatory(self, framework):
        assert sum(len(unit.criteria) for unit in framework.mandatory) == 91

    def test_the_observed_criteria_are_those_of_rule_2(self, framework):
        assert list(framework.observed) == OBS

    def test_the_safety_critical_criteria_are_those_of_rule_3(self, framework):
        assert list(framework.safety_critical) == SC

    def test_16_credits_are_mandatory_and_each_pathway_carries_2(self, framework):
        assert sum(unit.credit for unit in framework.mandatory) == 16
        assert {unit.credit for unit in framework.pathways} == {2}
        assert framework.award.credit == 18

    def test_prior_learning_can_be_claimed_for_29_mandatory_criteria_and_38_in_all(self, framework):
        recognised = [one for one in framework.criteria if one.may_be_recognised]

        assert len(recognised) == 38
        assert sum(one.unit_code.startswith("M") for one in recognised) == 29
        assert not any(one.observed or one.safety_critical for one in recognised)

    def test_every_unit_keeps_a_criterion_outside_prior_learning(self, framework):
        for unit in framework.units:
            assert not all(one.may_be_recognised for one in unit.criteria), unit.code

    def test_the_award_says_what_it_is_and_what_it_is_not(self, framework):
        award = framework.award

        assert (award.tqt, award.glh, award.level, award.version) == (180, 72, 3, "2026.1")
        assert award.status_statement.endswith("a programme certificate and not a regulated "
                                               "qualification.")  # fmt: skip
        assert (award.currency_months, award.practice_currency_months) == (36, 24)
        assert sum(place.rounds for place in award.minimum_role_plays) == 9

    def test_every_criterion_reads_as_a_sentence_with_its_verb_methods_and_evidence(
        self, framework
    ):
        for criterion in framework.criteria:
            assert criterion.text.split()[0].rstrip(",") == criterion.verb
            assert criterion.methods
            assert criterion.evidence.endswith(".")
            assert "§" not in criterion.text

    def test_a_criterion_is_found_by_its_reference_with_its_exact_words(self, framework):
        criterion = framework.criterion("M3.2.4")

        assert criterion.text == (
            "demonstrate telling the client, where safe, that a confidence must be broken, "
            "and reporting at once"
        )
        assert criterion.verb is CommandVerb.DEMONSTRATE
        assert criterion.methods == (Method.RO,)
        assert (criterion.unit_code, criterion.number) == ("M3", "2.4")
        assert criterion.sections == ("3.3",)

    def test_units_outcomes_and_cases_are_found_by_their_codes(self, framework):
        assert framework.unit("P2").pathway == "Extreme right wing"
        assert framework.outcome("M5.4").number == 4
        assert framework.case("CS11").paired
        assert framework.case("CS3").pathway_unit == "P1"

    @pytest.mark.parametrize("ask", ["unit", "outcome", "criterion", "case"])
    def test_an_unknown_reference_is_refused_by_name(self, framework, ask):
        with pytest.raises(UnknownReference, match=r"nothing called 'X9'") as caught:
            getattr(framework, ask)("X9")

        assert caught.value.reference == "X9"

    def test_every_verb_method_and_kind_has_words_for_the_page(self):
        assert {verb.meaning for verb in CommandVerb}
        assert Method.RPL.label == "Recognition of prior learning"
        assert [method for method in Method if method.of_practice] == ["RO", "WT", "SR"]


class TestReadingFilesStrictly:
    @pytest.mark.row("B18")
    def test_an_unknown_key_is_named_with_its_file_and_line(self, folder):
        spoil(folder, "units/M1.yaml", "title: The purpose", "titel: x\ntitle: The purpose")

        assert faults(folder) == ["M1.yaml:4: titel: unknown key"]

    def test_a_missing_key_is_named_where_it_is_missed(self, folder):
        spoil(folder, "units/M1.yaml", "credit: 2\n", "")

        assert faults(folder) == ["M1.yaml:3: credit: is missing"]

    def test_every_fault_of_every_file_is_told_at_once(self, folder):
        spoil(folder, "units/M1.yaml", "credit: 2", "credit: two")
        spoil(folder, "units/M2.yaml", "verb: explain", "verb: ponder")

        found = faults(folder)

        assert len(found) == 2
        assert found[0].startswith("M1.yaml:7: credit: ")
        assert found[1].startswith("M2.yaml:")
        assert "outcomes.0.criteria.0.verb" in found[1]

    def test_a_key_that_stands_twice_is_a_fault(self, folder):
        spoil(folder, "units/M1.yaml", "credit: 2\n", "credit: 2\ncredit: 3\n")

        assert faults(folder) == ["M1.yaml:8: 'credit' stands here twice"]

    def test_what_is_not_yaml_is_named_with_its_line(self, folder):
        spoil(folder, "units/M1.yaml", "credit: 2\n", "credit: [2\n")

        assert faults(folder)[0].startswith("M1.yaml:8: is not YAML: ")

    def test_a_bad_character_is_named_too(self, folder):
        (folder / "units/M1.yaml").write_bytes(b"code: \x00\n")

        assert faults(folder) == ["M1.yaml:1: is not YAML: a character that cannot stand here"]

    def test_an_empty_file_is_a_fault(self, folder):
        (folder / "units/M1.yaml").write_text("")

        assert "M1.yaml:1: is empty" in faults(folder)

    def test_a_file_in_another_encoding_is_a_fault(self, folder):
        (folder / "units/M1.yaml").write_bytes("code: é".encode("latin-1"))

        assert "M1.yaml:1: is not written in UTF-8" in faults(folder)

    def test_a_file_that_is_not_there_is_a_fault(self, folder):
        (folder / "award.yaml").unlink()

        assert faults(folder) == ["award.yaml:1: cannot be read: No such file or directory"]

    def test_a_list_where_a_unit_should_be_is_a_fault(self, folder):
        (folder / "units/M1.yaml").write_text("- code: M1\n")

        assert faults(folder)[0].startswith("M1.yaml:1: ")

    def test_no_is_a_word_and_not_a_boolean(self, folder):
        spoil(folder, "units/M1.yaml", "observed: false", "observed: no")

        assert "observed" in faults(folder)[0]


SPOILT = [
    ("units/M2.yaml", "code: M2", "code: M3", "M2.yaml:3: M3 belongs in a file called M3.yaml"),
    ("units/P1.yaml", "type: optional", "type: mandatory", "P1.yaml:5: P units are optional"),
    ("units/P1.yaml", "pathway: AQ-influenced\n", "", "an optional unit names its pathway"),
    ("units/M1.yaml", "number: 2", "number: 5", "outcome 2 is expected here"),
    ("units/M1.yaml", "ref: M1.1.2", "ref: M1.1.7", "M1.1.2 is expected"),
    ("units/M1.yaml", "verb: explain", "verb: analyse", "does not begin with analyse"),
    ("units/M1.yaml", "[KC, WR, PD, RPL]", "[KC, KC]", "names a method twice"),
    ("units/M1.yaml", "methods: [RO]", "methods: [RO, PD]", "an observed criterion is judged"),
    ("units/M3.yaml", "methods: [KC, PD]", "methods: [KC, RPL]", "cannot be recognised"),
    ("units/M8.yaml", "credit: 1", "credit: 2", "the mandatory units carry 17 credits"),
    ("units/P3.yaml", "credit: 2", "credit: 3", "P3 carries 3 credits"),
    ("award.yaml", "\ncredit: 18", "\ncredit: 19", "is not the mandatory and the pathway credit"),
    ("units/M1.yaml", "[WR, PD]", "[WR, PD, RPL]", "30 criteria list RPL"),
    ("award.yaml", "criteria: [M6.4.2,", "criteria: [M6.4.9,", "no unit has a criterion M6.4.9"),
    ("award.yaml", "criteria: [M6.4.2,", "criteria: [", "no case shows M6.4.2"),
    ("award.yaml", "- code: CS8", "- code: CS7", "CS7 stands here twice"),
    ("award.yaml", "cases: [CS6, CS7]", "cases: [CS6, CS77]", "no case is called CS77"),
]


class TestWhatNoSingleFieldCanShow:
    @pytest.mark.parametrize(("name", "old", "new", "told"), SPOILT)
    def test_numbers_and_marks_must_agree(self, folder, name, old, new, told):
        spoil(folder, name, old, new)

        found = faults(folder)

        assert any(told in fault for fault in found), found
