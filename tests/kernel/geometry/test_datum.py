"""kernel/geometry/datum.py: GCJ-02 and BD-09 at the edge, WGS 84 inside (R-GRID-12)."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.geometry.datum import (
    CHINA_BOX,
    check_crs,
    from_wgs84,
    geometry_from_wgs84,
    guess_datum,
    to_wgs84,
    transform_geometry,
)
from gridward.kernel.geometry.metric import metres_between

WEST, SOUTH, EAST, NORTH = CHINA_BOX
LIMIT_DEG = 1e-6
shifted = st.sampled_from(["gcj02", "bd09"])
in_box = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))


def test_from_wgs84_tiananmen_gives_published_values() -> None:
    """The pairs that open implementations print for this point."""
    assert from_wgs84(116.404, 39.915, "gcj02") == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-12
    )
    wgs = to_wgs84(116.404, 39.915, "gcj02")
    assert from_wgs84(*wgs, "bd09") == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


@given(in_box, shifted)
def test_inverse_of_forward_anywhere_in_china_is_the_point(point: tuple[float, float], crs: str) -> None:
    lon, lat = to_wgs84(*from_wgs84(*point, crs), crs)
    assert abs(lon - point[0]) < LIMIT_DEG
    assert abs(lat - point[1]) < LIMIT_DEG


@given(in_box, shifted, st.sampled_from(["west", "south", "east", "north"]), st.floats(0, 0.02))
def test_inverse_of_forward_at_the_rim_of_the_box_is_the_point(
    point: tuple[float, float], crs: str, side: str, depth: float
) -> None:
    """At the rim the image of a point may lie outside the box: the inverse must still find it."""
    lon, lat = point
    rim = {
        "west": (WEST + depth, lat),
        "east": (EAST - depth, lat),
        "south": (lon, SOUTH + depth),
        "north": (lon, NORTH - depth),
    }[side]
    back = to_wgs84(*from_wgs84(*rim, crs), crs)
    assert np.abs(np.subtract(back, rim)).max() < LIMIT_DEG


@given(st.tuples(st.floats(WEST + 0.05, EAST - 0.05), st.floats(SOUTH + 0.05, NORTH - 0.05)), shifted)
def test_forward_of_inverse_inside_the_box_is_the_point(point: tuple[float, float], crs: str) -> None:
    back = from_wgs84(*to_wgs84(*point, crs), crs)
    assert np.abs(np.subtract(back, point)).max() < LIMIT_DEG


def test_inverse_over_all_china_stays_below_the_limit() -> None:
    """A lattice of 0.1 degree, with the meridian 105° where the formula has a root of zero."""
    lon, lat = (a.ravel() for a in np.meshgrid(np.arange(WEST, EAST, 0.1), np.arange(SOUTH, NORTH, 0.1)))
    lon = np.append(lon, np.linspace(104.99, 105.01, 1001))
    lat = np.append(lat, np.linspace(20, 45, 1001))
    for crs in ("gcj02", "bd09"):
        back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
        assert max(np.abs(back[0] - lon).max(), np.abs(back[1] - lat).max()) < LIMIT_DEG


def test_inverse_with_one_pass_too_few_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard fails when it should: a single pass leaves metres."""
    monkeypatch.setattr("gridward.kernel.geometry.datum._PASSES", 1)
    lon, lat = to_wgs84(*from_wgs84(114.06, 22.54, "gcj02"), "gcj02")
    assert max(abs(lon - 114.06), abs(lat - 22.54)) > LIMIT_DEG


def test_shift_in_shenzhen_is_hundreds_of_metres_to_the_south_east() -> None:
    lon, lat = from_wgs84(114.06, 22.54, "gcj02")
    assert (round(lon - 114.06, 4), round(lat - 22.54, 4)) == (0.0051, -0.0027)
    assert round(metres_between(114.06, 22.54, lon, lat)) == 606


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
@pytest.mark.parametrize(
    "point", [(-71.06, 42.36), (2.35, 48.86), (151.2, -33.9), (140.0, 36.0), (71.9, 40.0)]
)
def test_outside_china_is_unchanged(crs: str, point: tuple[float, float]) -> None:
    assert from_wgs84(*point, crs) == point
    assert to_wgs84(*point, crs) == point


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "CGCS2000", " WGS84 "])
def test_wgs84_and_cgcs2000_pass_through(crs: str) -> None:
    assert to_wgs84(114.06, 22.54, crs) == (114.06, 22.54)
    assert from_wgs84(114.06, 22.54, crs) == (114.06, 22.54)


