"""Deadlines against a reference that walks from minute to minute and asks the zone what the wall clock shows.

The places in time are chosen around changed clocks (also across midnight and where midnight is skipped),
holidays, make-up days and the ends of the statutory table.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.clock import to_us
from gridward.kernel.worktime import (
    UNITS,
    Calendar,
    Limit,
    counted,
    counted_us,
    default_calendar,
    due_after,
    due_after_us,
    due_at,
    is_night,
    next_morning,
)
from gridward.kernel.worktime.counting import next_midnight

MINUTE = 60_000_000
NIGHT_SHIFT = ((0, 9_000), (79_200, 86_400))
PLACES = [
    (default_calendar(), date(2026, 9, 25)),
    (default_calendar(), date(2026, 10, 8)),
    (default_calendar(), date(2026, 12, 31)),
    (default_calendar(), date(1987, 4, 11)),
    (default_calendar("America/New_York"), date(2026, 3, 8)),
    (Calendar("ny", "America/New_York", weekend=frozenset({4})), date(2026, 3, 8)),
    (Calendar("ny-night", "America/New_York", NIGHT_SHIFT, frozenset({4})), date(2026, 3, 8)),
    (Calendar("ny-night", "America/New_York", NIGHT_SHIFT, frozenset({4})), date(2026, 11, 1)),
    (
        Calendar("ny-early", "America/New_York", ((3_600, 5_400), (5_400, 9_000)), frozenset({2})),
        date(2026, 11, 1),
    ),
    (Calendar("lord-howe", "Australia/Lord_Howe", NIGHT_SHIFT, frozenset({2})), date(2026, 4, 4)),
    (Calendar("sao-paulo", "America/Sao_Paulo", NIGHT_SHIFT, frozenset({2})), date(2017, 10, 15)),
    (Calendar("st-johns", "America/St_Johns", NIGHT_SHIFT, frozenset({2})), date(2006, 10, 29)),
    (Calendar("st-johns", "America/St_Johns", ((0, 86_400),), frozenset({5})), date(2006, 10, 29)),
    (Calendar("apia", "Pacific/Apia", weekend=frozenset({0})), date(2011, 12, 30)),
]
HOUR_S, DAY_S = 3_600, 86_400


@st.composite
def places(draw, spread_s=3 * DAY_S):
    """A calendar and an instant near one of its interesting days, often on a whole hour."""
    calendar, middle = draw(st.sampled_from(PLACES))
    offset = draw(st.integers(-spread_s, spread_s) | st.integers(-72, 72).map(lambda hours: hours * HOUR_S))
    micros = draw(st.sampled_from([0, 0, 1, 500_000, 999_999]))
    return calendar, datetime.combine(middle, time(), UTC) + timedelta(seconds=offset, microseconds=micros)


def wall(calendar, minute):
    at = datetime.fromtimestamp(minute * 60, UTC)
    return at.astimezone(ZoneInfo(calendar.timezone))


@lru_cache(maxsize=500_000)
def counts(calendar, unit, minute):
    """Whether the minute belongs to the unit's set."""
    if unit.startswith("natural"):
        return True
    shown = wall(calendar, minute)
    second = shown.hour * 3_600 + shown.minute * 60
    in_periods = any(start <= second < end for start, end in calendar.periods)
    return calendar.is_working_day(shown.date()) and (unit == "working_day" or in_periods)


def dark(calendar, minute, evening, morning):
    """Whether the wall clock, read as text, stands in the night."""
    shown = f"{wall(calendar, minute):%H:%M}"
    return evening <= shown < morning if evening <= morning else shown >= evening or shown < morning


def reference_counted(start, end, unit, calendar):
    begin, finish = to_us(start), to_us(end)
    return sum(
        min(finish, (minute + 1) * MINUTE) - max(begin, minute * MINUTE)
        for minute in range(begin // MINUTE, -(-finish // MINUTE))
        if counts(calendar, unit, minute)
    )


def reference_due(start, micros, unit, calendar):
    at, left = to_us(start), micros
    while left:
        minute = at // MINUTE
        step = (minute + 1) * MINUTE - at
        if counts(calendar, unit, minute):
            step = min(step, left)
            left -= step
        at += step
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)


@given(places(), st.sampled_from(sorted(UNITS)), st.integers(0, 5 * DAY_S), st.sampled_from([0, 1, 999_999]))
def test_counted_any_stretch_agrees_with_the_walk(place, unit, length_s, micros):
    calendar, start = place
    end = start + timedelta(seconds=length_s, microseconds=micros)
    assert counted_us(start, end, unit, calendar) == reference_counted(start, end, unit, calendar)


@given(
    places(), st.sampled_from(sorted(UNITS)), st.integers(0, 48) | st.integers(0, 10 * HOUR_S), st.booleans()
)
def test_due_after_any_length_agrees_with_the_walk(place, unit, amount, in_micros):
    calendar, start = place
    micros = (amount * HOUR_S if amount <= 48 else amount) * 1_000_000 + (
        amount * 7 % 1_000_000 if in_micros else 0
    )
    if unit == "working_hour":
        micros //= 3
    assert due_after_us(start, micros, unit, calendar) == reference_due(start, micros, unit, calendar)


