"""Deadlines: the examples of the design, holidays, limits of the range, refusals (R-SUP-01, R-CASE-01)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gridward.kernel.clock import NAIVE_INSTANT
from gridward.kernel.errors import BadInput, Fault
from gridward.kernel.worktime import (
    UNITS,
    Calendar,
    Limit,
    counted,
    counted_us,
    default_calendar,
    due_after,
    due_after_many,
    due_after_us,
    due_at,
    parse_limit,
)
from gridward.kernel.worktime.counting import BEYOND_DATES, NEGATIVE
from gridward.kernel.worktime.limits import UNKNOWN_UNIT
from gridward.kernel.worktime.timeline import TOO_FAR, Timeline

CHINA = default_calendar()
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
SUNDAYS_WORK = Calendar(version="sundays", timezone="America/New_York", weekend=frozenset({4, 5}))


def local(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


def american(*parts, fold=0):
    return datetime(*parts, tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        (local(2026, 6, 5, 15), "3 working_days", local(2026, 6, 10, 15)),
        (local(2026, 6, 5, 15), "4 working_hours", local(2026, 6, 8, 9)),
        (local(2026, 6, 6, 10), "1 working_day", local(2026, 6, 9)),
        (local(2026, 6, 5, 15), "3 working_days from next_day", local(2026, 6, 11)),
        (local(2026, 6, 5, 15), "3 working_hours", local(2026, 6, 5, 18)),
        (local(2026, 6, 5, 13), "4 working_hours", local(2026, 6, 5, 18)),
        (local(2026, 6, 5, 11), "2 working_hours", local(2026, 6, 5, 15)),
        (local(2026, 6, 5, 19), "1 working_hour", local(2026, 6, 8, 9)),
        (local(2026, 6, 5, 15), "2 natural_hours", local(2026, 6, 5, 17)),
        (local(2026, 6, 5, 15), "5 natural_days", local(2026, 6, 10, 15)),
        (local(2026, 6, 5, 15), "5 natural_days from next_day", local(2026, 6, 11)),
        (local(2026, 6, 5, 0), "1 natural_day from next_day", local(2026, 6, 7)),
        (local(2026, 6, 6, 10), "4 working_hours from next_day", local(2026, 6, 8, 12)),
        (local(2026, 9, 30, 15), "1 working_day", local(2026, 10, 8, 15)),
        (local(2026, 9, 30, 17), "2 working_hours", local(2026, 10, 8, 9)),
        (local(2026, 10, 9, 15), "1 working_day", local(2026, 10, 10, 15)),
        (local(2026, 9, 19, 12), "1 working_day", local(2026, 9, 21)),
        (local(2026, 12, 31, 15), "2 working_days", local(2027, 1, 4, 15)),
    ],
)
def test_due_at_examples_gives_the_deadline(start, limit, due):
    """05-case-loop, Clocks; 2026 rests 1–7 October, works on Sunday 20 September and Saturday 10 October."""
    found = due_at(start, parse_limit(limit), CHINA)
    assert (found, found.tzinfo) == (due, UTC)


def test_due_after_deadline_beyond_the_table_falls_back_and_is_provisional():
    """Known bug elsewhere: a deadline in the year after the table ends in an exception."""
    due = due_after(local(2026, 12, 30, 15), 5 * 86_400, "working_day", CHINA)
    assert due == local(2027, 1, 6, 15)
    assert not CHINA.known(due.astimezone(SHANGHAI).date())


def test_due_after_zero_gives_start_itself_also_outside_the_set():
    saturday = local(2026, 6, 6, 10)
    assert [due_after(saturday, 0, unit, CHINA) for unit in UNITS] == [saturday] * 4


def test_due_after_fraction_of_a_second_is_kept():
    start = local(2026, 6, 5, 17, 59, 59, 250_000)
    assert due_after(start, 1, "working_hour", CHINA) == local(2026, 6, 8, 8, 0, 0, 250_000)
    assert due_after_us(start, 750_000, "working_hour", CHINA) == local(2026, 6, 5, 18)


def test_due_after_later_calendar_version_leaves_the_earlier_deadline():
    """Known bug elsewhere: a later calendar change gives a wrong limit."""
    later = CHINA.changed(version="city-1", rest_days=[date(2026, 6, 8)])
    start = local(2026, 6, 5, 15)
    before = due_after(start, 86_400, "working_day", CHINA)
    assert due_after(start, 86_400, "working_day", later) == local(2026, 6, 9, 15)
    assert due_after(start, 86_400, "working_day", CHINA) == before == local(2026, 6, 8, 15)


def test_due_after_equal_calendar_read_anew_gives_the_same():
    again = Calendar.from_json(CHINA.to_json())
    assert due_after(local(2026, 6, 5, 15), 14_400, "working_hour", again) == local(2026, 6, 8, 9)


def test_counted_over_a_weekend_leaves_it_out():
    start, end = local(2026, 6, 5, 15), local(2026, 6, 8, 9)
    assert {unit: counted(start, end, unit, CHINA) for unit in UNITS} == {
        "natural_hour": 66 * 3_600,
        "natural_day": 66 * 3_600,
        "working_hour": 4 * 3_600,
        "working_day": 18 * 3_600,
    }


def test_counted_whole_year_2026_gives_its_working_days():
    start, end = local(2026, 1, 1), local(2027, 1, 1)
    days = sum(CHINA.is_working_day(date(2026, 1, 1) + timedelta(days=n)) for n in range(365))
    assert days == 248
    assert counted(start, end, "working_day", CHINA) == days * 86_400
    assert counted(start, end, "working_hour", CHINA) == days * 8 * 3_600


def test_counted_end_before_start_gives_nothing():
    start, end = local(2026, 6, 5, 15), local(2026, 6, 5, 14)
    assert [counted(start, end, unit, CHINA) for unit in UNITS] == [0] * 4
    assert counted_us(start, start, "working_day", CHINA) == 0


def test_counted_a_microsecond_before_closing_time_is_a_microsecond_less():
    start, closing = local(2026, 6, 5, 15), local(2026, 6, 5, 18)
    ends = [closing + timedelta(microseconds=n) for n in (-2, -1, 0, 1)]
    found = [counted_us(start, end, "working_hour", CHINA) - 10_800_000_000 for end in ends]
    assert found == [-2, -1, 0, 0]


def test_counted_instants_are_cut_to_seconds_and_microseconds_are_exact():
    start, end = local(2026, 6, 5, 15, 0, 0, 900_000), local(2026, 6, 5, 15, 0, 1, 100_000)
    assert (counted(start, end, "working_hour", CHINA), counted_us(start, end, "working_hour", CHINA)) == (
        1,
        200_000,
    )


@pytest.mark.parametrize(
    ("start", "seconds", "unit", "due"),
    [
        (american(2026, 3, 7, 12), 86_400, "natural_day", american(2026, 3, 8, 13)),
        (american(2026, 10, 31, 12), 86_400, "natural_day", american(2026, 11, 1, 11)),
        (american(2026, 3, 8, 0), 86_400, "working_day", american(2026, 3, 9, 1)),
        (american(2026, 11, 1, 0), 86_400, "working_day", american(2026, 11, 1, 23)),
        (american(2026, 11, 1, 0), 90_000, "working_day", american(2026, 11, 2, 0)),
        (american(2026, 3, 5, 15), 86_400, "working_day", american(2026, 3, 8, 16)),
        (american(2026, 3, 8, 7), 4 * 3_600, "working_hour", american(2026, 3, 8, 12)),
    ],
)
def test_due_after_clocks_changed_inside_a_working_day_counts_elapsed_time(start, seconds, unit, due):
    """A day of 23 or 25 hours holds that many; Sundays are working days in this calendar."""
    assert due_after(start, seconds, unit, SUNDAYS_WORK) == due


def test_due_after_clocks_changed_at_the_weekend_moves_nothing():
    calendar = Calendar(version="plain", timezone="America/New_York")
    assert due_after(american(2026, 3, 6, 15), 86_400, "working_day", calendar) == american(2026, 3, 9, 15)
    assert due_after(american(2026, 10, 30, 15), 86_400, "working_day", calendar) == american(2026, 11, 2, 15)


def test_due_at_next_day_where_midnight_is_skipped_begins_after_the_gap():
    calendar = Calendar(version="plain", timezone="America/Sao_Paulo")
    due = due_at(datetime(2017, 10, 14, 18, tzinfo=UTC), Limit(1, "natural_hour", "next_day"), calendar)
    assert due == datetime(2017, 10, 15, 4, tzinfo=UTC)


def test_due_after_many_gives_the_same_as_one_by_one():
    starts = [local(2026, 6, 1) + timedelta(hours=7 * n) for n in range(100)]
    for unit in UNITS:
        for seconds in (0, 1, 100_000):
            expected = [due_after(start, seconds, unit, CHINA) for start in starts]
            assert due_after_many(starts, seconds, unit, CHINA) == expected


def test_due_after_many_negative_length_refuses():
    with pytest.raises(BadInput) as refused:
        due_after_many([local(2026, 6, 1)], -1, "working_day", CHINA)
    assert refused.value.message == NEGATIVE


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_due_after_negative_length_refuses(unit):
    with pytest.raises(BadInput) as refused:
        due_after(local(2026, 6, 5), -1, unit, CHINA)
    assert refused.value.message == NEGATIVE


def test_due_after_unknown_unit_refuses():
    for work in (
        lambda: due_after(local(2026, 6, 5), 1, "week", CHINA),
        lambda: due_after_many([local(2026, 6, 5)], 1, "week", CHINA),
        lambda: counted(local(2026, 6, 5), local(2026, 6, 6), "week", CHINA),
    ):
        with pytest.raises(BadInput) as refused:
            work()
        assert refused.value.message == UNKNOWN_UNIT


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_due_after_instant_without_zone_is_a_fault(unit):
    with pytest.raises(Fault) as fault:
        due_after(datetime(2026, 6, 5), 1, unit, CHINA)  # noqa: DTZ001
    assert fault.value.message == NAIVE_INSTANT


@pytest.mark.parametrize(
    "start",
    [datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)],
    ids=["low", "high"],
)
def test_due_after_start_outside_the_range_refuses(start):
    with pytest.raises(BadInput) as refused:
        due_after(start, 1, "working_day", CHINA)
    assert (refused.value.message, refused.value.values) == (TOO_FAR, {"found": start.year})


def test_due_after_first_and_last_year_are_counted_and_their_neighbours_refused():
    calendar = Calendar(version="whole range", timezone="UTC", weekend=frozenset())
    first, last = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
    days = (last.date() - first.date()).days
    assert counted(first, last, "working_day", calendar) == (days + 1) * 86_400 - 1
    assert due_after(last, 1, "working_day", calendar) == datetime(2200, 1, 1, tzinfo=UTC)
    for start in (first - timedelta(microseconds=1), last + timedelta(seconds=1)):
        with pytest.raises(BadInput) as refused:
            due_after(start, 1, "working_day", calendar)
        assert refused.value.message == TOO_FAR


def test_due_after_deadline_outside_the_range_refuses():
    with pytest.raises(BadInput) as refused:
        due_at(local(2026, 6, 5), Limit(100_000, "working_day"), CHINA)
    assert (refused.value.message, refused.value.values) == (TOO_FAR, {"found": 2200})


def test_due_at_beyond_all_dates_refuses():
    last = datetime(9999, 12, 31, 12, tzinfo=UTC)
    for limit in (Limit(1, "natural_day"), Limit(1, "natural_day", "next_day")):
        with pytest.raises(BadInput) as refused:
            due_at(last, limit, Calendar(version="v", timezone="UTC"))
        assert refused.value.message == BEYOND_DATES


def test_timeline_asked_in_any_order_gives_the_same_as_a_fresh_one():
    """Growing backward or forward changes no answer."""
    starts = [datetime(year, 3, 7, 5, tzinfo=UTC) for year in (2026, 2025, 2040, 1990, 2199, 1900, 2026)]
    old = Timeline(CHINA, "working_hour")
    micros = [int(start.timestamp()) * 1_000_000 for start in starts]
    amount = 1_000 * 3_600 * 1_000_000
    answers = [old.after(start, amount) for start in micros if start != micros[4]]
    fresh = [Timeline(CHINA, "working_hour").after(start, amount) for start in micros if start != micros[4]]
    assert answers == fresh
    assert old.sums_at(micros[0], micros[0] + amount) == old.sums_at(micros[6], micros[6] + amount)


def test_timeline_shared_by_threads_gives_the_same_as_one_after_another():
    starts = [datetime(2000 + n, 1 + n % 12, 5, 5, tzinfo=UTC) for n in range(40)]
    micros = [int(start.timestamp()) * 1_000_000 for start in starts]
    shared, alone = Timeline(CHINA, "working_hour"), Timeline(CHINA, "working_hour")
    expected = [alone.after(start, 3_600_000_000) for start in micros]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda start: shared.after(start, 3_600_000_000), micros)) == expected
