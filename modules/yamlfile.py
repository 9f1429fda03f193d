"""YAML that remembers its lines, checked against a model; and the front matter of our own files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from modules.manual import Fault, Place

Model = TypeVar("Model", bound=BaseModel)
#: The way to a value in a file: keys, and places in lists.
Path = tuple[str | int, ...]
Criterion = Annotated[str, Field(pattern=r"^(?:M[1-8]|P[1-3])\.\d\.\d+$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Words = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A model that refuses keys it does not know, and values of nearly the right type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass
class Report:
    """Collects the faults of one file."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    #: Where each key of the file's YAML stands: ("scenes", 2) is the third scene.
    lines: dict[Path, int] = field(default_factory=dict)

    def fault(self, line: int, what: str) -> None:
        self.faults.append(Fault(place=self.place(line), what=what))

    def place(self, line: int) -> Place:
        return Place(file=self.file, line=line)


#: The one in C where there is one: the site reads a dozen files before its first answer.
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FAST):  # type: ignore[misc]
    """YAML 1.2 in the points that matter: "no" is a word, and so is a date."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?[0-9]+$", "-0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def read_model(
    model: type[Model], text: str, report: Report, *, first_line: int = 1
) -> Model | None:
    """The text as a model; or None, with every fault in the report, each at its own line."""
    before = len(report.faults)
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        lines = report.lines
        _walk(root, (), lines, report, first_line)
        data = loader.construct_document(root) if root is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        report.fault(line, f"not YAML: {getattr(error, 'problem', None) or error}")
        return None
    try:
        loaded = model.model_validate(data)
    except ValidationError as error:
        for one in error.errors():
            report.fault(_line_of(one["loc"], lines, first_line), _in_words(one))
        return None
    return loaded if len(report.faults) == before else None


def _walk(node: Any, at: Path, lines: dict[Path, int], report: Report, first: int) -> None:
    if node is None:
        return
    lines.setdefault(at, node.start_mark.line + first)
    if isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*at, index), lines, report, first)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + first
            if (*at, key.value) in lines:
                report.fault(line, f"{key.value!r} is given twice")
            lines[(*at, key.value)] = line
            _walk(value, (*at, key.value), lines, report, first)


def _line_of(loc: Path, lines: dict[Path, int], first: int) -> int:
    while loc and loc not in lines:
        loc = loc[:-1]
    return lines.get(loc, first)


def _in_words(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    known = {"extra_forbidden": "unknown key", "missing": "missing"}
    what = known.get(error["type"], error["msg"])
    return f"{where}: {what}" if where else what


def front_matter(text: str, report: Report) -> tuple[str, str, int]:
    """Front matter, body, and the line that the body begins on. A file without any is a fault."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        report.fault(1, "the file must begin with front matter between two lines of ---")
        return "", text, 1
    for index, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return "\n".join(lines[1:index]), "\n".join(lines[index + 1 :]), index + 2
    report.fault(1, "the front matter is never closed: a second line of --- is missing")
    return "", "", 1
