"""xlsx and xls: checked first, read by calamine, the sheet with the real table chosen, merged cells
filled.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import islice
from typing import Any, TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.archive import Archive
from gridward.kernel.tables.facts import SheetFacts
from gridward.kernel.tables.formula import unescape_formula
from gridward.kernel.tables.layout import (
    SAMPLE_ROWS,
    Head,
    Layout,
    Merge,
    header_score,
    is_blank,
    read_layout,
    sample_size,
)
from gridward.kernel.tables.options import FileOptions, Limits
from gridward.kernel.tables.source import Source
from gridward.kernel.tables.table import RecordTable, Rejected, Value
from gridward.kernel.tables.xls_scan import scan_xls
from gridward.kernel.tables.xlsx_scan import scan_xlsx

_EXACT = 2**53
_T = TypeVar("_T")


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet from row 1 and column A, with its merged ranges."""

    cells: CalamineSheet
    merges: list[Merge]

    @classmethod
    def of(cls, sheet: CalamineSheet) -> Grid:
        ranges = sheet.merged_cell_ranges or []
        return cls(sheet, sorted((Merge(*a, *b) for a, b in ranges), key=lambda one: (one.top, one.left)))

    def raw_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows as they stand, numbers from 1."""
        start = self.cells.start
        if start is None:
            return
        left = [""] * start[1]
        for number, row in enumerate(self.cells.iter_rows(), 1):
            yield number, left + row if left else row

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows in which a cell merged downwards shows its value in every row; blank rows stay blank."""
        waiting = [merge for merge in self.merges if merge.bottom > merge.top]
        waiting.reverse()
        active: dict[int, tuple[Any, int]] = {}
        for number, row in self.raw_rows():
            index = number - 1
            if active:
                active = {column: fill for column, fill in active.items() if fill[1] >= index}
                if any(value != "" for value in row):
                    for column, (value, _) in active.items():
                        row[column] = value
            while waiting and waiting[-1].top <= index:
                merge = waiting.pop()
                if merge.left < len(row):
                    active[merge.left] = (row[merge.left], merge.bottom)
            yield number, row

    def head(self, count: int) -> Head:
        """The first `count` rows, for finding the header."""
        raw = [row for _, row in islice(self.raw_rows(), count)]
        rows = [row for _, row in islice(self.rows(), count)]
        return Head(raw, rows, [merge for merge in self.merges if merge.top < count])


@dataclass
class WorkbookTable(RecordTable):
    """One sheet of a workbook. `book` and `facts` serve the rejects file, which repeats the sheet's
    layout.
    """

    book: CalamineWorkbook | None = None
    grid: Grid | None = None
    facts: SheetFacts = field(default_factory=SheetFacts)

    def records(self) -> Iterator[tuple[int, list[Any]]]:
        assert self.grid is not None
        broken = self.facts.broken_rows()
        for number, row in self.grid.rows():
            columns = broken.get(number - 1)
            if columns and number >= self.layout.first_row and self._reject_cells(number, columns):
                continue
            yield number, row

    def _reject_cells(self, number: int, columns: list[int]) -> bool:
        """Keep a row as rejected when one of its unreadable cells belongs to the table."""
        names = dict(zip(self.layout.columns, self.layout.header, strict=True))
        problems = [
            (names[column], self._unreadable(number, column)) for column in columns if column in names
        ]
        if problems:
            self.rejected.append(Rejected(number, problems))
        return bool(problems)

    def _unreadable(self, number: int, column: int) -> BadInput:
        where, cell = self.place(number, column), m.cell_name(number, column)
        error = self.facts.errors.get((number - 1, column))
        if error is None:
            return BadInput(m.FORMULA, where=where, cell=cell)
        return BadInput(m.CELL_ERROR, where=where, cell=cell, found=error)

    def convert(self, column: Sequence[Any]) -> list[Value]:
        return [cell_value(cell) for cell in column]


