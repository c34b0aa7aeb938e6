"""Divisions: their state, their content, what they list as accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from gridward.grids import models
from gridward.grids.queries.standing import read_wkb
from gridward.grids.rules import NewArea
from gridward.grids.rules import messages as m
from gridward.kernel.errors import Missing


@dataclass(frozen=True)
class DivisionRow:
    """A division as it stands; `report` holds the figures of invariant 1 at its submission (or import)."""

    id: UUID
    scheme: str
    rank: int
    state: str
    source: str
    parents: tuple[UUID, ...]
    valid_from: date | None
    tolerance_m2: float
    accept_m2: float
    declared: tuple[tuple[str, str], ...]
    accepted: tuple[dict[str, Any], ...]
    report: dict[str, Any]
    reason: str
    drafted_by: str
    drafted_at: datetime
    submitted_by: str
    submitted_at: datetime | None
    decided_by: str
    decided_at: datetime | None


def _row(row: models.Division) -> DivisionRow:
    return DivisionRow(
        id=row.id,
        scheme=row.scheme_id,
        rank=row.rank,
        state=row.state,
        source=row.source,
        parents=tuple(UUID(p) for p in orjson.loads(row.parents)),
        valid_from=row.valid_from,
        tolerance_m2=row.tolerance_m2,
        accept_m2=row.accept_m2,
        declared=tuple((a, b) for a, b in orjson.loads(row.declared)),
        accepted=tuple(orjson.loads(row.accepted)),
        report=orjson.loads(row.report),
        reason=row.reason,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def division(division_id: UUID) -> DivisionRow:
    """One division; Missing GW-GRIDS-020."""
    row = models.Division.objects.filter(id=division_id).first()
    if row is None:
        raise Missing(m.NO_DIVISION, field="division", found=division_id)
    return _row(row)


def divisions(scheme: str, *, rank: int | None = None, state: str | None = None) -> list[DivisionRow]:
    """Divisions of a scheme, newest first."""
    rows = models.Division.objects.filter(scheme_id=scheme)
    if rank is not None:
        rows = rows.filter(rank=rank)
    if state is not None:
        rows = rows.filter(state=state)
    return [_row(row) for row in rows.order_by("-drafted_at", "-id")]


def drafted(division_id: UUID) -> list[NewArea]:
    """The content of a drawn division, by code."""
    rows = models.Draft.objects.filter(division_id=division_id).order_by("code")
    return [
        NewArea(
            code=row.code,
            name=row.name,
            parent_code=row.parent_code,
            geometry=read_wkb(row.wkb),
            from_codes=tuple(orjson.loads(row.from_codes)),
            kind=row.kind,
            boundary=row.boundary,
            strip=orjson.loads(row.strip),
        )
        for row in rows
    ]


def accepted_m2(scheme: str, rank: int) -> float:
    """The largest sliver that the divisions in force of a level accept, m²."""
    rows = models.Division.objects.filter(scheme_id=scheme, rank=rank, state="in_force")
    return max(rows.values_list("accept_m2", flat=True), default=0.0)