def test_arrays_give_the_same_as_numbers_and_keep_nan() -> None:
    lon, lat = np.array([114.06, np.nan, -71.06]), np.array([22.54, 30.0, 42.36])
    x, y = to_wgs84(lon, lat, "gcj02")
    assert (x[0], y[0]) == to_wgs84(114.06, 22.54, "gcj02")
    assert (x[2], y[2]) == (-71.06, 42.36)
    assert np.isnan(x[1])


def test_unknown_crs_is_refused_with_the_allowed_names() -> None:
    with pytest.raises(BadInput) as caught:
        check_crs("EPSG:2249")
    assert caught.value.code == "GW-GEO-001"
    assert caught.value.sentence("zh").startswith("坐标系“EPSG:2249”不认识。可用：wgs84、cgcs2000、gcj02")


def test_transform_geometry_keeps_shared_corners_shared() -> None:
    cells = np.array([shapely.box(114, 22, 114.1, 22.1), shapely.box(114.1, 22, 114.2, 22.1)])
    moved = transform_geometry(cells, "gcj02")
    assert shapely.coverage_is_valid(moved)
    assert not shapely.equals_exact(cells[0], moved[0], tolerance=1e-3)
    back = geometry_from_wgs84(moved, "gcj02")
    assert shapely.equals_exact(cells, back, tolerance=1e-6).all()


def test_transform_geometry_drops_heights() -> None:
    point = transform_geometry(shapely.Point(114.0, 22.5, 35.0), "gcj02")
    assert not point.has_z


@pytest.mark.parametrize("truth", ["wgs84", "gcj02", "bd09"])
def test_guess_datum_of_areas_names_the_datum_they_are_in(truth: str) -> None:
    reference = [shapely.box(114 + i / 50, 22.5, 114.02 + i / 50, 22.52) for i in range(4)]
    given_areas = [geometry_from_wgs84(g, truth) for g in reference]
    guess = guess_datum(given_areas, reference)
    assert (guess.crs, guess.sure) == (truth, True)
    assert guess.scores[guess.crs] == pytest.approx(1.0, abs=1e-6)


def test_guess_datum_of_children_uses_the_outline_of_the_parent() -> None:
    parent = shapely.box(114, 22.5, 114.08, 22.58)
    children = [
        shapely.box(114 + i / 50, 22.5 + j / 50, 114.02 + i / 50, 22.52 + j / 50)
        for i in range(4)
        for j in range(4)
    ]
    guess = guess_datum([geometry_from_wgs84(g, "gcj02") for g in children], parent)
    assert (guess.crs, guess.sure) == ("gcj02", True)


def test_guess_datum_of_points_counts_those_inside() -> None:
    area = shapely.box(114, 22.5, 114.004, 22.504)
    points = [geometry_from_wgs84(shapely.Point(114.0005 + i * 3e-4, 22.502), "bd09") for i in range(10)]
    guess = guess_datum(points, [area])
    assert (guess.crs, guess.scores) == ("bd09", {"wgs84": 0.0, "gcj02": 0.0, "bd09": 1.0})


def test_guess_datum_outside_china_is_not_sure() -> None:
    wards = [shapely.box(-71.1, 42.3, -71.0, 42.4)]
    guess = guess_datum(wards, wards)
    assert (guess.crs, guess.sure) == ("wgs84", False)


def test_guess_datum_without_references_is_not_sure() -> None:
    guess = guess_datum([shapely.box(114, 22, 115, 23)], [])
    assert (guess.sure, set(guess.scores.values())) == (False, {0.0})
