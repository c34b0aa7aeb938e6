"""Set-wise writes: the columns of areas that repeat their newest shape. Both dialects."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from gridward.kernel import sql

IDS_PER_STATEMENT = 500
_COLUMNS = "name, parent, a1, a2, a3, a4, a5"
_DERIVE = (
    f"UPDATE grids_area SET ({_COLUMNS}) = (SELECT {_COLUMNS} FROM (SELECT s.* FROM grids_shape s "
    "WHERE s.area_id = grids_area.id ORDER BY s.valid_from DESC LIMIT 1) latest)"
)


def latest_columns(areas: Sequence[UUID] | None = None) -> None:
    """Derive name, parent and ancestors of `areas` (None: of all) from the newest shape of each."""
    with connection.cursor() as cursor:
        if areas is None:
            cursor.execute(_DERIVE)
            return
        for start in range(0, len(areas), IDS_PER_STATEMENT):
            part = [sql.key(connection.vendor, area) for area in areas[start : start + IDS_PER_STATEMENT]]
            cursor.execute(f"{_DERIVE} WHERE id IN ({sql.marks(len(part))})", part)
