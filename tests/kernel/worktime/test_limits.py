"""Limits as packs write them (04-packs: `limit: {total: 2 natural_hours}`)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.worktime import COUNT_FROM, UNITS, Limit, parse_limit
from gridward.kernel.worktime.limits import (
    BAD_COUNT,
    UNKNOWN_COUNT_FROM,
    UNKNOWN_LIMIT_KEY,
    UNKNOWN_UNIT,
    UNREADABLE_LIMIT,
)

LIMITS = st.builds(
    Limit, st.integers(1, 100_000), st.sampled_from(sorted(UNITS)), count_from=st.sampled_from(COUNT_FROM)
)


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("3 working_days", Limit(3, "working_day")),
        ("1 working_day", Limit(1, "working_day")),
        ("2 natural_hours", Limit(2, "natural_hour")),
        ("  48  natural_hour ", Limit(48, "natural_hour")),
        ("3 working_days from next_day", Limit(3, "working_day", "next_day")),
        ("3 working_days from instant", Limit(3, "working_day")),
        ("３ natural_days", Limit(3, "natural_day")),
        ({"count": 3, "unit": "working_day", "count_from": "next_day"}, Limit(3, "working_day", "next_day")),
        ({"count": 4, "unit": "working_hours"}, Limit(4, "working_hour")),
        (Limit(5, "natural_day"), Limit(5, "natural_day")),
    ],
)
def test_parse_limit_accepted_forms_gives_limit(written, limit):
    assert parse_limit(written) == limit


@given(LIMITS)
def test_parse_limit_text_or_mapping_of_a_limit_gives_it_back(limit):
    assert parse_limit(str(limit)) == limit
    assert parse_limit({"count": limit.count, "unit": limit.unit, "count_from": limit.count_from}) == limit


def test_str_known_limits_reads_as_packs_write():
    limits = [Limit(1, "working_day"), Limit(3, "working_day", "next_day"), Limit(2, "natural_hour")]
    assert [str(limit) for limit in limits] == [
        "1 working_day",
        "3 working_days from next_day",
        "2 natural_hours",
    ]


def test_seconds_each_unit_gives_multiples_of_hour_or_day():
    assert {unit: Limit(2, unit).seconds for unit in UNITS} == {
        "natural_hour": 7_200,
        "natural_day": 172_800,
        "working_hour": 7_200,
        "working_day": 172_800,
    }


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", UNREADABLE_LIMIT),
        ("soon", UNREADABLE_LIMIT),
        ("3working_days", UNREADABLE_LIMIT),
        ("3 working days", UNREADABLE_LIMIT),
        ("3个 工作日", UNREADABLE_LIMIT),
        (3, UNREADABLE_LIMIT),
        (None, UNREADABLE_LIMIT),
        ({"count": 3}, UNREADABLE_LIMIT),
        ({"unit": "working_day"}, UNREADABLE_LIMIT),
        ("0 working_days", BAD_COUNT),
        ("-3 working_days", BAD_COUNT),
        ("1.5 working_days", BAD_COUNT),
        ("three working_days", BAD_COUNT),
        ("100001 natural_hours", BAD_COUNT),
        ({"count": "3", "unit": "working_day"}, BAD_COUNT),
        ({"count": 1.0, "unit": "working_day"}, BAD_COUNT),
        ({"count": True, "unit": "working_day"}, BAD_COUNT),
        ("3 weeks", UNKNOWN_UNIT),
        ("3 days", UNKNOWN_UNIT),
        ({"count": 3, "unit": None}, UNKNOWN_UNIT),
        ("3 working_days from tomorrow", UNKNOWN_COUNT_FROM),
        ({"count": 3, "unit": "working_day", "count_from": None}, UNKNOWN_COUNT_FROM),
        ({"count": 3, "unit": "working_day", "calendar": "x"}, UNKNOWN_LIMIT_KEY),
    ],
)
def test_parse_limit_other_forms_refuses(written, message):
    with pytest.raises(BadInput) as refused:
        parse_limit(written)
    assert refused.value.message == message


def test_parse_limit_refusal_shows_a_sample_that_works():
    with pytest.raises(BadInput) as refused:
        parse_limit("soon")
    assert refused.value.sentence("zh") == (
        "无法识别时限“soon”；请写成“3 working_days”，或 {count: 3, unit: working_day, count_from: next_day}"
    )
