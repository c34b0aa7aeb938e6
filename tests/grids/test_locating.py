"""Point → area at a date; no query while the locator is warm."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from django.test.utils import CaptureQueriesContext

from gridward.grids import queries
from tests.grids.makers import DAY, LATER, geojson, load, middle, square, town

pytestmark = pytest.mark.django_db


def locator(on: date = DAY, **more: Any) -> queries.Locator:
    return queries.locator("town", on=on, stamp=queries.stamp(), **more)


def code_at(place: tuple[float, float], **more: Any) -> str | None:
    found = locator(**more).locate(*place)
    return found.code if found else None


def test_point_falls_into_the_lowest_level() -> None:
    """R-GRID-12."""
    town()
    assert code_at(middle(0, 1)) == "0101"
    assert code_at(middle(3, 0)) == "0204"
    assert code_at(middle(9, 9)) is None
    assert code_at((float("nan"), 30.0)) is None


def test_point_in_no_leaf_falls_up_to_the_parent() -> None:
    load([("01", square(0, 0, 2, 2)), ("02", square(2, 0, 2, 2))])
    load([("0101", square(0, 0))], level="grid", parent_level="street", parent_code_prefix=2)
    assert code_at(middle(0, 0)) == "0101"
    assert code_at(middle(1, 1)) == "01"
    assert code_at(middle(1, 1), rank=2) is None
    assert code_at(middle(0, 0), rank=1) == "01"


def test_point_in_two_areas_goes_to_the_lower_code() -> None:
    """Invariant 1."""
    load([("20", square(0, 0)), ("100", square(0.5, 0))], accept_slivers_m2=1e9)
    assert code_at((114.0075, 30.505)) == "100"


def test_many_points_are_located_as_one_by_one() -> None:
    load([("01", square(0, 0, 2, 2)), ("02", square(2, 0, 2, 2))])
    load(
        [("0101", square(0, 0)), ("0201", square(2, 0))],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
    )
    rng = np.random.default_rng(3)
    lons, lats = 113.99 + rng.random(500) * 0.06, 30.49 + rng.random(500) * 0.04
    lons[:3] = np.nan
    refs, found = locator().locate_many(lons, lats)
    many = [refs[i].code if i >= 0 else None for i in found.tolist()]
    assert many == [code_at(place) for place in zip(lons.tolist(), lats.tolist(), strict=True)]
    assert set(many) == {"0101", "0201", "01", "02", None}


def test_point_is_located_as_of_the_day() -> None:
    town()
    load([("03", square(0, 0, 4, 1)), ("04", square(0, 1, 4, 1))], valid_from=LATER)
    before, after = locator(rank=1), locator(LATER, rank=1)
    assert [x.locate(*middle(0, 0)).code for x in (before, after)] == ["01", "03"]  # type: ignore[union-attr]
    assert (before.valid_from, before.valid_to, after.valid_to) == (DAY, LATER, None)
    assert locator(date(2025, 1, 1)).locate(*middle(0, 0)) is None


def test_warm_locator_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    town()
    stamp = queries.stamp()
    first = queries.locator("town", on=DAY, stamp=stamp)
    queries.default_scheme(stamp)
    with django_assert_num_queries(0):
        again = queries.locator("town", on=date(2026, 3, 1), stamp=stamp)
        assert again is first
        assert again.locate(*middle(0, 0)) is not None
        assert queries.default_scheme(stamp) == "town"


def test_change_of_the_grids_wakes_a_warm_locator() -> None:
    town()
    assert code_at(middle(2, 0)) == "0203"
    load(
        [("0299", square(2, 0, 2, 2))],
        level="grid",
        parent_level="street",
        parent_code_prefix=2,
        valid_from=LATER,
    )
    assert code_at(middle(2, 0), on=LATER) == "0299"
    assert code_at(middle(2, 0)) == "0203"


def test_locator_reads_as_often_for_1_as_for_3_grids() -> None:
    from django.db import connection

    numbers = []
    for scheme, count in (("one", 1), ("three", 3)):
        load([(f"0{n}", square(n, 0)) for n in range(count)], scheme=scheme)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queries.locator(scheme, on=DAY, stamp=queries.stamp())
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_area_is_found_by_code_and_by_name() -> None:
    town()
    where = locator()
    ref = where.by_code("0101")
    assert ref is not None
    assert where.by_id(ref.id) == ref
    assert where.by_name("区0101") == ref
    assert (where.by_code("99"), where.by_name("区99")) == (None, None)
    stamp = queries.stamp()
    known = queries.area_ref(ref.id, stamp=stamp)
    assert known is not None
    assert (known.code, known.ancestors) == (ref.code, ref.ancestors)
    assert queries.find_area("town/0101", stamp=stamp) == known
    assert queries.find_area("0101", stamp=stamp) == known
    assert queries.named_area("区0101", stamp=stamp) == known


def test_name_shared_by_two_areas_names_none() -> None:
    load(geojson([("01", square(0, 0)), ("02", square(1, 0))], name="同名"))
    assert locator().by_code("01") is not None
    assert locator().by_name("同名") is None
