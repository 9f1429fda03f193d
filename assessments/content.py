"""Reading a content file strictly: every fault is named with its file and line.

YAML 1.2-like: only true and false are booleans, "no" and "on" are words, dates stay words, and a
key that stands twice is a fault rather than a silent replacement.
"""

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assessments.errors import Fault

Place = tuple[str | int, ...]
Lines = dict[Place, int]


class Strict(BaseModel):
    """The base of every content model: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Model = TypeVar("Model", bound=Strict)

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FAST):  # type: ignore[misc]
    """A safe loader that reads scalars the way YAML 1.2 does."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?[0-9]+$", "-0123456789"),
    ("float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def checked(path: Path, model: type[Model]) -> tuple[Model | None, Lines, list[Fault]]:
    """Return the file as ``model`` with the line of each place in it, or None and its faults."""
    try:
        data, lines, faults = _parsed(path)
    except OSError as error:
        return None, {}, [Fault(file=path.name, line=1, what=f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return None, {}, [Fault(file=path.name, line=1, what="is not written in UTF-8")]
    except yaml.YAMLError as error:
        return None, {}, [_syntax_fault(path, error)]
    if faults:
        return None, lines, faults
    try:
        return model.model_validate(data), lines, []
    except ValidationError as error:
        return None, lines, [_model_fault(path, lines, problem) for problem in error.errors()]


def line_of(lines: Lines, place: Place) -> int:
    """Return the line of ``place``, or of the nearest place around it that has one."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _parsed(path: Path) -> tuple[Any, Lines, list[Fault]]:
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        root = loader.get_single_node()
        lines: Lines = {}
        faults: list[Fault] = []
        if root is None:
            return None, lines, [Fault(file=path.name, line=1, what="is empty")]
        _walk(root, (), lines, faults, path.name)
        return loader.construct_document(root), lines, faults
    finally:
        loader.dispose()


def _walk(node: yaml.Node, place: Place, lines: Lines, faults: list[Fault], file: str) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in seen:
                faults.append(Fault(file=file, line=line, what=f"{name!r} stands here twice"))
            seen.add(name)
            lines[(*place, name)] = line
            _walk(value, (*place, name), lines, faults, file)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*place, number), lines, faults, file)


def _syntax_fault(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "a character that cannot stand here"
    return Fault(file=path.name, line=mark.line + 1 if mark else 1, what=f"is not YAML: {problem}")


def _model_fault(path: Path, lines: Lines, problem: Any) -> Fault:
    place = tuple(problem["loc"])
    words = {"extra_forbidden": "unknown key", "missing": "is missing"}
    what = words.get(problem["type"], problem["msg"])
    where = ".".join(str(part) for part in place)
    return Fault(file=path.name, line=line_of(lines, place), what=f"{where}: {what}")
