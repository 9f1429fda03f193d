"""Certificate codes: what is typed from paper, however it is typed."""

import secrets
from random import Random

import pytest

from certificates.code import ALPHABET, new_code, new_link_token, tidy


def codes(number: int) -> list[str]:
    dice = Random(20250616)
    return [new_code(dice.randbytes) for _ in range(number)]


class TestTyping:
    def test_a_code_as_printed_is_read_as_itself(self) -> None:
        assert all(tidy(code) == code for code in codes(200))

    def test_case_spaces_dashes_and_the_prefix_do_not_matter(self) -> None:
        (code,) = codes(1)
        bare = code.replace("-", "")
        ways = [code.lower(), bare, bare[2:], f" {code} ", code.replace("-", " "), "–".join(bare)]

        assert {tidy(way) for way in ways} == {code}

    def test_letters_we_never_print_are_read_as_the_digits_they_look_like(self) -> None:
        code = next(c for c in codes(500) if "0" in c and "1" in c)

        assert tidy(code.replace("0", "O").replace("1", "l")) == code
        assert tidy(code.replace("0", "o").replace("1", "I")) == code

    @pytest.mark.parametrize("typed", ["", "TW", "hello", "TW-5PD2-X8RC-M4", "x" * 500, "TW-УУУУУ"])
    def test_what_cannot_be_a_code_is_none(self, typed: str) -> None:
        assert tidy(typed) is None

    def test_a_code_that_itself_begins_with_the_prefix_is_read_without_it(self) -> None:
        first = bytes.fromhex("ffffffffffffffffff")
        code = new_code(lambda n: first[:n])

        assert tidy(code.removeprefix("TW-")) == code


class TestMistakes:
    @pytest.mark.row("F65")
    def test_every_single_wrong_character_is_found(self) -> None:
        for code in codes(20):
            letters = code.replace("-", "")[2:]
            for place, right in enumerate(letters):
                wrong = (letters[:place] + c + letters[place + 1 :] for c in ALPHABET if c != right)
                assert all(tidy("TW" + typed) is None for typed in wrong)

    def test_every_pair_of_neighbours_that_changed_places_is_found(self) -> None:
        for code in codes(200):
            letters = code.replace("-", "")[2:]
            for n in range(len(letters) - 1):
                if letters[n] != letters[n + 1]:
                    swapped = letters[:n] + letters[n + 1] + letters[n] + letters[n + 2 :]
                    assert tidy("TW" + swapped) is None


class TestChance:
    def test_thirteen_characters_are_random_which_is_over_sixty_bits(self) -> None:
        letters = new_code(secrets.token_bytes).replace("-", "")[2:]

        assert len(letters) == 14
        assert len({new_code(secrets.token_bytes) for _ in range(500)}) == 500

    def test_no_character_that_is_easily_misread_is_printed(self) -> None:
        assert not set("ILOU") & set("".join(code[2:] for code in codes(300)))

    def test_a_link_token_holds_at_least_128_bits_and_is_safe_in_an_address(self) -> None:
        token = new_link_token(secrets.token_bytes)

        assert len(token) * 6 >= 128
        assert token.replace("-", "").replace("_", "").isalnum()
