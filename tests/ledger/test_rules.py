"""Rules of ledgers without a database: values, differences, masks, guesses, twins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.tables.mapping import read_mapping
from gridward.ledger.rules import (
    Definition,
    FieldRule,
    check_values,
    completeness,
    difference,
    fold_name,
    mask_value,
)
from gridward.ledger.rules.guessing import Guess, guess_definition, kept_id
from gridward.ledger.rules.twins import Entry, distance_m, find_twins
from gridward.ledger.rules.values import store

ZONE = "Asia/Shanghai"
NAIVE = datetime.fromisoformat("2019-06-01")  # as cells of a workbook come


def rule(kind: str, **more: Any) -> FieldRule:
    return FieldRule.read({"id": "f", "label": "字段", "type": kind, **more})


@pytest.mark.parametrize(
    ("kind", "found", "stored"),
    [
        ("text", "  甲 ", "甲"),
        ("text", 12.0, "12"),
        ("integer", "1,200", 1200),
        ("integer", 3.0, 3),
        ("number", "1.50", "1.5"),
        ("number", 1e-7, "0.0000001"),
        ("money", "12.30", 1230),
        ("date", 43617, "2019-06-01"),
        ("date", "2019年6月1日", "2019-06-01"),
        ("date", NAIVE, "2019-06-01"),
        ("datetime", "2019-06-01 08:00", "2019-06-01T00:00:00Z"),
        ("bool", "是", True),
        ("bool", False, False),
        ("uscc", "91350100m000100y43", "91350100M000100Y43"),
    ],
)
def test_store_good_value_is_brought_to_its_one_form(kind: str, found: Any, stored: Any) -> None:
    assert store(rule(kind), found, ZONE) == stored


@pytest.mark.parametrize(
    ("kind", "found", "code"),
    [
        ("integer", "1.5", "GW-LEDGER-003"),
        ("integer", "nan", "GW-LEDGER-003"),
        ("number", "甲", "GW-LEDGER-003"),
        ("money", "1.005", "GW-LEDGER-003"),
        ("date", 2019, "GW-LEDGER-003"),
        ("datetime", "昨天", "GW-LEDGER-003"),
        ("bool", "也许", "GW-LEDGER-003"),
        ("uscc", "91350100M000100Y44", "GW-CODE-023"),
    ],
)
def test_store_bad_value_is_refused_with_a_sentence(kind: str, found: Any, code: str) -> None:
    with pytest.raises(BadInput) as error:
        store(rule(kind), found, ZONE)
    assert error.value.code == code
    assert "{" not in error.value.sentence("zh") + error.value.sentence("en")


def test_store_choice_takes_ids_and_labels_of_both_languages() -> None:
    choice = rule("choice", choices=[{"id": "food", "label": {"zh": "餐饮", "en": "Food"}}, "other"])
    assert [store(choice, v, ZONE) for v in ("food", "餐饮", "Food", "other")] == [
        "food",
        "food",
        "food",
        "other",
    ]
    with pytest.raises(BadInput) as error:
        store(choice, "旅馆", ZONE)
    assert error.value.sentence("zh") == "“字段”不能是“旅馆”；可选：餐饮、other。"


def test_store_several_choices_split_at_chinese_commas() -> None:
    many = rule("multichoice", choices=["坍塌", "触电"])
    assert store(many, "坍塌、触电", ZONE) == ["坍塌", "触电"]


def test_store_bounds_and_pattern_are_inclusive() -> None:
    bounded = rule("integer", min=1, max=3)
    assert [store(bounded, v, ZONE) for v in (1, 3)] == [1, 3]
    for value in (0, 4):
        with pytest.raises(BadInput, match="GW-LEDGER-005"):
            store(bounded, value, ZONE)
    with pytest.raises(BadInput, match="GW-LEDGER-006"):
        store(rule("text", pattern="[A-Z]{2}"), "ABC", ZONE)


def definition() -> Definition:
    fields = [
        {"id": "a", "label": "甲", "type": "text", "required": True},
        {"id": "b", "label": "乙", "type": "integer"},
    ]
    return Definition.read({"id": "l", "label": "台账", "fields": fields, "completeness": ["a", "b"]})


def test_check_values_reports_every_problem_by_field() -> None:
    _, problems = check_values(definition(), {"b": "x", "c": 1}, timezone=ZONE)
    assert [(name, p.code) for name, p in problems] == [
        ("c", "GW-LEDGER-002"),
        ("a", "GW-LEDGER-001"),
        ("b", "GW-LEDGER-003"),
    ]


def test_check_values_partial_empty_value_takes_away_and_the_rest_stays() -> None:
    assert check_values(definition(), {"b": ""}, timezone=ZONE, partial=True) == ({"b": None}, [])


def test_completeness_counts_filled_and_names_missing() -> None:
    """R-LED-18."""
    assert completeness(definition(), {"a": "x"}) == (1, 2, ["b"])
    assert completeness(definition(), {"a": "x", "b": 0}) == (2, 2, [])


SCALARS = st.one_of(st.none(), st.integers(-5, 5), st.text(max_size=3))
FILES = st.dictionaries(st.sampled_from("abcd"), SCALARS, max_size=4)


@given(stored=FILES, given_=FILES)
def test_difference_applied_gives_what_was_given_and_taken_back_gives_what_stood(
    stored: dict[str, Any], given_: dict[str, Any]
) -> None:
    """R-LED-01: history holds changed fields only, before and after."""
    change = difference(stored, given_)
    now = {**stored, **change.after}
    assert {n: now.get(n) for n in given_} == given_
    back = {**now, **change.before}
    assert {n: v for n, v in back.items() if v is not None} == {
        n: v for n, v in stored.items() if v is not None
    }
    assert all(change.before[n] != change.after[n] for n in change.fields)


def test_fold_name_ignores_width_case_and_spaces() -> None:
    assert fold_name("ＡＢＣ 便利店 No.1") == fold_name("abc便利店NO.1")


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("phone", "13812345678", "138****5678"),
        ("text", "王小明", "王**"),
        ("text", "甲", "甲**"),
        ("text", None, None),
    ],
)
def test_mask_value_hides_numbers_and_names(kind: str, value: str | None, masked: str | None) -> None:
    assert mask_value(rule(kind), value) == masked


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        ([1, 2.0, None], "integer"),
        ([1, 2.5], "number"),
        ([NAIVE, date(2020, 1, 2)], "date"),
        ([NAIVE.replace(hour=5), date(2020, 1, 2)], "datetime"),
        (["2020-01-02"], "date"),
        (["2020-01-02 10:00:00"], "datetime"),
        (["001", "2"], "text"),
        ([1, "x"], "text"),
        ([True], "bool"),
        ([None], "text"),
    ],
)
def test_guess_takes_the_narrowest_type_that_fits_all(seen: list[Any], kind: str) -> None:
    guess = Guess()
    guess.see(seen)
    assert guess.type == kind


MAPPING = """
version: 1
source: s
key: [编号]
fields:
  no: {column: 编号, format: text}
  name: {column: 名称}
  state: {column: 状态, map: {关闭: closed, 开放: open}}
  boss: {column: 负责人, personal: contact}
