"""The structural blocks of a chapter: knowledge checks, open questions, prompts and reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256

from modules.blocks import Block
from modules.manual import Answer, Key, Kind, OpenQuestion, Option, Position, Prompt, Question
from modules.markup import Renderer
from modules.yamlfile import Report

_OPTION = re.compile(r"^- \[([ x])\] +(\S.*)$")
_STEP = re.compile(r"^\d+\. +(\S.*)$")
_PAIR = re.compile(r"^- +(\S.*?) +=> +(\S.*)$")
_FEEDBACK = re.compile(r"^  > +(\S.*)$")
_PROMPT = re.compile(r"^(R\d+\.\d+): +(\S.*)$")
_TITLE = re.compile(r"^(OQ\d+[a-z]?): +(\S.*)$")
_ITEM = re.compile(r"^- +(\S.*)$")
_POSITION = re.compile(r"^### +(\S.*?) *\| *(\S.*)$")
_QUESTION_ID = re.compile(r"^K\d+\.\d+$")


@dataclass
class _Choice:
    """An option as it stands in the file."""

    line: int
    text: str
    right: bool = False
    goes_with: str = ""
    feedback: list[str] = field(default_factory=list)


def question(block: Block, renderer: Renderer, sections: dict[str, int]) -> Question | None:
    """The question in a check block; or None, with its faults in the renderer's report."""
    report, before = renderer.report, len(renderer.report.faults)
    kind = block.options.get("kind", "")
    if kind not in list(Kind):
        report.fault(block.line, f"kind is one of {', '.join(Kind)}, not {kind!r}")
        return None
    if not _QUESTION_ID.match(block.title):
        report.fault(block.line, f"a question's title is its id, like K5.1, not {block.title!r}")
    if block.options.get("safety", "false") not in ("true", "false"):
        report.fault(block.line, "safety is true or false")
    if block.options.get("section") not in sections:
        report.fault(block.line, f"no section {block.options.get('section')!r} in this chapter")
    stem, choices = _choices(block, Kind(kind), renderer)
    _check(block, Kind(kind), stem, choices, renderer)
    return _built(block, Kind(kind), stem, choices, renderer) if _same(report, before) else None


def _same(report: Report, before: int) -> bool:
    return len(report.faults) == before


def _choices(block: Block, kind: Kind, renderer: Renderer) -> tuple[str, list[_Choice]]:
    stem: list[str] = []
    choices: list[_Choice] = []
    for number, line in enumerate(block.text.split("\n"), block.first_line):
        choice = _choice(kind, number, line)
        if choice:
            choices.append(choice)
        elif choices and (match := _FEEDBACK.match(line)):
            choices[-1].feedback.append(match[1])
        elif not choices:
            stem.append(line)
        elif line.strip():
            renderer.report.fault(number, f"neither an option nor its feedback: {line.strip()!r}")
    return "\n".join(stem).strip(), choices


def _choice(kind: Kind, number: int, line: str) -> _Choice | None:
    if kind is Kind.ORDER:
        step = _STEP.match(line)
        return _Choice(number, step[1]) if step else None
    if kind is Kind.MATCH:
        pair = _PAIR.match(line)
        return _Choice(number, pair[1], goes_with=pair[2]) if pair else None
    option = _OPTION.match(line)
    return _Choice(number, option[2], right=option[1] == "x") if option else None


def _check(block: Block, kind: Kind, stem: str, choices: list[_Choice], renderer: Renderer) -> None:
    fault = renderer.report.fault
    if not stem:
        fault(block.line, "the question itself is missing")
    if len(choices) < 3:
        fault(block.line, f"a question of kind {kind} needs three options or more")
    for choice in choices:
        if not choice.feedback:
            fault(choice.line, "this option has no feedback (a line that begins with '  > ')")
    texts = [choice.text for choice in choices]
    for choice in choices:
        if texts.count(choice.text) > 1:
            fault(choice.line, "two options say the same")
    _check_key(block, kind, [choice.right for choice in choices], renderer)


def _check_key(block: Block, kind: Kind, right: list[bool], renderer: Renderer) -> None:
    fault = renderer.report.fault
    if kind is Kind.SINGLE and sum(right) != 1:
        fault(block.line, f"exactly one option is marked [x], not {sum(right)}")
    if kind is Kind.SEVERAL and (all(right) or not any(right)):
        fault(block.line, "some options are marked [x], and some are not")


