"""Key-set pages over open work and closed cases: one statement a page, never a COUNT over the table.

Every scope of the actor is one arm with an index of its own; arms are limited, united and cut again, so that a page
costs the same at a thousand cases and at a million.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.kernel import sql
from gridward.kernel.errors import BadInput, Message

BAD_CURSOR = Message(
    "GW-CASES-030",
    "翻页标记“{found}”无效；请从第一页重新开始。",
    "The page mark {found} is not valid; start again from the first page.",
)
Arm = tuple[str, list[Any]]

OFFERED = {
    "stage": "cases_work_stage",
    "category": "cases_work_category",
    "area": "cases_work_a<n>_due",
    "unit": "cases_work_unit",
    "due_before": "cases_work_due",
    "inbox": "cases_work_a<n>_due",
    "closed_from": "cases_case_ended",
    "q": "the index of the list's order; rows are tried one by one until the page is full",
}
"""Offered filters and the index that serves each; a filter without an index is not offered."""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: the sort key of its neighbour and the direction."""

    at: datetime | None
    id: UUID | None
    back: bool = False

    def text(self) -> str:
        data = [self.at.isoformat() if self.at else None, str(self.id) if self.id else None, self.back]
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    @staticmethod
    def read(text: str | None) -> Cursor:
        if not text:
            return Cursor(None, None)
        if text == "last":
            return Cursor(None, None, back=True)
        try:
            at, key, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return Cursor(datetime.fromisoformat(at), UUID(key), bool(back))
        except (ValueError, TypeError) as error:
            raise BadInput(BAD_CURSOR, field="after", found=text[:60]) from error


@dataclass(frozen=True)
class PageQuery:
    """One list: its table, sort column, direction, and the conditions that hold in every arm."""

    table: str
    column: str
    descending: bool
    arms: Sequence[Arm]
    where: Sequence[Arm] = ()
    limit: int = 50


def page_sql(query: PageQuery, cursor: Cursor) -> tuple[str, list[Any]]:
    """The statement for the keys of one page: (id, sort value), one row more than the limit."""
    down = query.descending != cursor.back
    order = "DESC" if down else "ASC"
    shared = list(query.where)
    if cursor.at is not None:
        vendor = connection.vendor
        sign = "<" if down else ">"
        values = [sql.instant(vendor, cursor.at), sql.key(vendor, cursor.id)]
        shared.append((f"({query.column}, id) {sign} (%s, %s)", values))
    parts: list[str] = []
    params: list[Any] = []
    for arm in query.arms:
        conditions = [fragment for fragment, _ in [arm, *shared] if fragment]
        params += [value for _, values in [arm, *shared] for value in values]
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        parts.append(
            f"SELECT * FROM (SELECT id, {query.column} AS k FROM {query.table} {where}"
            f"ORDER BY {query.column} {order}, id {order} LIMIT {query.limit + 1}) arm{len(parts)}"
        )
    united = " UNION ".join(parts)
    return (
        f"SELECT id, k FROM ({united}) united ORDER BY k {order}, id {order} LIMIT {query.limit + 1}",
        params,
    )


def count_sql(query: PageQuery, cap: int) -> tuple[str, list[Any]]:
    """Count matching rows, but never look at more than cap + 1 of them."""
    parts: list[str] = []
    params: list[Any] = []
    for arm in query.arms:
        conditions = [fragment for fragment, _ in [arm, *query.where] if fragment]
        params += [value for _, values in [arm, *query.where] for value in values]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        parts.append(f"SELECT * FROM (SELECT id FROM {query.table}{where} LIMIT {cap + 1}) arm{len(parts)}")
    united = " UNION ".join(parts)
    return f"SELECT count(*) FROM (SELECT id FROM ({united}) united LIMIT {cap + 1}) counted", params


def run_page(query: PageQuery, cursor: Cursor, columns: str) -> tuple[list[tuple[Any, ...]], bool, bool]:
    """Rows of cases_case (the given columns of alias c) for one page; whether there is more before and after."""
    if not query.arms:
        return [], False, False
    keys, params = page_sql(query, cursor)
    down = query.descending != cursor.back
    order = "DESC" if down else "ASC"
    text = f"SELECT {columns} FROM ({keys}) p JOIN cases_case c ON c.id = p.id ORDER BY p.k {order}, p.id {order}"
    with connection.cursor() as db:
        db.execute(text, params)
        rows = db.fetchall()
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if cursor.back:
        return rows[::-1], more, cursor.at is not None
    return rows, cursor.at is not None, more


def run_count(query: PageQuery, cap: int = 1000) -> str:
    """The number of rows as text, "1,000+" beyond the cap."""
    if not query.arms:
        return "0"
    text, params = count_sql(query, cap)
    with connection.cursor() as db:
        db.execute(text, params)
        found = int(db.fetchone()[0])
    return f"{cap:,}+" if found > cap else str(found)
