"""kernel/geometry/coverage.py: no gap or overlap (R-GRID-04), children inside (R-GRID-02), R-GRID-15."""

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.geometry.coverage import (
    Lineage,
    Overlap,
    check_coverage,
    iou,
    lineage,
    outside_parent,
    repair_coverage,
    sequence_codes,
    share_inside,
    simplify_coverage,
)
from gridward.kernel.geometry.features import read_features
from gridward.kernel.geometry.metric import area_m2

MINI = Path(__file__).parent / "mini"

STEP = 0.01


def cell(column: int, row: int, shift: float = 0.0) -> Any:
    """A cell of about 1.03 × 1.11 km in Shenzhen."""
    x, y = 114 + column * STEP + shift, 22.5 + row * STEP
    return shapely.box(round(x, 7), round(y, 7), round(x + STEP, 7), round(y + STEP, 7))


def block(columns: int, rows: int) -> tuple[list[str], list[Any]]:
    places = [(c, r) for r in range(rows) for c in range(columns)]
    return [f"{r:02d}{c:02d}" for c, r in places], [cell(c, r) for c, r in places]


CODES, CELLS = block(4, 3)
OUTLINE = shapely.box(114, 22.5, 114.04, 22.53)


def test_clean_division_has_nothing_to_report() -> None:
    report = check_coverage(CODES, CELLS, OUTLINE)
    assert (report.overlaps, report.gaps, report.outside_m2, report.valid) == ([], [], 0.0, True)
    assert (report.max_overlap_m2, report.max_gap_m2) == (0.0, 0.0)


def test_area_pushed_into_its_neighbour_is_named_with_square_metres() -> None:
    """Planted fault: cell 0101 moved east by 0.0001 degree, about 10 m."""
    geoms = [*CELLS]
    geoms[CODES.index("0101")] = cell(1, 1, shift=0.0001)
    report = check_coverage(CODES, geoms, OUTLINE)
    strip = area_m2(shapely.box(114.02, 22.51, 114.0201, 22.52))
    assert [(o.code_a, o.code_b) for o in report.overlaps] == [("0101", "0102")]
    assert report.max_overlap_m2 == pytest.approx(strip, rel=1e-6)
    assert len(report.gaps) == 1
    assert report.max_gap_m2 == pytest.approx(strip, rel=1e-6)
    assert 114.01 < report.gaps[0].lon < 114.0101
    assert 22.51 < report.gaps[0].lat < 22.52
    assert not report.valid


def test_moat_round_an_area_is_a_gap_although_the_library_calls_the_coverage_valid() -> None:
    """Planted fault: the quick check does not see it, and the island is not part of the gap."""
    geoms = [*CELLS]
    geoms[5] = shapely.buffer(CELLS[5], -0.001)
    assert shapely.coverage_is_valid(geoms)
    for outline in (None, OUTLINE):
        report = check_coverage(CODES, geoms, outline)
        assert report.overlaps == []
        assert [g.m2 for g in report.gaps] == [pytest.approx(area_m2(CELLS[5]) - area_m2(geoms[5]), rel=1e-6)]


def test_gap_on_the_rim_is_seen_only_with_the_outline() -> None:
    codes, geoms = CODES[1:], CELLS[1:]
    assert check_coverage(codes, geoms).gaps == []
    report = check_coverage(codes, geoms, OUTLINE)
    assert [g.m2 for g in report.gaps] == [pytest.approx(area_m2(CELLS[0]), rel=1e-9)]


def test_hole_of_the_parent_is_no_gap() -> None:
    """A neighbour's enclave: the parent leaves it out, so may the division."""
    geoms = [g for i, g in enumerate(CELLS) if i != 5]
    codes = [c for i, c in enumerate(CODES) if i != 5]
    assert len(check_coverage(codes, geoms).gaps) == 1
    assert check_coverage(codes, geoms, shapely.difference(OUTLINE, CELLS[5])).gaps == []


def test_ground_beyond_the_parent_is_counted() -> None:
    report = check_coverage(CODES, CELLS, shapely.box(114, 22.5, 114.04, 22.525))
    assert report.outside_m2 == pytest.approx(area_m2(shapely.box(114, 22.525, 114.04, 22.53)), rel=1e-9)
    assert report.valid


@pytest.mark.parametrize(
    "other",
    [CELLS[0], shapely.box(114.002, 22.502, 114.004, 22.504), shapely.box(114.0, 22.5, 114.005, 22.51)],
)
def test_area_drawn_twice_or_inside_another_is_an_overlap(other: Any) -> None:
    report = check_coverage(["b", "a"], [CELLS[0], other])
    assert report.overlaps == [Overlap("a", "b", pytest.approx(area_m2(other), rel=1e-9))]


def test_slivers_within_the_tolerance_are_listed_and_accepted() -> None:
    geoms = [*CELLS]
    geoms[0] = shapely.box(114, 22.5, 114.01001, 22.51)  # one metre wide
    report = check_coverage(CODES, geoms, OUTLINE, tolerance_m2=2000.0)
    assert len(report.overlaps) == 1
    assert 1000 < report.max_overlap_m2 < 1200
    assert (report.valid, report.valid_within(1000.0), report.valid_within(1200.0)) == (True, False, True)
    assert not check_coverage(CODES, geoms, OUTLINE).valid


