"""Night hours, in which nobody is disturbed without need."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from gridward.kernel.clock import as_utc, next_instant, time_of_day, zone
from gridward.kernel.worktime.calendar import Calendar


def is_night(instant: datetime, calendar: Calendar, start: str = "22:00", end: str = "07:00") -> bool:
    """Whether the local wall clock stands in [start, end); the night may pass midnight.

    Equal ends mean that there is no night. Raises BadInput for ends that are not HH:MM.
    """
    evening, morning = time_of_day(start), time_of_day(end)
    second = _second_of_day(_wall(instant, calendar))
    if evening <= morning:
        return evening <= second < morning
    return second >= evening or second < morning


def next_morning(instant: datetime, calendar: Calendar, start: str = "22:00", end: str = "07:00") -> datetime:
    """The first instant (UTC) from `instant` on that is not night: itself by day, else the next `end`.

    Where the clocks skip `end`, the end of the gap. Raises BadInput for ends that are not HH:MM.
    """
    if not is_night(instant, calendar, start, end):
        return as_utc(instant)
    wall = _wall(instant, calendar)
    morning = time_of_day(end)
    days = 0 if _second_of_day(wall) < morning else 1
    target = datetime.combine(wall.date(), time()) + timedelta(days=days, seconds=morning)
    return next_instant(target, zone(calendar.timezone), instant)


def _wall(instant: datetime, calendar: Calendar) -> datetime:
    return as_utc(instant).astimezone(zone(calendar.timezone)).replace(tzinfo=None)


def _second_of_day(wall: datetime) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second
