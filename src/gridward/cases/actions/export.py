"""Export of a list: a permission of its own, scoped like the list, journaled, formulas escaped."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from gridward.cases.queries.lists import CaseFilter, case_page
from gridward.kernel.actor import Actor
from gridward.kernel.errors import Forbidden, Message
from gridward.kernel.tables import write_csv
from gridward.logbook.actions import append_to

MAY_NOT = Message(
    "GW-CASES-080",
    "您没有导出案件的权限；请找有此权限的人导出。",
    "You may not export cases; ask somebody who may.",
)
COLUMNS = (
    "number", "stage", "outcome", "category", "category_label", "area", "area_name", "unit", "unit_name", "text",
    "address", "opened_at", "total_due_at", "unit_due_at", "closed_at", "colour",
)  # fmt: skip
MOST_ROWS = 10_000
EXPORT = "cases:case:export"


def export_cases(
    *, chosen: CaseFilter, path: Path, actor: Actor, now: datetime, stamps: Mapping[str, int]
) -> dict[str, Any]:
    """Write the list that the filter shows to a csv (at most 10,000 rows); who exported what is journaled."""
    if not actor.may(EXPORT) and actor.kind != "system":
        raise Forbidden(MAY_NOT)
    rows: list[list[Any]] = []
    chosen = dataclasses.replace(chosen, limit=200, after="", permission=EXPORT)
    while len(rows) < MOST_ROWS:
        page = case_page(chosen, actor=actor, now=now, stamps=stamps, with_total=False)
        rows += [[item[name] for name in COLUMNS] for item in page["items"]]
        if not page["next"]:
            break
        chosen = dataclasses.replace(chosen, after=page["next"])
    write_csv(path, list(COLUMNS), rows)
    with transaction.atomic():
        payload = {
            "what": "cases",
            "rows": len(rows),
            "filter": {
                k: str(v)
                for k, v in dataclasses.asdict(chosen).items()
                if v and k not in ("after", "permission")
            },
        }
        stream = f"export/{actor.key}/{now:%Y-%m-%d}"
        append_to(stream=stream, move="export", actor=actor, now=now, payload=payload)
    return {"rows": len(rows)}
