"""Coverage of what is in force, maps, and files of points."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from gridward.grids import models, queries
from gridward.kernel.errors import BadInput, Missing
from tests.grids.makers import DAY, by_code, load, middle, square, town

pytestmark = pytest.mark.django_db


def figures() -> list[dict[str, Any]]:
    return queries.coverage_figures("town", on=DAY)


def test_clean_division_is_in_order() -> None:
    """R-GRID-04: 不重复、不遗漏."""
    town()
    street, grid = figures()
    assert (street["level"], street["areas"], street["drawn"], street["ok"]) == ("street", 2, 2, True)
    assert (grid["level"], grid["areas"], grid["overlaps"], grid["ok"]) == (
        "grid",
        8,
        {"pairs": 0, "max_m2": 0.0},
        True,
    )
    assert grid["m2"] == pytest.approx(street["m2"], rel=1e-4)
    assert queries.coverage_report(on=DAY)["ok"] is True


def test_overlap_planted_behind_the_back_is_found() -> None:
    """The guard is shown failing once."""
    town()
    wkb = shapely.to_wkb(square(0, 1, 1.5, 1))
    models.Shape.objects.filter(area_id=by_code("0101").id).update(wkb=wkb)
    report = queries.coverage_report(on=DAY)
    assert report["ok"] is False
    assert [(row["scheme"], row["level"]) for row in report["levels"] if not row["ok"]] == [("town", "grid")]
    assert report["levels"][1]["overlaps"]["pairs"] == 1


def test_accepted_slivers_stay_in_order() -> None:
    load([("01", square(0, 0)), ("02", square(0.999, 0))], accept_slivers_m2=2000.0)
    (street,) = figures()
    assert (street["overlaps"]["pairs"], street["accepted"], street["ok"]) == (1, 1, True)


def test_area_planted_outside_its_parent_is_listed() -> None:
    """R-GRID-02."""
    town()
    models.Shape.objects.filter(area_id=by_code("0101").id).update(wkb=shapely.to_wkb(square(7, 7)))
    assert figures()[1]["outside_parent"] == ["0101"]


def test_map_has_each_area_with_id_code_name_and_level() -> None:
    """R-GRID-03."""
    town()
    found = json.loads(queries.areas_geojson("town", 2, on=DAY))
    assert [f["properties"]["code"] for f in found["features"]] == [
        f"0{s}0{n}" for s in (1, 2) for n in range(1, 5)
    ]
    assert found["features"][0]["properties"] == {
        "id": str(by_code("0101").id), "code": "0101", "name": "区0101", "level": "grid",
    }  # fmt: skip


def test_simplified_map_has_fewer_corners_and_no_lost_area(django_assert_num_queries: Any) -> None:
    wavy = shapely.segmentize(square(0, 0, 10, 10), 0.0001)
    load([("01", wavy), ("02", square(20, 0, 0.001, 0.001))])
    stamp = queries.stamp()
    full = json.loads(queries.areas_geojson("town", 1, on=DAY, simplified=False))
    thin = json.loads(queries.areas_geojson("town", 1, on=DAY, stamp=stamp))
    corners = [[len(f["geometry"]["coordinates"][0]) for f in found["features"]] for found in (full, thin)]
    assert corners[0][0] > 1000
    assert corners[1][0] == 5
    assert len(corners[1]) == 2
    with django_assert_num_queries(0):
        queries.areas_geojson("town", 1, on=DAY, stamp=stamp)


def test_area_without_polygon_is_in_the_tree_and_not_on_the_map() -> None:
    """R-GRID-13."""
    load([("01", square(0, 0))])
    load(b"code,name\n01a,a\n", level="road", parent_level="street", parent_code_prefix=2, file_name="r.csv")
    assert json.loads(queries.areas_geojson("town", 2, on=DAY))["features"] == []
    assert [ref.code for ref in queries.children(by_code("01").id, on=DAY)] == ["01a"]


def test_unknown_scheme_level_or_area_is_named() -> None:
    town()
    with pytest.raises(Missing) as scheme:
        queries.scheme("nowhere")
    assert scheme.value.sentence("en") == "There is no scheme “nowhere”. Known: town."
    with pytest.raises(Missing) as level:
        queries.level_rank("town", "block")
    assert level.value.sentence("en") == "The scheme “town” has no level “block”. Known: street、grid."


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def locate(source: Path, out: Path, **more: Any) -> dict[str, Any]:
    given = {"lon_field": "lon", "lat_field": "lat", "scheme": "town", "rank": 2, "on": DAY, **more}
    return queries.locate_file(source=source, out=out, **given)


def test_file_of_points_gets_the_code_of_each(tmp_path: Path) -> None:
    """R-GRID-12."""
    town()
    a, b = middle(0, 1), middle(9, 9)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        f"id,地址,lon,lat\n1,“甲, 乙”,{a[0]},{a[1]}\n2,,{b[0]},{b[1]}\n3,=1+1,,\n4,x,abc,30\n",
        encoding="gb18030",
    )
    source.write_bytes(
        source.read_bytes().replace("“甲, 乙”".encode("gb18030"), '"甲, 乙"'.encode("gb18030"))
    )
    assert locate(source, out) == {"rows": 4, "located": 1, "nowhere": 1, "no_point": 2, "rejected": []}
    rows = rows_of(out)
    assert list(rows[0]) == ["id", "地址", "lon", "lat", "area_code"]
    assert [row["area_code"] for row in rows] == ["0101", "", "", ""]
    assert [row["地址"] for row in rows] == ["甲, 乙", "", "'=1+1", "x"]


def test_file_without_the_column_is_refused(tmp_path: Path) -> None:
    town()
    source = tmp_path / "in.csv"
    source.write_text("id,x,y\n1,114,30\n")
    with pytest.raises(BadInput) as caught:
        locate(source, tmp_path / "out.csv")
    assert caught.value.code == "GW-TABLE-025"


def test_file_without_a_rank_falls_up(tmp_path: Path) -> None:
    load([("01", square(0, 0, 2, 2))])
    load([("0101", square(0, 0))], level="grid", parent_level="street", parent_code_prefix=2)
    a, b = middle(0, 0), middle(1, 1)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"lon,lat\n{a[0]},{a[1]}\n{b[0]},{b[1]}\n")
    locate(source, out, rank=None)
    assert [row["area_code"] for row in rows_of(out)] == ["0101", "01"]
    locate(source, out)
    assert [row["area_code"] for row in rows_of(out)] == ["0101", ""]
