"""parquet of any size, read batch by batch; pyarrow is imported only here and only when needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING, Any

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.layout import Layout
from gridward.kernel.tables.names import ERROR_HEADER, clean_label, make_unique, same_name
from gridward.kernel.tables.options import Limits
from gridward.kernel.tables.source import Source
from gridward.kernel.tables.table import Batch, Table, Value

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

STREAM_BUFFER = 1 << 16
FIRST_ROW = 2


@dataclass
class ParquetTable(Table):
    """Columns of a parquet file under clean, unique names; `originals` are the names in the file."""

    originals: list[str] = field(default_factory=list)

    def batches(self, size: int) -> Iterator[Batch]:
        self.rejected = []
        self.notes = []
        first = FIRST_ROW
        for batch in self.arrow_batches(size):
            columns = {
                name: _values(batch.column(position))
                for name, position in zip(self.header, self.layout.columns, strict=True)
            }
            yield Batch(first, columns)
            first += batch.num_rows

    def arrow_batches(self, size: int) -> Iterator[pa.RecordBatch]:
        """Record batches of all columns; buffered, so that a large row group is not held whole."""
        import pyarrow as pa

        try:
            with _open(self.source) as file:
                yield from file.iter_batches(batch_size=size, use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise _corrupt(self.source, error) from error


def open_parquet(source: Source, limits: Limits) -> ParquetTable:
    """Open a parquet file. Raises BadInput where it is damaged or passes a limit."""
    import pyarrow as pa

    try:
        with _open(source) as file:
            names = list(file.schema_arrow.names)
            rows = file.metadata.num_rows
            size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
    except (pa.ArrowException, OSError) as error:
        raise _corrupt(source, error) from error
    allowed = limits.max_unzipped_bytes
    if allowed is not None and size > allowed:
        raise BadInput(m.BOMB, where=source.name, found=f"{size} B", allowed=f"{allowed} B")
    table = ParquetTable(source, "parquet", _layout(names), limits, originals=names)
    table.check_width(len(names))
    table.check_rows(rows)
    return table


def _open(source: Source) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    given: Any = pa.BufferReader(source.data) if isinstance(source.data, bytes) else str(source.data)
    return pq.ParquetFile(given, buffer_size=STREAM_BUFFER, pre_buffer=False, page_checksum_verification=True)


def _corrupt(source: Source, error: Exception) -> BadInput:
    return BadInput(m.CORRUPT, where=source.name, found=f"parquet: {str(error)[:200]}")


def _layout(names: list[str]) -> Layout:
    labels = [clean_label(name) for name in names]
    error = next((i for i, label in enumerate(labels) if same_name(label, ERROR_HEADER)), None)
    columns = [i for i in range(len(names)) if i != error]
    return Layout(
        header_row=1,
        field_row=None,
        first_row=FIRST_ROW,
        columns=columns,
        header=make_unique([labels[i] or f"({m.column_letter(i)})" for i in columns]),
        codes=None,
        error_column=error,
        named=[bool(labels[i]) for i in columns],
    )


def _values(column: pa.Array) -> list[Value]:
    """A column as Python values: missing numbers, NaN and empty texts are None."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _values(column.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return [value or None for value in _listed(column)]
    if pa.types.is_integer(kind):
        return _with_gaps(column, 0)
    if pa.types.is_floating(kind):
        return [None if isnan(value) else value for value in _listed(column)]
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return _listed(column.cast(pa.timestamp("us"), safe=False))
    if pa.types.is_boolean(kind) or pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _exact(column)
    return [None if value is None else _text(value) for value in _exact(column)]


def _with_gaps(column: pa.Array, filler: int) -> list[Value]:
    """Integers stay integers beside missing ones (numpy alone would turn them into floats)."""
    if not column.null_count:
        return _listed(column)
    values = _listed(column.fill_null(filler))
    for position, missing in enumerate(_listed(column.is_null())):
        if missing:
            values[position] = None
    return values


def _listed(column: pa.Array) -> list[Value]:
    """By way of numpy, which is several times faster than asking arrow for one value after another."""
    values: list[Value] = column.to_numpy(zero_copy_only=False).tolist()
    return values


def _exact(column: pa.Array) -> list[Value]:
    values: list[Value] = column.to_pylist()
    return values


def _text(value: Any) -> str:
    """Values that no table cell holds (decimals, times, lists, bytes) as text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
