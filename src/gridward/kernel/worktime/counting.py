"""Deadlines and counted time. Exact: all arithmetic is in whole microseconds.

The set of instants of each unit stands at the top of the package. Working units reach from 1900 to 2199.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from gridward.kernel.clock import SECOND, as_utc, day_start, from_us, local_date, next_instant, to_us, zone
from gridward.kernel.errors import BadInput, Message
from gridward.kernel.worktime.calendar import Calendar
from gridward.kernel.worktime.limits import NATURAL, Limit
from gridward.kernel.worktime.timeline import timeline

NEGATIVE = Message(
    "GW-TIME-033",
    "时长 {found} 为负；时限只能向后计算，请给出不小于零的数",
    "the length {found} is negative; a deadline lies after its start, give zero or more",
)
BEYOND_DATES = Message(
    "GW-TIME-034",
    "从 {start} 起的截止时间超出可表示的日期；请核对时限",
    "the deadline counted from {start} lies beyond all dates; check the limit",
)


def due_after_us(start: datetime, micros: int, unit: str, calendar: Calendar) -> datetime:
    """The first instant (UTC) at which `micros` microseconds of `unit`'s set have passed since `start`.

    0 gives `start` itself, also outside the set. Raises BadInput.
    """
    if micros < 0:
        raise BadInput(NEGATIVE, found=micros)
    if unit in NATURAL:
        return _natural(start, micros)
    line = timeline(calendar, unit)
    begin = to_us(start)
    return from_us(line.after(begin, micros) if micros else begin)


def due_after(start: datetime, seconds: int, unit: str, calendar: Calendar) -> datetime:
    """The first instant (UTC) at which `seconds` of `unit`'s set have passed since `start`.

    Fractions of a second of `start` are kept. 0 gives `start` itself, also outside the set. Raises BadInput.
    """
    return due_after_us(start, seconds * SECOND, unit, calendar)


def due_after_many(starts: Iterable[datetime], seconds: int, unit: str, calendar: Calendar) -> list[datetime]:
    """`due_after` for each of `starts`, in their order. Raises BadInput."""
    if unit in NATURAL or seconds <= 0:
        return [due_after(start, seconds, unit, calendar) for start in starts]
    after, micros = timeline(calendar, unit).after, seconds * SECOND
    return [from_us(after(to_us(start), micros)) for start in starts]


def due_at(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The deadline (UTC) of a limit begun at `start`; on time means stopped_at ≤ due_at. Raises BadInput."""
    begin = start if limit.count_from == "instant" else next_midnight(start, calendar)
    return due_after_us(begin, limit.seconds * SECOND, limit.unit, calendar)


def next_midnight(instant: datetime, calendar: Calendar) -> datetime:
    """The beginning (UTC) of the local day after that of `instant`. Raises BadInput."""
    try:
        tomorrow = local_date(instant, calendar.timezone) + timedelta(days=1)
    except OverflowError as error:
        raise BadInput(BEYOND_DATES, start=instant.isoformat()) from error
    start = day_start(tomorrow, calendar.timezone)
    if start > instant:
        return start
    # Clocks put back across midnight begin the same day twice.
    return next_instant(datetime.combine(tomorrow, time()), zone(calendar.timezone), instant)


def counted_us(start: datetime, end: datetime, unit: str, calendar: Calendar) -> int:
    """Microseconds of `unit`'s set between `start` and `end`; 0 when `end` is not after `start`.

    Raises BadInput.
    """
    before, after = _sums(start, end, unit, calendar)
    return after - before


def counted(start: datetime, end: datetime, unit: str, calendar: Calendar) -> int:
    """Seconds of `unit`'s set between `start` and `end`; 0 when `end` is not after `start`. Raises BadInput.

    Both instants are cut to whole seconds first, so that adjacent stretches add up without loss; use
    `counted_us` where fractions matter. `counted(start, due_after(start, s, …), …) == s` holds for every s.
    """
    before, after = _sums(start, end, unit, calendar)
    return after // SECOND - before // SECOND


def _sums(start: datetime, end: datetime, unit: str, calendar: Calendar) -> tuple[int, int]:
    begin, finish = to_us(start), to_us(end)
    if finish <= begin:
        return 0, 0
    return (begin, finish) if unit in NATURAL else timeline(calendar, unit).sums_at(begin, finish)


def _natural(start: datetime, micros: int) -> datetime:
    try:
        return as_utc(start) + timedelta(microseconds=micros)
    except OverflowError as error:
        raise BadInput(BEYOND_DATES, start=start.isoformat()) from error
