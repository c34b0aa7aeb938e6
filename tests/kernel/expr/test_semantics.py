"""What expressions mean: each line holds in Python, SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest

from gridward.kernel.expr import check, compile_python
from tests.kernel.expr.engines import Postgres, Sqlite, same
from tests.kernel.expr.sample import SCHEMA

Case = tuple[str, dict[str, Any], Any]

NULLS: list[Case] = [
    ("name", {}, None),
    ("licensed", {}, None),
    ("licensed", {"licensed": False}, False),
    ("name == null", {}, True),
    ("null == name", {"name": ""}, False),
    ("name != null", {"name": ""}, True),
    ("null == null", {}, True),
    ("null != null", {}, False),
    ("tags == null", {}, True),
    ("tags == null", {"tags": []}, False),
    ("(count > 3) == null", {}, False),
    ("count == fen", {}, False),
    ("count != fen", {}, False),
    ("count != 3", {}, False),
    ("count < 3", {}, False),
    ("!(count < 3)", {}, True),
    ("name in ['a']", {}, False),
    ("'near_school' in tags", {}, False),
    ("name.contains('')", {}, False),
    ("name.endsWith('')", {}, False),
    ("name.contains(street)", {"name": "a"}, False),
    ("count + 1", {}, None),
    ("-count", {}, None),
    ("size(name)", {}, None),
    ("count + fen == null", {"count": 1}, True),
    ("null", {}, None),
    ("licensed ? 1 : null", {}, None),
    ("(licensed ? null : null) == null", {}, True),
    ("name == (licensed ? null : null)", {}, True),
    ("count == 1 / 0", {"count": 0}, False),
]
LOGIC: list[Case] = [
    ("!licensed", {}, True),
    ("licensed && true", {}, False),
    ("licensed || false", {}, False),
    ("licensed || true", {}, True),
    ("licensed ? 'a' : 'b'", {}, "b"),
    ("licensed == key_unit", {"licensed": True, "key_unit": True}, True),
    ("licensed == false", {}, False),
    ("true || false && false", {}, True),
    ("(true || false) && false", {}, False),
    ("!licensed && key_unit", {"licensed": False, "key_unit": True}, True),
    ("licensed ? key_unit ? 1 : 2 : 3", {"licensed": True}, 2),
]
NUMBERS: list[Case] = [
    ("count / 2", {"count": 7}, 3),
    ("count / 2", {"count": -7}, -3),
    ("count % 3", {"count": 7}, 1),
    ("count % 3", {"count": -7}, -1),
    ("count % -3", {"count": 7}, 1),
    ("7 / count", {"count": 0}, None),
    ("7 % count", {"count": 0}, None),
    ("1.5 / share", {"share": 0.0}, None),
    ("1.5 / share", {"share": -0.0}, None),
    ("count / 2.0", {"count": 7}, 3.5),
    ("2 * share", {"share": 0.25}, 0.5),
    ("(licensed ? 1 : 2.5) / 2", {"licensed": True}, 0.5),
    ("count == 3.0", {"count": 3}, True),
    ("count < 3.5", {"count": 3}, True),
    ("count in [1.5, 3]", {"count": 3}, True),
    ("large > 1e15", {"large": 2**53 - 1}, True),
    ("large + 1", {"large": 2**53 - 1}, 2**53),
    ("large * 1000", {"large": -(2**53 - 1)}, -9007199254740991000),
    ("- - count", {"count": -4}, -4),
    ("10 - 4 - 3", {}, 3),
    ("2 + 3 * 4", {}, 14),
    ("100 / 10 / 5", {}, 2),
    ("0.1 + 0.2 > 0.3", {}, True),
]
STORED: list[Case] = [
    ("count", {"count": "3"}, None),
    ("count", {"count": True}, None),
    ("count", {"count": 3.0}, 3),
    ("count", {"count": 3.5}, None),
    ("count", {"count": 50}, 50),
    ("count", {"count": 51}, None),
    ("large", {"large": 2**53}, None),
    ("large", {"large": 2**70}, None),
    ("share", {"share": 2}, 2.0),
    ("share", {"share": 1e-16}, None),
    ("share", {"share": 2e15}, None),
    ("licensed", {"licensed": 1}, None),
    ("licensed", {"licensed": "true"}, None),
    ("name", {"name": 5}, None),
    ("name", {"name": None}, None),
    ("opened", {"opened": 20260301}, None),
    ("size(tags)", {"tags": "夜市"}, None),
    ("owner.name", {"owner": {"name": "王"}}, "王"),
    ("owner.age >= 18", {"owner": {"age": 18}}, True),
    ("owner.name", {"owner": {}}, None),
    ("owner.name", {"owner": "王"}, None),
    ("owner.name == null", {}, True),
]
TEXT: list[Case] = [
    ("size(name)", {"name": "测试😀"}, 3),
    ("size(name)", {"name": ""}, 0),
    ("size(name)", {"name": "\U0001f468\u200d\U0001f469"}, 3),
    ("name == 'é'", {"name": "e\u0301"}, False),
    ("name == 'A'", {"name": "a"}, False),
    ("name < 'a'", {"name": "Z"}, True),
    ("name < '😀'", {"name": "\uff21"}, True),
    ("name > '9'", {"name": "10"}, False),
    ("name.contains('试')", {"name": "测试😀"}, True),
    ("name.contains('')", {"name": ""}, True),
    ("name.contains('%')", {"name": "abc"}, False),
    ("name.contains('_')", {"name": "a_c"}, True),
    ("name.startsWith('测')", {"name": "测试"}, True),
    ("name.startsWith('试')", {"name": "测试"}, False),
    ("name.startsWith('')", {"name": "a"}, True),
    ("name.startsWith('abcd')", {"name": "abc"}, False),
    ("name.endsWith('😀')", {"name": "测试😀"}, True),
    ("name.endsWith('')", {"name": ""}, True),
    ("name.endsWith('xabc')", {"name": "abc"}, False),
    ("name.endsWith(street)", {"name": "长安街", "street": "街"}, True),
    ("name.endsWith(street)", {"name": "长安街", "street": ""}, True),
    ("name.endsWith(street)", {"name": "街", "street": "长安街"}, False),
    ("name.contains(street)", {"name": "长安街", "street": "安"}, True),
    (r"name == 'it\'s \\ \u98df\U0001F600'", {"name": "it's \\ 食😀"}, True),
    ("'a' == name", {"name": "a"}, True),
    ("(licensed ? name : street).contains('a')", {"street": "ba"}, True),
]
DAYS: list[Case] = [
    ("opened >= '2024-02-29'", {"opened": "2024-02-29"}, True),
    ("opened < '2024-02-29'", {"opened": "2024-02-28"}, True),
    ("'2024-02-29' < opened", {"opened": "2024-03-01"}, True),
    ("opened in ['2024-01-01', closed]", {"opened": "2024-05-05", "closed": "2024-05-05"}, True),
    ("'2024-05-05' in [opened, closed]", {"closed": "2024-05-05"}, True),
    ("opened == closed", {"opened": "2024-05-05", "closed": "2024-05-05"}, True),
    ("(licensed ? opened : '2024-01-01') < closed", {"closed": "2024-01-02"}, True),
]
LISTS: list[Case] = [
    ("trade in ['food', 'drug']", {"trade": "drug"}, True),
    ("name in [street, 'a']", {"name": "a"}, True),
    ("name in [street, 'a']", {"name": "b"}, False),
    ("'夜市' in tags", {"tags": ["near_school", "夜市"]}, True),
    ("'夜市' in tags", {"tags": ["夜"]}, False),
    ("count in floors", {"count": 2, "floors": [1, 2.0, "2"]}, True),
    ("1 in floors", {"floors": [True, "1", [1]]}, False),
    ("'2026-03-01' in visits", {"visits": ["2026-03-01"]}, True),
    ("size(floors)", {"floors": [1, None, "x"]}, 3),
    ("size(floors)", {"floors": {"a": 1}}, None),
    ("licensed in [true, key_unit]", {"licensed": False, "key_unit": False}, True),
]
EXAMPLES: list[Case] = [
    (
        "trade in ['food','drug','hazmat','entertainment'] || !licensed",
        {"trade": "food", "licensed": True},
        True,
    ),
    (
        "trade in ['food','drug','hazmat','entertainment'] || !licensed",
        {"trade": "x", "licensed": True},
        False,
    ),
    ("trade in ['food','drug','hazmat','entertainment'] || !licensed", {}, True),
    ("count + fen/50", {"count": 12, "fen": 899}, 29),
    ("true", {}, True),
]


@pytest.mark.parametrize(
    ("text", "row", "value"), [*NULLS, *LOGIC, *NUMBERS, *STORED, *TEXT, *DAYS, *LISTS, *EXAMPLES]
)
def test_expression_on_a_row_has_one_value_everywhere(
    text: str, row: dict[str, Any], value: Any, sqlite: Sqlite, postgres: Postgres
) -> None:
    """04-packs, Expressions."""
    node = check(text, SCHEMA)
    found = {
        "python": compile_python(node)(row),
        "sqlite": sqlite.single(node, row),
        "postgresql": postgres.single(node, row),
    }
    assert {engine: v for engine, v in found.items() if not same(v, value)} == {}
