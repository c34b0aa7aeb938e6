"""An expression that passes the check never overflows SQLite's parser."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gridward.kernel.expr import check, compile_python, examine, json_columns, to_sql
from gridward.kernel.expr.weight import SURROUNDING, WEIGHT_MAX, weight
from tests.kernel.expr.grow import sources
from tests.kernel.expr.sample import SCHEMA

COLUMNS = json_columns("sqlite", "r.fields", SCHEMA)
# A bracket takes one entry; this many fit round a constant after "SELECT".
BRACKETS = 93


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE r (id integer primary key, fields text)")
    connection.execute("INSERT INTO r VALUES (1, '{}')")
    yield connection
    connection.close()


def parses(database: sqlite3.Connection, sql: str, params: list[Any], brackets: int) -> bool:
    text = f"SELECT {'(' * brackets}{sql}{')' * brackets} FROM r".replace("%s", "?").replace("%%", "%")
    try:
        database.execute(text, params)
    except sqlite3.OperationalError as error:
        assert str(error) == "parser stack overflow"
        return False
    return True


def test_room_is_what_the_weights_assume(database: sqlite3.Connection) -> None:
    assert parses(database, "1", [], BRACKETS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(source=sources())
def test_weight_is_at_least_what_the_parser_needs(source: str, database: sqlite3.Connection) -> None:
    node, _ = examine(source, SCHEMA)
    if node is not None:
        sql, params = to_sql(node, "sqlite", COLUMNS)
        assert parses(database, sql, params, BRACKETS - weight(node))


def nested(pattern: str, leaf: str, times: int) -> str:
    text = leaf
    for _ in range(times):
        text = pattern.replace("…", text)
    return text


DEEP = [
    ("!(…)", "licensed"),
    ("(… || key_unit)", "licensed"),
    ("(key_unit && …)", "licensed"),
    ("(key_unit == …)", "licensed"),
    ("(… ? key_unit : licensed)", "licensed"),
    ("(key_unit ? … : licensed)", "licensed"),
    ("(key_unit ? licensed : …)", "licensed"),
    ("(… + 1)", "count"),
    ("(1 + …)", "count"),
    ("(7 / …)", "count"),
    ("(7.5 - …)", "count"),
    ("-(…)", "count"),
    ("(count in [1, …] ? 1 : 2)", "count"),
    ("(size(licensed ? name : street) > … ? 1 : 2)", "count"),
    ("(… == null)", "licensed"),
    ("((licensed ? name : street).endsWith(street) == …)", "licensed"),
    ("(… == ('夜市' in tags))", "licensed"),
]


@pytest.mark.parametrize(("pattern", "leaf"), DEEP)
def test_deepest_expression_that_passes_parses_inside_a_statement(
    pattern: str, leaf: str, database: sqlite3.Connection
) -> None:
    deepest = max(n for n in range(60) if examine(nested(pattern, leaf, n), SCHEMA)[0] is not None)
    node = check(nested(pattern, leaf, deepest), SCHEMA)
    sql, params = to_sql(node, "sqlite", COLUMNS)
    assert parses(database, sql, params, SURROUNDING - (100 - BRACKETS))
    compile_python(node)({})


def test_expression_that_is_too_deep_is_told_its_depth() -> None:
    _, problems = examine(nested("(7 / …)", "count", 20), SCHEMA)
    assert [(p.code, p.values["found"], p.values["allowed"]) for p in problems] == [
        ("GW-EXPR-026", 20 * 6 + 18, WEIGHT_MAX)
    ]


def test_chain_of_choices_and_rows_of_conditions_do_not_nest(database: sqlite3.Connection) -> None:
    chain = " : ".join(f"count == {n} ? {n}" for n in range(40)) + " : 0"
    for text in (chain, " || ".join(["licensed"] * 150), " && ".join(["!licensed"] * 150)):
        sql, params = to_sql(check(text, SCHEMA), "sqlite", COLUMNS)
        assert parses(database, sql, params, SURROUNDING)


def test_planted_weight_is_named(database: sqlite3.Connection) -> None:
    """One level more than the stack holds overflows: the guard is needed."""
    sql = nested("(7 / NULLIF(…, 0))", "1", 20)
    assert sqlite3.sqlite_version_info >= (3, 46) or not parses(database, sql, [], 0)
