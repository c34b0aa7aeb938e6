"""What the source declares, read from its syntax: permissions, facts, messages. Imports nothing of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "gridward"


@dataclass(frozen=True)
class Permission:
    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class Fact:
    name: str
    doc: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sentence:
    code: str
    zh: str
    en: str
    place: str


def files(room: str, furniture: str, source: Path = SOURCE) -> list[Path]:
    """The files of one piece of furniture: cases/facts.py, or all of cases/facts/."""
    folder = source / room
    return [
        p for p in (folder / f"{furniture}.py", *sorted((folder / furniture).rglob("*.py"))) if p.is_file()
    ]


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def permissions(room: str, source: Path = SOURCE) -> list[Permission]:
    """The entries of PERMISSIONS in the room's policy, in their order."""
    found = []
    for file in files(room, "policy", source):
        for node in parse(file).body:
            if _assigned(node) == "PERMISSIONS":
                value = ast.literal_eval(node.value)  # type: ignore[attr-defined]
                found += [Permission(name, zh, en) for name, (zh, en) in value.items()]
    return found


def _assigned(node: ast.stmt) -> str:
    """The name that a module-level assignment gives a value to."""
    if isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def facts(room: str, source: Path = SOURCE) -> list[Fact]:
    """The dataclasses of the room's facts, in their order."""
    return [
        Fact(node.name, ast.get_docstring(node) or "", tuple(_fields(node)))
        for file in files(room, "facts", source)
        for node in parse(file).body
        if isinstance(node, ast.ClassDef) and node.decorator_list
    ]


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            yield line.target.id, ast.unparse(line.annotation)


def sentences(source: Path = SOURCE) -> list[Sentence]:
    """Every Message(code, zh, en) of the package, by code."""
    found = []
    for file in sorted(source.rglob("*.py")):
        for node in ast.walk(parse(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                values = [_text(argument) for argument in node.args]
                if len(values) == 3 and all(values):
                    place = file.relative_to(source).as_posix()
                    found.append(Sentence(values[0], values[1], values[2], place))
    return sorted(found, key=lambda s: (s.code, s.place))


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
