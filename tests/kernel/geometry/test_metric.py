"""kernel/geometry/metric.py: metres and square metres on the ellipsoid against independent figures."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.geometry.metric import (
    area_m2,
    areas_m2,
    buffer_m,
    degree_sizes_m,
    from_local_m,
    length_m,
    metres_between,
    to_local_m,
)

WHOLE_EARTH_M2 = 510_065_621_724_089.0  # surface of the WGS 84 ellipsoid
HALF_MERIDIAN_M = 20_003_931.458  # pole to pole


def test_area_of_the_whole_earth_is_the_published_surface() -> None:
    assert area_m2(shapely.box(-180, -90, 180, 90)) == pytest.approx(WHOLE_EARTH_M2, rel=1e-9)


def test_area_of_a_square_degree_at_the_equator() -> None:
    """12,308.78 km² is the geodesic figure; parallels instead of geodesics differ by 0.003 %."""
    assert area_m2(shapely.box(0, 0, 1, 1)) == pytest.approx(12_308_778_361.0, rel=1e-4)


def test_area_of_a_slanted_province_does_not_depend_on_how_finely_it_is_drawn() -> None:
    """Two corners 8 degrees apart: the edge is straight in degrees, and stays so."""
    coarse = shapely.Polygon([(110, 22), (118, 28), (112, 30)])
    fine = shapely.segmentize(coarse, 0.001)
    assert area_m2(coarse) == pytest.approx(area_m2(fine), rel=1e-5)


def test_area_of_a_hole_is_taken_off() -> None:
    outer, inner = shapely.box(114, 22, 114.1, 22.1), shapely.box(114.02, 22.02, 114.04, 22.04)
    assert area_m2(shapely.difference(outer, inner)) == pytest.approx(area_m2(outer) - area_m2(inner))


def test_areas_of_points_lines_and_nothing_are_zero() -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    assert areas_m2([shapely.Point(1, 1), line, None, shapely.Polygon()]).tolist() == [0, 0, 0, 0]
    assert areas_m2([]).tolist() == []


def test_metres_between_two_survey_points_is_the_published_geodesic() -> None:
    """Flinders Peak to Buninyong, the worked example of the Australian geodetic manual: 54,972.271 m."""
    flinders = (144 + 25 / 60 + 29.52440 / 3600, -(37 + 57 / 60 + 3.72030 / 3600))
    buninyong = (143 + 55 / 60 + 35.38390 / 3600, -(37 + 39 / 60 + 10.15610 / 3600))
    assert metres_between(*flinders, *buninyong) == pytest.approx(54_972.271, abs=0.05)


def test_metres_between_the_poles_is_right_to_half_a_percent() -> None:
    assert metres_between(0.0, -90.0, 0.0, 90.0) == pytest.approx(HALF_MERIDIAN_M, rel=0.005)


def test_metres_between_arrays_and_one_point_broadcasts() -> None:
    metres = metres_between(
        np.array([114.0, 114.001]), np.array([22.5, 22.5]), np.array(114.0), np.array(22.5)
    )
    assert metres.round(1).tolist() == [0.0, 102.9]


@given(st.floats(73, 135), st.floats(3.5, 53.5), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_metres_between_agrees_with_the_local_plane(lon: float, lat: float, dx: float, dy: float) -> None:
    east, north = degree_sizes_m(lat)
    plane = float(np.hypot(dx * east, dy * north))
    assert metres_between(lon, lat, lon + dx, lat + dy) == pytest.approx(plane, rel=1e-3, abs=1e-6)


def test_length_counts_lines_outlines_holes_and_parts() -> None:
    line = shapely.LineString([(114, 22), (114, 22.01), (114.01, 22.01)])
    one = metres_between(114, 22, 114, 22.01) + metres_between(114, 22.01, 114.01, 22.01)
    assert length_m(line) == pytest.approx(one)
    box = shapely.box(114, 22, 114.01, 22.01)
    far = shapely.box(115, 22, 115.01, 22.01)
    assert length_m(shapely.MultiPolygon([box, far])) == pytest.approx(2 * length_m(box))
    holed = shapely.difference(shapely.box(113, 21, 115, 23), box)
    outline = length_m(shapely.box(113, 21, 115, 23))
    assert length_m(holed) == pytest.approx(outline + length_m(box))


def test_local_plane_and_back_is_the_same_place() -> None:
    box = shapely.box(114, 22, 114.01, 22.01)
    assert shapely.equals_exact(from_local_m(to_local_m(box, 114, 22), 114, 22), box, 1e-12)


@pytest.mark.parametrize("lat", [0.0, 22.5, 53.0])
def test_buffer_of_a_point_is_a_circle_of_that_radius_at_every_latitude(lat: float) -> None:
    ring = shapely.get_coordinates(buffer_m(shapely.Point(114, lat), 100.0))
    metres = metres_between(np.full(len(ring), 114.0), np.full(len(ring), lat), ring[:, 0], ring[:, 1])
    assert np.abs(metres - 100).max() < 0.05
