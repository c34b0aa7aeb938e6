"""Golden stories of a pack: given facts → the standard row and limits that must come out, by the product's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from gridward.cases.rules.rows import choose_row
from gridward.cases.rules.workflow import Category, StandardRow
from gridward.packs.rules import read_pack


def run_stories(folder: Path) -> dict[str, Any]:
    """{"ok", "stories", "failures": [{"story", "found", "expected"}]}."""
    section = read_pack(folder).doc.get("categories") or {}
    categories = {str(c["code"]): _category(c) for c in section.get("categories") or []}
    failures, count = [], 0
    for file in sorted((folder / "stories").glob("*.yaml")):
        for story in yaml.safe_load(file.read_text(encoding="utf-8")) or []:
            count += 1
            found = _tell(story, categories)
            if found != story["expected"]:
                failures.append(
                    {"story": str(story.get("name")), "found": found, "expected": story["expected"]}
                )
    return {"ok": not failures, "stories": count, "failures": failures}


def _category(c: dict[str, Any]) -> Category:
    rows = tuple(StandardRow.read(r, i) for i, r in enumerate(c.get("rows") or []))
    return Category(0, "", "matter", str(c["code"]), {}, str(c.get("workflow") or "plain"), rows)


def _tell(story: dict[str, Any], categories: dict[str, Category]) -> dict[str, Any]:
    category = categories.get(str(story["category"]))
    row = choose_row(category, story.get("facts") or {}) if category else None
    return {
        "row": row.id if row else None,
        "limits": {k: str(v) for k, v in row.limits.items()} if row else {},
    }
