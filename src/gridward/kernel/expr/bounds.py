"""Interval arithmetic: how large a result can get, from how large its operands can be.

Whole numbers: exact intervals in unbounded integers; the checker refuses what does not fit 64 bits.

Doubles: `big` is an upper bound of the magnitude (rounded up a little on each step), `grain` an exponent such
that every value is a multiple of 2^-grain. A sum of multiples of 2^-k is one; a product of multiples of 2^-j
and 2^-k is one of 2^-(j+k); a quotient is at least 2^-j / big and carries 53 bits below that. Rounding to a
double keeps the property, because it moves a value to a coarser binary grid or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from gridward.kernel.expr.types import INT64, SAFE, Float, Int

EXPONENT_MAX = 1000
"""Magnitudes stay within 2^±1000: well inside normal doubles (2^±1022)."""
_UP = 1 + 2.0**-40


def fits(kind: Int | Float) -> bool:
    """Whether every value of this type can be held without overflow or underflow."""
    if isinstance(kind, Int):
        return kind.lo >= -INT64 and kind.hi <= INT64
    return kind.big <= 2.0**EXPONENT_MAX and kind.grain <= EXPONENT_MAX


def is_exact(kind: Int | Float) -> bool:
    """Whether every value converts to a double without rounding."""
    return isinstance(kind, Float) or (kind.lo >= -SAFE and kind.hi <= SAFE)


def of_literal(value: float) -> Float:
    """The exact type of one double."""
    return Float(abs(value), value.as_integer_ratio()[1].bit_length() - 1)


def as_float(kind: Int | Float) -> Float:
    """The type after conversion to a double."""
    if isinstance(kind, Float):
        return kind
    return Float(float(max(abs(kind.lo), abs(kind.hi))), 0)


def truncated(dividend: int, divisor: int) -> int:
    """Quotient truncated toward zero; `divisor` is not 0."""
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def negate(kind: Int | Float) -> Int | Float:
    return Int(-kind.hi, -kind.lo) if isinstance(kind, Int) else kind


def union(one: Int | Float, other: Int | Float) -> Int | Float:
    """The smallest type that holds both; mixed numbers become doubles."""
    if isinstance(one, Int) and isinstance(other, Int):
        return Int(min(one.lo, other.lo), max(one.hi, other.hi))
    left, right = as_float(one), as_float(other)
    return Float(max(left.big, right.big), max(left.grain, right.grain))


def _add(one: Int, other: Int) -> Int:
    return Int(one.lo + other.lo, one.hi + other.hi)


def _subtract(one: Int, other: Int) -> Int:
    return Int(one.lo - other.hi, one.hi - other.lo)


def _multiply(one: Int, other: Int) -> Int:
    corners = [a * b for a in (one.lo, one.hi) for b in (other.lo, other.hi)]
    return Int(min(corners), max(corners))


def _divide(one: Int, other: Int) -> Int:
    divisors = [d for d in (other.lo, -1, 1, other.hi) if d != 0 and other.lo <= d <= other.hi]
    corners = [truncated(a, d) for a in (one.lo, one.hi) for d in divisors] or [0]
    return Int(min(corners), max(corners))


def _remainder(one: Int, other: Int) -> Int:
    most = max(abs(other.lo), abs(other.hi), 1) - 1
    return Int(-min(max(-one.lo, 0), most), min(max(one.hi, 0), most))


def _add_float(one: Float, other: Float) -> Float:
    return Float((one.big + other.big) * _UP, max(one.grain, other.grain))


def _multiply_float(one: Float, other: Float) -> Float:
    return Float(one.big * other.big * _UP, one.grain + other.grain)


def _divide_float(one: Float, other: Float) -> Float:
    grain = max(one.grain + max(math.frexp(other.big)[1], 0), 0) + 54
    exponent = math.frexp(one.big)[1] + other.grain
    return Float(2.0 ** min(exponent, EXPONENT_MAX + 1), grain)


_INT: Mapping[str, Callable[[Int, Int], Int]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
}
_FLOAT: Mapping[str, Callable[[Float, Float], Float]] = {
    "+": _add_float,
    "-": _add_float,
    "*": _multiply_float,
    "/": _divide_float,
}


def result(operator: str, one: Int | Float, other: Int | Float) -> Int | Float:
    """The type of `one operator other`; whole when both are whole. `%` is for whole numbers only."""
    if isinstance(one, Int) and isinstance(other, Int):
        return _INT[operator](one, other)
    return _FLOAT[operator](as_float(one), as_float(other))
