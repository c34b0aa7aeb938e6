"""Bounds are sound: no result of an operation lies outside the type that was computed for it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.expr import Float, Int, bounds
from gridward.kernel.expr.python import _ARITH, _divide_whole
from gridward.kernel.expr.types import FLOAT_BIG, FLOAT_TINY

ints = st.integers(-(2**53), 2**53) | st.integers(-5, 5)
decimals = st.just(0.0) | st.floats(FLOAT_TINY, FLOAT_BIG) | st.floats(-FLOAT_BIG, -FLOAT_TINY)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Int, int]:
    """An interval and a number in it."""
    lo, value, hi = sorted(draw(st.tuples(ints, ints, ints)))
    return Int(lo, hi), value


def inside(value: float, kind: Float) -> bool:
    """Whether a double keeps to `big` and is a multiple of 2^-grain."""
    multiple = value.as_integer_ratio()[1].bit_length() - 1 <= kind.grain
    return math.isfinite(value) and abs(value) <= kind.big and multiple


@given(one=intervals(), other=intervals(), sign=st.sampled_from("+-*/%"))
def test_whole_result_lies_in_its_interval(one: tuple[Int, int], other: tuple[Int, int], sign: str) -> None:
    kind = bounds.result(sign, one[0], other[0])
    value = (_divide_whole if sign == "/" else _ARITH[sign])(one[1], other[1])
    assert isinstance(kind, Int)
    assert value is None or kind.lo <= value <= kind.hi


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "%"])
def test_whole_result_interval_is_no_wider_than_the_results(sign: str) -> None:
    """Small intervals, every pair tried. Only a remainder's interval may be wider than needed."""
    calculate = _divide_whole if sign == "/" else _ARITH[sign]
    for a, b, c, d in [(-3, 4, -2, 5), (1, 6, 2, 3), (-7, -2, 1, 4), (0, 9, -4, -1), (-5, 5, 0, 0)]:
        found = [calculate(x, y) for x in range(a, b + 1) for y in range(c, d + 1)]
        whole = [v for v in found if v is not None] or [0]
        kind = bounds.result(sign, Int(a, b), Int(c, d))
        assert isinstance(kind, Int)
        assert kind.lo <= min(whole) and max(whole) <= kind.hi
        assert sign == "%" or (kind.lo, kind.hi) == (min(whole), max(whole))


@given(values=st.lists(decimals, min_size=2, max_size=6), signs=st.text("+-*/", min_size=5, max_size=5))
def test_decimal_result_keeps_to_its_type(values: list[float], signs: str) -> None:
    """A chain of operations on fields: while the type fits, the value is finite and not denormal."""
    value, kind = values[0], Float()
    for other, sign in zip(values[1:], signs, strict=False):
        result = bounds.result(sign, kind, Float())
        assert isinstance(result, Float)
        calculated = _ARITH[sign](value, other)
        if calculated is None or not bounds.fits(result):
            return
        value, kind = calculated, result
        assert inside(value, kind)
        assert value == 0 or abs(value) >= 2.0**-bounds.EXPONENT_MAX


@given(value=decimals)
def test_type_of_a_literal_holds_it(value: float) -> None:
    assert inside(value, bounds.of_literal(value))


def test_fits_at_the_edges() -> None:
    assert bounds.fits(Int(-(2**63 - 1), 2**63 - 1))
    assert not bounds.fits(Int(0, 2**63))
    assert not bounds.fits(Int(-(2**63), 0))
    assert bounds.is_exact(Int(-(2**53 - 1), 2**53 - 1))
    assert not bounds.is_exact(Int(0, 2**53))
