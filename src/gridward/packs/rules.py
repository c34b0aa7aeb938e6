"""Packs decided without a database: reading a folder with line numbers, checking, coverage, differences, JSON Schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gridward.kernel.document import (
    ID,
    SOURCE,
    Anything,
    Flaw,
    Items,
    Label,
    Record,
    Shape,
    Table,
    Text,
    flaws,
    json_schema,
)

Trail = tuple[str | int, ...]
PACK = Record(
    fields={
        "id": ID,
        "version": Text(pattern=r"\d+\.\d+\.\d+", means="三段版本号 / three numbers", sample="1.0.0"),
        "title": Label(),
        "summary": Label(),
        "legal_basis": Items(item=Text()),
        "owner": Text(),
        "needs": Items(item=ID),
        "extends": ID,
        "draft": Anything(),
        "privacy_review": Record(
            fields={
                "purpose": Text(),
                "basis": Text(),
                "fields": Items(item=Text()),
                "period": Text(),
                "viewers": Text(),
            },
            required=("purpose", "basis", "fields", "period", "viewers"),
        ),
        "source": SOURCE,
    },
    required=("id", "version", "title"),
    sample="{id: fire_safety, version: 1.0.0, title: 消防安全网格化}",
)
STRINGS = Table(value=Table(value=Text(), key_pattern=r".+"), key_pattern=r"zh-Hans|zh-Hant|en")
OWN_SECTIONS: dict[str, Shape] = {"pack": PACK, "strings": STRINGS}
LATER = (
    "duties", "checklists", "ladders", "assessment", "programmes", "records", "documents", "standards", "allocation",
    "pay", "points", "notices", "discretion", "rewards", "plans", "reports", "watches", "appointments",
)  # fmt: skip
"""Sections of the format whose rooms do not read them yet; they are kept as they are."""
FOLDERS = {"ledgers": "list", "checklists": "list", "strings": "map"}

CrossCheck = Callable[[Mapping[str, Any]], Iterator[Flaw]]


@dataclass(frozen=True)
class Parts:
    """What the rooms told about their sections: handed in by the site."""

    sections: Mapping[str, Shape]
    cross_checks: Sequence[CrossCheck] = ()

    @property
    def all(self) -> dict[str, Shape]:
        return {**OWN_SECTIONS, **self.sections}


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


class _Loader(yaml.SafeLoader):
    """Only true and false are booleans: `yes`, `no`, `on` are words that packs use."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in rules
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", __import__("re").compile("^(?:true|false)$"), list("tf")
)


def read_pack(folder: Path) -> Source:
    """Read every YAML file of a pack folder; broken files become errors, the rest is kept."""
    source = Source()
    if not (folder / "pack.yaml").exists():
        source.errors.append(
            _error(
                "GW-PACKS-001",
                str(folder.name),
                1,
                "no pack.yaml",
                "a folder with pack.yaml",
                "pack.yaml: {id: …}",
            )
        )
        return source
    for file in sorted(folder.glob("*.yaml")):
        _read_file(source, file, file.name, (file.stem,), None)
    for name, kind in FOLDERS.items():
        for n, file in enumerate(sorted((folder / name).glob("*.yaml"))):
            trail: Trail = (name, n if kind == "list" else file.stem)
            _read_file(source, file, f"{name}/{file.name}", trail, kind)
    return source


def _error(code: str, file: str, line: int, found: str, allowed: str, sample: str) -> dict[str, Any]:
    return {"code": code, "file": file, "line": line, "found": found, "allowed": allowed, "sample": sample}


def _read_file(source: Source, file: Path, name: str, trail: Trail, kind: str | None) -> None:
    try:
        loader = _Loader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        value = None if node is None else _construct(loader, node, name, trail, source)
    except UnicodeDecodeError as error:
        source.errors.append(
            _error("GW-PACKS-002", name, 1, f"byte {error.start}", "UTF-8 text", "save the file as UTF-8")
        )
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = str(getattr(error, "problem", error))
        source.errors.append(
            _error(
                "GW-PACKS-003", name, (mark.line + 1) if mark else 1, found[:120], "valid YAML", "key: value"
            )
        )
        return
    if kind is None:
        source.doc[file.stem] = value
    elif kind == "list":
        source.doc.setdefault(str(trail[0]), []).append(value)
    else:
        source.doc.setdefault(str(trail[0]), {})[trail[1]] = value


def _construct(loader: Any, node: Any, name: str, trail: Trail, source: Source) -> Any:
    """The value of a node, noting the line of each path and refusing keys that stand twice."""
    source.lines.setdefault(trail, (name, node.start_mark.line + 1))
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            path = (*trail, key)
            line = key_node.start_mark.line + 1
            if key in found:
                source.errors.append(
                    _error("GW-PACKS-004", name, line, f"{key} twice", "each key once", f"{key}: …")
                )
            source.lines[path] = (name, line)
            found[key] = _construct(loader, value_node, name, path, source)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_construct(loader, item, name, (*trail, n), source) for n, item in enumerate(node.value)]
    return loader.construct_object(node, deep=True)


