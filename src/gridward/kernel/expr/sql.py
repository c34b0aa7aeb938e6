"""Typed tree → SQL for SQLite and PostgreSQL, with the meaning of the Python function.

Constants are bound parameters (`%s`, cast on PostgreSQL), a literal percent sign is doubled: always hand the
parameter list to the driver, also when it is empty. Fields come only from the caller's column fragments
(`columns.py`). No function here can raise at run time on such fragments: bounds were checked with the types,
divisors go through NULLIF, and collation is always by code point.

A condition is written in one of two ways. As a *truth* NULL may stand for false, which WHERE, CASE, AND and
OR treat alike and which leaves indexes usable; as a *value* it is asked IS TRUE, because NOT and `==` would
tell the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gridward.kernel.errors import Fault
from gridward.kernel.expr import messages as say
from gridward.kernel.expr import tree
from gridward.kernel.expr.tree import Literal, Name, Node
from gridward.kernel.expr.types import Bool, Date, Float, Int, Null, Text
from gridward.kernel.sql import POSTGRESQL, SQLITE

Columns = Mapping[str, str]
"""Field (members dotted) → SQL fragment of its type, from `columns.py`."""

_PG_TYPE: Mapping[type, str] = {
    Bool: "boolean",
    Int: "bigint",
    Float: "double precision",
    Text: "text",
    Date: "text",
    Null: "text",
}
_SIGN = {"==": "=", "!=": "<>"}


def to_sql(node: Node, vendor: str, columns: Columns) -> tuple[str, list[Any]]:
    """The value of an expression as SQL text and its parameters, for a SELECT list or an UPDATE.

    `vendor` is "sqlite" or "postgresql". A bool comes as 1 or 0 on SQLite: see `from_sql`. Raises `Fault`
    (GW-EXPR-101) when a field has no column.
    """
    writer = _writer(vendor, columns)
    return writer.value(node), writer.params


def to_filter(node: Node, vendor: str, columns: Columns) -> tuple[str, list[Any]]:
    """A condition as SQL text and parameters for WHERE: true where it holds, else false or NULL."""
    writer = _writer(vendor, columns)
    return writer.truth(node), writer.params


def from_sql(node: Node, value: Any) -> Any:
    """What a database gave for `to_sql`, as Python would have given it (SQLite's 1 and 0 become bools)."""
    return bool(value) if isinstance(node.type, Bool) and value is not None else value


def _writer(vendor: str, columns: Columns) -> _Writer:
    return _WRITERS[vendor](columns)


class _Writer:
    """Writes one expression; methods give SQL text and append its parameters in the order of the text."""

    def __init__(self, columns: Columns):
        self._columns = columns
        self.params: list[Any] = []

    def bind(self, value: Any) -> str:
        self.params.append(value)
        return "%s"

    # -- what the dialects do differently

    def constant(self, node: Literal) -> str:
        raise NotImplementedError

    def collated(self, text: str, *, equal: bool = False) -> str:
        """`text` marked to be compared by code point; `equal`: only asked whether it equals constants."""
        raise NotImplementedError

    def to_float(self, number: str) -> str:
        raise NotImplementedError

    def position(self, node: tree.TextTest) -> str:
        """Place of the first `part` in `text` counted from 1, or 0; NULL when one is."""
        raise NotImplementedError

    def ends(self, node: tree.TextTest) -> str:
        raise NotImplementedError

    def size(self, node: tree.Size) -> str:
        raise NotImplementedError

    def holds(self, node: tree.Holds) -> str:
        raise NotImplementedError

    # -- the two ways to write a condition

    def truth(self, node: Node) -> str:
        """A condition in which NULL may stand for false."""
        match node:
            case tree.Compare():
                return self._compare(node)
            case tree.Within():
                return self._within(node)
            case tree.Holds():
                return self.holds(node)
            case tree.All():
                return self._joined(" AND ", node.items)
            case tree.Some():
                return self._joined(" OR ", node.items)
            case tree.TextTest():
                return self._text_test(node)
            case tree.Choose():
                return self._choose(node, self.truth)
        return self.value(node)

    def value(self, node: Node) -> str:
        """An exact value: NULL for a bare field that is null, never for what compares or joins."""
        match node:
            case Literal():
                return self.constant(node)
            case Name():
                return self._name(node)
            case tree.ToFloat():
                return self.to_float(self.value(node.of))
            case tree.Neg():
                return f"(- {self.value(node.of)})"
            case tree.Arith():
                return self._arith(node)
            case tree.IsNull():
                return f"({self.value(node.of)} IS {'NOT ' if node.negated else ''}NULL)"
            case tree.Not():
                return f"({self.truth(node.of)} IS NOT TRUE)"
            case tree.Size():
                return self.size(node)
            case tree.Choose():
                return self._choose(node, self.value)
        return f"({self.truth(node)} IS TRUE)"

    # -- what both write alike

    def _name(self, node: Name) -> str:
        if node.path not in self._columns:
            raise Fault(say.NO_COLUMN, found=node.path, allowed=say.listed(self._columns))
        return self._columns[node.path]

    def _arith(self, node: tree.Arith) -> str:
        left, right = self.value(node.left), self.value(node.right)
        if node.op in ("/", "%") and not _never_zero(node.right):
            right = f"NULLIF({right}, 0)"
        return f"({left} {'%%' if node.op == '%' else node.op} {right})"

    def _compare(self, node: tree.Compare) -> str:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.left.type, Text | Date):
            equal = node.op in _SIGN and Literal in (type(node.left), type(node.right))
            left = self.collated(left, equal=equal)
        return f"({left} {_SIGN.get(node.op, node.op)} {right})"

    def _within(self, node: tree.Within) -> str:
        item = self.value(node.item)
        if isinstance(node.item.type, Text | Date):
            item = self.collated(item, equal=all(isinstance(i, Literal) for i in node.items))
        return f"({item} IN ({', '.join([self.value(i) for i in node.items])}))"

    def _joined(self, word: str, items: tuple[Node, ...]) -> str:
        return f"({word.join([self.truth(i) for i in items])})"

    def _text_test(self, node: tree.TextTest) -> str:
        if node.op == "endsWith":
            return self.ends(node)
        return f"({self.position(node)} {'> 0' if node.op == 'contains' else '= 1'})"

    def _choose(self, node: tree.Choose, write: Callable[[Node], str]) -> str:
        """One CASE for the whole chain of `a ? x : b ? y : z`."""
        branches = [f"WHEN {self.truth(node.test)} THEN {write(node.yes)}"]
        while isinstance(node.no, tree.Choose):
            node = node.no
            branches.append(f"WHEN {self.truth(node.test)} THEN {write(node.yes)}")
        return f"(CASE {' '.join(branches)} ELSE {write(node.no)} END)"


