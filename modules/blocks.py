"""Finds the blocks of our own Markdown, `/// kind | Title` … `///`, and everything wrong with them.

A mistake in a block must never pass for text: a misspelt name, an unknown option, a block that is
never closed are faults with a line, and nothing of the file is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from modules.yamlfile import Report

_OPEN = re.compile(r"^/// *([A-Za-z-]+)(?: *\| *(.*?))? *$")
_CLOSE = re.compile(r"^/// *$")
_OPTION = re.compile(r"^    ([a-z_]+): *(.*?) *$")


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What a kind of block may have. A structural one is no part of the running text."""

    title: str = "optional"  # or "needed", "none"
    options: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    may_hold: tuple[str, ...] = ()
    structural: bool = False


SPECS = {
    "keypoint": Spec(),
    "safety": Spec(),
    "dialogue": Spec(title="none"),
    "scene": Spec(may_hold=("dialogue",)),
    "example": Spec(title="needed", may_hold=("dialogue",)),
    "note": Spec(title="needed"),
    "openquestion": Spec(
        title="needed", options=("left", "right"), needed=("left", "right"), structural=True
    ),
    "reflection": Spec(title="none", structural=True),
    "check": Spec(
        title="needed",
        options=("kind", "section", "safety"),
        needed=("kind", "section"),
        structural=True,
    ),
    "reading": Spec(title="none", structural=True),
}


@dataclass(kw_only=True)
class Text:
    """A run of lines outside any block; `line` is the number of the first."""

    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(kw_only=True)
class Block:
    kind: str
    title: str
    line: int
    options: dict[str, str] = field(default_factory=dict)
    nodes: list[Text | Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(node.text for node in self.nodes if isinstance(node, Text))

    @property
    def first_line(self) -> int:
        """The line on which what is inside begins."""
        return self.nodes[0].line if self.nodes else self.line + 1


class _Scan:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.root: list[Text | Block] = []
        self.open: list[Block] = []
        self.takes_options = False

    @property
    def here(self) -> list[Text | Block]:
        return self.open[-1].nodes if self.open else self.root

    def line(self, number: int, line: str) -> None:
        if _CLOSE.match(line):
            self.close(number)
        elif match := _OPEN.match(line):
            self.begin(number, match[1], match[2] or "")
        elif line.strip().startswith("///"):
            self.report.fault(number, "a line with /// must begin at the margin and name one block")
        elif self.takes_options and (option := _OPTION.match(line)):
            self.option(number, option[1], option[2])
        else:
            self.takes_options = False
            self.words(number, line)

    def words(self, number: int, line: str) -> None:
        last = self.here[-1] if self.here else None
        if not isinstance(last, Text):
            last = Text(line=number)
            self.here.append(last)
        last.lines.append(line)

    def begin(self, number: int, kind: str, title: str) -> None:
        if kind not in SPECS:
            self.report.fault(number, f"unknown block {kind!r}; known: {', '.join(SPECS)}")
        elif self.open and kind not in SPECS.get(self.open[-1].kind, Spec()).may_hold:
            outer = self.open[-1]
            self.report.fault(
                number,
                f"{kind!r} cannot stand inside {outer.kind!r} (opened on line {outer.line}): "
                "is a closing /// missing?",
            )
        self._title(number, kind, title)
        block = Block(kind=kind, title=title, line=number)
        self.here.append(block)
        self.open.append(block)
        self.takes_options = True

    def _title(self, number: int, kind: str, title: str) -> None:
        wanted = SPECS.get(kind, Spec()).title
        if wanted == "needed" and not title:
            self.report.fault(number, f"{kind!r} needs a title after a bar: /// {kind} | …")
        if wanted == "none" and title:
            self.report.fault(number, f"{kind!r} takes no title")

    def option(self, number: int, name: str, value: str) -> None:
        block = self.open[-1]
        if name not in SPECS.get(block.kind, Spec()).options:
            self.report.fault(number, f"{block.kind!r} has no option {name!r}")
        elif name in block.options:
            self.report.fault(number, f"option {name!r} is given twice")
        block.options[name] = value

    def close(self, number: int) -> None:
        self.takes_options = False
        if not self.open:
            self.report.fault(number, "/// closes a block, but none is open")
            return
        block = self.open.pop()
        for name in SPECS.get(block.kind, Spec()).needed:
            if name not in block.options:
                self.report.fault(block.line, f"{block.kind!r} needs the option {name!r}")

    def end(self) -> None:
        for block in self.open:
            self.report.fault(block.line, f"{block.kind!r} is never closed")


def scan(text: str, report: Report, *, first_line: int = 1) -> list[Text | Block]:
    """The text and the blocks in it, in order; what is wrong goes into the report."""
    scanning = _Scan(report)
    for number, line in enumerate(text.split("\n"), first_line):
        scanning.line(number, line)
    scanning.end()
    return scanning.root
