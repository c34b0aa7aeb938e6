"""Invariant 1: what is measured, what is accepted and listed, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from shapely import box

from gridward.grids.rules.cover import Cover, Sliver, find_outside, judge, measure
from tests.grids.makers import square

# One step is 0.01 degree: about 957 m by 1,109 m.
CRACK = 1e-6


def measured(*areas: tuple[str, Any], ground: Any = None, quiet: set[str] | None = None) -> Cover:
    codes, shapes = [a for a, _ in areas], [g for _, g in areas]
    return measure(codes, shapes, ground=ground, quiet=quiet or set())


def ring_with_hole(width: float) -> list[tuple[str, Any]]:
    """Four areas around a hole of `width` steps, one step long."""
    return [
        ("01", square(0, 0, 3, 1)),
        ("02", square(0, 2, 3, 1)),
        ("03", square(0, 1, 1.5 - width / 2, 1)),
        ("04", square(1.5 + width / 2, 1, 1.5 - width / 2, 1)),
    ]


def test_overlap_names_the_lower_code_first() -> None:
    """R-GRID-04."""
    cover = measured(("02", square(0, 0)), ("01", square(0.9, 0)))
    assert [s.codes for s in cover.overlaps] == [("01", "02")]
    assert cover.overlaps[0].m2 == pytest.approx(106_210, rel=0.01)


def test_overlap_between_areas_that_do_not_change_is_left_out() -> None:
    areas = [("01", square(0, 0)), ("02", square(0.9, 0))]
    assert measured(*areas, quiet={"01", "02"}).overlaps == []
    assert len(measured(*areas, quiet={"01"}).overlaps) == 1


def test_gap_has_its_place_and_mean_width() -> None:
    cover = measured(*ring_with_hole(0.01))
    (gap,) = cover.gaps
    assert gap.width_m == pytest.approx(9.5, rel=0.02)
    assert (gap.lon, gap.lat) == (pytest.approx(114.015, abs=1e-6), pytest.approx(30.515, abs=1e-3))


def test_ground_shows_gaps_on_the_rim() -> None:
    assert measured(("01", square(0, 0))).gaps == []
    cover = measured(("01", square(0, 0)), ground=square(0, 0, 2))
    assert [round(gap.m2 / 1e6, 2) for gap in cover.gaps] == [1.06]


def test_drawn_division_with_a_gap_or_overlap_is_refused() -> None:
    """Invariant 1, 1 m² per pair."""
    cover = measured(*ring_with_hole(0.01))
    assert [p.code for p in judge(cover, tolerance_m2=1.0).refused] == ["GW-GRIDS-030"]
    cover = measured(("01", square(0, 0)), ("02", square(0.9, 0)))
    assert [p.code for p in judge(cover, tolerance_m2=1.0).refused] == ["GW-GRIDS-029"]


def test_sliver_within_what_is_accepted_is_listed() -> None:
    cover = Cover(overlaps=[Sliver(("01", "02"), 120.0), Sliver(("02", "03"), 0.5)])
    verdict = judge(cover, tolerance_m2=1.0, accept_m2=124.6)
    assert [s.codes for s in verdict.accepted] == [("01", "02")]
    assert verdict.refused == []
    (problem,) = judge(cover, tolerance_m2=1.0, accept_m2=100.0).refused
    assert problem.sentence("en") == (
        "“01” and “02” overlap by 120.00 m², more than the 100 m² allowed. Correct the map, or accept "
        "more with --accept-slivers (now 100; at least 120 is needed)."
    )


def test_declared_pair_may_overlap_at_any_size() -> None:
    """R-GRID-04: city finance grids overlap on purpose."""
    cover = measured(("01", square(0, 0)), ("02", square(0.5, 0)))
    verdict = judge(cover, tolerance_m2=1.0, declared={("01", "02")})
    assert (len(verdict.accepted), verdict.refused) == (1, [])


@pytest.mark.parametrize(
    ("width", "accept", "refused"),
    [
        (0.5, 0.0, 0),  # an enclave: another town, 478 m wide
        (0.005, 0.0, 1),  # a crack between neighbours, 4.7 m wide
        (0.005, 6000.0, 0),  # accepted by its m²
        (0.0005, 0.0, 1),  # a hairline of 0.5 m, nothing accepted
        (0.0005, 1.0, 0),  # the same where slivers are accepted
    ],
)
def test_imported_hole_is_refused_only_as_a_crack(width: float, accept: float, refused: int) -> None:
    cover = measured(*ring_with_hole(width))
    verdict = judge(cover, tolerance_m2=1.0, accept_m2=accept, drawn=False)
    assert len(verdict.refused) == refused


def test_area_outside_its_parent_is_refused_when_drawn_and_listed_when_imported() -> None:
    """R-GRID-02: under 99 % of its ground in the parent."""
    parent = square(0, 0, 10, 1)
    outside = find_outside(
        [
            ("a", square(0, 0), "p", parent),
            ("b", square(9.005, 0), "p", parent),
            ("c", square(9.02, 0), "p", parent),
            ("d", square(20, 0), "p", parent),
            ("e", None, "p", parent),
        ]
    )
    assert [(o.code, round(o.share, 3)) for o in outside] == [("c", 0.98), ("d", 0.0)]
    cover = Cover(outside=outside)
    assert [p.code for p in judge(cover, tolerance_m2=1.0).refused] == ["GW-GRIDS-031"] * 2
    assert judge(cover, tolerance_m2=1.0, drawn=False).refused == []
    assert cover.figures(1.0)["outside_parent"] == ["c", "d"]


def test_figures_count_above_the_tolerance_and_show_the_largest() -> None:
    cover = Cover(
        overlaps=[Sliver(("1", "2"), 9.126), Sliver(("2", "3"), 0.9)], gaps=[Sliver((), 0.4, 1.0, 2.0, 0.1)]
    )
    assert cover.figures(1.0) == {
        "outside_parent": [],
        "overlaps": {"pairs": 1, "max_m2": 9.13},
        "gaps": {"count": 0, "max_m2": 0.4},
    }


def test_area_with_a_hole_filled_by_another_leaves_no_gap() -> None:
    outer = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    assert measured(("1", outer), ("2", box(1, 1, 2, 2))).gaps == []
