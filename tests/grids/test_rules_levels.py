"""What a scheme, a level and the fields of an area may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gridward.grids.rules import LevelSpec
from gridward.grids.rules.levels import (
    check_code,
    check_expected,
    check_fields,
    check_specs,
    check_strip,
    check_successor,
)
from gridward.kernel.errors import BadInput, Refused

STREET = LevelSpec(1, "street", "街道")
GRID = LevelSpec(2, "grid", "网格")


def refused_with(code: str, call: Any, *args: Any) -> None:
    with pytest.raises(Refused) as caught:
        call(*args)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["01", "wards", "440305001002003", "南山", "1906A", "x" * 64])
def test_code_of_any_script_passes(text: str) -> None:
    assert check_code(f" {text} ") == text


@pytest.mark.parametrize("text", ["", "  ", "a b", "x" * 65, "a\tb", "a\x00"])
def test_code_with_blanks_or_controls_is_refused(text: str) -> None:
    refused_with("GW-GRIDS-001", check_code, text)


def test_specs_are_ordered_by_rank() -> None:
    """R-GRID-01: 1 to 5 levels with names of their own."""
    assert check_specs([GRID, STREET]) == [STREET, GRID]


@pytest.mark.parametrize("ranks", [[], [2], [1, 3], [1, 1], [0, 1], [1, 2, 3, 4, 5, 6]])
def test_specs_with_gaps_or_too_many_ranks_are_refused(ranks: list[int]) -> None:
    refused_with(
        "GW-GRIDS-005", check_specs, [replace(STREET, rank=r, code=f"l{i}") for i, r in enumerate(ranks)]
    )


def test_specs_with_one_code_twice_are_refused() -> None:
    refused_with("GW-GRIDS-006", check_specs, [STREET, replace(GRID, code="street")])


@pytest.mark.parametrize(
    "change", [{"kind": "commercial"}, {"coverage": "some"}, {"overlaps": "yes"}, {"tolerance_m2": -1.0}]
)
def test_specs_with_unknown_choice_are_refused(change: dict[str, Any]) -> None:
    refused_with("GW-GRIDS-008", check_specs, [replace(STREET, **change)])


@pytest.mark.parametrize("count", [-1, 1.5, "3", True])
def test_expected_count_that_is_no_count_is_refused(count: Any) -> None:
    """R-GRID-14."""
    refused_with("GW-GRIDS-011", check_expected, {"community/urban": count})


def test_used_level_may_change_its_label_only() -> None:
    check_successor([STREET, GRID], [replace(STREET, label_zh="镇街"), GRID], {1, 2})
    refused_with("GW-GRIDS-007", check_successor, [STREET, GRID], [STREET], {2})
    refused_with("GW-GRIDS-007", check_successor, [STREET], [replace(STREET, code="town")], {1})
    check_successor([STREET, GRID], [STREET], {1})


def test_strip_is_kept_as_decimal_text() -> None:
    """R-GRID-13: road sections, storeys, door-front zones with length, width and height."""
    strip = {
        "kind": "door_front",
        "length_m": 12.50,
        "width_m": "3",
        "height_m": 2,
        "storey": 1,
        "from": " 南门 ",
    }
    assert check_strip(strip) == {
        "kind": "door_front",
        "length_m": "12.5",
        "width_m": "3",
        "height_m": "2",
        "storey": 1,
        "from": "南门",
    }


@pytest.mark.parametrize(
    "strip",
    [
        {"kind": "lawn"}, {"length_m": 0}, {"length_m": -1}, {"length_m": "wide"}, {"length_m": True},
        {"length_m": float("nan")}, {"width_m": 10**7}, {"storey": 1.5}, {"from": ""}, {"colour": "red"},
    ],
)  # fmt: skip
def test_strip_with_nonsense_is_refused(strip: dict[str, Any]) -> None:
    refused_with("GW-GRIDS-012", check_strip, strip)


FIELDS = replace(
    GRID,
    fields=(
        {"id": "households", "type": "integer"},
        {"id": "zone", "type": "choice", "choices": [{"id": "shop"}, "park"]},
        {"id": "uses", "type": "multichoice", "choices": ["a", "b"]},
        {"id": "since", "type": "date"},
        {"id": "share", "type": "number"},
        {"id": "fenced", "type": "bool"},
        {"id": "note"},
    ),
)


def test_fields_that_the_level_declares_pass() -> None:
    """R-GRID-09."""
    values = {
        "households": 1000, "zone": "shop", "uses": ["a", "b"], "since": "2026-01-01", "share": "0.25",
        "fenced": False, "note": None,
    }  # fmt: skip
    assert check_fields(FIELDS, values) == values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("households", "1000"), ("households", True), ("zone", "school"), ("uses", ["a", "c"]),
        ("since", "2026-1-1"), ("since", 20260101), ("share", 0.25), ("share", "a quarter"), ("fenced", 1),
        ("note", 7),
    ],
)  # fmt: skip
def test_field_of_another_type_is_refused(name: str, value: Any) -> None:
    refused_with("GW-GRIDS-010", check_fields, FIELDS, {name: value})


def test_field_that_is_not_declared_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadInput) as caught:
        check_fields(FIELDS, {"colour": "red"})
    assert caught.value.sentence("en") == (
        "The level “grid” has no field “colour”. Allowed: households, zone, uses, since, share, fenced, note."
    )
