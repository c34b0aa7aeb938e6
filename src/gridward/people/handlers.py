"""What people do when other rooms report something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gridward.logbook.facts import Delivered
from gridward.people.actions.divisions import follow_division


def on_division_came_into_force(fact: Delivered, *, now: datetime) -> None:
    """Postings on closed areas end with a handover list; what moved gets its new ancestors."""
    data = fact.data
    follow_division(
        scheme=data["scheme"],
        rank=data["rank"],
        valid_from=date.fromisoformat(data["valid_from"]),
        closed=_ids(data, "closed"),
        created=_ids(data, "created"),
        moved=[*_ids(data, "reshaped"), *_ids(data, "moved")],
        now=now,
    )


def _ids(data: Mapping[str, Any], name: str) -> list[UUID]:
    return [UUID(text) for text in data.get(name, ())]
