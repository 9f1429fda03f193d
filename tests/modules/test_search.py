"""Searching plain entries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.search import Entry, Index

LINES = {
    "contract": ("The contract", "Say what stays private before anybody says anything."),
    "breaking": ("Breaking a confidence well", "Say so first, if it is safe. Say it calmly."),
    "pairs": ("Working in pairs", "One-to-one work is sometimes two-to-one. Confidence grows."),
    "criterion": ("M3.2.1", "explain when confidentiality must be broken"),
    "other": ("M3.2.2", "explain whom to tell"),
    "cafe": ("Meeting places", "A café is noisy; the client’s kitchen is not neutral."),
}


def entry(key: str, title: str, text: str) -> Entry:
    return Entry(kind="line", key=(key,), title=title, heading="", text=text)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(entry(key, *words) for key, words in LINES.items())


def keys(index: Index, words: str) -> list[str]:
    return [found.entry.key[0] for found in index.find(words).found]


@pytest.mark.row("B2")
class TestFinding:
    def test_a_title_counts_for_more_than_a_text(self, index):
        assert keys(index, "confidence")[0] == "breaking"
        assert "pairs" in keys(index, "confidence")

    def test_every_word_must_be_there(self, index):
        assert keys(index, "confidence grows") == ["pairs"]

    def test_beginnings_other_endings_and_accents_are_found(self, index):
        assert keys(index, "priv") == ["contract"]
        assert sorted(keys(index, "explaining")) == ["criterion", "other"]
        assert keys(index, "cafe") == ["cafe"]

    def test_what_belongs_to_somebody_is_found_by_the_word(self, index):
        assert (
            keys(index, "client's") == keys(index, "client’s") == keys(index, "client") == ["cafe"]
        )

    def test_a_criterion_is_found_by_its_number_and_no_other(self, index):
        assert keys(index, "M3.2.1") == keys(index, "m3.2.1") == ["criterion"]
        assert sorted(keys(index, "M3.2")) == ["criterion", "other"]

    def test_words_joined_by_hyphens_are_looked_for_together(self, index):
        assert keys(index, "one-to-one") == ["pairs"]

    def test_what_was_found_is_marked_in_title_and_excerpt(self, index):
        found = index.find("confidence").found[0]
        assert found.title == (("Breaking a ", False), ("confidence", True), (" well", False))
        (found,) = index.find("kitchen").found
        assert ("kitchen", True) in found.excerpt
        assert "".join(words for words, _ in found.excerpt) == LINES["cafe"][1]

    def test_without_all_words_some_will_do_and_it_is_said(self, index):
        answer = index.find("kitchen xylophone")
        assert [one.entry.key for one in answer.found] == [("cafe",)]
        assert answer.some_words_only

    def test_no_more_than_asked_for_but_all_are_counted(self, index):
        answer = index.find("say explain confidence", most=2)
        assert len(answer.found) == 2 < answer.total


@pytest.mark.row("B2")
class TestASlip:
    @pytest.mark.parametrize(
        "typed", ["kichen", "kithcen", "kitchenn", "kirchen", "kitchne", "Kitchwn"]
    )
    def test_one_wrong_letter_is_forgiven_and_told(self, index, typed):
        answer = index.find(typed)
        assert [one.entry.key for one in answer.found] == [("cafe",)]
        assert answer.read_as == ((typed.lower(), ("kitchen",)),)

    def test_two_are_not(self, index):
        assert index.find("kxtchxn").total == 0

    def test_a_right_word_is_not_corrected(self, index):
        assert index.find("private").read_as == ()

    def test_short_words_are_taken_as_they_stand(self, index):
        assert index.find("sya").read_as == ()


class TestWhateverIsTyped:
    @given(st.text(max_size=60))
    def test_nothing_typed_breaks_it(self, typed):
        answer = SHARED.find(typed)
        assert answer.total >= len(answer.found)

    @pytest.mark.parametrize("typed", ['"', "a AND OR NOT (", "title:private", "*", "-", "'; --"])
    def test_the_language_of_the_index_is_not_spoken(self, index, typed):
        assert index.find(typed).total >= 0
        assert keys(index, "title:private") == ["contract"]

    def test_nothing_typed_finds_nothing(self, index):
        assert index.find("  ").found == ()


SHARED = Index(entry(key, *words) for key, words in LINES.items())
