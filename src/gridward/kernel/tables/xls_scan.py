"""The old binary workbook (xls): an OLE2 container with BIFF records, looked through before it is read.

Only what safety needs is understood: the container's directory and chains (MS-CFB), and of the records
(MS-XLS) sheets, cell positions, error values, the date system and encryption.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.facts import BookFacts, SheetFacts
from gridward.kernel.tables.options import Limits
from gridward.kernel.tables.source import Source

_LAST_SECTOR = 0xFFFFFFFA
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_CELL_RECORDS = {0x0006, 0x00FD, 0x00D6, 0x0203, 0x0204, 0x0205, 0x027E}
_MULTIPLE = 0x00BD
_FORMULA, _BOOL_ERROR = 0x0006, 0x0205
_BOUND_SHEET, _FILE_PASS, _DATE_MODE, _BEGIN, _END = 0x0085, 0x002F, 0x0022, 0x0809, 0x000A


class Container:
    """An OLE2 file: named streams in chains of sectors. Raises BadInput where it is damaged."""

    def __init__(self, source: Source):
        with source.open() as stream:
            self._data = stream.read()
        self._name = source.name
        if len(self._data) < 512:
            raise self.corrupt("OLE2 header")
        self._sector = 1 << struct.unpack_from("<H", self._data, 30)[0]
        self._small = 1 << struct.unpack_from("<H", self._data, 32)[0]
        if self._sector not in (512, 4096) or self._small != 64:
            raise self.corrupt("OLE2 sector size")
        self._fat = self._read_fat()
        directory = self._chain(struct.unpack_from("<I", self._data, 48)[0])
        self.entries = self._read_directory(directory)

    def corrupt(self, found: str) -> BadInput:
        return BadInput(m.CORRUPT, where=self._name, found=found)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; short ones lie in the small sectors of the root entry."""
        start, size = self.entries[name]
        cutoff = struct.unpack_from("<I", self._data, 56)[0]
        if size >= cutoff:
            return self._chain(start)[:size]
        root = self._chain(self.entries["Root Entry"][0])
        small_fat = self._numbers(self._chain(struct.unpack_from("<I", self._data, 60)[0]))
        sectors = self._follow(small_fat, start)
        return b"".join(root[number * self._small : (number + 1) * self._small] for number in sectors)[:size]

    def _read_fat(self) -> list[int]:
        numbers = [n for n in struct.unpack_from("<109I", self._data, 76) if n < _LAST_SECTOR]
        following, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, len(self._data) // self._sector)):
            if following >= _LAST_SECTOR:
                break
            *more, following = self._numbers(self._at(following))
            numbers.extend(n for n in more if n < _LAST_SECTOR)
        return self._numbers(b"".join(self._at(number) for number in numbers))

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        if start >= len(self._data):
            raise self.corrupt("OLE2 sector beyond the end")
        return self._data[start : start + self._sector].ljust(self._sector, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(self._at(number) for number in self._follow(self._fat, start))

    def _follow(self, table: list[int], start: int) -> Iterator[int]:
        seen = 0
        while start < _LAST_SECTOR:
            if start >= len(table) or seen > len(table):
                raise self.corrupt("OLE2 chain")
            yield start
            seen += 1
            start = table[start]

    @staticmethod
    def _numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _read_directory(self, directory: bytes) -> dict[str, tuple[int, int]]:
        entries: dict[str, tuple[int, int]] = {}
        for offset in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, offset + 64)[0]
            if 2 <= length <= 64:
                name = directory[offset : offset + length - 2].decode("utf-16-le", "replace")
                entries.setdefault(name, struct.unpack_from("<II", directory, offset + 116))
        return entries


def scan_xls(source: Source, limits: Limits) -> BookFacts:
    """Facts about every sheet of an xls. Raises BadInput: password, macros, no workbook, damage."""
    if source.size > limits.max_workbook_bytes:
        raise BadInput(m.TOO_LARGE, where=source.name, found=source.size, allowed=limits.max_workbook_bytes)
    container = Container(source)
    names = container.entries
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise BadInput(m.PASSWORD, where=source.name)
    stream = next((name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in names), None)
    if stream is None:
        kind = ("Word 文档", "a Word document") if "WordDocument" in names else ("OLE2 文件", "an OLE2 file")
        raise BadInput(m.NOT_A_TABLE, where=source.name, found_zh=kind[0], found_en=kind[1])
    if "_VBA_PROJECT_CUR" in names or "_VBA_PROJECT" in names:
        raise BadInput(m.MACROS, where=source.name, found="_VBA_PROJECT")
    facts = _Records(container, container.stream(stream), source.name).run()
    for sheet, one in facts.sheets.items():
        one.check(sheet, source.name, limits)
    return facts


class _Records:
    """Walks the records of a workbook stream."""

    def __init__(self, container: Container, data: bytes, name: str):
        self._container = container
        self._data = data
        self._name = name
        self._sheets: dict[int, tuple[str, SheetFacts]] = {}
        self._current: SheetFacts | None = None
        self._depth = 0
        self._date1904 = False

    def run(self) -> BookFacts:
        data, offset, end = self._data, 0, len(self._data)
        while offset + 4 <= end:
            kind, length = struct.unpack_from("<HH", data, offset)
            if kind == 0 and length == 0:
                break
            body = data[offset + 4 : offset + 4 + length]
            if len(body) < length:
                raise self._container.corrupt("BIFF record beyond the end")
            self._record(kind, body, offset)
            offset += 4 + length
        if not self._sheets:
            raise self._container.corrupt("BIFF without sheets")
        return BookFacts(dict(self._sheets.values()), self._date1904)

    def _record(self, kind: int, body: bytes, offset: int) -> None:
        if kind in _CELL_RECORDS or kind == _MULTIPLE:
            self._cell(kind, body)
        elif kind == _BEGIN:
            self._depth += 1
            if offset in self._sheets:
                self._current = self._sheets[offset][1]
        elif kind == _END:
            self._depth = max(0, self._depth - 1)
            self._current = None if self._depth == 0 else self._current
        elif kind == _BOUND_SHEET and len(body) >= 8:
            self._sheets[struct.unpack_from("<I", body)[0]] = (self._sheet_name(body), SheetFacts())
        elif kind == _FILE_PASS:
            raise BadInput(m.PASSWORD, where=self._name)
        elif kind == _DATE_MODE and body[:1] == b"\x01":
            self._date1904 = True

    def _sheet_name(self, body: bytes) -> str:
        count, flags = body[6], body[7]
        if flags & 1:
            return body[8 : 8 + 2 * count].decode("utf-16-le", "replace")
        return body[8 : 8 + count].decode("latin-1")

    def _cell(self, kind: int, body: bytes) -> None:
        facts = self._current
        if facts is None or len(body) < 6:
            return
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULTIPLE else column
        facts.last_row = max(facts.last_row, row)
        facts.last_column = max(facts.last_column, last)
        error = self._error(kind, body)
        if error is not None:
            facts.errors[row, column] = _ERRORS.get(error, "#ERROR")

    @staticmethod
    def _error(kind: int, body: bytes) -> int | None:
        if kind == _BOOL_ERROR and len(body) >= 8 and body[7] == 1:
            return body[6]
        if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
            return body[8]
        return None
