"""Typed tree → a Python function over one row.

Each node becomes one closure. A row is a mapping as read from JSON: missing keys, values of another type and
values outside their bounds are null.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from gridward.kernel.expr import tree
from gridward.kernel.expr.bounds import truncated
from gridward.kernel.expr.tree import Literal, Name, Node
from gridward.kernel.expr.types import FLOAT_TINY, Bool, Date, Float, Int, ListOf, Text, Type

Row = Mapping[str, Any]
Evaluator = Callable[[Row], Any]
"""Gives bool, int, float, str or None; a condition that is not a bare field never gives None."""

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_python(node: Node) -> Evaluator:
    """A function row → value with the meaning of the language; never raises for rows of plain data."""
    return _BY_NODE[type(node)](node)


def _literal(node: Literal) -> Evaluator:
    value = node.value
    return lambda row: value


# -- reading fields: what is not of the declared type, or out of bounds, is null


def reader(kind: Type) -> Callable[[Any], Any]:
    """A function stored value → value of type `kind`, or None."""
    if isinstance(kind, Int):
        return _int_reader(kind)
    if isinstance(kind, Float):
        return _float_reader(kind)
    return _READERS[type(kind)]


def _int_reader(kind: Int) -> Callable[[Any], int | None]:
    lo, hi = kind.lo, kind.hi

    def read(value: Any) -> int | None:
        if type(value) is int:
            return value if lo <= value <= hi else None
        if isinstance(value, float) and value.is_integer() and lo <= value <= hi:
            return int(value)
        return None

    return read


def _float_reader(kind: Float) -> Callable[[Any], float | None]:
    big = kind.big

    def read(value: Any) -> float | None:
        if type(value) is not float and type(value) is not int:
            return None
        return float(value) if FLOAT_TINY <= abs(value) <= big or value == 0 else None

    return read


def _read_bool(value: Any) -> bool | None:
    return value if value is True or value is False else None


def _read_text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _read_date(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    return value.isoformat() if type(value) is date else None


def _read_list(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    return list(value) if isinstance(value, tuple) else None


_READERS: Mapping[type, Callable[[Any], Any]] = {
    Bool: _read_bool,
    Text: _read_text,
    Date: _read_date,
    ListOf: _read_list,
}


def _name(node: Name) -> Evaluator:
    path, read = node.path, reader(node.type)
    if "." in path:
        return _member(path.split("."), read)
    if type(node.type) in _FIELDS:
        return _FIELDS[type(node.type)](path)
    return lambda row: read(row.get(path))


def _bool_field(path: str) -> Evaluator:
    def run(row: Row) -> bool | None:
        value = row.get(path)
        return value if value is True or value is False else None

    return run


def _text_field(path: str) -> Evaluator:
    def run(row: Row) -> str | None:
        value = row.get(path)
        return value if isinstance(value, str) else None

    return run


def _date_field(path: str) -> Evaluator:
    def run(row: Row) -> str | None:
        value = row.get(path)
        return value if isinstance(value, str) else _read_date(value)

    return run


_FIELDS: Mapping[type, Callable[[str], Evaluator]] = {
    Bool: _bool_field,
    Text: _text_field,
    Date: _date_field,
}
"""Readings short enough to be worth sparing a call."""


def _member(steps: list[str], read: Callable[[Any], Any]) -> Evaluator:
    def run(row: Row) -> Any:
        found: Any = row
        for step in steps:
            if not isinstance(found, Mapping):
                return None
            found = found.get(step)
        return read(found)

    return run


# -- arithmetic


def _to_float(node: tree.ToFloat) -> Evaluator:
    inner = compile_python(node.of)

    def run(row: Row) -> float | None:
        value = inner(row)
        return None if value is None else float(value)

    return run


def _neg(node: tree.Neg) -> Evaluator:
    inner = compile_python(node.of)

    def run(row: Row) -> Any:
        value = inner(row)
        return None if value is None else -value

    return run


def _divide(dividend: Any, divisor: Any) -> Any:
    return None if divisor == 0 else dividend / divisor


def _divide_whole(dividend: int, divisor: int) -> int | None:
    return None if divisor == 0 else truncated(dividend, divisor)


def _remainder(dividend: int, divisor: int) -> int | None:
    return None if divisor == 0 else dividend - divisor * truncated(dividend, divisor)


_ARITH: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "%": _remainder,
}


def _arith(node: tree.Arith) -> Evaluator:
    whole_division = node.op == "/" and isinstance(node.type, Int)
    calculate = _divide_whole if whole_division else _ARITH[node.op]
    left, right = compile_python(node.left), compile_python(node.right)

    def run(row: Row) -> Any:
        one = left(row)
        if one is None:
            return None
        other = right(row)
        return None if other is None else calculate(one, other)

    return run


def _size(node: tree.Size) -> Evaluator:
    inner = compile_python(node.of)

    def run(row: Row) -> int | None:
        value = inner(row)
        return None if value is None else len(value)

    return run


# -- conditions


def _compare(node: tree.Compare) -> Evaluator:
    holds, left, right = _COMPARE[node.op], compile_python(node.left), compile_python(node.right)
    if isinstance(node.right, Literal):
        return _compare_constant(holds, left, node.right.value)

    def run(row: Row) -> bool:
        one = left(row)
        if one is None:
            return False
        other = right(row)
        return other is not None and holds(one, other)

    return run


def _compare_constant(holds: Callable[[Any, Any], bool], left: Evaluator, other: Any) -> Evaluator:
    def run(row: Row) -> bool:
        one = left(row)
        return one is not None and holds(one, other)

    return run


def _is_null(node: tree.IsNull) -> Evaluator:
    inner = compile_python(node.of)
    if node.negated:
        return lambda row: inner(row) is not None
    return lambda row: inner(row) is None


def _within(node: tree.Within) -> Evaluator:
    item = compile_python(node.item)
    if all(isinstance(i, Literal) for i in node.items):
        known = frozenset(i.value for i in node.items if isinstance(i, Literal))
        return lambda row: item(row) in known
    items = [compile_python(i) for i in node.items]

    def run(row: Row) -> bool:
        value = item(row)
        return value is not None and any(value == i(row) for i in items)

    return run


def _holds(node: tree.Holds) -> Evaluator:
    item, field = compile_python(node.item), compile_python(node.field)
    allowed = (int, float) if isinstance(node.item.type, Int) else (str,)

    def run(row: Row) -> bool:
        value, stored = item(row), field(row)
        if value is None or stored is None:
            return False
        return any(type(e) in allowed and e == value for e in stored)

    return run


def _not(node: tree.Not) -> Evaluator:
    inner = compile_python(node.of)
    return lambda row: not inner(row)


def _all(node: tree.All) -> Evaluator:
    items = [compile_python(i) for i in node.items]
    if len(items) == 2:
        one, other = items
        return lambda row: bool(one(row) and other(row))

    def run(row: Row) -> bool:
        for item in items:  # noqa: SIM110 - a third faster than all()
            if not item(row):
                return False
        return True

    return run


def _some(node: tree.Some) -> Evaluator:
    items = [compile_python(i) for i in node.items]
    if len(items) == 2:
        one, other = items
        return lambda row: bool(one(row) or other(row))

    def run(row: Row) -> bool:
        for item in items:  # noqa: SIM110 - a third faster than any()
            if item(row):
                return True
        return False

    return run


def _choose(node: tree.Choose) -> Evaluator:
    test, yes, no = compile_python(node.test), compile_python(node.yes), compile_python(node.no)
    return lambda row: yes(row) if test(row) else no(row)


_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}


def _text_test(node: tree.TextTest) -> Evaluator:
    holds, text, part = _TEXT_TESTS[node.op], compile_python(node.text), compile_python(node.part)
    if isinstance(node.part, Literal):
        return _compare_constant(holds, text, node.part.value)

    def run(row: Row) -> bool:
        one, other = text(row), part(row)
        return one is not None and other is not None and holds(one, other)

    return run


_BY_NODE: Mapping[type, Callable[[Any], Evaluator]] = {
    Literal: _literal,
    Name: _name,
    tree.ToFloat: _to_float,
    tree.Neg: _neg,
    tree.Arith: _arith,
    tree.Compare: _compare,
    tree.IsNull: _is_null,
    tree.Within: _within,
    tree.Holds: _holds,
    tree.Not: _not,
    tree.All: _all,
    tree.Some: _some,
    tree.Choose: _choose,
    tree.TextTest: _text_test,
    tree.Size: _size,
}
