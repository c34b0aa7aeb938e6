"""Mistakes in an expression: each is told with its place, what is allowed and a form that works."""

from __future__ import annotations

from typing import Any

import pytest

from gridward.kernel.errors import BadInput, ManyProblems
from gridward.kernel.expr import Bool, Date, Float, Int, Null, Text, Type, check, examine, unparse
from gridward.kernel.expr.syntax import DEPTH_MAX, LENGTH_MAX
from tests.kernel.expr.sample import SCHEMA


def told(text: str, wants: type | None = None) -> list[tuple[str, int]]:
    """Code and place of every mistake."""
    return [(p.code, p.values["at"]) for p in examine(text, SCHEMA, wants=wants)[1]]


def only(text: str) -> BadInput:
    _, problems = examine(text, SCHEMA)
    assert len(problems) == 1, [p.sentence("en") for p in problems]
    return problems[0]


@pytest.mark.parametrize(
    ("text", "code", "at", "values"),
    [
        ("", "GW-EXPR-003", 1, {}),
        (" \n ", "GW-EXPR-003", 1, {}),
        ("count > 1 @ 2", "GW-EXPR-004", 11, {"found": "@"}),
        ("count\x00", "GW-EXPR-004", 6, {"found": "U+0000"}),
        ("count == '\ud800'", "GW-EXPR-004", 11, {"found": "U+D800"}),
        ("count 5", "GW-EXPR-005", 7, {"found": "5"}),
        ("(count", "GW-EXPR-005", 7, {"allowed": ")"}),
        ("count >", "GW-EXPR-005", 8, {"allowed": "a field a number text true false null ! - ( ["}),
        ("count > 3 &&", "GW-EXPR-005", 13, {}),
        ("'abc", "GW-EXPR-007", 1, {"found": "'abc"}),
        (r"name == '\q'", "GW-EXPR-008", 10, {"found": r"\q"}),
        (r"name == 'ab\u0000'", "GW-EXPR-008", 12, {"found": r"\u0000"}),
        (r"name == '\ud800'", "GW-EXPR-008", 10, {"found": r"\ud800"}),
        (r"name == '\U00110000'", "GW-EXPR-008", 10, {"found": r"\U00110000"}),
        ("large == 9007199254740992", "GW-EXPR-010", 10, {"found": 9007199254740992}),
        ("share == 1e300", "GW-EXPR-010", 10, {"found": 1e300}),
        ("share == 1e-300", "GW-EXPR-010", 10, {"found": 1e-300}),
        ("1e999 > 2", "GW-EXPR-010", 1, {}),
        ("trad == 'food'", "GW-EXPR-011", 1, {"found": "trad", "closest_en": "Did you mean trade? "}),
        ("行业 == 'food'", "GW-EXPR-011", 1, {"found": "行业", "closest_en": ""}),
        ("owner.nam == 'x'", "GW-EXPR-011", 7, {"found": "owner.nam"}),
        ("name.startswith('a')", "GW-EXPR-012", 6, {"closest_en": "Did you mean startsWith? "}),
        ("has(name)", "GW-EXPR-012", 1, {"closest_en": "Did you mean x != null? "}),
        ("name.matches('a.*')", "GW-EXPR-012", 6, {"found": "matches"}),
        ("size(count)", "GW-EXPR-013", 1, {"found": "whole number"}),
        ("size(name, name)", "GW-EXPR-013", 1, {"found": "2 values"}),
        ("name.contains()", "GW-EXPR-013", 6, {"found": "0 values"}),
        ("name.contains(5)", "GW-EXPR-013", 6, {"found": "whole number"}),
        ("name.contains(licensed ? 'a' : 'b')", "GW-EXPR-013", 6, {"found": "a computed text"}),
        ("count.contains('a')", "GW-EXPR-014", 7, {"found": "whole number"}),
        ("count + name", "GW-EXPR-014", 7, {"found": "text", "allowed": "whole number or decimal"}),
        ("count + null", "GW-EXPR-014", 7, {"found": "null"}),
        ("share % 2", "GW-EXPR-014", 7, {"found": "decimal", "allowed": "whole number"}),
        ("-licensed", "GW-EXPR-014", 1, {"found": "yes/no"}),
        ("licensed && count", "GW-EXPR-014", 13, {"found": "whole number"}),
        ("!null", "GW-EXPR-014", 1, {"found": "null"}),
        ("count ? 1 : 2", "GW-EXPR-014", 7, {"found": "whole number"}),
        ("trade in 'food'", "GW-EXPR-014", 7, {"found": "text", "allowed": "list"}),
        ("count > '3'", "GW-EXPR-015", 7, {"found": "whole number > text"}),
        ("count < null", "GW-EXPR-015", 7, {"allowed": "Use only == or != with null. "}),
        ("licensed < key_unit", "GW-EXPR-015", 10, {"allowed": "Use only == or != with yes/no. "}),
        ("1 < count < 3", "GW-EXPR-015", 11, {"sample": "penalties > 1 && penalties < 5"}),
        ("opened == name", "GW-EXPR-015", 8, {"found": "date == text"}),
        ("count in tags", "GW-EXPR-015", 7, {"found": "whole number in text"}),
        ("count in ['a']", "GW-EXPR-015", 7, {"found": "whole number in text"}),
        ("tags == 'a'", "GW-EXPR-016", 1, {}),
        ("[1, 2]", "GW-EXPR-016", 1, {}),
        ("size(['a'])", "GW-EXPR-016", 6, {}),
        ("trade in []", "GW-EXPR-017", 10, {"found": "0 values"}),
        ("trade in ['food', null]", "GW-EXPR-017", 10, {"found": "text and null"}),
        ("trade in ['food', 1]", "GW-EXPR-017", 10, {"found": "text and whole number"}),
        ("large * large", "GW-EXPR-018", 7, {"found": (2**53 - 1) ** 2, "allowed": str(2**63 - 1)}),
        ("large * 2 > 1.5", "GW-EXPR-019", 11, {"found": 2 * (2**53 - 1), "allowed": 2**53 - 1}),
        ("large * 2 in floors", "GW-EXPR-019", 11, {}),
        ("trade == 'fod'", "GW-EXPR-020", 10, {"found": "fod", "closest_en": "Did you mean food? "}),
        ("'zzz' != trade", "GW-EXPR-020", 1, {"found": "zzz"}),
        ("trade in ['food', 'drg']", "GW-EXPR-020", 19, {"found": "drg"}),
        ("'zzz' in tags", "GW-EXPR-020", 1, {"name": "tags"}),
        ("opened > '2024-2-3'", "GW-EXPR-021", 10, {"found": "2024-2-3", "allowed": "YYYY-MM-DD"}),
        ("opened > '2023-02-29'", "GW-EXPR-021", 10, {}),
        ("opened in ['2023-02-29']", "GW-EXPR-021", 12, {}),
        ("'20240101' in visits", "GW-EXPR-021", 1, {}),
        ("licensed ? 1 : 'a'", "GW-EXPR-022", 10, {"found": "whole number, text"}),
        ("name.length", "GW-EXPR-024", 6, {"name": "length"}),
        ("owner == null", "GW-EXPR-025", 1, {"allowed": "owner.name, owner.age, owner.active"}),
    ],
)  # fmt: skip
def test_mistake_is_told_with_place_and_what_is_allowed(
    text: str, code: str, at: int, values: dict[str, Any]
) -> None:
    problem = only(text)
    assert (problem.code, problem.values["at"]) == (code, at)
    assert {key: problem.values[key] for key in values} == values


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("trade = 'food'", "trade == 'food'"),
        ("trade === 'food'", "trade == 'food'"),
        ("trade <> 'food'", "trade != 'food'"),
        ("licensed and key_unit", "licensed && key_unit"),
        ("licensed & key_unit", "licensed && key_unit"),
        ("licensed or key_unit", "licensed || key_unit"),
        ("not licensed", "!licensed"),
        ("licensed == True", "licensed == true"),
        ("name == None", "name == null"),
        ("name == “食品”", "name == '食品'"),
        ("name.contains（'食'）", "name.contains('食')"),
        ("count ≥ 3", "count >= 3"),
        ("count × 3 ÷ 2", "count * 3 / 2"),
        ("licensed 或 key_unit", "licensed || key_unit"),
        ("trade in 【'food'，'drug'】", "trade in ['food', 'drug']"),
    ],
)
def test_slip_of_spelling_is_told_and_the_right_form_passes(text: str, right: str) -> None:
    assert {code for code, _ in told(text)} == {"GW-EXPR-006"}
    assert unparse(check(right, SCHEMA)) == right


