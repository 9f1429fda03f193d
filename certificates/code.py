"""Certificate codes: short enough to type from paper, long enough not to be guessed.

A code is ``TW-XXXXX-XXXXX-XXXX``: thirteen random characters (65 bits) and a check character.
The letters are those of Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O
or U.
"""

import base64
import re
from collections.abc import Callable, Sequence

PREFIX = "TW"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 13
#: What people type for a character that we never print.
READ_AS = str.maketrans("OIL", "011")
_VALUE = {letter: number for number, letter in enumerate(ALPHABET)}
#: The field of 32 elements over x^5 + x^2 + 1, in which 2 generates all but zero.
_POLYNOMIAL = 0b100101


def new_code(randbytes: Callable[[int], bytes]) -> str:
    """Return a fresh code. ``randbytes(n)`` gives n unpredictable bytes: secrets.token_bytes."""
    number = int.from_bytes(randbytes(9), "big") >> 7
    values = [(number >> (5 * place)) & 31 for place in range(RANDOM_CHARACTERS)]
    return _printed("".join(ALPHABET[v] for v in values) + _check_character(values))


def new_link_token(randbytes: Callable[[int], bytes]) -> str:
    """Return a token for links (144 bits, safe in addresses), which nobody ever types."""
    return base64.urlsafe_b64encode(randbytes(18)).decode("ascii")


def tidy(typed: str) -> str | None:
    """Return the code as printed for what somebody typed, or None if no code can have been meant.

    Case, spaces and dashes do not matter, O is read as 0, I and L as 1. The check character finds
    every single wrong character and every two that changed places.
    """
    letters = re.sub(r"[\s\-\u2010-\u2015.\u00ad\u200b]", "", typed).upper()
    if letters.startswith(PREFIX) and len(letters) > RANDOM_CHARACTERS + 1:
        letters = letters.removeprefix(PREFIX)
    letters = letters.translate(READ_AS)
    if len(letters) != RANDOM_CHARACTERS + 1 or not set(letters) <= set(ALPHABET):
        return None
    *values, check = (_VALUE[letter] for letter in letters)
    return _printed(letters) if ALPHABET[check] == _check_character(values) else None


def _printed(letters: str) -> str:
    return "-".join((PREFIX, letters[:5], letters[5:10], letters[10:]))


def _check_character(values: Sequence[int]) -> str:
    """Return the sum of each value times its own power of two in the field.

    The weights all differ and none is zero: that is why every slip of one or two is found.
    """
    total, weight = 0, 1
    for value in reversed(values):
        weight = _times(weight, 2)
        total ^= _times(weight, value)
    return ALPHABET[total]


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a <<= 1
        a ^= _POLYNOMIAL if a & 32 else 0
        b >>= 1
    return product
