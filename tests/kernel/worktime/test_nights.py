"""Night hours (05-case-loop: notices never go out at night; night = 22:00–07:00 local, configurable)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gridward.kernel.errors import BadInput
from gridward.kernel.worktime import Calendar, default_calendar, is_night, next_morning

CHINA = default_calendar()
BOSTON = Calendar(version="plain", timezone="America/New_York")


def local(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("hour", "minute", "second", "night"),
    [
        (21, 59, 59, False),
        (22, 0, 0, True),
        (0, 0, 0, True),
        (6, 59, 59, True),
        (7, 0, 0, False),
        (12, 0, 0, False),
    ],
)
def test_is_night_at_its_edges_begins_inclusive_ends_exclusive(hour, minute, second, night):
    assert is_night(local(2026, 6, 5, hour, minute, second), CHINA) is night


@pytest.mark.parametrize(
    ("hour", "minute", "second", "night"),
    [
        (22, 29, 59, False),
        (22, 30, 0, True),
        (22, 30, 30, True),
        (2, 44, 59, True),
        (2, 45, 0, False),
        (2, 45, 30, False),
    ],
)
def test_is_night_edges_within_an_hour_are_kept_to_the_second(hour, minute, second, night):
    assert is_night(local(2026, 6, 5, hour, minute, second), CHINA, "22:30", "02:45") is night


def test_is_night_within_one_day_and_equal_ends():
    assert is_night(local(2026, 6, 5, 13), CHINA, "12:00", "14:00")
    assert not is_night(local(2026, 6, 5, 14), CHINA, "12:00", "14:00")
    assert not is_night(local(2026, 6, 5, 12), CHINA, "12:00", "12:00")
    assert is_night(local(2026, 6, 5, 23, 59), CHINA, "23:00", "24:00")


@pytest.mark.parametrize(
    ("instant", "morning"),
    [
        (local(2026, 6, 5, 15, 0, 0, 7), local(2026, 6, 5, 15, 0, 0, 7)),
        (local(2026, 6, 5, 22), local(2026, 6, 6, 7)),
        (local(2026, 6, 6, 3), local(2026, 6, 6, 7)),
        (local(2026, 6, 6, 7), local(2026, 6, 6, 7)),
        (local(2026, 12, 31, 23), local(2027, 1, 1, 7)),
    ],
)
def test_next_morning_by_day_itself_by_night_seven_o_clock(instant, morning):
    found = next_morning(instant, CHINA)
    assert (found, found.tzinfo) == (morning, UTC)


def test_next_morning_end_skipped_by_the_clocks_is_the_end_of_the_gap():
    found = next_morning(datetime(2026, 3, 8, 5, tzinfo=UTC), BOSTON, "22:00", "02:30")
    assert found == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_next_morning_end_at_midnight_is_the_next_day():
    assert next_morning(local(2026, 6, 5, 23, 30), CHINA, "23:00", "24:00") == local(2026, 6, 6)


def test_is_night_ends_not_of_a_clock_refuses():
    with pytest.raises(BadInput) as refused:
        is_night(local(2026, 6, 5), CHINA, "22", "07:00")
    assert refused.value.code == "GW-TIME-006"
