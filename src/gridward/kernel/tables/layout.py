"""Where in a sheet the table is: title rows above, header (one or several rows), field codes, first data row.

Cells are compared as they come from the reader: "" is blank. Rows and columns count from 0 inside this
module, except in `Layout`, whose row numbers count from 1 as Excel shows them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.names import ERROR_HEADER, clean_label, make_unique, same_name
from gridward.kernel.tables.options import FileOptions

SAMPLE_ROWS = 60
MAX_HEADER_DEPTH = 4
LONG_LABEL = 200
LOWEST_HEADER = 1_000

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.:\-]*\Z")
_CODE_SHAPE = re.compile(r"_|[a-z][A-Z]")
_NO_LABEL = re.compile(r"[-+]?[\d.,/:\- %年月日]+\Z|[^：:]{1,20}(：|: )\s*\S")
_NOTE = re.compile(
    r"\s*(说明|备注|注|附注|填表说明|填报说明|填表人|填报人|填报单位|制表人?|审核人?|单位负责人|联系人|联系电话|"
    r"资料来源|数据来源|来源|notes?|remarks?|source|prepared by|approved by)\s*([:：\d一二三、.．]|$)",
    re.IGNORECASE,
)

Cells = Sequence[Any]


@dataclass(frozen=True)
class Merge:
    """A merged range, both ends inside it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Layout:
    """The place of a table in its sheet. `columns` are the positions of `header` in a row of cells."""

    header_row: int
    field_row: int | None
    first_row: int
    columns: list[int]
    header: list[str]
    codes: list[str] | None
    error_column: int | None
    named: list[bool]


@dataclass(frozen=True)
class Head:
    """The first rows of a sheet: as they stand, and with the cells merged downwards filled."""

    raw: Sequence[Cells]
    rows: Sequence[Cells]
    merges: Sequence[Merge] = ()


def read_layout(head: Head, used: set[int] | None, options: FileOptions, where: str) -> Layout:
    """Find the table in the first rows of a sheet.

    `used`: columns that hold data below the header, or None when only a sample was read: then unnamed columns
    between named ones are kept. Raises BadInput (GW-TABLE-013, 014).
    """
    rows, merges = head.rows, head.merges
    found = _header_row(head, options, where)
    bottom = _block_bottom(found, merges, options)
    field = _field_row(rows, bottom, options, where)
    width = len(rows[bottom])
    labels = [_label(rows, found, bottom, column) for column in range(width)]
    columns = _kept_columns(rows, labels, used, max(bottom, -1 if field is None else field))
    error = next((column for column in range(width) if same_name(labels[column], ERROR_HEADER)), None)
    columns = [column for column in columns if column != error]
    return Layout(
        header_row=bottom + 1,
        field_row=None if field is None else field + 1,
        first_row=max(bottom, -1 if field is None else field) + 2,
        columns=columns,
        header=_names(columns, labels, merges, rows, bottom),
        codes=None if field is None else [_text(rows[field], column) for column in columns],
        error_column=error,
        named=[bool(labels[column]) for column in columns],
    )


def sample_size(options: FileOptions) -> int:
    """How many rows to look at for the header; more than usual where a mapping says that it stands lower."""
    told = [row for row in (options.header_row, options.field_row) if isinstance(row, int)]
    return min(max([SAMPLE_ROWS, *(row + SAMPLE_ROWS for row in told)]), LOWEST_HEADER)


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def filled(row: Cells) -> list[Any]:
    """The cells of a row that are not blank."""
    return [value for value in row if not is_blank(value)]


def starts_note(row: Cells) -> bool:
    """True for a row like “说明：…”: few cells, the first of them a word that opens the notes below a
    table.
    """
    return is_note_line(row) and bool(_NOTE.match(str(filled(row)[0])))


def is_note_line(row: Cells) -> bool:
    """True for a row so sparse that it can belong to the notes below a table."""
    count = len(filled(row))
    return 0 < count <= (2 if len(row) >= 4 else 1) and len(row) > 1


def header_score(rows: Sequence[Cells]) -> float:
    """How much a sheet looks like the one with the table: columns of its header, weighed by rows below it."""
    found = find_header(rows)
    if found is None:
        return 0.0
    below = sum(1 for row in rows[found + 1 :] if filled(row))
    marked = 1_000 if _is_error_header(rows[found]) else 0
    return len(filled(rows[found])) * float((below + 1) ** 0.5) + marked


def find_header(rows: Sequence[Cells]) -> int | None:
    """The first row that names most columns with distinct texts; None when there is no such row.

    Looks at rows as they stand: a title merged over several rows must not count as a name in each of them.
    """
    marked = next((index for index, row in enumerate(rows) if _is_error_header(row)), None)
    if marked is not None:
        return marked
    width = max((len(filled(row)) for row in rows), default=0)
    for index, row in enumerate(rows):
        if _can_name_columns(filled(row), width):
            return index
    return None


def _is_error_header(row: Cells) -> bool:
    return any(isinstance(value, str) and same_name(value, ERROR_HEADER) for value in row)


