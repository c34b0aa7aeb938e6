"""Limits in natural and working time. Every limit is L seconds within a set of instants.

    unit          set of instants
    natural_hour  all time (3,600 s each)
    natural_day   all time (86,400 s each)
    working_hour  the working periods of working days (3,600 s each)
    working_day   working days from local midnight to local midnight (86,400 s each)

Time is measured as it elapses. Where clocks are put forward or back inside a working day, that day holds
82,800 or 90,000 seconds, and a limit that crosses it ends an hour later or earlier by the clock on the wall;
in return, what was counted up to a deadline always equals its limit. Changes at weekends move nothing.
"""

from gridward.kernel.worktime.calendar import Calendar, default_calendar
from gridward.kernel.worktime.counting import (
    counted,
    counted_us,
    due_after,
    due_after_many,
    due_after_us,
    due_at,
)
from gridward.kernel.worktime.limits import COUNT_FROM, UNITS, Limit, parse_limit
from gridward.kernel.worktime.nights import is_night, next_morning
from gridward.kernel.worktime.wording import say_duration

__all__ = [
    "COUNT_FROM",
    "UNITS",
    "Calendar",
    "Limit",
    "counted",
    "counted_us",
    "default_calendar",
    "due_after",
    "due_after_many",
    "due_after_us",
    "due_at",
    "is_night",
    "next_morning",
    "parse_limit",
    "say_duration",
]
