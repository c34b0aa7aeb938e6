"""Columns: names are safe, indexes on their fragments are used, rows may come from joins."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
import pytest

from gridward.kernel.errors import Fault
from gridward.kernel.expr import (
    Float,
    Int,
    Record,
    Schema,
    Text,
    check,
    json_column,
    json_columns,
    to_filter,
    to_sql,
)
from gridward.kernel.expr.columns import plain_column
from tests.kernel.expr.sample import SCHEMA

VENDORS = ["sqlite", "postgresql"]
UNSAFE = ["", "a b", "a'b", 'a"b', "a;", "a--", "1a", "a.", "行业", "a%s", "a\n"]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_name_is_a_fault(vendor: str, name: str) -> None:
    for arguments in ((name, "a"), ("fields", name)):
        with pytest.raises(Fault) as caught:
            json_column(vendor, *arguments, Text())
        assert caught.value.code == "GW-EXPR-102"
    with pytest.raises(Fault):
        plain_column(vendor, name, Text())


@pytest.mark.parametrize(
    "kind", [Int(0, 2**53), Int(-(2**53), 0), Int(3, 2), Float(1e16), Float(0.0), Float(1.0, 5)]
)
def test_field_with_bounds_that_guarantee_nothing_is_a_fault(kind: Int | Float) -> None:
    with pytest.raises(Fault) as caught:
        json_column("sqlite", "fields", "a", kind)
    assert caught.value.code == "GW-EXPR-103"
    with pytest.raises(Fault) as caught:
        check("a > 0", {"a": kind})
    assert caught.value.code == "GW-EXPR-103"


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("column", ["fields", "s.fields", '"ledger_subject"."fields"'])
def test_safe_column_is_taken_as_it_is(vendor: str, column: str) -> None:
    assert column in json_column(vendor, column, "trade", Text())


@pytest.mark.parametrize("vendor", VENDORS)
def test_field_without_column_is_a_fault(vendor: str) -> None:
    with pytest.raises(Fault) as caught:
        to_sql(check("count > fen", SCHEMA), vendor, {"count": "c"})
    assert (caught.value.code, caught.value.values["found"]) == ("GW-EXPR-101", "fen")


@pytest.mark.parametrize("vendor", VENDORS)
def test_columns_of_a_schema_flatten_objects(vendor: str) -> None:
    schema: Schema = {"a": Int(), "b": Record({"c": Text(), "d": Record({"e": Int()})})}
    assert list(json_columns(vendor, "fields", schema)) == ["a", "b.c", "b.d.e"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_constants_are_parameters_and_text_has_none(vendor: str) -> None:
    node = check("name == 'x\\'; DROP' && count > 12345 && share < 0.5 && licensed == true", SCHEMA)
    text, params = to_sql(node, vendor, {p: p for p in ("name", "count", "share", "licensed")})
    assert params == ["x'; DROP", 12345, 0.5, True]
    assert [word for word in ("DROP", "12345", "0.5") if word in text] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_percent_sign_is_doubled_for_the_driver(vendor: str) -> None:
    text, _ = to_sql(check("count % fen", SCHEMA), vendor, {"count": "c", "fen": "f"})
    assert text == "(c %% NULLIF(f, 0))"


INDEXED = {"count": "count > 3", "trade": "trade in ['food', 'drug']", "opened": "opened >= '2024-01-01'"}


def test_filter_uses_an_index_on_the_fragment_sqlite() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE s (id integer primary key, fields text)")
    names = json_columns("sqlite", "fields", SCHEMA)
    for field, text in INDEXED.items():
        connection.execute(f"CREATE INDEX ix_{field} ON s ({names[field]})")
        where, params = to_filter(check(text, SCHEMA), "sqlite", names)
        sql = f"EXPLAIN QUERY PLAN SELECT id FROM s WHERE {where}".replace("%s", "?")
        assert f"USING INDEX ix_{field}" in connection.execute(sql, params).fetchone()[3]


def test_filter_uses_an_index_on_the_fragment_postgresql(pg_connection: psycopg.Connection[Any]) -> None:
    names = json_columns("postgresql", "fields", SCHEMA)
    with pg_connection.transaction(force_rollback=True):
        pg_connection.execute("CREATE TEMP TABLE s (id bigint primary key, fields jsonb)")
        pg_connection.execute("SET LOCAL enable_seqscan = off")
        for field in ("count", "trade"):
            pg_connection.execute(f"CREATE INDEX ix_{field} ON s ({names[field]})".encode())
            where, params = to_filter(check(INDEXED[field], SCHEMA), "postgresql", names)
            plan = pg_connection.execute(
                f"EXPLAIN SELECT id FROM s WHERE {where}".encode(), params
            ).fetchall()
            assert f"ix_{field}" in " ".join(line[0] for line in plan)


def test_stored_list_beside_columns_named_like_json_each_is_found() -> None:
    """SQLite: the columns of json_each (value, type, key, id) do not capture the table's own."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (value text, type text, stored text)")
    connection.execute("""INSERT INTO t VALUES ('["a"]', 'a', '["b"]')""")
    schema = {"tags": SCHEMA["visits"], "day": SCHEMA["opened"]}
    for columns, found in [({"tags": "value", "day": "type"}, 1), ({"tags": "stored", "day": "type"}, 0)]:
        text, params = to_sql(check("day in tags", schema), "sqlite", columns)
        assert connection.execute(f"SELECT {text} FROM t".replace("%s", "?"), params).fetchone() == (found,)
