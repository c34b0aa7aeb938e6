"""A small city with the dirt of the real files: kept with the code, never skipped.

Three wards of four precincts. Every area was drawn on its own, so borders differ by half a metre; one ward
crosses itself, one precinct lies in the wrong ward, codes of wards are numbers.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import shapely

from gridward.grids import actions, queries
from gridward.kernel.actor import SYSTEM
from gridward.kernel.geometry import write_features
from tests.grids.makers import DAY, NOW, STEP, X0, Y0, square

pytestmark = pytest.mark.django_db

WARDS = 3
# Degrees; about 0.5 m.
NOISE = 5e-6


def shaken(shape: Any, seed: str) -> Any:
    """The shape with every corner moved by up to NOISE, on its own: nobody shares a border any more."""

    def move(xy: Any) -> Any:
        chances = [random.Random(f"{seed} {corner}") for corner in xy.tolist()]
        return xy + [[chance.uniform(-NOISE, NOISE) for _ in "xy"] for chance in chances]

    return shapely.transform(shape, move)


def crossing_itself(shape: Any) -> Any:
    """A ring that comes back to one of its own points: invalid, as three Boston wards are."""
    west, south, east, north = shape.bounds
    x, y, d = (west + east) / 2, (south + north) / 2, STEP / 10
    ring = [
        (west, south),
        (east, south),
        (east, north),
        (x, north),
        (x, y),
        (x - d, y - d),
        (x + d, y - d),
        (x, y),
    ]
    return shapely.Polygon([*ring, (x, north), (west, north), (west, south)])


def ward_file() -> bytes:
    shapes = [shaken(square(2 * n, 0, 2, 2), f"ward {n}") for n in range(WARDS)]
    shapes[1] = crossing_itself(shapes[1])
    return write_features(({"WARD": n + 1}, shape) for n, shape in enumerate(shapes))


def precincts() -> list[tuple[str, Any]]:
    found = [
        (f"{ward + 1:02d}{1 + i + 2 * j:02d}", square(2 * ward + i, j))
        for ward in range(WARDS)
        for j in (0, 1)
        for i in (0, 1)
    ]
    return [*found[:-1], ("0105", found[-1][1])]


def load(source: bytes, **wishes: Any) -> dict[str, Any]:
    return actions.import_areas(
        source=source, scheme="city", valid_from=DAY, commit=True, actor=SYSTEM, now=NOW, **wishes
    )


def load_city() -> tuple[dict[str, Any], dict[str, Any]]:
    ward = {"level": "ward", "code_field": "WARD", "code_format": "02d", "accept_slivers_m2": 2000.0}
    top = load(ward_file(), repair=True, **ward)
    drawn = write_features(({"CODE": code}, shaken(shape, code)) for code, shape in precincts())
    nested = {"level": "precinct", "parent_level": "ward", "parent_code_prefix": 2, "code_field": "CODE"}
    return top, load(drawn, accept_slivers_m2=2000.0, **nested)


def test_city_comes_in_and_exactly_one_precinct_lies_outside() -> None:
    """R-GRID-02, R-GRID-04."""
    top, below = load_city()
    assert (top["rows"], top["imported"], top["repaired"], top["problems"]) == (3, 3, 1, [])
    assert (below["rows"], below["imported"], below["problems"]) == (12, 12, [])
    assert below["outside_parent"] == ["0105"]
    assert below["overlaps"]["pairs"] > 0
    assert len(below["accepted_slivers"]) == below["overlaps"]["pairs"] + below["gaps"]["count"]
    assert queries.coverage_report(on=DAY)["ok"] is True


def test_ward_that_crosses_itself_is_named_without_repair() -> None:
    answer = load(ward_file(), level="ward", code_field="WARD", code_format="02d", accept_slivers_m2=2000.0)
    assert (answer["imported"], len(answer["problems"])) == (2, 1)
    assert answer["problems"][0].startswith("第 2 个要素的边界在（114.03")


def test_points_fall_where_they_were_recorded() -> None:
    """R-GRID-12: points a metre or more from every border agree all of them."""
    load_city()
    rng = np.random.default_rng(7)
    column, row = rng.integers(0, 2 * WARDS, 2000), rng.integers(0, 2, 2000)
    lons = X0 + (column + rng.uniform(0.01, 0.99, 2000)) * STEP
    lats = Y0 + (row + rng.uniform(0.01, 0.99, 2000)) * STEP
    place = {
        (round((g.bounds[0] - X0) / STEP), round((g.bounds[1] - Y0) / STEP)): code for code, g in precincts()
    }
    recorded = [place[key] for key in zip(column.tolist(), row.tolist(), strict=True)]
    refs, found = queries.locator("city", on=DAY, rank=2, stamp=queries.stamp()).locate_many(lons, lats)
    assert [refs[i].code if i >= 0 else "" for i in found.tolist()] == recorded
