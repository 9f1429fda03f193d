"""What has changed between two texts of a chapter, paragraph by paragraph and word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: (where it stands, its words). A text is its paragraphs in order.
Text = Sequence[tuple[str, str]]
#: Below this likeness of their words two paragraphs are one taken out and another put in.
ALIKE = 0.5


class How(StrEnum):
    """What became of a paragraph, or of a run of words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One paragraph that is not as it was; ``pieces`` are runs of its words, old and new."""

    how: How
    #: Of the new text; of the old one where the paragraph is gone.
    section_id: str
    pieces: tuple[tuple[How, str], ...]


def differences(old: Text, new: Text) -> tuple[Difference, ...]:
    """Return every paragraph that was added, removed or changed, in the order of the new text."""
    found: list[Difference] = []
    before, after = [words for _, words in old], [words for _, words in new]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for act, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if act != "equal":
            found += _between(old[from_old:to_old], new[from_new:to_new])
    return tuple(found)


def _between(gone: Text, come: Text) -> list[Difference]:
    """Pair what was rewritten; what has no pair was taken out or put in."""
    found, left = [], list(gone)
    for section, words in come:
        pair = max(left, key=lambda one: likeness(one[1], words), default=None)
        if pair is None or likeness(pair[1], words) < ALIKE:
            found.append(_whole(How.ADDED, section, words))
            continue
        # What stood before its pair and found none is shown before it, where it was.
        at = left.index(pair)
        found += [_whole(How.REMOVED, *one) for one in left[:at]]
        left = left[at + 1 :]
        found.append(
            Difference(how=How.CHANGED, section_id=section, pieces=_pieces(pair[1], words))
        )
    return found + [_whole(How.REMOVED, *one) for one in left]


def _whole(how: How, section: str, words: str) -> Difference:
    return Difference(how=how, section_id=section, pieces=((how, words),))


def likeness(one: str, other: str) -> float:
    """Return how alike two paragraphs are, from 0 to 1, by their words in order."""
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _pieces(old: str, new: str) -> tuple[tuple[How, str], ...]:
    before, after = re.findall(r"\S+", old), re.findall(r"\S+", new)
    found: list[tuple[How, str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for act, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if act == "equal":
            found.append((How.SAME, " ".join(after[from_new:to_new])))
            continue
        if to_old > from_old:
            found.append((How.REMOVED, " ".join(before[from_old:to_old])))
        if to_new > from_new:
            found.append((How.ADDED, " ".join(after[from_new:to_new])))
    return tuple(found)
