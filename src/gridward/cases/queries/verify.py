"""Verification of cases: fold(journal) against every cached column, missing cases, gaps in case numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.cases.bulk import DERIVED, derived_values
from gridward.cases.queries.rulebook import Rulebook, rulebook
from gridward.cases.rules.state import fold
from gridward.cases.rules.view import cached
from gridward.kernel import sql
from gridward.logbook import queries as logbook
from gridward.logbook.rules import Entry, Problem

_INSTANTS = {name for name in DERIVED if name.endswith("_at")}


def load_rulebook() -> Rulebook:
    """The rulebook as it stands, for a verification run."""
    return rulebook(logbook.stamps())


def stored_rows(keys: Sequence[UUID]) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """Derived columns of cases as stored: id text -> (number, values in the order of DERIVED)."""
    found: dict[str, tuple[str, tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 500):
            part = [sql.key(connection.vendor, k) for k in keys[start : start + 500]]
            cursor.execute(
                f"SELECT id, number, {', '.join(DERIVED)} FROM cases_case WHERE id IN ({sql.marks(len(part))})",
                part,
            )
            for row in cursor.fetchall():
                values = tuple(_read(name, value) for name, value in zip(DERIVED, row[2:], strict=True))
                found[str(sql.as_key(row[0]))] = (row[1], values)
    return found


def _read(name: str, value: Any) -> Any:
    if name in _INSTANTS:
        return sql.as_instant(value)
    if name == "unit":
        return sql.as_key(value)
    if name in ("closed", "late"):
        return bool(value)
    return value


def check_case(
    stream: str, entries: Sequence[Entry], stored: tuple[str, tuple[Any, ...]] | None, book: Rulebook
) -> Iterator[Problem]:
    """Compare one case row with the fold of its journal."""
    if stored is None:
        yield Problem(stream, entries[-1].seq if entries else 0, "missing_case", "no row", "a case row")
        return
    if not entries:
        yield Problem(stream, 0, "missing_journal", "no entry", "at least one entry")
        return
    try:
        state = fold((e.data for e in entries), book.calendars)
        expected = derived_values(cached(state, book.calendars))
    except Exception as error:  # a damaged body may break the fold anywhere; the case must still be named
        yield Problem(stream, entries[-1].seq, "fold", f"{type(error).__name__}: {error}"[:200], "a state")
        return
    for name, found, wanted in zip(DERIVED, stored[1], expected, strict=True):
        if found != wanted:
            yield Problem(stream, entries[-1].seq, "fold", f"{name}={found}", f"{name}={wanted}")


def cases_without_journal(batch: int = 2000) -> Iterator[tuple[str, str]]:
    """(id, number) of case rows; the caller compares with the streams it has walked."""
    after = None
    while True:
        where = "WHERE id > %s" if after is not None else ""
        params: list[Any] = [after] if after is not None else []
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, number FROM cases_case {where} ORDER BY id LIMIT {batch}", params)
            rows = cursor.fetchall()
        if not rows:
            return
        for key, number in rows:
            yield str(sql.as_key(key)), number
        after = rows[-1][0]


def number_gaps() -> Iterator[tuple[str, int, int]]:
    """(prefix, serials given, cases found) where they differ: a case was removed together with its journal."""
    # The prefix of a number is everything before its last '-'; both dialects count the cases per serial row.
    with connection.cursor() as cursor:
        cursor.execute("SELECT prefix, last FROM cases_serial ORDER BY prefix")
        given = dict(cursor.fetchall())
    found: dict[str, int] = {}
    for _, number in cases_without_journal():
        prefix = number.rsplit("-", 1)[0]
        found[prefix] = found.get(prefix, 0) + 1
    for prefix, last in given.items():
        if found.get(prefix, 0) != last:
            yield prefix, last, found.get(prefix, 0)


def work_differences() -> dict[str, int]:
    """Rows of cases_work that are missing, left over or different from what cases_case says."""
    same = " AND ".join(
        f"(w.{c} = c.{c} OR (w.{c} IS NULL AND c.{c} IS NULL))"
        for c in ("stage", "category", "unit", "turn", "a1", "a2", "a3", "a4", "a5")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cases_case c LEFT JOIN cases_work w ON w.id = c.id WHERE NOT c.closed AND w.id IS NULL"
        )
        missing = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM cases_work w LEFT JOIN cases_case c ON c.id = w.id WHERE c.id IS NULL OR c.closed"
        )
        left_over = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT count(*) FROM cases_work w JOIN cases_case c ON c.id = w.id WHERE NOT ({same})"
        )
        different = cursor.fetchone()[0]
    return {"missing": missing, "left_over": left_over, "different": different}


def case_totals() -> dict[str, int]:
    """How many cases there are and how many are open: for the demo's summary, not for pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM cases_case), (SELECT count(*) FROM cases_work)")
        cases, open_ = cursor.fetchone()
    return {"cases": int(cases), "open": int(open_)}
