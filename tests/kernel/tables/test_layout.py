"""Finding the table in a sheet: title rows, cover sheets, headers of several rows, field codes, merges."""

from __future__ import annotations

import pytest

from gridward.kernel.tables.layout import header_score
from tests.kernel.tables.made import numbers, read, refusal, values, xlsx

PEOPLE = [["姓名", "所属街道", "年龄"], ["王", "龙田街道", 30], ["李", "坑梓街道", 40]]


def test_layout_title_rows_are_skipped() -> None:
    rows = [["2019年6月人员名册"], ["填报人：人员00", None, "2019-6-25"], *PEOPLE]
    table = read(xlsx(rows, merges=["A1:C1"]))
    assert (table.header_row, table.header) == (3, ["姓名", "所属街道", "年龄"])
    assert numbers(table) == [4, 5]


def test_layout_cover_sheet_is_passed_over() -> None:
    cover = [["资源名称", "民生诉求"], ["摘要", "x"], ["关键字", "y"], ["更新频率", "按年"]]
    table = read(xlsx({"资源描述信息": cover, "数据集1": PEOPLE}))
    assert (table.sheet, table.sheets, values(table)[0]) == (
        "数据集1",
        ["资源描述信息", "数据集1"],
        ["王", "龙田街道", 30],
    )


def test_layout_small_table_wins_over_a_wide_cover_with_little_below() -> None:
    cover = [["a", "b", "c", "d"]]
    assert read(xlsx({"cover": cover, "data": PEOPLE * 3})).sheet == "data"


def test_layout_hidden_sheet_is_read_only_by_name() -> None:
    def hide(sheet: object) -> None:
        sheet.sheet_state = "hidden"  # type: ignore[attr-defined]

    book = xlsx({"数据": PEOPLE[:2], "选项": [list("abcdef"), *[list("ghijkl")] * 9]}, change=hide)
    assert read(book).sheet == "数据"
    assert read(book, sheet="选项").header == list("abcdef")


@pytest.mark.parametrize("sheet", ["数据集1", " 数据集1 ", 2])
def test_layout_sheet_is_found_by_name_or_position(sheet: str | int) -> None:
    assert read(xlsx({"封面": [["x"]], "数据集1": PEOPLE}), sheet=sheet).sheet == "数据集1"


def test_layout_two_header_rows_make_both_names_usable() -> None:
    """R-CASE import: Chinese labels with field codes below them (the published Pingshan workbook)."""
    rows = [PEOPLE[0], ["NAME", "STREET_NAME", "AGE"], *PEOPLE[1:]]
    table = read(xlsx(rows))
    assert (table.header_row, table.field_row) == (1, 2)
    assert table.codes == ["NAME", "STREET_NAME", "AGE"]
    assert (table.resolve("STREET_NAME"), table.resolve("所属街道")) == ("所属街道", "所属街道")
    assert numbers(table) == [3, 4]


def test_layout_field_codes_in_a_template_without_data_are_recognised_by_their_shape() -> None:
    table = read("姓名,所属街道,年龄\nreal_name,streetName,age\n".encode())
    assert table.codes == ["real_name", "streetName", "age"]
    assert values(table) == []


def test_layout_first_data_row_of_latin_words_is_not_taken_for_field_codes() -> None:
    rows = [["姓名", "部门", "级别"], ["Chen", "HR", "L3"], ["Wang", "IT", "L2"], ["Zhao", "HR", "L1"]]
    table = read(xlsx(rows))
    assert (table.codes, numbers(table)) == (None, [2, 3, 4])
    one = read(xlsx(rows[:2]))
    assert (one.codes, values(one)) == (None, [["Chen", "HR", "L3"]])


def test_layout_field_row_can_be_named_or_excluded() -> None:
    codes_first = "NAME,AGE\n姓名,年龄\n王,30\n".encode()
    table = read(codes_first, header_row=2, field_row=1)
    assert (table.header, table.codes, values(table)) == (["姓名", "年龄"], ["NAME", "AGE"], [["王", "30"]])
    table = read("姓名,年龄\nreal_name,user_age\n王,30\n".encode(), field_row=0)
    assert (table.codes, numbers(table)) == (None, [2, 3])


