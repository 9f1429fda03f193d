"""House rules that a program can see in the words of a file, in a chapter and in a case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from statistics import median

from modules.book import Edition
from modules.manual import Case, Chapter, Fault, Kind, Manual, Place, Question
from modules.markup import REFERENCE, plain

#: Sources: curriculum 0.3 and the voice and tone of the design. Slurs are not listed anywhere.
_TONE = {
    r"\b(?:an?|the|these|those|some|young|all) extremists?\b": "a person is never 'an extremist'",
    r"\boffenders?\b": "a person is never 'an offender'",
    r"\bnominals?\b": "the person is 'the client'",
    r"\bmentees?\b|\bservice users?\b": "the person is 'the client'",
    r"\b(?:EDL|BNP|English Defence League|British National Party|National Front)\b": (
        "real groups are not named"
    ),
    r"\bCRB\b": "the check has another name now; say 'vetting' or 'DBS check'",
    r"\bplease note\b": "say it without 'please note'",
    r"\bsuccessfully\b": "say it without 'successfully'",
    r"\b(?:e\.g|i\.e|etc|viz|cf|N\.B|NB)\.": "no Latin abbreviations",
    r"\b(?:radicals?|terrorists?) like (?:him|her|them|these)\b": "people before labels",
    r" & ": "'and', not an ampersand",
}
#: Hardly a line breaks any of them: one look tells.
_ANY_TONE = re.compile("|".join(_TONE), re.I)
_EXCLAMATION = re.compile(r"[^\s\[]!(?!\[)|\s!(?!\[)")
_BRACKETED = re.compile(r"\[([^\]\[]*§[^\]\[]*|ES|scheme|law)\](?!\()")
#: What was meant as a reference, and would pass for words: [3.2], [Scheme], § 3.2.
_MISWRITTEN = re.compile(r"(?<!: )\[(?:S?\d\.\d|Scheme|Law|es|Es|SCHEME|LAW)\](?!\()|§ \d")
#: Every mention of a section of the report, in brackets or not.
_SECTION = re.compile(r"§\d+(?:\.\d+)*(?: (?:box|intro|summary)\b)?")
_SENTENCE_END = re.compile(r"(?<=[.?!:;])[’”\"']?\s+(?=[A-Z‘“\"'0-9])")
#: List items, feedback, blocks, headings, table rows, speeches and YAML keys start afresh.
_BEGINS = re.compile(r"\s*(?:- |\d+\. |> |///|#|\||[^\s:][^:.?!]{0,39}:(?: |$))")
LONGEST_PARAGRAPH = 120
LONGEST_MEDIAN_SENTENCE = 20
CHAPTER_WORDS = (2000, 3500)
LONGEST_TO_SHORTEST_OPTION = 2.2


def text_faults(file: str, text: str) -> list[Fault]:
    """What the words of one file break, line by line: tone, references, paragraphs too long."""
    faults = []
    for number, line in enumerate(text.split("\n"), 1):
        faults += [Fault(place=Place(file=file, line=number), what=what) for what in _in_line(line)]
    for number, words in _paragraphs(text):
        if words > LONGEST_PARAGRAPH:
            what = f"a paragraph of {words} words; {LONGEST_PARAGRAPH} is the most"
            faults.append(Fault(place=Place(file=file, line=number), what=what))
    return faults


def _in_line(line: str) -> Iterator[str]:
    for pattern, what in _TONE.items() if _ANY_TONE.search(line) else ():
        if match := re.search(pattern, line, re.I):
            yield f"{what}: {match[0].strip()!r}"
    if _EXCLAMATION.search(line):
        yield "no exclamation marks"
    yield from _misreferenced(line)


def _misreferenced(line: str) -> Iterator[str]:
    if "§" not in line and "[" not in line:
        return
    how = "(write [§3.2], [ES], [scheme] or [law])"
    bracketed = [ref for match in _BRACKETED.finditer(line) for ref in match[1].split(", ")]
    wrong = [ref for ref in bracketed if not REFERENCE.match(ref)]
    wrong += [match[0] for match in _MISWRITTEN.finditer(line)]
    for ref in wrong:
        yield f"not a reference: {ref!r} {how}"
    for match in _SECTION.finditer(_BRACKETED.sub("", line)):
        if not REFERENCE.match(match[0]):
            yield f"the report has no section {match[0]!r}"


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start, count = 0, 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        begins = not line.strip() or bool(_BEGINS.match(line))
        if begins and count:
            yield start, count
        if begins:
            start, count = number, 0
        start = start if count else number
        count += len(line.split())


def part_faults(manual: Manual, criteria: Collection[str]) -> list[Fault]:
    """What each chapter and each case breaks by itself; `criteria` are those that units define."""
    faults: list[Fault] = []
    for chapter in manual.chapters:
        faults += _later_than_the_book(chapter, manual.edition)
        faults += _unknown_criteria(chapter.criteria, criteria, chapter.criteria_place)
        faults += _chapter_faults(chapter)
    for case in manual.cases:
        faults += _unknown_criteria(case.observes, criteria, case.place)
        faults += _case_faults(case)
    return faults


def _unknown_criteria(
    named: Sequence[str], known: Collection[str], place: Place
) -> Iterator[Fault]:
    for ref in named:
        if ref not in known:
            yield Fault(place=place, what=f"no unit has a criterion {ref}")


def _later_than_the_book(chapter: Chapter, book: Edition) -> Iterator[Fault]:
    """A chapter of a later edition in a book that still bears the day of an earlier one."""
    own = chapter.version.partition("-")[0]
    if _counted(own) > _counted(book.number):
        what = f"a chapter is of edition {own}: give the book that edition, and its day"
        yield Fault(place=book.place, what=what)


def _counted(edition: str) -> tuple[int, ...]:
    return tuple(int(part) for part in edition.split("."))


def _chapter_faults(chapter: Chapter) -> Iterator[Fault]:
    least, most = CHAPTER_WORDS
    if not least <= chapter.words <= most:
        what = f"{chapter.words} words; a chapter has {least} to {most}"
        yield Fault(place=chapter.place, what=what)
    yield from _misnumbered(chapter)
    for section in chapter.sections:
        middle = median_sentence(section.html)
        if middle > LONGEST_MEDIAN_SENTENCE:
            what = f"the middle sentence has {middle:g} words, over {LONGEST_MEDIAN_SENTENCE}"
            yield Fault(place=section.place, what=what)
    for question in chapter.questions:
        if fault := _uneven(question):
            yield fault


def _misnumbered(chapter: Chapter) -> Iterator[Fault]:
    """Sections and questions are numbered 5.1, K5.1 within their own chapter.

    Prompts are not looked at: what people wrote is kept by R5.1, so it stays when chapters move.
    """
    named = [(section.number, section.place) for section in chapter.sections]
    named += [(question.id, question.place) for question in chapter.questions]
    for name, place in named:
        if name.lstrip("K").split(".")[0] != str(chapter.number):
            yield Fault(place=place, what=f"{name} stands in chapter {chapter.number}")


def median_sentence(html: str) -> float:
    """The middle length, in words, of the sentences in some HTML; 0 when there are none."""
    passages = re.findall(r"<(p|li|dd)\b[^>]*>(.*?)</\1>", html, re.S)
    sentences = [s for _tag, inner in passages for s in _SENTENCE_END.split(plain(inner)) if s]
    return median(len(sentence.split()) for sentence in sentences) if sentences else 0


def _uneven(question: Question) -> Fault | None:
    """Options so unlike in length that the length gives the key away. Steps to order may differ."""
    lengths = [len(plain(option.html)) for option in question.options]
    if question.kind is Kind.ORDER or max(lengths) <= LONGEST_TO_SHORTEST_OPTION * min(lengths):
        return None
    what = (
        f"{question.id}: the longest option has {max(lengths)} letters, the shortest {min(lengths)}"
    )
    return Fault(place=question.place, what=what, warning=True)


def _case_faults(case: Case) -> Iterator[Fault]:
    in_grid = [row.ref for row in case.assessor.grid]
    for ref in in_grid:
        if ref not in case.observes:
            yield Fault(place=case.place, what=f"the grid judges {ref}, which is not observed")
    for ref in case.observes:
        if in_grid.count(ref) != 1:
            yield Fault(place=case.place, what=f"{ref} is observed and needs one row of the grid")
