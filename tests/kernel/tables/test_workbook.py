"""Cells of xlsx and xls as values: whole floats as integers, merged cells filled, formulas, error values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from gridward.kernel.tables import Batch
from tests.kernel.tables.made import (
    error_cell,
    numbers,
    ole,
    read,
    rejects_of,
    rezipped,
    text_cell,
    values,
    xls_stream,
    xlsx,
)

MOMENT = datetime(2019, 6, 3, 8, 30)  # noqa: DTZ001 -- cells have no zone
SHEET = "xl/worksheets/sheet1.xml"


def test_cells_come_as_the_values_they_are() -> None:
    rows = [
        ["整数", "小数", "真假", "日期", "时刻", "时间", "时长", "文字"],
        [
            3,
            3.5,
            True,
            date(2019, 6, 3),
            MOMENT,
            time(8, 30),
            timedelta(hours=30),
            " 甲 ",
        ],
        [1e300, -0.25, False, None, None, None, None, "  "],
    ]
    assert values(read(xlsx(rows))) == [
        [3, 3.5, True, date(2019, 6, 3), MOMENT, "08:30:00", "30:00:00", " 甲 "],
        [1e300, -0.25, False, None, None, None, None, None],
    ]


def test_whole_floats_are_integers_of_python() -> None:
    (row,) = values(read(xlsx([["编号", "数"], [440310, 2.0]])))
    assert [type(value) for value in row] == [int, int]


def test_chinese_date_formats_are_dates() -> None:
    """Number format 58 and its like exist only in East Asian Excel; other readers show 43613."""

    def style(sheet: Any) -> None:
        sheet["B2"].number_format = 'yyyy"年"m"月"d"日";@'

    book = xlsx([["编号", "日期"], [1, 43613]], change=style)
    assert values(read(book)) == [[1, date(2019, 5, 28)]]
    builtin = rezipped(
        book, lambda parts: parts.update({"xl/styles.xml": _with_format_58(parts["xl/styles.xml"])})
    )
    assert values(read(builtin)) == [[1, date(2019, 5, 28)]]


def _with_format_58(styles: bytes) -> bytes:
    assert b'numFmtId="164"' in styles
    head, _, tail = styles.partition(b"<cellXfs")
    return head + b"<cellXfs" + tail.replace(b'numFmtId="164"', b'numFmtId="58"')


def test_cells_merged_downwards_are_filled_and_blank_rows_stay_blank() -> None:
    rows = [
        ["街道", "社区", "人数"],
        ["龙田", "南布", 1],
        [None, "竹坑", 2],
        [None, None, None],
        [None, "老坑", 3],
        ["坑梓", "秀新", 4],
    ]
    table = read(xlsx(rows, merges=["A2:A5"]))
    assert [(row.number, *row.values.values()) for row in table.rows()] == [
        (2, "龙田", "南布", 1),
        (3, "龙田", "竹坑", 2),
        (5, "龙田", "老坑", 3),
        (6, "坑梓", "秀新", 4),
    ]


def test_notes_below_merged_across_are_not_rows() -> None:
    rows = [
        ["编号", "类型", "级别", "状态"],
        [1, "a", "b", "c"],
        ["说明：", "类型按附件"],
        [None, "级别按规定"],
    ]
    table = read(xlsx(rows, merges=["A3:A4", "B3:D3", "B4:D4"]))
    assert numbers(table) == [2]
    assert table.notes == [(3, "说明： 类型按附件"), (4, "说明： 级别按规定")]


def test_table_that_begins_right_of_and_below_the_corner_keeps_its_row_numbers() -> None:
    def move(sheet: Any) -> None:
        sheet.move_range("A1:B3", rows=4, cols=2)

    table = read(xlsx([["姓名", "年龄"], ["王", 30], ["李", 40]], change=move))
    assert (table.header_row, numbers(table), values(table)) == (5, [6, 7], [["王", 30], ["李", 40]])


def test_formula_with_stored_result_is_read() -> None:
    def cache(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
        parts[SHEET] = parts[SHEET].replace(
            b'<c r="B3"><f>""</f><v />', b'<c r="B3" t="str"><f>""</f><v></v>'
        )

    book = rezipped(xlsx([["姓名", "数"], ["王", "=1+1"], ["李", '=""']]), cache)
    table = read(book)
    assert (values(table), table.rejected) == ([["王", 2], ["李", None]], [])


def test_formula_without_stored_result_rejects_its_row_and_names_the_cell() -> None:
    table = read(xlsx([["姓名", "数", "月"], ["王", "=1+1", 1], ["李", 5, 2], ["赵", 6, "=3"]]), "台账.xlsx")
    assert rejects_of(table) == [(2, [("数", "GW-TABLE-020")]), (4, [("月", "GW-TABLE-020")])]
    assert values(table) == [["李", 5, 2]]
    problem = table.rejected[0].problems[0][1]
    assert problem.sentence("zh").startswith("台账.xlsx › Sheet1 › B2：单元格 B2 是公式")


def test_formula_outside_the_table_is_no_concern() -> None:
    def aside(sheet: Any) -> None:
        sheet["A1"] = "合计：=SUM"
        sheet["H1"] = "=1+1"

    table = read(xlsx([[], ["姓名", "数"], ["王", 5]], change=aside))
    assert (rejects_of(table), values(table)) == ([], [["王", 5]])


def test_error_value_rejects_its_row_and_names_the_cell() -> None:
    def spoil(sheet: Any) -> None:
        sheet["B3"] = "#N/A"
        sheet["B3"].data_type = "e"

    table = read(xlsx([["姓名", "数"], ["王", 5], ["李", 6]], change=spoil))
    assert rejects_of(table) == [(3, [("数", "GW-TABLE-021")])]
    assert table.rejected[0].problems[0][1].values["found"] == "#N/A"
    assert values(table) == [["王", 5]]


def test_xls_error_value_rejects_its_row() -> None:
    cells = [text_cell(0, 0, "姓名"), text_cell(0, 1, "数"), text_cell(1, 0, "王"), error_cell(1, 1, 42)]
    table = read(ole({"Workbook": xls_stream(cells)}))
    assert (table.format, table.header) == ("xls", ["姓名", "数"])
    assert rejects_of(table) == [(2, [("数", "GW-TABLE-021")])]
    assert table.rejected[0].problems[0][1].values["found"] == "#N/A"


def test_rejected_row_ends_a_batch() -> None:
    table = read(xlsx([["a", "b"], ["x", 1], ["y", "=1"], ["z", 3]]))
    assert list(table.batches(10)) == [Batch(2, {"a": ["x"], "b": [1]}), Batch(4, {"a": ["z"], "b": [3]})]


@pytest.mark.parametrize(("mark", "since_1904"), [(b'date1904="1"', True), (b"", False)])
def test_workbook_says_from_which_year_it_counts(mark: bytes, since_1904: bool) -> None:
    def edit(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<workbookPr ", b"<workbookPr " + mark)

    assert read(rezipped(xlsx([["a", "b"], [1, 2]]), edit)).date1904 is since_1904
    extra = [(0x0022, b"\1\0")] if since_1904 else []
    cells = [text_cell(0, 0, "a"), text_cell(0, 1, "b")]
    assert read(ole({"Workbook": xls_stream(cells, extra)})).date1904 is since_1904


def test_cells_without_references_and_with_prefixes_are_scanned() -> None:
    """Some writers leave out r="A1" or prefix every tag; the scan must see their formulas all the same."""

    def bare(parts: dict[str, bytes]) -> None:
        text = (
            '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
            '<x:row r="1"><x:c t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c>'
            '<x:c t="inlineStr"><x:is><x:t>数</x:t></x:is></x:c></x:row>'
            '<x:row r="2"><x:c t="inlineStr"><x:is><x:t>王</x:t></x:is></x:c>'
            "<x:c><x:f>1+1</x:f></x:c></x:row>"
            "</x:sheetData></x:worksheet>"
        )
        parts[SHEET] = text.encode()

    table = read(rezipped(xlsx([["x"]]), bare))
    assert (table.header, rejects_of(table)) == (["姓名", "数"], [(2, [("数", "GW-TABLE-020")])])
