"""What is said about one area, and the same node in several schemes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from gridward.grids import actions, queries
from gridward.grids.rules import LevelSpec
from gridward.kernel.actor import Actor, Grant, Scope
from gridward.kernel.errors import Conflict, Forbidden, Missing, Refused
from gridward.logbook import queries as logbook
from tests.grids.makers import DAY, LATER, NOW, by_code, load, planner, square, town

pytestmark = pytest.mark.django_db

ACTOR = planner()


def set_fields(code: str, **given: Any) -> bool:
    return actions.set_area_fields(area=by_code(code).id, actor=ACTOR, now=NOW, **given)


def link(area: UUID, other: UUID) -> bool:
    return actions.link_nodes(area=area, other=other, actor=ACTOR, now=NOW)


def test_schemes_are_independent_and_the_first_is_administrative() -> None:
    """R-GRID-01: several schemes over one territory."""
    levels = [LevelSpec(rank, f"l{rank}", f"{rank}级网格") for rank in range(1, 6)]
    actions.create_scheme(code="fire", label_zh="消防", levels=levels, actor=ACTOR, now=NOW)
    actions.create_scheme(code="water", label_zh="水务", label_en="Water", actor=ACTOR, now=NOW)
    assert [(s.code, s.is_admin, len(s.levels)) for s in queries.schemes()] == [
        ("fire", True, 5),
        ("water", False, 0),
    ]
    assert queries.default_scheme(queries.stamp()) == "fire"
    with pytest.raises(Conflict) as taken:
        actions.create_scheme(code="fire", label_zh="又一个", actor=ACTOR, now=NOW)
    assert taken.value.code == "GW-GRIDS-002"
    with pytest.raises(Refused) as second:
        actions.create_scheme(code="city", label_zh="城管", is_admin=True, actor=ACTOR, now=NOW)
    assert second.value.code == "GW-GRIDS-018"


def test_levels_defined_twice_change_once() -> None:
    actions.create_scheme(code="fire", label_zh="消防", actor=ACTOR, now=NOW)
    levels = [LevelSpec(1, "street", "街道", fields=({"id": "note", "type": "text"},), expected={"*": 3})]
    assert actions.define_levels(scheme="fire", levels=levels, actor=ACTOR, now=NOW) is True
    assert actions.define_levels(scheme="fire", levels=levels, actor=ACTOR, now=NOW) is False
    assert list(queries.scheme("fire").levels) == levels
    with pytest.raises(Missing):
        actions.define_levels(scheme="nowhere", levels=levels, actor=ACTOR, now=NOW)


def test_levels_of_areas_stay() -> None:
    town()
    with pytest.raises(Refused) as caught:
        actions.define_levels(scheme="town", levels=[LevelSpec(1, "street", "街道")], actor=ACTOR, now=NOW)
    assert caught.value.code == "GW-GRIDS-007"


def test_kind_boundary_strip_and_plan_are_kept_with_their_history() -> None:
    """R-GRID-03, R-GRID-09, R-GRID-13, R-GRID-14."""
    town()
    area = by_code("01").id
    assert set_fields("01", kind="urban", boundary="东至长江路", expected={"grid": 4}) is True
    assert set_fields("01", strip={"kind": "door_front", "width_m": 3}) is True
    assert set_fields("01", kind="urban") is False
    detail = queries.area_detail(area)
    assert (detail.kind, detail.boundary, detail.expected, detail.strip) == (
        "urban", "东至长江路", {"grid": 4}, {"kind": "door_front", "width_m": "3"},
    )  # fmt: skip
    first = logbook.entries(f"area/{area}")[1].data["payload"]
    assert first == {
        "before": {"kind": "", "boundary": "", "expected": "{}"},
        "after": {"kind": "urban", "boundary": "东至长江路", "expected": '{"grid":4}'},
    }


def test_fields_are_merged_and_cleared_one_by_one() -> None:
    town()
    fields = ({"id": "households", "type": "integer"}, {"id": "note"})
    levels = [LevelSpec(1, "street", "街道"), LevelSpec(2, "grid", "网格", fields=fields)]
    actions.define_levels(scheme="town", levels=levels, actor=ACTOR, now=NOW)
    set_fields("0101", fields={"households": 900, "note": "老旧小区"})
    set_fields("0101", fields={"households": None})
    assert queries.area_detail(by_code("0101").id).fields == {"note": "老旧小区"}
    with pytest.raises(Refused) as caught:
        set_fields("0101", fields={"colour": "red"})
    assert caught.value.code == "GW-GRIDS-009"


def test_area_that_ended_or_never_was_cannot_be_changed() -> None:
    town()
    gone = by_code("0202").id
    load(
        [("0201", square(2, 0, 2, 2))],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
        valid_from=LATER,
    )
    with pytest.raises(Refused) as ended:
        actions.set_area_fields(area=gone, kind="urban", actor=ACTOR, now=NOW)
    assert (
        ended.value.sentence("en")
        == "The area “0202 区0202” ended on 2026-07-01 and cannot be changed any more."
    )
    with pytest.raises(Missing):
        actions.set_area_fields(area=UUID(int=1), kind="urban", actor=ACTOR, now=NOW)


def test_power_over_a_street_reaches_the_grids_below() -> None:
    """A street's officer edits the own grids; Qian next door does not."""
    town()
    grants = (Grant("grids:area:edit", Scope("area", by_code("01").id, 1)),)
    officer = Actor(id=UUID(int=5), name="周", grants=grants)
    assert actions.set_area_fields(area=by_code("0101").id, kind="urban", actor=officer, now=NOW)
    with pytest.raises(Forbidden) as caught:
        actions.set_area_fields(area=by_code("0201").id, kind="urban", actor=officer, now=NOW)
    assert "grids:area:edit" in caught.value.sentence("zh")


