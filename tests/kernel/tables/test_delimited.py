"""csv: encodings told from the bytes, quoting with line breaks, broken rows set aside by Excel number."""

from __future__ import annotations

import codecs
import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.tables import Batch, Limits
from tests.kernel.tables.made import numbers, read, refusal, rejects_of, values

TEXT = "编号,姓名,地址\n1,王小明,坪山区龙田街道\n2,李华,坑梓街道秀新社区\n"
ROWS = [["1", "王小明", "坪山区龙田街道"], ["2", "李华", "坑梓街道秀新社区"]]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_csv_encoding_is_told_from_the_bytes(data: bytes, encoding: str) -> None:
    table = read(data)
    assert (table.format, table.encoding, table.header) == ("csv", encoding, ["编号", "姓名", "地址"])
    assert values(table) == ROWS
    assert values(read(gzip.compress(data))) == ROWS


def test_csv_declared_encoding_is_used_where_detection_gives_up() -> None:
    text = "編號,姓名,地址\n1,陳大文,臺北市中正區重慶南路\n2,黃蓉,新北市板橋區縣民大道\n".encode("big5")
    assert refusal(text).code == "GW-TABLE-018"
    table = read(text, encoding="big5")
    assert values(table)[0] == ["1", "陳大文", "臺北市中正區重慶南路"]


def test_csv_ascii_start_does_not_decide_for_a_chinese_rest() -> None:
    long_start = b"id,name,note\n" + b"1,a,b\n" * 60_000
    table = read(long_start + "2,王,龙田街道竹坑社区\n3,李,碧岭街道\n".encode("gb18030"))
    assert table.encoding == "gb18030"
    assert values(table)[-1] == ["3", "李", "碧岭街道"]


def test_csv_gb18030_row_in_a_utf8_file_is_rejected_and_the_rest_read() -> None:
    lines = TEXT.encode().split(b"\n")
    lines.insert(2, "9,赵,石井街道".encode("gb18030"))
    table = read(b"\n".join(lines), "名册.csv")
    assert rejects_of(table) == [(3, [("", "GW-TABLE-019")])]
    assert numbers(table) == [2, 4]
    assert values(table) == ROWS
    problem = table.rejected[0].problems[0][1]
    assert "9,赵,石井街道" in problem.sentence("zh")
    assert problem.where == "名册.csv › 第 3 行 row 3"


def test_csv_utf8_row_in_a_gb18030_file_is_rejected_though_it_would_decode_to_nonsense() -> None:
    lines = (TEXT * 3).replace("编号,姓名,地址\n", "").encode("gb18030").split(b"\n")
    data = b"\n".join(
        ["编号,姓名,地址".encode("gb18030"), *lines[:2], "9,赵云,石井街道".encode(), *lines[2:]]
    )
    assert data.decode("gb18030")  # every byte of it is good GB18030
    table = read(data)
    assert rejects_of(table) == [(4, [("", "GW-TABLE-019")])]
    assert values(table) == ROWS * 3
    assert "9,赵云,石井街道" in table.rejected[0].problems[0][1].sentence("zh")


def test_csv_broken_bytes_inside_a_text_of_several_lines_cost_one_row() -> None:
    data = '编号,说明\n1,"第一行\n'.encode() + b"\xff\xfe" + '\n第三行"\n2,好\n'.encode()
    table = read(data)
    assert rejects_of(table) == [(2, [("", "GW-TABLE-019")])]
    assert [(row.number, row.values["编号"]) for row in table.rows()] == [(3, "2")]


def test_csv_nul_in_a_row_rejects_that_row() -> None:
    table = read("编号,姓名\n1,王\n2,李\0\n3,赵\n".encode())
    assert rejects_of(table) == [(3, [("", "GW-TABLE-019")])]
    assert numbers(table) == [2, 4]


def test_csv_line_breaks_commas_and_quotes_inside_quotes_are_one_cell() -> None:
    data = '编号,说明,人\r\n1,"甲,乙\r\n""丙""\r\n\r\n丁",王\r\n2,短,李\r\n'.encode()
    table = read(data)
    assert values(table) == [["1", '甲,乙\r\n"丙"\r\n\r\n丁', "王"], ["2", "短", "李"]]
    assert numbers(table) == [2, 3]


def test_csv_blank_lines_are_passed_over_and_counted() -> None:
    table = read("姓名,年龄\n\n王,30\n,\n , \n李,40\n\n".encode())
    assert [(row.number, row.values) for row in table.rows()] == [
        (3, {"姓名": "王", "年龄": "30"}),
        (6, {"姓名": "李", "年龄": "40"}),
    ]


def test_csv_empty_cells_are_none_and_short_rows_are_filled() -> None:
    assert values(read(b"a,b,c\n1,,3\n4\n")) == [["1", None, "3"], ["4", None, None]]


def test_csv_row_with_values_beyond_the_header_is_rejected() -> None:
    table = read(b"a,b\n1,2\n1,2,3\n1,2,,\n")
    assert rejects_of(table) == [(3, [("", "GW-TABLE-022")])]
    assert numbers(table) == [2, 4]


def test_csv_stray_quote_costs_one_row_not_the_rest_of_the_file() -> None:
    table = read(b'a,b,c\n1,"zwei,3\n4,5,6\n7,8,9\n')
    assert rejects_of(table) == [(2, [("", "GW-TABLE-024")])]
    assert values(table) == [["4", "5", "6"], ["7", "8", "9"]]
    assert numbers(table) == [3, 4]


