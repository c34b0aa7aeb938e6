"""Writing workbooks: values as the cells they are, texts never as formulas, and templates with notes and
choices.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.formula import escape_formula

WORKBOOK_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}
MAX_TEXT = 32_767
LAST_ROW = 1_048_575
INLINE_CHOICES = 250
CHOICE_SHEET = "选项 choices"


class _Exact(float):
    """A float that keeps all its digits when XlsxWriter writes it (it would round to 16)."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


class CellWriter:
    """Puts values into cells of one workbook with the few formats that an import file needs."""

    def __init__(self, book: Any):
        plain = {"valign": "top", "text_wrap": True}
        self._plain = book.add_format(plain)
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        self._note = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#595959"})
        self._date = book.add_format({**plain, "num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({**plain, "num_format": "yyyy-mm-dd hh:mm:ss"})

    def put(self, sheet: Any, row: int, column: int, value: Any, *, bold: bool = False) -> None:
        """Write one value; blank texts and None leave the cell empty."""
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self._plain)
        elif isinstance(value, (int, float)) and abs(value) < 1e15:
            number = _Exact(value) if isinstance(value, float) else value
            sheet.write_number(row, column, number, self._bold if bold else self._plain)
        elif isinstance(value, date) and _in_excel(value):
            moment = isinstance(value, datetime)
            sheet.write_datetime(row, column, value, self._moment if moment else self._date)
        else:
            sheet.write_string(row, column, cell_text(value), self._bold if bold else self._plain)

    def merge(self, sheet: Any, area: tuple[int, int, int, int], value: Any, *, bold: bool = False) -> None:
        """Merge a range (top, left, bottom, right) around a value already written at its corner."""
        style = self._bold if bold else self._plain
        try:
            sheet.merge_range(*area, "", style)
        except OverlappingRange:
            return
        self.put(sheet, area[0], area[1], value, bold=bold)

    def note(self, sheet: Any, row: int, columns: int, text: str) -> None:
        """A remark over the whole width of the table."""
        if columns > 1:
            sheet.merge_range(row, 0, row, columns - 1, "", self._note)
        sheet.write_string(row, 0, cell_text(text), self._note)


def cell_text(value: object) -> str:
    """A value as the text of a cell, harmless and no longer than Excel allows."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(escape_formula(str(value)))[:MAX_TEXT]


def _in_excel(value: date) -> bool:
    """Excel knows no zones and no days before 1900-03-01 that all programs agree on."""
    return value.year > 1900 and not (isinstance(value, datetime) and value.tzinfo)


def write_table(
    path: Path | str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    notes: str | Sequence[str] | None = None,
    choices: Mapping[str, Sequence[str]] | None = None,
    sheet: str = "数据 data",
) -> Path:
    """Write an export or an import template as xlsx, which `open_table` reads back unchanged.

    `notes` stand above the header, one row each; `choices` give a column a drop-down list. Rows are written
    as they come, with bounded memory. Raises BadInput (GW-TABLE-029) for choices of a column that is not
    there.
    """
    path = Path(path)
    lines = [notes] if isinstance(notes, str) else list(notes or ())
    _check_choices(header, choices or {})
    with xlsxwriter.Workbook(str(path), {**WORKBOOK_OPTIONS, "constant_memory": True}) as book:
        cells, page = CellWriter(book), book.add_worksheet(sheet)
        for column, label in enumerate(header):
            page.set_column(column, column, min(40, max(10, 2 * len(label) + 2)))
        for row, line in enumerate(lines):
            cells.note(page, row, len(header), line)
        for column, label in enumerate(header):
            cells.put(page, len(lines), column, label, bold=True)
        page.freeze_panes(len(lines) + 1, 0)
        for row, values in enumerate(rows, len(lines) + 1):
            for column, value in enumerate(values):
                cells.put(page, row, column, value)
        _write_choices(book, page, header, len(lines) + 1, choices or {})
    return path


def _check_choices(header: Sequence[str], choices: Mapping[str, Sequence[str]]) -> None:
    for column in choices:
        if column not in header:
            raise BadInput(m.CHOICES, found=column, allowed="、".join(header))


def _write_choices(
    book: Any, page: Any, header: Sequence[str], first_row: int, choices: Mapping[str, Sequence[str]]
) -> None:
    lists: Any = None
    used = 0
    for column, values in choices.items():
        texts = [str(value) for value in values]
        allowed: Any = texts
        if len(",".join(texts)) > INLINE_CHOICES or any("," in text for text in texts):
            lists = lists or _choice_sheet(book)
            for place, text in enumerate(texts):
                lists.write_string(used, place, cell_text(text))
            allowed = f"='{CHOICE_SHEET}'!{_across(used, len(texts))}"
            used += 1
        position = header.index(column)
        rule = {"validate": "list", "source": allowed, "ignore_blank": True}
        page.data_validation(first_row, position, LAST_ROW, position, rule)


def _choice_sheet(book: Any) -> Any:
    sheet = book.add_worksheet(CHOICE_SHEET)
    sheet.hide()
    return sheet


def _across(row: int, count: int) -> str:
    """A list that lies in one row of the hidden sheet, which can only be written row by row."""
    return f"$A${row + 1}:${m.column_letter(count - 1)}${row + 1}"


def write_csv(
    path: Path | str, header: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "utf-8-sig"
) -> Path:
    """Write an export as csv, formulas made harmless; utf-8-sig is what Excel opens rightly."""
    path = Path(path)
    with path.open("w", encoding=encoding, newline="") as text:
        writer = csv.writer(text)
        writer.writerow([escape_formula(label) for label in header])
        writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return path


def _csv_cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return "" if value is None else escape_formula(value)