def _built(
    block: Block, kind: Kind, stem: str, choices: list[_Choice], renderer: Renderer
) -> Question:
    listed = [_option(block.title, c.text, " ".join(c.feedback), c.line, renderer) for c in choices]
    items: list[Option] = []
    if kind is Kind.MATCH:
        items, targets = listed, list(dict.fromkeys(choice.goes_with for choice in choices))
        listed = [_option(block.title, text, "", block.line, renderer) for text in targets]
    return Question(
        id=block.title,
        kind=kind,
        stem_html=renderer.html(stem, line=block.first_line),
        options=tuple(sorted(listed, key=lambda option: option.id)),
        items=tuple(sorted(items, key=lambda option: option.id)),
        safety_critical=block.options.get("safety") == "true",
        section_id=block.options["section"],
        key=Key(answer=_answer(block.title, kind, choices)),
        place=renderer.report.place(block.line),
    )


def _answer(question_id: str, kind: Kind, choices: list[_Choice]) -> Answer:
    ids = {choice.text: option_id(question_id, choice.text) for choice in choices}
    if kind is Kind.ORDER:
        return tuple(ids.values())
    if kind is Kind.MATCH:
        return {ids[c.text]: option_id(question_id, c.goes_with) for c in choices}
    right = [ids[choice.text] for choice in choices if choice.right]
    return right[0] if kind is Kind.SINGLE else frozenset(right)


def option_id(question_id: str, text: str) -> str:
    """An id that says nothing of the option's place or worth, and changes when its words do."""
    return "o" + sha256(f"{question_id}\n{text}".encode()).hexdigest()[:9]


def _option(question_id: str, text: str, feedback: str, line: int, renderer: Renderer) -> Option:
    return Option(
        id=option_id(question_id, text),
        html=renderer.inline(text, line=line),
        feedback_html=renderer.inline(feedback, line=line) if feedback else "",
    )


def open_question(block: Block, renderer: Renderer) -> OpenQuestion | None:
    """The open question in a block: `### left`, `### right`, then `### Position | who` each."""
    report, before = renderer.report, len(renderer.report.faults)
    title = _TITLE.match(block.title)
    if title is None:
        report.fault(block.line, "the title reads 'OQ5: the question'")
        return None
    poles, positions = _parts(block, renderer)
    for side in ("left", "right"):
        if side not in poles:
            report.fault(block.line, f"the part '### {side}' is missing")
    if len(positions) < 2:
        report.fault(block.line, "an open question needs two positions or more")
    if not _same(report, before):
        return None
    return OpenQuestion(
        id=title[1],
        title=renderer.words(title[2], line=block.line),
        left_label=renderer.words(block.options.get("left", ""), line=block.line),
        right_label=renderer.words(block.options.get("right", ""), line=block.line),
        left_html=poles["left"],
        right_html=poles["right"],
        positions=tuple(positions),
        place=report.place(block.line),
    )


def _parts(block: Block, renderer: Renderer) -> tuple[dict[str, str], list[Position]]:
    poles: dict[str, str] = {}
    positions: list[Position] = []
    for line, heading, text in _headed(block, renderer):
        html = renderer.html(text, line=line + 1)
        if heading in ("### left", "### right") and text:
            poles[heading.split()[1]] = html
        elif (match := _POSITION.match(heading)) and text:
            name = renderer.words(match[1], line=line)
            positions.append(Position(title=name, html=html, source=match[2]))
        else:
            renderer.report.fault(
                line, "write '### left', '### right' or '### Position | who', then its words"
            )
    return poles, positions


def _headed(block: Block, renderer: Renderer) -> list[tuple[int, str, str]]:
    parts: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(block.text.split("\n"), block.first_line):
        if line.startswith("### "):
            parts.append((number, line.rstrip(), []))
        elif parts:
            parts[-1][2].append(line)
        elif line.strip():
            renderer.report.fault(number, "text before the first '### ' of an open question")
    return [(number, heading, "\n".join(lines).strip()) for number, heading, lines in parts]


def prompts(block: Block, renderer: Renderer) -> list[Prompt]:
    """The prompts of a reflection block, one a line: `R5.1: …`."""
    return [
        Prompt(id=match[1], text=renderer.words(match[2], line=number))
        for number, match in _matched(block, renderer, _PROMPT, "a prompt reads 'R5.1: …'")
    ]


def reading(block: Block, renderer: Renderer) -> list[str]:
    """The further reading, one a line, as plain words."""
    return [
        renderer.words(match[1], line=number)
        for number, match in _matched(block, renderer, _ITEM, "a line of reading begins with '- '")
    ]


def _matched(
    block: Block, renderer: Renderer, pattern: re.Pattern[str], rule: str
) -> list[tuple[int, re.Match[str]]]:
    found = []
    for number, line in enumerate(block.text.split("\n"), block.first_line):
        match = pattern.match(line)
        if match:
            found.append((number, match))
        elif line.strip():
            renderer.report.fault(number, rule)
    return found
