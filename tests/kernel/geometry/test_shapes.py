"""kernel/geometry/shapes.py: broken geometries get a sentence or, when asked for, a mend that is reported."""

from typing import Any

import pytest
import shapely

from gridward.kernel.geometry.datum import from_wgs84
from gridward.kernel.geometry.shapes import ShapeReader

SQUARE = [[114.0, 22.5], [114.1, 22.5], [114.1, 22.6], [114.0, 22.6], [114.0, 22.5]]
BOW_TIE = [[114.0, 22.5], [114.2, 22.7], [114.2, 22.5], [114.0, 22.7], [114.0, 22.5]]


def polygon(*rings: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def read(raw: Any, **options: Any) -> tuple[Any, list[str], list[str]]:
    """Shape, codes of problems, codes of mends."""
    reader = ShapeReader(7, **options)
    shape = reader.read(raw)
    return shape, [p.code for p in reader.problems], [m.message.code for m in reader.mends]


def only_problem(raw: Any, **options: Any) -> Any:
    reader = ShapeReader(7, **options)
    assert reader.read(raw) is None
    assert len(reader.problems) == 1
    assert (reader.problems[0].field, reader.problems[0].values["number"]) == ("geometry", 7)
    return reader.problems[0]


def test_clean_polygon_is_read_as_it_is() -> None:
    shape, problems, mends = read(polygon(SQUARE))
    assert (problems, mends) == ([], [])
    assert shape.equals(shapely.box(114.0, 22.5, 114.1, 22.6))


def test_multipolygon_with_hole_is_read() -> None:
    hole = [[114.02, 22.52], [114.04, 22.52], [114.04, 22.54], [114.02, 22.54], [114.02, 22.52]]
    far = [[x + 1, y] for x, y in SQUARE]
    shape, problems, _ = read({"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [far]]})
    assert problems == []
    assert (len(shape.geoms), len(shape.geoms[0].interiors)) == (2, 1)


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Point", [114.0, 22.5]),
        ("MultiPoint", [[114.0, 22.5], [114.1, 22.5]]),
        ("LineString", [[114.0, 22.5], [114.1, 22.5]]),
        ("MultiLineString", [[[114.0, 22.5], [114.1, 22.5]], [[115.0, 22.5], [115.1, 22.5]]]),
    ],
)
def test_points_and_lines_are_read_only_where_allowed(kind: str, coordinates: list[Any]) -> None:
    """R-GRID-13: road sections and doors have no polygon."""
    raw = {"type": kind, "coordinates": coordinates}
    shape, problems, _ = read(raw, allowed=(kind,))
    assert (shape.geom_type, problems) == (kind, [])
    error = only_problem(raw)
    assert (error.code, error.values["found"], error.values["allowed"]) == (
        "GW-GEO-021",
        kind,
        "Polygon, MultiPolygon",
    )


@pytest.mark.parametrize(
    "raw", [None, {}, {"type": "Polygon"}, {"type": "Polygon", "coordinates": []}, "text", 3]
)
def test_missing_geometry_is_said_to_be_missing(raw: Any) -> None:
    assert only_problem(raw).code == "GW-GEO-020"


@pytest.mark.parametrize("kind", ["GeometryCollection", "Circle", ["Polygon"]])
def test_unknown_types_are_named(kind: Any) -> None:
    error = only_problem({"type": kind, "geometries": []})
    assert (error.code, error.values["found"]) == ("GW-GEO-021", str(kind))


@pytest.mark.parametrize(
    ("coordinates", "place"),
    [
        ([[["114.0", "22.5"], *SQUARE]], "coordinates[0]"),
        ([[[True, 22.5], *SQUARE]], "coordinates[0]"),
        ([SQUARE, [[114.0], *SQUARE]], "coordinates[1]"),
        ([SQUARE, None], "coordinates[1]"),
        ([[None, *SQUARE]], "coordinates[0]"),
        ([SQUARE, "x"], "coordinates[1]"),
        ([[[114.0, 10**400], *SQUARE]], "coordinates[0]"),
        ([[[114.0, 22.5, 0, 0, 0], *SQUARE]], "coordinates[0]"),
        (SQUARE, "coordinates[0]"),
        ("114 22", "coordinates"),
        (5, "coordinates"),
    ],
)
def test_malformed_coordinates_name_the_place(coordinates: Any, place: str) -> None:
    reader = ShapeReader(7)
    assert reader.read({"type": "Polygon", "coordinates": coordinates}) is None
    assert (reader.problems[0].code, reader.problems[0].values["place"]) == ("GW-GEO-022", place)


def test_malformed_parts_of_a_multipolygon_name_the_part() -> None:
    error = only_problem({"type": "MultiPolygon", "coordinates": [[SQUARE], [[["a", "b"]]]]})
    assert (error.code, error.values["place"]) == ("GW-GEO-022", "coordinates[1][0]")
    assert only_problem({"type": "MultiPolygon", "coordinates": 5}).code == "GW-GEO-022"
    assert only_problem({"type": "MultiPolygon", "coordinates": [5]}).code == "GW-GEO-022"


def test_problems_of_all_rings_are_found_in_one_run() -> None:
    open_ring, nan_ring = SQUARE[:-1], [[float("nan"), 22.5], *SQUARE[1:]]
    _, problems, _ = read(polygon(open_ring, nan_ring, [["a", "b"]]))
    assert problems == ["GW-GEO-027", "GW-GEO-023", "GW-GEO-022"]


def test_nan_and_infinity_are_counted() -> None:
    error = only_problem(polygon([[float("nan"), float("inf")], *SQUARE]))
    assert (error.code, error.values["count"]) == ("GW-GEO-023", 2)


def test_unclosed_ring_is_a_problem_and_closed_on_repair() -> None:
    error = only_problem(polygon(SQUARE[:-1]))
    assert (error.code, error.values["x"], error.values["y"]) == ("GW-GEO-027", 114.0, 22.5)
    shape, problems, mends = read(polygon(SQUARE[:-1]), repair=True)
    assert (problems, mends) == ([], ["GW-GEO-050"])
    assert shape.equals(shapely.box(114.0, 22.5, 114.1, 22.6))


@pytest.mark.parametrize(
    ("ring", "count"), [([], 0), (SQUARE[:1], 1), ([SQUARE[0], SQUARE[1], SQUARE[0]], 3)]
)
def test_ring_of_too_few_points_is_refused(ring: list[Any], count: int) -> None:
    error = only_problem(polygon(ring))
    assert (error.code, error.values["count"]) == ("GW-GEO-028", count)


def test_line_of_one_point_is_refused() -> None:
    assert (
        only_problem({"type": "LineString", "coordinates": [[114, 22]]}, allowed=("LineString",)).code
        == "GW-GEO-028"
    )
    assert (
        only_problem({"type": "LineString", "coordinates": [["a", 22]]}, allowed=("LineString",)).code
        == "GW-GEO-022"
    )
    assert only_problem({"type": "Point", "coordinates": ["a", 22]}, allowed=("Point",)).code == "GW-GEO-022"


def test_self_crossing_is_reported_with_its_place() -> None:
    error = only_problem(polygon(BOW_TIE))
    assert error.code == "GW-GEO-029"
    assert (error.values["lon"], error.values["lat"], error.values["reason"]) == (
        114.1,
        22.6,
        "Self-intersection",
    )
    assert error.sentence("zh").startswith("第 7 个要素的边界在（114.1, 22.6）处自交或重叠")


def test_self_crossing_place_is_told_in_the_datum_of_the_file() -> None:
    """A person looks for the place in the tool that drew the file."""
    shifted = [list(from_wgs84(x, y, "gcj02")) for x, y in BOW_TIE]
    error = only_problem(polygon(shifted), crs="gcj02")
    assert (error.values["lon"], error.values["lat"]) == pytest.approx(
        from_wgs84(114.1, 22.6, "gcj02"), abs=2e-5
    )


def test_self_crossing_is_mended_on_repair_and_the_mend_is_told() -> None:
    reader = ShapeReader(7, repair=True)
    shape = reader.read(polygon(BOW_TIE))
    assert shape is not None
    assert (shape.geom_type, len(shape.geoms), shape.is_valid) == ("MultiPolygon", 2, True)
    assert [m.repaired for m in reader.mends] == [True]
    assert reader.mends[0].values["parts"] == 2
    assert (
        reader.mends[0].sentence("en").startswith("Feature 7: mended the crossing at (114.1, 22.6); 2 parts,")
    )
    assert (
        reader.mends[0].sentence("zh").startswith("第 7 个要素：修复（114.1, 22.6）处的自交，现为 2 个面，")
    )


def test_overlapping_parts_are_joined_on_repair_not_cut_out() -> None:
    shifted = [[x + 0.05, y] for x, y in SQUARE]
    shape, problems, _ = read({"type": "MultiPolygon", "coordinates": [[SQUARE], [shifted]]}, repair=True)
    assert problems == []
    assert shapely.area(shapely.symmetric_difference(shape, shapely.box(114.0, 22.5, 114.15, 22.6))) < 1e-12


def test_repair_keeps_only_polygonal_parts() -> None:
    """A square with a spike: the spike is a line and falls away."""
    spike = [*SQUARE[:2], [114.3, 22.5], [114.1, 22.5], *SQUARE[2:]]
    shape, problems, mends = read(polygon(spike), repair=True)
    assert (problems, mends, shape.geom_type) == ([], ["GW-GEO-053"], "Polygon")
    assert shape.equals(shapely.box(114.0, 22.5, 114.1, 22.6))


@pytest.mark.parametrize("repair", [False, True])
def test_shape_without_area_cannot_be_repaired(repair: bool) -> None:
    flat = [[114.0, 22.5], [114.1, 22.5], [114.2, 22.5], [114.0, 22.5]]
    assert only_problem(polygon(flat), repair=repair).code == "GW-GEO-030"
    error = only_problem(polygon([[114.0, 22.5]] * 5), repair=repair)
    assert (error.code, error.values["count"]) == ("GW-GEO-028", 1)


def test_repeated_points_are_removed_and_told() -> None:
    ring = [SQUARE[0], SQUARE[0], *SQUARE[1:3], SQUARE[2], *SQUARE[3:]]
    shape, problems, mends = read(polygon(ring))
    assert (problems, mends) == ([], ["GW-GEO-051"])
    assert shapely.get_num_coordinates(shape) == 5


def test_heights_are_dropped_and_told() -> None:
    reader = ShapeReader(7)
    shape = reader.read(polygon([[x, y, 12.5] for x, y in SQUARE]))
    assert shape is not None
    assert not shape.has_z
    assert [(m.message.code, m.repaired) for m in reader.mends] == [("GW-GEO-052", False)]


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ([775_000.5, 2_950_000.2], "GW-GEO-024"),  # EPSG:2249, feet
        ([38_500_000.0, 2_500_000.0], "GW-GEO-024"),  # EPSG:4526, metres with zone number
        ([22.5, 114.0], "GW-GEO-025"),  # Shenzhen, latitude first
        ([42.3, -71.0], "GW-GEO-025"),  # Boston, latitude first
        ([43.8, 87.6], "GW-GEO-025"),  # Urumqi, latitude first
        ([200.0, 22.5], "GW-GEO-026"),
        ([114.0, 200.0], "GW-GEO-026"),
    ],
)
def test_wrong_numbers_are_told_apart(point: list[float], code: str) -> None:
    """Projected, swapped or simply out of range: three mistakes, three sentences."""
    raw = polygon([[point[0] + dx, point[1] + dy] for dx, dy in ((0, 0), (0.01, 0), (0, 0.01), (0, 0))])
    assert only_problem(raw).code == code


