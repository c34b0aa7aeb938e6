"""What a value of an expression can be, and how large it can get.

Every type includes null (a missing value). Numbers carry bounds, so that whether a result fits is known when
an expression is checked and never has to be asked while it runs:

* `Int(lo, hi)`: a 64-bit whole number. A field declares bounds within ±(2^53-1); results of arithmetic are
  computed as intervals and refused by the checker when they could leave 64 bits.
* `Float(big, grain)`: an IEEE double. `big` bounds the magnitude; every possible value is a multiple of
  2^-grain, so the smallest value that is not zero is known too. Together they rule out overflow, underflow,
  infinities and NaN, which PostgreSQL answers with an error and the others do not.

A stored value that is not of its field's type, or lies outside its bounds, reads as null everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SAFE = 2**53 - 1
"""Largest magnitude of a whole-number field or literal: exact as a double and in JSON."""
INT64 = 2**63 - 1
FLOAT_BIG = 1e15
"""Largest magnitude of a decimal field or literal."""
FLOAT_TINY = 1e-15
"""Smallest magnitude of a decimal field or literal that is not zero."""
FIELD_GRAIN = 102
"""1e-15 > 2^-50, and a double of that size is a multiple of 2^-102."""
SIZE_MAX = 10**9
"""Longest text either database stores."""


@dataclass(frozen=True, slots=True)
class Null:
    """The type of the literal `null` and of what can be nothing else."""


@dataclass(frozen=True, slots=True)
class Bool:
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number from `lo` to `hi`, both inclusive."""

    lo: int = -SAFE
    hi: int = SAFE


@dataclass(frozen=True, slots=True)
class Float:
    """A double: magnitude at most `big`, a multiple of 2^-`grain`. A field gives `big` only, at most 1e15."""

    big: float = FLOAT_BIG
    grain: int = FIELD_GRAIN


@dataclass(frozen=True, slots=True)
class Text:
    """Text. With `choices`, literals compared with it must be one of these codes."""

    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Date:
    """A day as ISO text, `2026-03-01`; compared as text."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A stored list (of `Text`, `Int` or `Date`); usable only after `in` and inside `size()`."""

    of: Text | Int | Date


@dataclass(frozen=True, slots=True)
class Record:
    """A declared object whose fields are read with `a.b`."""

    fields: Mapping[str, Type] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The type of a part reported already: fits everywhere, so that one mistake is told once."""


Type = Null | Bool | Int | Float | Text | Date | ListOf | Record | Unknown
Schema = Mapping[str, Type]
"""Names that an expression may use, with their types."""

WORDS: Mapping[type, tuple[str, str]] = {
    Null: ("空值", "null"),
    Bool: ("是否值", "yes/no"),
    Int: ("整数", "whole number"),
    Float: ("小数", "decimal"),
    Text: ("文字", "text"),
    Date: ("日期", "date"),
    ListOf: ("列表", "list"),
    Record: ("对象", "object"),
    Unknown: ("未知", "unknown"),
}
"""How a type is called in Chinese and English."""


def is_number(kind: Type) -> bool:
    return isinstance(kind, Int | Float)


def same_family(one: Type, other: Type) -> bool:
    """Whether values of both types can stand in one comparison: equal types, or both numbers."""
    return type(one) is type(other) or (is_number(one) and is_number(other))