def _can_name_columns(cells: list[Any], width: int) -> bool:
    if not cells or len(cells) < 0.6 * width or (width > 1 and len(cells) < 2):
        return False
    labels = [value for value in cells if isinstance(value, str) and not _NO_LABEL.match(value.strip())]
    short = all(len(label) <= LONG_LABEL for label in labels)
    distinct = len(set(map(str, cells)))
    return short and min(len(labels), distinct) >= 0.5 * len(cells)


def _header_row(head: Head, options: FileOptions, where: str) -> int:
    if isinstance(options.header_row, int):
        return _given_row(head.rows, options.header_row, "header_row", where)
    usable = [[] if index + 1 == options.field_row else row for index, row in enumerate(head.raw)]
    found = find_header(usable)
    if found is None:
        raise BadInput(m.NO_TABLE, where=where, found=len(head.rows))
    return found


def _given_row(rows: Sequence[Cells], number: int, option: str, where: str) -> int:
    if number <= len(rows) and filled(rows[number - 1]):
        return number - 1
    inside = number <= len(rows)
    raise BadInput(
        m.HEADER_ROW,
        where=where,
        field=f"file.{option}",
        row=number,
        option=option,
        found_zh="这一行是空的" if inside else f"前面只有 {len(rows)} 行",
        found_en="the row is blank" if inside else f"only {len(rows)} rows were found",
    )


def _block_bottom(top: int, merges: Sequence[Merge], options: FileOptions) -> int:
    """The last row of a header whose cells are merged downwards over several rows."""
    reach = [
        merge.bottom
        for merge in merges
        if merge.top <= top < merge.bottom and merge.bottom - merge.top < MAX_HEADER_DEPTH
    ]
    bottom = max([top, *reach])
    return min(bottom, options.field_row - 2) if options.field_row and options.field_row - 1 > top else bottom


def _field_row(rows: Sequence[Cells], bottom: int, options: FileOptions, where: str) -> int | None:
    if options.field_row == 0:
        return None
    if options.field_row is not None:
        return _given_row(rows, options.field_row, "field_row", where)
    if bottom + 1 < len(rows) and _is_code_row(rows[bottom], rows[bottom + 1], rows[bottom + 2 : bottom + 7]):
        return bottom + 1
    return None


def _is_code_row(labels: Cells, codes: Cells, below: Sequence[Cells]) -> bool:
    """Field codes stand under names in another script and look unlike the data below them."""
    names, found = [name for name in filled(labels) if not same_name(str(name), ERROR_HEADER)], filled(codes)
    foreign = sum(1 for name in names if not str(name).isascii())
    if len(found) < 2 or len(found) < 0.8 * len(names) or foreign < 0.5 * len(names):
        return False
    if not all(_is_identifier(code) for code in found) or len(set(found)) < len(found):
        return False
    shaped = sum(1 for code in found if _CODE_SHAPE.search(str(code)))
    data = [value for row in below for value in filled(row)]
    if not data:
        return shaped >= 0.5 * len(found)
    return sum(1 for value in data if _is_identifier(value)) < 0.5 * len(data)


def _is_identifier(value: object) -> bool:
    return isinstance(value, str) and bool(_IDENTIFIER.match(value.strip()))


def _text(row: Cells, column: int) -> str:
    value = row[column] if column < len(row) else ""
    return "" if is_blank(value) else clean_label(value)


def _label(rows: Sequence[Cells], top: int, bottom: int, column: int) -> str:
    """The name of a column: the lowest cell of the header that is not blank."""
    texts = (_text(rows[row], column) for row in range(bottom, top - 1, -1))
    return next((text for text in texts if text), "")


def _kept_columns(
    rows: Sequence[Cells], labels: list[str], used: set[int] | None, above_data: int
) -> list[int]:
    named = [column for column, label in enumerate(labels) if label]
    if used is None:
        used = {
            column
            for row in rows[above_data + 1 :]
            for column, value in enumerate(row)
            if not is_blank(value)
        }
        used |= set(range(named[-1] if named else 0))
    return [column for column, label in enumerate(labels) if label or column in used]


def _names(
    columns: list[int], labels: list[str], merges: Sequence[Merge], rows: Sequence[Cells], bottom: int
) -> list[str]:
    """Unique names: a repeated label takes the label of its group before it, then a number after it."""
    chosen = [labels[column] for column in columns]
    named = []
    for column, label in zip(columns, chosen, strict=True):
        group = _group(rows, merges, bottom, column) if label and chosen.count(label) > 1 else ""
        named.append(f"{group}·{label}" if group else label or f"({m.column_letter(column)})")
    return make_unique(named)


def _group(rows: Sequence[Cells], merges: Sequence[Merge], bottom: int, column: int) -> str:
    for merge in merges:
        if merge.top <= bottom - 1 == merge.bottom and merge.left <= column <= merge.right != merge.left:
            return _text(rows[merge.top], merge.left)
    return ""
