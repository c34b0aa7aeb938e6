# ruff: noqa: DTZ001  (wall times without a zone are what is tested)
"""kernel/clock.py: texts and serial numbers to instants and back, also where clocks are changed."""

import csv
import gzip
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel import clock
from gridward.kernel.clock import (
    BAD_SERIAL,
    BAD_TIME_OF_DAY,
    IMPOSSIBLE_INSTANT,
    NAIVE_INSTANT,
    UNKNOWN_ZONE,
    UNREADABLE_INSTANT,
    as_utc,
    change_between,
    day_start,
    from_excel_serial,
    from_local,
    from_us,
    local_date,
    next_instant,
    parse_instant,
    rfc3339,
    time_of_day,
    to_us,
    zone,
)
from gridward.kernel.errors import BadInput, Fault

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
INSTANTS = st.datetimes(datetime(1800, 1, 1), datetime(2400, 1, 1), timezones=st.just(UTC))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-02-08 15:34:40", utc(2018, 2, 8, 7, 34, 40)),
        ("2018-02-08T15:34:40", utc(2018, 2, 8, 7, 34, 40)),
        ("2018-02-08T15:34:40Z", utc(2018, 2, 8, 15, 34, 40)),
        ("2018-02-08t15:34:40z", utc(2018, 2, 8, 15, 34, 40)),
        ("2018-02-08T15:34:40+08:00", utc(2018, 2, 8, 7, 34, 40)),
        ("2018-02-08T15:34:40-0530", utc(2018, 2, 8, 21, 4, 40)),
        ("2018-02-08T15:34:40+23:59", utc(2018, 2, 7, 15, 35, 40)),
        ("2018-02-08 15:34:40 +08:00", utc(2018, 2, 8, 7, 34, 40)),
        ("2018-02-08T15:34:40.5Z", utc(2018, 2, 8, 15, 34, 40, 500_000)),
        ("2018-02-08T15:34:40,123456789Z", utc(2018, 2, 8, 15, 34, 40, 123_456)),
        ("2018-02-08 15:34", utc(2018, 2, 8, 7, 34)),
        ("2018/2/8 5:34", utc(2018, 2, 7, 21, 34)),
        ("2018.2.8", utc(2018, 2, 7, 16)),
        ("2018-02-08", utc(2018, 2, 7, 16)),
        ("20180208", utc(2018, 2, 7, 16)),
        ("20180208153440", utc(2018, 2, 8, 7, 34, 40)),
        ("20180208T1534Z", utc(2018, 2, 8, 15, 34)),
        ("2018年2月8日", utc(2018, 2, 7, 16)),
        ("2018年02月08日 15时34分40秒", utc(2018, 2, 8, 7, 34, 40)),
        ("2018年2月8日15时34分", utc(2018, 2, 8, 7, 34)),
        ("2018年2月8日15时", utc(2018, 2, 8, 7)),
        ("2018年2月8日 15:34:40", utc(2018, 2, 8, 7, 34, 40)),
        ("２０１８－０２－０８ １５：３４：４０", utc(2018, 2, 8, 7, 34, 40)),
        ("  2018-02-08\t", utc(2018, 2, 7, 16)),
        ("2018-02-08 24:00", utc(2018, 2, 8, 16)),
        ("2018-12-31 24:00:00", utc(2018, 12, 31, 16)),
    ],
)
def test_parse_instant_usual_spellings_gives_utc(text, expected):
    found = parse_instant(text, SHANGHAI)
    assert (found, found.tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "yesterday",
        "02/08/2018",
        "8.2.2018",
        "18-02-08",
        "2018-02/08",
        "2018-2月8",
        "2018-02-08 3 PM",
        "2018-02-08 15",
        "2018-02-08 15:3",
        "43613",
        "2018-W06-4",
        "2018-02-08T15:34:40+8",
        "2018-02-08Z",
    ],
)
def test_parse_instant_unknown_spelling_refuses(text):
    with pytest.raises(BadInput) as refused:
        parse_instant(text, SHANGHAI)
    assert (refused.value.message, refused.value.values) == (UNREADABLE_INSTANT, {"found": text})


@pytest.mark.parametrize(
    "text",
    [
        "2018-02-29",
        "2018-13-01",
        "2018-00-10",
        "0000-01-01",
        "2018-02-08 25:00",
        "2018-02-08 24:01",
        "2018-02-08 15:60",
        "2018-02-08 15:34:61",
        "2018-02-08T15:34:40+24:00",
        "2018-02-08T15:34:40+08:60",
        "9999-12-31 24:00",
        "0001-01-01 00:00",
        "0001-01-01",
    ],
)
def test_parse_instant_impossible_date_refuses(text):
    with pytest.raises(BadInput) as refused:
        parse_instant(text, SHANGHAI)
    assert refused.value.message == IMPOSSIBLE_INSTANT


