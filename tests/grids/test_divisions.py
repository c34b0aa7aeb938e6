"""Divisions drawn by people: from the draft to the areas in force."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gridward.grids import actions, models, queries
from gridward.grids.bulk import latest_columns
from gridward.grids.rules import LevelSpec, NewArea
from gridward.kernel.actor import Actor, Grant, Scope
from gridward.kernel.errors import BadInput, Conflict, Forbidden, ManyProblems, Missing, Refused
from gridward.logbook import queries as logbook
from gridward.logbook.models import Fact
from tests.grids.makers import DAY, LATER, NOW, by_code, codes, load, planner, square, town

pytestmark = pytest.mark.django_db

DRAWER, JUDGE = planner(1), planner(2)
AUGUST = date(2026, 8, 1)


def new(code: str, shape: Any, parent: str = "01", **more: Any) -> NewArea:
    return NewArea(code, f"新{code}", parent, shape, **more)


def draft(*areas: NewArea, parents: tuple[str, ...] = ("01",), actor: Actor = DRAWER, **more: Any) -> UUID:
    given = {"scheme": "town", "rank": 2, "parents": [by_code(p).id for p in parents], **more}
    return actions.draft_division(areas=areas, actor=actor, now=NOW, **given)


def enforce(division: UUID, valid_from: date = LATER) -> Any:
    actions.submit_division(division=division, actor=DRAWER, now=NOW)
    actions.approve_division(division=division, actor=JUDGE, now=NOW)
    return actions.bring_into_force(division=division, valid_from=valid_from, actor=JUDGE, now=NOW)


def halves() -> tuple[NewArea, NewArea]:
    return new("0111", square(0, 0, 1, 2)), new("0112", square(1, 0, 1, 2))


def refused_codes(division: UUID) -> list[str]:
    with pytest.raises(ManyProblems) as caught:
        actions.submit_division(division=division, actor=DRAWER, now=NOW)
    return [problem.code for problem in caught.value.problems]


def test_division_in_force_replaces_the_areas_of_its_parents_from_its_day() -> None:
    """R-GRID-07."""
    town()
    old = [by_code(code).id for code in ("0101", "0102", "0103", "0104")]
    division = draft(*halves())
    fact = enforce(division)
    assert codes(2, on=LATER) == ["0111", "0112", "0201", "0202", "0203", "0204"]
    assert codes(2, on=date(2026, 6, 30)) == ["0101", "0102", "0103", "0104", "0201", "0202", "0203", "0204"]
    assert (sorted(fact.closed), len(fact.created), fact.reshaped, fact.moved) == (sorted(old), 2, (), ())
    assert queries.area_at(old[0], date(2026, 6, 30)) is not None
    assert queries.area_at(old[0], LATER) is None
    row = queries.division(division)
    assert (row.state, row.valid_from, row.submitted_by, row.decided_by) == (
        "in_force", LATER, DRAWER.key, JUDGE.key,
    )  # fmt: skip


def test_division_in_force_is_journaled_told_and_stamped() -> None:
    town()
    stamp = queries.stamp()
    fact = enforce(draft(*halves()))
    assert queries.stamp() != stamp
    moves = [entry.move for entry in logbook.entries(f"division/{fact.division}")]
    assert moves == ["draft", "submit", "approve", "enforce"]
    payload = logbook.entries("scheme/town")[-1].data["payload"]
    assert {k: payload[k] for k in ("closed", "created", "reshaped", "moved", "valid_from")} == {
        "closed": 4, "created": 2, "reshaped": 0, "moved": 0, "valid_from": "2026-07-01",
    }  # fmt: skip
    assert [entry.move for entry in logbook.entries(f"area/{fact.closed[0]}")] == ["create", "close"]
    told = Fact.objects.order_by("id").last()
    assert told is not None
    assert (told.kind, told.stream) == ("DivisionCameIntoForce", "scheme/town")


def test_earlier_division_is_superseded_when_nothing_of_it_is_left() -> None:
    town()
    first = enforce(draft(*halves())).division
    west, east = by_code("0111", on=LATER), by_code("0112", on=LATER)
    part = draft(new("0111", square(0, 0, 1, 2)), new("0113", square(1, 0, 1, 2)))
    enforce(part, AUGUST)
    assert queries.division(first).state == "in_force"
    assert by_code("0111", on=AUGUST).id == west.id
    assert queries.area_at(east.id, AUGUST) is None
    enforce(draft(new("0119", square(0, 0, 2, 2))), date(2026, 9, 1))
    assert [queries.division(d).state for d in (first, part)] == ["superseded", "superseded"]


def test_area_that_stays_keeps_id_fields_and_shape() -> None:
    town()
    kept = by_code("0101")
    enforce(
        draft(
            NewArea("0101", "区0101", "01", square(0, 1)),
            new("0112", square(1, 1)),
            new("0113", square(0, 0, 2, 1)),
        )
    )
    assert by_code("0101", on=LATER) == kept


@pytest.mark.parametrize(
    ("areas", "found"),
    [
        ([new("0111", square(0, 0, 1, 2))], ["030"]),  # half of the ground is left
        ([new("0111", square(0, 0, 1.5, 2)), new("0112", square(1, 0, 1, 2))], ["029"]),
        ([new("0111", square(0, 0, 2.5, 2))], ["029", "029", "031"]),  # into the neighbours
    ],
)
def test_division_with_gaps_overlaps_or_beyond_its_parent_is_refused(
    areas: list[NewArea], found: list[str]
) -> None:
    """R-GRID-04, invariant 1."""
    town()
    assert [code[-3:] for code in refused_codes(draft(*areas))] == found


def test_declared_overlap_stands_where_the_level_allows_it() -> None:
    """R-GRID-04: declared overlaps for city finance grids."""
    town()
    crossing = new("0111", square(0, 0, 1.5, 2)), new("0112", square(1, 0, 1, 2))
    with pytest.raises(BadInput) as caught:
        draft(*crossing, declared=[("0112", "0111")])
    assert caught.value.code == "GW-GRIDS-038"
    levels = [LevelSpec(1, "street", "街道"), LevelSpec(2, "grid", "网格", overlaps="declared")]
    actions.define_levels(scheme="town", levels=levels, actor=DRAWER, now=NOW)
    division = draft(*crossing, declared=[("0112", "0111")])
    enforce(division)
    assert [sliver["codes"] for sliver in queries.division(division).accepted] == [["0111", "0112"]]
    report = queries.coverage_report(on=LATER)
    assert report["ok"] is True


def test_sliver_that_the_draft_accepts_is_listed() -> None:
    town()
    areas = new("0111", square(0, 0, 1.00001, 2)), new("0112", square(1, 0, 1, 2))
    assert [code[-3:] for code in refused_codes(draft(*areas))] == ["029"]
    division = draft(*areas, accept_m2=100.0)
    report = actions.submit_division(division=division, actor=DRAWER, now=NOW)
    assert report["overlaps"]["pairs"] == 1
    assert len(queries.division(division).accepted) == 1


def test_draft_of_a_whole_level_covers_the_ground_of_all_parents() -> None:
    town()
    areas = [new("0111", square(0, 0, 2, 2)), new("0211", square(2, 0, 2, 2), "02")]
    fact = enforce(draft(*areas, parents=()))
    assert (len(fact.closed), codes(2, on=LATER)) == (8, ["0111", "0211"])


def test_first_division_of_a_level_has_to_cover_the_outline_of_its_parents() -> None:
    load([("01", square(0, 0, 2, 2))])
    levels = [LevelSpec(1, "street", "街道"), LevelSpec(2, "grid", "网格")]
    actions.define_levels(scheme="town", levels=levels, actor=DRAWER, now=NOW)
    assert [code[-3:] for code in refused_codes(draft(new("0111", square(0, 0, 1, 2))))] == ["030"]
    assert len(enforce(draft(*halves())).created) == 2


def test_areas_without_polygon_need_no_ground_and_keep_their_lineage_by_code() -> None:
    """R-GRID-13."""
    load([("01", square(0, 0, 2, 2))])
    levels = [LevelSpec(1, "street", "街道"), LevelSpec(2, "road", "路段", coverage="none")]
    actions.define_levels(scheme="town", levels=levels, actor=DRAWER, now=NOW)
    strip = {"kind": "road_section", "from": "南门", "to": "北门", "length_m": 400}
    enforce(draft(new("r1", None, strip=strip, boundary="长江路南门至北门", kind="主干道")))
    detail = queries.area_detail(by_code("r1", on=LATER).id)
    assert (detail.boundary, detail.kind, detail.strip["length_m"]) == ("长江路南门至北门", "主干道", "400")
    split = actions.split_area(
        area=detail.ref.id, parts=[new("r1a", None), new("r1b", None)], actor=DRAWER, now=NOW
    )
    enforce(split, AUGUST)
    (row,) = queries.lineage_of(by_code("r1a", on=AUGUST).id)
    assert (row.old.code, row.kind, row.share_old) == ("r1", "split", None)


def test_split_drafts_the_present_division_with_the_parts() -> None:
    town()
    west = by_code("0101")
    parts = [NewArea("0101", "区0101", geometry=square(0, 1, 0.6, 1)), new("0105", square(0.6, 1, 0.4, 1))]
    fact = enforce(actions.split_area(area=west.id, parts=parts, actor=DRAWER, now=NOW))
    assert (fact.reshaped, len(fact.created), fact.closed) == ((west.id,), 1, ())
    assert codes(2, on=LATER)[:5] == ["0101", "0102", "0103", "0104", "0105"]
    (row,) = queries.lineage_of(fact.created[0])
    assert (row.old.id, row.kind, row.share_old) == (west.id, "split", pytest.approx(0.4, abs=0.01))


def test_merge_absorbs_the_smaller_ones() -> None:
    """R-GRID-15: 以大吸收小."""
    town()
    mine = [by_code(code).id for code in ("0101", "0102", "0103")]
    division = actions.merge_areas(areas=mine, code="0101", name="大网格", actor=DRAWER, now=NOW)
    fact = enforce(division)
    assert (fact.reshaped, sorted(fact.closed), fact.created) == ((mine[0],), sorted(mine[1:]), ())
    assert by_code("0101", on=LATER).name == "大网格"
    assert by_code("0101", on=DAY).name == "区0101"
    assert [(row.old.code, row.kind) for row in queries.lineage_of(mine[0])] == [
        ("0102", "merge"),
        ("0103", "merge"),
    ]


@pytest.mark.parametrize("chosen", [[], ["0101"], ["0101", "0101"], ["0101", "0201"], ["01", "02"]])
def test_merge_of_areas_that_do_not_belong_together_is_refused(chosen: list[str]) -> None:
    town()
    ids = [by_code(code).id for code in chosen]
    if chosen == ["01", "02"]:
        assert actions.merge_areas(areas=ids, code="01", name="全镇", actor=DRAWER, now=NOW)
        return
    with pytest.raises(BadInput) as caught:
        actions.merge_areas(areas=ids, code="0101", name="大", actor=DRAWER, now=NOW)
    assert caught.value.code == "GW-GRIDS-035"


def test_new_grids_of_a_community_get_15_digit_codes() -> None:
    """由西向东、由北向南, never a number twice."""
    load([("440305001002", square(0, 0, 2, 2))])
    levels = [LevelSpec(1, "street", "社区"), LevelSpec(2, "grid", "网格")]
    actions.define_levels(scheme="town", levels=levels, actor=DRAWER, now=NOW)
    blank = [NewArea("", f"{x}{y}", geometry=square(x, y)) for x in (0, 1) for y in (0, 1)]
    enforce(draft(*blank, parents=("440305001002",)))
    names = {row.ref.name: row.ref.code[-3:] for row in queries.area_tree("town", on=LATER, rank=2)}
    assert names == {"01": "001", "11": "002", "00": "003", "10": "004"}
    again = draft(NewArea("", "全部", geometry=square(0, 0, 2, 2)), parents=("440305001002",))
    assert [area.code[-3:] for area in queries.drafted(again)] == ["005"]


def test_submitter_may_not_decide() -> None:
    """R-GRID-07: examined by somebody else."""
    town()
    division = draft(*halves())
    actions.submit_division(division=division, actor=DRAWER, now=NOW)
    for decide in (
        lambda: actions.approve_division(division=division, actor=DRAWER, now=NOW),
        lambda: actions.reject_division(division=division, reason="不行", actor=DRAWER, now=NOW),
    ):
        with pytest.raises(Forbidden) as caught:
            decide()
        assert caught.value.code == "GW-GRIDS-022"
    assert queries.division(division).state == "submitted"


def test_rejection_needs_and_keeps_a_reason() -> None:
    town()
    division = draft(*halves())
    actions.submit_division(division=division, actor=DRAWER, now=NOW)
    with pytest.raises(BadInput):
        actions.reject_division(division=division, reason=" ", actor=JUDGE, now=NOW)
    actions.reject_division(division=division, reason="界线不清", actor=JUDGE, now=NOW)
    row = queries.division(division)
    assert (row.state, row.reason) == ("rejected", "界线不清")


def test_step_from_another_state_is_a_conflict_with_who_and_when() -> None:
    town()
    division = draft(*halves())
    with pytest.raises(Conflict) as caught:
        actions.approve_division(division=division, actor=JUDGE, now=NOW)
    assert caught.value.current["stage"] == "draft"
    enforce(division)
    for again in (actions.submit_division, actions.approve_division):
        with pytest.raises(Refused) as repeated:
            again(division=division, actor=JUDGE, now=NOW)
        assert repeated.value.code == "GW-GRIDS-021"
    with pytest.raises(Refused):
        actions.bring_into_force(division=division, valid_from=AUGUST, actor=JUDGE, now=NOW)


def test_day_before_the_present_shapes_is_refused_and_nothing_is_written() -> None:
    town()
    division = draft(*halves())
    with pytest.raises(Refused) as caught:
        enforce(division, DAY)
    assert caught.value.code == "GW-GRIDS-033"
    assert queries.division(division).state == "approved"
    assert len(codes(2)) == 8


def test_division_that_no_longer_fits_the_ground_is_refused_at_the_last_step() -> None:
    town()
    division = draft(*halves())
    actions.submit_division(division=division, actor=DRAWER, now=NOW)
    actions.approve_division(division=division, actor=JUDGE, now=NOW)
    nested = {"level": "grid", "parent_level": "street", "parent_code_prefix": 2}
    load([("0201", square(1.5, 0, 2.5, 2))], valid_from=LATER, accept_slivers_m2=1e9, **nested)
    with pytest.raises(ManyProblems) as caught:
        actions.bring_into_force(division=division, valid_from=AUGUST, actor=JUDGE, now=NOW)
    assert [problem.code for problem in caught.value.problems] == ["GW-GRIDS-029"]
    assert queries.division(division).state == "approved"


def test_draft_below_an_unknown_parent_or_with_a_foreign_code_is_refused() -> None:
    town()
    with pytest.raises(Missing):
        draft(*halves(), parents=(), scheme="nowhere")
    with pytest.raises(Missing):
        actions.draft_division(
            scheme="town", rank=2, areas=halves(), parents=[UUID(int=7)], actor=DRAWER, now=NOW
        )
    with pytest.raises(BadInput) as caught:
        draft(new("0111", square(0, 0, 2, 2), "02"))
    assert caught.value.code == "GW-GRIDS-025"
    with pytest.raises(BadInput) as caught:
        draft(new("0201", square(0, 0, 2, 2)))
    assert caught.value.code == "GW-GRIDS-037"


def test_power_over_one_street_reaches_its_divisions_only() -> None:
    """Qian draws next door and must not draw here."""
    town()
    street = by_code("02")
    qian = Actor(
        id=UUID(int=9), name="钱", grants=(Grant("grids:division:draft", Scope("area", street.id, 1)),)
    )
    with pytest.raises(Forbidden):
        draft(*halves(), actor=qian)
    with pytest.raises(Forbidden):
        draft(*halves(), parents=(), actor=qian)
    division = draft(new("0211", square(2, 0, 2, 2), "02"), parents=("02",), actor=qian)
    actions.submit_division(division=division, actor=qian, now=NOW)
    with pytest.raises(Forbidden):
        actions.approve_division(division=division, actor=qian, now=NOW)


def test_cached_columns_of_areas_can_be_rebuilt_from_shapes() -> None:
    """The rebuild of name, parent and ancestors changes no row; a planted fault is put right."""
    town()
    load([("03", square(0, 0, 4, 1)), ("04", square(0, 1, 4, 1))], valid_from=LATER)
    columns = ("id", "name", "parent", "a1", "a2", "a3", "a4", "a5")
    before = list(models.Area.objects.order_by("id").values_list(*columns))
    latest_columns()
    assert list(models.Area.objects.order_by("id").values_list(*columns)) == before
    models.Area.objects.filter(code="0101").update(name="错", a1=UUID(int=5), parent=None)
    assert list(models.Area.objects.order_by("id").values_list(*columns)) != before
    latest_columns()
    assert list(models.Area.objects.order_by("id").values_list(*columns)) == before


def test_divisions_are_listed_newest_first_by_level_and_state() -> None:
    town()
    division = draft(*halves())
    assert queries.divisions("town", rank=2)[0].id == division
    assert [row.id for row in queries.divisions("town", state="draft")] == [division]
    assert [row.source for row in queries.divisions("town", state="in_force")] == ["imported", "imported"]
    with pytest.raises(Missing):
        queries.division(UUID(int=3))