def check_pack(source: Source, parts: Parts) -> list[dict[str, Any]]:
    """Every mistake in one run, in the order of files and lines."""
    errors = list(source.errors)
    known = parts.all
    for section, value in source.doc.items():
        if section in known:
            if value is not None:
                errors += [_told(f, source) for f in flaws(known[section], value, (section,))]
        elif section not in LATER:
            file, line = source.place((section,))
            allowed = ", ".join([*known, *LATER])
            errors.append(_error("GW-PACKS-005", file, line, section, allowed, "categories.yaml"))
    shaped = {
        name
        for name, value in source.doc.items()
        if name not in known or not _broken(known[name], value, name)
    }
    usable = {
        name: value for name, value in source.doc.items() if name in shaped or isinstance(value, dict | list)
    }
    for cross in parts.cross_checks:
        errors += [_told(f, source) for f in _safely(cross, usable)]
    errors += _check_strings(source)
    return sorted(_unique(errors), key=lambda e: (e["file"], e["line"], e["code"]))


def _broken(shape: Shape, value: Any, section: str) -> bool:
    return value is not None and any(True for _ in flaws(shape, value, (section,)))


def _safely(cross: CrossCheck, doc: Mapping[str, Any]) -> list[Flaw]:
    """Cross-checks meet documents of any shape; what the shapes have told already is not told twice."""
    try:
        return list(cross(doc))
    except (AttributeError, TypeError, KeyError, ValueError):
        return []


def _unique(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[str, dict[str, Any]] = {}
    for error in errors:
        seen.setdefault(json.dumps(error, sort_keys=True, default=str), error)
    return list(seen.values())


def _told(flaw: Flaw, source: Source) -> dict[str, Any]:
    file, line = source.place(flaw.path)
    return _error(
        flaw.code,
        file,
        line,
        f"{'.'.join(str(p) for p in flaw.path[1:])}: {flaw.found}".lstrip(": "),
        flaw.allowed,
        flaw.sample,
    )


def _check_strings(source: Source) -> list[dict[str, Any]]:
    """Every string of one language stands in the others."""
    languages: dict[str, Any] = source.doc.get("strings") or {}
    if not isinstance(languages, dict):
        return []
    keys = {key for table in languages.values() if isinstance(table, dict) for key in table}
    errors = []
    for language, table in languages.items():
        for key in sorted(keys - set(table or {})):
            errors.append(
                _error(
                    "GW-PACKS-050",
                    f"strings/{language}.yaml",
                    1,
                    f"no {key}",
                    f"{key} stands in another language",
                    f"{key}: …",
                )
            )
    return errors


def items_of(doc: Mapping[str, Any]) -> Iterator[tuple[str, Trail, Mapping[str, Any]]]:
    """Every item of a pack that may carry a source: (section, path, item)."""
    for section, value in doc.items():
        if section in ("pack", "strings"):
            continue
        yield from ((section, path, item) for path, item in _walk(value, (section,)))


def _walk(value: Any, path: Trail) -> Iterator[tuple[Trail, Mapping[str, Any]]]:
    if isinstance(value, dict):
        if "id" in value or "code" in value or "source" in value:
            yield path, value
        for key, item in value.items():
            if key not in ("label", "source"):
                yield from _walk(item, (*path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _walk(item, (*path, n))


def coverage(doc: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Per section: items, with source, with both languages, with a story."""
    strings = doc.get("strings") or {}
    english = strings.get("en") or {}
    counts: dict[str, dict[str, Any]] = {}
    for section, _, item in items_of(doc):
        row = counts.setdefault(
            section, {"section": section, "items": 0, "source": 0, "languages": 0, "story": 0}
        )
        row["items"] += 1
        row["source"] += bool(item.get("source"))
        label = item.get("label")
        name = str(item.get("id") or item.get("code") or "")
        row["languages"] += (
            label is None
            or (isinstance(label, dict) and bool(label.get("en")))
            or f"{section}.{name}" in english
        )
    return list(counts.values())


def difference(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> list[dict[str, Any]]:
    """What changed between two documents: {"path", "change": added|removed|changed, "before", "after"}."""
    if isinstance(before, dict) and isinstance(after, dict):
        rows: list[dict[str, Any]] = []
        for key in sorted(set(before) | set(after), key=str):
            here = f"{path}.{key}".lstrip(".")
            if key not in after:
                rows.append({"path": here, "change": "removed", "before": before[key], "after": None})
            elif key not in before:
                rows.append({"path": here, "change": "added", "before": None, "after": after[key]})
            else:
                rows += difference(before[key], after[key], here)
        return rows
    if isinstance(before, list) and isinstance(after, list):
        return difference(_by_id(before), _by_id(after), path)
    return [] if before == after else [{"path": path, "change": "changed", "before": before, "after": after}]


def _by_id(items: list[Any]) -> dict[str, Any]:
    return {
        str(i.get("id") or i.get("code") or n) if isinstance(i, dict) else str(n): i
        for n, i in enumerate(items)
    }


def digest(doc: Mapping[str, Any]) -> str:
    """The fingerprint of a pack's content."""
    return hashlib.sha256(
        json.dumps(doc, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()


def schemas(parts: Parts) -> dict[str, Any]:
    """One JSON Schema per section."""
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **json_schema(shape)}
        for name, shape in parts.all.items()
    }
