"""Typed tree → its one canonical spelling: `check(unparse(tree)) == tree`."""

from __future__ import annotations

from gridward.kernel.expr import tree
from gridward.kernel.expr.tree import Literal, Name, Node, Scalar

CHOOSE, SOME, ALL, RELATION, SUM, PRODUCT, UNARY, ATOM = range(8)
"""How tightly a spelling holds together, loosest first."""

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def level(node: Node) -> int:
    """The tightness of a node's spelling."""
    match node:
        case tree.ToFloat():
            return level(node.of)
        case tree.Choose():
            return CHOOSE
        case tree.Some():
            return SOME
        case tree.All():
            return ALL
        case tree.Compare() | tree.IsNull() | tree.Within() | tree.Holds():
            return RELATION
        case tree.Arith():
            return SUM if node.op in "+-" else PRODUCT
        case tree.Neg() | tree.Not():
            return UNARY
        case Literal():
            return UNARY if spell(node.value).startswith("-") else ATOM
    return ATOM


def unparse(node: Node) -> str:
    """The canonical text: single quotes, one space round operators, no bracket that is not needed."""
    match node:
        case Literal():
            return spell(node.value)
        case Name():
            return node.path
        case tree.ToFloat():
            return unparse(node.of)
        case tree.Neg():
            return f"-{_at(node.of, ATOM)}"
        case tree.Not():
            return f"!{_at(node.of, ATOM)}"
        case tree.Arith():
            own = level(node)
            return f"{_at(node.left, own)} {node.op} {_at(node.right, own + 1)}"
        case tree.Compare():
            return f"{_at(node.left, SUM)} {node.op} {_at(node.right, SUM)}"
        case tree.IsNull():
            return f"{_at(node.of, SUM)} {'!=' if node.negated else '=='} null"
        case tree.Within():
            return f"{_at(node.item, SUM)} in [{', '.join(unparse(i) for i in node.items)}]"
        case tree.Holds():
            return f"{_at(node.item, SUM)} in {node.field.path}"
        case tree.All():
            return " && ".join(_at(i, RELATION) for i in node.items)
        case tree.Some():
            return " || ".join(_at(i, ALL) for i in node.items)
        case tree.Choose():
            return f"{_at(node.test, SOME)} ? {unparse(node.yes)} : {unparse(node.no)}"
        case tree.TextTest():
            return f"{_at(node.text, ATOM)}.{node.op}({unparse(node.part)})"
        case tree.Size():
            return f"size({unparse(node.of)})"


def _at(node: Node, least: int) -> str:
    """The spelling of a part where only what holds at least so tightly needs no brackets."""
    text = unparse(node)
    return text if level(node) >= least else f"({text})"


def spell(value: Scalar) -> str:
    """A constant as it is written in an expression."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{''.join(_character(c) for c in value)}'"
    return repr(value)


def _character(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\u{ord(char):04x}" if ord(char) < 32 or 0x7F <= ord(char) < 0xA0 else char
