"""One case: its row, its journal, and what it looks like to this actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.cases.bulk import FIXED
from gridward.kernel import sql
from gridward.kernel.actor import Actor
from gridward.kernel.errors import Message, Missing
from gridward.logbook import queries as logbook
from gridward.logbook.rules import Entry
from gridward.people import queries as people

NO_CASE = Message(
    "GW-CASES-060",
    "没有案件 {found}，或者您无权查看；请检查编号。",
    "There is no case {found}, or you may not see it; check the number.",
)
_KEYS = {"id", "division", "area", "a1", "a2", "a3", "a4", "a5", "subject", "maker"}
ROW_COLUMNS = (*FIXED, "stage", "seq", "unit", "closed")


@dataclass(frozen=True)
class CaseRow:
    """The columns of one case that moves and pages need."""

    values: dict[str, Any]

    @property
    def id(self) -> UUID:
        return self.values["id"]  # type: ignore[no-any-return]

    @property
    def seq(self) -> int:
        return int(self.values["seq"])

    @property
    def category(self) -> int:
        return int(self.values["category"])

    @property
    def unit(self) -> UUID | None:
        return self.values["unit"]  # type: ignore[no-any-return]

    @property
    def area(self) -> UUID | None:
        return self.values["area"]  # type: ignore[no-any-return]

    @property
    def subject(self) -> UUID | None:
        return self.values["subject"]  # type: ignore[no-any-return]

    @property
    def maker(self) -> UUID | None:
        return self.values["maker"]  # type: ignore[no-any-return]

    @property
    def scheme(self) -> str:
        return str(self.values["scheme"])

    @property
    def ancestors(self) -> tuple[UUID | None, ...]:
        return tuple(self.values[f"a{n}"] for n in (1, 2, 3, 4, 5))

    def fixed(self) -> dict[str, Any]:
        """What update_case needs: id, category and ancestors."""
        return {name: self.values[name] for name in FIXED}


def find_row(key: UUID) -> CaseRow | None:
    """The row of a case, unscoped: callers must check the actor."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(ROW_COLUMNS)} FROM cases_case WHERE id = %s",
            [sql.key(connection.vendor, key)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    values = {
        name: sql.as_key(value) if name in _KEYS or name == "unit" else value
        for name, value in zip(ROW_COLUMNS, row, strict=True)
    }
    return CaseRow(values)


def may_read(actor: Actor, row: CaseRow) -> bool:
    """The one object check of reading."""
    return people.allows(actor, "cases:case:read", ancestors=row.ancestors, unit=row.unit, maker=row.maker)


def load_case(key: UUID, actor: Actor) -> tuple[CaseRow, list[Entry]]:
    """The row and the journal of a case that the actor may read; Missing otherwise."""
    row = find_row(key)
    if row is None or not may_read(actor, row):
        raise Missing(NO_CASE, found=str(key), field="id")
    return row, logbook.entries(f"case/{key}")