def test_all_mistakes_are_told_in_one_run_in_order() -> None:
    text = "x > 1 and y < 2 || trade = 'zzz' && count + 'a' > 2"
    assert told(text) == [
        ("GW-EXPR-011", 1),
        ("GW-EXPR-006", 7),
        ("GW-EXPR-011", 11),
        ("GW-EXPR-006", 26),
        ("GW-EXPR-020", 28),
        ("GW-EXPR-014", 43),
    ]


def test_mistake_is_told_once_and_not_again_by_what_contains_it() -> None:
    assert told("size(trad) + 1 > 2 && (trad + 1) in [3]") == [("GW-EXPR-011", 6), ("GW-EXPR-011", 24)]


def test_check_raises_all_mistakes_with_both_languages() -> None:
    with pytest.raises(ManyProblems) as caught:
        check("x > 1 && y", SCHEMA)
    assert caught.value.code == "GW-EXPR-001"
    assert [p.values["found"] for p in caught.value.problems] == ["x", "y"]
    assert caught.value.sentence("zh").startswith("表达式有 2 处错误：第 1 个字：没有叫“x”的字段。")
    assert caught.value.sentence("en").startswith("The expression has 2 mistake(s): Character 1: there is no")


def test_line_and_column_of_a_folded_expression() -> None:
    problem = only("licensed &&\n  trad == 'food'")
    assert (problem.values["line"], problem.values["column"], problem.values["at"]) == (2, 3, 15)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("count", Int(-50, 50)),
        ("count + owner.age", Int(-50, 200)),
        ("count * count", Int(-2500, 2500)),
        ("-owner.age", Int(-150, 0)),
        ("fen / 100", Int(0, 10**10)),
        ("fen % 100", Int(0, 99)),
        ("licensed ? 1 : count", Int(-50, 50)),
        ("licensed ? name : null", Text()),
        ("licensed ? trade : name", Text()),
        ("opened", Date()),
        ("licensed && key_unit", Bool()),
        ("null", Null()),
        ("2.5", Float(2.5, 1)),
    ],
)
def test_type_of_an_expression(text: str, kind: Type) -> None:
    assert check(text, SCHEMA).type == kind


