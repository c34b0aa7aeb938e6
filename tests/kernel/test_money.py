"""kernel/money.py: whole fen, exact splits (decision on money: largest remainder, first named wins a tie)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.money import (
    BAD_WEIGHT,
    NO_WEIGHTS,
    NOT_FEN,
    NOT_YUAN,
    TOO_MUCH,
    parse_yuan,
    say_yuan,
    split_fen,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12.30", 1230),
        ("12.3", 1230),
        ("12", 1200),
        ("0.01", 1),
        ("0", 0),
        ("-3", -300),
        ("−0.05", -5),
        ("+7.5", 750),
        ("1,234.50", 123450),
        ("1,234,567", 123456700),
        ("¥12.30", 1230),
        ("￥１２．３０元", 1230),
        (" 1234.5 元 ", 123450),
        ("12.3000", 1230),
        ("9999999999999.99", 999999999999999),
        (12, 1200),
        (12.3, 1230),
        (Decimal("12.30"), 1230),
    ],
)
def test_parse_yuan_usual_spellings_gives_fen(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "12.345",
        "1,23",
        "1,2345",
        ".5",
        "5.",
        "1e3",
        "--1",
        "12万元",
        "12 30x",
        "nan",
        True,
        0.1 + 0.2,
    ],
)
def test_parse_yuan_no_exact_amount_refuses(text):
    with pytest.raises(BadInput) as refused:
        parse_yuan(text)
    assert refused.value.message == NOT_YUAN


def test_parse_yuan_beyond_limit_refuses():
    with pytest.raises(BadInput) as refused:
        parse_yuan("10000000000000")
    assert refused.value.sentence("en") == (
        "the amount “10000000000000” is too large; at most 9,999,999,999,999.99 yuan, check the unit"
    )
    assert refused.value.message == TOO_MUCH


def test_say_yuan_known_amounts_gives_two_decimals():
    amounts = [0, 5, -5, 100, 123450, -123456789]
    assert [say_yuan(fen) for fen in amounts] == ["0.00", "0.05", "-0.05", "1.00", "1234.50", "-1234567.89"]
    assert say_yuan(-123456789, grouped=True) == "-1,234,567.89"


@given(st.integers(-999_999_999_999_999, 999_999_999_999_999), st.booleans())
def test_say_yuan_parsed_again_gives_same_fen(fen, grouped):
    assert parse_yuan(say_yuan(fen, grouped=grouped)) == fen


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [1, 1], [1, 0]),
        (1, [0, 1, 1], [0, 1, 0]),
        (10, [1, 2], [3, 7]),
        (0, [3, 4], [0, 0]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
        (1000, [Decimal("0.8"), Decimal("0.2")], [800, 200]),
        (100, [Fraction(1, 3), Fraction(2, 3)], [33, 67]),
        (7, [5], [7]),
    ],
)
def test_split_fen_known_cases_gives_largest_remainder(total, weights, parts):
    """R-ASM: equal remainders, the first named gets the fen."""
    assert split_fen(total, weights) == parts


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.integers(0, 10**6) | st.fractions(0, 100, max_denominator=60), min_size=1, max_size=12),
)
def test_split_fen_any_weights_sums_exactly_and_stays_within_a_fen(total, weights):
    whole = sum(weights)
    if not whole:
        weights, whole = [*weights, 1], 1
    parts = split_fen(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total) * weight / whole) < 1 for part, weight in zip(parts, weights, strict=True)
    )
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    assert split_fen(-total, weights) == [-part for part in parts]


@given(st.integers(0, 10**9), st.lists(st.integers(1, 5), min_size=2, max_size=8))
def test_split_fen_equal_weights_earlier_never_gets_less(total, weights):
    parts = split_fen(total, weights)
    pairs = [(i, j) for i in range(len(weights)) for j in range(i) if weights[i] == weights[j]]
    assert all(parts[j] - parts[i] in (0, 1) for i, j in pairs)


@pytest.mark.parametrize(
    ("total", "weights", "message"),
    [
        (100, [], NO_WEIGHTS),
        (100, [0, 0], NO_WEIGHTS),
        (100, [1, -1], BAD_WEIGHT),
        (100, [0.5, 0.5], BAD_WEIGHT),
        (100, [True], BAD_WEIGHT),
        (100, [Decimal("NaN")], BAD_WEIGHT),
        (1.5, [1], NOT_FEN),
        (True, [1], NOT_FEN),
    ],
)
def test_split_fen_impossible_input_refuses(total, weights, message):
    with pytest.raises(BadInput) as refused:
        split_fen(total, weights)
    assert refused.value.message == message


def test_split_fen_bad_weight_names_its_position():
    with pytest.raises(BadInput) as refused:
        split_fen(100, [1, -2])
    assert refused.value.values == {"position": 2, "found": -2}
