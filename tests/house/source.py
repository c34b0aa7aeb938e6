"""The source tree as the house checks see it: rooms, furniture, syntax trees, texts without docstrings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "gridward"


@dataclass(frozen=True)
class Module:
    """One Python file below `source` (the folder of the package gridward)."""

    source: Path
    path: Path

    @property
    def place(self) -> str:
        """Path below the package, the way findings name it: cases/actions/escalate.py."""
        return self.path.relative_to(self.source).as_posix()

    @property
    def room(self) -> str:
        parts = self.path.relative_to(self.source).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def furniture(self) -> str:
        """`actions` for cases/actions.py as well as for cases/actions/escalate.py."""
        parts = self.path.relative_to(self.source).parts
        return parts[1].removesuffix(".py") if len(parts) > 1 else parts[0].removesuffix(".py")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def strings(self) -> list[tuple[int, str]]:
        """(line, text) of every string that is not a docstring; the fixed parts of f-strings included."""
        quiet = {id(node) for node in docstrings(self.tree)}
        return [
            (node.lineno, node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet
        ]

    @cached_property
    def dotted(self) -> list[tuple[int, str]]:
        """(line, a.b.c) of every attribute chain and every plain name that is read."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute | ast.Name):
                name = dotted_name(node)
                if name:
                    found.append((node.lineno, name))
        return found

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """(line, module or module.name) of every import, inner ones included."""
        found: list[tuple[int, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        return found


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """The constants that stand alone as a statement: docstrings, and strings nobody reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def dotted_name(node: ast.expr) -> str:
    """`a.b.c` of a chain of attributes on a name, else the empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


@cache
def modules(source: Path = SOURCE) -> list[Module]:
    """Every module below `source`; kept, so that each file is parsed once for all checks."""
    return [Module(source, path) for path in sorted(source.rglob("*.py"))]


Check = Callable[[Module], list[str]]


def findings(check: Check, source: Path = SOURCE) -> list[str]:
    """What `check` says of every module below `source`, each with its place."""
    return [f"{module.place}: {text}" for module in modules(source) for text in check(module)]


def plant(folder: Path, place: str, text: str) -> Path:
    """Write a package tree with one file `place` holding `text` below `folder`; return the tree's root."""
    source = folder / "gridward"
    target = source / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return source
