"""Limits as packs write them: `3 working_days`, `2 natural_hours`, `3 working_days from next_day`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridward.kernel.errors import BadInput, Message

UNITS = {"natural_hour": 3_600, "natural_day": 86_400, "working_hour": 3_600, "working_day": 86_400}
NATURAL = frozenset({"natural_hour", "natural_day"})
COUNT_FROM = ("instant", "next_day")
_MOST = 100_000
_TEXT = re.compile(r"(?P<count>\S+)\s+(?P<unit>[a-z_]+)(?:\s+from\s+(?P<count_from>\w+))?")

UNREADABLE_LIMIT = Message(
    "GW-TIME-021",
    "无法识别时限“{found}”；请写成“3 working_days”，或 {{count: 3, unit: working_day, count_from: next_day}}",
    "cannot read the limit “{found}”; write “3 working_days”, or "
    "{{count: 3, unit: working_day, count_from: next_day}}",
)
BAD_COUNT = Message(
    "GW-TIME-022",
    "时限数量“{found}”无效；允许 1 至 100000 的整数，不足一天请用小时",
    "the count “{found}” of the limit is not valid; allowed are whole numbers from 1 to 100000, "
    "use hours for less than a day",
)
UNKNOWN_UNIT = Message(
    "GW-TIME-023",
    "未知时限单位“{found}”；允许 natural_hour、natural_day、working_hour、working_day",
    "unknown unit “{found}”; allowed are natural_hour, natural_day, working_hour, working_day",
)
UNKNOWN_COUNT_FROM = Message(
    "GW-TIME-024",
    "未知起算方式“{found}”；允许 instant（立即起算）、next_day（次日起算）",
    "unknown start of counting “{found}”; allowed are instant (at once) and next_day "
    "(from the next local midnight)",
)
UNKNOWN_LIMIT_KEY = Message(
    "GW-TIME-025",
    "时限中有未知的键“{found}”；允许 count、unit、count_from",
    "unknown key “{found}” in the limit; allowed are count, unit, count_from",
)


@dataclass(frozen=True)
class Limit:
    """`count` (1 to 100,000) units; `count_from`: the instant itself, or the local midnight after it.

    `str()` gives the text that `parse_limit` reads. Raises BadInput.
    """

    count: int
    unit: str
    count_from: str = "instant"

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int) or not 1 <= self.count <= _MOST:
            raise BadInput(BAD_COUNT, field="count", found=self.count)
        check_unit(self.unit)
        if self.count_from not in COUNT_FROM:
            raise BadInput(UNKNOWN_COUNT_FROM, field="count_from", found=self.count_from)

    @property
    def seconds(self) -> int:
        """Seconds to be counted within the unit's set of instants."""
        return self.count * UNITS[self.unit]

    def __str__(self) -> str:
        plural = "s" if self.count != 1 else ""
        start = "" if self.count_from == "instant" else f" from {self.count_from}"
        return f"{self.count} {self.unit}{plural}{start}"


def check_unit(unit: str) -> None:
    """Raises BadInput when `unit` is none of the four."""
    if unit not in UNITS:
        raise BadInput(UNKNOWN_UNIT, field="unit", found=unit)


def parse_limit(value: str | Mapping[str, Any] | Limit) -> Limit:
    """The limit written as text or as a mapping; units in the singular or plural. Raises BadInput."""
    if isinstance(value, Limit):
        return value
    if isinstance(value, Mapping):
        return _from_mapping(value)
    found = _TEXT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise BadInput(UNREADABLE_LIMIT, found=value)
    count = found["count"]
    return Limit(
        int(count) if count.isdecimal() else _refuse_count(count),
        found["unit"].removesuffix("s"),
        found["count_from"] or "instant",
    )


def _from_mapping(value: Mapping[str, Any]) -> Limit:
    for key in value:
        if key not in ("count", "unit", "count_from"):
            raise BadInput(UNKNOWN_LIMIT_KEY, field=str(key), found=key)
    if "count" not in value or "unit" not in value:
        raise BadInput(UNREADABLE_LIMIT, found=dict(value))
    return Limit(value["count"], str(value["unit"]).removesuffix("s"), value.get("count_from", "instant"))


def _refuse_count(found: str) -> int:
    raise BadInput(BAD_COUNT, field="count", found=found)
