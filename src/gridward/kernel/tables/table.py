"""What every opened file offers: a header, rows with the numbers a person sees, columns in batches, bad
rows kept.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gridward.kernel.errors import BadInput, Message
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.layout import Layout, is_note_line, starts_note
from gridward.kernel.tables.names import resolve
from gridward.kernel.tables.options import Limits
from gridward.kernel.tables.source import Source

ROWS_AT_ONCE = 500
MAX_NOTES = 50

Value = Any
"""One of str, int, float, bool, datetime, date, None; never an empty str."""

Problems = list[tuple[str, BadInput]]
"""Pairs of column name ("" for the whole row) and what is wrong."""


class Row(NamedTuple):
    """One data row; `number` counts from 1 as Excel shows it, title and header rows included."""

    number: int
    values: dict[str, Value]


class Batch(NamedTuple):
    """Consecutive rows by column: `columns[name][i]` is row `first_row + i`."""

    first_row: int
    columns: dict[str, list[Value]]


class Rejected(NamedTuple):
    """A row that could not be read, in the form `write_rejects` takes."""

    number: int
    problems: Problems


@dataclass
class Table(ABC):
    """An opened file. Reading may be repeated; each reading fills `rejected` and `notes` anew.

    `header_row` counts from 1; in parquet, which has none, it is 1 and the first data row is 2, as after an
    export to Excel. `sheets` are all sheets of a workbook, `notes` the rows below the table taken for
    remarks.
    """

    source: Source
    format: str
    layout: Layout
    limits: Limits
    encoding: str | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    date1904: bool = False
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def header(self) -> list[str]:
        return self.layout.header

    @property
    def codes(self) -> list[str] | None:
        return self.layout.codes

    @property
    def header_row(self) -> int:
        return self.layout.header_row

    @property
    def field_row(self) -> int | None:
        return self.layout.field_row

    def resolve(self, name: str) -> str:
        """The column that a mapping calls `name`; see `names.resolve`."""
        return resolve(self, name)

    def rows(self) -> Iterator[Row]:
        """All good rows one by one, with bounded memory for csv and parquet."""
        header = self.header
        for first_row, columns in self.batches(ROWS_AT_ONCE):
            for offset, values in enumerate(zip(*columns.values(), strict=True)):
                yield Row(first_row + offset, dict(zip(header, values, strict=True)))

    @abstractmethod
    def batches(self, size: int) -> Iterator[Batch]:
        """All good rows in batches of at most `size`; a batch ends early where a row is left out.

        Raises BadInput where a limit is passed or the file turns out to be damaged.
        """

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Where in this file, for the `where` of an error."""
        return m.place(self.name, self.sheet, row, column)

    def reject(self, number: int, column: str, message: Message, **values: object) -> None:
        """Keep a row that cannot be read, with its reason."""
        problem = BadInput(message, where=self.place(number), field=column or None, **values)
        self.rejected.append(Rejected(number, [(column, problem)]))

    def check_width(self, width: int) -> None:
        if width > self.limits.max_columns:
            raise BadInput(
                m.TOO_MANY_COLUMNS, where=self.place(), found=width, allowed=self.limits.max_columns
            )

    def check_rows(self, count: int) -> None:
        if self.limits.max_rows is not None and count > self.limits.max_rows:
            raise BadInput(m.TOO_MANY_ROWS, where=self.place(), allowed=self.limits.max_rows)


class RecordTable(Table):
    """A table that is read row by row (csv, workbook): blank rows, notes, ragged rows, runs of row
    numbers.
    """

    @abstractmethod
    def records(self) -> Iterator[tuple[int, list[Any]]]:
        """All rows of the sheet from the first, with their numbers; "" is a blank cell."""

    @abstractmethod
    def convert(self, column: Sequence[Any]) -> list[Value]:
        """A column of cells as values."""

    def batches(self, size: int) -> Iterator[Batch]:
        self.rejected = []
        self.notes = []
        columns: list[list[Value]] = []
        first = count = 0
        for number, run in self._runs(min(size, ROWS_AT_ONCE)):
            if count and (number != first + count or count + len(run) > size):
                yield Batch(first, dict(zip(self.header, columns, strict=True)))
                count = 0
            if not count:
                first, columns = number, [[] for _ in self.header]
            self._extend(columns, run)
            count += len(run)
        if count:
            yield Batch(first, dict(zip(self.header, columns, strict=True)))

    def _extend(self, columns: list[list[Value]], run: list[list[Any]]) -> None:
        """Add rows to columns; few rows at a time, so that they are still in the processor's cache."""
        turned = list(zip(*run, strict=True))
        for column, position in zip(columns, self.layout.columns, strict=True):
            column.extend(self.convert(turned[position]))

    def _runs(self, size: int) -> Iterator[tuple[int, list[list[Any]]]]:
        """Consecutive data rows, all of the same width, at most `size` together."""
        run: list[list[Any]] = []
        first = 0
        for count, (number, cells) in enumerate(self._data_rows(), 1):
            if run and (number != first + len(run) or len(run) >= size):
                yield first, run
                run = []
            if not run:
                first = number
            run.append(cells)
            self.check_rows(count)
        if run:
            yield first, run

    def _data_rows(self) -> Iterator[tuple[int, list[Any]]]:
        first_row, width = self.layout.first_row, self.width
        sparse = max(width - 2, 1)
        notes = _Notes()
        for number, cells in self.records():
            if number < first_row:
                continue
            if len(cells) != width:
                fitted = self._fit(number, cells, width)
                if fitted is None:
                    continue
                cells = fitted
            if cells.count("") >= sparse and notes.hold(number, cells):
                continue
            if notes.held:
                yield from notes.release()
            yield number, cells
        yield from self._keep_notes(notes)

    @property
    def width(self) -> int:
        """Cells of a row that reach to the last column of the table."""
        last = [*self.layout.columns, -1 if self.layout.error_column is None else self.layout.error_column]
        return max(last) + 1

    def _fit(self, number: int, cells: list[Any], width: int) -> list[Any] | None:
        """A ragged row brought to `width`; None (and kept as rejected) where it has values beyond the
        header.
        """
        if len(cells) < width:
            return [*cells, *[""] * (width - len(cells))]
        if any(value != "" for value in cells[width:]):
            self.reject(number, "", m.TOO_WIDE_ROW, row=number, found=len(cells), allowed=width)
            return None
        return cells[:width]

    def _keep_notes(self, notes: _Notes) -> Iterator[tuple[int, list[Any]]]:
        if notes.is_closing:
            self.notes = [
                (number, " ".join(str(cell) for cell in cells if cell)) for number, cells in notes.held
            ]
        else:
            yield from notes.release()


class _Notes:
    """Holds sparse rows back until it is known whether the table goes on below them."""

    def __init__(self) -> None:
        self.held: list[tuple[int, list[Any]]] = []
        self.is_closing = False

    def hold(self, number: int, cells: list[Any]) -> bool:
        """True when the row is blank or may be a note, so it is not to be handed on now."""
        if not any(not isinstance(cell, str) or cell.strip() for cell in cells):
            return True
        goes_on = bool(self.held) and is_note_line(cells) and len(self.held) < MAX_NOTES
        fits = goes_on or (not self.held and starts_note(cells))
        if fits:
            self.held.append((number, cells))
            self.is_closing = True
        return fits

    def release(self) -> Iterator[tuple[int, list[Any]]]:
        held, self.held, self.is_closing = self.held, [], False
        yield from held
