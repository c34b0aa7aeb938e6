"""Golden stories of a pack: given facts → the standard row and limits that must come out, by the product's own rules.

A story reads {name, category, facts?, expected: {row, limits}}; stories/*.yaml holds lists of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from gridward.cases.rules.rows import CASE_FACTS, choose_row
from gridward.cases.rules.workflow import Category, StandardRow
from gridward.kernel.document import (
    DOTTED,
    Anything,
    Flaw,
    Items,
    Record,
    Shape,
    Table,
    Text,
    flaws,
    shaped,
)
from gridward.kernel.expr import Bool
from gridward.packs.rules import read_pack, read_yaml

STORY = Record(
    fields={
        "name": Text(),
        "category": DOTTED,
        "facts": Table(value=Anything()),
        "expected": Record(
            fields={"row": Text(), "limits": Table(value=Text())},
            required=("row",),
            sample="{row: usual, limits: {unit: 3 working_days}}",
        ),
    },
    required=("name", "category", "expected"),
)
STORIES: Shape = Items(item=STORY, key="name")


def run_stories(folder: Path) -> dict[str, Any]:
    """{"ok", "stories", "failures": [{"story", "file", "line", "found", "expected"}]}."""
    section = read_pack(folder).doc.get("categories") or {}
    categories = {str(c["code"]): _category(c) for c in section.get("categories") or []}
    failures, count = [], 0
    for file, stories, problems in _read(folder):
        count += len(stories)
        failures += problems
        for story in stories:
            found, expected = _tell(story, categories), story.get("expected") or {}
            if not problems and found != {"limits": {}, **expected}:
                failures.append(_failure(file, str(story.get("name")), found, expected))
    return {"ok": not failures, "stories": count, "failures": failures}


def told_names(folder: Path) -> set[str]:
    """What the stories of a pack reach: categories, and rows as category/row."""
    told = [story for _, stories, _ in _read(folder) for story in stories]
    rows = {f"{s.get('category')}/{(s.get('expected') or {}).get('row')}" for s in told}
    return rows | {str(s.get("category")) for s in told}


def _read(folder: Path) -> Iterator[tuple[Path, list[dict[str, Any]], list[dict[str, Any]]]]:
    """Each file of stories: (file, stories, failures of its form)."""
    for file in sorted((folder / "stories").glob("*.yaml")):
        try:
            value = read_yaml(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            yield file, [], [_failure(file, file.name, str(error)[:120], "plain YAML in UTF-8")]
            continue
        problems = [_misformed(file, flaw) for flaw in (*flaws(STORIES, value), *_unknown_facts(value))]
        stories = shaped(STORIES, value)
        yield file, stories if isinstance(stories, list) else [], problems


def _unknown_facts(value: Any) -> Iterator[Flaw]:
    """Facts that no row can ask, or of another type: such a story would prove nothing."""
    for n, story in enumerate(value if isinstance(value, list) else []):
        facts = story.get("facts") if isinstance(story, dict) else None
        for name, given in facts.items() if isinstance(facts, dict) else ():
            if name not in CASE_FACTS:
                yield Flaw("", (n, "facts", name), name, ", ".join(CASE_FACTS), "can_fix_now")
            elif isinstance(given, bool) != isinstance(CASE_FACTS[name], Bool):
                yield Flaw("", (n, "facts", name), str(given), str(CASE_FACTS[name]), "true")


def _misformed(file: Path, flaw: Flaw) -> dict[str, Any]:
    where = ".".join(str(step) for step in flaw.path)
    return _failure(file, where or file.name, flaw.found, flaw.allowed)


def _failure(file: Path, story: str, found: Any, expected: Any) -> dict[str, Any]:
    """One failure; the line is that of the story's name."""
    lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    line = next((n for n, text in enumerate(lines, start=1) if story in text), 1)
    return {
        "story": story,
        "file": f"stories/{file.name}",
        "line": line,
        "found": found,
        "expected": expected,
    }


def _category(c: dict[str, Any]) -> Category:
    rows = tuple(StandardRow.read(r, i) for i, r in enumerate(c.get("rows") or []))
    return Category(0, "", "matter", str(c["code"]), {}, str(c.get("workflow") or "plain"), rows)


def _tell(story: dict[str, Any], categories: dict[str, Category]) -> dict[str, Any]:
    category = categories.get(str(story.get("category")))
    row = choose_row(category, story.get("facts") or {}) if category else None
    return {
        "row": row.id if row else None,
        "limits": {k: str(v) for k, v in row.limits.items()} if row else {},
    }
