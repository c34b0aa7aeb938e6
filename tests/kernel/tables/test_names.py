"""A mapping's column name finds its column in spite of small differences; otherwise the closest is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import resolve
from gridward.kernel.tables.names import fold, make_unique
from tests.kernel.tables.made import read

TABLE = read(
    "姓 名*,联系电话（必填）,ＩＤ,Case Title,CASE_TITLE\n"
    "NAME,PHONE_NO,ID_CARD,TITLE,OTHER_1\n王,1,2,三,四\n".encode()
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("姓 名*", "姓 名*"),
        ("姓名", "姓 名*"),
        ("联系电话", "联系电话（必填）"),
        ("id", "ＩＤ"),
        ("case title", "Case Title"),
        ("CASE_TITLE", "CASE_TITLE"),
        ("NAME", "姓 名*"),
        ("phone_no", "联系电话（必填）"),
        (" id_card ", "ＩＤ"),
    ],
)
def test_resolve_finds_column_by_label_or_code_nearly_written(asked: str, found: str) -> None:
    assert resolve(TABLE, asked) == found


def test_resolve_missing_column_lists_all_and_names_the_closest() -> None:
    with pytest.raises(BadInput) as caught:
        resolve(TABLE, "联系电话号码")
    error = caught.value
    assert (error.code, error.field) == ("GW-TABLE-025", "联系电话号码")
    assert "最接近的是“联系电话（必填）”" in error.sentence("zh")
    assert "姓 名* (NAME)、联系电话（必填） (PHONE_NO)、ＩＤ (ID_CARD)" in error.sentence("en")


def test_resolve_nothing_near_makes_no_guess() -> None:
    with pytest.raises(BadInput) as caught:
        resolve(TABLE, "经度")
    assert "最接近" not in caught.value.sentence("zh")


def test_resolve_name_that_fits_two_columns_asks_which() -> None:
    table = read(b"Ward,ward ,x\n1,2,3\n")
    assert resolve(table, "Ward") == "Ward"
    with pytest.raises(BadInput) as caught:
        resolve(table, "WARD")
    assert (caught.value.code, caught.value.values["allowed"]) == ("GW-TABLE-026", "Ward、ward")


def test_fold_of_a_name_that_is_only_a_mark_keeps_it() -> None:
    assert (fold("*"), fold("")) == ("*", "")


@given(st.lists(st.sampled_from(["a", "b", "a (2)", "b (2)", "a (3)"]), max_size=12))
def test_make_unique_keeps_order_and_repeats_no_name(names: list[str]) -> None:
    unique = make_unique(names)
    assert len(set(unique)) == len(unique) == len(names)
    assert all(new.startswith(old) for new, old in zip(unique, names, strict=True))
