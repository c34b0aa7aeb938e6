"""Rejected rows back to the person in the layout they came in, with a last column that says why.

The file can be corrected and imported again: the header stands where it stood, the last column is passed
over.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.columnar import FIRST_ROW, ParquetTable
from gridward.kernel.tables.delimited import CsvTable, RecordReader
from gridward.kernel.tables.encoding import read_lines, readable
from gridward.kernel.tables.formula import escape_formula, unescape_formula
from gridward.kernel.tables.messages import both_languages
from gridward.kernel.tables.names import ERROR_HEADER
from gridward.kernel.tables.source import TextStream
from gridward.kernel.tables.table import Table
from gridward.kernel.tables.workbook import WorkbookTable
from gridward.kernel.tables.workbook_rejects import WorkbookRejects

SUFFIXES = {".csv", ".xlsx", ".xls", ".parquet", ".gz"}

RejectedRows = Sequence[tuple[int, Sequence[tuple[str, BadInput | str]]]]
"""(row number, [(column name or "", what is wrong)])."""


def write_rejects(table: Table, rejected: RejectedRows, path: Path | str) -> Path:
    """Write the rejected rows of `table` and return the file written.

    csv stays csv (same encoding, sign and title rows), parquet stays parquet, xlsx and xls become xlsx with
    the same sheets, title rows and merged header; the suffix of `path` is set accordingly.
    """
    reasons = _reasons(rejected)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(table, CsvTable):
        return _write_csv(table, reasons, _with_suffix(path, ".csv"))
    if isinstance(table, WorkbookTable):
        return WorkbookRejects(table, reasons).write(_with_suffix(path, ".xlsx"))
    assert isinstance(table, ParquetTable)
    return _write_parquet(table, reasons, _with_suffix(path, ".parquet"))


def _with_suffix(path: Path, suffix: str) -> Path:
    while path.suffix.lower() in SUFFIXES:
        path = path.with_suffix("")
    return path.with_name(path.name + suffix)


def _reasons(rejected: RejectedRows) -> dict[int, str]:
    """Row number → the text of its last column; a row given twice keeps all its reasons, each once."""
    found: dict[int, list[str]] = {}
    for number, problems in rejected:
        lines = found.setdefault(number, [])
        for column, problem in problems:
            line = f"{column}：{both_languages(problem)}" if column else both_languages(problem)
            if line not in lines:
                lines.append(line)
    return {number: "\n".join(lines) for number, lines in found.items()}


def _without(cells: Sequence[Any], position: int | None) -> list[Any]:
    """The cells without an error column that an earlier rejects file left."""
    return [cell for index, cell in enumerate(cells) if index != position]


def _write_csv(table: CsvTable, reasons: Mapping[int, str], path: Path) -> Path:
    encoding, bom = _target_encoding(table)
    with path.open("w", encoding=encoding, errors="replace", newline="") as text:
        text.buffer.write(bom)
        writer = csv.writer(text, delimiter=table.delimiter)
        for number, cells in _csv_rows(table):
            row = _without(cells, table.layout.error_column)
            if number == table.header_row:
                writer.writerow([*_padded(row, table), ERROR_HEADER])
            elif number < table.layout.first_row:
                writer.writerow(row)
            elif number in reasons:
                row = [escape_formula(unescape_formula(cell)) for cell in row]
                writer.writerow([*_padded(row, table), reasons[number]])
    return path


def _target_encoding(table: CsvTable) -> tuple[str, bytes]:
    """The encoding of the source, where it can hold the reasons; otherwise UTF-8, with the mark that tells
    so.
    """
    try:
        ERROR_HEADER.encode(table.charset.name)
    except UnicodeEncodeError:
        return "utf-8", codecs.BOM_UTF8
    return table.charset.name, table.charset.bom


def _padded(row: list[Any], table: CsvTable) -> list[Any]:
    width = table.width - (table.layout.error_column is not None)
    return row + [""] * (width - len(row))


def _csv_rows(table: CsvTable) -> Iterator[tuple[int, list[str]]]:
    """All rows with the broken ones at their place, as readable as they can be made."""
    with TextStream(table.source, gzipped=table.gzipped, limits=table.limits) as stream:
        lines = read_lines(stream, table.charset)
        reader = RecordReader(lines, table.delimiter, table.width, table.limits.max_cell_chars)
        for number, cells in reader:
            yield from _broken(reader, table)
            yield number, cells
        yield from _broken(reader, table)


def _broken(reader: RecordReader, table: CsvTable) -> Iterator[tuple[int, list[str]]]:
    """What could be saved of the broken records; stray quotes and line breaks stand as plain characters."""
    for bad in reader.take_broken():
        text = readable(bad.text, table.charset.name).rstrip("\r\n")
        if bad.message in (m.QUOTE, m.LINE_BREAK):
            yield bad.number, " ".join(text.splitlines()).split(table.delimiter)
        else:
            yield bad.number, next(csv.reader(io.StringIO(text, newline=""), delimiter=table.delimiter), [])


def _write_parquet(table: ParquetTable, reasons: Mapping[int, str], path: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer: Any = None
    first = FIRST_ROW
    for batch in table.arrow_batches(10_000):
        numbers = [number for number in range(first, first + batch.num_rows) if number in reasons]
        kept = pa.Table.from_batches([batch]).take(
            pa.array([number - first for number in numbers], pa.int64())
        )
        if table.layout.error_column is not None:
            kept = kept.remove_column(table.layout.error_column)
        kept = kept.append_column(ERROR_HEADER, pa.array([reasons[n] for n in numbers], pa.string()))
        writer = writer or pq.ParquetWriter(path, kept.schema, compression="zstd")
        if numbers:
            writer.write_table(kept)
        first += batch.num_rows
    if writer:
        writer.close()
    return path
