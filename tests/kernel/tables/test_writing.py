"""Exports and templates: read back unchanged, never run as formulas, with notes and drop-down lists."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import escape_formula, open_table, unescape_formula, write_csv, write_table
from tests.kernel.tables.made import values

MOMENT = datetime(2019, 6, 3, 8, 30)  # noqa: DTZ001 -- cells have no zone
ROWS = [
    ["440310001", 3, 0.1 + 0.2, True, date(2019, 6, 3), MOMENT, None, "=1+1"],
    ["x", -7, 121.47519999999997, False, None, None, 12345678901234567, "-"],
]
HEADER = ["编号", "整数", "小数", "真假", "日期", "时刻", "长号", "说明"]


@pytest.mark.parametrize(
    "value", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x", "＝1+1"]
)
def test_escape_texts_that_would_run_are_made_harmless_and_restored(value: str) -> None:
    assert escape_formula(value) == "'" + value
    assert unescape_formula("'" + value) == value


@pytest.mark.parametrize(
    "value", ["-", "-71.0589", "+8675512345678", "1e-5", "a=b", "'tis", "", -3, 0.5, None, True]
)
def test_escape_numbers_and_ordinary_texts_stay(value: object) -> None:
    assert escape_formula(value) == value


@given(st.text("'=+-@1a.\t", max_size=6))
def test_escape_is_undone_exactly(text: str) -> None:
    assert unescape_formula(str(escape_formula(text))) == text


def test_write_table_is_read_back_unchanged(tmp_path: Path) -> None:
    """Re-import of an own export doubles nothing: every value returns with its type and all its digits."""
    path = write_table(tmp_path / "out.xlsx", HEADER, iter(ROWS), notes=["填写说明：红色必填", "=不是公式"])
    table = open_table(path, "out.xlsx")
    assert (table.header_row, table.header) == (3, HEADER)
    assert values(table) == [ROWS[0], [*ROWS[1][:6], "12345678901234567", "-"]]


def test_write_table_cells_are_texts_not_formulas(tmp_path: Path) -> None:
    path = write_table(tmp_path / "out.xlsx", ["a", "=b"], [["=1+1", "http://x"]], notes="=2")
    for row in openpyxl.load_workbook(path).active.iter_rows():  # type: ignore[union-attr]
        assert [cell.data_type for cell in row if cell.value is not None] == ["s"] * sum(
            cell.value is not None for cell in row
        )


def test_write_table_instants_with_a_zone_keep_it_as_text(tmp_path: Path) -> None:
    path = write_table(tmp_path / "out.xlsx", ["a", "b"], [[MOMENT.replace(tzinfo=UTC), "x"]])
    assert values(open_table(path, "out")) == [["2019-06-03 08:30:00+00:00", "x"]]


def test_write_table_choices_become_lists_short_and_long(tmp_path: Path) -> None:
    many = [f"类型 {i}" for i in range(100)]
    path = write_table(
        tmp_path / "t.xlsx", ["姓名", "性质", "类型"], [], choices={"性质": ["投诉", "咨询"], "类型": many}
    )
    book = openpyxl.load_workbook(path)
    rules = {str(rule.sqref): rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation}
    assert rules == {"B2:B1048576": '"投诉,咨询"', "C2:C1048576": "'选项 choices'!$A$1:$CV$1"}
    assert [cell.value for cell in book["选项 choices"][1]] == many
    table = open_table(path, "t.xlsx")
    assert (table.sheet, table.header, values(table)) == ("数据 data", ["姓名", "性质", "类型"], [])


def test_write_table_choices_of_an_unknown_column_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        write_table(tmp_path / "t.xlsx", ["姓名"], [], choices={"年龄": ["1"]})
    assert caught.value.code == "GW-TABLE-029"


def test_write_csv_is_read_back_unchanged_and_harmless(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "out.csv", ["编号", "说明"], [["01", "=1+1"], ["02", None], [3, MOMENT]])
    assert list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))) == [
        ["编号", "说明"],
        ["01", "'=1+1"],
        ["02", ""],
        ["3", "2019-06-03 08:30:00"],
    ]
    assert values(open_table(path, "out.csv"))[0] == ["01", "=1+1"]
