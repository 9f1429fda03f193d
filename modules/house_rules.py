"""House rules that need the whole manual: open questions stay open, nothing is left unprepared.

Source: curriculum 0.3 (the rules for every author), A5 and C2 (what is observed where).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from modules.manual import (
    STANDING_LINE,
    Case,
    Chapter,
    Fault,
    Key,
    Manual,
    OpenQuestion,
    Place,
    Question,
)
from modules.markup import plain

#: The longer of two things that should weigh alike has at most so many times the words.
POLES_ALIKE, POSITIONS_ALIKE = 1.6, 2.2
#: Words that settle what is to stay open.
_PREFERS = re.compile(
    r"\b(?:(?:best|right|correct|proper|true) (?:answer|position|side)|better position"
    r"|(?:clearly|plainly|obviously) (?:right|wrong|mistaken)|truth (?:is|lies)|everyone knows"
    r"|nobody (?:sensible|serious)|we recommend|(?:should|must) be preferred|the scheme prefers)\b",
    re.I,
)
_JUDGED_STEM = re.compile(r"\b(?:best|right|correct) (?:answer|position|view|side)\b", re.I)
#: A position of the scheme's own sets a limit to the debate; it takes no part in it.
_OUTSIDE = "scheme"
#: Shorter titles and labels are ordinary words, which any option may have.
_FEWEST_WORDS = 3
CARDS = ("Red card", "Black card", "Freeze", "Real stop")
#: Letters put out of sight with stars, and the word that says which one was meant.
_MASKED = re.compile(r"\b[a-z]+\*+[a-z]+\b|\b[a-z]-word\b|\[(?:slur|expletive|redacted)\]", re.I)


def check_house_rules(
    manual: Manual, criteria: Collection[str], observed: Collection[str]
) -> Iterator[Fault]:
    """Yield a fault for each rule that the manual as a whole breaks.

    ``criteria`` are the references that units define, ``observed`` those among them that only a
    role play can show.
    """
    for chapter in manual.chapters:
        yield from _closed(chapter)
    for case in manual.cases:
        yield from _case_faults(case)
    if manual.chapters:
        yield from _unprepared(manual, criteria)
    if manual.cases:
        yield from _unobserved(manual.cases, observed)


def _closed(chapter: Chapter) -> Iterator[Fault]:
    """What closes one of the chapter's open questions."""
    for one in chapter.open_questions:
        for what in (*_unbalanced(one), *_preferring(one)):
            yield Fault(place=one.place, what=f"{one.id}: {what}")
        for asked in chapter.questions:
            if side := _keyed_side(asked, one):
                what = f"{asked.id}: its key is a side of {one.id}, which stays open: {side!r}"
                yield Fault(place=asked.place, what=what)
    for asked in chapter.questions:
        if match := _JUDGED_STEM.search(plain(asked.stem_html)):
            what = f"{asked.id}: a question asks what to do or say, not for {match[0]!r}"
            yield Fault(place=asked.place, what=what)


def _unbalanced(one: OpenQuestion) -> Iterator[str]:
    poles = [_length(one.left_html), _length(one.right_html)]
    if _uneven(poles, POLES_ALIKE):
        yield f"one pole has {max(poles)} words, the other {min(poles)}"
    debated = [p for p in one.positions if p.source != _OUTSIDE]
    if len(debated) < 2:
        yield "two positions or more are needed, beside what the scheme rules"
        return
    lengths = [_length(p.html) for p in debated]
    if _uneven(lengths, POSITIONS_ALIKE):
        yield f"one position has {max(lengths)} words, another {min(lengths)}"
    if len({p.source for p in debated}) < 2:
        yield "all positions are of one voice"
    if one.standing_line != STANDING_LINE:
        yield "the line at the foot of every open question is missing"


def _length(html: str) -> int:
    return len(plain(html).split())


def _uneven(lengths: Sequence[int], factor: float) -> bool:
    return max(lengths) > factor * min(lengths)


def _preferring(one: OpenQuestion) -> Iterator[str]:
    texts = [one.title, one.left_label, one.right_label, one.left_html, one.right_html]
    texts += [text for p in one.positions for text in (p.title, p.html)]
    for text in texts:
        if match := _PREFERS.search(plain(text)):
            yield f"no side is preferred: {match[0]!r}"


def _keyed_side(asked: Question, one: OpenQuestion) -> str | None:
    """The pole or position that a question of the check would reward, in the words of its key."""
    sides = [one.left_label, one.right_label, *(p.title for p in one.positions)]
    rewarded = [_folded(o.html) for o in asked.options if _is_right(asked.key, o.id)]
    for side in sides:
        if len(side.split()) >= _FEWEST_WORDS and any(_folded(side) in text for text in rewarded):
            return side
    return None


def _is_right(key: Key, option_id: str) -> bool:
    if isinstance(key.answer, str):
        return option_id == key.answer
    return isinstance(key.answer, frozenset) and option_id in key.answer


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", plain(text).casefold()))


def _case_faults(case: Case) -> Iterator[Fault]:
    names = tuple(card.name for card in case.player.cards)
    if names != CARDS or case.learner.cards != case.player.cards:
        yield Fault(place=case.place, what=f"every case has the cards {', '.join(CARDS)}")
    for text in _spoken(case):
        if match := _MASKED.search(plain(text)):
            what = f"nothing abusive is spoken, masked or not; raise a card: {match[0]!r}"
            yield Fault(place=case.place, what=what)
        if 'href="http' in text:
            yield Fault(place=case.place, what="a case study leads to no page outside")


def _spoken(case: Case) -> Iterator[str]:
    player, guide = case.player, case.assessor
    yield from (case.learner.html, player.persona_html, player.how_to_play_html, guide.intro_html)
    yield from (player.test_line, player.delivery_p, player.delivery_r, player.escalates)
    yield from (scene.cue for scene in guide.scenes)
    yield from (screen.html for screen in case.drill.screens) if case.drill else ()


def _unprepared(manual: Manual, criteria: Collection[str]) -> Iterator[Fault]:
    named = {ref for chapter in manual.chapters for ref in chapter.criteria}
    named |= {ref for case in manual.cases for ref in case.observes}
    for ref in criteria:
        if ref not in named:
            what = f"no chapter prepares for {ref}, and no case study observes it"
            yield Fault(place=manual.chapters[0].place, what=what)


def _unobserved(cases: Sequence[Case], observed: Collection[str]) -> Iterator[Fault]:
    seen = {ref for case in cases for ref in case.observes}
    for ref in observed:
        if ref not in seen:
            what = f"{ref} must be observed in a role play, and no case study observes it"
            yield Fault(place=Place(file="cases", line=1), what=what)
