"""Small territories for tests: squares in degrees near Wuhan, written as GeoJSON and imported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shapely import box

from gridward.grids import actions, queries
from gridward.grids.rules import AreaRef
from gridward.kernel.actor import EVERYWHERE, SYSTEM, Actor, Grant
from gridward.kernel.geometry import write_features

NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
DAY = date(2026, 1, 1)
LATER = date(2026, 7, 1)
X0, Y0 = 114.0, 30.5
STEP = 0.01

PERMISSIONS = ("scheme:define", "area:import", "area:edit", "division:draft", "division:approve",
               "division:enforce", "node:link")  # fmt: skip


def planner(number: int = 1) -> Actor:
    """A person who may do everything with grids; each number is somebody else."""
    grants = tuple(Grant(f"grids:{name}", EVERYWHERE) for name in PERMISSIONS)
    return Actor(id=UUID(int=number), name=f"规划员{number}", grants=grants)


def square(column: float, row: float, width: float = 1, height: float = 1) -> Any:
    """A box of `width` × `height` steps; column counts east, row north."""
    x, y = X0 + column * STEP, Y0 + row * STEP
    return box(round(x, 7), round(y, 7), round(x + width * STEP, 7), round(y + height * STEP, 7))


def middle(column: float, row: float) -> tuple[float, float]:
    """The middle of the step at (column, row)."""
    return X0 + (column + 0.5) * STEP, Y0 + (row + 0.5) * STEP


def geojson(areas: Sequence[tuple[str, Any]], **more: Any) -> bytes:
    """Areas (code, polygon) as a file; the name is 区 and the code."""
    return write_features(({"code": code, "name": f"区{code}", **more}, shape) for code, shape in areas)


def load(
    areas: Sequence[tuple[str, Any]],
    *,
    scheme: str = "town",
    level: str = "street",
    valid_from: date = DAY,
    commit: bool = True,
    **wishes: Any,
) -> dict[str, Any]:
    """Import areas with a commit unless told otherwise."""
    return actions.import_areas(
        source=geojson(areas) if not isinstance(areas, bytes) else areas,
        scheme=scheme,
        level=level,
        code_field="code",
        name_field="name",
        valid_from=valid_from,
        commit=commit,
        actor=SYSTEM,
        now=NOW,
        **wishes,
    )


def town(scheme: str = "town") -> None:
    """Streets 01 (west) and 02 (east) of 2 × 2 steps, with grids 0101…0104 and 0201…0204, one step each."""
    load([("01", square(0, 0, 2, 2)), ("02", square(2, 0, 2, 2))], scheme=scheme)
    grids = [
        (f"0{street}0{1 + i + 2 * j}", square(2 * (street - 1) + i, 1 - j))
        for street in (1, 2)
        for j in (0, 1)
        for i in (0, 1)
    ]
    load(grids, scheme=scheme, level="grid", parent_level="street", parent_code_prefix=2)


def by_code(code: str, scheme: str = "town", on: date = DAY) -> AreaRef:
    """The area of a code on a day."""
    found = queries.locator(scheme, on=on, stamp=queries.stamp()).by_code(code)
    assert found is not None, code
    return found


def codes(rank: int, scheme: str = "town", on: date = DAY) -> list[str]:
    """Codes of a level on a day."""
    return [row.ref.code for row in queries.area_tree(scheme, on=on, rank=rank)]