def test_csv_two_stray_quotes_that_pair_up_cost_two_rows() -> None:
    table = read(b'a,b,c\n1,"x,3\n4,5,6\n7,"y,9\n10,11,12\n')
    assert rejects_of(table) == [(2, [("", "GW-TABLE-024")]), (4, [("", "GW-TABLE-024")])]
    assert values(table) == [["4", "5", "6"], ["10", "11", "12"]]


def test_csv_stray_quotes_that_would_swallow_rows_into_one_cell_are_noticed() -> None:
    table = read(b'a,b\n1,"x\n2,y\n3,"z\n4,w\n')
    assert [number for number, _ in rejects_of(table)] == [2, 4]
    assert values(table) == [["2", "y"], ["4", "w"]]


def test_csv_bare_carriage_return_in_a_row_costs_that_row() -> None:
    table = read(b"a,b\n1,x\ry\n2,z\n")
    assert rejects_of(table) == [(2, [("", "GW-TABLE-030")])]
    assert values(table) == [["2", "z"]]


def test_csv_cell_longer_than_allowed_is_rejected() -> None:
    table = read(b"a,b\n1," + b"x" * 101 + b"\n2," + b"y" * 100 + b"\n", limits=Limits(max_cell_chars=100))
    assert rejects_of(table) == [(2, [("", "GW-TABLE-023")])]
    assert numbers(table) == [3]


def test_csv_line_without_end_is_cut_and_reading_goes_on() -> None:
    table = read(b"a,b\n1," + b"x" * 9_000_000 + b"\n2,y\n", limits=Limits(max_ratio=1e9))
    assert [number for number, _ in rejects_of(table)] == [2]
    assert values(table) == [["2", "y"]]


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_csv_separating_sign_is_told_from_the_first_rows(sign: str) -> None:
    text = "编号,姓名,说明\n1,王,“a；b”\n2,李,c\n".replace(",", sign)
    assert values(read(text.encode())) == [["1", "王", "“a；b”"], ["2", "李", "c"]]


def test_csv_old_mac_line_ends_are_read() -> None:
    assert values(read(b"a,b\r1,2\r3,4\r")) == [["1", "2"], ["3", "4"]]


def test_csv_title_rows_above_and_notes_below_are_passed_over() -> None:
    text = "隐患台账,,,\n填报单位：综合执法队,,,\n编号,名称,类型,日期\n1,甲,火灾,2019/6/3\n"
    text += "说明：类型按附件填写,,,\n,第二条,,\n"
    table = read(text.encode())
    assert (table.header_row, values(table)) == (3, [["1", "甲", "火灾", "2019/6/3"]])
    assert table.notes == [(5, "说明：类型按附件填写"), (6, "第二条")]


def test_csv_sparse_row_in_the_middle_is_data_not_a_note() -> None:
    table = read("a,b,c,d\n1,2,3,4\n备注：x,,,\n5,6,7,8\n".encode())
    assert numbers(table) == [2, 3, 4]
    assert table.notes == []


def test_csv_numbers_stay_texts_with_their_leading_zeros() -> None:
    assert values(read(b"zip,n\n02131,1.50\n")) == [["02131", "1.50"]]


def test_csv_escaped_formula_comes_back_as_it_was() -> None:
    assert values(read(b"a,b\n'=1+1,'-x\nx,'tis\n")) == [["=1+1", "-x"], ["x", "'tis"]]


def test_batches_are_consecutive_and_end_where_a_row_is_left_out() -> None:
    table = read(b"a,b\n1,x\n2,y\n\n3,z\n4,w\n5,v\n")
    assert list(table.batches(2)) == [
        Batch(2, {"a": ["1", "2"], "b": ["x", "y"]}),
        Batch(5, {"a": ["3", "4"], "b": ["z", "w"]}),
        Batch(7, {"a": ["5"], "b": ["v"]}),
    ]


def test_batches_larger_than_the_inner_step_are_whole() -> None:
    table = read(b"a,b\n" + b"".join(b"%d,x\n" % i for i in range(2600)))
    sizes = [(first, len(columns["a"])) for first, columns in table.batches(1000)]
    assert sizes == [(2, 1000), (1002, 1000), (2002, 600)]


def test_reading_twice_gives_the_same_and_does_not_double_the_rejects() -> None:
    table = read(b"a,b\n1,2,3\n4,5\n")
    assert rejects_of(table) == rejects_of(table) == [(2, [("", "GW-TABLE-022")])]


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=8)


@given(
    rows=st.lists(st.tuples(cells, cells, cells), max_size=20), encoding=st.sampled_from(["utf-8", "gb18030"])
)
def test_csv_any_quoted_text_comes_back_unchanged(rows: list[tuple[str, str, str]], encoding: str) -> None:
    """Whatever the csv module writes is read back cell by cell, with the record number as row number."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["编号", "姓名", "名称"])
    writer.writerows([f"号{one}", f"名{two}", f"的{three}"] for one, two, three in rows)
    table = read(out.getvalue().encode(encoding), encoding=encoding)
    wanted = [(i, (f"号{a}", f"名{b}", f"的{c}")) for i, (a, b, c) in enumerate(rows, 2)]
    assert [(row.number, tuple(row.values.values())) for row in table.rows()] == wanted