def test_layout_given_header_row_is_obeyed() -> None:
    table = read("x,y\n姓名,年龄\n王,30\n".encode(), header_row=2)
    assert (table.header, numbers(table)) == (["姓名", "年龄"], [3])
    low = b"a,b\n" * 150 + "姓名,年龄\n王,30\n".encode()
    assert read(low, header_row=151).header == ["姓名", "年龄"]


def test_layout_header_merged_downwards_takes_its_name_into_the_lower_row() -> None:
    """The hazard ledger: 序号 spans two rows, the other cells of the first row are remarks."""
    rows = [
        ["统计表"],
        ["序号", "项目名称：磷酸项目", None, "填报时间：2019年6月"],
        [None, "隐患内容", "排查日期", "责任单位"],
        [1, "未设护栏", "2019-5-26", "甲"],
        [2, "缺少连墙件", "2019-5-27", "乙"],
    ]
    table = read(xlsx(rows, merges=["A1:D1", "A2:A3", "B2:C2"]))
    assert (table.header_row, table.header) == (3, ["序号", "隐患内容", "排查日期", "责任单位"])
    assert numbers(table) == [4, 5]


def test_layout_group_header_above_names_repeated_labels() -> None:
    rows = [
        ["编号", "姓名", "地址", "类别", "户主", None, "房东", None],
        [None, None, None, None, "姓名", "电话", "姓名", "电话"],
        [1, "王", "龙田", "A", "赵", "1", "钱", "2"],
    ]
    table = read(xlsx(rows, merges=["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1"]))
    assert table.header_row == 2
    assert table.header == [
        "编号",
        "姓名",
        "地址",
        "类别",
        "户主·姓名",
        "户主·电话",
        "房东·姓名",
        "房东·电话",
    ]
    assert numbers(table) == [3]


def test_layout_header_of_two_rows_takes_a_name_from_above_where_the_lower_cell_is_blank() -> None:
    rows = [["编号", "姓名", "户主", None], [None, None, "姓名", "电话"], [1, "王", "赵", "2"]]
    table = read(xlsx(rows, merges=["A1:A2", "C1:D1"]))
    assert (table.header_row, table.header) == (2, ["编号", "姓名", "户主·姓名", "电话"])


def test_layout_repeated_labels_without_group_are_numbered() -> None:
    assert read("地址,地址,备注\n1,2,3\n".encode()).header == ["地址", "地址 (2)", "备注"]


def test_layout_labels_lose_line_breaks_and_invisible_signs() -> None:
    header = [["姓\n名", " 所属  街道 ", "\u200b年龄"], *PEOPLE[1:]]
    assert read(xlsx(header)).header == ["姓 名", "所属 街道", "年龄"]


def test_layout_unnamed_column_with_data_is_named_by_its_letter() -> None:
    table = read(xlsx([["姓名", None, "年龄", None], ["王", "x", 30, None], ["李", None, 40, None]]))
    assert (table.header, values(table)) == (["姓名", "(B)", "年龄"], [["王", "x", 30], ["李", None, 40]])


def test_layout_cell_merged_across_makes_one_column() -> None:
    rows = [
        ["序号", "措施", None, None, "结果"],
        [1, "围挡", None, None, "已改"],
        [2, "培训", None, None, "未改"],
    ]
    table = read(xlsx(rows, merges=["B1:D1", "B2:D2", "B3:D3"]))
    assert (table.header, values(table)) == (
        ["序号", "措施", "结果"],
        [[1, "围挡", "已改"], [2, "培训", "未改"]],
    )


def test_layout_title_merged_over_several_rows_is_no_header() -> None:
    rows = [
        [None, "治安检查表", None, "编号", None],
        [None, None, None, "第 页", "共 页"],
        ["序号", "流程", "内容", "结果", "整改"],
        [1, "门卫", "是否登记", None, None],
    ]
    table = read(xlsx(rows, merges=["B1:C2"]))
    assert table.header_row == 3


def test_layout_blank_sheet_is_refused() -> None:
    assert refusal(xlsx({"空": [["", None], [" "]]})).code == "GW-TABLE-001"


def test_layout_one_column_list_is_a_table() -> None:
    table = read("姓名\n王\n李\n".encode())
    assert (table.header, values(table)) == (["姓名"], [["王"], ["李"]])


def test_layout_score_prefers_columns_and_rows() -> None:
    assert header_score([]) == 0.0
    assert header_score(PEOPLE) > header_score([["a", "b"], ["c", "d"], ["e", "f"]])
