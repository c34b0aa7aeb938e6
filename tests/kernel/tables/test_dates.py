"""Dates of cells: what is certainly a date is read, everything else is refused with what is allowed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import read_date, read_instant

SHANGHAI, BOSTON = "Asia/Shanghai", "America/New_York"
DAY = date(2019, 6, 3)
MIDNIGHT = datetime(2019, 6, 2, 16, tzinfo=UTC)
WALL = datetime(2019, 6, 3, 15, 20, 30)  # noqa: DTZ001 -- cells have no zone
INSTANT = datetime(2019, 6, 3, 7, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        "2019-06-03",
        "2019/6/3",
        "2019.6.3",
        "2019年6月3日",
        "2019 年 6 月 3 日",
        "２０１９年６月３日",
        " 2019-6-3 ",
        "20190603",
        20190603,
        43619,
        43619.0,
        "43619",
    ],
)
def test_date_every_certain_spelling_of_a_day_is_read(value: object) -> None:
    assert read_date(value, SHANGHAI) == DAY
    assert read_instant(value, SHANGHAI) == MIDNIGHT


@pytest.mark.parametrize(
    "value",
    [
        WALL,
        WALL.replace(tzinfo=UTC) - timedelta(hours=8),
        "2019-06-03 15:20:30",
        "2019-06-03T15:20:30+08:00",
        "2019-06-03T07:20:30Z",
        "2019/6/3 15:20:30",
        "2019/6/3 下午 3:20:30",
        "2019/6/3 3:20:30 PM",
        "2019年6月3日 15时20分30秒",
        "2019 年 6 月 3 日 15 时 20 分 30 秒",
        43619 + (15 * 3600 + 20 * 60 + 30) / 86400,
    ],
)
def test_instant_every_certain_spelling_of_a_time_is_read(value: object) -> None:
    assert read_instant(value, SHANGHAI) == INSTANT
    assert read_date(value, SHANGHAI) == DAY


@pytest.mark.parametrize(
    ("text", "hour"), [("上午12:05", 0), ("上午 9:05", 9), ("下午12:05", 12), ("11:05 pm", 23)]
)
def test_instant_clock_of_twelve_hours_is_understood(text: str, hour: int) -> None:
    assert read_instant(f"2019-06-03 {text}", "UTC") == datetime(2019, 6, 3, hour, 5, tzinfo=UTC)


def test_instant_zone_decides_and_summer_time_is_kept() -> None:
    assert read_instant("2011-07-01 01:32:33", BOSTON) == datetime(2011, 7, 1, 5, 32, 33, tzinfo=UTC)
    assert read_date("2019-06-03T20:00:00Z", SHANGHAI) == date(2019, 6, 4)


@pytest.mark.parametrize(
    "value",
    [
        "03/04/2019", "6/3/2019", "3 June 2019", "2019年6月", "2019-06", "昨天", "19-6-3",
        "2019-06-03 13:20 PM", True, None, b"x",
    ],
)  # fmt: skip
def test_date_uncertain_spelling_is_refused_with_what_is_allowed(value: object) -> None:
    with pytest.raises(BadInput) as caught:
        read_date(value, SHANGHAI, field="排查日期", where="台账.xlsx › C5")
    assert caught.value.code == "GW-TABLE-027"
    assert caught.value.sentence("zh").startswith(
        f"台账.xlsx › C5：“{value}”不是能确定的日期。允许：2019-06-03"
    )


def test_date_that_no_calendar_has_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        read_date("2019-02-30", SHANGHAI)
    assert caught.value.code == "GW-TIME-004"


@pytest.mark.parametrize(
    "number", [2019, 0, -5, 3.5, 9_999, 73_051, 1e300, float("nan"), float("inf"), "2019"]
)
def test_date_implausible_number_is_refused_with_the_plausible_range(number: Any) -> None:
    with pytest.raises(BadInput) as caught:
        read_instant(number, SHANGHAI)
    assert caught.value.code == "GW-TABLE-028"
    assert "10000（1927-05-18）到 73050（2099-12-31）" in caught.value.sentence("zh")


def test_date_of_a_workbook_that_counts_from_1904() -> None:
    assert read_date(42157, SHANGHAI, date1904=True) == DAY


@given(st.dates(date(1928, 1, 1), date(2099, 12, 31)), st.sampled_from("-/."))
def test_date_any_day_is_read_from_text_and_from_its_serial_number(day: date, sign: str) -> None:
    assert read_date(f"{day.year}{sign}{day.month}{sign}{day.day}", SHANGHAI) == day
    assert read_date((day - date(1899, 12, 30)).days, SHANGHAI) == day
