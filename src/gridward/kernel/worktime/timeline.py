"""The instants that count, as a sorted list of spans with running sums: counting is a binary search.

Numbers are microseconds since 1970-01-01T00:00Z where nothing else is said. A span [start, end) is a stretch
of time without a break in which a calendar counts; `sums[i]` is what is counted up to the end of span i.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from gridward.kernel.clock import SECOND, change_between, from_us, offset_at, to_us, zone
from gridward.kernel.errors import BadInput, Message
from gridward.kernel.worktime.calendar import DAY_S, Calendar
from gridward.kernel.worktime.limits import check_unit

FIRST_YEAR, LAST_YEAR = 1900, 2199
_DAY_ZERO = date(1970, 1, 1).toordinal()

TOO_FAR = Message(
    "GW-TIME-032",
    "工作时间只能在 1900 年至 2199 年之间计算，而这里到了 {found} 年；请核对时间和时限",
    "working time is counted from 1900 to 2199 only, but this reaches the year {found}; "
    "check the time and the limit",
)


@dataclass(frozen=True)
class Table:
    """The spans of the UTC years `first` to `last` (inclusive), from instant `low` to before `high`."""

    first: int
    last: int
    low: int
    high: int
    starts: list[int]
    ends: list[int]
    sums: list[int]

    def upto(self, at: int) -> int:
        """What is counted from `low` to `at`."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0
        left = self.ends[place] - at
        return self.sums[place] - left if left > 0 else self.sums[place]

    def reaching(self, total: int) -> int | None:
        """The first instant at which `upto` is `total` (above 0); None when the table ends before."""
        place = bisect_left(self.sums, total)
        return self.ends[place] - self.sums[place] + total if place < len(self.sums) else None


class Timeline:
    """A table that is replaced by one of twice the length when it is asked beyond its ends.

    Safe between threads: tables are never changed, and a question works on one table from beginning to end.
    """

    def __init__(self, calendar: Calendar, unit: str):
        self._calendar = calendar
        self._parts = calendar.periods if unit == "working_hour" else ((0, DAY_S),)
        self._table = Table(0, -1, 0, 0, [], [], [])

    def after(self, start: int, amount: int) -> int:
        """The first instant at which `amount` (above 0) has been counted since `start`. Raises BadInput."""
        table = self._covering(start, start)
        while (found := table.reaching(table.upto(start) + amount)) is None:
            table = self._grown(table, table.last + 1)
        return found

    def sums_at(self, start: int, end: int) -> tuple[int, int]:
        """What is counted up to `start` and up to `end` (not before it). Raises BadInput."""
        table = self._covering(start, end)
        return table.upto(start), table.upto(end)

    def _covering(self, start: int, end: int) -> Table:
        table = self._table
        if table.low <= start and end < table.high:
            return table
        return self._grown(table, from_us(start).year, from_us(end).year)

    def _grown(self, table: Table, *years: int) -> Table:
        """A table that also covers `years`, grown by its own length on the side on which it was too short."""
        for year in years:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise BadInput(TOO_FAR, found=year)
        length = table.last - table.first + 1
        first, last = (table.first, table.last) if length else (min(years), max(years) + 1)
        if min(years) < first:
            first = max(FIRST_YEAR, min(*years, first - length))
        if max(years) > last:
            last = max(*years, last + length)
        self._table = _table(self._calendar, self._parts, first, min(last, LAST_YEAR))
        return self._table


@lru_cache(maxsize=64)
def timeline(calendar: Calendar, unit: str) -> Timeline:
    """The timeline of this calendar and working unit, shared in this process. Raises BadInput."""
    check_unit(unit)
    return Timeline(calendar, unit)


def _table(calendar: Calendar, parts: tuple[tuple[int, int], ...], first: int, last: int) -> Table:
    tz = zone(calendar.timezone)
    low, high = _new_year_s(first), _new_year_s(last + 1)
    spans = list(_joined(_spans(calendar, parts, stretch) for stretch in _stretches(tz, low, high)))
    starts = [start * SECOND for start, _ in spans]
    ends = [end * SECOND for _, end in spans]
    sums = list(accumulate((end - start) * SECOND for start, end in spans))
    return Table(first, last, low * SECOND, high * SECOND, starts, ends, sums)


def _new_year_s(year: int) -> int:
    return to_us(datetime(year, 1, 1, tzinfo=UTC)) // SECOND


def _stretches(tz: ZoneInfo, low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """[low, high) seconds cut where the zone changes its offset: (start, end, offset).

    The offset is sampled once a day; no zone makes two changes within a day that cancel each other.
    """
    start, offset = low, offset_at(tz, low)
    for before, after in pairwise(range(low, high + 1, DAY_S)):
        found = offset_at(tz, after)
        if found != offset:
            change = change_between(tz, before, after)
            yield start, change, offset
            start, offset = change, found
    if start < high:
        yield start, high, offset


def _spans(
    calendar: Calendar, parts: tuple[tuple[int, int], ...], stretch: tuple[int, int, int]
) -> Iterator[tuple[int, int]]:
    """The seconds of a stretch at which the wall clock stands within `parts` of a working day."""
    low, high, offset = stretch
    for day in range((low + offset) // DAY_S, (high - 1 + offset) // DAY_S + 1):
        if not calendar.is_working_day(date.fromordinal(_DAY_ZERO + day)):
            continue
        midnight = day * DAY_S - offset
        for part_start, part_end in parts:
            start, end = max(low, midnight + part_start), min(high, midnight + part_end)
            if start < end:
                yield start, end


def _joined(lists: Iterable[Iterable[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    """The spans of all lists in order, those that touch made one."""
    open_start = open_end = None
    for spans in lists:
        for start, end in spans:
            if open_end == start:
                open_end = end
                continue
            if open_start is not None and open_end is not None:
                yield open_start, open_end
            open_start, open_end = start, end
    if open_start is not None and open_end is not None:
        yield open_start, open_end
