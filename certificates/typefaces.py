"""The typefaces of our papers, and which of them can set a text. Nothing is drawn as a box."""

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics

from certificates.faces import Face

FOLDER = Path(__file__).parent / "fonts"
SERIF, SERIF_MEDIUM, SERIF_BOLD, SERIF_ITALIC = (
    "literata-regular",
    "literata-medium",
    "literata-semibold",
    "literata-italic",
)
SANS, SANS_BOLD, MONO = "atkinson-regular", "atkinson-semibold", "atkinson-mono"
WIDE = "noto-sans"
FACES = (SERIF, SERIF_MEDIUM, SERIF_BOLD, SERIF_ITALIC, SANS, SANS_BOLD, MONO, WIDE)
#: Scripts that need joining or re-ordering, which we cannot do: right to left, Indic, South-East
#: Asian.
_JOINED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF))


class UnprintableName(Exception):
    """A name holds characters that no typeface of ours can set. ``characters`` says which."""

    def __init__(self, name: str, characters: tuple[str, ...]) -> None:
        super().__init__(f"no typeface for {' '.join(characters)} in this name")
        self.name, self.characters = name, characters


@cache
def register() -> None:
    """Make the faces known to reportlab, once."""
    for face in FACES:
        pdfmetrics.registerFont(Face(face, str(FOLDER / f"{face}.ttf")))


def normal(text: str) -> str:
    """Return the text with accents joined to their letters and invisible characters left out."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        c for c in composed if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf"}
    )


@cache
def _letters(face: str) -> frozenset[str]:
    """Return every character that the face has and can set as it stands."""
    register()
    known = map(chr, pdfmetrics.getFont(face).face.charToGlyph)
    return frozenset(character for character in known if not _is_joined(character))


def covers(face: str, text: str) -> bool:
    """Return whether the face has every character and can set it as it stands."""
    return _letters(face).issuperset(text)


def _is_joined(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _JOINED)


def face_for_name(name: str, face: str) -> str:
    """Return the face that sets the whole name, wished or wide. Raises UnprintableName."""
    name = normal(name)
    for candidate in (face, WIDE):
        if covers(candidate, name):
            return candidate
    missing = [c for c in name if not covers(WIDE, c) and not covers(face, c)]
    raise UnprintableName(name, tuple(dict.fromkeys(missing or name)))


def runs(text: str, face: str) -> list[tuple[str, str]]:
    """Return (face, piece) for a text of the page, word by word where a word needs the wide face.

    What no face has is named in square brackets; names go through ``face_for_name`` first and are
    refused instead.
    """
    if covers(face, text):
        return [(face, text)]
    pieces = [(_face_of(part, face), part) for part in _words(text)]
    settled = [(use or face, part if use else _spelled(part)) for use, part in pieces]
    return [(use, "".join(p for _, p in group)) for use, group in groupby(settled, lambda x: x[0])]


def _words(text: str) -> list[str]:
    return ["".join(group) for _, group in groupby(text, str.isspace)]


def _face_of(word: str, face: str) -> str | None:
    return next((f for f in (face, WIDE) if covers(f, word)), None)


def _spelled(word: str) -> str:
    known = [(covers(WIDE, c), c) for c in word]
    groups = [(ok, "".join(c for _, c in group)) for ok, group in groupby(known, lambda x: x[0])]
    return "".join(part if ok else f"[{_described(part)}]" for ok, part in groups)


def _described(part: str) -> str:
    name = unicodedata.name(part[0], "sign").lower()
    if part[0].isalpha():
        return f"{len(part)} letters of {name.split()[0]} script"
    return name
