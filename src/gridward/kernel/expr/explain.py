"""Typed tree → words for rule pages, in Chinese or English.

Boundary words, so that nobody has to guess whether the bound itself counts:

| sign | number, zh | number, en | date, zh | date, en | the bound counts |
| --- | --- | --- | --- | --- | --- |
| `<` | 低于 | is below | 早于 | is before | no |
| `<=` | 不超过 | is at most | 不晚于 | is on or before | yes |
| `>` | 超过 | is above | 晚于 | is after | no |
| `>=` | 不少于 | is at least | 不早于 | is on or after | yes |

Labels: `labels["trade"]` names a field (members by dotted path), `labels["trade=food"]` one of its values.
`labels["!licensed"]` gives the words for "not licensed" where 未 before the label would be wrong. What has no
label appears as its code; text without a label stands in quotes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridward.kernel.expr import tree
from gridward.kernel.expr.tree import Literal, Name, Node
from gridward.kernel.expr.types import Bool, Date, Float, Int, Text
from gridward.kernel.expr.unparse import ALL, ATOM, CHOOSE, RELATION, SUM, level

Labels = Mapping[str, str]


@dataclass(frozen=True)
class _Language:
    """The words of one language; `{0}` and so on are parts of the node."""

    compare: Mapping[type, Mapping[str, str]]
    phrases: Mapping[str, str]
    literals: Mapping[bool | None, str]
    comma: str


_ZH_NUMBER = {"==": "等于", "!=": "不等于", "<": "低于", "<=": "不超过", ">": "超过", ">=": "不少于"}
_ZH_DATE = {"==": "是", "!=": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_ZH_TEXT = {
    "==": "是",
    "!=": "不是",
    "<": "字序先于",
    "<=": "字序不后于",
    ">": "字序后于",
    ">=": "字序不先于",
}
_ZH = _Language(
    compare={Int: _ZH_NUMBER, Float: _ZH_NUMBER, Bool: _ZH_NUMBER, Date: _ZH_DATE, Text: _ZH_TEXT},
    phrases={
        "brackets": "（{0}）",
        "quote": "“{0}”",
        "and": " 且 ",
        "or": " 或 ",
        "not field": "未{0}",
        "not": "并非（{0}）",
        "in": "{0} 属于 {1}",
        "not in": "{0} 不属于 {1}",
        "holds": "{1} 含有 {0}",
        "not holds": "{1} 不含 {0}",
        "null": "{0} 未填写",
        "not null": "{0} 已填写",
        "contains": "{0} 包含 {1}",
        "startsWith": "{0} 以 {1} 开头",
        "endsWith": "{0} 以 {1} 结尾",
        "length": "{0} 的字数",
        "count": "{0} 的项数",
        "choose": "若 {0} 则 {1}，否则 {2}",
        "whole": "{0} ÷ {1} 取整",
        "%": "{0} 除以 {1} 的余数",
    },
    literals={True: "是", False: "否", None: "空"},
    comma="、",
)
_EN_NUMBER = {
    "==": "equals",
    "!=": "does not equal",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}
_EN_DATE = {
    "==": "is",
    "!=": "is not",
    "<": "is before",
    "<=": "is on or before",
    ">": "is after",
    ">=": "is on or after",
}
_EN_TEXT = {
    "==": "is",
    "!=": "is not",
    "<": "sorts before",
    "<=": "does not sort after",
    ">": "sorts after",
    ">=": "does not sort before",
}
_EN = _Language(
    compare={Int: _EN_NUMBER, Float: _EN_NUMBER, Bool: _EN_NUMBER, Date: _EN_DATE, Text: _EN_TEXT},
    phrases={
        "brackets": "({0})",
        "quote": '"{0}"',
        "and": " and ",
        "or": " or ",
        "not field": "not {0}",
        "not": "not ({0})",
        "in": "{0} is one of {1}",
        "not in": "{0} is none of {1}",
        "holds": "{1} includes {0}",
        "not holds": "{1} does not include {0}",
        "null": "{0} is missing",
        "not null": "{0} is given",
        "contains": "{0} contains {1}",
        "startsWith": "{0} begins with {1}",
        "endsWith": "{0} ends with {1}",
        "length": "the length of {0}",
        "count": "the number of {0}",
        "choose": "if {0} then {1}, otherwise {2}",
        "whole": "{0} ÷ {1} without fraction",
        "%": "the remainder of {0} ÷ {1}",
    },
    literals={True: "yes", False: "no", None: "nothing"},
    comma=", ",
)
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def explain(node: Node, language: str, labels: Labels) -> str:
    """The expression in words; `language` "en…" gives English, anything else Chinese."""
    return _Teller(_EN if language.startswith("en") else _ZH, labels).tell(node)


class _Teller:
    def __init__(self, language: _Language, labels: Labels):
        self._language = language
        self._labels = labels

    def _say(self, phrase: str, *parts: str) -> str:
        return self._language.phrases[phrase].format(*parts)

    def tell(self, node: Node, field: Node | None = None) -> str:
        """One node in words; `field` is what a literal is compared with, for its labels."""
        match node:
            case Literal():
                return self._literal(node, field)
            case Name():
                return self._labels.get(node.path, node.path)
            case tree.ToFloat():
                return self.tell(node.of)
            case tree.Neg():
                return f"−{self._at(node.of, ATOM)}"
            case tree.Arith():
                return self._arith(node)
            case tree.Compare():
                return self._compare(node)
            case tree.IsNull():
                return self._say("not null" if node.negated else "null", self._at(node.of, SUM))
            case tree.Within() | tree.Holds():
                return self._member(node, "")
            case tree.Not():
                return self._not(node.of)
            case tree.All():
                return self._language.phrases["and"].join(self._at(i, RELATION) for i in node.items)
            case tree.Some():
                return self._language.phrases["or"].join(self._at(i, ALL) for i in node.items)
            case tree.Choose():
                parts = (self._at(p, CHOOSE + 1) for p in (node.test, node.yes, node.no))
                return self._say("choose", *parts)
            case tree.TextTest():
                return self._say(node.op, self._at(node.text, SUM), self.tell(node.part))
            case tree.Size():
                kind = "length" if isinstance(node.of.type, Text) else "count"
                return self._say(kind, self._at(node.of, SUM))

    def _at(self, node: Node, least: int) -> str:
        text = self.tell(node)
        return text if level(node) >= least else self._say("brackets", text)

    def _literal(self, node: Literal, field: Node | None) -> str:
        if not isinstance(node.value, str):
            return self._constant(node)
        if isinstance(field, Name) and f"{field.path}={node.value}" in self._labels:
            return self._labels[f"{field.path}={node.value}"]
        return node.value if isinstance(node.type, Date) else self._say("quote", node.value)

    def _constant(self, node: Literal) -> str:
        if node.value is None or isinstance(node.value, bool):
            return self._language.literals[node.value]
        return str(node.value).replace("-", "−", 1)

    def _arith(self, node: tree.Arith) -> str:
        own = level(node)
        left, right = self._at(node.left, own), self._at(node.right, own + 1)
        if node.op == "%":
            return self._say("%", left, right)
        if node.op == "/" and isinstance(node.type, Int):
            return self._say("whole", left, right)
        return f"{left} {_SIGNS[node.op]} {right}"

    def _compare(self, node: tree.Compare) -> str:
        word = self._language.compare[type(node.left.type)][node.op]
        left, right = self._side(node.left, node.right), self._side(node.right, node.left)
        return f"{left} {word} {right}"

    def _side(self, node: Node, other: Node) -> str:
        return self.tell(node, other) if isinstance(node, Literal) else self._at(node, SUM)

    def _member(self, node: tree.Within | tree.Holds, negation: str) -> str:
        if isinstance(node, tree.Holds):
            item = self._side(node.item, node.field)
            return self._say(f"{negation}holds", item, self.tell(node.field))
        items = self._language.comma.join(self._side(i, node.item) for i in node.items)
        return self._say(f"{negation}in", self._at(node.item, SUM), items)

    def _not(self, inner: Node) -> str:
        match inner:
            case Name():
                own = self._labels.get(f"!{inner.path}")
                return own or self._say("not field", self.tell(inner))
            case tree.Within() | tree.Holds():
                return self._member(inner, "not ")
        return self._say("not", self.tell(inner))
