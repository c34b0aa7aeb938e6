"""Drafts: what may be proposed, and how grids are numbered."""

from __future__ import annotations

from typing import Any

import pytest
from shapely import LineString, Point, Polygon, box

from gridward.grids.rules import LevelSpec, NewArea
from gridward.grids.rules.drafts import check_drafts, number_drafts
from gridward.kernel.errors import BadInput, ManyProblems
from tests.grids.makers import square

GRID = LevelSpec(2, "grid", "网格")
ROADS = LevelSpec(2, "road", "路段", coverage="none")


def area(code: str = "0101", **more: Any) -> NewArea:
    return NewArea(**{"code": code, "name": "网格", "parent_code": "01", "geometry": square(0, 0), **more})


def test_draft_keeps_the_polygon_normalised_and_flat() -> None:
    raised = Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5), (0, 1, 5)])
    (checked,) = check_drafts([area(geometry=raised)], GRID)
    assert checked.geometry.equals(box(0, 0, 1, 1))
    assert not checked.geometry.has_z


def test_draft_with_many_faults_names_all_of_them() -> None:
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    drafts = [
        area(),
        area(),
        area("a b"),
        area("02", name=" "),
        area("03", parent_code=""),
        area("04", geometry=None),
        area("05", geometry=bow),
        area("06", geometry=Point(1, 1)),
        area("07", geometry=LineString([(0, 0), (1, 1)])),
        area("08", geometry=box(500000, 0, 500001, 1)),
        area("09", geometry=Polygon()),
        area("10", strip={"kind": "lawn"}),
    ]
    with pytest.raises(ManyProblems) as caught:
        check_drafts(drafts, GRID)
    found = [problem.code[-3:] for problem in caught.value.problems]
    assert found == ["023", "001", "041", "026", "027", "028", "028", "028", "028", "028", "012"]


def test_draft_without_areas_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        check_drafts([], GRID)
    assert caught.value.code == "GW-GRIDS-024"


def test_level_without_coverage_takes_areas_without_polygon() -> None:
    """R-GRID-13."""
    strip = {"kind": "road_section", "length_m": 400}
    (checked,) = check_drafts([area("r1", geometry=None, strip=strip)], ROADS)
    assert checked.strip == {"kind": "road_section", "length_m": "400"}


COMMUNITY = "440305001002"


def test_grids_are_numbered_west_to_east_and_north_to_south() -> None:
    """15-digit codes: community and a sequence (由西向东、由北向南)."""
    places = [(1, 0), (0, 1), (0, 0), (1, 1)]
    drafts = [area("", name=f"{x},{y}", geometry=square(x, y)) for x, y in places]
    numbered = {a.name: a.code[-3:] for a in number_drafts(drafts, COMMUNITY, set())}
    assert numbered == {"0,1": "001", "1,1": "002", "0,0": "003", "1,0": "004"}


def test_numbers_ever_given_are_not_given_again() -> None:
    used = {f"{COMMUNITY}001", f"{COMMUNITY}003"}
    drafts = [area("", geometry=square(x, 0)) for x in range(3)] + [area(f"{COMMUNITY}002")]
    codes = [a.code[-3:] for a in number_drafts(drafts, COMMUNITY, used)]
    assert codes == ["004", "005", "006", "002"]


def test_numbering_below_a_parent_without_12_digits_asks_for_codes() -> None:
    with pytest.raises(BadInput) as caught:
        number_drafts([area("01"), area("")], "01", set())
    assert (caught.value.code, caught.value.values["place"]) == ("GW-GRIDS-036", 2)
    assert number_drafts([area("01")], "01", set())[0].code == "01"
