"""Opening any file as a table, by what its content is."""

from __future__ import annotations

from pathlib import Path

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.columnar import open_parquet
from gridward.kernel.tables.delimited import open_csv
from gridward.kernel.tables.options import FileOptions, Limits
from gridward.kernel.tables.source import Kind, Source, sniff
from gridward.kernel.tables.table import Table
from gridward.kernel.tables.workbook import open_workbook

_FORMAT_OF = {"zip": "xlsx", "ole": "xls"}


def open_table(
    path_or_bytes: Path | str | bytes,
    name: str,
    options: FileOptions | None = None,
    *,
    limits: Limits | None = None,
) -> Table:
    """Open a csv, xlsx, xls or parquet file; `name` is what a person knows the file by.

    Without `limits` those of the web apply. Raises BadInput with a code GW-TABLE-nnn for every file that is
    empty, too large, protected, damaged, dangerous or no table.
    """
    options = options or FileOptions()
    limits = limits or Limits.web()
    data = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes)
    source = Source(data, name)
    kind = sniff(source, limits)
    table = _open(source, kind, options, limits)
    if options.format not in ("auto", table.format):
        raise BadInput(
            m.OTHER_FORMAT, where=name, field="file.format", declared=options.format, found=table.format
        )
    return table


def _open(source: Source, kind: Kind, options: FileOptions, limits: Limits) -> Table:
    if kind.name == "parquet":
        return open_parquet(source, limits)
    if kind.name == "csv":
        return open_csv(source, options, limits, gzipped=kind.gzipped)
    return open_workbook(source, options, limits, kind=_FORMAT_OF[kind.name])
