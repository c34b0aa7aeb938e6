"""parquet: types as they are, missing values as None, batches with the row numbers of an export."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from gridward.kernel.tables import Batch, Limits, open_table
from tests.kernel.tables.made import parquet, read, refusal, values

MOMENT = datetime(2011, 7, 1, 1, 32, 33)  # noqa: DTZ001 -- the file has no zone


def test_parquet_values_keep_their_types_and_gaps_are_none() -> None:
    table = read(
        parquet(
            {
                "text": pa.array(["02131", "", None], pa.large_string()),
                "whole": pa.array([7, None, 2**60 + 1], pa.int64()),
                "real": pa.array([1.0, float("nan"), None]),
                "yes": pa.array([True, None, False]),
                "day": pa.array([date(2019, 6, 3), None, None]),
                "wall": pa.array([MOMENT, None, None], pa.timestamp("ns")),
                "instant": pa.array([MOMENT.replace(tzinfo=UTC), None, None], pa.timestamp("us", "UTC")),
                "kind": pa.array(["a", None, "a"]).dictionary_encode(),
                "fen": pa.array([Decimal("1.50"), None, None]),
                "list": pa.array([[1, 2], None, []]),
                "bytes": pa.array([b"\1\2", None, None]),
            }
        )
    )
    first, second, third = values(table)
    instant = MOMENT.replace(tzinfo=UTC)
    assert first == [
        "02131", 7, 1.0, True, date(2019, 6, 3), MOMENT, instant, "a", "1.50", "[1, 2]", "0102",
    ]  # fmt: skip
    assert second == [None] * 11
    assert third == [None, 2**60 + 1, None, False, None, None, None, "a", None, "[]", None]
    assert [type(value) for value in first[:4]] == [str, int, float, bool]


def test_parquet_rows_are_numbered_as_after_an_export_to_excel() -> None:
    table = read(parquet({"a": list(range(5))}, row_group_size=2))
    assert (table.format, table.header_row, table.codes) == ("parquet", 1, None)
    assert [row.number for row in table.rows()] == [2, 3, 4, 5, 6]
    assert list(table.batches(2))[:2] == [Batch(2, {"a": [0, 1]}), Batch(4, {"a": [2, 3]})]


def test_parquet_is_read_from_a_path_as_from_bytes(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(parquet({"a": [1]}))
    assert values(open_table(file, "x.csv", limits=Limits.cli())) == [[1]]
    assert values(open_table(str(file), "x.csv")) == [[1]]


def test_parquet_names_are_cleaned_and_made_unique() -> None:
    data = pa.table([[1], [2], [3]], names=["地址", " 地址\n", ""])
    out = pa.BufferOutputStream()
    import pyarrow.parquet as pq

    pq.write_table(data, out)
    assert read(out.getvalue().to_pybytes()).header == ["地址", "地址 (2)", "(C)"]


def test_parquet_that_unpacks_to_too_much_is_refused() -> None:
    data = parquet({"a": ["x" * 1000] * 1000}, use_dictionary=False)
    assert refusal(data, limits=Limits(max_unzipped_bytes=10_000)).code == "GW-TABLE-008"


@pytest.mark.parametrize("cut", [10, 200, -20])
def test_parquet_truncated_is_refused_as_damaged(cut: int) -> None:
    data = parquet({"a": list(range(1000)), "b": ["x"] * 1000})
    assert refusal(data[:cut]).code == "GW-TABLE-007"


def test_parquet_damaged_in_the_middle_is_refused_while_reading() -> None:
    texts = [f"text {i}" for i in range(2000)]
    data = parquet({"b": texts}, use_dictionary=False, compression="none", write_page_checksum=True)
    broken = data.replace(b"text 1000", b"tent 1000")
    assert broken != data
    assert refusal(broken).code == "GW-TABLE-007"
