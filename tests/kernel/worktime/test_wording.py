"""Lengths of working time in words (R-SUP-01: show remaining time)."""

import pytest

from gridward.kernel.errors import BadInput
from gridward.kernel.worktime import say_duration


@pytest.mark.parametrize(
    ("seconds", "unit", "zh", "en"),
    [
        (0, "working_day", "0 分", "0 min"),
        (45, "natural_hour", "45 秒", "45 s"),
        (90, "natural_hour", "1 分 30 秒", "1 min 30 s"),
        (3_600, "working_hour", "1 时", "1 h"),
        (3_661, "working_hour", "1 时 1 分", "1 h 1 min"),
        (8 * 3_600, "working_hour", "8 时", "8 h"),
        (36_000, "working_hour", "10 时", "10 h"),
        (100 * 3_600, "working_hour", "100 时", "100 h"),
        (86_400, "working_day", "1 天", "1 d"),
        (86_400 + 3 * 3_600, "working_day", "1 天 3 时", "1 d 3 h"),
        (86_400 + 3 * 3_600 + 59, "natural_day", "1 天 3 时", "1 d 3 h"),
        (86_400 + 59 * 60, "natural_hour", "1 天", "1 d"),
        (86_399, "natural_hour", "23 时 59 分", "23 h 59 min"),
        (-7_500, "natural_hour", "-2 时 5 分", "-2 h 5 min"),
    ],
)
def test_say_duration_known_lengths_gives_two_sizes_at_most(seconds, unit, zh, en):
    assert (say_duration(seconds, unit), say_duration(seconds, unit, "en-GB")) == (zh, en)


def test_say_duration_traditional_uses_its_characters():
    assert say_duration(97_200, "working_day", "zh-Hant-TW") == "1 天 3 時"


def test_say_duration_unknown_unit_refuses():
    with pytest.raises(BadInput) as refused:
        say_duration(1, "week")
    assert refused.value.code == "GW-TIME-023"
