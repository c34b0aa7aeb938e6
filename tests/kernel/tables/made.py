"""Small dirty files made on the spot: workbooks, csv bytes, OLE2 containers, zips that lie."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import FileOptions, Limits, Table, open_table

Rows = Sequence[Sequence[Any]]
SECTOR = 512
FREE, END_OF_CHAIN, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def read(data: bytes, name: str = "file", limits: Limits | None = None, **options: Any) -> Table:
    return open_table(data, name, FileOptions.from_mapping(options), limits=limits)


def values(table: Table) -> list[list[Any]]:
    """The values of all rows, without their numbers."""
    return [list(row.values.values()) for row in table.rows()]


def numbers(table: Table) -> list[int]:
    return [row.number for row in table.rows()]


def refusal(data: bytes, name: str = "file", limits: Limits | None = None, **options: Any) -> BadInput:
    """The error of a file that cannot be opened or read."""
    with pytest.raises(BadInput) as caught:
        list(read(data, name, limits, **options).rows())
    return caught.value


def rejects_of(table: Table) -> list[tuple[int, list[tuple[str, str]]]]:
    """What a table rejected when it was read: row number, columns and codes."""
    list(table.rows())
    return [(number, [(column, error.code) for column, error in found]) for number, found in table.rejected]


def xlsx(
    sheets: Mapping[str, Rows] | Rows,
    merges: Iterable[str] = (),
    change: Callable[[Worksheet], object] | None = None,
) -> bytes:
    """A workbook by openpyxl; `merges` and `change` apply to the last sheet."""
    book = openpyxl.Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    for title, rows in (sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}).items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    if change:
        change(sheet)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The same zip with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def understated(data: bytes, part: str) -> bytes:
    """The zip with the unpacked size of one part given as one byte less, and a fitting checksum."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info, content = archive.getinfo(part), archive.read(part)
    true = struct.pack("<III", info.CRC, info.compress_size, info.file_size)
    short = struct.pack("<III", zlib.crc32(content[:-1]), info.compress_size, info.file_size - 1)
    assert data.count(true) == 2
    return data.replace(true, short)


def parquet(columns: Mapping[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), out, **options)
    return out.getvalue()


def biff(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


def xls_stream(
    cells: Sequence[tuple[int, bytes]], extra: Sequence[tuple[int, bytes]] = (), name: str = "S1"
) -> bytes:
    """A BIFF8 stream with one sheet: NUMBER, LABEL and other cell records as they are given."""
    version = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    title = struct.pack("<BB", len(name), 0) + name.encode("ascii")
    start = len(biff((0x0809, version), *extra, (0x0085, b"\0" * 6 + title), (0x000A, b"")))
    bound = struct.pack("<IBB", start, 0, 0) + title
    head = biff((0x0809, version), *extra, (0x0085, bound), (0x000A, b""))
    return head + biff((0x0809, sheet), *cells, (0x000A, b""))


def number_cell(row: int, column: int, value: float) -> tuple[int, bytes]:
    return 0x0203, struct.pack("<HHHd", row, column, 0, value)


def text_cell(row: int, column: int, text: str) -> tuple[int, bytes]:
    body = text.encode("utf-16-le")
    return 0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + body


def error_cell(row: int, column: int, code: int) -> tuple[int, bytes]:
    return 0x0205, struct.pack("<HHHBB", row, column, 0, code, 1)


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 container with its streams in ordinary sectors (each padded to 4096 bytes)."""
    padded = {
        name: data.ljust(max(4096, -(-len(data) // SECTOR) * SECTOR), b"\0") for name, data in streams.items()
    }
    directory_sectors = -(-(len(padded) + 1) * 128 // SECTOR)
    fat: list[int] = [FAT_SECTOR, *_chain(1, directory_sectors)]
    entries = [_entry("Root Entry", 5, END_OF_CHAIN, 0, child=1)]
    body = b""
    for place, (name, data) in enumerate(padded.items(), 1):
        start = len(fat)
        fat += _chain(start, len(data) // SECTOR)
        entries.append(_entry(name, 2, start, len(data), right=place + 1 if place < len(padded) else FREE))
        body += data
    assert len(fat) <= SECTOR // 4
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[FREE] * 108)
    table = struct.pack(f"<{SECTOR // 4}I", *fat, *[FREE] * (SECTOR // 4 - len(fat)))
    return header + table + b"".join(entries).ljust(directory_sectors * SECTOR, b"\0") + body


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), END_OF_CHAIN]


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ", raw, len(raw), kind, 1, FREE, right, child, b"", 0, 0, 0, start, size
    )
