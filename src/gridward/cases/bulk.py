"""Writing case rows: one (hot path) or many (imports, rebuild). Same columns, same invariants, both dialects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.cases.rules.view import Cached
from gridward.kernel import sql
from gridward.logbook.actions import insert_rows

FAR = "9999-12-31T00:00:00+00:00"
FAR_AT = datetime.fromisoformat(FAR)

FIXED = (
    "id", "number", "category", "source", "foreign_key", "scheme", "division", "area", "a1", "a2", "a3", "a4", "a5",
    "subject", "lon", "lat", "address", "text", "sealed", "recorded", "maker",
)  # fmt: skip
DERIVED = (
    "stage", "seq", "outcome", "unit", "closed", "opened_at", "filed_at", "closed_at", "filing_due_at", "total_due_at",
    "unit_due_at", "next_due_at", "next_yellow_at", "late", "turn", "returns", "reworks", "ended_at",
)  # fmt: skip
COLUMNS = FIXED + DERIVED
WORK_COLUMNS = (
    "id",
    "due_at",
    "opened_at",
    "stage",
    "category",
    "unit",
    "turn",
    "a1",
    "a2",
    "a3",
    "a4",
    "a5",
)

_INSERT = f"INSERT INTO cases_case ({', '.join(COLUMNS)}) VALUES ({sql.marks(len(COLUMNS))})"
_UPDATE = f"UPDATE cases_case SET category = %s, {', '.join(f'{c} = %s' for c in DERIVED)} WHERE id = %s AND seq = %s"
_INSERT_WORK = f"INSERT INTO cases_work ({', '.join(WORK_COLUMNS)}) VALUES ({sql.marks(len(WORK_COLUMNS))})"
_UPSERT_WORK = (
    f"{_INSERT_WORK} ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{c} = excluded.{c}" for c in WORK_COLUMNS if c != "id")
)  # fmt: skip
_SERIALS = (
    "INSERT INTO cases_serial (prefix, last) VALUES {rows} "
    "ON CONFLICT (prefix) DO UPDATE SET last = cases_serial.last + excluded.last RETURNING prefix, last"
)
_SERIAL = _SERIALS.format(rows="(%s, %s)")


_KEYS = frozenset({"id", "division", "area", "a1", "a2", "a3", "a4", "a5", "subject", "maker", "unit"})


def db(value: Any) -> Any:
    """One value as the driver of this database wants it."""
    kind = type(value)
    if kind is UUID:
        return sql.key(connection.vendor, value)
    if kind is datetime:
        return sql.instant(connection.vendor, value)
    return value


def prepared(names: tuple[str, ...], values: Sequence[Any]) -> tuple[Any, ...]:
    """A row for the driver; only key and instant columns need a conversion, and only on SQLite."""
    if connection.vendor == sql.POSTGRESQL:
        return tuple(values)
    row = list(values)
    keys, instants = _places(names)
    for i in keys:
        if row[i] is not None:
            row[i] = row[i].hex
    for i in instants:
        if row[i] is not None:
            row[i] = row[i].isoformat(" ")[:-6]  # aware and UTC: "+00:00" goes
    return tuple(row)


@lru_cache(maxsize=8)
def _places(names: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Where the keys and the instants stand in a row of these columns."""
    return (
        [i for i, name in enumerate(names) if name in _KEYS],
        [i for i, name in enumerate(names) if name.endswith("_at")],
    )


def derived_values(cached: Cached) -> list[Any]:
    """Values of the DERIVED columns, in order."""
    ended = (cached.closed_at or cached.opened_at) if cached.closed else None
    unit = UUID(cached.unit) if cached.unit else None
    return [
        cached.stage, cached.seq, cached.outcome, unit, cached.closed, cached.opened_at, cached.filed_at,
        cached.closed_at, cached.filing_due_at, cached.total_due_at, cached.unit_due_at, cached.next_due_at,
        cached.next_yellow_at, cached.late, cached.turn, cached.returns, cached.reworks, ended,
    ]  # fmt: skip


def case_row(fixed: dict[str, Any], cached: Cached) -> tuple[Any, ...]:
    """One row of cases_case in the order of COLUMNS."""
    return prepared(COLUMNS, [fixed.get(name) for name in FIXED] + derived_values(cached))


