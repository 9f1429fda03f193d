"""The index: places are found in the text, and every entry leads somewhere."""

import string
from dataclasses import replace

import pytest

from modules import ContentErrors, check, load_manual
from modules.book import Found
from modules.index import MOST_PLACES, check_index
from tests.modules.tiny import CHAPTER, a_manual

KNOWN = ("M3.1.1", "M3.2.1", "M5.2.2")
INDEX = """entries:
  - entry: Telling
    forms: [told]
    see_also: [Client]
  - entry: Contract
    under:
      - entry: before it
        forms: [before]
"""


def an_index(folder, *change, chapter=("", "")):
    a_manual(folder, chapter=chapter)
    old, new = change or ("", "")
    if old not in INDEX:
        raise ValueError(old)
    (folder / "index.yaml").write_text(INDEX.replace(old, new, 1) if old else INDEX)
    return load_manual(folder)


def entry(manual, name):
    return next(one for one in manual.index if one.entry == name)


class TestAnEntry:
    def test_leads_to_the_sections_that_have_its_words(self, tmp_path):
        manual = an_index(tmp_path)

        assert [one.entry for one in manual.index] == ["Client", "Contract", "Telling"]
        assert entry(manual, "Telling").places == (Found(number="5.1", main=False),)
        assert entry(manual, "Contract").places == (Found(number="5.1", main=True),)
        assert entry(manual, "Contract").under[0].places == (Found(number="5.1", main=True),)
        assert list(check_index(manual)) == []

    def test_a_term_of_the_glossary_is_an_entry_without_being_named(self, tmp_path):
        manual = an_index(tmp_path)

        assert entry(manual, "Client").term == "client"
        assert entry(manual, "Telling").term == ""

    def test_a_section_that_only_mentions_it_gives_way_to_those_that_treat_it(self, tmp_path):
        more = "## 5.2 More {#more}\n\nTold once. Then told again.\n\n## Summary"
        manual = an_index(tmp_path, chapter=("## Summary", more))

        assert [one.number for one in entry(manual, "Telling").places] == ["5.2"]

    def test_an_open_question_is_a_place_too(self, tmp_path):
        manual = an_index(tmp_path, "forms: [told]", "forms: [sometimes]")

        assert [one.number for one in entry(manual, "Telling").places] == ["OQ5"]

    def test_words_of_margin_notes_do_not_count(self, tmp_path):
        manual = an_index(tmp_path, "forms: [told]", "forms: [report]")

        assert entry(manual, "Telling").places == ()

    @pytest.mark.row("B18")
    @pytest.mark.parametrize(
        ("old", "new", "line", "what"),
        [
            ("forms: [told]", "forms: [unheard]", 2, "no section has it"),
            ("[before]", "[unheard]", 5, "no section has what stands under it: 'before it'"),
            ("[Client]", "[Clients]", 2, "there is no entry 'Clients' to see"),
            ("- entry: Contract", "- entry: Telling", 2, "this entry stands there twice"),
        ],
    )
    def test_that_leads_nowhere_is_named_with_file_and_line(self, tmp_path, old, new, line, what):
        manual = an_index(tmp_path, old, new)

        found = [str(one) for one in check(manual, KNOWN) if "index" in one.place.file]

        assert any(one.startswith(f"index.yaml:{line}: ") and what in one for one in found), found

    def test_a_key_that_is_not_known_is_refused(self, tmp_path):
        with pytest.raises(ContentErrors) as caught:
            an_index(tmp_path, "forms: [told]", "form: [told]")

        assert "index.yaml:3: " in str(caught.value)

    def test_the_index_of_a_manual_with_faults_is_not_made(self, tmp_path):
        with pytest.raises(ContentErrors) as caught:
            an_index(tmp_path, chapter=("told first.", "told first!"))

        assert {one.place.file for one in caught.value.faults} == {"chapters/05-keeping-quiet.md"}
        assert "told first." in CHAPTER


class TestTheShippedIndex:
    MANUAL = load_manual()

    def test_has_no_fault_and_no_entry_with_too_many_places(self):
        every = [*self.MANUAL.index, *(u for one in self.MANUAL.index for u in one.under)]

        assert list(check_index(self.MANUAL)) == []
        assert len(self.MANUAL.index) >= 150
        assert max(len(one.places) for one in every) <= MOST_PLACES

    def test_stands_in_the_order_of_the_alphabet_and_reaches_every_chapter(self):
        firsts = [one.entry[0].upper() for one in self.MANUAL.index]

        assert firsts == sorted(firsts)
        assert set(firsts) <= set(string.ascii_uppercase)
        reached = {p.number.split(".")[0] for one in self.MANUAL.index for p in one.places}
        assert {str(number) for number in range(1, 19)} <= reached

    @pytest.mark.parametrize(
        ("looked_up", "place"),
        [("Silence", "4.5"), ("Police", "3.3"), ("Pairs", "11.1"), ("Payment", "16.2"),
         ("Provocation", "5.3"), ("Exit", "13.6"), ("Faith", "17.2"), ("Flashpoint", "10.5")],
    )  # fmt: skip
    def test_leads_to_where_a_thing_is_really_treated(self, looked_up, place):
        places = {one.number for one in entry(self.MANUAL, looked_up).places}

        assert place in places

    def test_an_entry_that_is_taken_out_is_missed_by_those_that_lead_to_it(self):
        index = tuple(one for one in self.MANUAL.index if one.entry != "Trust")

        assert any("'Trust'" in one.what for one in check_index(replace(self.MANUAL, index=index)))
