"""What a new division changes, and who descends from whom."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridward.grids.rules import with_self
from gridward.grids.rules.change import (
    Changes,
    Standing,
    Wanted,
    check_dates,
    decide_changes,
    decide_lineage,
)
from gridward.kernel.errors import Refused
from tests.grids.makers import DAY, LATER, square

NO_PLACE = (None, None, None, None, None)


def standing(code: str, geometry: Any, number: int = 0, name: str = "", since: date = DAY) -> Standing:
    own = UUID(int=number or int.from_bytes(code.encode(), "big"))
    return Standing(
        own, code, name or code, 1, None, with_self(NO_PLACE, 1, own), geometry, since, UUID(int=1)
    )


def wanted(code: str, geometry: Any, name: str = "", **more: Any) -> Wanted:
    return Wanted(code, name or code, None, geometry, **more)


def fresh(changes: Changes) -> list[UUID]:
    return [UUID(int=10**9 + i) for i in range(len(changes.created))]


def family(changes: Changes) -> list[tuple[str, str, str]]:
    """(old code, new code, kind) of the lineage."""
    ids = fresh(changes)
    names = {i: w.code for i, w in zip(ids, changes.created, strict=True)}
    names |= {a.id: a.code for a in changes.touched}
    return sorted((names[d.old], names[d.new], d.kind) for d in decide_lineage(changes, ids))


def test_same_areas_change_nothing() -> None:
    changes = decide_changes([standing("01", square(0, 0))], [wanted("01", square(0, 0))])
    assert changes.empty
    assert [a.code for a in changes.same] == ["01"]


def test_other_order_of_corners_is_the_same_ground() -> None:
    turned = shapely.Polygon(list(square(0, 0).exterior.coords)[2:] + list(square(0, 0).exterior.coords)[1:3])
    assert decide_changes([standing("01", square(0, 0))], [wanted("01", turned)]).empty


def test_new_name_reshapes_and_keeps_the_identity() -> None:
    changes = decide_changes([standing("01", square(0, 0))], [wanted("01", square(0, 0), "新名")])
    assert [(r.old.code, r.what) for r in changes.reshaped] == [("01", ("name",))]


def test_same_code_far_away_is_another_area() -> None:
    changes = decide_changes([standing("01", square(0, 0))], [wanted("01", square(5, 5))])
    assert [a.code for a in changes.closed] == ["01"]
    assert [a.code for a in changes.created] == ["01"]


def test_area_not_wanted_ends_or_stays_as_told() -> None:
    before = [standing("01", square(0, 0)), standing("02", square(1, 0))]
    assert [a.code for a in decide_changes(before, [wanted("01", square(0, 0))]).closed] == ["02"]
    assert decide_changes(before, [wanted("01", square(0, 0))], close=False).empty


def test_area_without_polygon_stays_by_its_code() -> None:
    """R-GRID-13."""
    assert decide_changes([standing("s1", None)], [wanted("s1", None)]).empty
    assert decide_changes([standing("s1", None)], [wanted("s1", square(0, 0))]).reshaped[0].what == ("shape",)


def test_split_is_seen_from_the_ground() -> None:
    changes = decide_changes(
        [standing("01", square(0, 0, 2))],
        [wanted("01", square(0, 0, 1.2)), wanted("02", square(1.2, 0, 0.8))],
    )
    assert family(changes) == [("01", "02", "split")]


def test_merge_into_a_larger_unit_is_seen_from_the_ground() -> None:
    """R-GRID-15: a unit absorbs smaller ones (以大吸收小)."""
    changes = decide_changes(
        [standing("01", square(0, 0, 2)), standing("02", square(2, 0))], [wanted("01", square(0, 0, 3))]
    )
    assert family(changes) == [("02", "01", "merge")]
    assert [r.what for r in changes.reshaped] == [("shape",)]


def test_renumbered_area_is_a_change() -> None:
    changes = decide_changes([standing("01", square(0, 0))], [wanted("11", square(0, 0))])
    assert family(changes) == [("01", "11", "change")]


def test_lineage_without_polygons_follows_the_named_codes() -> None:
    changes = decide_changes(
        [standing("s1", None)],
        [wanted("s1a", None, from_codes=["s1"]), wanted("s1b", None, from_codes=["s1", "unknown"])],
    )
    assert family(changes) == [("s1", "s1a", "split"), ("s1", "s1b", "split")]


def test_date_before_the_present_shape_is_refused() -> None:
    changes = decide_changes([standing("01", square(0, 0), since=LATER)], [])
    with pytest.raises(Refused) as caught:
        check_dates(changes, LATER)
    assert caught.value.code == "GW-GRIDS-033"
    check_dates(changes, LATER.replace(day=2))


SIDE = 4
CELLS = st.lists(st.integers(0, 4), min_size=SIDE * SIDE, max_size=SIDE * SIDE)


def regions(cells: list[int]) -> dict[str, Any]:
    """A raster of numbers → one polygon per number."""
    found: dict[str, list[Any]] = defaultdict(list)
    for place, number in enumerate(cells):
        found[f"r{number}"].append(square(place % SIDE, place // SIDE))
    return {code: shapely.union_all(parts) for code, parts in found.items()}


@given(CELLS, CELLS)
def test_lineage_of_any_two_divisions_accounts_for_all_ground(old: list[int], new: list[int]) -> None:
    """Whatever an area that ended held is found again: shares sum to 1 over its successors."""
    before, after = regions(old), regions(new)
    areas = [standing(code, shape) for code, shape in before.items()]
    changes = decide_changes(areas, [wanted(code, shape) for code, shape in after.items()])
    counted = len(changes.same) + len(changes.reshaped) + len(changes.closed)
    assert counted == len(before)
    assert len(changes.same) + len(changes.reshaped) + len(changes.created) == len(after)
    descents = decide_lineage(changes, fresh(changes))
    for area in changes.closed:
        given_away = sum(d.share_old or 0.0 for d in descents if d.old == area.id)
        assert given_away == pytest.approx(1.0, abs=1e-6)
    assert all(d.kind in ("split", "merge", "change") and d.old != d.new for d in descents)
