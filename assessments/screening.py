"""Finding what could identify a person in free text, before it is kept.

A warning, not a verdict: the writer can overrule it with a reason. It looks for the shapes of
names, places, contact details, dates of birth and ages, and leans towards asking once too often.
Source: award specification E3 (free text is screened) and E5 (never recorded).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assessments.ordinary_words import ORDINARY, PERSON_VERBS, STREET_WORDS, TITLES


class FindingKind(StrEnum):
    """What a piece of text looks like."""

    EMAIL = "email"
    WEB_ADDRESS = "web_address"
    BIRTH_DATE = "birth_date"
    AGE = "age"
    ADDRESS = "address"
    POSTCODE = "postcode"
    TELEPHONE = "telephone"
    NAME = "name"

    @property
    def label(self) -> str:
        """Return what it looks like, as pages write it."""
        return _LABELS[self]


_LABELS = {
    FindingKind.EMAIL: "an e-mail address",
    FindingKind.WEB_ADDRESS: "a web address",
    FindingKind.BIRTH_DATE: "a date of birth",
    FindingKind.AGE: "an age",
    FindingKind.ADDRESS: "a street address",
    FindingKind.POSTCODE: "a postcode",
    FindingKind.TELEPHONE: "a telephone number",
    FindingKind.NAME: "the name of a person or place",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One piece of text, ``text[start:end]``, that could identify somebody."""

    kind: FindingKind
    excerpt: str
    start: int
    end: int


_NUMBERS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:[- ](?:one|two|three|four|five|six|"
    "seven|eight|nine))?"
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = (
    r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}-\d{2}-\d{2}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})(?:\s+\d{{2,4}})?)"
)
_AGE = rf"(?:\d{{1,2}}|{_NUMBERS})"
_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_NAME_WORD = (
    rf"(?<!\w)(?:[A-Z]['’](?=[{_UPPER}]))?[{_UPPER}][{_LOWER}]+"
    rf"(?:['’-]?[{_UPPER}][{_LOWER}]+|['’-][{_LOWER}]+)*"
)
_STREET = "|".join(STREET_WORDS)
_STREET_NAMES = "|".join(word.capitalize() for word in STREET_WORDS)

