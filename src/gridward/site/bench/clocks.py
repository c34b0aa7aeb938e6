"""clocks: a million deadlines from marks in memory, and states rebuilt from journals; CPU time of this process."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from gridward.cases.rules.clocks import UNIT, cached_marks
from gridward.cases.rules.state import fold
from gridward.cases.rules.view import cached
from gridward.kernel.worktime import Calendar, default_calendar, parse_limit
from gridward.site.bench import result
from gridward.site.bench.journeys import journal_of

LIMITS = ("2 working_hours", "3 working_days", "5 working_days", "24 natural_hours", "10 working_days")


def run(rows: int) -> list[dict[str, Any]]:
    """Results: seconds for `rows` clocks with a pause each; cases rebuilt per second."""
    calendar = default_calendar()
    chance = random.Random(1)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    marks = [
        (
            start + timedelta(seconds=chance.randrange(400 * 86400)),
            chance.choice(LIMITS),
            chance.randrange(7 * 86400),
        )
        for _ in range(rows)
    ]
    baseline = _bare(marks, calendar)
    begin = time.process_time()
    for at, limit, pause in marks:
        cached_marks(UNIT, parse_limit(limit), at, at + timedelta(seconds=pause), calendar)
    seconds = time.process_time() - begin
    per_second = _rebuild(calendar)
    return [
        result(
            f"{rows:,} clocks: start, pause, resume, yellow",
            seconds,
            "s",
            baseline=baseline,
            budget="<= 60 s per million",
            ok=seconds <= 60 * rows / 1e6,
        ),
        result(
            "cases rebuilt from journals",
            per_second,
            "cases/s",
            budget=">= 3,000 per process",
            ok=per_second >= 3000,
        ),
    ]


def _bare(marks: list[Any], calendar: Calendar) -> float:
    """The floor: one natural addition per mark."""
    begin = time.process_time()
    for at, limit, pause in marks:
        parse_limit(limit)
        at + timedelta(seconds=pause)
    return time.process_time() - begin


def _rebuild(calendar: Calendar) -> float:
    calendars = {calendar.version: calendar}
    journals = [journal_of(n, calendar.version) for n in range(200)]
    begin = time.process_time()
    count = 0
    while time.process_time() - begin < 2:
        for bodies in journals:
            cached(fold(bodies, calendars), calendars)
            count += 1
    return count / (time.process_time() - begin)
