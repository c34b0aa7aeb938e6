"""The three back ends over the sample rows, and what they disagree on."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from gridward.kernel.expr import (
    Bool,
    Date,
    Float,
    Int,
    ListOf,
    Node,
    compile_python,
    from_sql,
    json_columns,
    to_filter,
    to_sql,
    unparse,
)
from gridward.kernel.sql import POSTGRESQL, SQLITE
from tests.kernel.expr.sample import COLUMN, EVERY, SCHEMA, Line, columns, kind_of

Rewrite = Callable[[str], str]
_PG = {Bool: "boolean", Int: "bigint", Float: "double precision", Date: "date", ListOf: "jsonb"}
_LITE = {Bool: "bool", Int: "integer", Float: "real"}


def _plain(sql: str) -> str:
    return sql


class Engine:
    """One database with the sample rows in the table `r`."""

    vendor = ""
    text_mark = "%s"

    def __init__(self, rows: list[Line]):
        self.rows = rows

    def run(self, sql: str, params: list[Any], *, inline: bool = False) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def single(self, node: Node, document: Mapping[str, Any]) -> Any:
        """The value for one row that has nothing but a JSON document."""
        text, params = to_sql(node, self.vendor, json_columns(self.vendor, "r.fields", SCHEMA))
        sql = f"SELECT {text} FROM (SELECT {self.text_mark} AS fields) AS r"
        return from_sql(node, self.run(sql, [*params, json.dumps(document, ensure_ascii=False)])[0][0])

    def values(
        self, node: Node, as_json: frozenset[str], *, inline: bool = False, rewrite: Rewrite = _plain
    ) -> list[tuple[Any, bool]]:
        """Per row: the value, and whether WHERE keeps the row (asked of conditions only)."""
        names = columns(self.vendor, as_json)
        text, params = to_sql(node, self.vendor, names)
        kept, more = to_filter(node, self.vendor, names) if isinstance(node.type, Bool) else ("1 = 0", [])
        sql = rewrite(f"SELECT {text}, CASE WHEN {kept} THEN 1 ELSE 0 END FROM r ORDER BY r.id")
        return [(from_sql(node, v), k == 1) for v, k in self.run(sql, params + more, inline=inline)]


class Sqlite(Engine):
    vendor = SQLITE

    def __init__(self, rows: list[Line]):
        super().__init__(rows)
        self._connection = sqlite3.connect(":memory:")
        fields = [f"{COLUMN[p]} {self._type(p)}" for p in COLUMN]
        self._connection.execute(f"CREATE TABLE r (id integer primary key, fields text, {', '.join(fields)})")
        marks = ", ".join("?" * (len(COLUMN) + 2))
        self._connection.executemany(f"INSERT INTO r VALUES ({marks})", records(rows, self.vendor))

    @staticmethod
    def _type(path: str) -> str:
        kind = _LITE.get(type(kind_of(path)), "text")
        return f"{kind} COLLATE NOCASE" if kind == "text" else kind

    def run(self, sql: str, params: list[Any], *, inline: bool = False) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql.replace("%s", "?").replace("%%", "%"), params).fetchall()


class Postgres(Engine):
    vendor = POSTGRESQL
    text_mark = "%s::text"

    def __init__(self, connection: psycopg.Connection[Any], rows: list[Line]):
        super().__init__(rows)
        self._connection = connection
        self.language = _language_collation(connection)
        fields = [f"{COLUMN[p]} {self._type(p)}" for p in COLUMN]
        connection.execute(f"CREATE TEMP TABLE r (id bigint primary key, fields text, {', '.join(fields)})")
        marks = ", ".join(["%s"] * (len(COLUMN) + 2))
        connection.cursor().executemany(f"INSERT INTO r VALUES ({marks})", records(rows, self.vendor))

    def _type(self, path: str) -> str:
        kind = _PG.get(type(kind_of(path)), "text")
        if kind == "text" and self.language and path != "street":
            return f'varchar COLLATE "{self.language}"'
        return kind

    def run(self, sql: str, params: list[Any], *, inline: bool = False) -> list[tuple[Any, ...]]:
        """`inline` writes the parameters into the text, as Django's connections do by default."""
        cursor = psycopg.ClientCursor(self._connection) if inline else self._connection.cursor()
        return cursor.execute(sql.encode(), params).fetchall()


def _language_collation(connection: psycopg.Connection[Any]) -> str:
    """A collation that orders by language, when this server has one."""
    found = connection.execute(
        "SELECT collname FROM pg_collation WHERE collname IN ('zh-x-icu', 'en-x-icu', 'en_US.utf8') LIMIT 1"
    ).fetchone()
    return found[0] if found else ""


def records(rows: list[Line], vendor: str) -> list[list[Any]]:
    return [[i, row.json, *(row.stored(p, vendor) for p in COLUMN)] for i, row in enumerate(rows)]


def expected(node: Node, rows: list[Line]) -> list[tuple[Any, bool]]:
    """What Python says, in the shape of `Engine.values`."""
    evaluate = compile_python(node)
    found = [evaluate(row.document) for row in rows]
    return [(v, bool(v) and isinstance(node.type, Bool)) for v in found]


def same(one: Any, other: Any) -> bool:
    """Equal in value and type; decimals to 1e-9."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-300)
    return type(one) is type(other) and one == other


def differences(
    node: Node,
    engine: Engine,
    *,
    as_json: frozenset[str] = EVERY,
    inline: bool = False,
    rewrite: Rewrite = _plain,
) -> list[str]:
    """One line per row on which a database and Python disagree."""
    there = engine.values(node, as_json, inline=inline, rewrite=rewrite)
    pairs = list(zip(expected(node, engine.rows), there, strict=True))
    return [
        f"{engine.vendor}, row {i}: {unparse(node)} is {there}, in Python {here}; {engine.rows[i].json}"
        for i, (here, there) in enumerate(pairs)
        if not (same(here[0], there[0]) and here[1] == there[1])
    ]
