"""kernel/geometry/mending.py: any scribble becomes a valid shape on the same ground, or has no area."""

import random

import pytest
import shapely

from gridward.kernel.geometry import mending
from gridward.kernel.geometry.mending import mended


def ring(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(114 + x / 100, 22.5 + y / 100) for x, y in corners])


# Found by search: the library's own repair of these is invalid or raises.
STUBBORN = [
    [(1, 2), (4, 2), (1, 2), (3, 3), (6, 6), (0, 0), (1, 2)],
    [(6, 6), (0, 5), (2, 6), (3, 5), (0, 2), (0, 4), (2, 4)],
    [(0, 0), (3, 6), (4, 5), (2, 4), (0, 1), (3, 4)],
    [(3, 3), (5, 4), (6, 6), (1, 1), (1, 4), (0, 1)],
]


@pytest.mark.parametrize("corners", STUBBORN)
def test_scribble_that_defeats_the_library_is_rebuilt(corners: list[tuple[int, int]]) -> None:
    shape = mended(ring(*corners))
    assert shape.is_valid
    assert shape.geom_type in ("Polygon", "MultiPolygon")
    assert shapely.area(shapely.difference(shape, shapely.convex_hull(ring(*corners)))) < 1e-10


def test_rebuilding_and_repairing_give_the_same_ground() -> None:
    rng = random.Random(11)
    for _ in range(300):
        shape = ring(*[(rng.randint(0, 6), rng.randint(0, 6)) for _ in range(rng.randint(3, 6))])
        usual, rebuilt = mended(shape), mending._rebuilt(shape)
        if usual is None or rebuilt is None:
            assert (usual is None) == (rebuilt is None)
            continue
        # Ground that the line runs round twice counts for the usual way and not for the even-odd rebuilding.
        assert shapely.area(shapely.difference(rebuilt, usual)) < 1e-10


def test_ground_covered_by_two_parts_is_kept_by_rebuilding() -> None:
    parts = shapely.MultiPolygon([shapely.box(114, 22, 114.2, 22.1), shapely.box(114.1, 22, 114.3, 22.1)])
    assert mending._rebuilt(parts).normalize().equals(shapely.box(114, 22, 114.3, 22.1))


@pytest.mark.parametrize("corners", [[(0, 0), (1, 1), (2, 2)], [(0, 0), (1, 0), (0, 0), (1, 0)]])
def test_line_or_point_has_no_ground(corners: list[tuple[int, int]]) -> None:
    assert mended(ring(*corners)) is None
    assert mending._rebuilt(ring(*corners)) is None
