"""Expressions in words, and their canonical spelling."""

from __future__ import annotations

import pytest

from gridward.kernel.expr import check, explain, free_names, unparse
from tests.kernel.expr.sample import LABELS, SCHEMA


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("trade in ['food', 'drug'] || !licensed",
         "行业 属于 食品、药品 或 未持证", "行业 is one of 食品, 药品 or not 持证"),
        ("!(trade in ['food'])", "行业 不属于 食品", "行业 is none of 食品"),
        ("count < 3", "从业人数 低于 3", "从业人数 is below 3"),
        ("count <= 3", "从业人数 不超过 3", "从业人数 is at most 3"),
        ("count > 3", "从业人数 超过 3", "从业人数 is above 3"),
        ("count >= 3", "从业人数 不少于 3", "从业人数 is at least 3"),
        ("count != -3", "从业人数 不等于 −3", "从业人数 does not equal −3"),
        ("opened < '2026-03-01'", "开业日期 早于 2026-03-01", "开业日期 is before 2026-03-01"),
        ("opened <= '2026-03-01'", "开业日期 不晚于 2026-03-01", "开业日期 is on or before 2026-03-01"),
        ("opened > '2026-03-01'", "开业日期 晚于 2026-03-01", "开业日期 is after 2026-03-01"),
        ("opened >= '2026-03-01'", "开业日期 不早于 2026-03-01", "开业日期 is on or after 2026-03-01"),
        ("trade == 'hazmat'", "行业 是 “hazmat”", '行业 is "hazmat"'),
        ("'food' != trade", "食品 不是 行业", "食品 is not 行业"),
        ("name < 'a'", "名称 字序先于 “a”", '名称 sorts before "a"'),
        ("licensed == true", "持证 等于 是", "持证 equals yes"),
        ("name == null", "名称 未填写", "名称 is missing"),
        ("name != null", "名称 已填写", "名称 is given"),
        ("'夜市' in tags", "标签 含有 夜市", "标签 includes 夜市"),
        ("!('夜市' in tags)", "标签 不含 夜市", "标签 does not include 夜市"),
        ("name.contains('厂')", "名称 包含 “厂”", '名称 contains "厂"'),
        ("name.startsWith(street)", "名称 以 street 开头", "名称 begins with street"),
        ("name.endsWith('厂')", "名称 以 “厂” 结尾", '名称 ends with "厂"'),
        ("size(name) > 10", "名称 的字数 超过 10", "the length of 名称 is above 10"),
        ("size(tags) > 1", "标签 的项数 超过 1", "the number of 标签 is above 1"),
        ("count + fen / 50", "从业人数 + 金额 ÷ 50 取整", "从业人数 + 金额 ÷ 50 without fraction"),
        ("share / 2", "share ÷ 2", "share ÷ 2"),
        ("(count + 1) * 2", "（从业人数 + 1） × 2", "(从业人数 + 1) × 2"),
        ("fen % 100", "金额 除以 100 的余数", "the remainder of 金额 ÷ 100"),
        ("-count", "−从业人数", "−从业人数"),
        ("(licensed || key_unit) && count > 1",
         "（持证 或 key_unit） 且 从业人数 超过 1", "(持证 or key_unit) and 从业人数 is above 1"),
        ("!(licensed && key_unit)", "并非（持证 且 key_unit）", "not (持证 and key_unit)"),
        ("licensed ? 1 : null", "若 持证 则 1，否则 空", "if 持证 then 1, otherwise nothing"),
        ("owner.age >= 18", "owner.age 不少于 18", "owner.age is at least 18"),
    ],
)  # fmt: skip
def test_expression_in_words(text: str, zh: str, en: str) -> None:
    node = check(text, SCHEMA)
    assert (explain(node, "zh", LABELS), explain(node, "en", LABELS)) == (zh, en)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ('trade=="food"', "trade == 'food'"),
        ("((count))>(3)", "count > 3"),
        ("null != name", "name != null"),
        ("owner . age<18", "owner.age < 18"),
        ("(licensed && key_unit) && true", "licensed && key_unit && true"),
        ("licensed && (key_unit || true)", "licensed && (key_unit || true)"),
        ("(licensed && key_unit) || true", "licensed && key_unit || true"),
        ("10 - (4 - 3)", "10 - (4 - 3)"),
        ("(10 - 4) - 3", "10 - 4 - 3"),
        ("-(-count)", "-(-count)"),
        ("- -5", "5"),
        ("count - -5", "count - -5"),
        ("!(!licensed)", "!(!licensed)"),
        ("(licensed ? 1 : 2) + 1", "(licensed ? 1 : 2) + 1"),
        ("licensed ? 1 : (key_unit ? 2 : 3)", "licensed ? 1 : key_unit ? 2 : 3"),
        ("(count > 1) == licensed", "(count > 1) == licensed"),
        (r"name == 'it\'s\n\\\u0007食'", r"name == 'it\'s\n\\\u0007食'"),
        ("count + 1.50", "count + 1.5"),
        ("'a'.contains(name)", "'a'.contains(name)"),
    ],
)
def test_unparse_gives_the_canonical_spelling(text: str, canonical: str) -> None:
    node = check(text, SCHEMA)
    assert unparse(node) == canonical
    assert check(canonical, SCHEMA) == node


def test_negative_label_replaces_the_general_word() -> None:
    node = check("!licensed", SCHEMA)
    assert explain(node, "zh", {"licensed": "是否持证", "!licensed": "无证"}) == "无证"


def test_free_names_each_once_in_order_of_use() -> None:
    node = check("owner.age > 3 && trade in ['food'] || owner.age == null || '夜市' in tags", SCHEMA)
    assert free_names(node) == ("owner.age", "trade", "tags")
    assert free_names(check("true", SCHEMA)) == ()
