"""Every sentence about an expression, and the report that collects them.

`at` is the place in the expression, counted in characters from 1. Each error also carries the values `line`,
`column`, `found`, `allowed` and `sample` (a form that works), for `pack check`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from gridward.kernel.errors import BadInput, Fault, Message
from gridward.kernel.expr.types import FIELD_GRAIN, FLOAT_BIG, SAFE, WORDS, Float, Int, Type

SEVERAL = Message(
    "GW-EXPR-001",
    "表达式有 {count} 处错误：{sentences_zh}",
    "The expression has {count} mistake(s): {sentences_en}",
)
TOO_LONG = Message(
    "GW-EXPR-002",
    "表达式有 {found} 个字，最多 {allowed} 个。请拆成几条规则，或用 in [...] 代替一长串 ||。",
    "The expression has {found} characters, at most {allowed} are allowed. Split it into several rules, "
    "or write in [...] instead of a long row of ||.",
)
EMPTY = Message(
    "GW-EXPR-003",
    "表达式是空的。请写条件，例如 {sample}；总是成立写 true。",
    "The expression is empty. Write a condition such as {sample}; write true for one that always holds.",
)
STRAY = Message(
    "GW-EXPR-004",
    "第 {at} 个字：表达式里不能用“{found}”。可用：{allowed}。例如 {sample}",
    "Character {at}: {found} cannot stand in an expression. Allowed: {allowed}. For example {sample}",
)
SYNTAX = Message(
    "GW-EXPR-005",
    "第 {at} 个字：这里不能是{found_zh}。这里可以是：{allowed_zh}。例如 {sample}",
    "Character {at}: {found_en} cannot stand here. Allowed here: {allowed_en}. For example {sample}",
)
SPELLING = Message(
    "GW-EXPR-006",
    "第 {at} 个字：“{found}”请写成 {allowed}。例如 {sample}",
    "Character {at}: write {allowed} instead of {found}. For example {sample}",
)
UNCLOSED = Message(
    "GW-EXPR-007",
    "第 {at} 个字：文字 {found} 没有结尾的引号。文字要用一对 ' 或 \" 括起来，例如 {sample}",
    "Character {at}: the text {found} has no closing quote. Put text between two ' or two \", "
    "for example {sample}",
)
ESCAPE = Message(
    "GW-EXPR-008",
    "第 {at} 个字：文字里不能有 {found}。可用：{allowed}。例如 {sample}",
    "Character {at}: text cannot hold {found}. Allowed: {allowed}. For example {sample}",
)
TOO_DEEP = Message(
    "GW-EXPR-009",
    "表达式嵌套了 {found} 层，最多 {allowed} 层。请拆成几条规则。",
    "The expression is nested {found} deep, at most {allowed} levels are allowed. "
    "Split it into several rules.",
)
NUMBER_RANGE = Message(
    "GW-EXPR-010",
    "第 {at} 个字：数 {found} 超出范围。可用：{allowed}。例如 {sample}",
    "Character {at}: the number {found} is out of range. Allowed: {allowed}. For example {sample}",
)
UNKNOWN_NAME = Message(
    "GW-EXPR-011",
    "第 {at} 个字：没有叫“{found}”的字段。{closest_zh}可用的字段：{allowed}。文字要加引号，例如 {sample}",
    "Character {at}: there is no field {found}. {closest_en}Fields: {allowed}. Text needs quotes, "
    "for example {sample}",
)
UNKNOWN_FUNCTION = Message(
    "GW-EXPR-012",
    "第 {at} 个字：没有叫“{found}”的函数。{closest_zh}可用：{allowed}。例如 {sample}",
    "Character {at}: there is no function {found}. {closest_en}Allowed: {allowed}. For example {sample}",
)
ARGUMENTS = Message(
    "GW-EXPR-013",
    "第 {at} 个字：{name} 的括号里应是{allowed_zh}，而不是{found_zh}。例如 {sample}",
    "Character {at}: {name} takes {allowed_en}, not {found_en}. For example {sample}",
)
OPERAND = Message(
    "GW-EXPR-014",
    "第 {at} 个字：“{name}”只能用于{allowed_zh}，这里是{found_zh}。例如 {sample}",
    "Character {at}: {name} works on {allowed_en}, here it has {found_en}. For example {sample}",
)
INCOMPARABLE = Message(
    "GW-EXPR-015",
    "第 {at} 个字：{left_zh}不能与{right_zh}用“{name}”比较。{allowed_zh}例如 {sample}",
    "Character {at}: {left_en} and {right_en} cannot be compared by {name}. {allowed_en}For example {sample}",
)
LIST_USE = Message(
    "GW-EXPR-016",
    "第 {at} 个字：列表只能写在 in 的右边，或 size( ) 里。例如 {sample}",
    "Character {at}: a list can stand only to the right of in, or inside size( ). For example {sample}",
)
LIST_CONTENT = Message(
    "GW-EXPR-017",
    "第 {at} 个字：in 右边的列表要有 1 至 {most} 个同类的值，而这里是{found_zh}。例如 {sample}",
    "Character {at}: the list after in needs 1 to {most} values of one type, here it has {found_en}. "
    "For example {sample}",
)
OVERFLOW = Message(
    "GW-EXPR-018",
    "第 {at} 个字：“{name}”的结果可能达到 {found}，超出 {allowed}。请在字段上写 min 和 max，"
    "或先乘 1.0 按小数算。例如 {sample}",
    "Character {at}: the result of {name} can reach {found}, beyond {allowed}. Declare min and max on the "
    "fields, or multiply by 1.0 first to calculate in decimals. For example {sample}",
)
INEXACT = Message(
    "GW-EXPR-019",
    "第 {at} 个字：这个整数可能达到 {found}，与小数一起用只能到 {allowed}。"
    "请在字段上写 min 和 max。例如 {sample}",
    "Character {at}: this whole number can reach {found}; together with decimals it may reach {allowed}. "
    "Declare min and max on the fields. For example {sample}",
)
UNKNOWN_CHOICE = Message(
    "GW-EXPR-020",
    "第 {at} 个字：字段 {name} 没有选项“{found}”。{closest_zh}选项有：{allowed}。例如 {sample}",
    "Character {at}: field {name} has no choice {found}. {closest_en}Choices: {allowed}. "
    "For example {sample}",
)
BAD_DATE = Message(
    "GW-EXPR-021",
    "第 {at} 个字：“{found}”不是日期。日期写成 {allowed}，例如 {sample}",
    "Character {at}: {found} is not a date. Write dates as {allowed}, for example {sample}",
)
BRANCHES = Message(
    "GW-EXPR-022",
    "第 {at} 个字：“? :”两边要是同类的值，这里是{left_zh}和{right_zh}。例如 {sample}",
    "Character {at}: both sides of ? : need one type, here they are {left_en} and {right_en}. "
    "For example {sample}",
)
WANTED = Message(
    "GW-EXPR-023",
    "这里需要{allowed_zh}，而这个表达式的结果是{found_zh}。例如 {sample}",
    "A {allowed_en} is needed here, and this expression gives a {found_en}. For example {sample}",
)
NOT_A_RECORD = Message(
    "GW-EXPR-024",
    "第 {at} 个字：“.{name}”前面不是对象，而是{found_zh}。“.”只能接对象的字段，"
    "或 contains( )、startsWith( )、endsWith( )。例如 {sample}",
    "Character {at}: .{name} follows a {found_en}, not an object. After a dot stands a field of an object, "
    "or contains( ), startsWith( ), endsWith( ). For example {sample}",
)
RECORD_USE = Message(
    "GW-EXPR-025",
    "第 {at} 个字：{found} 是对象，要写出它的字段：{allowed}。例如 {sample}",
    "Character {at}: {found} is an object; name one of its fields: {allowed}. For example {sample}",
)
TOO_NESTED = Message(
    "GW-EXPR-026",
    "表达式套得太深：深度 {found}，最多 {allowed}（括号里的 ? : 和 / 最深，&& 和 || 连成一排不加深）。"
    "请拆成几条规则。",
    "The expression nests too deeply: {found}, at most {allowed} (? : and / inside brackets nest deepest, a "
    "row of && or || adds nothing). Split it into several rules.",
)
NO_COLUMN = Message(
    "GW-EXPR-101",
    "表达式用到字段“{found}”，但没有给出它的数据列。给出的列：{allowed}。",
    "The expression uses field {found}, but no column was given for it. Columns given: {allowed}.",
)
UNSAFE_COLUMN = Message(
    "GW-EXPR-102",
    "“{found}”不能作为列名或字段名。只能用英文字母、数字和下划线，层级用“.”分开。",
    "{found} cannot be a column or field name. Use ASCII letters, digits and underscores, with dots between.",
)
BAD_BOUNDS = Message(
    "GW-EXPR-103",
    "字段 {name} 的范围 {found} 不能用。整数在 ±{whole} 之内且下限不大于上限，小数绝对值不超过 {decimal}。",
    "Field {name} has bounds {found} that cannot be used. Whole numbers lie within ±{whole}, the lower bound "
    "not above the upper one; decimals within ±{decimal}.",
)

SAMPLES = {
    EMPTY: "licensed",
    STRAY: "trade == 'food'",
    SYNTAX: "trade == 'food' && penalties > 0",
    SPELLING: "trade == 'food' && !licensed",
    UNCLOSED: "trade == 'food'",
    ESCAPE: r"name.contains('\'')",
    NUMBER_RANGE: "penalties > 3",
    UNKNOWN_NAME: "trade == 'food'",
    UNKNOWN_FUNCTION: "size(name) > 10",
    ARGUMENTS: "name.startsWith('北京')",
    OPERAND: "penalties + 1 > 3 && licensed",
    INCOMPARABLE: "penalties > 3 || name != null",
    LIST_USE: "trade in ['food', 'drug']",
    LIST_CONTENT: "trade in ['food', 'drug']",
    OVERFLOW: "1.0 * penalties * penalties",
    INEXACT: "penalties * 0.5 > 3",
    UNKNOWN_CHOICE: "trade == 'food'",
    BAD_DATE: "opened >= '2026-03-01'",
    BRANCHES: "licensed ? 1 : 2",
    WANTED: "penalties > 3",
    NOT_A_RECORD: "owner.name.contains('王')",
    RECORD_USE: "owner.name != null",
}
"""A form that works, per message; checked by a test."""

_SHOWN = 20


def require_lawful(name: str, kind: Type) -> None:
    """Raise `Fault` (GW-EXPR-103) when a field declares bounds on which the guarantees do not hold."""
    whole = isinstance(kind, Int) and not -SAFE <= kind.lo <= kind.hi <= SAFE
    decimal = isinstance(kind, Float) and (kind.grain != FIELD_GRAIN or not 0 < kind.big <= FLOAT_BIG)
    if whole or decimal:
        raise Fault(BAD_BOUNDS, name=name, found=kind, whole=SAFE, decimal=FLOAT_BIG)


def words(kind: Type, name: str) -> dict[str, str]:
    """Values `{name}_zh` and `{name}_en` that call a type by its words."""
    zh, en = WORDS[type(kind)]
    return {f"{name}_zh": zh, f"{name}_en": en}


def closest(found: str, known: Iterable[str]) -> dict[str, str]:
    """Values `closest_zh`, `closest_en`: a question naming the most similar known word, or nothing."""
    known = list(known)
    similar = get_close_matches(found.lower(), {k.lower(): k for k in known}, n=1, cutoff=0.6)
    names = {k.lower(): k for k in known}
    if not similar:
        return {"closest_zh": "", "closest_en": ""}
    return asked(names[similar[0]])


def asked(near: str | None) -> dict[str, str]:
    """Values `closest_zh`, `closest_en` that ask whether `near` was meant; empty without it."""
    if near is None:
        return {}
    return {"closest_zh": f"是不是要写 {near}？", "closest_en": f"Did you mean {near}? "}


def listed(names: Iterable[str]) -> str:
    """Names for a sentence; a long row is cut and its length told."""
    every = list(names)
    shown = ", ".join(every[:_SHOWN])
    return shown if len(every) <= _SHOWN else f"{shown} … ({len(every)})"


class Report:
    """The mistakes of one expression, in the order of their places."""

    def __init__(self, text: str):
        self.text = text
        self._found: dict[tuple[str, int], BadInput] = {}

    def add(self, message: Message, at: int, **values: Any) -> None:
        """Note one mistake at `at` (counted from 0); the same mistake at the same place only once."""
        before = self.text[:at]
        line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
        values.setdefault("sample", SAMPLES.get(message, ""))
        values.setdefault("found", values.get("found_en", ""))
        values.setdefault("allowed", values.get("allowed_en", ""))
        error = BadInput(message, at=at + 1, line=line, column=column, **values)
        self._found.setdefault((message.code, at), error)

    @property
    def problems(self) -> tuple[BadInput, ...]:
        return tuple(sorted(self._found.values(), key=lambda p: (p.values["at"], p.code)))
