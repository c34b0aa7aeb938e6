"""Areas from files: what comes in, what is left out and named, what stops the commit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from shapely import box

from gridward.grids import actions, models, queries
from gridward.kernel.actor import PUBLIC, SYSTEM
from gridward.kernel.errors import BadInput, Conflict, Forbidden, Refused
from gridward.kernel.geometry import geometry_from_wgs84
from gridward.logbook import queries as logbook
from gridward.logbook.rules import check_chain
from tests.grids.makers import DAY, LATER, NOW, by_code, codes, geojson, load, square, town

pytestmark = pytest.mark.django_db

STREETS = [("01", square(0, 0, 2, 2)), ("02", square(2, 0, 2, 2))]
KEYS = ["rows", "imported", "repaired", "outside_parent", "overlaps", "gaps", "accepted_slivers", "problems"]


def figures(answer: dict[str, Any]) -> tuple[int, int, int]:
    return answer["rows"], answer["imported"], len(answer["problems"])


def only_code(answer: dict[str, Any], beginning: str) -> None:
    """The one problem begins so."""
    assert len(answer["problems"]) == 1
    assert answer["problems"][0].startswith(beginning)


def tables() -> dict[str, int]:
    names = (models.Scheme, models.Level, models.Area, models.Shape, models.Division, models.Lineage)
    return {model.__name__: model.objects.count() for model in names} | logbook.entry_counts()


def test_import_without_commit_writes_nothing_and_says_what_it_would() -> None:
    before = tables()
    answer = load(STREETS, commit=False)
    assert list(answer) == KEYS
    assert figures(answer) == (2, 2, 0)
    assert tables() == before


def test_import_creates_scheme_level_and_areas_in_force_from_the_day() -> None:
    """R-GRID-01, R-GRID-02, R-GRID-12."""
    town()
    (scheme,) = queries.schemes()
    assert (scheme.code, scheme.is_admin, scheme.pack) == ("town", True, "")
    assert [(level.rank, level.code) for level in scheme.levels] == [(1, "street"), (2, "grid")]
    assert codes(1) == ["01", "02"]
    assert codes(2) == ["0101", "0102", "0103", "0104", "0201", "0202", "0203", "0204"]
    assert codes(1, on=date(2025, 12, 31)) == []
    grid = by_code("0203")
    assert grid.ancestors == (by_code("02").id, grid.id, None, None, None)
    assert (grid.name, grid.rank, grid.scheme) == ("区0203", 2, "town")
    assert queries.division(grid.division).state == "in_force"  # type: ignore[arg-type]


def test_import_again_changes_nothing() -> None:
    town()
    before, stamp = tables(), queries.stamp()
    assert figures(load(STREETS)) == (2, 0, 0)
    assert (tables(), queries.stamp()) == (before, stamp)


def test_import_journals_every_area_in_a_valid_chain() -> None:
    town()
    streams = list(logbook.streams())
    assert [problem for name, entries, head in streams for problem in check_chain(name, entries, head)] == []
    moves = {name.split("/")[0]: [entry.move for entry in entries] for name, entries, _ in streams}
    assert moves == {
        "area": ["create"],
        "division": ["import"],
        "scheme": ["create", "define_levels", "enforce", "define_levels", "enforce"],
    }
    assert len(streams) == 10 + 2 + 1


def test_import_with_other_shapes_keeps_identities_and_writes_lineage() -> None:
    town()
    west = by_code("0101").id
    grids = [
        ("0101", square(0, 1, 2, 1)),  # took 0102
        ("0103", square(0, 0, 1, 0.5)),  # cut in two
        ("0105", square(0, 0.5, 1, 0.5)),
        ("0104", square(1, 0)),
    ]
    answer = load(grids, level="grid", parent_level="street", parent_code_prefix=2, valid_from=LATER)
    assert figures(answer) == (4, 3, 0)
    assert codes(2, on=LATER) == ["0101", "0103", "0104", "0105", "0201", "0202", "0203", "0204"]
    assert codes(2, on=DAY) == ["0101", "0102", "0103", "0104", "0201", "0202", "0203", "0204"]
    assert by_code("0101", on=LATER).id == west
    (merged,) = queries.lineage_of(west)
    assert (merged.old.code, merged.new.code, merged.kind, merged.at) == ("0102", "0101", "merge", LATER)
    assert merged.share_old == pytest.approx(1.0)
    assert merged.share_new == pytest.approx(0.5)
    (split,) = queries.lineage_of(by_code("0105", on=LATER).id)
    assert (split.old.code, split.new.code, split.kind) == ("0103", "0105", "split")
    assert [past.valid_to for past in queries.area_history(west)] == [LATER, None]


def test_import_speaks_for_the_parents_it_mentions_only() -> None:
    town()
    answer = load(
        [("0201", square(2, 0, 2, 2))],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
        valid_from=LATER,
    )
    assert figures(answer) == (1, 1, 0)
    assert codes(2, on=LATER) == ["0101", "0102", "0103", "0104", "0201"]


def test_import_with_rows_left_out_ends_no_area() -> None:
    town()
    broken = [("01", square(0, 0, 2, 2)), ("", square(2, 0, 2, 2))]
    answer = load(broken, valid_from=LATER)
    assert figures(answer) == (2, 0, 1)
    assert codes(1, on=LATER) == ["01", "02"]


def test_import_of_a_moved_area_takes_its_children_along() -> None:
    """A street redrawn under other codes: the grids below get new ancestors from that day on."""
    town()
    grid = by_code("0202")
    answer = load([("03", square(0, 0, 4, 1)), ("04", square(0, 1, 4, 1))], valid_from=LATER)
    assert figures(answer) == (2, 2, 0)
    after = by_code("0202", on=LATER)
    assert after.id == grid.id
    assert after.ancestors[0] == by_code("04", on=LATER).id
    assert by_code("0202", on=DAY).ancestors == grid.ancestors
    assert queries.area(grid.id).ancestors == after.ancestors
    assert [entry.move for entry in logbook.entries(f"area/{grid.id}")] == ["create", "move"]
    kinds = {row.kind for row in queries.lineage_of(by_code("04", on=LATER).id)}
    assert kinds == {"change"}


def test_import_that_ends_a_parent_without_heir_is_refused_by_name() -> None:
    town()
    with pytest.raises(Refused) as caught:
        load([("01", square(0, 0, 2, 2))], valid_from=LATER)
    assert caught.value.code == "GW-GRIDS-039"
    assert codes(1, on=LATER) == ["01", "02"]


def test_import_on_the_day_the_present_shapes_began_is_refused() -> None:
    town()
    answer = load([("01", square(0, 0, 1, 2)), ("02", square(1, 0, 3, 2))])
    assert figures(answer) == (2, 0, 1)
    assert "GW" not in answer["problems"][0]
    only_code(answer, "启用日期 2026-01-01 太早：“01”自 2026-01-01 起已是现在的样子。")


def test_overlap_above_what_is_accepted_stops_the_commit_with_a_list() -> None:
    """Invariant 1."""
    before = tables()
    areas = [("01", square(0, 0)), ("02", square(0.999, 0)), ("03", square(1.998, 0))]
    answer = load(areas)
    assert figures(answer) == (3, 0, 2)
    assert answer["overlaps"] == {"pairs": 2, "max_m2": pytest.approx(1062, rel=0.01)}
    assert answer["problems"][0].startswith("“01”与“02”重叠 106")
    assert tables() == before
    accepted = load(areas, accept_slivers_m2=1100.0)
    assert figures(accepted) == (3, 3, 0)
    assert [sliver["codes"] for sliver in accepted["accepted_slivers"]] == [["01", "02"], ["02", "03"]]
    (division,) = queries.divisions("town")
    assert [sliver["codes"] for sliver in division.accepted] == [["01", "02"], ["02", "03"]]


def test_overlap_with_an_area_that_stays_is_found() -> None:
    town()
    answer = load(
        [("0201", square(1.5, 0, 2.5, 2))],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
        valid_from=LATER,
    )
    assert answer["overlaps"]["pairs"] == 2
    assert answer["outside_parent"] == ["0201"]


def test_area_outside_its_parent_is_listed_and_imported() -> None:
    """R-GRID-02: as precinct 0115 of the Boston file."""
    load(STREETS)
    wishes = {"level": "grid", "parent_level": "street", "parent_code_prefix": 2}
    answer = load([("0101", square(0, 0, 2, 2)), ("0102", square(2, 0, 2, 2))], **wishes)
    assert (answer["outside_parent"], *figures(answer)) == (["0102"], 2, 2, 0)


def test_parents_by_ground_are_those_of_the_largest_share() -> None:
    load(STREETS)
    answer = load(
        [("a", square(0.2, 0, 2.5, 1)), ("b", square(1.5, 1, 2.5, 1)), ("c", square(9, 9))],
        level="grid",
        parent_level="street",
        parent_by="geometry",
    )
    assert figures(answer) == (3, 2, 1)
    only_code(answer, "第 3 个要素“c”不在任何street内，找不到上级。")
    assert [by_code(code).parent for code in ("a", "b")] == [by_code("01").id, by_code("02").id]


def test_unknown_prefix_is_named_with_what_is_known() -> None:
    load(STREETS)
    answer = load(
        [("0101", square(0, 0, 2, 2)), ("0901", square(2, 0, 2, 2))],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
        language="en",
    )
    only_code(
        answer,
        "“09”, the first 2 characters of “0901” (feature 2), is no code of the level street. Known: 01、02.",
    )


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    found = json.loads(geojson([("x", shape)]))["features"][0] if shape is not None else {"geometry": None}
    return {"type": "Feature", "properties": properties, "geometry": found["geometry"]}


def file_of(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def test_rows_with_faults_are_named_and_the_rest_is_kept() -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[114, 30], [114.1, 30.1], [114.1, 30], [114, 30.1], [114, 30]]],
    }
    data = file_of(
        feature(square(0, 0), code=1, name="一"),
        feature(square(1, 0), code=2.0, name="二"),
        feature(square(2, 0), code=1, name="重复"),
        feature(square(3, 0), code=None, name="没有编码"),
        feature(square(4, 0), code=5, name=""),
        feature(square(5, 0), code="六", name="六"),
        feature(square(6, 0), code=True, name="七"),
        {**feature(square(7, 0), code=8, name="八"), "geometry": bow},
        feature(None, code=9, name="九"),
    )
    answer = load(data, code_format="02d")
    assert figures(answer) == (9, 2, 7)
    assert codes(1) == ["01", "02"]
    assert sorted(sentence[:6] for sentence in answer["problems"]) == [f"第 {n} 个要" for n in range(3, 10)]
    assert by_code("02").name == "二"


def test_self_crossing_area_comes_in_with_repair() -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[114, 30], [114.1, 30.1], [114.1, 30], [114, 30.1], [114, 30]]],
    }
    data = file_of({**feature(square(7, 0), code="8", name="八"), "geometry": bow})
    answer = load(data, repair=True)
    assert (answer["repaired"], *figures(answer)) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (square(300, 0), "不在辖区范围"),  # three degrees away from the parents
        (box(500000, 3380000, 501000, 3381000), "不是经纬度"),  # metres
        (box(30.5, 114.0, 30.52, 114.02), "写反了"),  # lat, lon
    ],
)
def test_area_of_another_datum_or_place_is_left_out(shape: Any, words: str) -> None:
    load(STREETS)
    answer = load(
        [("0101", square(0, 0, 2, 2)), ("0201", shape)],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
    )
    assert figures(answer) == (2, 1, 1)
    assert words in answer["problems"][0]


def test_file_in_gcj02_read_as_wgs84_is_doubted_and_never_converted() -> None:
    load(STREETS)
    shifted = [(f"0{n}01", geometry_from_wgs84(shape, "gcj02")) for n, (_, shape) in enumerate(STREETS, 1)]
    wishes = {"level": "grid", "parent_level": "street", "parent_code_prefix": 2, "commit": False}
    answer = load(shifted, **wishes)
    assert answer["outside_parent"] == ["0101", "0201"]
    only_code(answer, "文件像是 gcj02 坐标，却按 wgs84 读入（与上级吻合度 1.00 对 ")
    right = load(shifted, crs="gcj02", **wishes)
    assert (right["outside_parent"], right["problems"]) == ([], [])


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"scheme": ""}, "GW-GRIDS-001"),
        ({"level": "a b"}, "GW-GRIDS-001"),
        ({"level": "grid"}, "GW-GRIDS-051"),
        ({"level": "grid", "parent_level": "county"}, "GW-GRIDS-004"),
        ({"level": "grid", "parent_level": "street"}, "GW-GRIDS-048"),
        (
            {"level": "grid", "parent_level": "street", "parent_code_prefix": 2, "parent_by": "geometry"},
            "GW-GRIDS-048",
        ),
        ({"level": "grid", "parent_level": "street", "parent_by": "name"}, "GW-GRIDS-048"),
        ({"level": "grid", "parent_level": "street", "parent_code_prefix": 0}, "GW-GRIDS-008"),
        ({"level": "street", "parent_level": "street"}, "GW-GRIDS-049"),
        (
            {
                "level": "grid",
                "parent_level": "street",
                "parent_code_prefix": 2,
                "valid_from": date(2025, 1, 1),
            },
            "GW-GRIDS-047",
        ),
        ({"code_format": "%s"}, "GW-GRIDS-042"),
        ({"crs": "epsg:2249"}, "GW-GEO-001"),
    ],
)
def test_wishes_that_do_not_fit_are_refused_before_anything(wishes: dict[str, Any], code: str) -> None:
    load(STREETS)
    with pytest.raises(Refused) as caught:
        load([("0101", square(0, 0, 2, 2))], **wishes)
    assert caught.value.code == code


def test_level_that_is_taken_is_named() -> None:
    town()
    with pytest.raises(BadInput) as caught:
        load([("0101", square(0, 0))], level="block", parent_level="street", parent_code_prefix=2)
    assert caught.value.code == "GW-GRIDS-052"


def test_sixth_level_is_refused() -> None:
    """R-GRID-01: 1 to 5 levels."""
    load([("1", square(0, 0))], level="l1")
    for rank in range(2, 6):
        load(
            [("1" * rank, square(0, 0))],
            level=f"l{rank}",
            parent_level=f"l{rank - 1}",
            parent_code_prefix=rank - 1,
        )
    with pytest.raises(BadInput) as caught:
        load([("111111", square(0, 0))], level="l6", parent_level="l5", parent_code_prefix=5)
    assert caught.value.code == "GW-GRIDS-050"


@pytest.mark.parametrize(("option", "value"), [("code_field", "CODE"), ("name_field", "NAME")])
def test_field_that_no_feature_has_is_named_with_those_there_are(option: str, value: str) -> None:
    wishes = {"code_field": "code", "name_field": "name", option: value}
    with pytest.raises(BadInput) as caught:
        actions.import_areas(
            source=geojson(STREETS),
            scheme="town",
            level="street",
            valid_from=DAY,
            actor=SYSTEM,
            now=NOW,
            **wishes,
        )
    assert caught.value.code == "GW-GRIDS-040"
    assert caught.value.values["known"] == "code、name"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"PK\x03\x04", b'{"type": "Feature"}', '{"type"： 1}'.encode("gb18030")]
)
def test_file_that_is_no_geojson_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        load(data)
    assert caught.value.code.startswith("GW-GEO-01")


def test_name_falls_back_to_the_code() -> None:
    actions.import_areas(
        source=geojson(STREETS), scheme="town", level="street", code_field="code", valid_from=DAY,
        commit=True, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    assert by_code("01").name == "01"


def test_table_brings_areas_without_polygon() -> None:
    """R-GRID-12, R-GRID-13: road sections from a csv."""
    load(STREETS)
    data = "code,name\n01a,长江路\n01b,黄河路\n01a,再来\n".encode("gb18030")
    answer = load(data, level="road", parent_level="street", parent_code_prefix=2, file_name="路段.csv")
    assert figures(answer) == (3, 2, 1)
    assert [(row.ref.name, row.box) for row in queries.area_tree("town", on=DAY, rank=2)] == [
        ("长江路", None),
        ("黄河路", None),
    ]
    assert queries.level("town", "road").coverage == "none"


def test_export_can_be_imported_again_without_a_change() -> None:
    """R-GRID-12: an own export doubles nothing."""
    town()
    exported = queries.areas_geojson("town", 2, on=DAY, simplified=False)
    answer = load(exported, level="grid", parent_level="street", parent_code_prefix=2, valid_from=LATER)
    assert figures(answer) == (8, 0, 0)


def test_import_without_permission_is_refused() -> None:
    with pytest.raises(Forbidden) as caught:
        actions.import_areas(
            source=geojson(STREETS), scheme="town", level="street", code_field="code", valid_from=DAY,
            actor=PUBLIC, now=NOW,
        )  # fmt: skip
    assert caught.value.code == "GW-GRIDS-017"


def test_import_planned_before_another_change_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two imports at once: the second one is told, nothing is mixed."""
    from gridward.grids.actions import imports

    def plan_and_be_overtaken(*given: Any) -> Any:
        plan = make_plan(*given)
        monkeypatch.setattr(imports, "make_plan", make_plan)
        load([("99", square(9, 9))], scheme="other")
        return plan

    make_plan: Callable[..., Any] = imports.make_plan
    monkeypatch.setattr(imports, "make_plan", plan_and_be_overtaken)
    with pytest.raises(Conflict) as caught:
        load(STREETS)
    assert caught.value.code == "GW-GRIDS-034"
    assert [scheme.code for scheme in queries.schemes()] == ["other"]


class Killed(Exception):
    pass


def test_import_killed_at_any_statement_and_run_again_ends_as_one_run() -> None:
    """Nothing half-written: each statement is the last one once."""

    def run(limit: int) -> int:
        seen = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == limit:
                raise Killed
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(count):
            load(STREETS)
        return seen

    before = tables()
    limit = 1
    while True:
        try:
            run(limit)
            break
        except Killed:
            assert tables() == before
            limit += 1
    assert limit > 20
    assert (codes(1), figures(load(STREETS))) == (["01", "02"], (2, 0, 0))
    assert tables()["Division"] == 1
