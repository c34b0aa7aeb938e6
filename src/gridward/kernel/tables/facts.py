"""What is known about the sheets of a workbook before their cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridward.kernel.errors import BadInput
from gridward.kernel.tables import messages as m
from gridward.kernel.tables.options import Limits


@dataclass
class SheetFacts:
    """Positions count from 0. `last_row`, `last_column`: the far corner of the cells that hold something.

    `formulas`: formula cells without a stored result. `errors`: cells with an error value, such as #N/A.
    `widths`: column widths in characters.
    """

    last_row: int = -1
    last_column: int = -1
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)

    def broken_rows(self) -> dict[int, list[int]]:
        """Row → columns of the cells that cannot be read."""
        rows: dict[int, list[int]] = {}
        for row, column in sorted({*self.formulas, *self.errors}):
            rows.setdefault(row, []).append(column)
        return rows

    def check(self, sheet: str, where: str, limits: Limits) -> None:
        """Raise BadInput where far-off cells would make reading use too much memory."""
        cells = (self.last_row + 1) * (self.last_column + 1)
        if cells > limits.max_cells:
            raise BadInput(
                m.TOO_MANY_CELLS,
                where=m.place(where, sheet),
                sheet=sheet,
                row=self.last_row + 1,
                column=m.column_letter(self.last_column),
                found=cells,
                allowed=limits.max_cells,
            )


@dataclass(frozen=True)
class BookFacts:
    """All sheets by name, and whether days count from 1904."""

    sheets: Mapping[str, SheetFacts]
    date1904: bool = False