@pytest.mark.parametrize(
    ("text", "wants", "codes"),
    [
        ("licensed", Bool, []),
        ("count", Bool, ["GW-EXPR-023"]),
        ("null", Bool, ["GW-EXPR-023"]),
        ("null", Int, []),
        ("count", Float, []),
        ("share", Int, ["GW-EXPR-023"]),
        ("trade", Text, []),
        ("nowhere", Bool, ["GW-EXPR-011"]),
    ],
)
def test_wanted_type_is_checked(text: str, wants: type, codes: list[str]) -> None:
    assert [code for code, _ in told(text, wants)] == codes


def test_whole_number_becomes_decimal_where_one_is_wanted() -> None:
    assert type(check("count", SCHEMA, wants=Float).type) is Float


def test_length_of_2000_characters_passes_and_2001_not() -> None:
    text = "true ".ljust(LENGTH_MAX)
    assert told(text) == []
    assert told(text + " ") == [("GW-EXPR-002", LENGTH_MAX + 1)]


def test_nesting_of_50_levels_passes_and_51_not() -> None:
    assert told("!" * (DEPTH_MAX - 1) + "licensed") == []
    assert told("!" * DEPTH_MAX + "licensed") == [("GW-EXPR-009", 1)]


@pytest.mark.parametrize(
    "text", ["!" * 1999 + "x", "(" * 1999, "-" * 1999 + "1", "1" + "+1" * 999, "[" * 1999]
)
def test_hostile_nesting_is_refused_and_never_crashes(text: str) -> None:
    assert told(text) != []


def test_long_rows_of_and_or_brackets_are_not_nesting() -> None:
    assert told(" || ".join(["licensed"] * 150)) == []
    assert told("(" * 500 + "licensed" + ")" * 500) == []


def test_list_of_200_values_passes_and_201_not() -> None:
    assert told(f"count in [{','.join('1' * 200)}]") == []
    assert told(f"count in [{','.join('1' * 201)}]") == [("GW-EXPR-017", 10)]
