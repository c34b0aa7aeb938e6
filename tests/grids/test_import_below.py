"""Areas from files below parents that change: which day binds what, and who inherits whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gridward.grids import queries
from gridward.kernel.errors import Refused
from tests.grids.makers import DAY, LATER, by_code, load, square

pytestmark = pytest.mark.django_db

STREETS = [("01", square(0, 0, 2, 2)), ("02", square(2, 0, 2, 2))]


def figures(answer: dict[str, Any]) -> tuple[int, int, int]:
    return answer["rows"], answer["imported"], len(answer["problems"])


def test_import_below_parents_that_change_later_is_refused_with_the_day() -> None:
    load(STREETS)
    load([("01", square(0, 0, 2, 2)), ("03", square(2, 0, 2, 2))], valid_from=LATER)
    wishes = {"level": "grid", "parent_level": "street", "parent_code_prefix": 2}
    assert figures(load([("0101", square(0, 0, 2, 2))], **wishes)) == (1, 1, 0)
    with pytest.raises(Refused) as caught:
        load([("0201", square(2, 0, 2, 2))], **wishes)
    assert (caught.value.code, caught.value.values["date"]) == ("GW-GRIDS-055", "2026-07-01")
    assert figures(load([("0301", square(2, 0, 2, 2))], valid_from=LATER, **wishes)) == (1, 1, 0)


def test_reshaped_parent_does_not_bind_the_areas_below() -> None:
    load(STREETS)
    load([("01", square(0, 0, 3, 2)), ("02", square(3, 0, 1, 2))], valid_from=LATER)
    wishes = {"level": "grid", "parent_level": "street", "parent_code_prefix": 2}
    assert figures(load([("0101", square(0, 0, 2, 2))], **wishes)) == (1, 1, 0)


def test_areas_below_that_begin_on_the_day_of_the_redrawing_move_in_place() -> None:
    load(STREETS)
    wishes = {"level": "grid", "parent_level": "street", "parent_code_prefix": 2}
    load([("0101", square(0, 0, 2, 2)), ("0201", square(2, 0, 2, 2))], valid_from=LATER, **wishes)
    north_south = [("03", square(0, 0, 4, 1)), ("04", square(0, 1, 4, 1))]
    with pytest.raises(Refused) as caught:
        load(north_south, valid_from=date(2026, 3, 1))
    assert (caught.value.code, caught.value.values["code"]) == ("GW-GRIDS-056", "0101")
    assert figures(load(north_south, valid_from=LATER)) == (2, 2, 0)
    grid = by_code("0101", on=LATER)
    assert grid.ancestors[0] == by_code("03", on=LATER).id
    assert [past.valid_from for past in queries.area_history(grid.id)] == [LATER]


def test_areas_below_a_merged_parent_without_polygon_follow_its_heir() -> None:
    """R-GRID-13: storeys of a building hang on the street that absorbed theirs."""
    load(STREETS)
    wishes = {"level": "storey", "parent_level": "street", "parent_code_prefix": 2, "file_name": "s.csv"}
    load(b"code,name\n01a,1F\n02a,2F\n", **wishes)
    assert figures(load([("01", square(0, 0, 4, 2))], valid_from=LATER)) == (1, 1, 0)
    street = by_code("01", on=LATER).id
    assert [by_code(code, on=LATER).parent for code in ("01a", "02a")] == [street, street]
    assert by_code("02a", on=DAY).parent == by_code("02", on=DAY).id
