"""Raw tree → typed tree: every name, type and bound checked, all mistakes told in one run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, cast

from gridward.kernel.errors import BadInput, ManyProblems, Message
from gridward.kernel.expr import bounds, tree
from gridward.kernel.expr import messages as say
from gridward.kernel.expr.syntax import Raw, read
from gridward.kernel.expr.tree import Literal, Name, Node
from gridward.kernel.expr.types import (
    FLOAT_BIG,
    FLOAT_TINY,
    INT64,
    SAFE,
    WORDS,
    Bool,
    Date,
    Float,
    Int,
    ListOf,
    Null,
    Record,
    Schema,
    Text,
    Type,
    Unknown,
    is_number,
    same_family,
)
from gridward.kernel.expr.weight import WEIGHT_MAX, weight

LIST_MAX = 200
"""Values in one list literal."""
METHODS = ("contains", "startsWith", "endsWith")
FUNCTIONS = ("size",)
_OTHER_WORDS = {"has": "x != null", "len": "size(x)", "length": "size(x)", "matches": "x.contains('…')"}
"""What functions of other languages are called here."""
_LOST = Literal(None, Unknown())
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(text: str, schema: Schema, *, wants: type | None = None) -> Node:
    """The typed tree of `text` over the fields of `schema`.

    `wants` is the type class that the place of use needs (`Bool` for a condition); a whole number where
    `Float` is wanted is converted. Raises `ManyProblems` (GW-EXPR-001) whose `problems` are all mistakes, in
    the order of their places, and `Fault` (GW-EXPR-103) when the schema itself is wrong.
    """
    found, problems = examine(text, schema, wants=wants)
    if found is None or problems:
        raise ManyProblems(say.SEVERAL, problems, count=len(problems), **_sentences(problems))
    return found


def _sentences(problems: Iterable[BadInput]) -> dict[str, str]:
    every = list(problems)
    return {
        "sentences_zh": " ".join(p.sentence("zh") for p in every),
        "sentences_en": " ".join(p.sentence("en") for p in every),
    }


def examine(
    text: str, schema: Schema, *, wants: type | None = None
) -> tuple[Node | None, tuple[BadInput, ...]]:
    """Like `check`, but returns the mistakes instead of raising them; the tree is None when there are any."""
    report = say.Report(text)
    raw = read(text, report)
    if raw is None:
        return None, report.problems
    found = _Checker(schema, report).whole(raw, wants)
    if not report.problems and (depth := weight(found)) > WEIGHT_MAX:
        report.add(say.TOO_NESTED, 0, found=depth, allowed=WEIGHT_MAX)
    return (None if report.problems else found), report.problems


def is_date(text: str) -> bool:
    """Whether `text` is an existing day written YYYY-MM-DD."""
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class _Checker:
    """One run over one raw tree. Each method gives a typed node, or `_LOST` after reporting."""

    def __init__(self, schema: Schema, report: say.Report):
        self._schema = schema
        self._report = report
        self._by_kind: Mapping[str, Callable[[Raw], Node]] = {
            "literal": self._literal,
            "name": self._name,
            "member": self._name,
            "method": self._method,
            "call": self._call,
            "list": self._stray_list,
            "neg": self._neg,
            "not": self._not,
            "arith": self._arith,
            "compare": self._compare,
            "within": self._within,
            "all": self._all,
            "some": self._some,
            "choose": self._choose,
        }

    # -- doors

    def whole(self, raw: Raw, wants: type | None) -> Node:
        found = self._scalar(raw)
        kind = found.type
        if (
            wants is None
            or isinstance(kind, wants | Unknown)
            or (isinstance(kind, Null) and wants is not Bool)
        ):
            return found
        if wants is Float and isinstance(kind, Int):
            return self._to_float(found, raw)
        allowed_zh, allowed_en = WORDS[wants]
        self._tell(say.WANTED, raw, allowed_zh=allowed_zh, allowed_en=allowed_en, **say.words(kind, "found"))
        return _LOST

    def _any(self, raw: Raw) -> Node:
        return self._by_kind[raw.kind](raw)

    def _scalar(self, raw: Raw) -> Node:
        """A value that is neither a list nor an object."""
        found = self._any(raw)
        if isinstance(found.type, ListOf):
            return self._lose(say.LIST_USE, raw)
        if isinstance(found.type, Record) and isinstance(found, Name):
            fields = say.listed(f"{found.path}.{f}" for f in found.type.fields)
            return self._lose(say.RECORD_USE, raw, found=found.path, allowed=fields)
        return found

    def _tell(self, message: Message, raw: Raw, **values: Any) -> None:
        self._report.add(message, raw.place if raw.place >= 0 else raw.at, **values)

    def _lose(self, message: Message, raw: Raw, **values: Any) -> Node:
        self._tell(message, raw, **values)
        return _LOST

    # -- leaves

    def _literal(self, raw: Raw) -> Node:
        value = raw.value
        if value is None:
            return Literal(None, Null())
        if isinstance(value, bool):
            return Literal(value, Bool())
        if isinstance(value, str):
            return Literal(value, Text())
        return self._number(value, raw)

    def _number(self, value: int | float, raw: Raw) -> Node:
        whole = isinstance(value, int)
        inside = abs(value) <= SAFE if whole else value == 0 or FLOAT_TINY <= abs(value) <= FLOAT_BIG
        if not inside:
            allowed = f"-{SAFE} … {SAFE}" if whole else f"0, ±{FLOAT_TINY} … ±{FLOAT_BIG:.0e}"
            return self._lose(say.NUMBER_RANGE, raw, found=value, allowed=allowed)
        if isinstance(value, int):
            return Literal(value, Int(value, value))
        return Literal(value, bounds.of_literal(value))

    def _name(self, raw: Raw) -> Node:
        if raw.kind == "name":
            return self._field(raw, "", self._schema)
        owner = self._any(raw.parts[0])
        if isinstance(owner, Name) and isinstance(owner.type, Record):
            return self._field(raw, f"{owner.path}.", owner.type.fields)
        if isinstance(owner.type, Unknown):
            return _LOST
        return self._lose(say.NOT_A_RECORD, raw, name=raw.value, **say.words(owner.type, "found"))

    def _field(self, raw: Raw, prefix: str, fields: Schema) -> Node:
        if raw.value in fields:
            say.require_lawful(prefix + raw.value, fields[raw.value])
            return Name(prefix + raw.value, fields[raw.value])
        allowed = say.listed(prefix + f for f in fields) or "—"
        near = say.closest(raw.value, fields)
        return self._lose(say.UNKNOWN_NAME, raw, found=prefix + raw.value, allowed=allowed, **near)

    # -- functions

    def _method(self, raw: Raw) -> Node:
        text, parts = self._scalar(raw.parts[0]), [self._scalar(p) for p in raw.parts[1:]]
        if raw.value not in METHODS:
            return self._no_function(raw, METHODS)
        if isinstance(text.type, Unknown) or any(isinstance(p.type, Unknown) for p in parts):
            return _LOST
        if not isinstance(text.type, Text):
            return self._operand(raw, f".{raw.value}( )", (Text,), text)
        if len(parts) != 1 or not isinstance(parts[0].type, Text) or not isinstance(parts[0], Literal | Name):
            return self._arguments(
                raw, parts, "一个带引号的文字或一个文字字段", "one quoted text or text field"
            )
        return tree.TextTest(raw.value, text, parts[0])

    def _call(self, raw: Raw) -> Node:
        parts = [self._any(p) for p in raw.parts]
        if raw.value not in FUNCTIONS:
            return self._no_function(raw, FUNCTIONS)
        if any(isinstance(p.type, Unknown) for p in parts):
            return _LOST
        if len(parts) != 1 or not isinstance(parts[0].type, Text | ListOf):
            return self._arguments(raw, parts, "一个文字或列表字段", "one text or list field")
        return tree.Size(parts[0])

    def _no_function(self, raw: Raw, nearest: tuple[str, ...]) -> Node:
        known = ("size(x)", *(f"x.{m}('…')" for m in METHODS))
        near = say.asked(_OTHER_WORDS.get(raw.value)) or say.closest(
            raw.value, (*nearest, *FUNCTIONS, *METHODS)
        )
        return self._lose(say.UNKNOWN_FUNCTION, raw, found=raw.value, allowed=", ".join(known), **near)

    def _arguments(self, raw: Raw, parts: list[Node], zh: str, en: str) -> Node:
        found = {"found_zh": f" {len(parts)} 个值", "found_en": f"{len(parts)} values"}
        if len(parts) == 1:
            found = say.words(parts[0].type, "found")
            if isinstance(parts[0].type, Text):
                found = {"found_zh": "算出来的文字", "found_en": "a computed text"}
        return self._lose(say.ARGUMENTS, raw, name=raw.value, allowed_zh=zh, allowed_en=en, **found)

    def _stray_list(self, raw: Raw) -> Node:
        for part in raw.parts:
            self._any(part)
        return self._lose(say.LIST_USE, raw)

    # -- operators

    def _operand(self, raw: Raw, name: str, allowed: tuple[type, ...], found: Node, **more: str) -> Node:
        return self._lose(
            say.OPERAND,
            raw,
            name=name,
            allowed_zh="、".join(WORDS[a][0] for a in allowed),
            allowed_en=" or ".join(WORDS[a][1] for a in allowed),
            **more,
            **say.words(found.type, "found"),
        )

    def _needs(self, raw: Raw, name: str, allowed: tuple[type, ...], parts: Iterable[Node]) -> bool:
        """Whether all parts have one of the allowed types; the first that has not is reported."""
        for part in parts:
            if isinstance(part.type, Unknown):
                return False
            if not isinstance(part.type, allowed):
                self._operand(raw, name, allowed, part)
                return False
        return True

    def _neg(self, raw: Raw) -> Node:
        part = self._scalar(raw.parts[0])
        if not self._needs(raw, "-", (Int, Float), [part]):
            return _LOST
        kind = bounds.negate(cast(Int | Float, part.type))
        if isinstance(part, Literal) and isinstance(part.value, int | float):
            return Literal(-part.value, kind)
        return tree.Neg(part, kind)

    def _not(self, raw: Raw) -> Node:
        part = self._scalar(raw.parts[0])
        return tree.Not(part) if self._needs(raw, "!", (Bool,), [part]) else _LOST

    def _conditions(self, raw: Raw) -> tuple[Node, ...] | None:
        parts = [self._scalar(p) for p in raw.parts]
        sound = [self._needs(p, raw.value, (Bool,), [n]) for p, n in zip(raw.parts, parts, strict=True)]
        return tuple(parts) if all(sound) else None

    def _all(self, raw: Raw) -> Node:
        parts = self._conditions(raw)
        if parts is None:
            return _LOST
        return tree.All(tuple(q for p in parts for q in (p.items if isinstance(p, tree.All) else (p,))))

    def _some(self, raw: Raw) -> Node:
        parts = self._conditions(raw)
        if parts is None:
            return _LOST
        return tree.Some(tuple(q for p in parts for q in (p.items if isinstance(p, tree.Some) else (p,))))

    def _arith(self, raw: Raw) -> Node:
        left, right = (self._scalar(p) for p in raw.parts)
        allowed = (Int,) if raw.value == "%" else (Int, Float)
        if not self._needs(raw, raw.value, allowed, [left, right]):
            return _LOST
        if type(left.type) is not type(right.type):
            left, right = self._to_float(left, raw), self._to_float(right, raw)
        if Unknown in (type(left.type), type(right.type)):
            return _LOST
        kind = bounds.result(raw.value, cast(Int | Float, left.type), cast(Int | Float, right.type))
        return tree.Arith(raw.value, left, right, kind) if self._fits(raw, kind) else _LOST

    def _fits(self, raw: Raw, kind: Int | Float) -> bool:
        if bounds.fits(kind):
            return True
        whole = isinstance(kind, Int)
        found = _reach(kind) if isinstance(kind, Int) else f"{kind.big:.0e} / 2^-{kind.grain}"
        allowed = f"{INT64}" if whole else f"2^{bounds.EXPONENT_MAX} / 2^-{bounds.EXPONENT_MAX}"
        self._tell(say.OVERFLOW, raw, name=raw.value, found=found, allowed=allowed)
        return False

    def _to_float(self, node: Node, raw: Raw) -> Node:
        if not isinstance(node.type, Int):
            return node
        if isinstance(node, Literal) and isinstance(node.value, int):
            return tree.ToFloat(node)
        return tree.ToFloat(node) if self._exact(node, raw) else _LOST

    def _exact(self, node: Node, raw: Raw) -> bool:
        if not isinstance(node.type, Int) or bounds.is_exact(node.type):
            return True
        self._tell(say.INEXACT, raw, found=_reach(node.type), allowed=SAFE)
        return False

    # -- comparisons

    def _compare(self, raw: Raw) -> Node:
        left, right = self._side(raw.parts[0], raw.parts[1]), self._side(raw.parts[1], raw.parts[0])
        if isinstance(left.type, Unknown) or isinstance(right.type, Unknown):
            return _LOST
        equality = raw.value in ("==", "!=")
        if equality and (isinstance(left.type, Null) or isinstance(right.type, Null)):
            return tree.IsNull(left if isinstance(right.type, Null) else right, raw.value == "!=")
        left, right = self._dated(left, right, raw.parts[0]), self._dated(right, left, raw.parts[1])
        if isinstance(left.type, Unknown) or isinstance(right.type, Unknown):
            return _LOST
        if not self._comparable(raw, left, right, (Int, Float, Text, Date, *((Bool,) if equality else ()))):
            return _LOST
        if equality:
            self._choice(left, right, raw.parts[1])
            self._choice(right, left, raw.parts[0])
        return tree.Compare(raw.value, left, right)

    def _side(self, raw: Raw, other: Raw) -> Node:
        """One side of a comparison: a scalar; a stored list may be asked whether it is there at all."""
        with_null = other.kind == "literal" and other.value is None
        if with_null and raw.kind in ("name", "member"):
            found = self._any(raw)
            return found if isinstance(found.type, ListOf) else self._scalar(raw)
        return self._scalar(raw)

    def _comparable(self, raw: Raw, left: Node, right: Node, allowed: tuple[type, ...]) -> bool:
        if not same_family(left.type, right.type) or not isinstance(left.type, allowed):
            self._tell(
                say.INCOMPARABLE,
                raw,
                name=raw.value,
                found=f"{WORDS[type(left.type)][1]} {raw.value} {WORDS[type(right.type)][1]}",
                **say.words(left.type, "left"),
                **say.words(right.type, "right"),
                **_advice(raw.value, left, right),
            )
            return False
        if type(left.type) is not type(right.type):
            return self._exact(left, raw) and self._exact(right, raw)
        return True

    def _dated(self, node: Node, other: Node, raw: Raw) -> Node:
        """A text literal beside a date is read as a date, and must be one."""
        if not isinstance(other.type, Date) or not isinstance(node, Literal) or type(node.value) is not str:
            return node
        if is_date(node.value):
            return Literal(node.value, Date())
        return self._lose(say.BAD_DATE, raw, found=node.value, allowed="YYYY-MM-DD")

    def _choice(self, field: Node, other: Node, raw: Raw) -> None:
        """A literal beside a field with choices must be one of them."""
        kind = field.type.of if isinstance(field.type, ListOf) else field.type
        if not isinstance(kind, Text) or not kind.choices or not isinstance(field, Name):
            return
        if isinstance(other, Literal) and isinstance(other.value, str) and other.value not in kind.choices:
            near = say.closest(other.value, kind.choices)
            allowed = say.listed(kind.choices)
            self._tell(say.UNKNOWN_CHOICE, raw, name=field.path, found=other.value, allowed=allowed, **near)

    def _within(self, raw: Raw) -> Node:
        item = self._scalar(raw.parts[0])
        if raw.parts[1].kind == "list":
            return self._within_literal(raw, item, raw.parts[1])
        field = self._any(raw.parts[1])
        if isinstance(item.type, Unknown) or isinstance(field.type, Unknown):
            return _LOST
        if not isinstance(field, Name) or not isinstance(field.type, ListOf):
            return self._operand(raw, "in", (ListOf,), field, sample=say.SAMPLES[say.LIST_CONTENT])
        return self._holds(raw, item, field, field.type.of)

    def _holds(self, raw: Raw, item: Node, field: Name, of: Text | Int | Date) -> Node:
        if isinstance(of, Date):
            item = self._dated(item, Literal(None, of), raw.parts[0])
        if isinstance(item.type, Unknown):
            return _LOST
        if type(item.type) is not type(of):
            self._comparable(raw, item, Literal(None, of), ())
            return _LOST
        self._choice(field, item, raw.parts[0])
        return tree.Holds(item, field) if self._exact(item, raw) else _LOST

    def _within_literal(self, raw: Raw, item: Node, row: Raw) -> Node:
        items = [self._scalar(p) for p in row.parts]
        item = self._dated(item, next((i for i in items if isinstance(i.type, Date)), item), raw.parts[0])
        items = [self._dated(i, item, p) for i, p in zip(items, row.parts, strict=True)]
        if any(isinstance(i.type, Unknown) for i in (item, *items)):
            return _LOST
        if not self._uniform(row, items):
            return _LOST
        allowed = (Int, Float, Text, Date, Bool)
        if not self._comparable(raw, item, items[0], allowed) or not self._mixable(raw, (item, *items)):
            return _LOST
        for node, part in zip(items, row.parts, strict=True):
            self._choice(item, node, part)
        return tree.Within(item, tuple(items))

    def _uniform(self, row: Raw, items: list[Node]) -> bool:
        """Whether a list literal holds 1 to LIST_MAX values of one family, none of them null."""
        odd = [i for i in items if isinstance(i.type, Null) or not same_family(i.type, items[0].type)]
        if items and len(items) <= LIST_MAX and not odd:
            return True
        zh, en = f" {len(items)} 个值", f"{len(items)} values"
        if odd:
            kinds = dict.fromkeys(WORDS[type(i.type)] for i in items)
            zh, en = "、".join(k[0] for k in kinds), " and ".join(k[1] for k in kinds)
        self._tell(say.LIST_CONTENT, row, most=LIST_MAX, found_zh=zh, found_en=en)
        return False

    def _mixable(self, raw: Raw, parts: tuple[Node, ...]) -> bool:
        if not any(isinstance(p.type, Float) for p in parts):
            return True
        return all(self._exact(p, raw) for p in parts)

    def _choose(self, raw: Raw) -> Node:
        test, yes, no = (self._scalar(p) for p in raw.parts)
        yes, no = self._dated(yes, no, raw.parts[1]), self._dated(no, yes, raw.parts[2])
        if not self._needs(raw, "? :", (Bool,), [test]):
            return _LOST
        if isinstance(yes.type, Unknown) or isinstance(no.type, Unknown):
            return _LOST
        if not same_family(yes.type, no.type) and Null not in (type(yes.type), type(no.type)):
            left, right = say.words(yes.type, "left"), say.words(no.type, "right")
            found = f"{left['left_en']}, {right['right_en']}"
            return self._lose(say.BRANCHES, raw, found=found, **left, **right)
        return self._joined(raw, test, yes, no)

    def _joined(self, raw: Raw, test: Node, yes: Node, no: Node) -> Node:
        """A choice whose branches have one type; a whole number beside a decimal is converted."""
        if is_number(yes.type) and is_number(no.type) and type(yes.type) is not type(no.type):
            yes, no = self._to_float(yes, raw), self._to_float(no, raw)
        if Unknown in (type(yes.type), type(no.type)):
            return _LOST
        return tree.Choose(test, yes, no, _common(yes.type, no.type))


def _reach(kind: Int) -> int:
    """The bound of larger magnitude."""
    return kind.lo if -kind.lo > kind.hi else kind.hi


def _common(one: Type, other: Type) -> Type:
    if isinstance(one, Null):
        return other
    if isinstance(one, Int | Float) and isinstance(other, Int | Float):
        return bounds.union(one, other)
    return Text() if isinstance(one, Text) else one


def _advice(operator: str, left: Node, right: Node) -> dict[str, str]:
    """A sentence for the commonest wrong comparisons."""
    kinds = {type(left.type), type(right.type)}
    if Null in kinds:
        return {"allowed_zh": "与 null 只能用 == 或 !=。", "allowed_en": "Use only == or != with null. "}
    if kinds == {Bool}:
        return {"allowed_zh": "是否只能用 == 或 !=。", "allowed_en": "Use only == or != with yes/no. "}
    if isinstance(left, tree.Compare) or isinstance(right, tree.Compare):
        advice = {"allowed_zh": "连续比较要用 && 连接。", "allowed_en": "Join comparisons by &&. "}
        return advice | {"sample": "penalties > 1 && penalties < 5"}
    if Text in kinds and (Int in kinds or Float in kinds):
        return {"allowed_zh": "数不要加引号。", "allowed_en": "Write numbers without quotes. "}
    return {"allowed_zh": "两边要是同类的值。", "allowed_en": "Both sides need one type. "}
