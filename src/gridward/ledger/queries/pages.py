"""Pages of a ledger in the order of names: key-set, one statement, one arm per scope."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from gridward.grids.queries import refs
from gridward.kernel import sql
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Message
from gridward.ledger import bulk
from gridward.ledger.queries.blind import digest_of
from gridward.ledger.queries.definitions import definition
from gridward.ledger.queries.scope import visible
from gridward.ledger.rules import Definition, fold_name

BAD_CURSOR = Message(
    "GW-LEDGER-011",
    "翻页标记“{found}”无效；请从第一页重新开始。",
    "The page mark {found} is not valid; start again from the first page.",
)
BAD_AREA = Message(
    "GW-LEDGER-012", "没有网格“{found}”；请用网格代码。", "There is no area {found}; give its code."
)
COLUMNS = ("id", "number", "name", "name_folded", "area", "have", "wanted", "address")
Clause = tuple[str, list[Any]]


def subject_page(
    ledger: str,
    *,
    q: str = "",
    area: str = "",
    after: str = "",
    limit: int = 50,
    actor: Actor,
    stamps: Mapping[str, int],
) -> dict[str, Any]:
    """{"items": [{"id", "number", "name", "area", "class", "completeness"}], "next"} of living subjects.

    `q` finds parts of names, whole numbers, values of indexed fields, and whole personal values by fingerprint.
    `area` is a code, `SCHEME/CODE` or id; rows at or below it.
    """
    of, limit = definition(ledger, stamps.get("ledgers", 0)), max(1, min(limit, 200))
    stamp = stamps.get("grids", 0)
    where: list[Clause] = [("ledger = %s AND ended_on IS NULL", [ledger])]
    where += [clause for clause in (_search(of, q), _area(area, stamp), _after(after)) if clause]
    arms = visible(actor).arms
    if not arms:
        return {"items": [], "next": None}
    rows = _run(arms, where, limit + 1)
    items = [_item(row, stamp) for row in rows[:limit]]
    return {"items": items, "next": _mark(rows[limit - 1]) if len(rows) > limit else None}


def _run(arms: Any, where: list[Clause], limit: int) -> list[dict[str, Any]]:
    parts: list[str] = []
    params: list[Any] = []
    for arm in arms:
        clauses = [clause for clause in (arm, *where) if clause[0]]
        text = " AND ".join(fragment for fragment, _ in clauses)
        params += [value for _, values in clauses for value in values]
        parts.append(
            f"SELECT * FROM (SELECT {', '.join(COLUMNS)} FROM ledger_subject WHERE {text} "
            f"ORDER BY name_folded, id LIMIT {limit}) arm{len(parts)}"
        )
    text = f"SELECT * FROM ({' UNION '.join(parts)}) united ORDER BY name_folded, id LIMIT {limit}"
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _search(of: Definition, q: str) -> Clause | None:
    text = q.strip()
    if not text:
        return None
    holds = (
        "strpos(name_folded, %s) > 0" if connection.vendor == sql.POSTGRESQL else "instr(name_folded, %s) > 0"
    )
    parts, params = [holds, "number = %s"], [fold_name(text), text]
    for rule in of.fields.values():
        if rule.indexed and not rule.sealed and rule.type in ("text", "uscc", "choice", "date"):
            parts.append(f"{bulk.field_sql(rule.id)} = %s")
            params.append(text)
    digests = [digest_of(of.code, rule.id, text) for rule in of.fields.values() if rule.sealed]
    if digests:
        found = f"SELECT subject FROM ledger_blindindex WHERE ledger = %s AND digest IN ({sql.marks(len(digests))})"
        parts.append(f"id IN ({found})")
        params += [of.code, *digests]
    return f"({' OR '.join(parts)})", params


def _area(text: str, stamp: int) -> Clause | None:
    if not text:
        return None
    ref = refs.find_area(text, stamp=stamp) or refs.area_ref(_uuid(text), stamp=stamp)
    if ref is None:
        raise BadInput(BAD_AREA, field="area", found=text[:60])
    return f"a{ref.rank} = %s", [sql.key(connection.vendor, ref.id)]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _after(text: str) -> Clause | None:
    if not text:
        return None
    try:
        name, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return "(name_folded, id) > (%s, %s)", [str(name), sql.key(connection.vendor, UUID(key))]
    except (ValueError, TypeError) as error:
        raise BadInput(BAD_CURSOR, field="after", found=text[:60]) from error


def _mark(row: Mapping[str, Any]) -> str:
    data = [row["name_folded"], str(sql.as_key(row["id"]))]
    return base64.urlsafe_b64encode(json.dumps(data, ensure_ascii=False).encode()).decode().rstrip("=")


def _item(row: Mapping[str, Any], stamp: int) -> dict[str, Any]:
    return {
        "id": str(sql.as_key(row["id"])),
        "number": row["number"],
        "name": row["name"],
        "area": area_card(sql.as_key(row["area"]), stamp),
        "class": None,
        "completeness": [row["have"], row["wanted"]],
    }


def area_card(area: UUID | None, stamp: int) -> dict[str, str] | None:
    """{"id", "code", "name"} of an area."""
    ref = refs.area_ref(area, stamp=stamp)
    return {"id": str(ref.id), "code": ref.code, "name": ref.name} if ref else None


def values_of(text: str) -> dict[str, Any]:
    """The open values of a file."""
    found: dict[str, Any] = orjson.loads(text or "{}")
    return found
