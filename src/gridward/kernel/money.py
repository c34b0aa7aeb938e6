"""Money is a whole number of fen (分); 1 yuan (元) is 100 fen. No floats are kept and nothing is rounded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from gridward.kernel.errors import BadInput, Message

NOT_YUAN = Message(
    "GW-MONEY-001",
    "“{found}”不是金额；请写成元，最多两位小数，例如 1234.50 或 1,234.50",
    "“{found}” is not an amount; write yuan with at most two decimals, for example 1234.50 or 1,234.50",
)
TOO_MUCH = Message(
    "GW-MONEY-002",
    "金额“{found}”过大；最多 9,999,999,999,999.99 元，请核对单位",
    "the amount “{found}” is too large; at most 9,999,999,999,999.99 yuan, check the unit",
)
NOT_FEN = Message(
    "GW-MONEY-003",
    "“{found}”不是整数分；请传入整数",
    "“{found}” is not a whole number of fen; give an integer",
)
NO_WEIGHTS = Message(
    "GW-MONEY-004",
    "无法分配 {total} 分：权重为空或全部为零；请至少给出一个大于零的权重",
    "cannot split {total} fen: there are no weights, or all are zero; give at least one above zero",
)
BAD_WEIGHT = Message(
    "GW-MONEY-005",
    "第 {position} 个权重“{found}”无效；允许不小于零的整数、分数或十进制数（不允许浮点数）",
    "weight {position} “{found}” is not valid; allowed are integers, fractions and decimals from zero up, "
    "no floats",
)

_AMOUNT = re.compile(r"([+-]?)[¥$]?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2})0*)?元?", re.ASCII)
_MOST_YUAN = 9_999_999_999_999

Weight = int | Fraction | Decimal


def parse_yuan(text: str | int | float | Decimal) -> int:
    """The fen in an amount of yuan: "12.30", "1,234.5", "-3", "￥12元", full-width digits → 1230, 123450, …

    Numbers are read by their shortest text, so the 12.3 of a spreadsheet is 1230 and 0.1 + 0.2 is refused:
    what is finer than a fen is never rounded away. Raises BadInput.
    """
    plain = unicodedata.normalize("NFKC", str(text)).replace(" ", "").replace("−", "-")
    found = _AMOUNT.fullmatch(plain)
    if found is None or isinstance(text, bool):
        raise BadInput(NOT_YUAN, found=text)
    yuan = int(found[2].replace(",", ""))
    if yuan > _MOST_YUAN:
        raise BadInput(TOO_MUCH, found=text)
    fen = yuan * 100 + int((found[3] or "").ljust(2, "0"))
    return -fen if found[1] == "-" else fen


def say_yuan(fen: int, *, grouped: bool = False) -> str:
    """`fen` as yuan with two decimals: 123450 → "1234.50", grouped "1,234.50". `parse_yuan` reads it back."""
    yuan, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{yuan:,}.{rest:02d}" if grouped else f"{sign}{yuan}.{rest:02d}"


def split_fen(total: int, weights: Sequence[Weight]) -> list[int]:
    """Split `total` fen in proportion to `weights` by largest remainder; the parts sum to `total` exactly.

    At equal remainders the first named gets the fen. A negative total is split like its opposite, so a
    reversal takes back what was given; weight 0 gets 0; total 0 needs no positive weight. Raises BadInput.
    """
    if isinstance(total, bool) or not isinstance(total, int):
        raise BadInput(NOT_FEN, found=total)
    shares = _whole(weights)
    if total == 0:
        return [0] * len(shares)
    if not sum(shares):
        raise BadInput(NO_WEIGHTS, total=total)
    parts = _largest_remainder(abs(total), shares)
    return parts if total > 0 else [-part for part in parts]


def _largest_remainder(total: int, shares: Sequence[int]) -> list[int]:
    whole = sum(shares)
    parts, rests = zip(*(divmod(total * share, whole) for share in shares), strict=True)
    winners = sorted(range(len(shares)), key=lambda place: -rests[place])[: total - sum(parts)]
    lucky = set(winners)
    return [part + (place in lucky) for place, part in enumerate(parts)]


def _whole(weights: Sequence[Weight]) -> list[int]:
    """The weights in the same proportion as whole numbers."""
    exact = [_exact(weight, position) for position, weight in enumerate(weights, start=1)]
    scale = lcm(*(weight.denominator for weight in exact))
    return [int(weight * scale) for weight in exact]


def _exact(weight: Weight, position: int) -> Fraction:
    allowed = isinstance(weight, int | Fraction | Decimal) and not isinstance(weight, bool)
    if not allowed or (isinstance(weight, Decimal) and not weight.is_finite()) or weight < 0:
        raise BadInput(BAD_WEIGHT, position=position, found=weight)
    return Fraction(weight)
