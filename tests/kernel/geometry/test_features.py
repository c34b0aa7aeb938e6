"""kernel/geometry/features.py: GeoJSON in and out (R-GRID-12), all problems in one run, the rest kept."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput, ManyProblems
from gridward.kernel.geometry.datum import geometry_from_wgs84
from gridward.kernel.geometry.features import Feature, read_features, write_features

MINI = Path(__file__).parent / "mini"
SQUARE = shapely.box(114.0, 22.5, 114.1, 22.6)


def collection(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def good(**properties: Any) -> dict[str, Any]:
    return feature(json.loads(shapely.to_geojson(SQUARE)), **properties)


def refusal(data: bytes, **options: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_features(data, **options)
    return caught.value


def test_features_are_numbered_from_one_and_keep_their_properties() -> None:
    found = read_features(gzip.compress(collection(good(code="01", name="六联"), good(code="02"))))
    assert [(f.number, f.properties) for f in found.features] == [
        (1, {"code": "01", "name": "六联"}),
        (2, {"code": "02"}),
    ]
    assert (found.problems, found.mends, found.repaired) == ([], [], 0)


def test_feature_without_properties_has_an_empty_mapping() -> None:
    raw = {"type": "Feature", "properties": None, "geometry": good()["geometry"]}
    assert read_features(collection(raw)).features == [Feature(1, {}, SQUARE)]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ([], "a list"),
        ("text", "a text"),
        (None, "null"),
        (True, "true/false"),
        (5, "a number"),
        ({}, "an object without type"),
        ({"type": "Feature"}, "type 'Feature'"),
        ({"type": "Topology"}, "type 'Topology'"),
        ({"type": "FeatureCollection"}, "FeatureCollection without a list of features"),
        ({"type": "FeatureCollection", "features": {}}, "FeatureCollection without a list of features"),
    ],
)
def test_other_json_is_refused_with_a_sample(document: Any, found: str) -> None:
    error = refusal(json.dumps(document).encode())
    assert (error.code, error.values["found"]) == ("GW-GEO-013", found)
    assert '{"type": "FeatureCollection", "features": [ … ]}' in error.sentence("en")


def test_collection_without_features_is_refused() -> None:
    assert refusal(collection()).code == "GW-GEO-014"


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::2249", "EPSG:3857", "EPSG:4547"])
def test_declared_projection_is_refused(name: str) -> None:
    error = refusal(collection(good(), crs={"type": "name", "properties": {"name": name}}))
    assert (error.code, error.values["found"]) == ("GW-GEO-015", name)


@pytest.mark.parametrize("crs", [5, [], {"type": "link"}, {"properties": []}])
def test_declared_nonsense_is_refused(crs: Any) -> None:
    assert refusal(collection(good(), crs=crs)).code == "GW-GEO-015"


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4490"])
def test_declared_degrees_are_accepted(name: str) -> None:
    data = collection(good(), crs={"type": "name", "properties": {"name": name}})
    assert len(read_features(data).features) == 1


def test_unknown_datum_is_refused() -> None:
    assert refusal(collection(good()), crs="epsg:2249").code == "GW-GEO-001"


def test_all_problems_are_told_in_one_run_and_the_rest_is_kept() -> None:
    data = collection(
        good(code="01"),
        5,
        {"type": "Feature", "properties": [], "geometry": None},
        feature({"type": "Point", "coordinates": [114, 22]}),
        good(code="05"),
    )
    found = read_features(data)
    assert [f.properties["code"] for f in found.features] == ["01", "05"]
    assert [(p.values["number"], p.code) for p in found.problems] == [
        (2, "GW-GEO-031"),
        (3, "GW-GEO-032"),
        (3, "GW-GEO-020"),
        (4, "GW-GEO-021"),
    ]


def test_all_or_nothing_raises_every_problem_at_once() -> None:
    with pytest.raises(ManyProblems) as caught:
        read_features(collection(good(), 5, None)).all_or_nothing()
    assert [p.code for p in caught.value.problems] == ["GW-GEO-031", "GW-GEO-031"]
    assert caught.value.sentence("zh") == "文件里有 2 处问题，先改正下列各处再导入。"
    assert len(read_features(collection(good())).all_or_nothing()) == 1


def test_file_in_gcj02_comes_out_in_wgs84() -> None:
    shifted = json.loads(shapely.to_geojson(geometry_from_wgs84(SQUARE, "gcj02")))
    found = read_features(collection(feature(shifted)), crs="gcj02")
    assert shapely.equals_exact(found.features[0].geometry, SQUARE, tolerance=1e-6)


def test_miniature_names_each_kind_of_dirt() -> None:
    """Own data: five clean blocks and one of each mistake, in the order of the file."""
    found = read_features((MINI / "dirty.geojson").read_bytes())
    assert [f.properties["code"] for f in found.features] == ["0101", "0102", "0103", "0201", "0115"]
    assert [(p.values["number"], p.code) for p in found.problems] == [
        (6, "GW-GEO-029"),
        (7, "GW-GEO-027"),
        (8, "GW-GEO-020"),
        (9, "GW-GEO-021"),
        (10, "GW-GEO-024"),
        (11, "GW-GEO-025"),
        (12, "GW-GEO-023"),
        (13, "GW-GEO-030"),
    ]


def test_miniature_with_repair_keeps_two_more() -> None:
    found = read_features((MINI / "dirty.geojson").read_bytes(), repair=True)
    assert [f.properties["code"] for f in found.features][5:] == ["0202", "0203"]
    assert (found.repaired, len(found.problems)) == (2, 6)


def test_every_problem_says_what_where_and_what_to_do_in_two_languages() -> None:
    found = read_features((MINI / "dirty.geojson").read_bytes())
    for problem in found.problems:
        for language in ("zh", "en"):
            sentence = problem.sentence(language)
            assert str(problem.values["number"]) in sentence
            assert "{" not in sentence


numbers = st.integers(-200, 200) | st.floats() | st.sampled_from([114.0, 22.5, 114.1, 22.6, 10**400, 1e308])
positions = st.lists(numbers, max_size=4) | st.none() | st.booleans()
junk = st.recursive(positions | st.text(max_size=3), lambda inner: st.lists(inner, max_size=6), max_leaves=40)
kinds = st.sampled_from(
    ["Polygon", "MultiPolygon", "Point", "MultiPoint", "LineString", "MultiLineString", 5, None]
)


@given(kinds, junk, st.booleans(), st.sampled_from(["wgs84", "gcj02", "bd09"]))
def test_any_junk_is_a_valid_shape_or_a_told_problem(
    kind: Any, coordinates: Any, repair: bool, crs: str
) -> None:
    """Nothing a file holds may crash the import, and nothing invalid may come out of it."""
    data = json.dumps(
        {"type": "FeatureCollection", "features": [feature({"type": kind, "coordinates": coordinates})]}
    )
    allowed = ("Polygon", "MultiPolygon", "Point", "MultiPoint", "LineString", "MultiLineString")
    found = read_features(data.encode(), repair=repair, crs=crs, allowed=allowed)
    assert bool(found.features) != bool(found.problems)
    assert all(f.geometry.is_valid and not f.geometry.is_empty for f in found.features)
    assert all("{" not in p.sentence("zh") + p.sentence("en") or "{" in str(p.values) for p in found.problems)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=9),
    st.sampled_from(["wgs84", "gcj02", "bd09"]),
)
def test_any_scribbled_ring_is_mended_into_a_valid_polygon_or_has_no_area(
    corners: list[tuple[int, int]], crs: str
) -> None:
    ring = [[114 + x / 100, 22.5 + y / 100] for x, y in [*corners, corners[0]]]
    found = read_features(
        collection(feature({"type": "Polygon", "coordinates": [ring]})), repair=True, crs=crs
    )
    assert [p.code for p in found.problems if p.code not in ("GW-GEO-028", "GW-GEO-030")] == []
    for read in found.features:
        assert read.geometry.is_valid
        assert read.geometry.geom_type in ("Polygon", "MultiPolygon")
        assert read.geometry.area > 0


@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_refused_with_a_sentence(data: bytes, compressed: bool) -> None:
    error = refusal(gzip.compress(data) if compressed else data)
    assert error.code.startswith("GW-GEO-01")


def test_written_features_read_back_the_same() -> None:
    data = write_features([({"code": "01", "name": "六联"}, SQUARE), ({"code": "02"}, None)])
    document = json.loads(data)
    assert [f["properties"] for f in document["features"]] == [{"code": "01", "name": "六联"}, {"code": "02"}]
    assert document["features"][1]["geometry"] is None
    assert "六联" in data.decode()
    assert read_features(data).features[0].geometry.equals(SQUARE)


def test_written_empty_collection_is_a_collection() -> None:
    assert json.loads(write_features([])) == {"type": "FeatureCollection", "features": []}


def test_written_coordinates_are_rounded_flat_and_counter_clockwise() -> None:
    ring = [(114.123456789, 22.5, 9), (114.123456789, 22.6, 9), (114.2, 22.6, 9), (114.123456789, 22.5, 9)]
    document = json.loads(write_features([({}, shapely.Polygon(ring))]))
    written = document["features"][0]["geometry"]["coordinates"][0]
    assert sorted(written)[0] == [114.1234568, 22.5]
    assert shapely.is_ccw(shapely.linearrings(written))
    coarse = json.loads(write_features([({}, shapely.Polygon(ring))], decimals=3))
    assert coarse["features"][0]["geometry"]["coordinates"][0][0] == [114.123, 22.5]


@given(
    st.lists(st.tuples(st.floats(73, 135), st.floats(18, 53), st.floats(0.001, 0.5)), min_size=1, max_size=5)
)
def test_write_then_read_moves_nothing_by_more_than_a_centimetre(
    cells: list[tuple[float, float, float]],
) -> None:
    shapes = [shapely.box(x, y, x + w, y + w) for x, y, w in cells]
    back = read_features(write_features(({"n": i}, s) for i, s in enumerate(shapes)))
    assert [f.properties["n"] for f in back.features] == list(range(len(shapes)))
    assert all(
        shapely.hausdorff_distance(f.geometry, s) < 1e-7 for f, s in zip(back.features, shapes, strict=True)
    )
