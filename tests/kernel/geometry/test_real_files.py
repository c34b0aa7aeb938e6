"""The geometry folder on real files (issue A, "Must hold", first bullet); skipped where they are absent."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from gridward.kernel.geometry import (
    AreaIndex,
    Feature,
    area_m2,
    check_coverage,
    guess_datum,
    iou,
    outside_parent,
    read_features,
    repair_coverage,
    share_inside,
    simplify_coverage,
    transform_geometry,
)

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def geo(shared_data: Path) -> Any:
    """Reads a file of ../shared/data/geo with repair."""

    def read(name: str) -> list[Feature]:
        return read_features((shared_data / "geo" / f"{name}.geojson.gz").read_bytes(), repair=True).features

    return read


@pytest.fixture(scope="module")
def wards(geo: Any) -> dict[str, Any]:
    return {f"{f.properties['WARD']:02d}": f.geometry for f in geo("us_boston_wards")}


@pytest.fixture(scope="module")
def precincts(geo: Any) -> dict[str, Any]:
    return {f.properties["WARD_PRECINCT"]: f.geometry for f in geo("us_boston_precincts")}


@pytest.mark.parametrize(
    ("name", "kept", "with_repair", "repaired"),
    [
        ("us_boston_wards", 19, 22, 3),
        ("us_boston_precincts", 253, 255, 2),
        ("us_boston_neighborhoods", 19, 26, 7),
        ("us_chicago_community_areas", 77, 77, 0),
        ("tw_taipei_newtaipei_villages", 1009, 1009, 0),
        ("cn_counties_simplified", 2890, 2891, 1),
    ],
)
def test_real_files_are_read_and_repair_keeps_every_area(
    shared_data: Path, name: str, kept: int, with_repair: int, repaired: int
) -> None:
    """The seven lines of the county file (境界线) are told and left out."""
    data = (shared_data / "geo" / f"{name}.geojson.gz").read_bytes()
    plain, mended = read_features(data), read_features(data, repair=True)
    assert (len(plain.features), len(mended.features), mended.repaired) == (kept, with_repair, repaired)
    assert len(mended.problems) == (7 if name == "cn_counties_simplified" else 0)


def test_square_metres_agree_with_the_official_figures_of_the_wards(geo: Any) -> None:
    """The file carries the surveyed area in square feet of the state plane (scale factor within 0.01 %)."""
    for feature in geo("us_boston_wards"):
        official = feature.properties["SHAPESTArea"] * 0.3048006096**2
        assert area_m2(feature.geometry) == pytest.approx(official, rel=2e-4)


def test_exactly_precinct_0115_lies_outside_its_ward(
    wards: dict[str, Any], precincts: dict[str, Any]
) -> None:
    assert [c for c, g in precincts.items() if outside_parent(g, wards[c[:2]])] == ["0115"]


def test_boston_slivers_are_listed_and_repaired(wards: dict[str, Any], precincts: dict[str, Any]) -> None:
    codes = sorted(precincts)
    report = check_coverage(codes, [precincts[c] for c in codes])
    assert (len(report.overlaps), round(report.max_overlap_m2)) == (56, 949)
    assert (report.valid, report.valid_within(10_000)) == (False, True)
    repair = repair_coverage([precincts[c] for c in codes])
    after = check_coverage(codes, repair.geoms)
    assert (after.overlaps, repair.vanished, round(repair.max_moved_m2)) == ([], [], 949)
    assert len(check_coverage(sorted(wards), [wards[c] for c in sorted(wards)]).overlaps) == 12


def test_taiwan_villages_lie_in_their_towns_without_overlap(geo: Any) -> None:
    towns = {f.properties["TOWNCODE"]: f.geometry for f in geo("tw_taipei_newtaipei_towns")}
    villages = geo("tw_taipei_newtaipei_villages")
    assert [v for v in villages if outside_parent(v.geometry, towns[v.properties["TOWNCODE"]])] == []
    assert min(share_inside(v.geometry, towns[v.properties["TOWNCODE"]]) for v in villages) > 0.9999
    codes = [v.properties["VILLCODE"] for v in villages]
    assert check_coverage(codes, [v.geometry for v in villages]).overlaps == []
    simple = simplify_coverage([v.geometry for v in villages], 0.0005)
    assert shapely.coverage_is_valid(simple)


def test_shenzhen_districts_fit_better_after_conversion_from_gcj02(geo: Any) -> None:
    known = {f.properties["gb"]: f.geometry for f in geo("cn_counties_simplified")}
    districts = geo("cn_shenzhen_districts_hires")
    references = [known["156" + d.properties["adcode"]] for d in districts]
    before = [iou(d.geometry, r) for d, r in zip(districts, references, strict=True)]
    after = [
        iou(transform_geometry(d.geometry, "gcj02"), r) for d, r in zip(districts, references, strict=True)
    ]
    assert [a > b for a, b in zip(after, before, strict=True)] == [True] * 9
    assert float(np.mean(after)) >= 0.88
    guess = guess_datum([d.geometry for d in districts], references)
    assert (guess.crs, guess.sure) == ("gcj02", True)


def agreement(index: AreaIndex, rows: dict[str, Any], known: list[str | None]) -> float:
    """Share of rows whose located code equals the recorded one; rows without a record are left out."""
    found = index.locate_many(rows["longitude"], rows["latitude"])
    codes = [index.codes[i] if i >= 0 else "" for i in found]
    pairs = [(c, k) for c, k in zip(codes, known, strict=True) if k]
    return sum(c == k for c, k in pairs) / len(pairs)


def test_located_ward_and_precinct_agree_with_the_recorded_ones(
    shared_data: Path, wards: dict[str, Any], precincts: dict[str, Any]
) -> None:
    table = pq.read_table(
        shared_data / "cases" / "us_boston_311_2011H2.parquet",
        columns=["longitude", "latitude", "ward", "precinct"],
    )
    rows = {name: table[name].to_numpy() for name in ("longitude", "latitude")}
    default = (rows["longitude"].round(4) == -71.0587) & (rows["latitude"].round(4) == 42.3594)
    assert int(default.sum()) == 4775
    ward = [f"{int(w.split()[-1]):02d}" if w and w.strip() else None for w in table["ward"].to_pylist()]
    ward = [None if d else w for w, d in zip(ward, default, strict=True)]
    precinct = [None if d else p for p, d in zip(table["precinct"].to_pylist(), default, strict=True)]
    assert agreement(AreaIndex(list(wards), list(wards.values())), rows, ward) >= 0.99
    assert agreement(AreaIndex(list(precincts), list(precincts.values())), rows, precinct) >= 0.95


def test_located_community_area_agrees_with_the_recorded_one(shared_data: Path, geo: Any) -> None:
    table = pq.read_table(shared_data / "cases" / "us_chicago_311_sanitation_2000_2014.parquet")
    rows = {name: table[name].to_numpy().astype(float) for name in ("longitude", "latitude")}
    areas = geo("us_chicago_community_areas")
    index = AreaIndex([f.properties["area_numbe"] for f in areas], [f.geometry for f in areas])
    known = [None if n is None else str(int(n)) for n in table["community_area"].to_pylist()]
    assert agreement(index, rows, known) >= 0.98