#: In order of weight: where two findings overlap, the earlier kind is kept.
_PATTERNS: tuple[tuple[FindingKind, re.Pattern[str]], ...] = (
    (FindingKind.EMAIL, re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
    (
        FindingKind.WEB_ADDRESS,
        re.compile(
            r"(?:https?://|www\.)[^\s<>\"]+|"
            r"\b(?:[a-z0-9\-]+\.)+(?:com|org|net|info|io|me|tv|co\.uk|org\.uk|ac\.uk|gov\.uk|uk)\b"
            r"(?:/[^\s<>\"]*)?",
            re.IGNORECASE,
        ),
    ),
    (
        FindingKind.BIRTH_DATE,
        re.compile(
            r"\b(?:d\.?o\.?b\.?|date of birth|born|birthday)\b\W*(?:(?:is|on|was|in)\s+)*"
            rf"(?:{_DATE}|(?:19|20)\d{{2}}\b)",
            re.IGNORECASE,
        ),
    ),
    (FindingKind.BIRTH_DATE, re.compile(r"\b\d{1,2}[/.\-]\d{1,2}[/.\-](?:19\d{2}|20[01]\d)\b")),
    (
        FindingKind.AGE,
        re.compile(
            rf"\bage[ds]?\s+(?:of\s+)?{_AGE}\b|\b{_AGE}[\s-]+years?[\s-]+olds?\b|"
            rf"\b{_AGE}[\s-]*(?:yo|y/o|yrs? old)\b|\b(?:turned|turning|turns)\s+{_AGE}\b|"
            rf"\b(?:he|she|they)(?:['’]s|['’]re| is| are| was| were)\s+(?:only |just )?{_AGE}"
            r"(?=\s*(?:[.,;:!?)]|and\b|$))",
            re.IGNORECASE,
        ),
    ),
    (
        FindingKind.ADDRESS,
        re.compile(
            rf"\b\d{{1,4}}[a-zA-Z]?,?\s+(?:{_NAME_WORD}\s+){{1,3}}(?i:{_STREET})\b|"
            rf"\b(?:{_NAME_WORD}\s+){{1,2}}(?:{_STREET_NAMES})\b|"
            r"\b(?i:flat|apartment|house)\s+(?i:number\s+|no\.?\s+)?\d{1,4}[a-zA-Z]?\b|"
            r"\b(?i:lives?|living|lived|stays|staying|moved)\s+(?i:at|to)\s+"
            r"(?i:number\s+|no\.?\s+)?\d{1,4}[a-zA-Z]?\b"
        ),
    ),
    (
        FindingKind.POSTCODE,
        re.compile(
            r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b|"
            r"\b[a-z]{1,2}\d[a-z\d]?\s?(?!\d(?:st|nd|rd|th)\b)\d[abd-hjlnp-uw-z]{2}\b"
        ),
    ),
    (FindingKind.TELEPHONE, re.compile(r"(?<![\w.])(?:\+\s?44|0)(?:[\s()\-]{0,3}\d){9,10}(?!\d)")),
    (FindingKind.NAME, re.compile(r"\b[A-Z]\.\s?[A-Z]\.(?=\W|$)")),
    (
        FindingKind.NAME,
        re.compile(rf"\b(?:{'|'.join(TITLES)})\.?\s+{_NAME_WORD}(?:\s+{_NAME_WORD})*"),
    ),
    (
        FindingKind.NAME,
        re.compile(
            r"\b(?:called|named|nicknamed|known as|name is|name was|name's)\s+[\"'“‘]?[A-Z]\w+"
        ),
    ),
)

_RUN = re.compile(rf"{_NAME_WORD}(?:[ ]{_NAME_WORD})*")
_WORD = re.compile(_NAME_WORD)
#: What can stand before the first word of a sentence.
_BEFORE_SENTENCE = re.compile(r"(?:^|[.!?:;•*\-–—]\s*|\n\s*|[\"'“‘(]\s*)$")


def find_identifiers(text: str) -> tuple[Finding, ...]:
    """Return each piece of text that could identify a person, in the order in which it stands.

    Pieces never overlap. Source: award specification E3 and E5.
    """
    found: list[Finding] = []
    for search in (_by_pattern, _capitalised):
        for finding in search(text):
            if not any(finding.start < one.end and one.start < finding.end for one in found):
                found.append(finding)
    return tuple(sorted(found, key=lambda finding: finding.start))


def _by_pattern(text: str) -> Iterator[Finding]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if kind is not FindingKind.NAME or not _is_ordinary(match.group().split()[-1]):
                yield _finding(kind, text, match.start(), match.end())


def _capitalised(text: str) -> Iterator[Finding]:
    """Yield runs of words with a capital where no sentence begins, but for ordinary ones."""
    for run in _RUN.finditer(text):
        words = list(_WORD.finditer(text, run.start(), run.end()))
        opens = _BEFORE_SENTENCE.search(text[max(0, run.start() - 8) : run.start()]) is not None
        if opens and not _begins_with_a_name(text, words):
            words = words[1:]
        for first, last in _unusual(words):
            yield _finding(FindingKind.NAME, text, first.start(), last.end())


def _begins_with_a_name(text: str, words: list[re.Match[str]]) -> bool:
    """Return whether a sentence seems to begin with a name.

    It does where another unusual capital follows, where something belongs to it, or where the
    next word is something that people do.
    """
    if _is_ordinary(words[0].group()):
        return False
    if len(words) > 1:
        return not _is_ordinary(words[1].group())
    if words[0].group().endswith(("'s", "’s")):
        return True
    after = re.match(r"\s+([a-z]+)", text[words[0].end() :])
    return after is not None and after.group(1) in PERSON_VERBS


def _unusual(words: list[re.Match[str]]) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Yield the first and last word of each stretch of words that are not ordinary."""
    stretch: list[re.Match[str]] = []
    for word in words:
        if not _is_ordinary(word.group()):
            stretch.append(word)
        elif stretch:
            yield stretch[0], stretch[-1]
            stretch = []
    if stretch:
        yield stretch[0], stretch[-1]


def _is_ordinary(word: str) -> bool:
    return re.sub(r"['’]s$", "", word) in ORDINARY


def _finding(kind: FindingKind, text: str, start: int, end: int) -> Finding:
    return Finding(kind=kind, excerpt=text[start:end], start=start, end=end)