keep: [Zip Code, 备注]
"""


def test_guess_definition_reads_types_choices_and_personal_fields_from_the_mapping() -> None:
    guessed = guess_definition("hazards", read_mapping(MAPPING), {}, {"no": "编号"})
    assert guessed["key"] == ["no"]
    assert [(f["id"], f["type"], f.get("personal")) for f in guessed["fields"]] == [
        ("no", "text", None),
        ("state", "choice", None),
        ("boss", "text", "contact"),
        ("zip_code", "text", None),
        ("kept_2", "text", None),
    ]
    assert kept_id("备注", 7) == "kept_7"


def test_guess_definition_refuses_a_field_that_is_no_id() -> None:
    with pytest.raises(BadInput, match="GW-LEDGER-020"):
        guess_definition("x", read_mapping(MAPPING.replace("boss:", "负责人:")), {}, {})


def entry(n: int, **more: Any) -> Entry:
    name = more.pop("name", f"店{n}")
    return Entry(UUID(int=n), f"S-{n}", name, fold_name(name), **more)


def test_find_twins_names_each_pair_once_with_the_strongest_reason() -> None:
    """R-LED-23: duplicates with their reason."""
    rows = [
        entry(1, key="l1", code="c", name="福来", lon=114.0, lat=30.0),
        entry(2, key="L1", code="c", name="福 来", lon=114.0, lat=30.0),
        entry(3, code="c", lon=114.0, lat=30.0),
        entry(4, name="福来", lon=114.0004, lat=30.0),
        entry(5, name="福来", lon=114.01, lat=30.0),
        entry(6, name="福来"),
    ]
    found = [(t.one.number, t.other.number, t.reason) for t in find_twins(rows)]
    assert found == [
        ("S-1", "S-2", "key"),
        ("S-1", "S-3", "uscc"),
        ("S-1", "S-4", "name_near"),
        ("S-2", "S-4", "name_near"),
    ]


def test_distance_m_is_metres() -> None:
    assert distance_m(entry(1, lon=114.0, lat=0.0), entry(2, lon=114.001, lat=0.0)) == pytest.approx(111.32)
