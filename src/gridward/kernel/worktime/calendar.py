"""Working calendars: versioned values, so that a deadline can be computed again as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gridward.kernel.clock import zone
from gridward.kernel.errors import BadInput, Fault, Message

DAY_S = 86_400
OFFICE_PERIODS = ((8 * 3600, 12 * 3600), (14 * 3600, 18 * 3600))
SATURDAY_SUNDAY = frozenset({5, 6})

BAD_PERIODS = Message(
    "GW-TIME-026",
    "工作时段 {found} 无效；请给出当天 0 至 86400 秒之间、按先后排列、互不重叠的 [开始, 结束]，例如 "
    "[[28800, 43200], [50400, 64800]]；跨午夜的时段请拆成两段",
    "the working periods {found} are not valid; give [start, end] in seconds of the day from 0 to 86400 "
    "in order and without overlap, for example [[28800, 43200], [50400, 64800]]; "
    "split a period that passes midnight",
)
BAD_WEEKEND = Message(
    "GW-TIME-027",
    "周末 {found} 无效；允许 0（周一）至 6（周日），并且至少留一个工作日",
    "the weekend {found} is not valid; allowed are 0 (Monday) to 6 (Sunday), at least one weekday must stay",
)
BOTH_REST_AND_WORK = Message(
    "GW-TIME-028",
    "日期 {found} 同时列为休息日和补班日；请只保留一处",
    "{found} is listed both as a rest day and as a work day; keep it in one list",
)
BAD_CALENDAR_FIELD = Message(
    "GW-TIME-029",
    "工作日历的“{name}”无效：{found}；允许的键：version、timezone、periods、weekend、rest_days、work_days、"
    "known_from、known_to；日期写成 2026-10-01",
    "“{name}” of the calendar is not valid: {found}; the keys are version, timezone, periods, weekend, "
    "rest_days, work_days, known_from, known_to; write dates as 2026-10-01",
)
SAME_VERSION = Message(
    "GW-TIME-030",
    "改动后的工作日历必须使用新的版本号，而不是“{found}”",
    "a changed calendar needs a version of its own, not “{found}”",
)
INSTANT_FOR_DATE = Message(
    "GW-TIME-031",
    "此处需要日期而不是时刻 {found}；程序应先换算成当地日期",
    "a date is needed here, not the instant {found}; the program must take the local date first",
)


@dataclass(frozen=True)
class Calendar:
    """Which days are working days, and which hours of them, in one time zone.

    periods     working hours as (start, end) seconds of the local day, start inclusive, end exclusive
    weekend     weekday numbers without work, 0 = Monday
    rest_days   holidays; work_days: make-up days at weekends. Together they override the weekend
    known_from, known_to   years (inclusive) for which holidays are known; outside them only the weekend
                           counts and `known` says False, so that whoever shows a deadline can warn

    `version` tells calendars apart; a changed calendar gets a new one. Raises BadInput.
    """

    version: str
    timezone: str
    periods: tuple[tuple[int, int], ...] = OFFICE_PERIODS
    weekend: frozenset[int] = SATURDAY_SUNDAY
    rest_days: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
    known_from: int = 1
    known_to: int = 0

    def __post_init__(self) -> None:
        zone(self.timezone)
        _check_version(self.version)
        _check_periods(self.periods)
        if not self.weekend < frozenset(range(7)):
            raise BadInput(BAD_WEEKEND, field="weekend", found=sorted(self.weekend))
        for day in sorted(self.rest_days & self.work_days):
            raise BadInput(BOTH_REST_AND_WORK, field="work_days", found=day.isoformat())

    def __hash__(self) -> int:
        # Strings remember their hash; hashing hundreds of dates at every look-up is slow.
        return hash((self.version, self.timezone))

    def is_working_day(self, day: date) -> bool:
        """Whether work is done on the local date `day`."""
        if isinstance(day, datetime):
            raise Fault(INSTANT_FOR_DATE, found=day.isoformat())
        if day in self.work_days:
            return True
        return day not in self.rest_days and day.weekday() not in self.weekend

    def known(self, day: date) -> bool:
        """Whether the holidays of that day's year are known; if not, a deadline there is provisional."""
        return self.known_from <= day.year <= self.known_to

    def changed(
        self,
        *,
        version: str,
        rest_days: Iterable[date] = (),
        work_days: Iterable[date] = (),
        known_to: int | None = None,
    ) -> Calendar:
        """A new version in which the given days rest or work, whatever they did before. Raises BadInput."""
        if version == self.version:
            raise BadInput(SAME_VERSION, field="version", found=version)
        rest, work = frozenset(rest_days), frozenset(work_days)
        return replace(
            self,
            version=version,
            rest_days=self.rest_days - work | rest,
            work_days=self.work_days - rest | work,
            known_to=self.known_to if known_to is None else known_to,
        )

    def to_json(self) -> dict[str, Any]:
        """The calendar as strings, integers and sorted lists: equal calendars give equal documents."""
        return {
            "known_from": self.known_from,
            "known_to": self.known_to,
            "periods": [list(period) for period in self.periods],
            "rest_days": sorted(day.isoformat() for day in self.rest_days),
            "timezone": self.timezone,
            "version": self.version,
            "weekend": sorted(self.weekend),
            "work_days": sorted(day.isoformat() for day in self.work_days),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Calendar:
        """The calendar of a document made by `to_json`; all keys but version and timezone may be absent.

        Raises BadInput with the key that is wrong.
        """
        for key in document:
            if key not in _READERS:
                raise _bad_field(str(key), document[key])
        for key in ("version", "timezone"):
            if key not in document:
                raise _bad_field(key, None)
        return cls(**{key: _read(key, found) for key, found in document.items()})


def _bad_field(name: str, found: object) -> BadInput:
    return BadInput(BAD_CALENDAR_FIELD, field=name, name=name, found=found)


def _read(key: str, found: Any) -> Any:
    try:
        return _READERS[key](found)
    except (TypeError, ValueError) as error:
        raise _bad_field(key, found) from error


def _string(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


def _integer(found: Any) -> int:
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError
    return found


def _periods(found: Any) -> tuple[tuple[int, int], ...]:
    return tuple((_integer(start), _integer(end)) for start, end in found)


def _days(found: Any) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in found)


_READERS: dict[str, Callable[[Any], Any]] = {
    "version": _string,
    "timezone": _string,
    "periods": _periods,
    "weekend": lambda found: frozenset(_integer(day) for day in found),
    "rest_days": _days,
    "work_days": _days,
    "known_from": _integer,
    "known_to": _integer,
}


def _check_version(version: str) -> None:
    if not re.fullmatch(r"\S(.{0,198}\S)?", version):
        raise _bad_field("version", version)


def _check_periods(periods: tuple[tuple[int, int], ...]) -> None:
    edges = [edge for period in periods for edge in period]
    rising = all(start < end for start, end in periods) and edges == sorted(edges)
    if not edges or not rising or edges[0] < 0 or edges[-1] > DAY_S:
        raise BadInput(BAD_PERIODS, field="periods", found=[list(period) for period in periods])


@lru_cache(maxsize=64)
def default_calendar(timezone: str = "Asia/Shanghai") -> Calendar:
    """The statutory calendar of China with office hours 08–12 and 14–18, in `timezone`.

    Source: `statutory.json` (see seed.py). Beyond its years Monday to Friday. Raises BadInput.
    """
    table = json.loads(files(__package__).joinpath("statutory.json").read_text(encoding="utf-8"))
    years = [int(year) for year in table["years"]]
    return Calendar(
        version=table["version"],
        timezone=timezone,
        rest_days=_statutory(table, "rest_days"),
        work_days=_statutory(table, "work_days"),
        known_from=min(years),
        known_to=max(years),
    )


def _statutory(table: Mapping[str, Any], kind: str) -> frozenset[date]:
    return frozenset(
        date.fromisoformat(f"{year}-{day}") for year, days in table["years"].items() for day in days[kind]
    )
