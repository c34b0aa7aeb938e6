"""Instants, local wall time and their texts. Nothing here looks at the machine's clock.

An instant is an aware datetime in UTC. A wall time is what a clock on the wall of a zone shows; it becomes an
instant by two rules, the ones that iCalendar and the newer date libraries use:

    occurs twice  (clocks put back)     the earlier instant
    is skipped    (clocks put forward)  as far behind the gap as it claims to be inside: 02:30 becomes 03:30

A day begins with its first instant, also where midnight is skipped.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from gridward.kernel.errors import BadInput, Fault, Message

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
_MICROSECOND = timedelta(microseconds=1)
_FIRST_SERIAL = {False: 1, True: 0}
_LAST_SERIAL = 2_958_465

UNKNOWN_ZONE = Message(
    "GW-TIME-001",
    "未知时区“{found}”；请用 IANA 时区名，例如 Asia/Shanghai",
    "unknown time zone “{found}”; use an IANA name such as Asia/Shanghai",
)
NAIVE_INSTANT = Message(
    "GW-TIME-002",
    "时刻 {found} 没有时区；程序应当传入带时区的时刻",
    "the instant {found} carries no time zone; the program must hand in an aware datetime",
)
UNREADABLE_INSTANT = Message(
    "GW-TIME-003",
    "无法识别时间“{found}”；请写成 2018-02-08 15:34:40、2018-02-08T15:34:40+08:00、"
    "2018年2月8日 或 2018-02-08",
    "cannot read the time “{found}”; write 2018-02-08 15:34:40, 2018-02-08T15:34:40+08:00, "
    "2018年2月8日 or 2018-02-08",
)
IMPOSSIBLE_INSTANT = Message(
    "GW-TIME-004",
    "时间“{found}”不存在（月、日、时、分、秒或时差超出范围）；请核对原值",
    "the time “{found}” does not exist (month, day, hour, minute, second or offset out of range); "
    "check the source",
)
BAD_SERIAL = Message(
    "GW-TIME-005",
    "“{found}”不是日期序列号；允许 1 至 2958465，其中 60（1900-02-29）不存在；"
    "请把单元格设为日期格式后重新导出",
    "“{found}” is not a serial-number date; allowed are 1 to 2958465 without 60 (1900-02-29 never was); "
    "format the cells as dates and export again",
)
BAD_TIME_OF_DAY = Message(
    "GW-TIME-006",
    "“{found}”不是一天中的时间；请写成 HH:MM，00:00 至 24:00",
    "“{found}” is not a time of day; write HH:MM from 00:00 to 24:00",
)

_OFFSET = r"\s*(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?"
_SPELLINGS = (
    re.compile(
        r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
        r"(?:[Tt\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
        + _OFFSET
        + ")?",
        re.ASCII,
    ),
    re.compile(
        r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
        r"(?:\s*(?P<hour>\d{1,2})(?:时|[:时](?P<minute>\d{1,2})(?:分|[:分](?P<second>\d{1,2})秒?)?))?",
        re.ASCII,
    ),
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?" + _OFFSET + ")?",
        re.ASCII,
    ),
)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone called `name` in the IANA list. Raises BadInput."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadInput(UNKNOWN_ZONE, field="timezone", found=name) from error


def to_us(instant: datetime) -> int:
    """Microseconds from 1970-01-01T00:00Z to `instant`. Raises Fault when it has no time zone."""
    try:
        return (instant - EPOCH) // _MICROSECOND
    except TypeError as error:
        raise Fault(NAIVE_INSTANT, found=str(instant)) from error


def from_us(micros: int) -> datetime:
    """The instant (UTC) `micros` microseconds after 1970-01-01T00:00Z."""
    return EPOCH + timedelta(0, micros // SECOND, micros % SECOND)


def as_utc(instant: datetime) -> datetime:
    """The same instant written in UTC. Raises Fault when it has no time zone."""
    if instant.tzinfo is None:
        raise Fault(NAIVE_INSTANT, found=str(instant))
    return instant.astimezone(UTC)


def offset_at(tz: ZoneInfo, second: int) -> int:
    """Seconds by which wall time in `tz` is ahead of UTC, `second` seconds after 1970-01-01T00:00Z."""
    found = (EPOCH + timedelta(seconds=second)).astimezone(tz).utcoffset()
    return round((found or timedelta()).total_seconds())


def change_between(tz: ZoneInfo, low: int, high: int) -> int:
    """The second in (low, high] at which the offset leaves the value it has at `low`.

    There must be one change of offset between the two; it is found by halving.
    """
    before = offset_at(tz, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset_at(tz, middle) == before else (low, middle)
    return high


def from_local(wall: datetime, timezone: str) -> datetime:
    """The instant (UTC) at which clocks in `timezone` show `wall`; an aware `wall` keeps its own zone.

    Twice-occurring and skipped wall times: see the head of this module. Raises BadInput.
    """
    known = wall if wall.tzinfo else wall.replace(tzinfo=zone(timezone), fold=0)
    try:
        return known.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(IMPOSSIBLE_INSTANT, found=str(wall)) from error


def first_instant(wall: datetime, tz: ZoneInfo) -> datetime:
    """The first instant (UTC) at which clocks in `tz` show `wall`; the end of the gap where it is skipped."""
    found = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if found.astimezone(tz).replace(tzinfo=None) == wall:
        return found
    before_gap = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    return from_us(change_between(tz, to_us(before_gap) // SECOND, to_us(found) // SECOND) * SECOND)


def next_instant(wall: datetime, tz: ZoneInfo, not_before: datetime) -> datetime:
    """Like `first_instant`; where `wall` occurs twice and the first is over, the second."""
    first = first_instant(wall, tz)
    return first if first >= not_before else wall.replace(tzinfo=tz, fold=1).astimezone(UTC)


def day_start(day: date, timezone: str) -> datetime:
    """The first instant (UTC) of the local day: midnight, or the end of the gap where midnight is skipped."""
    try:
        return first_instant(datetime.combine(day, time()), zone(timezone))
    except OverflowError as error:
        raise BadInput(IMPOSSIBLE_INSTANT, found=str(day)) from error


def local_date(instant: datetime, timezone: str) -> date:
    """The date that a calendar on the wall in `timezone` shows at `instant`."""
    if instant.tzinfo is None:
        raise Fault(NAIVE_INSTANT, found=str(instant))
    return instant.astimezone(zone(timezone)).date()


def parse_instant(text: str, timezone: str) -> datetime:
    """The instant (UTC) written in `text`: RFC 3339, or a wall time of `timezone` as people write it.

    Read are `2018-02-08 15:34[:40[.5]]`, the same with `/`, `.` or `年月日 时分秒`, with a `T`, without
    leading zeros, full-width, followed by `Z` or `+08:00`; `20180208` and `20180208153440`; 24:00 is the next
    midnight. A date alone is the first instant of the day. Digits after the microsecond are cut. Day-first
    and month-first spellings are refused because they cannot be told apart. Raises BadInput.
    """
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(plain):
            return _instant_of(found.groupdict(), text, timezone)
    raise BadInput(UNREADABLE_INSTANT, found=text)


def _instant_of(found: dict[str, str | None], text: str, timezone: str) -> datetime:
    try:
        day = date(*(int(found[part] or 0) for part in ("year", "month", "day")))
        if found["hour"] is None:
            return day_start(day, timezone)
        hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
        if (hour, minute, second) == (24, 0, 0):
            day, hour = day + timedelta(days=1), 0
        micros = int(((found.get("fraction") or "") + "000000")[:6])
        offset = _offset(found.get("offset"))
        return from_local(datetime.combine(day, time(hour, minute, second, micros, tzinfo=offset)), timezone)
    except (ValueError, OverflowError) as error:
        raise BadInput(IMPOSSIBLE_INSTANT, found=text) from error


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)


def rfc3339(instant: datetime) -> str:
    """`instant` in UTC as RFC 3339 text with `Z`; six digits of fraction, or none when they would be zero.

    One instant has one text. Texts with and without fraction do not sort by time: sort instants.
    """
    utc = as_utc(instant).replace(tzinfo=None)
    return utc.isoformat() + "Z"


def from_excel_serial(number: float, timezone: str, *, from_1904: bool = False) -> datetime:
    """The instant (UTC) of a serial-number date: days since 1899-12-30, the fraction is the wall time.

    Rounded to the millisecond, which is what spreadsheets keep. Serials below 60 are one day off because
    the format believes in 1900-02-29 (60 itself is refused). `from_1904`: workbooks that count from
    1904-01-01. A whole number is the first instant of the day in `timezone`. Raises BadInput.
    """
    if (
        isinstance(number, bool)
        or not math.isfinite(number)
        or not _FIRST_SERIAL[from_1904] <= number <= _LAST_SERIAL + 1
    ):
        raise BadInput(BAD_SERIAL, found=number)
    days, fraction = divmod(number, 1)
    if days == 60 and not from_1904:
        raise BadInput(BAD_SERIAL, found=number)
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 31 if days < 60 else 30)
    return _serial_instant(start, int(days), round(fraction * 86_400_000), timezone)


def _serial_instant(start: date, days: int, milliseconds: int, timezone: str) -> datetime:
    try:
        wall = datetime.combine(start, time()) + timedelta(days=days, milliseconds=milliseconds)
    except OverflowError as error:
        raise BadInput(BAD_SERIAL, found=days) from error
    return from_local(wall, timezone) if wall.time() != time() else day_start(wall.date(), timezone)


@lru_cache(maxsize=256)
def time_of_day(text: str) -> int:
    """Seconds after local midnight of `HH:MM` (00:00 to 24:00). Raises BadInput."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)|24:00", text, re.ASCII)
    if found is None:
        raise BadInput(BAD_TIME_OF_DAY, found=text)
    return 86_400 if found[1] is None else int(found[1]) * 3600 + int(found[2]) * 60