@given(places(), st.sampled_from(sorted(UNITS)), st.integers(0, 40 * DAY_S))
def test_counted_up_to_the_deadline_is_the_limit_and_no_earlier_instant_reaches_it(place, unit, seconds):
    calendar, start = place
    due = due_after(start, seconds, unit, calendar)
    assert counted(start, due, unit, calendar) == seconds
    assert counted_us(start, due, unit, calendar) == seconds * 1_000_000
    if seconds:
        earlier = due - timedelta(microseconds=1)
        assert counted_us(start, earlier, unit, calendar) == seconds * 1_000_000 - 1


@pytest.mark.parametrize("unit", ["working_day", "working_hour"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
@pytest.mark.parametrize("year", [1970, 1994, 1995, 2026])
def test_counted_fresh_calendar_at_the_turn_of_a_year_agrees_with_the_walk(year, zone, unit):
    """A timeline begins and ends with a UTC year, inside a local day; Kiritimati skipped 1994-12-31."""
    turn = datetime(year, 1, 1, tzinfo=UTC)
    for hours in (-13, -1, 0, 1, 13):
        calendar = Calendar(f"fresh {year} {hours}", zone, ((0, 14_400), (57_600, 86_400)), frozenset({2}))
        start = turn + timedelta(hours=hours)
        for length_h in (1, 11, 26):
            end = start + timedelta(hours=length_h)
            assert counted_us(start, end, unit, calendar) == reference_counted(start, end, unit, calendar)
            micros = length_h * 1_800_000_000
            assert due_after_us(start, micros, unit, calendar) == reference_due(start, micros, unit, calendar)


def test_counted_clocks_changed_on_the_last_day_of_a_timeline_agrees_with_the_walk():
    """A timeline asked first in 1993 reaches to the end of 1994, in whose last day Kiritimati lost a date."""
    calendar = Calendar("until 1994", "Pacific/Kiritimati", weekend=frozenset({2}))
    counted(datetime(1993, 5, 1, tzinfo=UTC), datetime(1993, 5, 2, tzinfo=UTC), "working_hour", calendar)
    start, end = datetime(1994, 12, 30, tzinfo=UTC), datetime(1994, 12, 31, 23, 59, tzinfo=UTC)
    expected = reference_counted(start, end, "working_hour", calendar)
    assert counted_us(start, end, "working_hour", calendar) == expected


@given(places(), st.sampled_from(sorted(UNITS)), st.lists(st.integers(0, 10**13), min_size=2, max_size=2))
def test_counted_adjacent_stretches_add_up(place, unit, lengths):
    calendar, start = place
    middle = start + timedelta(microseconds=lengths[0])
    end = middle + timedelta(microseconds=lengths[1])
    for count in (counted, counted_us):
        whole = count(start, end, unit, calendar)
        assert count(start, middle, unit, calendar) + count(middle, end, unit, calendar) == whole


@given(places(), st.sampled_from(sorted(UNITS)), st.integers(0, 9 * DAY_S), st.integers(0, 9 * DAY_S))
def test_due_after_in_two_steps_is_due_after_in_one(place, unit, first, second):
    """What a clock does that is stopped and started again without a pause between."""
    calendar, start = place
    between = due_after(start, first, unit, calendar)
    assert due_after(between, second, unit, calendar) == due_after(start, first + second, unit, calendar)


@given(places(), st.sampled_from(sorted(UNITS)), st.integers(0, 9 * DAY_S), st.integers(0, 9 * DAY_S))
def test_due_after_longer_or_later_is_never_earlier(place, unit, seconds, more):
    calendar, start = place
    due = due_after(start, seconds, unit, calendar)
    assert due <= due_after(start, seconds + more, unit, calendar)
    assert due <= due_after(start + timedelta(seconds=more), seconds, unit, calendar)
    assert counted(start, due, unit, calendar) <= counted(
        start, due + timedelta(seconds=more), unit, calendar
    )


@given(places(), st.sampled_from(sorted(UNITS)))
def test_due_at_next_day_begins_with_the_first_later_date_on_the_wall(place, unit):
    calendar, start = place
    minute = to_us(start) // MINUTE
    today = wall(calendar, minute).date()
    while wall(calendar, minute).date() <= today:
        minute += 1
    midnight = datetime.fromtimestamp(minute * 60, UTC)
    assert next_midnight(start, calendar) == midnight
    expected = due_after(midnight, 2 * UNITS[unit], unit, calendar)
    assert due_at(start, Limit(2, unit, "next_day"), calendar) == expected


@given(
    places(),
    st.sampled_from([("22:00", "07:00"), ("22:00", "02:30"), ("23:00", "00:30"), ("01:00", "03:00")]),
)
def test_next_morning_is_the_first_instant_that_is_not_night(place, night):
    calendar, start = place
    at = start
    while dark(calendar, to_us(at) // MINUTE, *night):
        at = datetime.fromtimestamp((to_us(at) // MINUTE + 1) * 60, UTC)
    assert is_night(start, calendar, *night) == (at != start)
    assert next_morning(start, calendar, *night) == at


@given(st.dates(date(2004, 1, 1), date(2026, 12, 1)), st.integers(1, 15))
def test_due_at_next_day_over_statutory_days_is_the_midnight_after_the_last(day, count):
    """By law the n-th working day after the day itself is the last; its end is the deadline."""
    calendar = default_calendar()
    last = day
    for _ in range(count):
        last += timedelta(days=1)
        while not calendar.is_working_day(last):
            last += timedelta(days=1)
    start = datetime(day.year, day.month, day.day, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
    end = datetime.combine(last + timedelta(days=1), time(), ZoneInfo("Asia/Shanghai"))
    assert due_at(start, Limit(count, "working_day", "next_day"), calendar) == end
