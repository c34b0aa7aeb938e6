"""SQL fragments that read one typed value out of a table, with the same nulls as Python.

Each fragment gives a value of its type within its bounds, or NULL; that is what makes the SQL of an
expression free of run-time errors. An index on an expression must be created with the fragment of this
module, letter by letter. Fragments contain no parameters and no percent sign.

| type | from JSON, gives | from a plain column, gives |
| --- | --- | --- |
| Bool | SQLite 1, 0; PostgreSQL boolean | the same |
| Int | a JSON number without fraction, 64 bits | an integer column |
| Float | a JSON number, double | a real, integer or numeric column |
| Text | a JSON string | a text column |
| Date | a JSON string | SQLite text; PostgreSQL a column of type date |
| ListOf | SQLite JSON text of an array; PostgreSQL jsonb | the same |
"""

from __future__ import annotations

import re

from gridward.kernel.errors import Fault
from gridward.kernel.expr import messages as say
from gridward.kernel.expr.types import FLOAT_TINY, Bool, Date, Float, Int, ListOf, Record, Schema, Text, Type
from gridward.kernel.sql import POSTGRESQL

_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_PART = r'(?:[A-Za-z_][A-Za-z0-9_]*|"[A-Za-z_][A-Za-z0-9_]*")'
_COLUMN = re.compile(rf"{_PART}(?:\.{_PART})*")


def json_column(vendor: str, column: str, field: str, kind: Type) -> str:
    """The fragment that reads `field` (dotted for members) of type `kind` from a column of JSON objects.

    `column` is TEXT on SQLite, and TEXT or jsonb on PostgreSQL; it holds a JSON document or NULL. Raises
    `Fault` (GW-EXPR-102) when a name is more than letters, digits, underscores and dots.
    """
    _safe(_COLUMN, column)
    _safe(_FIELD, field)
    say.require_lawful(field, kind)
    if vendor == POSTGRESQL:
        steps = "".join(f" -> '{step}'" for step in field.split("."))
        return _pg_json(f"({column}::jsonb{steps})", kind)
    return _lite_json(f"({column}, '$.{field}')", kind)


def json_columns(vendor: str, column: str, schema: Schema) -> dict[str, str]:
    """`json_column` for every field of a schema; members of objects under their dotted names."""
    return {path: json_column(vendor, column, path, kind) for path, kind in _flat(schema)}


def plain_column(vendor: str, column: str, kind: Type) -> str:
    """The fragment that reads a column of its own (see the table above). Raises `Fault` as `json_column`."""
    _safe(_COLUMN, column)
    say.require_lawful(column, kind)
    return _pg_plain(column, kind) if vendor == POSTGRESQL else _lite_plain(column, kind)


def _flat(schema: Schema, prefix: str = "") -> list[tuple[str, Type]]:
    found: list[tuple[str, Type]] = []
    for name, kind in schema.items():
        inner = (
            _flat(kind.fields, f"{prefix}{name}.") if isinstance(kind, Record) else [(prefix + name, kind)]
        )
        found.extend(inner)
    return found


def _safe(pattern: re.Pattern[str], name: str) -> None:
    if not pattern.fullmatch(name):
        raise Fault(say.UNSAFE_COLUMN, found=name)


def _int_range(value: str, kind: Int) -> str:
    return f"{value} BETWEEN {int(kind.lo)} AND {int(kind.hi)}"


def _float_range(value: str, kind: Float) -> str:
    return f"(abs({value}) BETWEEN {FLOAT_TINY!r} AND {float(kind.big)!r} OR {value} = 0)"


# -- SQLite


def _lite_json(at: str, kind: Type) -> str:
    """`at` is "(column, '$.path')"."""
    value = f"json_extract{at}"
    match kind:
        case Bool():
            return f"(CASE json_type{at} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)"
        case Int():
            whole = f"CAST({value} AS INTEGER)"
            inside = (
                f"json_type{at} IN ('integer', 'real') AND {_int_range(value, kind)} AND {value} = {whole}"
            )
            return f"(CASE WHEN {inside} THEN {whole} END)"
        case Float():
            inside = f"json_type{at} IN ('integer', 'real') AND {_float_range(value, kind)}"
            return f"(CASE WHEN {inside} THEN CAST({value} AS REAL) END)"
        case Text() | Date():
            return f"(CASE json_type{at} WHEN 'text' THEN {value} END)"
        case ListOf():
            return f"(CASE json_type{at} WHEN 'array' THEN {value} END)"
    raise Fault(say.UNSAFE_COLUMN, found=at)


def _lite_plain(column: str, kind: Type) -> str:
    match kind:
        case Bool():
            return f"(CASE {column} WHEN 1 THEN 1 WHEN 0 THEN 0 END)"
        case Int():
            return (
                f"(CASE WHEN typeof({column}) = 'integer' AND {_int_range(column, kind)} THEN {column} END)"
            )
        case Float():
            inside = f"typeof({column}) IN ('integer', 'real') AND {_float_range(column, kind)}"
            return f"(CASE WHEN {inside} THEN CAST({column} AS REAL) END)"
        case Text() | Date():
            return column
        case ListOf():
            return f"(CASE json_type({column}) WHEN 'array' THEN {column} END)"
    raise Fault(say.UNSAFE_COLUMN, found=column)


# -- PostgreSQL


def _pg_json(value: str, kind: Type) -> str:
    """`value` is a jsonb expression; CASE keeps a cast from running before its test."""
    number = f"{value}::numeric"
    match kind:
        case Bool():
            return f"(CASE jsonb_typeof{value} WHEN 'boolean' THEN {value}::boolean END)"
        case Int():
            inside = f"{_int_range(number, kind)} AND {number} = trunc({number})"
            return _pg_number(value, inside, f"{number}::bigint")
        case Float():
            return _pg_number(value, _float_range(number, kind), f"{number}::double precision")
        case Text() | Date():
            return f"(CASE jsonb_typeof{value} WHEN 'string' THEN {value} #>> '{{}}' END)"
        case ListOf():
            return f"(CASE jsonb_typeof{value} WHEN 'array' THEN {value} END)"
    raise Fault(say.UNSAFE_COLUMN, found=value)


def _pg_number(value: str, inside: str, result: str) -> str:
    return f"(CASE jsonb_typeof{value} WHEN 'number' THEN CASE WHEN {inside} THEN {result} END END)"


def _pg_plain(column: str, kind: Type) -> str:
    match kind:
        case Bool():
            return column
        case Int():
            return f"(CASE WHEN {_int_range(column, kind)} THEN {column}::bigint END)"
        case Float():
            return f"(CASE WHEN {_float_range(column, kind)} THEN {column}::double precision END)"
        case Text():
            return f"{column}::text"
        case Date():
            return f"to_char({column}, 'YYYY-MM-DD')"
        case ListOf():
            return f"(CASE jsonb_typeof({column}::jsonb) WHEN 'array' THEN {column}::jsonb END)"
    raise Fault(say.UNSAFE_COLUMN, found=column)
