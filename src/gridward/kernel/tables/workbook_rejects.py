"""The rejects file of a workbook: the same sheets, titles, merged header and columns, and only the rejected
rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import SheetVisibleEnum
from xlsxwriter.exceptions import XlsxWriterException

from gridward.kernel.tables.layout import Merge
from gridward.kernel.tables.names import ERROR_HEADER
from gridward.kernel.tables.workbook import Grid, WorkbookTable, cell_value
from gridward.kernel.tables.writing import WORKBOOK_OPTIONS, CellWriter

MAX_OTHER_ROWS = 500
WIDEST = 80.0
REASON_WIDTH = 60


class WorkbookRejects:
    """Writes one workbook; rows and columns count from 0 as in the source, `_target` gives the new column."""

    def __init__(self, table: WorkbookTable, reasons: Mapping[int, str]):
        assert table.book is not None and table.grid is not None
        self._table = table
        self._book = table.book
        self._grid = table.grid
        self._reasons = reasons
        self._gone = table.layout.error_column
        self._first_data = table.layout.first_row - 1
        end = table.grid.cells.end or (0, 0)
        self._last = max(end[1] + 1, table.width) - (self._gone is not None)

    def write(self, path: Path) -> Path:
        """Write the workbook and return its path."""
        with xlsxwriter.Workbook(str(path), WORKBOOK_OPTIONS) as out:
            cells = CellWriter(out)
            for one in self._book.sheets_metadata:
                sheet = _add_sheet(out, one.name)
                if one.name == self._table.sheet:
                    self._write_table(cells, sheet)
                    sheet.activate()
                    continue
                self._write_other(cells, sheet, one.name)
                if one.visible != SheetVisibleEnum.Visible:
                    sheet.hide()
        return path

    def _write_other(self, cells: CellWriter, sheet: Any, name: str) -> None:
        """Cover sheets and lists of codes are repeated; a large sheet is left empty, the original has it."""
        grid = Grid.of(self._book.get_sheet_by_name(name))
        if grid.cells.height > MAX_OTHER_ROWS:
            return
        for number, row in grid.raw_rows():
            for column, value in enumerate(row):
                cells.put(sheet, number - 1, column, cell_value(value))

    def _write_table(self, cells: CellWriter, sheet: Any) -> None:
        kept = self._write_rows(cells, sheet)
        for merge in self._grid.merges:
            self._write_merge(cells, sheet, merge, kept)
        for column, width in self._table.facts.widths.items():
            target = self._target(column)
            if target is not None and target < self._last:
                sheet.set_column(target, target, min(width, WIDEST))
        sheet.set_column(self._last, self._last, REASON_WIDTH)
        sheet.freeze_panes(self._first_data, 0)

    def _target(self, column: int) -> int | None:
        """Where a column goes; an error column that an earlier rejects file left goes nowhere."""
        if self._gone is None or column < self._gone:
            return column
        return None if column == self._gone else column - 1

    def _write_rows(self, cells: CellWriter, sheet: Any) -> dict[int, tuple[int, list[Any]]]:
        """Write titles, header and rejected rows; return old row → (new row, cells)."""
        kept: dict[int, tuple[int, list[Any]]] = {}
        for number, row in self._grid.rows():
            if number <= self._first_data or number in self._reasons:
                self._write_row(cells, sheet, len(kept), number, row)
                kept[number - 1] = (len(kept), row)
        return kept

    def _write_row(self, cells: CellWriter, sheet: Any, new: int, number: int, row: Sequence[Any]) -> None:
        above = number <= self._first_data
        for column, value in enumerate(row):
            target = self._target(column)
            if target is not None:
                cells.put(sheet, new, target, self._shown(number, column, value), bold=above)
        if number == self._table.layout.header_row:
            cells.put(sheet, new, self._last, ERROR_HEADER, bold=True)
        elif not above:
            cells.put(sheet, new, self._last, self._reasons[number])

    def _shown(self, number: int, column: int, value: Any) -> Any:
        """An error value is shown as it was, so that the person finds it."""
        error = self._table.facts.errors.get((number - 1, column)) if value == "" else None
        return error or cell_value(value)

    def _write_merge(
        self, cells: CellWriter, sheet: Any, merge: Merge, kept: Mapping[int, tuple[int, list[Any]]]
    ) -> None:
        """Titles, header cells and cells within one row stay merged; what was merged over data rows is
        filled.
        """
        above = merge.bottom < self._first_data
        left, right = self._target(merge.left), self._target(merge.right)
        if not above and merge.top != merge.bottom:
            return
        if merge.top not in kept or merge.bottom not in kept or left is None or right is None:
            return
        if (merge.top, left) != (merge.bottom, right):
            row, values = kept[merge.top]
            area = (row, left, kept[merge.bottom][0], right)
            corner = values[merge.left] if merge.left < len(values) else None
            cells.merge(sheet, area, cell_value(corner), bold=above)


def _add_sheet(book: Any, name: str) -> Any:
    """A sheet of that name; a name that only a damaged file can have gives way to a plain one."""
    try:
        return book.add_worksheet(name)
    except XlsxWriterException:
        return book.add_worksheet()
