"""The real files outside the repository: every table opens with the rows its README counts."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from gridward.kernel.tables import ERROR_HEADER, FileOptions, Limits, open_table, read_date, write_rejects

pytestmark = pytest.mark.shared

COUNTED = {
    "cases/cn_pingshan_2018_02_10_cases.csv.gz": 6_952,
    "cases/cn_pingshan_raw_gb18030_head500.csv": 500,
    "cases/cn_pingshan_two_header_rows.xlsx": 2_000,
    "cases/us_boston_311_2011H2.parquet": 58_250,
    "cases/us_chicago_311_sanitation_2000_2014.parquet": 74_401,
    "premises/us_chicago_food_inspections_2011_2013.parquet": 17_823,
    "premises/cn_shanghai_fuel_stations.csv.gz": 1_603,
    "forms/ledgers_xlsx/hazard_ledger_merged_2019_06.xlsx": 38,
    "forms/ledgers_xlsx/unit_template.xls": 0,
    "forms/ledgers_xlsx/hazard_source_template.xls": 0,
    "forms/ledgers_xlsx/special_inspection_template.xls": 0,
    "forms/ledgers_xlsx/seasonal_inspection_template.xls": 0,
}


@pytest.mark.parametrize(("name", "rows"), COUNTED.items())
def test_real_file_has_the_rows_its_readme_counts(name: str, rows: int, shared_data: Path) -> None:
    table = open_table(shared_data / name, name, limits=Limits.cli())
    found = sum(len(next(iter(columns.values()))) for _, columns in table.batches(10_000))
    assert (found, table.rejected) == (rows, [])


def test_every_csv_and_parquet_of_the_manifest_opens_with_its_columns(shared_data: Path) -> None:
    """Rows equal the manifest's, less those in which every cell is blank (126 of the company addresses)."""
    blank = {"address/cn_company_addresses.csv.gz": 126}
    with (shared_data / "MANIFEST.csv").open(encoding="utf-8") as text:
        listed = [row for row in csv.DictReader(text) if row["file"].endswith((".csv.gz", ".parquet"))]
    assert len(listed) >= 16
    for row in listed:
        table = open_table(shared_data / row["file"], row["file"], limits=Limits.cli())
        assert table.header == row["columns"].split("|")
        found = sum(len(next(iter(columns.values()))) for _, columns in table.batches(20_000))
        assert found + len(table.rejected) == int(row["rows"]) - blank.get(row["file"], 0)


def test_gb18030_head_equals_the_same_rows_of_the_full_file(shared_data: Path) -> None:
    head = open_table(shared_data / "cases/cn_pingshan_raw_gb18030_head500.csv", "head", limits=Limits.cli())
    full = open_table(shared_data / "cases/cn_pingshan_2018_02_10_cases.csv.gz", "full", limits=Limits.cli())
    known = {row.values["REC_ID"]: row.values for row in full.rows()}
    assert head.encoding == "gb18030"
    assert [row.values for row in head.rows()] == [known[row.values["REC_ID"]] for row in head.rows()]


def test_two_header_workbook_is_read_past_its_cover_with_both_names(shared_data: Path) -> None:
    table = open_table(shared_data / "cases/cn_pingshan_two_header_rows.xlsx", "x", limits=Limits.cli())
    assert (table.sheet, table.header_row, table.field_row) == ("数据集1", 1, 2)
    assert (table.resolve("REC_ID"), table.resolve("处置部门")) == ("主键", "处置部门")
    first = next(table.rows())
    assert (first.number, first.values["主键"], first.values["地址"]) == (3, "72687", "-")


def test_hazard_ledger_header_dates_and_notes_are_found(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "forms/ledgers_xlsx/hazard_ledger_merged_2019_06.xlsx"
    table = open_table(file, file.name)
    assert table.header == [
        "序号", "隐患内容", "排查日期", "隐患类型", "隐患级别", "责任单位", "责任人", "整改期限",
        "整改措施与要求", "复查结果", "复查日期", "复查人", "隐患状态",
    ]  # fmt: skip
    rows = list(table.rows())
    assert [row.values["序号"] for row in rows] == list(range(1, 39))
    assert [row.number for row in rows] == list(range(4, 42))
    assert [number for number, _ in table.notes] == [42, 43, 44]
    assert read_date(rows[0].values["复查日期"], "Asia/Shanghai") == date(2019, 5, 28)
    path = write_rejects(
        table, [(row.number, [("责任人", "查无此人")]) for row in rows[::2]], tmp_path / "bad"
    )
    again = open_table(path, path.name)
    assert (again.header_row, again.header) == (3, table.header)
    assert [row.values for row in again.rows()] == [row.values for row in rows[::2]]
    assert again.layout.error_column == 17 and ERROR_HEADER not in again.header


def test_every_sheet_of_the_checklists_opens_at_its_header(shared_data: Path) -> None:
    file = shared_data / "forms/ledgers_xlsx/checklists_9_sheets.xlsx"
    sheets = open_table(file, file.name).sheets
    assert len(sheets) == 9
    for sheet in sheets:
        table = open_table(file, file.name, FileOptions(sheet=sheet))
        assert table.header[0] == "序号"
        assert sum(1 for _ in table.rows()) > 5


def test_every_xlsform_workbook_opens(shared_data: Path) -> None:
    files = sorted((shared_data / "forms/xlsforms").glob("*.xls*"))
    assert len(files) >= 40
    for file in files:
        table = open_table(file, file.name)
        assert len(table.header) >= 2
        assert sum(1 for _ in table.rows()) + len(table.rejected) >= 1


def test_big_csv_is_read_in_bounded_memory(shared_data: Path, tmp_path: Path) -> None:
    """175,000 rows, nearly 300 MB as Python objects, stay under 200 MB (issue A: any size in 400 MB)."""
    import subprocess
    import sys

    import pyarrow.csv
    import pyarrow.parquet

    boston = pyarrow.parquet.read_table(shared_data / "cases/us_boston_311_2011H2.parquet")
    file = tmp_path / "big.csv"
    with file.open("wb") as out:
        for round_ in range(3):
            options = pyarrow.csv.WriteOptions(include_header=round_ == 0)
            pyarrow.csv.write_csv(boston, out, options)
    script = (
        "import pathlib, re, sys\n"
        "from gridward.kernel.tables import Limits, open_table\n"
        "table = open_table(sys.argv[1], 'big', limits=Limits.cli())\n"
        "rows = sum(len(columns['type']) for _, columns in table.batches(5_000))\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(rows, int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 3 * 58_250
    assert megabytes < 200
