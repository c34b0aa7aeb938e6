"""Figures of a pack: coverage per section, what changed between two documents, the fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from gridward.packs.rules.reading import Trail

MARKS = ("id", "code", "source", "from")
"""What makes a mapping an item: a name, or a source of its own."""
PARTS_OF_ITEMS = ("label", "source", "choices", "limit")


def items_of(doc: Mapping[str, Any]) -> Iterator[tuple[str, Trail, Mapping[str, Any]]]:
    """Every item of a pack that may carry a source: (section, path, item). Choices belong to their field."""
    for section, value in doc.items():
        if section in ("pack", "strings"):
            continue
        yield from ((section, path, item) for path, item in _walk(value, (section,)))


def _walk(value: Any, path: Trail) -> Iterator[tuple[Trail, Mapping[str, Any]]]:
    if isinstance(value, dict):
        if any(mark in value for mark in MARKS) or (path[0] == "workflows" and len(path) == 2):
            yield path, value
        for key, item in value.items():
            if key not in PARTS_OF_ITEMS:
                yield from _walk(item, (*path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _walk(item, (*path, n))


def coverage(doc: Mapping[str, Any], told: Collection[str] = ()) -> list[dict[str, Any]]:
    """Per section: items, with source, examples, with both languages, with a story.

    An item with `confidence: example` states nothing and so needs no source: a city puts its own in its place. It
    counts under "example", one with a source under "source", never under both. `told`: names that stories reach,
    an item's id or code, a row as code/row.
    """
    counts: dict[str, dict[str, Any]] = {}
    for section, path, item in items_of(doc):
        row = counts.setdefault(
            section, {"section": section, "items": 0, "source": 0, "example": 0, "languages": 0, "story": 0}
        )
        row["items"] += 1
        row["source"] += bool(item.get("source"))
        row["example"] += item.get("confidence") == "example" and not item.get("source")
        row["languages"] += _in_both(item, section, doc)
        row["story"] += _name(doc, path, item) in told
    return list(counts.values())


def _in_both(item: Mapping[str, Any], section: str, doc: Mapping[str, Any]) -> bool:
    labels = [part.get("label") for part in (item, *_choices(item)) if part.get("label") is not None]
    english = (doc.get("strings") or {}).get("en") or {}
    name = f"{section}.{item.get('id') or item.get('code') or ''}"
    return all((isinstance(label, dict) and label.get("en")) or name in english for label in labels)


def _choices(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = item.get("choices")
    return [c for c in found if isinstance(c, dict)] if isinstance(found, list) else []


def _name(doc: Mapping[str, Any], path: Trail, item: Mapping[str, Any]) -> str:
    own = str(item.get("id") or item.get("code") or path[-1])
    if path[-2:-1] != ("rows",):
        return own
    parent: Any = doc
    for step in path[:-2]:
        parent = parent[step]
    return f"{parent.get('code')}/{item.get('id') or f'r{int(path[-1]) + 1}'}"


def difference(before: Any, after: Any, path: str = "") -> list[dict[str, Any]]:
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
