"""kernel/geometry/index.py: point → area (R-GRID-12); the lower code wins, NaN is nowhere."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.geometry.index import AreaIndex
from gridward.kernel.geometry.metric import metres_between

LEFT, RIGHT = shapely.box(114.0, 22.5, 114.1, 22.6), shapely.box(114.1, 22.5, 114.2, 22.6)
OVER = shapely.box(114.05, 22.55, 114.15, 22.65)
# Given out of code order: positions are those of the caller, the choice is by code.
THREE = AreaIndex(["0203", "0101", "0102"], [OVER, LEFT, RIGHT], keys=["over", "left", "right"])
degrees = st.floats(113.9, 114.3).map(lambda v: round(v, 2))
heights = st.floats(22.4, 22.7).map(lambda v: round(v, 2))


def test_locate_inside_one_area_gives_its_position() -> None:
    found = THREE.locate(114.02, 22.52)
    assert found == 1
    assert (THREE.codes[found], THREE.keys[found]) == ("0101", "left")


def test_locate_outside_all_areas_gives_none() -> None:
    assert THREE.locate(120.0, 30.0) is None


def test_locate_in_two_areas_gives_the_lower_code() -> None:
    assert THREE.locate_all(114.06, 22.58) == [1, 0]
    assert THREE.locate(114.06, 22.58) == 1


def test_locate_on_a_shared_border_counts_as_inside_both() -> None:
    assert THREE.locate_all(114.1, 22.52) == [1, 2]
    assert THREE.locate(114.1, 22.5) == 1


def test_locate_at_an_outer_corner_counts_as_inside() -> None:
    assert THREE.locate(114.2, 22.5) == 2


def test_lower_code_is_by_text_whatever_the_order_given() -> None:
    """'10' sorts before '9', as ORDER BY code does; equal codes keep the order given."""
    assert AreaIndex(["9", "10"], [LEFT, LEFT]).locate(114.05, 22.55) == 1
    assert AreaIndex(["7", "7"], [LEFT, LEFT]).locate(114.05, 22.55) == 0


@pytest.mark.parametrize("point", [(np.nan, 22.5), (114.0, np.nan), (np.inf, 22.5), (114.0, -np.inf)])
def test_locate_of_a_missing_coordinate_is_nowhere(point: tuple[float, float]) -> None:
    assert THREE.locate(*point) is None
    assert THREE.locate_all(*point) == []
    assert THREE.nearest(*point, 1000.0) is None


def test_locate_many_marks_nowhere_and_missing_with_minus_one() -> None:
    lons, lats = [114.02, np.nan, 114.06, 120.0], [22.52, 22.5, 22.58, 30.0]
    assert THREE.locate_many(lons, lats).tolist() == [1, -1, 1, -1]
    assert THREE.locate_many([], []).tolist() == []
    assert THREE.locate_many([np.nan], [np.nan]).tolist() == [-1]


@given(st.lists(st.tuples(degrees, heights), min_size=1, max_size=30))
def test_locate_many_equals_locate_equals_brute_force(points: list[tuple[float, float]]) -> None:
    """Two decimals, so that corners and borders are hit often."""
    lons, lats = zip(*points, strict=True)
    by_code = [(1, LEFT), (2, RIGHT), (0, OVER)]
    brute = [next((i for i, g in by_code if g.intersects(shapely.Point(p))), None) for p in points]
    assert [THREE.locate(*p) for p in points] == brute
    assert THREE.locate_many(lons, lats).tolist() == [-1 if i is None else i for i in brute]


def test_locate_many_few_and_many_points_take_different_ways_to_one_answer() -> None:
    """Overlapping cells; 50 points ask the tree of areas, 5,000 points are asked in their own tree."""
    cells = [
        shapely.box(114 + i / 10, 22 + j / 10, 114.11 + i / 10, 22.11 + j / 10)
        for i in range(10)
        for j in range(10)
    ]
    codes = [f"{(k * 37) % 100:03d}" for k in range(100)]
    index = AreaIndex(codes, cells)
    rng = np.random.default_rng(7)
    lons, lats = rng.uniform(113.9, 115.2, 5000).round(2), rng.uniform(21.9, 23.2, 5000).round(2)
    many = index.locate_many(lons, lats)
    few = np.concatenate([index.locate_many(lons[i : i + 50], lats[i : i + 50]) for i in range(0, 5000, 50)])
    one = [index.locate(x, y) for x, y in zip(lons.tolist(), lats.tolist(), strict=True)]
    assert many.tolist() == few.tolist() == [-1 if i is None else i for i in one]


def test_index_shared_by_threads_gives_every_thread_the_same_answer() -> None:
    index = AreaIndex(
        [f"{k:03d}" for k in range(400)],
        [shapely.box(k % 20, k // 20, k % 20 + 1.1, k // 20 + 1.1) for k in range(400)],
    )
    points = np.random.default_rng(3).uniform(0, 21, (2000, 2)).tolist()
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: [index.locate(*p) for p in points], range(4)))
    alone = index.locate_many(*np.transpose(points)).tolist()
    assert [[-1 if i is None else i for i in run] for run in runs] == [alone] * 4


def test_areas_without_polygon_never_hold_a_point() -> None:
    index = AreaIndex(["01", "02", "03"], [None, LEFT, shapely.Polygon()])
    assert (index.locate(114.05, 22.55), len(index)) == (1, 3)
    assert index.locate_many([114.05], [22.55]).tolist() == [1]
    assert index.nearest(114.05, 22.55, 10.0) == (1, 0.0)


def test_empty_index_finds_nothing() -> None:
    index = AreaIndex([], [])
    assert index.locate(114, 22) is None
    assert index.locate_many([114.0], [22.0]).tolist() == [-1]
    assert index.in_box(0, 0, 180, 90) == []
    assert index.nearest(114, 22, 1e6) is None


def test_index_of_unequal_lists_is_refused() -> None:
    with pytest.raises(ValueError, match="same length"):
        AreaIndex(["01"], [LEFT, RIGHT])


def test_in_box_lists_touching_areas_in_code_order() -> None:
    assert THREE.in_box(114.09, 22.58, 114.11, 22.59) == [1, 2, 0]
    assert THREE.in_box(114.2, 22.5, 114.3, 22.51) == [2]
    assert THREE.in_box(0, 0, 1, 1) == []


def test_nearest_gives_metres_over_the_ground() -> None:
    found = THREE.nearest(114.21, 22.55, 2000.0)
    assert found is not None
    position, metres = found
    assert position == 2
    assert metres == pytest.approx(metres_between(114.2, 22.55, 114.21, 22.55), rel=1e-3)


def test_nearest_beyond_the_limit_is_none() -> None:
    assert THREE.nearest(114.21, 22.55, 1000.0) is None
    assert THREE.nearest(0.0, 0.0, 1000.0) is None
    # In the box of degrees around the point, but not in the circle.
    assert THREE.nearest(114.2095, 22.4905, 1050.0) is None


def test_nearest_inside_two_areas_is_the_lower_code_at_zero_metres() -> None:
    assert THREE.nearest(114.06, 22.58, 10.0) == (1, 0.0)