def cell_value(cell: Any) -> Value:
    """A cell as a value: whole floats are integers (Excel knows only floats), blank texts are None."""
    if isinstance(cell, str):
        return unescape_formula(cell) if cell.strip() else None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) <= _EXACT else cell
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return cell


def open_workbook(source: Source, options: FileOptions, limits: Limits, *, kind: str) -> WorkbookTable:
    """Open an xlsx or xls. Raises BadInput for everything that must not or cannot be read."""
    scanned = scan_xlsx(Archive(source, limits), limits) if kind == "xlsx" else scan_xls(source, limits)
    book = _guarded(source, lambda: _load(source))
    sheet = _choose_sheet(source, book, options)
    grid = Grid.of(_guarded(source, lambda: book.get_sheet_by_name(sheet)))
    facts = scanned.sheets.get(sheet, SheetFacts())
    layout = _layout(grid, options, m.place(source.name, sheet))
    return _checked(
        WorkbookTable(
            source=source,
            format=kind,
            layout=layout,
            limits=limits,
            sheet=sheet,
            sheets=list(book.sheet_names),
            date1904=scanned.date1904,
            book=book,
            grid=grid,
            facts=facts,
        )
    )


def _checked(table: WorkbookTable) -> WorkbookTable:
    table.check_width(table.width)
    return table


def _load(source: Source) -> CalamineWorkbook:
    if isinstance(source.data, bytes):
        return CalamineWorkbook.from_filelike(io.BytesIO(source.data))
    return CalamineWorkbook.from_path(source.data)


def _guarded(source: Source, read: Callable[[], _T]) -> _T:
    """Run the foreign reader; whatever it throws (a Rust panic is no Exception) means a damaged file."""
    try:
        return read()
    except PasswordError as error:
        raise BadInput(m.PASSWORD, where=source.name) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise BadInput(m.CORRUPT, where=source.name, found=f"{type(error).__name__}: {error}") from error


def _layout(grid: Grid, options: FileOptions, where: str) -> Layout:
    head = grid.head(sample_size(options))
    if not any(not is_blank(value) for row in head.raw for value in row):
        raise BadInput(m.EMPTY, where=where, found="空表 blank sheet")
    layout = read_layout(head, None, options, where)
    if all(layout.named):
        return layout
    return read_layout(head, _used_columns(grid, layout), options, where)


def _used_columns(grid: Grid, layout: Layout) -> set[int]:
    """Columns that hold anything below the header; one without a name and without data is left out."""
    used: set[int] = set()
    for number, row in grid.raw_rows():
        if number >= layout.first_row:
            used.update(column for column, value in enumerate(row) if value != "")
    return used


def _choose_sheet(source: Source, book: CalamineWorkbook, options: FileOptions) -> str:
    names = list(book.sheet_names)
    if options.sheet != "auto":
        return _named_sheet(source, names, options.sheet)
    shown = [
        one.name
        for one in book.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
    ]
    if len(shown) == 1:
        return shown[0]
    if not shown:
        raise BadInput(m.EMPTY, where=source.name, found="没有可见的工作表 no visible sheet")
    return max(shown, key=lambda name: _score(source, book, name))


def _score(source: Source, book: CalamineWorkbook, name: str) -> float:
    return header_score(Grid.of(_guarded(source, lambda: book.get_sheet_by_name(name))).head(SAMPLE_ROWS).raw)


def _named_sheet(source: Source, names: list[str], wanted: str | int) -> str:
    if isinstance(wanted, int) and wanted <= len(names):
        return names[wanted - 1]
    fitting = [name for name in names if name.strip().casefold() == str(wanted).strip().casefold()]
    if fitting:
        return fitting[0]
    close = difflib.get_close_matches(str(wanted), names, n=1, cutoff=0.4)
    listed = sorted(names, key=lambda name: name not in close)
    raise BadInput(
        m.SHEET_MISSING, where=source.name, field="file.sheet", found=wanted, allowed="、".join(listed)
    )
