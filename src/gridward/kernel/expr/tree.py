"""The typed tree: what a checked expression is. Built by the checker only, read by all back ends.

Nodes are frozen and compare by value; each knows its `type`. `ToFloat` is the one node without a spelling: it
stands where a whole number meets a decimal. The empty value is `Literal(None, Null())`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridward.kernel.expr.bounds import as_float
from gridward.kernel.expr.types import SIZE_MAX, Bool, Float, Int, Type

Scalar = bool | int | float | str | None
_BOOL = Bool()


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant as written; dates are ISO text."""

    value: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class Name:
    """A field; a member of an object has a dotted path."""

    path: str
    type: Type


@dataclass(frozen=True, slots=True)
class ToFloat:
    """A whole number read as a double (exact: the checker has seen to it)."""

    of: Node

    @property
    def type(self) -> Float:
        kind = self.of.type
        return as_float(kind) if isinstance(kind, Int | Float) else Float()


@dataclass(frozen=True, slots=True)
class Neg:
    of: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Arith:
    """`+ - * / %` on two whole numbers or two doubles."""

    op: str
    left: Node
    right: Node
    type: Type


class _Decides:
    """Mixed into nodes that are always true or false, never null."""

    __slots__ = ()

    @property
    def type(self) -> Bool:
        return _BOOL


@dataclass(frozen=True, slots=True)
class Compare(_Decides):
    """`== != < <= > >=` on one family; false when a side is null."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class IsNull(_Decides):
    """`x == null`, or `x != null` when negated."""

    of: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class Within(_Decides):
    """`x in [a, b]`: equal to one of at least one item."""

    item: Node
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Holds(_Decides):
    """`x in field`: the stored list has an element equal to `item`."""

    item: Node
    field: Name


@dataclass(frozen=True, slots=True)
class Not(_Decides):
    of: Node


@dataclass(frozen=True, slots=True)
class All(_Decides):
    """`a && b && …`, two or more, flat."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some(_Decides):
    """`a || b || …`, two or more, flat."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """`test ? yes : no`; null as a test is false."""

    test: Node
    yes: Node
    no: Node
    type: Type


@dataclass(frozen=True, slots=True)
class TextTest(_Decides):
    """`text.contains(part)`, `startsWith`, `endsWith`; `part` is a literal or a field."""

    op: str
    text: Node
    part: Literal | Name


@dataclass(frozen=True, slots=True)
class Size:
    """Code points of a text, or elements of a stored list."""

    of: Node

    @property
    def type(self) -> Int:
        return Int(0, SIZE_MAX)


Node = (
    Literal
    | Name
    | ToFloat
    | Neg
    | Arith
    | Compare
    | IsNull
    | Within
    | Holds
    | Not
    | All
    | Some
    | Choose
    | TextTest
    | Size
)


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, left to right as written."""
    match node:
        case Literal() | Name():
            return ()
        case ToFloat() | Neg() | IsNull() | Not() | Size():
            return (node.of,)
        case Arith() | Compare():
            return (node.left, node.right)
        case Within():
            return (node.item, *node.items)
        case Holds():
            return (node.item, node.field)
        case All() | Some():
            return node.items
        case Choose():
            return (node.test, node.yes, node.no)
        case TextTest():
            return (node.text, node.part)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def free_names(tree: Node) -> tuple[str, ...]:
    """The fields that an expression reads, each once, in order of first use; members as `a.b`."""
    return tuple(dict.fromkeys(n.path for n in walk(tree) if isinstance(n, Name)))
