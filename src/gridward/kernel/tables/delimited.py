"""csv (also .gz, tab, semicolon) of any size: records with the numbers Excel shows, broken rows set aside."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from gridward.kernel.errors import BadInput, Message
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.encoding import BrokenLine, Encoding, detect, read_lines, readable
from gridward.kernel.tables.formula import may_be_escaped, unescape_formula
from gridward.kernel.tables.layout import SAMPLE_ROWS, Head, read_layout, sample_size
from gridward.kernel.tables.options import FileOptions, Limits
from gridward.kernel.tables.source import Source, TextStream
from gridward.kernel.tables.table import RecordTable, Value

DELIMITERS = ",\t;|"
BLANKS = DELIMITERS + ' "\r\n\u3000'
MAX_RECORD = 4 << 20
# The limit of the csv module is one for the whole process; a stray quote must be seen as such, not as a
# long cell.
csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD))


@dataclass
class CsvTable(RecordTable):
    """A text table. `delimiter` and `charset` are what the rejects file is written with."""

    gzipped: bool = False
    delimiter: str = ","
    charset: Encoding = field(default_factory=lambda: Encoding("utf-8"))
    _reader: RecordReader | None = None

    def records(self) -> Iterator[tuple[int, list[str]]]:
        with TextStream(self.source, gzipped=self.gzipped, limits=self.limits) as stream:
            lines = read_lines(stream, self.charset)
            reader = RecordReader(lines, self.delimiter, self.width, self.limits.max_cell_chars)
            self._reader = reader
            for number, cells in reader:
                for bad in reader.take_broken():
                    self._keep_broken(bad)
                yield number, cells
            for bad in reader.take_broken():
                self._keep_broken(bad)

    def _keep_broken(self, bad: BrokenRecord) -> None:
        values = {"row": bad.number, "encoding": (self.encoding or "").upper()}
        if bad.number < self.layout.first_row:
            return
        if bad.message is m.CELL_TOO_LONG:
            self.reject(bad.number, "", bad.message, allowed=self.limits.max_cell_chars, **values)
        else:
            found = readable(bad.text, self.charset.name)[:60].strip()
            self.reject(bad.number, "", bad.message, found=found, **values)

    def convert(self, column: Sequence[str]) -> list[Value]:
        if self._reader is not None and self._reader.has_escapes:
            return [unescape_formula(value) or None for value in column]
        return [value or None for value in column] if "" in column else list(column)


@dataclass(frozen=True)
class BrokenRecord:
    """A record that could not be read: its number, its text so far, and why."""

    number: int
    text: str
    message: Message


class RecordReader:
    """Numbered records from lines. A record that is broken costs one row: reading goes on at its second line.

    `width` (None while the header is not known) tells a record swallowed by a stray quote from one that
    spans lines rightly.
    """

    def __init__(
        self, lines: Iterable[str], delimiter: str, width: int | None = None, max_cell: int = 100_000
    ):
        self._lines = iter(lines)
        self._delimiter = delimiter
        self._width = width
        self._max_cell = max_cell
        self._again: list[str] = []
        self._pending: list[str] = []
        self._doubtful = False
        self._ended = False
        self._broken: list[BrokenRecord] = []
        self._number = 0
        self.has_escapes = False

    def take_broken(self) -> list[BrokenRecord]:
        """The broken records met since the last call."""
        broken, self._broken = self._broken, []
        return broken

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while not self._ended or self._again:
            self._ended = False
            yield from self._until_broken()

    def _until_broken(self) -> Iterator[tuple[int, list[str]]]:
        pending = self._pending
        reader = csv.reader(self._feed(), delimiter=self._delimiter)
        try:
            for record in reader:
                self._number += 1
                if (self._doubtful or self._ended or len(pending) > 1) and (why := self._complaint(record)):
                    self._set_aside(why)
                    return
                pending.clear()
                self._doubtful = False
                yield self._number, record
        except csv.Error as error:
            self._number += 1
            self._set_aside(m.LINE_BREAK if "new-line" in str(error) else m.QUOTE)

    def _feed(self) -> Iterator[str]:
        """Lines for the csv reader, remembered until their record is complete."""
        pending, size = self._pending, 0
        while True:
            line = self._again.pop() if self._again else next(self._lines, None)
            if line is None:
                self._ended = True
                return
            if not pending:
                size = 0
                line = line if line.strip(BLANKS) else "\n"
            size += len(line)
            pending.append(line)
            if "'" in line and may_be_escaped(line):
                self.has_escapes = True
            if len(line) > self._max_cell or type(line) is BrokenLine:
                self._doubtful = True
            if size > MAX_RECORD:
                raise csv.Error("record too long")
            yield line

    def _complaint(self, record: list[str]) -> Message | None:
        """What is wrong with a record; None when it is fine (several lines, rightly quoted)."""
        if any(type(line) is BrokenLine for line in self._pending):
            return m.ROW_ENCODING
        if any(len(cell) > self._max_cell for cell in record):
            return m.CELL_TOO_LONG
        if self._ended and self._pending:
            return m.QUOTE
        if len(self._pending) > 1 and (self._is_wide(record) or not self._is_strict()):
            return m.QUOTE
        return None

    def _is_wide(self, record: list[str]) -> bool:
        return self._width is not None and len(record) > self._width

    def _is_strict(self) -> bool:
        """A text over several lines is believed only when its quotes stand exactly where they should."""
        try:
            list(csv.reader(self._pending, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return False
        return True

    def _set_aside(self, why: Message) -> None:
        """Keep the broken record; where quotes are to blame only its first line belongs to it."""
        pending = self._pending
        lost = pending[:1] if why is m.QUOTE else pending
        self._broken.append(BrokenRecord(self._number, "".join(lost), why))
        self._again.extend(reversed(pending[len(lost) :]))
        pending.clear()
        self._doubtful = False


def open_csv(source: Source, options: FileOptions, limits: Limits, *, gzipped: bool) -> CsvTable:
    """Open a text table. Raises BadInput for an unknown encoding or a file without a header."""
    with TextStream(source, gzipped=gzipped, limits=limits) as stream:
        charset = detect(stream, options.encoding, source.name)
    with TextStream(source, gzipped=gzipped, limits=limits) as stream:
        lines = list(islice(read_lines(stream, charset), sample_size(options) * 4))
    if not any(line.strip() for line in lines):
        raise BadInput(m.EMPTY, where=source.name, found="只有空白 blank")
    delimiter = _delimiter(lines)
    rows = _sample(lines, delimiter, sample_size(options))
    layout = read_layout(Head(rows, rows), None, options, source.name)
    table = CsvTable(
        source=source,
        format="csv",
        layout=layout,
        limits=limits,
        encoding="utf-8-sig" if charset.name == "utf-8" and charset.bom else charset.name,
        gzipped=gzipped,
        delimiter=delimiter,
        charset=charset,
    )
    table.check_width(table.width)
    return table


def _sample(lines: list[str], delimiter: str, count: int) -> list[list[str]]:
    """The first rows, for finding the header; a row that is broken stands as a blank one."""
    rows: list[list[str]] = []
    for number, cells in islice(RecordReader(lines, delimiter), count):
        rows.extend([] for _ in range(number - 1 - len(rows)))
        rows.append(cells)
    return rows[:count]


def _delimiter(lines: list[str]) -> str:
    """The sign that cuts most of the first lines into the same number of cells."""
    sample = [line for line in lines[:SAMPLE_ROWS] if type(line) is not BrokenLine]
    return max(DELIMITERS, key=lambda sign: _agreement(sample, sign))


def _agreement(lines: list[str], sign: str) -> int:
    counts = [len(cells) - 1 for _, cells in RecordReader(lines, sign) if cells]
    usual = max(set(counts), key=lambda count: (counts.count(count) * count, count), default=0)
    return usual * counts.count(usual)
