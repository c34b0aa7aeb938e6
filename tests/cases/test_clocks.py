"""Clocks as folds over marks (R-CASE-02, R-SUP-01): every row of the table in the case-loop design."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gridward.cases.rules import clocks as c
from gridward.kernel.worktime import default_calendar, parse_limit

CALENDAR = default_calendar("Asia/Shanghai")
CALENDARS = {CALENDAR.version: CALENDAR}


def at(text: str) -> datetime:
    """A Shanghai wall time as UTC."""
    return (datetime.fromisoformat(text) - timedelta(hours=8)).replace(tzinfo=UTC)


FRIDAY = at("2026-06-05T15:00")


def clock(limit: str = "3 working_days") -> c.Clock:
    return c.start(c.UNIT, parse_limit(limit), FRIDAY, CALENDAR)


def test_start_three_working_days_ends_wednesday() -> None:
    """R-SUP-01."""
    assert clock().due_at == at("2026-06-10T15:00")


def test_pause_and_resume_keeps_the_remainder() -> None:
    """A pause of a week moves the deadline by the working time it held back."""
    paused = c.pause(clock(), "return", at("2026-06-08T15:00"), CALENDARS)
    resumed = c.resume(paused, "return", at("2026-06-15T15:00"), CALENDARS)
    assert paused.running is False
    assert resumed.due_at == at("2026-06-17T15:00")


def test_pause_twice_for_two_reasons_runs_only_after_both_end() -> None:
    """Known bug elsewhere: a clock that runs on while one of two holds is still pending."""
    held = c.pause(c.pause(clock(), "return", FRIDAY, CALENDARS), "suspend", FRIDAY, CALENDARS)
    half = c.resume(held, "return", at("2026-06-08T09:00"), CALENDARS)
    assert half.running is False
    assert c.resume(half, "suspend", at("2026-06-08T15:00"), CALENDARS).due_at == at("2026-06-11T15:00")


def test_pause_after_the_deadline_never_gives_time_back() -> None:
    """Nothing overwrites a past deadline."""
    late = at("2026-06-11T10:00")
    resumed = c.resume(
        c.pause(clock(), "return", late, CALENDARS), "return", late + timedelta(days=9), CALENDARS
    )
    assert resumed.due_at == at("2026-06-10T15:00")
    assert resumed.late(late + timedelta(days=10)) is True


def test_extension_while_paused_counts_after_resuming() -> None:
    paused = c.pause(clock(), "suspend", FRIDAY, CALENDARS)
    longer = c.extend(paused, parse_limit("2 working_days"), CALENDARS)
    assert c.resume(longer, "suspend", FRIDAY, CALENDARS).due_at == at("2026-06-12T15:00")


def test_extension_while_running_adds_to_the_deadline() -> None:
    assert c.extend(clock(), parse_limit("1 working_days"), CALENDARS).due_at == at("2026-06-11T15:00")


def test_rework_resumes_the_remainder_from_the_moment_of_handing_in() -> None:
    """post_handling_check failed: what was left when the unit handed in goes on."""
    stopped = c.stop(clock(), at("2026-06-08T15:00"))
    again = c.restart_remainder(stopped, at("2026-06-09T15:00"), CALENDARS)
    assert again.due_at == at("2026-06-11T15:00")


def test_late_compares_the_stop_with_the_deadline() -> None:
    """On time means stopped_at <= due_at, to the second."""
    due = at("2026-06-10T15:00")
    assert c.stop(clock(), due).late(due) is False
    assert c.stop(clock(), due + timedelta(seconds=1)).late(due) is True


def test_stopped_clock_takes_no_further_marks() -> None:
    """Known bug elsewhere: a closed case whose clock was moved by a late pause."""
    stopped = c.stop(clock(), FRIDAY + timedelta(hours=1))
    assert c.pause(stopped, "suspend", FRIDAY, CALENDARS) == stopped
    assert c.extend(stopped, parse_limit("9 working_days"), CALENDARS) == stopped
    assert c.stop(stopped, FRIDAY + timedelta(days=9)) == stopped


def test_yellow_begins_at_eighty_percent() -> None:
    assert c.yellow_at(clock("10 natural_hours"), CALENDARS) == FRIDAY + timedelta(hours=8)


def test_given_deadline_is_taken_as_it_stands() -> None:
    """adopt: foreign limits are not recomputed."""
    due = FRIDAY + timedelta(hours=7)
    given = c.start_given(c.TOTAL, FRIDAY, due)
    assert (given.due_at, given.limit, given.late(due)) == (due, "", False)


def test_later_calendar_changes_nothing_for_a_running_clock() -> None:
    """Known bug elsewhere: a calendar change that moves deadlines already given."""
    holiday = CALENDAR.changed(version="local-2", rest_days=[at("2026-06-09T12:00").date()])
    both = {CALENDAR.version: CALENDAR, holiday.version: holiday}
    paused = c.pause(clock(), "return", FRIDAY, both)
    assert c.resume(paused, "return", FRIDAY, both).due_at == at("2026-06-10T15:00")
    fresh = c.start(c.UNIT, parse_limit("3 working_days"), FRIDAY, holiday)
    assert fresh.due_at == at("2026-06-11T15:00")
