"""Files that must not or cannot be read: one sentence each, by content and never by extension."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import Limits
from tests.kernel.tables.made import (
    number_cell,
    ole,
    parquet,
    read,
    refusal,
    rezipped,
    text_cell,
    understated,
    values,
    xls_stream,
    xlsx,
    zipped,
)

PEOPLE = [["姓名", "年龄"], ["王", 30], ["李", 40]]
CSV = "姓名,年龄\n王,30\n".encode()
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "GW-TABLE-001"),
        (b"\xef\xbb\xbf \r\n\t\r\n", "GW-TABLE-001"),
        (gzip.compress(b""), "GW-TABLE-001"),
        (b"%PDF-1.7 ...", "GW-TABLE-003"),
        (b"\x89PNG\r\n\x1a\n....", "GW-TABLE-003"),
        (b'{"type": "FeatureCollection"}', "GW-TABLE-003"),
        (b'[{"a": 1}]', "GW-TABLE-003"),
        (bytes(range(256)) * 16, "GW-TABLE-003"),
        (gzip.compress(xlsx(PEOPLE)), "GW-TABLE-003"),
        (zipped({"notes.txt": b"hello"}), "GW-TABLE-003"),
        (zipped({"word/document.xml": b"<w/>"}), "GW-TABLE-003"),
        (zipped({"xl/workbook.bin": b""}), "GW-TABLE-003"),
        (zipped({"content.xml": b"", "mimetype": b"opendocument"}), "GW-TABLE-003"),
        (ole({"WordDocument": b"x"}), "GW-TABLE-003"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "GW-TABLE-009"),
        (b'\n<?xml version="1.0"?><Workbook xmlns="urn:schemas"/>', "GW-TABLE-009"),
        (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "GW-TABLE-005"),
        (gzip.compress(CSV)[:-9], "GW-TABLE-007"),
        (b"\x1f\x8bnonsense", "GW-TABLE-007"),
        (b"PK\x03\x04nonsense", "GW-TABLE-007"),
        (b"PAR1nonsense", "GW-TABLE-007"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "GW-TABLE-007"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "GW-TABLE-007"),
    ],
)  # fmt: skip
def test_open_wrong_content_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    error = refusal(data, "名册.xls")
    assert error.code == code
    assert error.sentence("zh").startswith("名册.xls：")
    assert error.sentence("en").startswith("名册.xls: ")


def test_open_web_page_named_xls_says_what_it_is() -> None:
    error = refusal(b"<table><tr><td>1</td></tr></table>", "导出.xls")
    assert "网页（HTML）" in error.sentence("zh")
    assert "另存为" in error.sentence("zh")


def test_open_too_large_file_is_refused_before_reading() -> None:
    error = refusal(CSV, limits=Limits(max_bytes=10))
    assert (error.code, error.values["found"], error.values["allowed"]) == ("GW-TABLE-002", len(CSV), 10)
    book = xlsx(PEOPLE)
    assert refusal(book, limits=Limits(max_workbook_bytes=10)).code == "GW-TABLE-002"


def test_open_other_format_than_declared_names_both() -> None:
    error = refusal(CSV, format="xlsx")
    assert (error.code, error.values["declared"], error.values["found"]) == ("GW-TABLE-004", "xlsx", "csv")


def test_open_xlsx_with_macros_is_refused() -> None:
    book = rezipped(xlsx(PEOPLE), lambda parts: parts.update({"xl/vbaProject.bin": b"x"}))
    assert refusal(book, "a.xlsx").code == "GW-TABLE-006"


def test_open_xls_with_macros_or_password_is_refused() -> None:
    stream = xls_stream([text_cell(0, 0, "姓名"), number_cell(1, 0, 3)])
    assert refusal(ole({"Workbook": stream, "_VBA_PROJECT_CUR": b"x"})).code == "GW-TABLE-006"
    locked = xls_stream([text_cell(0, 0, "姓名")], extra=[(0x002F, b"\1\0" + b"\0" * 52)])
    assert refusal(ole({"Workbook": locked})).code == "GW-TABLE-005"


def test_open_encrypted_zip_entry_asks_to_remove_the_password() -> None:
    data = bytearray(xlsx(PEOPLE))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    assert refusal(bytes(data)).code == "GW-TABLE-005"


def test_open_truncated_xlsx_is_refused_as_damaged() -> None:
    book = xlsx(PEOPLE)
    assert refusal(book[: len(book) // 2]).code == "GW-TABLE-007"


def test_open_xlsx_with_flipped_bytes_in_a_sheet_is_refused_as_damaged() -> None:
    book = xlsx([["姓名", "年龄"], *[[f"人{i}", i] for i in range(400)]])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        start = archive.getinfo(SHEET).header_offset
    broken = bytearray(book)
    broken[start + 120 : start + 140] = b"\xff" * 20
    assert refusal(bytes(broken)).code == "GW-TABLE-007"


def test_open_zip_that_unpacks_to_too_much_is_refused() -> None:
    book = rezipped(xlsx(PEOPLE), lambda parts: parts.update({"xl/media/x.bin": b"\0" * 3_000_000}))
    error = refusal(book, limits=Limits(max_workbook_unzipped_bytes=1_000_000))
    assert (error.code, error.values["allowed"]) == ("GW-TABLE-008", "1000000 B")


def test_open_zip_with_extreme_ratio_is_refused() -> None:
    book = rezipped(xlsx(PEOPLE), lambda parts: parts.update({"xl/media/x.bin": b"\0" * 70_000_000}))
    assert refusal(book).code == "GW-TABLE-008"


def test_open_zip_whose_directory_understates_a_part_is_refused() -> None:
    book = xlsx(PEOPLE)
    assert values(read(book)) == [["王", 30], ["李", 40]]
    assert refusal(understated(book, SHEET)).code == "GW-TABLE-008"


def test_open_zip_with_one_name_twice_is_refused() -> None:
    out = io.BytesIO(xlsx(PEOPLE))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")
    assert refusal(out.getvalue()).code == "GW-TABLE-007"


def test_open_xlsx_with_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    assert refusal(rezipped(xlsx(PEOPLE), lambda parts: parts.update({SHEET: bomb}))).code == "GW-TABLE-007"
    book = b'<?xml version="1.0"?><!DOCTYPE x><workbook/>'
    changed = rezipped(xlsx(PEOPLE), lambda parts: parts.update({"xl/workbook.xml": book}))
    assert refusal(changed).code == "GW-TABLE-007"


def test_open_sheet_with_a_cell_far_away_is_refused_and_names_it() -> None:
    def far(sheet: object) -> None:
        sheet["XFD1048576"] = "x"  # type: ignore[index]

    error = refusal(xlsx(PEOPLE, change=far))
    assert (error.code, error.values["row"], error.values["column"]) == ("GW-TABLE-017", 1_048_576, "XFD")


def test_open_xls_with_a_cell_far_away_is_refused_and_names_it() -> None:
    stream = xls_stream([text_cell(0, 0, "姓名"), number_cell(65_535, 255, 1)])
    error = refusal(ole({"Workbook": stream}))
    assert (error.code, error.values["row"], error.values["column"]) == ("GW-TABLE-017", 65_536, "IV")


def test_open_formatted_but_empty_cells_far_away_do_no_harm() -> None:
    """Sheets formatted down to the last row are common; only cells that hold something count."""

    def styled(sheet: object) -> None:
        sheet["A1048576"].number_format = "0.00"  # type: ignore[index]

    assert values(read(xlsx(PEOPLE, change=styled))) == [["王", 30], ["李", 40]]


def test_read_gzip_bomb_is_stopped_while_it_unfolds() -> None:
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 20_000_000, 9)
    error = refusal(bomb)
    assert (error.code, error.values["allowed"]) == ("GW-TABLE-008", "200 : 1")
    small = gzip.compress(CSV + b"x,1\n" * 1000)
    assert refusal(small, limits=Limits(max_unzipped_bytes=2000)).code == "GW-TABLE-008"


def test_open_too_many_rows_or_columns_is_refused() -> None:
    wide = ",".join(f"c{i}" for i in range(30)).encode()
    assert refusal(wide + b"\n", limits=Limits(max_columns=20)).code == "GW-TABLE-015"
    assert refusal(CSV + b"x,1\n" * 10, limits=Limits(max_rows=5)).code == "GW-TABLE-016"
    assert refusal(parquet({"a": [1, 2, 3]}), limits=Limits(max_rows=2)).code == "GW-TABLE-016"
    columns = {f"c{i}": [1] for i in range(30)}
    assert refusal(parquet(columns), limits=Limits(max_columns=20)).code == "GW-TABLE-015"
    assert refusal(xlsx([list("abcdefgh"), [1] * 8]), limits=Limits(max_columns=7)).code == "GW-TABLE-015"


def test_open_missing_sheet_lists_the_sheets_closest_first() -> None:
    error = refusal(xlsx({"封面": [["x"]], "数据集1": PEOPLE}), sheet="数据集2")
    assert (error.code, error.values["allowed"]) == ("GW-TABLE-012", "数据集1、封面")


def test_open_file_without_header_says_how_to_name_it() -> None:
    error = refusal(b"1,2,3\n4,5,6\n7,8,9\n")
    assert (error.code, error.values["found"]) == ("GW-TABLE-013", 3)
    assert "header_row" in error.sentence("zh")


@pytest.mark.parametrize("row", [2, 9])
def test_open_given_header_row_blank_or_beyond_the_end_is_refused(row: int) -> None:
    error = refusal("姓名,年龄\n\n王,30\n".encode(), header_row=row)
    assert (error.code, error.field, error.values["row"]) == ("GW-TABLE-014", "file.header_row", row)


def test_every_sentence_is_complete_in_both_languages() -> None:
    """No placeholder is left open, and Chinese comes first (a guard over all refusals above)."""
    for data in (b"", b"%PDF", b"<html>", b"PK\x03\x04", ole({"EncryptedPackage": b""}), b"1,2\n3,4\n"):
        error = refusal(data, "f")
        for language in ("zh", "en"):
            assert "{" not in error.sentence(language)


KINDS = {
    "csv": CSV * 3,
    "gb18030": "姓名,地址\n王,“坪山”\n".encode("gb18030") * 3,
    "gz": gzip.compress(CSV * 50),
    "xlsx": xlsx(PEOPLE, merges=["A2:A3"]),
    "xls": ole(
        {"Workbook": xls_stream([text_cell(0, 0, "姓名"), text_cell(0, 1, "年"), number_cell(1, 1, 3)])}
    ),
    "parquet": parquet({"姓名": ["王", "李"], "年龄": [1, None]}),
}


@given(
    kind=st.sampled_from(sorted(KINDS)),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_open_damaged_file_is_read_or_refused_never_crashes(
    kind: str, cuts: list[tuple[float, bytes]]
) -> None:
    data = KINDS[kind]
    for place, patch in cuts:
        at = int(place * len(data))
        data = data[:at] + patch + data[at + len(patch) :] if patch else data[:at]
    try:
        table = read(data, limits=Limits(max_cells=10_000))
        assert all(len(row.values) == len(table.header) for row in table.rows())
    except BadInput as error:
        assert error.code.startswith("GW-TABLE-")


def test_open_ole_with_a_chain_in_a_circle_is_refused() -> None:
    data = bytearray(ole({"Workbook": xls_stream([text_cell(0, 0, "姓名")])}))
    data[512 + 4 * 3 : 512 + 4 * 4] = struct.pack("<I", 3)
    data[512 + 4 * 2 : 512 + 4 * 3] = struct.pack("<I", 2)
    assert refusal(bytes(data)).code == "GW-TABLE-007"
