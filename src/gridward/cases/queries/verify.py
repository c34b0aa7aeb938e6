"""Verification of cases: fold(journal) against every cached column, missing cases, gaps in case numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.cases.bulk import DERIVED, FIXED, derived_values, prepared
from gridward.cases.queries.rulebook import Rulebook, rulebook, uuid_or_none
from gridward.cases.rules.numbers import case_number, prefix_of
from gridward.cases.rules.places import point_text
from gridward.cases.rules.state import fold
from gridward.cases.rules.view import cached
from gridward.kernel import sql
from gridward.logbook import queries as logbook
from gridward.logbook.rules import Entry, Problem, canonical, unstamp


def load_rulebook() -> Rulebook:
    """The rulebook as it stands, for a verification run."""
    return rulebook(logbook.stamps())


@dataclass(frozen=True, slots=True)
class Stored:
    """One case row: its columns that never change, and its derived ones in the order of DERIVED, as the driver has
    them."""

    fixed: Mapping[str, Any]
    derived: Sequence[Any]


def stored_rows(keys: Sequence[UUID]) -> dict[str, Stored]:
    """Case rows as stored, by id text. Derived columns stay as the driver has them: no instant is parsed."""
    found: dict[str, Stored] = {}
    raw = connection.vendor == sql.SQLITE
    # An expression has no declared type, so SQLite hands out the stored text instead of parsing it.
    derived = [f"{name} || ''" if raw and name.endswith("_at") else name for name in DERIVED]
    columns = ", ".join((*FIXED, *derived))
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 500):
            part = [sql.key(connection.vendor, k) for k in keys[start : start + 500]]
            cursor.execute(f"SELECT {columns} FROM cases_case WHERE id IN ({sql.marks(len(part))})", part)
            for row in cursor.fetchall():
                fixed = dict(zip(FIXED, row, strict=False))
                found[sql.key_text(row[0])] = Stored(fixed, row[len(FIXED) :])
    return found


def check_case(
    stream: str, entries: Sequence[Entry], stored: Stored | None, book: Rulebook
) -> Iterator[Problem]:
    """Compare one case row with the fold of its journal, and its fixed columns with the first entry."""
    if stored is None:
        yield Problem(stream, entries[-1].seq if entries else 0, "missing_case", "no row", "a case row")
        return
    if not entries:
        yield Problem(stream, 0, "missing_journal", "no entry", "at least one entry")
        return
    try:
        bodies = [e.data for e in entries]
        opening = opening_columns(bodies[0])
        state = fold(bodies, book.calendars)
        expected = prepared(DERIVED, derived_values(cached(state, book.calendars)))
    except Exception as error:  # a damaged body may break the fold anywhere; the case must still be named
        yield Problem(stream, entries[-1].seq, "fold", f"{type(error).__name__}: {error}"[:200], "a state")
        return
    if stored.derived != expected:
        for name, found, wanted in zip(DERIVED, stored.derived, expected, strict=True):
            if found != wanted:
                yield Problem(stream, entries[-1].seq, "fold", f"{name}={found}", f"{name}={wanted}")
    fixed = stored.fixed
    seen = _seen_columns(fixed, book)
    for name, wanted in opening.items() if seen != opening else ():
        if seen[name] != wanted and not (name == "area" and _rehomed(fixed["scheme"], bodies[0])):
            yield Problem(
                stream, entries[0].seq, "row", f"{name}={seen[name]}"[:200], f"{name}={wanted}"[:200]
            )
    ancestors = [fixed[name] for name in ("a1", "a2", "a3", "a4", "a5")]
    if fixed["area"] is not None and fixed["area"] not in ancestors:
        found = f"a1…a5={[_text(key) for key in ancestors]}"[:200]
        yield Problem(stream, entries[0].seq, "row", found, f"with {seen['area']}")


def opening_columns(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the first entry of a case says about the columns that moves never change."""
    p = body["payload"]
    return {
        "number": p["number"],
        "category": f"{p['dictionary']}/{p['category']}",
        "source": p["source"],
        "foreign_key": p.get("key"),
        "area": p.get("area"),
        "subject": p.get("subject"),
        "point": p.get("point"),
        "address": p.get("address") or "",
        "text": p.get("text") or "",
        "sealed": canonical(p["sealed"]) if p.get("sealed") else "",
        "recorded": canonical(p["recorded"]) if p.get("recorded") else "",
        "maker": body["actor"] if body["move"] == "report" and uuid_or_none(body["actor"]) else None,
    }


def _seen_columns(fixed: Mapping[str, Any], book: Rulebook) -> dict[str, Any]:
    """The same columns as the row has them, in the journal's spelling."""
    category = book.by_id.get(fixed["category"])
    lon, lat = fixed["lon"], fixed["lat"]
    return {
        "number": fixed["number"],
        "category": f"{category.dictionary}/{category.code}" if category else None,
        "source": fixed["source"],
        "foreign_key": fixed["foreign_key"],
        "area": _text(fixed["area"]),
        "subject": _text(fixed["subject"]),
        "point": point_text(lon, lat) if lon is not None and lat is not None else None,
        "address": fixed["address"],
        "text": fixed["text"],
        "sealed": fixed["sealed"],
        "recorded": fixed["recorded"],
        "maker": _text(fixed["maker"]),
    }


@lru_cache(maxsize=65536)
def _text(key: Any) -> str | None:
    """Areas, subjects and people come again and again."""
    return sql.key_text(key) if key is not None else None


def _rehomed(scheme: str, first: Mapping[str, Any]) -> bool:
    """Whether open cases of this scheme got new areas after this case came in (journaled as rehome/<scheme>)."""
    return any(e.at >= unstamp(first["received_at"]) for e in logbook.entries(f"rehome/{scheme}"))


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
            yield sql.key_text(key), number
        after = rows[-1][0]


def number_gaps(found: Counter[str] | None = None) -> Iterator[tuple[str, int, list[str]]]:
    """(prefix, serials given, numbers that no case has) where cases are missing: removed with their journals.

    `found`: how many cases each prefix has, where the caller has counted them already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT prefix, last FROM cases_serial ORDER BY prefix")
        given = dict(cursor.fetchall())
    if found is None:
        found = Counter(prefix_of(number) for _, number in cases_without_journal())
    short = {prefix: last for prefix, last in given.items() if found[prefix] != last}
    if not short:
        return
    there = {number for _, number in cases_without_journal() if prefix_of(number) in short}
    for prefix, last in short.items():
        wanted = (case_number(prefix, serial) for serial in range(1, last + 1))
        yield prefix, last, [number for number in wanted if number not in there]


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
