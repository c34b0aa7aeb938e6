"""Categories, workflows and calendars in force: loaded once per process and change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from gridward.cases import models
from gridward.cases.rules.workflow import Category, StandardRow, Workflow
from gridward.kernel.errors import BadInput, Message
from gridward.kernel.worktime import Calendar, default_calendar
from gridward.logbook import queries as logbook

UNKNOWN_CATEGORY = Message(
    "GW-CASES-020",
    "没有类别“{found}”；可用的类别见类别列表，相近的有：{allowed}。",
    "There is no category {found}; see the list of categories, close ones are: {allowed}.",
)
AMBIGUOUS_CATEGORY = Message(
    "GW-CASES-021",
    "类别代码“{found}”在多个字典中都有：{allowed}；请写成“字典/代码”。",
    "The category code {found} stands in several dictionaries: {allowed}; write dictionary/code.",
)

PLAIN = Workflow()


@dataclass(frozen=True)
class Rulebook:
    """Everything a move needs besides the case itself."""

    by_id: Mapping[int, Category]
    by_code: Mapping[str, tuple[Category, ...]]
    workflows: Mapping[str, Workflow]
    calendars: Mapping[str, Calendar]
    calendar: Calendar
    timezone: str
    jurisdiction: str
    schemes: Mapping[int, str] = field(default_factory=dict)

    def category(self, code: str) -> Category:
        """The category of a code or of `dictionary/code`; BadInput with close ones otherwise."""
        found = self.by_code.get(code, ())
        if len(found) == 1:
            return found[0]
        if found:
            raise BadInput(
                AMBIGUOUS_CATEGORY,
                field="category",
                found=code,
                allowed=", ".join(f"{c.dictionary}/{c.code}" for c in found),
            )
        raise BadInput(UNKNOWN_CATEGORY, field="category", found=code[:80], allowed=self._close(code))

    def offered(self) -> list[Category]:
        """The categories that may be chosen; retired ones only serve cases that have them."""
        return [c for c in self.by_id.values() if not c.retired]

    def _close(self, code: str) -> str:
        import difflib

        names = [c.code for c in self.offered()]
        close = difflib.get_close_matches(code, names, n=3, cutoff=0.4) or sorted(names)[:3]
        return ", ".join(close) or "—"

    def workflow(self, category: Category) -> Workflow:
        return self.workflows.get(category.workflow, PLAIN)


_cache: dict[tuple[int | None, int | None], Rulebook] = {}


def rulebook(stamps: Mapping[str, int]) -> Rulebook:
    """The rulebook that belongs to these stamps (logbook.queries.stamps())."""
    key = (stamps.get("cases"), stamps.get("settings"))
    if None not in key and key in _cache:
        return _cache[key]
    book = _load()
    if None not in key:
        _cache.clear()
        _cache[key] = book
    return book


def _load() -> Rulebook:
    settings = logbook.settings()
    timezone = settings.get("timezone", "Asia/Shanghai")
    rows = models.Category.objects.values()
    categories = [_category(row) for row in rows]
    by_code: dict[str, list[Category]] = {}
    for c in categories:
        if c.retired:  # running cases still need it by id; nobody chooses it any more
            continue
        by_code.setdefault(c.code, []).append(c)
        by_code.setdefault(f"{c.dictionary}/{c.code}", []).append(c)
    calendars = {
        version: Calendar.from_json(orjson.loads(body))
        for version, body in models.Calendar.objects.values_list("version", "body")
    }
    current = calendars.get(settings.get("calendar", "")) or default_calendar(timezone)
    calendars.setdefault(current.version, current)
    return Rulebook(
        by_id={c.id: c for c in categories},
        by_code={code: tuple(found) for code, found in by_code.items()},
        workflows={w.id: Workflow.read(w.id, orjson.loads(w.body)) for w in models.Workflow.objects.all()},
        calendars=calendars,
        calendar=current,
        timezone=timezone,
        jurisdiction=settings.get("jurisdiction", ""),
        schemes={row["id"]: row["scheme"] for row in rows},
    )


def _category(row: Mapping[str, Any]) -> Category:
    return Category(
        id=row["id"],
        dictionary=row["dictionary"],
        kind=row["kind"],
        code=row["code"],
        label=orjson.loads(row["label"]),
        workflow=row["workflow"],
        rows=tuple(StandardRow.read(r, i) for i, r in enumerate(orjson.loads(row["rows"]))),
        retired=bool(row["retired"]),
    )


def uuid_or_none(text: str | None) -> UUID | None:
    """A UUID written by a person or a script, None when it is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
