"""The shape in which a case leaves the house: the contract's fields, then what people read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gridward.cases.rules import view
from gridward.cases.rules.view import Cached
from gridward.cases.rules.workflow import Category
from gridward.grids.queries import refs
from gridward.people.queries import UnitRef


def instant_text(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, or None."""
    return at.strftime("%Y-%m-%dT%H:%M:%S") + "Z" if at else None


def answer_of(
    fixed: Mapping[str, Any],
    c: Cached,
    category: Category,
    area_code: str | None,
    area_name: str | None,
    unit: UnitRef | None,
    now: datetime,
) -> dict[str, Any]:
    """The answer to report and move, and the head of every list row (12-contracts)."""
    return {
        "id": str(fixed["id"]),
        "number": fixed["number"],
        "stage": c.stage,
        "category": category.code,
        "category_label": category.label_in("zh"),
        "area": area_code,
        "area_id": str(fixed["area"]) if fixed.get("area") else None,
        "area_name": area_name,
        "unit": unit.code if unit else None,
        "unit_id": str(unit.id) if unit else None,
        "unit_name": unit.name if unit else None,
        "total_due_at": instant_text(c.total_due_at),
        "unit_due_at": instant_text(c.unit_due_at),
        "next_due_at": instant_text(c.next_due_at),
        "colour": view.colour(c.next_due_at, c.next_yellow_at, c.late, now),
        "seq": c.seq,
        "outcome": c.outcome,
        "opened_at": instant_text(c.opened_at),
        "closed_at": instant_text(c.closed_at),
    }


def area_label(area: UUID | None, scheme: str, stamps: Mapping[str, int]) -> tuple[str | None, str | None]:
    """(code, name) of an area, from the process cache."""
    if area is None:
        return None, None
    ref = refs.area_ref(area, stamp=stamps.get("grids", 0))
    return (ref.code, ref.name) if ref else (None, None)


def today(now: datetime) -> date:
    """The UTC day of an instant: fine for choosing a division that changes at most daily."""
    return now.date()