def test_counts_compare_with_the_plan_by_level_and_kind() -> None:
    """R-GRID-14: 8 urban and 27 rural, found against expected."""
    town()
    levels = [
        LevelSpec(1, "street", "街道", expected={"*": 3}),
        LevelSpec(2, "grid", "网格", expected={"urban": 2, "rural": 1}),
    ]
    actions.define_levels(scheme="town", levels=levels, actor=ACTOR, now=NOW)
    set_fields("0101", kind="urban")
    set_fields("0201", kind="urban")
    set_fields("01", expected={"grid": 5, "grid/urban": 1})
    found = [
        (c.level, c.kind, c.below.code if c.below else "", c.expected, c.found)
        for c in queries.counts("town", on=DAY)
    ]
    assert found == [
        ("street", "*", "", 3, 2),
        ("grid", "rural", "", 1, 0),
        ("grid", "urban", "", 2, 2),
        ("grid", "*", "01", 5, 4),
        ("grid", "urban", "01", 1, 1),
    ]


def test_one_node_in_several_schemes_is_found_from_each() -> None:
    """R-GRID-15."""
    for scheme in ("town", "fire", "water"):
        load([("01", square(0, 0)), ("02", square(1, 0))], scheme=scheme)
    town_, fire, water = (by_code("01", scheme).id for scheme in ("town", "fire", "water"))
    assert link(town_, fire) is True
    assert link(fire, water) is True
    assert link(water, town_) is False
    assert [ref.scheme for ref in queries.nodes_equal(town_)] == ["fire", "water"]
    assert [ref.scheme for ref in queries.nodes_equal(water)] == ["fire", "town"]
    actions.unlink_nodes(area=water, other=fire, actor=ACTOR, now=NOW)
    assert [ref.scheme for ref in queries.nodes_equal(town_)] == ["fire"]
    assert [entry.move for entry in logbook.entries(f"area/{water}")] == ["create", "link", "unlink"]
    with pytest.raises(Missing) as caught:
        actions.unlink_nodes(area=water, other=fire, actor=ACTOR, now=NOW)
    assert caught.value.code == "GW-GRIDS-016"


def test_node_has_one_area_in_each_scheme() -> None:
    for scheme in ("town", "fire"):
        load([("01", square(0, 0)), ("02", square(1, 0))], scheme=scheme)
    first, second = by_code("01").id, by_code("02").id
    fire = by_code("01", "fire").id
    link(first, fire)
    for pair in ((first, second), (second, fire)):
        with pytest.raises(Refused) as caught:
            link(*pair)
        assert caught.value.code == "GW-GRIDS-015"