def _never_zero(node: Node) -> bool:
    """Whether a divisor is a constant other than 0."""
    inner = node.of if isinstance(node, tree.ToFloat) else node
    return isinstance(inner, Literal) and inner.value != 0


class _SqliteWriter(_Writer):
    def constant(self, node: Literal) -> str:
        return "NULL" if node.value is None else self.bind(node.value)

    def collated(self, text: str, *, equal: bool = False) -> str:
        return f"{text} COLLATE BINARY"

    def to_float(self, number: str) -> str:
        return f"CAST({number} AS REAL)"

    def position(self, node: tree.TextTest) -> str:
        return f"instr({self.value(node.text)}, {self.value(node.part)})"

    def ends(self, node: tree.TextTest) -> str:
        """The last characters of `text`. SQLite counts from the end by a negative place, which 0 is not."""
        text = self.value(node.text)
        if isinstance(node.part, Name):
            part = self.value(node.part)
            return f"(substr({text} || '.', - length({part}) - 1, length({part})) = {self.collated(part)})"
        ending = str(node.part.value)
        if not ending:
            return f"({text} IS NOT NULL)"
        return f"(substr({text}, {self.bind(-len(ending))}) = {self.bind(ending)})"

    def size(self, node: tree.Size) -> str:
        function = "length" if isinstance(node.of.type, Text) else "json_array_length"
        return f"{function}({self.value(node.of)})"

    def holds(self, node: tree.Holds) -> str:
        """The inner SELECT keeps the columns of json_each from capturing the caller's names."""
        kinds = "'integer', 'real'" if isinstance(node.item.type, Int) else "'text'"
        item, stored = self.collated(self.value(node.item)), self.value(node.field)
        return (
            f"({item} IN (SELECT e.value FROM (SELECT {stored} AS stored) AS o, json_each(o.stored) AS e"
            f" WHERE e.type IN ({kinds})))"
        )


class _PostgresWriter(_Writer):
    def constant(self, node: Literal) -> str:
        if node.value is None:
            return "NULL"
        return f"{self.bind(node.value)}::{_PG_TYPE[type(node.type)]}"

    def collated(self, text: str, *, equal: bool = False) -> str:
        """Equal means the same in every deterministic collation, and an index serves only its own."""
        return text if equal else f'{text} COLLATE "C"'

    def to_float(self, number: str) -> str:
        return f"{number}::double precision"

    def position(self, node: tree.TextTest) -> str:
        return f"strpos({self.collated(self.value(node.text))}, {self.value(node.part)})"

    def ends(self, node: tree.TextTest) -> str:
        text = self.value(node.text)
        if isinstance(node.part, Name):
            part = self.value(node.part)
            return f"({self.collated(f'right({text}, length({part}))')} = {part})"
        ending = str(node.part.value)
        length = f"{self.bind(len(ending))}::int"
        return f"({self.collated(f'right({text}, {length})')} = {self.bind(ending)}::text)"

    def size(self, node: tree.Size) -> str:
        function = "length" if isinstance(node.of.type, Text) else "jsonb_array_length"
        return f"{function}({self.value(node.of)})::bigint"

    def holds(self, node: tree.Holds) -> str:
        item, stored = self.value(node.item), self.value(node.field)
        return f"({stored} @> to_jsonb({item}))"


_WRITERS: Mapping[str, type[_Writer]] = {SQLITE: _SqliteWriter, POSTGRESQL: _PostgresWriter}
