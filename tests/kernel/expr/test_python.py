"""The Python function on rows that are not fresh from JSON."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from gridward.kernel.expr import check, compile_python
from tests.kernel.expr.sample import SCHEMA


class Trade(StrEnum):
    FOOD = "food"


@pytest.mark.parametrize(
    ("text", "row", "value"),
    [
        ("opened >= '2026-03-01'", {"opened": date(2026, 3, 1)}, True),
        ("trade == 'food'", {"trade": Trade.FOOD}, True),
        ("trade in ['food']", {"trade": Trade.FOOD}, True),
        ("share > 0.5", {"share": float("nan")}, False),
        ("share", {"share": float("inf")}, None),
        ("count", {"count": float("inf")}, None),
        ("size(tags)", {"tags": ("a", "b")}, 2),
        ("name", {"name": ["a"]}, None),
        ("'夜市' in tags", {"tags": {"夜市": 1}}, False),
        ("owner.age", {"owner": MappingProxyType({"age": 3})}, 3),
    ],
)
def test_value_of_an_unusual_row(text: str, row: dict[str, Any], value: Any) -> None:
    assert compile_python(check(text, SCHEMA))(row) == value


def test_row_may_be_any_mapping() -> None:
    assert compile_python(check("count > 1", SCHEMA))(MappingProxyType({"count": 2})) is True