def work_row(fixed: dict[str, Any], cached: Cached) -> tuple[Any, ...]:
    """One row of cases_work in the order of WORK_COLUMNS."""
    unit = UUID(cached.unit) if cached.unit else None
    head = [
        fixed["id"],
        cached.next_due_at or FAR_AT,
        cached.opened_at,
        cached.stage,
        fixed["category"],
        unit,
        cached.turn,
    ]
    return prepared(WORK_COLUMNS, [*head, *(fixed.get(name) for name in ("a1", "a2", "a3", "a4", "a5"))])


def insert_case(fixed: dict[str, Any], cached: Cached) -> None:
    """Insert a case and, when open, its work row; IntegrityError when the id or the foreign key is taken."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, case_row(fixed, cached))
        if in_work(cached):
            cursor.execute(_INSERT_WORK, work_row(fixed, cached))


def in_work(cached: Cached) -> bool:
    """Whether the case stands in the table of open work."""
    return not cached.closed


def update_case(fixed: dict[str, Any], cached: Cached, *, expected_seq: int) -> bool:
    """Compare-and-set the derived columns; False when somebody else moved the case first."""
    values = [fixed["category"], *derived_values(cached), fixed["id"], expected_seq]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [db(v) for v in values])
        if cursor.rowcount != 1:
            return False
        if in_work(cached):
            cursor.execute(_UPSERT_WORK, work_row(fixed, cached))
        else:
            cursor.execute("DELETE FROM cases_work WHERE id = %s", [db(fixed["id"])])
    return True


def next_serial(prefix: str, count: int = 1) -> int:
    """Take `count` serials under a prefix; returns the last one taken."""
    with connection.cursor() as cursor:
        cursor.execute(_SERIAL, [prefix, count])
        return int(cursor.fetchone()[1])


def next_serials(counts: Mapping[str, int]) -> dict[str, int]:
    """Take `counts[prefix]` serials under each prefix; returns the last one taken of each."""
    taken: dict[str, int] = {}
    wanted = sorted(counts.items())  # one order for everybody, so that two imports cannot wait for each other
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), 400):
            part = wanted[start : start + 400]
            rows = ", ".join(["(%s, %s)"] * len(part))
            cursor.execute(_SERIALS.format(rows=rows), [value for pair in part for value in pair])
            taken.update(cursor.fetchall())
    return taken


def insert_many(cases: Sequence[tuple[Any, ...]], works: Sequence[tuple[Any, ...]]) -> None:
    """Insert many prepared rows of both tables."""
    insert_rows("cases_case", ", ".join(COLUMNS), cases)
    insert_rows("cases_work", ", ".join(WORK_COLUMNS), works)


def known_foreign_keys(source: str, keys: Sequence[str]) -> set[str]:
    """Which foreign keys of a source exist already."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 500):
            part = list(keys[start : start + 500])
            cursor.execute(
                f"SELECT foreign_key FROM cases_case WHERE source = %s AND foreign_key IN ({sql.marks(len(part))})",
                [source, *part],
            )
            found.update(row[0] for row in cursor.fetchall())
    return found


@contextmanager
def filling() -> Iterator[None]:
    """Room for an import on SQLite: more pages in memory and fewer checkpoints, put back afterwards."""
    if connection.vendor == sql.POSTGRESQL:
        yield
        return
    with connection.cursor() as cursor:
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in _ROOM}
        for name, value in _ROOM.items():
            cursor.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")


_ROOM = {"cache_size": -100_000, "wal_autocheckpoint": 10_000}  # kB (negative), pages


def count_for_planner() -> None:
    """Let the database count what lies in the tables: how it plans a list depends on it. A sample is enough."""
    with connection.cursor() as cursor:
        if connection.vendor == sql.SQLITE:
            cursor.execute("PRAGMA analysis_limit = 1000")
        for table in ("cases_case", "cases_work"):
            cursor.execute(f"ANALYZE {table}")


def rebuild_work() -> int:
    """Empty cases_work and fill it from cases_case; returns the number of open cases."""
    columns = "id, coalesce(next_due_at, %s), opened_at, stage, category, unit, turn, a1, a2, a3, a4, a5"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_work")
        cursor.execute(
            f"INSERT INTO cases_work ({', '.join(WORK_COLUMNS)}) SELECT {columns} FROM cases_case WHERE NOT closed",
            [db(FAR_AT)],
        )
        return int(cursor.rowcount)
