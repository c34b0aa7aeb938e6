"""Reading a pack folder: one document by section, with the file and line of every path; broken files become errors.

The YAML of packs is plain: text, whole numbers, decimals, true, false, null. `yes`, `no`, `on`, dates and codes with
leading zeros (0101) are text; tags, anchors and repeated keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Trail = tuple[str | int, ...]
FOLDERS = {"ledgers": "list", "checklists": "list", "strings": "map"}
DEEPEST = 40
_SCALARS: dict[str, tuple[re.Pattern[str], str, Callable[[str], Any]]] = {
    "bool": (re.compile(r"^(?:true|false)$"), "tf", lambda text: text == "true"),
    "int": (re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})$"), "-+0123456789", int),
    "float": (re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}$"), "-+0123456789", float),
    "null": (re.compile(r"^(?:~|null|)$"), "~n", lambda text: None),
}
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """Composes nodes with their lines; refuses aliases and what is nested deeper than 40."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        events: Any = self
        if events.check_event(yaml.AliasEvent):
            event = events.get_event()
            raise yaml.MarkedYAMLError(problem=f"alias *{event.anchor}", problem_mark=event.start_mark)
        if self.depth > DEEPEST:
            mark = events.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem=f"nested deeper than {DEEPEST}", problem_mark=mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


for _kind, (_pattern, _first, _) in _SCALARS.items():
    _Loader.add_implicit_resolver(_TAG + _kind, _pattern, [*_first, ""] if _kind == "null" else list(_first))


@dataclass
class Source:
    """A pack folder as read: one document by section, and the line of every path."""

    doc: dict[str, Any] = field(default_factory=dict)
    lines: dict[Trail, tuple[str, int]] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def place(self, path: Trail) -> tuple[str, int]:
        """(file, line) of a path, or of its nearest known parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, ("pack.yaml", 1))


def told(code: str, place: tuple[str, int], found: str, allowed: str, sample: str) -> dict[str, Any]:
    """One error as `pack check` prints it."""
    file, line = place
    return {"code": code, "file": file, "line": line, "found": found, "allowed": allowed, "sample": sample}


def read_pack(folder: Path) -> Source:
    """Read every YAML file of a pack folder; broken files become errors, the rest is kept."""
    source = Source()
    if not (folder / "pack.yaml").is_file():
        place = ("pack.yaml", 1)
        source.errors.append(
            told("GW-PACKS-001", place, "no pack.yaml", "a folder with pack.yaml", "id: fire_safety")
        )
    for file in _files(folder):
        _read_file(source, file, file.name, (file.stem,))
    for name, kind in FOLDERS.items():
        for n, file in enumerate(_files(folder / name)):
            _read_file(source, file, f"{name}/{file.name}", (name, n if kind == "list" else file.stem))
    return source


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.yaml") if file.is_file())


def read_yaml(text: str) -> Any:
    """The value of one YAML text read like a pack. Raises yaml.YAMLError; repeated keys keep the last."""
    return _parse(text, "", (), Source())


def _read_file(source: Source, file: Path, name: str, trail: Trail) -> None:
    value: Any = None
    try:
        value = _parse(file.read_bytes().decode("utf-8"), name, trail, source)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        sample = "save the file as UTF-8"
        source.errors.append(
            told("GW-PACKS-002", (name, line), f"byte {error.object[error.start]:#04x}", "UTF-8 text", sample)
        )
        if len(trail) == 1:
            return
        value = {}
    except yaml.YAMLError as error:
        place = (name, _line_of(error, file))
        found = str(getattr(error, "problem", None) or getattr(error, "reason", error))
        source.errors.append(
            told("GW-PACKS-003", place, found[:120], "plain YAML without tags and anchors", "key: value")
        )
        if len(trail) == 1:
            return
        value = {}
    _keep(source, trail, value)


def _keep(source: Source, trail: Trail, value: Any) -> None:
    section, *rest = trail
    if not rest:
        source.doc[str(section)] = value
    elif isinstance(rest[0], int):
        known = source.doc.setdefault(str(section), [])
        if isinstance(known, list):
            known.append(value)
    else:
        known = source.doc.setdefault(str(section), {})
        if isinstance(known, dict):
            known[rest[0]] = value


def _line_of(error: yaml.YAMLError, file: Path) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", None)
    return file.read_text(encoding="utf-8")[:position].count("\n") + 1 if position is not None else 1


def _parse(text: str, name: str, trail: Trail, source: Source) -> Any:
    loader = _Loader(text)
    node = loader.get_single_node()
    source.lines.setdefault(trail, (name, 1))
    return None if node is None else _construct(node, name, trail, source)


def _construct(node: Any, name: str, trail: Trail, source: Source) -> Any:
    """The value of a node, noting the line of each path and refusing keys that stand twice."""
    source.lines.setdefault(trail, (name, node.start_mark.line + 1))
    if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
        return _mapping(node, name, trail, source)
    if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
        return [_construct(item, name, (*trail, n), source) for n, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, name: str, trail: Trail, source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a key that is no text", problem_mark=key_node.start_mark)
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            source.errors.append(
                told("GW-PACKS-004", (name, line), f"{key} twice", "each key once", f"{key}: …")
            )
        source.lines[*trail, key] = (name, line)
        found[key] = _construct(value_node, name, (*trail, key), source)
    return found


def _scalar(node: Any) -> Any:
    kind = node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.ScalarNode) and kind == "str":
        return node.value
    if isinstance(node, yaml.ScalarNode) and kind in _SCALARS and _SCALARS[kind][0].match(node.value):
        return _SCALARS[kind][2](node.value)
    raise yaml.MarkedYAMLError(problem=f"tag {node.tag}", problem_mark=node.start_mark)