def test_largest_overlap_comes_first() -> None:
    geoms = [*CELLS]
    geoms[0] = shapely.box(114, 22.5, 114.0101, 22.51)
    geoms[2] = shapely.box(114.02, 22.5, 114.031, 22.51)
    report = check_coverage(CODES, geoms)
    assert [(o.code_a, o.code_b) for o in report.overlaps] == [("0002", "0003"), ("0000", "0001")]


def test_areas_without_polygon_take_no_part() -> None:
    assert check_coverage([*CODES, "x"], [*CELLS, None], OUTLINE).valid
    assert check_coverage([], []).valid
    assert check_coverage(["x"], [None]).valid


@pytest.mark.parametrize("bad", [shapely.Point(114, 22), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])
def test_shape_that_cannot_be_measured_is_refused_by_code(bad: Any) -> None:
    with pytest.raises(BadInput) as caught:
        check_coverage([*CODES, "0999"], [*CELLS, bad])
    assert (caught.value.code, caught.value.values["code"]) == ("GW-GEO-040", "0999")


@given(
    st.integers(0, 11),
    st.sampled_from([(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (0.7, 0.7)]),
    st.floats(1e-6, 5e-3),
)
def test_any_moved_area_makes_gap_and_overlap_or_ground_outside(
    which: int, way: tuple[float, float], by: float
) -> None:
    """R-GRID-04: what a moved area leaves is a gap; what it takes is an overlap or lies outside."""
    geoms = [*CELLS]
    geoms[which] = shapely.transform(CELLS[which], lambda xy: xy + np.array(way) * by)
    report = check_coverage(CODES, geoms, OUTLINE)
    lost = area_m2(shapely.difference(CELLS[which], geoms[which]))
    assert sum(g.m2 for g in report.gaps) == pytest.approx(lost, rel=1e-6, abs=0.5)
    taken = sum(o.m2 for o in report.overlaps) + report.outside_m2
    assert taken == pytest.approx(area_m2(shapely.difference(geoms[which], CELLS[which])), rel=1e-6, abs=0.5)


def test_repair_gives_overlaps_to_the_first_and_reports_what_moved() -> None:
    geoms = [*CELLS]
    geoms[5] = cell(1, 1, shift=0.0001)
    repair = repair_coverage(geoms)
    assert check_coverage(CODES, repair.geoms).overlaps == []
    # Cell 5 comes before cell 6, so it keeps the strip and 6 loses it.
    assert list(repair.moved_m2) == [6]
    assert repair.max_moved_m2 == pytest.approx(
        area_m2(shapely.box(114.02, 22.51, 114.0201, 22.52)), rel=1e-4
    )
    assert repair.vanished == []


def test_repair_of_a_clean_division_moves_nothing() -> None:
    repair = repair_coverage(CELLS)
    assert (repair.moved_m2, repair.max_moved_m2) == ({}, 0.0)
    assert all(shapely.equals(CELLS, repair.geoms))


def test_repair_closes_narrow_gaps_when_asked() -> None:
    geoms = [*CELLS]
    geoms[5] = shapely.box(114.0101, 22.51, 114.02, 22.52)
    assert len(check_coverage(CODES, repair_coverage(geoms).geoms).gaps) == 1
    closed = repair_coverage(geoms, gap_width_deg=0.0002)
    assert check_coverage(CODES, closed.geoms, OUTLINE).valid


def test_repair_names_an_area_that_others_cover_wholly() -> None:
    repair = repair_coverage([CELLS[0], CELLS[0], None])
    assert (repair.vanished, repair.geoms[2]) == ([1], None)


def test_share_inside_and_the_99_percent_rule() -> None:
    child = cell(0, 0)
    assert share_inside(child, OUTLINE) == pytest.approx(1.0)
    assert not outside_parent(child, OUTLINE)
    assert share_inside(child, shapely.box(114, 22.5, 114.0098, 22.6)) == pytest.approx(0.98)
    assert outside_parent(child, shapely.box(114, 22.5, 114.0098, 22.6))
    assert not outside_parent(child, shapely.box(114, 22.5, 114.0098, 22.6), min_share=0.97)
    assert not outside_parent(child, shapely.box(114, 22.5, 114.00995, 22.6))
    assert share_inside(shapely.Point(114, 22.5), OUTLINE) == 0.0


def test_miniature_has_exactly_one_precinct_outside_its_ward() -> None:
    """The pattern of Boston's 0115: the code names ward 01, the ground lies in ward 02."""
    wards = {"01": shapely.box(114.0, 22.5, 114.02, 22.52), "02": shapely.box(114.02, 22.5, 114.04, 22.52)}
    precincts = read_features((MINI / "dirty.geojson").read_bytes(), repair=True).features
    named = {f.properties["code"]: f.geometry for f in precincts}
    assert len(named) == 7
    assert [c for c, g in named.items() if outside_parent(g, wards[c[:2]])] == ["0115"]


def test_iou_of_same_half_and_strange_ground() -> None:
    assert iou(CELLS[0], CELLS[0]) == pytest.approx(1.0)
    assert iou(CELLS[0], shapely.box(114, 22.5, 114.005, 22.51)) == pytest.approx(0.5)
    assert iou(CELLS[0], CELLS[5]) == 0.0
    assert iou(shapely.Polygon(), shapely.Polygon()) == 0.0


def test_lineage_of_split_merge_and_unchanged() -> None:
    """0000 is split in two, 0001 and 0002 are merged, 0003 stays (R-GRID-15: a larger one absorbs)."""
    west, east = shapely.box(114, 22.5, 114.005, 22.51), shapely.box(114.005, 22.5, 114.01, 22.51)
    merged = shapely.box(114.01, 22.5, 114.03, 22.51)
    rows = lineage(CODES[:4], CELLS[:4], ["n1", "n2", "n3", "0003"], [west, east, merged, CELLS[3]])
    half, whole = pytest.approx(0.5), pytest.approx(1.0)
    assert rows == [
        Lineage("0000", "n1", half, whole),
        Lineage("0000", "n2", half, whole),
        Lineage("0001", "n3", whole, half),
        Lineage("0002", "n3", whole, half),
        Lineage("0003", "0003", whole, whole),
    ]


def test_lineage_leaves_out_shares_below_the_limit_and_mere_neighbours() -> None:
    wider = shapely.box(114, 22.5, 114.01005, 22.51)  # takes half a percent of the neighbour
    rows = lineage(CODES[:2], CELLS[:2], ["new"], [wider])
    assert [(r.old, r.new) for r in rows] == [("0000", "new")]
    assert [r.old for r in lineage(CODES[:2], CELLS[:2], ["new"], [wider], min_share=0.001)] == [
        "0000",
        "0001",
    ]
    assert lineage(CODES[:1], CELLS[:1], ["far"], [cell(9, 9)]) == []
    assert lineage(["x"], [None], ["y"], [CELLS[0]]) == []


@given(st.lists(st.integers(0, 5), min_size=12, max_size=12))
def test_lineage_shares_of_every_old_area_add_up_to_one(groups: list[int]) -> None:
    """However the cells are merged into new areas, no ground is lost."""
    used = sorted(set(groups))
    new = [shapely.union_all([c for c, g in zip(CELLS, groups, strict=True) if g == n]) for n in used]
    rows = lineage(CODES, CELLS, [str(n) for n in used], new)
    for code in CODES:
        assert math.isclose(sum(r.share_of_old for r in rows if r.old == code), 1.0, rel_tol=1e-9)
    for n in used:
        assert math.isclose(sum(r.share_of_new for r in rows if r.new == str(n)), 1.0, rel_tol=1e-9)


def test_simplified_coverage_stays_a_coverage_where_plain_simplification_breaks_it() -> None:
    waves = [(114.01 + 0.0008 * math.sin(i / 3), 22.5 + i * 0.0005) for i in range(41)]
    left = shapely.Polygon([(114, 22.5), *waves, (114, 22.52)])
    right = shapely.Polygon([*waves, (114.02, 22.52), (114.02, 22.5)])
    simple = simplify_coverage([left, right, None], 0.002)
    assert simple[2] is None
    assert (
        shapely.get_num_coordinates(simple[:2]).sum() < shapely.get_num_coordinates([left, right]).sum() / 2
    )
    assert shapely.coverage_is_valid(simple[:2])
    assert check_coverage(["a", "b"], simple[:2]).overlaps == []
    assert simplify_coverage([None], 0.1) == [None]


def test_sequence_reads_like_a_page_from_the_north_west() -> None:
    """Numbering inside a community: west → east, north → south."""
    order = sequence_codes(CELLS)
    assert [CODES[i] for i in order] == [f"{r:02d}{c:02d}" for r in (2, 1, 0) for c in range(4)]


def test_sequence_takes_slightly_lower_areas_into_the_same_row() -> None:
    west, east = cell(0, 0), cell(1, 0)
    lower = shapely.transform(west, lambda xy: xy - np.array([0, STEP * 0.4]))
    next_row = shapely.transform(west, lambda xy: xy - np.array([0, STEP * 0.6]))
    assert sequence_codes([east, lower]) == [1, 0]
    assert sequence_codes([east, next_row]) == [0, 1]
    assert sequence_codes([]) == []


@given(st.integers(0, 2**32))
def test_sequence_does_not_depend_on_the_order_of_arrival(seed: int) -> None:
    """Equal centroids too: a ring and its core share a centre."""
    ring = shapely.difference(shapely.box(115, 22, 115.03, 22.03), shapely.box(115.01, 22.01, 115.02, 22.02))
    areas = [*CELLS, ring, shapely.box(115.01, 22.01, 115.02, 22.02)]
    mixed = random.Random(seed).sample(range(len(areas)), len(areas))
    first = [areas[i].wkb for i in sequence_codes(areas)]
    again = [areas[mixed[i]].wkb for i in sequence_codes([areas[i] for i in mixed])]
    assert first == again
