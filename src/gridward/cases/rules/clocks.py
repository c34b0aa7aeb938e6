"""Clocks as folds over marks. A clock runs, is paused for one or more reasons, and stops; it never forgets.

Four kinds: filing, total (promise outward), unit (between units), step (named steps of a workflow).
A mark is applied with the calendar of the instant at which the clock started; a later calendar changes nothing.
On time: stopped_at <= due_at. Overdue time is never given back: a past deadline is not moved by a pause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gridward.kernel.worktime import Calendar, Limit, counted, due_after, due_at, parse_limit

FILING, TOTAL, UNIT, STEP = "filing", "total", "unit", "step"
KINDS = (FILING, TOTAL, UNIT, STEP)
YELLOW_SHARE = (4, 5)  # yellow begins when 80 % are used

Calendars = Mapping[str, Calendar]


@dataclass(frozen=True, slots=True)
class Clock:
    """One running, paused or stopped clock.

    limit: the text of the limit ("" when a foreign system gave the deadline); seconds: its length within its
    unit; used_s: seconds counted before `run_since`; due_at: the deadline as it stands (kept while paused).
    """

    kind: str
    limit: str
    calendar: str
    started_at: datetime
    due_at: datetime | None
    seconds: int = 0
    used_s: int = 0
    run_since: datetime | None = None
    pauses: frozenset[str] = field(default=frozenset())
    stopped_at: datetime | None = None

    @property
    def running(self) -> bool:
        return self.stopped_at is None and not self.pauses

    def late(self, now: datetime) -> bool:
        """Whether the deadline was (or, for a running clock, is) missed."""
        if self.due_at is None:
            return False
        if self.stopped_at:
            return self.stopped_at > self.due_at
        return now > self.due_at

    @property
    def unit(self) -> str:
        return parse_limit(self.limit).unit


def start(kind: str, limit: Limit, at: datetime, calendar: Calendar) -> Clock:
    """A new clock with a limit of ours."""
    due = due_at(at, limit, calendar)
    since = at if limit.count_from == "instant" else due_at(at, replace_count(limit, 0), calendar)
    return Clock(kind, str(limit), calendar.version, at, due, limit.seconds, 0, since)


def replace_count(limit: Limit, count: int) -> Limit:
    """The same limit with another count."""
    return replace(limit, count=count)


def start_given(kind: str, at: datetime, due: datetime | None) -> Clock:
    """A clock whose deadline a foreign system gave: taken as it stands."""
    return Clock(kind, "", "", at, due, run_since=at)


def pause(clock: Clock, reason: str, at: datetime, calendars: Calendars) -> Clock:
    """Stop counting for `reason`; several reasons may hold a clock at once."""
    if clock.stopped_at or reason in clock.pauses:
        return clock
    pauses = clock.pauses | {reason}
    if clock.pauses or not clock.limit or clock.run_since is None:
        return replace(clock, pauses=pauses)
    used = clock.used_s + _counted(clock, max(at, clock.run_since), calendars)
    return replace(clock, pauses=pauses, used_s=used, run_since=None)


def resume(clock: Clock, reason: str, at: datetime, calendars: Calendars) -> Clock:
    """End one reason; counting goes on when it was the last. A deadline missed before the pause stays."""
    if clock.stopped_at or reason not in clock.pauses:
        return clock
    pauses = clock.pauses - {reason}
    if pauses or not clock.limit:
        return replace(clock, pauses=pauses)
    left = clock.seconds - clock.used_s
    due = due_after(at, left, clock.unit, calendars[clock.calendar]) if left > 0 else clock.due_at
    return replace(clock, pauses=pauses, run_since=at, due_at=due)


def extend(clock: Clock, extra: Limit, calendars: Calendars) -> Clock:
    """Add a granted extension, counted in the clock's own unit."""
    if clock.stopped_at or not clock.limit:
        return clock
    grown = replace(clock, seconds=clock.seconds + extra.seconds)
    if clock.run_since is None:
        return grown
    left = grown.seconds - grown.used_s
    due = due_after(clock.run_since, left, clock.unit, calendars[clock.calendar])
    return replace(grown, due_at=due)


def stop(clock: Clock, at: datetime) -> Clock:
    """The work is done; the clock keeps when, and never runs again."""
    if clock.stopped_at:
        return clock
    k = clock  # written out: replace() looks every field up, and every adopted case stops a clock
    return Clock(
        k.kind, k.limit, k.calendar, k.started_at, k.due_at, k.seconds, k.used_s, k.run_since, k.pauses, at
    )


def restart_remainder(clock: Clock, at: datetime, calendars: Calendars) -> Clock:
    """Rework: a stopped clock goes on with what was left when it stopped."""
    if clock.stopped_at is None:
        return clock
    held = replace(clock, stopped_at=None)
    paused = pause(held, "reported", clock.stopped_at, calendars)
    return resume(paused, "reported", at, calendars)


def _counted(clock: Clock, at: datetime, calendars: Calendars) -> int:
    assert clock.run_since is not None
    return counted(clock.run_since, at, clock.unit, calendars[clock.calendar])


def used(clock: Clock, now: datetime, calendars: Calendars) -> int:
    """Seconds counted so far, in the clock's unit (0 for given deadlines)."""
    until = clock.stopped_at or now
    if clock.run_since is None or not clock.limit or until <= clock.run_since:
        return clock.used_s
    return clock.used_s + _counted(clock, until, calendars)


def yellow_at(clock: Clock, calendars: Calendars) -> datetime | None:
    """The instant from which the running clock shows yellow; None while it does not run."""
    if not clock.running or clock.due_at is None or clock.run_since is None:
        return None
    if not clock.limit:
        return clock.started_at + (clock.due_at - clock.started_at) * YELLOW_SHARE[0] / YELLOW_SHARE[1]
    left = clock.seconds * YELLOW_SHARE[0] // YELLOW_SHARE[1] - clock.used_s
    if left <= 0:
        return clock.run_since
    return due_after(clock.run_since, left, clock.unit, calendars[clock.calendar])


def cached_marks(
    kind: str, limit: Limit, at: datetime, pause_at: datetime, calendar: Calendar
) -> tuple[Clock, datetime | None]:
    """A clock that started, was paused once and resumed a day later, with its yellow instant: one bulk unit of work."""
    calendars = {calendar.version: calendar}
    clock = pause(start(kind, limit, at, calendar), "suspend", pause_at, calendars)
    clock = resume(clock, "suspend", pause_at + timedelta(days=1), calendars)
    return clock, yellow_at(clock, calendars)
