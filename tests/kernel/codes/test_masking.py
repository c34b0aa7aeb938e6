"""kernel/codes/masking.py: personal numbers are hidden in fields and in free text (R-SHR-01)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.codes.halfwidth import half_width
from gridward.kernel.codes.masking import mask_card, mask_email, mask_id_number, mask_phone, mask_text


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "+86138****5678"),
        ("138 1234 5678", "138 **** 5678"),
        ("138-1234-5678", "138-****-5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("0755-25581234", "0755-****1234"),
        ("(010)62551234", "(010)****1234"),
        ("0591-8755123", "0591-***5123"),
        ("25581234", "****1234"),
        ("8755123", "***5123"),
        ("110", "110"),
        ("12345", "12345"),
        ("400-800-1234", "400-800-1234"),
        ("8008101234", "8008101234"),
        ("", ""),
    ],
)
def test_phone_keeps_start_and_last_four_digits(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_id_card_and_email_fields() -> None:
    assert mask_id_number("440301199001011234") == "440*************34"
    assert mask_id_number("123") == "123"
    assert mask_card("6222021234567890123") == "***************0123"
    assert mask_card("6222 0212 3456 7890") == "**** **** **** 7890"
    assert mask_email("zhang.san@example.com") == "z***@example.com"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("联系人张三13812345678住六联社区", "联系人张三138****5678住六联社区"),
        ("电话：１３８１２３４５６７８。", "电话：１３８****５６７８。"),
        ("+86 138-1234-5678或13912345678", "+86 138-****-5678或139****5678"),
        ("008613812345678", "0086138****5678"),
        ("座机0755-25581234，请回电", "座机0755-****1234，请回电"),
        ("（０１０）６２５５１２３４", "（０１０）****１２３４"),
        ("02062551234", "020****1234"),
        ("固话 2558 1234", "固话 **** 1234"),
        ("Tel: 8755123", "Tel: ***5123"),
        ("身份证440301199001011234", "身份证440*************34"),
        ("44030119900101123x本人", "440*************3x本人"),
        ("440301 19900101 1234", "440***************34"),
        ("少一位44030119900101123号", "少一位440************23号"),
        ("老证440301560101123", "老证440**********23"),
        ("港澳居民830000199001011234", "港澳居民830*************34"),
        ("永居证911344199001011234", "永居证911*************34"),
        ("卡6222021234567890128转账", "卡***************0128转账"),
        ("卡号：6222021234567890", "卡号：************7890"),
        ("银行卡 6222 0212 3456 7890 123", "银行卡 **** **** **** ***0 123"),
        ("4000-0225-0920-0123", "****-****-****-0123"),
        ("账号44030501001000123", "账号*************0123"),
        ("邮箱zhang.san@example.com，谢谢", "邮箱z***@example.com，谢谢"),
        ("张三13812345678、李四13987654321", "张三138****5678、李四139****4321"),
    ],
)
def test_personal_numbers_in_text_are_hidden(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "路灯不亮，请尽快处理",
        "拨打12345、110或12319",
        "客服400-800-1234",
        "2026-01-05 10:30上报，面积10000平方米",
        "20260105至20260131",
        "案件20260105-01001-00012",
        "网格440310001001001",  # street part: born 1900, no old citizen id
        "网格440310100101001",  # town part: born 1910
        "部件44030501001000123",  # 17 digits of GB/T 47678.5
        "部件3205080101000001",  # 16 digits, 2013 lineage
        "信用代码91350100M000100Y43",
        "信用代码914403001922038216",
        "经度114.0651161552，纬度22.5372862189",
        "编号123456789012345678901234567890",
        "电话12345",
        "流水110301199013451234",  # month 13: no date of birth
        "@市民 请回复",
        "卡号未填",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("13010201001", "a matter code of Hebei reads like a mobile number"),
        ("440310200101001", "a grid in township 200 reads like an old citizen id"),
    ],
)
def test_in_doubt_a_number_is_hidden(text: str, why: str) -> None:
    assert mask_text(text) != text, why


words = st.sampled_from(
    ["电话", "卡号：", "张三", " ", "-", "，", "tel ", "@", "a.com", "(", ")", "+86", "X", "*"]
)
digits = st.text("0123456789１２３", min_size=1, max_size=20)
texts = st.lists(words | digits | st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), max_size=12).map("".join)


@given(texts)
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask_text(mask_text(text)) == mask_text(text)


@given(texts)
def test_no_free_standing_mobile_number_survives(text: str) -> None:
    assert re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", half_width(mask_text(text))) is None


@given(st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@＠")))
def test_text_without_digits_and_addresses_stays(text: str) -> None:
    assert mask_text(text) == text


@given(
    st.from_regex(
        r"[1-9][0-9]{5}(19[3-9][0-9]|20[01][0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]",
        fullmatch=True,
    ),
    st.sampled_from(["", "身份证", "：", "（"]),
)
def test_every_plausible_citizen_id_is_hidden(number: str, before: str) -> None:
    masked = mask_text(f"{before}{number}住户")
    assert number[6:14] not in masked
    assert masked.endswith("住户")
