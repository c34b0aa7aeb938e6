"""Rejected rows come back in their layout with a reason, can be corrected and imported again (issue A)."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gridward.kernel.errors import BadInput, Message
from gridward.kernel.tables import ERROR_HEADER, Table, open_table, write_rejects
from tests.kernel.tables.made import parquet, read, rejects_of, rezipped, values, xlsx

MISSING = BadInput(Message("GW-TEST-001", "缺少{found}。", "{found} is missing."), found="街道")
REASON = "街道：缺少街道。 / 街道 is missing. [GW-TEST-001]"
LEDGER = [
    ["隐患排查统计表", None, None, None],
    ["序号", "填报单位：甲", None, None],
    [None, "内容", "日期", "街道"],
    [1, "未设护栏", date(2019, 5, 26), "龙田"],
    [2, "缺少连墙件", 43611, None],
    [3, "接线", None, "坑梓"],
    ["说明：略", None, None, None],
]


def rejected(table: Table, *numbers: int) -> list[tuple[int, list[tuple[str, BadInput | str]]]]:
    return [(number, [("街道", MISSING)]) for number in numbers]


def grid(path: Path, sheet: str | None = None) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in (book[sheet] if sheet else book.active)]  # type: ignore


def test_rejects_csv_keeps_encoding_sign_titles_and_columns(tmp_path: Path) -> None:
    text = "名册;;\n编号;姓名;街道\n1;王;龙田\n2;李;-\n3;=赵;\n"
    table = read(text.encode("gb18030"))
    path = write_rejects(table, rejected(table, 4, 5), tmp_path / "bad.xlsx")
    assert path == tmp_path / "bad.csv"
    assert path.read_bytes().decode("gb18030").replace("\r\n", "\n") == (
        f"名册;;\n编号;姓名;街道;{ERROR_HEADER}\n2;李;-;{REASON}\n3;'=赵;;{REASON}\n"
    )


def test_rejects_csv_corrected_can_be_imported_again(tmp_path: Path) -> None:
    table = read("编号,姓名,街道\n1,王,\n2,=李,\n".encode("utf-8-sig"))
    path = write_rejects(table, rejected(table, 2, 3), tmp_path / "bad.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    again = open_table(path, "bad.csv")
    assert again.header == ["编号", "姓名", "街道"]
    assert values(again) == values(table) == [["1", "王", None], ["2", "=李", None]]
    second = write_rejects(again, rejected(again, 3), tmp_path / "bad2.csv")
    assert second.read_text("utf-8-sig").replace("\r\n", "\n") == (
        f"编号,姓名,街道,{ERROR_HEADER}\n2,'=李,,{REASON}\n"
    )


def test_rejects_csv_gzipped_comes_back_as_plain_csv(tmp_path: Path) -> None:
    table = read(gzip.compress("编号,街道\n1,\n".encode()))
    path = write_rejects(table, rejected(table, 2), tmp_path / "bad.csv.gz")
    assert (path.name, values(open_table(path, "x"))) == ("bad.csv", [["1", None]])


def test_rejects_csv_rows_that_could_not_be_read_come_back_readable(tmp_path: Path) -> None:
    lines = [
        "编号,姓名,街道".encode(),
        "1,王,龙田".encode("gb18030"),
        '2,"李,坑梓'.encode(),
        "3,赵,石井,多".encode(),
    ]
    table = read(b"\n".join([*lines, "4,钱,碧岭".encode(), b""]))
    assert [number for number, _ in rejects_of(table)] == [2, 3, 4]
    path = write_rejects(table, table.rejected, tmp_path / "bad.csv")
    again = open_table(path, "bad.csv")
    assert values(again) == [["1", "王", "龙田"], ["2", '"李', "坑梓"]]
    assert [number for number, _ in rejects_of(again)] == [4]


@pytest.mark.parametrize("encoding", ["latin-1", "big5"])
def test_rejects_csv_encoding_that_cannot_hold_the_reason_gives_way_to_utf8(
    encoding: str, tmp_path: Path
) -> None:
    table = read(b"id,name\n1,x\n2,y\n", encoding=encoding)
    path = write_rejects(table, [(2, [("", "不对")])], tmp_path / "bad.csv")
    again = open_table(path, "bad.csv")
    assert (again.encoding, again.header) == ("utf-8-sig", ["id", "name"])


def test_rejects_workbook_keeps_titles_merged_header_and_columns(tmp_path: Path) -> None:
    merges = ["A1:D1", "A2:A3", "B2:D2", "A7:D7"]
    table = read(xlsx({"封面": [["单位", "甲"]], "台账": LEDGER}, merges=merges), "台账.xlsx")
    path = write_rejects(table, rejected(table, 5), tmp_path / "bad.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["封面", "台账"]
    assert {str(area) for area in book["台账"].merged_cells.ranges} == {"A1:D1", "A2:A3", "B2:D2"}
    assert grid(path, "封面") == [["单位", "甲"]]
    assert grid(path, "台账") == [
        ["隐患排查统计表", None, None, None, None],
        ["序号", "填报单位：甲", None, None, None],
        [None, "内容", "日期", "街道", ERROR_HEADER],
        [2, "缺少连墙件", 43611, None, REASON],
    ]


def test_rejects_workbook_corrected_can_be_imported_again(tmp_path: Path) -> None:
    table = read(
        xlsx({"封面": [list("abcdef")] * 9, "台账": LEDGER}, merges=["A1:D1", "A2:A3"]), sheet="台账"
    )
    path = write_rejects(table, rejected(table, 4, 5), tmp_path / "bad.xlsx")
    again = open_table(path, "bad.xlsx")
    assert (again.sheet, again.header_row, again.header) == ("台账", 3, ["序号", "内容", "日期", "街道"])
    assert values(again) == values(table)[:2]
    second = write_rejects(again, rejected(again, 5), tmp_path / "bad2.xlsx")
    assert grid(second)[2:] == [
        [None, "内容", "日期", "街道", ERROR_HEADER],
        [2, "缺少连墙件", 43611, None, REASON],
    ]


def test_rejects_workbook_with_field_codes_keeps_both_header_rows(tmp_path: Path) -> None:
    rows = [["主键", "所属街道"], ["REC_ID", "STREET_NAME"], ["7", "龙田街道"], ["8", None]]
    table = read(xlsx(rows))
    again = open_table(write_rejects(table, rejected(table, 4), tmp_path / "x"), "x.xlsx")
    assert (again.header, again.codes) == (["主键", "所属街道"], ["REC_ID", "STREET_NAME"])
    assert values(again) == [["8", None]]


def test_rejects_workbook_fills_cells_that_were_merged_over_rows(tmp_path: Path) -> None:
    rows = [
        ["街道", "社区", "措施", None],
        ["龙田", "南布", "a", None],
        [None, "竹坑", "b", None],
        [None, "老坑", "c"],
    ]
    table = read(xlsx(rows, merges=["A2:A4", "C1:D1", "C2:D2", "C3:D3", "C4:D4"]))
    path = write_rejects(table, rejected(table, 3, 4), tmp_path / "bad.xlsx")
    sheet = openpyxl.load_workbook(path).active
    assert {str(area) for area in sheet.merged_cells.ranges} == {"C1:D1", "C2:D2", "C3:D3"}  # type: ignore[union-attr]
    assert values(open_table(path, "x")) == [["龙田", "竹坑", "b"], ["龙田", "老坑", "c"]]


def test_rejects_workbook_shows_error_values_and_never_formulas(tmp_path: Path) -> None:
    def spoil(sheet: Any) -> None:
        sheet["B2"] = "#N/A"
        sheet["B2"].data_type = "e"

    table = read(xlsx([["姓名", "数"], ["'=王", 5], ["李", "=1"]], change=spoil))
    assert [number for number, _ in rejects_of(table)] == [2, 3]
    path = write_rejects(table, table.rejected, tmp_path / "bad.xlsx")
    shown = grid(path)
    assert shown[1][:2] == ["'=王", "#N/A"]
    assert shown[2][:2] == ["李", None]
    assert {cell.data_type for row in openpyxl.load_workbook(path).active for cell in row} <= {"s", "n"}  # type: ignore


def test_rejects_workbook_hidden_sheets_stay_hidden(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.sheet_state = "hidden"

    table = read(xlsx({"数据": [["a", "b"], [1, 2]], "选项": [["甲"], ["乙"]]}, change=hide))
    path = write_rejects(table, [(2, [("a", "x")])], tmp_path / "bad.xlsx")
    assert openpyxl.load_workbook(path)["选项"].sheet_state == "hidden"
    assert values(open_table(path, "x")) == [[1, 2]]


def test_rejects_column_widths_are_kept(tmp_path: Path) -> None:
    def widen(sheet: Any) -> None:
        sheet.column_dimensions["B"].width = 33

    table = read(xlsx([["a", "b"], [1, 2]], change=widen))
    path = write_rejects(table, [(2, [("a", "x")])], tmp_path / "bad.xlsx")
    assert round(openpyxl.load_workbook(path).active.column_dimensions["B"].width) in (33, 34)  # type: ignore[union-attr]


def test_rejects_several_reasons_stand_in_lines_each_once(tmp_path: Path) -> None:
    table = read(b"a,b\n1,2\n")
    path = write_rejects(
        table, [(2, [("a", "eins"), ("b", "zwei")]), (2, [("a", "eins")])], tmp_path / "x.csv"
    )
    assert open_table(path, "x").rejected == []
    assert path.read_text("utf-8").replace("\r\n", "\n") == f'a,b,{ERROR_HEADER}\n1,2,"a：eins\nb：zwei"\n'


def test_rejects_parquet_stays_parquet_with_its_types(tmp_path: Path) -> None:
    table = read(parquet({"id": [1, 2, 3], "街道": pa.array(["a", None, None], pa.large_string())}))
    path = write_rejects(table, rejected(table, 3, 4), tmp_path / "bad.csv")
    assert path == tmp_path / "bad.parquet"
    assert pq.read_table(path).to_pydict() == {"id": [2, 3], "街道": [None, None], ERROR_HEADER: [REASON] * 2}
    again = open_table(path, "bad.parquet")
    assert (again.header, values(again)) == (["id", "街道"], [[2, None], [3, None]])
    second = write_rejects(again, rejected(again, 2), tmp_path / "bad2.parquet")
    assert pq.read_table(second).column_names == ["id", "街道", ERROR_HEADER]


def test_rejects_sheet_name_no_program_allows_does_not_stop_the_file(tmp_path: Path) -> None:
    def rename(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="Sheet1"', b'name="a[1]"')

    table = read(rezipped(xlsx([["a", "b"], [1, 2]]), rename))
    assert table.sheet == "a[1]"
    assert values(open_table(write_rejects(table, [(2, [("a", "x")])], tmp_path / "x"), "x")) == [[1, 2]]