def test_parse_instant_wall_time_twice_takes_earlier():
    assert parse_instant("2026-11-01 01:30", NEW_YORK) == utc(2026, 11, 1, 5, 30)


def test_parse_instant_wall_time_skipped_moves_behind_gap():
    assert parse_instant("2026-03-08 02:30", NEW_YORK) == utc(2026, 3, 8, 7, 30)


def test_parse_instant_date_without_midnight_begins_after_gap():
    assert parse_instant("2017-10-15", "America/Sao_Paulo") == utc(2017, 10, 15, 3)


def test_parse_instant_unknown_zone_refuses():
    with pytest.raises(BadInput) as refused:
        parse_instant("2018-02-08", "Asia/Peking")
    assert (refused.value.message, refused.value.field) == (UNKNOWN_ZONE, "timezone")


@given(INSTANTS)
def test_rfc3339_parsed_again_gives_same_instant(instant):
    assert parse_instant(rfc3339(instant), NEW_YORK) == instant


@given(INSTANTS, st.sampled_from([SHANGHAI, NEW_YORK, "America/St_Johns", "Australia/Lord_Howe"]))
def test_from_local_wall_time_of_an_instant_gives_it_or_its_twin(instant, name):
    """The other reading of a wall time that occurs twice is at most two hours away."""
    wall = instant.astimezone(ZoneInfo(name)).replace(tzinfo=None)
    found = from_local(wall, name)
    assert found.astimezone(ZoneInfo(name)).replace(tzinfo=None) == wall
    assert timedelta() <= instant - found <= timedelta(hours=2)


def test_rfc3339_other_zone_and_fraction_gives_z():
    east = timezone(timedelta(hours=8))
    assert rfc3339(datetime(2018, 2, 8, 15, 34, 40, tzinfo=east)) == "2018-02-08T07:34:40Z"
    assert rfc3339(utc(2018, 2, 8, 7, 34, 40, 500_000)) == "2018-02-08T07:34:40.500000Z"


@pytest.mark.parametrize("work", [rfc3339, to_us, as_utc, lambda naive: local_date(naive, SHANGHAI)])
def test_instants_without_zone_are_a_fault(work):
    with pytest.raises(Fault) as fault:
        work(datetime(2018, 2, 8))
    assert fault.value.message == NAIVE_INSTANT


def test_from_local_aware_time_keeps_its_zone():
    assert from_local(datetime(2018, 2, 8, 15, tzinfo=ZoneInfo(SHANGHAI)), NEW_YORK) == utc(2018, 2, 8, 7)


def test_from_local_beyond_dates_refuses():
    with pytest.raises(BadInput) as refused:
        from_local(datetime(9999, 12, 31, 23), NEW_YORK)
    assert refused.value.message == IMPOSSIBLE_INSTANT


def test_local_date_around_midnight_follows_the_zone():
    late = utc(2026, 6, 5, 16)
    assert [local_date(late - timedelta(microseconds=1), SHANGHAI), local_date(late, SHANGHAI)] == [
        date(2026, 6, 5),
        date(2026, 6, 6),
    ]
    assert local_date(late, NEW_YORK) == date(2026, 6, 5)


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        (SHANGHAI, date(2026, 6, 5), utc(2026, 6, 4, 16)),
        (NEW_YORK, date(2026, 3, 8), utc(2026, 3, 8, 5)),
        (NEW_YORK, date(2026, 3, 9), utc(2026, 3, 9, 4)),
        ("America/Sao_Paulo", date(2017, 10, 15), utc(2017, 10, 15, 3)),
        ("America/Havana", date(2026, 11, 1), utc(2026, 11, 1, 4)),
        ("Pacific/Apia", date(2011, 12, 30), utc(2011, 12, 30, 10)),
    ],
)
def test_day_start_odd_days_gives_first_instant(name, day, expected):
    assert day_start(day, name) == expected


def test_day_start_beyond_dates_refuses():
    with pytest.raises(BadInput) as refused:
        day_start(date(1, 1, 1), SHANGHAI)
    assert refused.value.message == IMPOSSIBLE_INSTANT


def test_next_instant_wall_time_twice_takes_the_one_to_come():
    new_york, wall = ZoneInfo(NEW_YORK), datetime(2026, 11, 1, 1, 30)
    first, second = utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 6, 30)
    assert next_instant(wall, new_york, first) == first
    assert next_instant(wall, new_york, first + timedelta(microseconds=1)) == second


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_change_between_any_stretch_around_it_finds_the_second(before_s, after_s):
    change = to_us(utc(2026, 3, 8, 7)) // 1_000_000
    assert change_between(ZoneInfo(NEW_YORK), change - 1 - before_s, change + after_s - 1) == change


