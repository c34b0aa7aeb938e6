"""How deep the SQL of an expression nests, in entries of a parser's stack.

SQLite up to 3.45 parses with a stack of 100 entries and answers "parser stack overflow" beyond it, which
would be an error at run time. So the entries are counted when an expression is checked: the count of a part
is the deepest point inside it plus what stands open to its left (a bracket, an operator with its left side,
CASE WHEN …). It follows the text that `sql.py` and `columns.py` write for SQLite, a condition always as the
longer `(… IS TRUE)`; PostgreSQL has no such limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gridward.kernel.expr import tree
from gridward.kernel.expr.tree import Literal, Name, Node

STACK = 100
SURROUNDING = 25
"""Left to the statement into which the expression is written."""
WEIGHT_MAX = STACK - SURROUNDING
COLUMN = 18
"""The deepest fragment of `columns.py`."""
LITERAL = 4
"""A constant and what follows it, as in `(%s IS NOT TRUE)`."""


def weight(node: Node) -> int:
    """Entries that the SQL of `node` needs on top of what surrounds it."""
    return _BY_NODE[type(node)](node)


def _binary(left: Node, right: Node) -> int:
    """`((left op right) IS TRUE)`"""
    return 1 + max(1 + weight(left), 3 + weight(right))


def _arith(node: tree.Arith) -> int:
    """`(left / NULLIF(right, 0))`"""
    call = 3 if node.op in "/%" else 0
    return max(1 + weight(node.left), 3 + call + weight(node.right))


def _row(node: tree.All | tree.Some) -> int:
    """`((a AND b) IS TRUE)`"""
    return 4 + max(weight(i) for i in node.items)


def _within(node: tree.Within) -> int:
    """`((item IN (a, b)) IS TRUE)`"""
    return 1 + max(1 + weight(node.item), 6 + max(weight(i) for i in node.items))


def _holds(node: tree.Holds) -> int:
    """`((item IN (SELECT … FROM (SELECT field AS stored) AS o, …)) IS TRUE)`"""
    return 1 + max(1 + weight(node.item), 14 + COLUMN)


def _choose(node: tree.Choose) -> int:
    """`(CASE WHEN test THEN yes … ELSE no END)`, chains in one CASE."""
    deepest = max(5 + weight(node.test), 7 + weight(node.yes))
    if isinstance(node.no, tree.Choose):
        return max(deepest, weight(node.no))
    return max(deepest, 5 + weight(node.no))


def _text_test(node: tree.TextTest) -> int:
    """`((substr(text || '.', - length(part) - 1, …) = part) IS TRUE)`"""
    return 1 + max(6 + weight(node.text), 11 + weight(node.part))


_BY_NODE: Mapping[type, Callable[[Any], int]] = {
    Literal: lambda node: LITERAL,
    Name: lambda node: COLUMN,
    tree.ToFloat: lambda node: 2 + weight(node.of),
    tree.Neg: lambda node: 2 + weight(node.of),
    tree.IsNull: lambda node: 1 + weight(node.of),
    tree.Not: lambda node: 1 + weight(node.of),
    tree.Size: lambda node: 4 + weight(node.of),
    tree.Arith: _arith,
    tree.Compare: lambda node: _binary(node.left, node.right),
    tree.All: _row,
    tree.Some: _row,
    tree.Within: _within,
    tree.Holds: _holds,
    tree.Choose: _choose,
    tree.TextTest: _text_test,
}