@pytest.mark.parametrize(
    "point", [[114.0, 22.5], [-71.06, 42.3], [87.6, 43.8], [151.2, -33.9], [25.7, 66.5], [-68, -54]]
)
def test_real_places_are_not_suspected(point: list[float]) -> None:
    raw = polygon([[point[0] + dx, point[1] + dy] for dx, dy in ((0, 0), (0.01, 0), (0, 0.01), (0, 0))])
    shape, problems, _ = read(raw)
    assert (shape is not None, problems) == (True, [])


def test_territory_decides_swapped_and_foreign_places() -> None:
    within = (113.7, 22.4, 114.7, 22.9)
    assert read(polygon(SQUARE), within=within)[1] == []
    turned = [[y, x] for x, y in SQUARE]
    # Latitude first is out of range here; in the arctic square below it is not, and only the territory knows.
    assert only_problem(polygon(turned), within=within).code == "GW-GEO-025"
    far = [[x + 10, y] for x, y in SQUARE]
    error = only_problem(polygon(far), within=within)
    assert (error.code, error.values["box"]) == ("GW-GEO-033", within)
    island = [[15.6 + dx, 78.2 + dy] for dx, dy in ((0, 0), (0.01, 0), (0, 0.01), (0, 0))]
    assert only_problem(polygon(island)).code == "GW-GEO-025"
    assert read(polygon(island), within=(15.0, 78.0, 16.0, 79.0))[1] == []
    assert (
        only_problem(polygon([[y, x] for x, y in island]), within=(15.0, 78.0, 16.0, 79.0)).code
        == "GW-GEO-025"
    )
