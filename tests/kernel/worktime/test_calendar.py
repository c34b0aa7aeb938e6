"""Working calendars: the statutory table (it ends in 2026), versions, JSON, refusals."""

import json
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput, Fault
from gridward.kernel.worktime import Calendar, default_calendar
from gridward.kernel.worktime.calendar import (
    BAD_CALENDAR_FIELD,
    BAD_PERIODS,
    BAD_WEEKEND,
    BOTH_REST_AND_WORK,
    INSTANT_FOR_DATE,
    SAME_VERSION,
)

OWN = Calendar(version="own-1", timezone="Asia/Shanghai")
DATES = st.frozensets(st.dates(date(1990, 1, 1), date(2060, 1, 1)), max_size=8)


def days_between(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_default_calendar_every_day_of_table_agrees_with_source():
    """R-SUP-01: working calendar; every day from 2004 to 2026."""
    days = days_between(date(2004, 1, 1), date(2026, 12, 31))
    calendar = default_calendar()
    assert [calendar.is_working_day(day) for day in days] == [
        chinese_calendar.is_workday(day) for day in days
    ]


def test_default_calendar_beyond_table_falls_back_to_weekdays_and_says_so():
    calendar = default_calendar()
    days = [date(2027, 10, 1), date(2027, 10, 2), date(2003, 1, 1), date(2003, 1, 4)]
    assert [calendar.is_working_day(day) for day in days] == [True, False, True, False]
    assert [calendar.known(day) for day in days] == [False] * 4
    assert [calendar.known(day) for day in (date(2004, 1, 1), date(2026, 12, 31))] == [True, True]


def test_default_calendar_holidays_of_2026_rest_and_make_up_days_work():
    calendar = default_calendar()
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 9, 20))
    assert date(2026, 9, 20).weekday() == 6


def test_default_calendar_version_names_the_table():
    found = default_calendar("America/New_York")
    assert (found.version, found.timezone) == (
        "cn-statutory-2004-2026+chinese-calendar-1.11.0",
        "America/New_York",
    )
    assert (found.known_from, found.known_to) == (2004, 2026)
    assert found.periods == ((28_800, 43_200), (50_400, 64_800))


def test_calendar_without_table_knows_no_holidays():
    assert not OWN.known(date(2026, 6, 5))
    assert OWN.is_working_day(date(2026, 10, 1))


def test_is_working_day_instant_instead_of_date_is_a_fault():
    with pytest.raises(Fault) as fault:
        OWN.is_working_day(datetime(2026, 6, 5))  # noqa: DTZ001
    assert fault.value.message == INSTANT_FOR_DATE


def test_changed_new_year_announced_extends_the_known_years():
    calendar = default_calendar().changed(
        version="city-2", rest_days=[date(2027, 1, 1)], work_days=[date(2027, 1, 3)], known_to=2027
    )
    assert [calendar.is_working_day(date(2027, 1, day)) for day in (1, 3, 4)] == [False, True, True]
    assert calendar.known(date(2027, 6, 1))
    assert not default_calendar().known(date(2027, 6, 1))


def test_changed_day_moved_from_rest_to_work_stands_in_one_list():
    first = OWN.changed(version="own-2", rest_days=[date(2026, 6, 5)])
    second = first.changed(version="own-3", work_days=[date(2026, 6, 5)])
    assert (first.rest_days, first.work_days) == (frozenset({date(2026, 6, 5)}), frozenset())
    assert (second.rest_days, second.work_days) == (frozenset(), frozenset({date(2026, 6, 5)}))


def test_changed_same_version_refuses():
    with pytest.raises(BadInput) as refused:
        OWN.changed(version="own-1", rest_days=[date(2026, 6, 5)])
    assert refused.value.message == SAME_VERSION


@given(
    st.builds(
        Calendar,
        version=st.just("v"),
        timezone=st.sampled_from(["Asia/Shanghai", "UTC"]),
        periods=st.sampled_from([((0, 86_400),), ((0, 1), (1, 2)), ((28_800, 43_200), (50_400, 64_800))]),
        weekend=st.frozensets(st.integers(0, 6), max_size=6),
        rest_days=DATES.map(lambda days: frozenset(day for day in days if day.day % 2)),
        work_days=DATES.map(lambda days: frozenset(day for day in days if not day.day % 2)),
        known_from=st.integers(1990, 2000),
        known_to=st.integers(2001, 2030),
    )
)
def test_to_json_read_back_through_text_gives_equal_calendar(calendar):
    document = json.loads(json.dumps(calendar.to_json()))
    again = Calendar.from_json(document)
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert again.to_json() == document


def test_from_json_only_version_and_timezone_takes_defaults():
    assert Calendar.from_json({"version": "own-1", "timezone": "Asia/Shanghai"}) == OWN


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("version", 1),
        ("version", ""),
        ("version", " a"),
        ("timezone", None),
        ("weekend", 5),
        ("weekend", ["5"]),
        ("periods", [[1]]),
        ("periods", "08:00-12:00"),
        ("periods", [["08:00", "12:00"]]),
        ("rest_days", ["2026-13-01"]),
        ("rest_days", [20260101]),
        ("known_to", "2026"),
        ("known_to", True),
        ("holidays", []),
    ],
)
def test_from_json_wrong_field_refuses_and_names_it(key, found):
    with pytest.raises(BadInput) as refused:
        Calendar.from_json({"version": "own-1", "timezone": "Asia/Shanghai", key: found})
    assert (refused.value.message, refused.value.field) == (BAD_CALENDAR_FIELD, key)


@pytest.mark.parametrize("absent", ["version", "timezone"])
def test_from_json_needed_field_absent_refuses(absent):
    document = OWN.to_json()
    del document[absent]
    with pytest.raises(BadInput) as refused:
        Calendar.from_json(document)
    assert (refused.value.message, refused.value.field) == (BAD_CALENDAR_FIELD, absent)


@pytest.mark.parametrize(
    "periods",
    [
        (),
        ((5, 5),),
        ((6, 5),),
        ((-1, 5),),
        ((0, 86_401),),
        ((0, 10), (9, 20)),
        ((10, 20), (0, 5)),
        ((0, 10), (10, 10)),
    ],
)
def test_calendar_impossible_periods_refuses(periods):
    with pytest.raises(BadInput) as refused:
        Calendar(version="v", timezone="UTC", periods=periods)
    assert refused.value.message == BAD_PERIODS


@pytest.mark.parametrize("weekend", [frozenset({7}), frozenset({-1}), frozenset(range(7))])
def test_calendar_impossible_weekend_refuses(weekend):
    with pytest.raises(BadInput) as refused:
        Calendar(version="v", timezone="UTC", weekend=weekend)
    assert refused.value.message == BAD_WEEKEND


def test_calendar_day_in_both_lists_refuses_and_names_it():
    day = frozenset({date(2026, 6, 5)})
    with pytest.raises(BadInput) as refused:
        Calendar(version="v", timezone="UTC", rest_days=day, work_days=day)
    assert (refused.value.message, refused.value.values) == (BOTH_REST_AND_WORK, {"found": "2026-06-05"})