@given(INSTANTS)
def test_to_us_turned_back_gives_same_instant(instant):
    assert from_us(to_us(instant)) == instant


@pytest.mark.parametrize("name", ["", "Asia/Peking", "../etc/passwd", "/etc/localtime", "America", "x\0y"])
def test_zone_unknown_name_refuses(name):
    with pytest.raises(BadInput) as refused:
        zone(name)
    assert refused.value.message == UNKNOWN_ZONE


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (43613, utc(2019, 5, 27, 16)),
        (43613.0, utc(2019, 5, 27, 16)),
        (43139.64907407407, utc(2018, 2, 8, 7, 34, 40)),
        (43139.999999999, utc(2018, 2, 8, 16)),
        (61, utc(1900, 2, 28, 15, 54, 17)),
        (59, utc(1900, 2, 27, 15, 54, 17)),
    ],
)
def test_from_excel_serial_known_numbers_gives_local_time(number, expected):
    """Before 1901 Shanghai kept its own local time, 8:05:43 ahead of UTC."""
    assert from_excel_serial(number, SHANGHAI) == expected


def test_from_excel_serial_1904_workbook_counts_from_1904():
    assert from_excel_serial(0, "UTC", from_1904=True) == utc(1904, 1, 1)
    assert from_excel_serial(60, "UTC", from_1904=True) == utc(1904, 3, 1)


@pytest.mark.parametrize(
    "number", [0, 0.5, -1, 60, 60.5, 20180208, 2958466, 2958465.9999999999, float("nan"), float("inf"), True]
)
def test_from_excel_serial_no_date_refuses(number):
    with pytest.raises(BadInput) as refused:
        from_excel_serial(number, SHANGHAI)
    assert refused.value.message == BAD_SERIAL


def test_from_excel_serial_1904_beyond_dates_refuses():
    with pytest.raises(BadInput) as refused:
        from_excel_serial(2958465, SHANGHAI, from_1904=True)
    assert refused.value.message == BAD_SERIAL


@given(st.integers(1, 2_958_465).filter(lambda days: days != 60), st.integers(0, 86_399))
def test_from_excel_serial_agrees_with_the_workbook_reader(days, second):
    """openpyxl is an independent reader of the same numbers."""
    number = days + second / 86_400
    read = openpyxl.utils.datetime.from_excel(number)
    expected = read.replace(microsecond=0) + timedelta(seconds=round(read.microsecond / 1e6))
    assert from_excel_serial(number, "UTC") == expected.replace(tzinfo=UTC)


def test_time_of_day_all_minutes_gives_seconds():
    texts = [f"{hour:02d}:{minute:02d}" for hour, minute in product(range(24), range(60))] + ["24:00"]
    assert [time_of_day(text) for text in texts] == list(range(0, 86_401, 60))


@pytest.mark.parametrize("text", ["7:00", "24:01", "25:00", "12:60", "noon", "", "12:00:00"])
def test_time_of_day_other_text_refuses(text):
    with pytest.raises(BadInput) as refused:
        time_of_day(text)
    assert refused.value.message == BAD_TIME_OF_DAY


def test_messages_are_complete_in_both_languages():
    messages = [found for found in vars(clock).values() if isinstance(found, clock.Message)]
    assert [(m.code, "{found}" in m.zh, "{found}" in m.en) for m in messages] == [
        (f"GW-TIME-{number:03d}", True, True) for number in range(1, 7)
    ]


@pytest.mark.shared
def test_parse_instant_real_complaint_times_reads_all(shared_data):
    """1,897 rows, one of them without an answer."""
    with gzip.open(shared_data / "cases/cn_complaint_reply_times.csv.gz", "rt", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row["reply_time"]]
    pairs = [
        (parse_instant(row["time"], SHANGHAI), parse_instant(row["reply_time"], SHANGHAI)) for row in rows
    ]
    assert len(pairs) == 1_896
    assert all(asked <= answered for asked, answered in pairs)


@pytest.mark.shared
def test_from_excel_serial_real_hazard_ledger_gives_dates_of_its_summer(shared_data):
    """The re-check column of the merged-cell ledger holds serial numbers."""
    file = shared_data / "forms/ledgers_xlsx/hazard_ledger_merged_2019_06.xlsx"
    rows = openpyxl.load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True, max_col=17)
    found = [
        (
            local_date(from_local(row[2], SHANGHAI), SHANGHAI),
            local_date(from_excel_serial(row[14], SHANGHAI), SHANGHAI),
        )
        for row in rows
        if isinstance(row[2], datetime) and isinstance(row[14], int)
    ]
    assert len(found) > 0
    assert all(date(2019, 5, 1) <= seen <= checked <= date(2019, 7, 31) for seen, checked in found)
