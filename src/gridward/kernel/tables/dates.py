"""Dates and instants as they stand in tables: date cells, serial numbers, and the spellings of
`kernel.clock`.

Beyond what `clock.parse_instant` reads: blanks inside a date, a clock of twelve hours (下午3:20, 3:20 PM),
and numbers. A number is a date only inside a plausible range: 2019 in a date column is a mistake, not a day
of 1905.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime

from gridward.kernel import clock
from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m

SERIAL_LOW, SERIAL_HIGH = 10_000, 73_050
_NUMBER = re.compile(r"[+-]?\d{1,7}(\.\d+)?\Z")
_GAPS = re.compile(r"\s*([-/.年月:时分])\s*|\s+(?=[日秒])|(?<=[T日])\s+", re.IGNORECASE)
_TWELVE = re.compile(
    r"(?P<before>上午|下午|AM|PM)\s*(?P<late>\d{1,2}:.*)|(?P<early>\d{1,2}:.*?)\s*(?P<after>AM|PM)$",
    re.IGNORECASE,
)


def read_instant(
    value: object,
    timezone: str,
    *,
    date1904: bool = False,
    field: str | None = None,
    where: str | None = None,
) -> datetime:
    """The instant (UTC) that a cell means; a time without zone is wall time in `timezone`, a day its
    beginning.

    `date1904`: `Table.date1904`. Raises BadInput (GW-TABLE-027, 028, GW-TIME-004) for what is not certainly
    a date.
    """
    try:
        return _instant(value, timezone, date1904)
    except BadInput as error:
        message = m.DATE if error.message is clock.UNREADABLE_INSTANT else error.message
        raise BadInput(message, field=field, where=where, **{**error.values, "found": value}) from error


def read_date(
    value: object,
    timezone: str,
    *,
    date1904: bool = False,
    field: str | None = None,
    where: str | None = None,
) -> date:
    """The day that a cell means; an instant with a zone is the day it falls on in `timezone`. Raises as
    above.
    """
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    instant = read_instant(value, timezone, date1904=date1904, field=field, where=where)
    return clock.local_date(instant, timezone)


def _instant(value: object, timezone: str, date1904: bool) -> datetime:
    if isinstance(value, datetime):
        return clock.from_local(value, timezone)
    if isinstance(value, date):
        return clock.day_start(value, timezone)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value, timezone, date1904)
    if not isinstance(value, str):
        raise BadInput(m.DATE, found=value)
    text = unicodedata.normalize("NFKC", value).strip()
    if _NUMBER.match(text):
        return _from_number(float(text), timezone, date1904)
    return clock.parse_instant(_plain(text), timezone)


def _from_number(number: float, timezone: str, date1904: bool) -> datetime:
    if SERIAL_LOW <= number < SERIAL_HIGH + 1:
        return clock.from_excel_serial(number, timezone, from_1904=date1904)
    if math.isfinite(number) and 19_000_101 <= number <= 21_001_231 and number == int(number):
        return clock.parse_instant(str(int(number)), timezone)
    low, high = (clock.from_excel_serial(n, "UTC", from_1904=date1904) for n in (SERIAL_LOW, SERIAL_HIGH))
    raise BadInput(
        m.DATE_NUMBER,
        found=number,
        low=SERIAL_LOW,
        low_date=low.date().isoformat(),
        high=SERIAL_HIGH,
        high_date=high.date().isoformat(),
    )


def _plain(text: str) -> str:
    """The text in a spelling that the clock knows: no blanks inside, a clock of 24 hours."""
    text = _GAPS.sub(lambda gap: gap[1] or "", text)
    twelve = _TWELVE.search(text)
    if twelve is None:
        return text
    half = (twelve["before"] or twelve["after"]).upper()
    hours, sign, rest = (twelve["late"] or twelve["early"]).partition(":")
    if not hours.isdecimal() or not 1 <= int(hours) <= 12:
        return text
    hour = int(hours) % 12 + (12 if half in ("下午", "PM") else 0)
    return f"{text[: twelve.start()].rstrip()} {hour:02d}{sign}{rest}"
