"""The `file:` part of a mapping: read, or answered with what is allowed."""

from __future__ import annotations

import pytest

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import FileOptions, Limits, option_problems


def test_options_contract_sample_reads_as_detection_of_everything() -> None:
    given = {"format": "auto", "encoding": "auto", "sheet": "auto", "header_row": "auto", "field_row": None}
    assert FileOptions.from_mapping(given) == FileOptions()
    assert FileOptions.from_mapping(None) == FileOptions()


def test_options_given_values_are_kept_in_one_spelling() -> None:
    given = {"format": "XLSX", "encoding": "GBK", "sheet": 2, "header_row": 3, "field_row": 4}
    assert FileOptions.from_mapping(given) == FileOptions("xlsx", "gb18030", 2, 3, 4)
    assert FileOptions.from_mapping({"field_row": "none", "sheet": "数据"}) == FileOptions(
        field_row=0, sheet="数据"
    )


def test_options_unknown_key_names_the_closest() -> None:
    with pytest.raises(BadInput) as caught:
        FileOptions.from_mapping({"head_row": 2})
    assert caught.value.code == "GW-TABLE-010"
    assert "是不是 header_row" in caught.value.sentence("zh")
    assert "format, encoding, sheet, header_row, field_row" in caught.value.sentence("en")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("format", "ods"),
        ("encoding", "klingon"),
        ("sheet", 0),
        ("sheet", 1.5),
        ("header_row", 0),
        ("header_row", "first"),
        ("header_row", True),
        ("field_row", -1),
        ("field_row", "second"),
    ],
)
def test_options_bad_value_says_what_is_allowed(option: str, value: object) -> None:
    (problem,) = option_problems({option: value})
    assert (problem.code, problem.field) == ("GW-TABLE-011", f"file.{option}")
    assert "示例：file: {format: auto" in problem.sentence("zh")


def test_options_several_problems_come_in_one_run() -> None:
    problems = option_problems({"format": "ods", "sheets": 1, "header_row": 0})
    assert [problem.code for problem in problems] == ["GW-TABLE-010", "GW-TABLE-011", "GW-TABLE-011"]


def test_limits_command_line_opens_csv_and_parquet_but_not_workbooks() -> None:
    web, cli = Limits.web(), Limits.cli()
    assert (web.max_bytes, cli.max_bytes) == (50 * 1024 * 1024, None)
    assert (cli.max_rows, cli.max_unzipped_bytes) == (None, None)
    assert cli.max_workbook_bytes == web.max_workbook_bytes
