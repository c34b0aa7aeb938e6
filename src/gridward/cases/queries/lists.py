"""Lists, maps and counters of cases, scoped to the actor by the one condition of the policy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.cases.queries.answers import instant_text
from gridward.cases.queries.paging import Arm, Cursor, PageQuery, run_count, run_page
from gridward.cases.queries.rulebook import Rulebook, rulebook, uuid_or_none
from gridward.cases.rules import stages, view
from gridward.grids.queries import refs
from gridward.grids.rules import AreaRef
from gridward.kernel import sql
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Message
from gridward.people import queries as people
from gridward.people.queries.movers import movers

BAD_FILTER = Message(
    "GW-CASES-031",
    "筛选条件“{name}”不能是“{found}”；可用：{allowed}。",
    "The filter {name} cannot be {found}; allowed: {allowed}.",
)
PERIOD = Message(
    "GW-CASES-032",
    "已结案件的时间段最长 {allowed} 天；请缩短时间段。",
    "A list of closed cases spans at most {allowed} days; choose a shorter period.",
)
LIST_COLUMNS = (
    "id", "number", "category", "scheme", "area", "unit", "stage", "outcome", "text", "address", "opened_at",
    "filing_due_at", "total_due_at", "unit_due_at", "next_due_at", "next_yellow_at", "closed_at", "closed", "late",
    "seq", "returns", "turn", "ended_at",
)  # fmt: skip
_SELECT = ", ".join(f"c.{name}" for name in LIST_COLUMNS)
TURNS = tuple(dict.fromkeys([*view.TURNS.values(), "cases:case:evaluate", "cases:case:pre_check"]))
CLOSED_DAYS, CLOSED_MAX_DAYS = 30, 366
SEARCH_CHARACTERS = 60


@dataclass(frozen=True)
class CaseFilter:
    """What a list may be narrowed by; texts as they came through the door."""

    stage: str = ""
    category: str = ""
    area: str = ""
    unit: str = ""
    open: bool = True
    inbox: bool = False
    q: str = ""
    due_before: datetime | None = None
    closed_from: datetime | None = None
    closed_to: datetime | None = None
    order: str = "next_due"
    limit: int = 50
    after: str = ""
    permission: str = "cases:case:read"


def case_page(
    f: CaseFilter,
    *,
    actor: Actor,
    now: datetime,
    stamps: Mapping[str, int],
    with_total: bool,
    language: str = "zh",
) -> dict[str, Any]:
    """One page: items, marks of the neighbouring pages, and the capped total."""
    book = rulebook(stamps)
    query = build_query(f, actor=actor, now=now, stamps=stamps, book=book)
    cursor = Cursor.read(f.after)
    rows, before, after = run_page(query, cursor, _SELECT)
    items = [dict(zip(LIST_COLUMNS, row, strict=True)) for row in rows]
    page: dict[str, Any] = {
        "items": [list_row(item, book, now, stamps, language) for item in items],
        "next": _mark(items[-1], query, back=False) if items and after else None,
        "previous": _mark(items[0], query, back=True) if items and before else None,
    }
    _add_people(page["items"], now, stamps)
    if with_total:
        page["total"] = run_count(query)
    return page


def _mark(item: Mapping[str, Any], query: PageQuery, *, back: bool) -> str:
    from gridward.cases.bulk import FAR_AT

    column = {"due_at": "next_due_at"}.get(query.column, query.column)
    at = sql.as_instant(item[column]) or FAR_AT
    return Cursor(at, sql.as_key(item["id"]), back).text()


def build_query(
    f: CaseFilter, *, actor: Actor, now: datetime, stamps: Mapping[str, int], book: Rulebook
) -> PageQuery:
    """Turn filters into a page query; refuses unknown values with a sentence."""
    where = _shared_conditions(f, book, stamps)
    limit = max(1, min(f.limit, 200))
    arms = scope_arms(actor, f)
    if f.open:
        column, down = ("opened_at", True) if f.order == "-created" else ("due_at", False)
        return PageQuery("cases_work", column, down, arms, where, limit)
    where += _period(f, now)
    return PageQuery("cases_case", "ended_at", True, arms, [("closed", []), *where], limit)


def scope_arms(actor: Actor, f: CaseFilter) -> list[Arm]:
    """The actor's reading scope as arms; the inbox narrows each arm to the moves that scope may make."""
    table_has_maker = not f.open
    if not f.inbox:
        return people.condition(actor, f.permission, columns=_columns(table_has_maker))
    turns: dict[tuple[str, tuple[Any, ...]], list[str]] = {}
    for permission in TURNS:
        for fragment, params in people.condition(actor, permission, columns=_columns(table_has_maker)):
            turns.setdefault((fragment, tuple(params)), []).append(permission)
    arms: list[Arm] = []
    for (fragment, values), permissions in turns.items():
        turn = f"turn IN ({sql.marks(len(permissions))})"
        arms.append((f"{fragment} AND {turn}" if fragment else turn, [*values, *permissions]))
    return arms


def _columns(maker: bool) -> people.Columns:
    return people.Columns.of(maker="maker" if maker else None)


def _shared_conditions(f: CaseFilter, book: Rulebook, stamps: Mapping[str, int]) -> list[Arm]:
    vendor = connection.vendor
    where: list[Arm] = []
    if f.stage:
        known = (*stages.STAGES, *stages.SIDE_STAGES)
        if f.stage not in known:
            raise BadInput(
                BAD_FILTER, field="stage", name="stage", found=f.stage[:40], allowed=", ".join(known)
            )
        where.append(("stage = %s", [f.stage]))
    if f.category:
        where.append(("category = %s", [book.category(f.category).id]))
    if f.area:
        ref = _area(f.area, stamps)
        where.append((f"a{ref.rank} = %s", [sql.key(vendor, ref.id)]))
    if f.unit:
        unit = people.find_unit(f.unit, stamps)
        if unit is None:
            raise BadInput(
                BAD_FILTER, field="unit", name="unit", found=f.unit[:60], allowed="GET /api/v1/units"
            )
        where.append(("unit = %s", [sql.key(vendor, unit.id)]))
    if f.q:
        where.append(_search(f.q.strip()[:SEARCH_CHARACTERS], f.open))
    if f.due_before and f.open:
        where.append(("due_at < %s", [sql.instant(vendor, f.due_before)]))
    return where


def _search(q: str, open_: bool) -> Arm:
    """Number begins with, or text or address contains: read row by row in the order of the list, never sorted."""
    find = "strpos" if connection.vendor == sql.POSTGRESQL else "instr"
    matches = f"(substr(s.number, 1, %s) = %s OR {find}(s.text, %s) > 0 OR {find}(s.address, %s) > 0)"
    table = "cases_work" if open_ else "cases_case"
    return f"EXISTS (SELECT 1 FROM cases_case s WHERE s.id = {table}.id AND {matches})", [len(q), q, q, q]


def _area(text: str, stamps: Mapping[str, int]) -> AreaRef:
    key = uuid_or_none(text)
    stamp = stamps.get("grids", 0)
    ref = refs.area_ref(key, stamp=stamp) if key else refs.find_area(text, stamp=stamp)
    if ref is None:
        raise BadInput(BAD_FILTER, field="area", name="area", found=text[:60], allowed="GET /api/v1/areas")
    return ref


def _period(f: CaseFilter, now: datetime) -> list[Arm]:
    end = f.closed_to or now
    start = f.closed_from or end - timedelta(days=CLOSED_DAYS)
    if end - start > timedelta(days=CLOSED_MAX_DAYS):
        raise BadInput(PERIOD, field="closed_from", allowed=CLOSED_MAX_DAYS)
    vendor = connection.vendor
    return [("ended_at >= %s AND ended_at <= %s", [sql.instant(vendor, start), sql.instant(vendor, end)])]


def list_row(
    item: Mapping[str, Any], book: Rulebook, now: datetime, stamps: Mapping[str, int], language: str = "zh"
) -> dict[str, Any]:
    """One list row as people and scripts read it."""
    category = book.by_id.get(item["category"])
    key = sql.as_key(item["area"])
    area = refs.area_ref(key, stamp=stamps.get("grids", 0))
    unit = people.unit_ref(sql.as_key(item["unit"]), stamps)
    due, yellow = sql.as_instant(item["next_due_at"]), sql.as_instant(item["next_yellow_at"])
    late = bool(item["late"]) or (due is not None and now > due)
    return {
        "id": str(sql.as_key(item["id"])),
        "number": item["number"],
        "stage": item["stage"],
        "outcome": item["outcome"],
        "category": category.code if category else None,
        "category_label": category.label_in(language) if category else None,
        "area": area.code if area else None,
        "area_id": str(key) if key else None,
        "area_name": area.name if area else None,
        "unit": unit.code if unit else None,
        "unit_id": str(unit.id) if unit else None,
        "unit_name": unit.name if unit else None,
        "text": item["text"],
        "address": item["address"],
        "opened_at": instant_text(sql.as_instant(item["opened_at"])),
        "total_due_at": instant_text(sql.as_instant(item["total_due_at"])),
        "unit_due_at": instant_text(sql.as_instant(item["unit_due_at"])),
        "next_due_at": instant_text(due),
        "closed_at": instant_text(sql.as_instant(item["closed_at"])),
        "colour": view.colour(due, yellow, bool(item["late"]), now),
        "seq": item["seq"],
        "returns": item["returns"],
        "rail": short_rail(item["stage"], bool(item["closed"]), late),
        "turn": item["turn"],
        "responsible": {
            "who": [unit.name] if unit and item["turn"] == "cases:case:handle" else [],
            "where": area.name if area else None,
            "until": instant_text(due),
        },
    }


def short_rail(stage: str, closed: bool, late: bool) -> list[dict[str, Any]]:
    """The stage rail of a list row: without times, which only the detail reads from the journal."""
    position = stages.STAGES.index(stage) if stage in stages.STAGES else -1
    return [
        {
            "stage": name,
            "seconds": None,
            "state": ("done" if closed else "current")
            if i == position
            else ("done" if i < position else "todo"),
            "late": late and i == position,
        }
        for i, name in enumerate(stages.STAGES)
    ]


def _add_people(items: list[dict[str, Any]], now: datetime, stamps: Mapping[str, int]) -> None:
    """Name who makes the next move where it is not a unit's: one query for the whole page."""
    waiting = [i for i in items if i["turn"] and i["turn"] != "cases:case:handle"]
    rows = [(i["turn"], _ancestors(i, stamps)) for i in waiting]
    found = movers(rows, now, stamps=dict(stamps)) if rows else []
    for item, people_ in zip(waiting, found, strict=True):
        item["responsible"]["who"] = [p.name for p in people_]


def _ancestors(item: Mapping[str, Any], stamps: Mapping[str, int]) -> tuple[UUID | None, ...]:
    ref = refs.area_ref(UUID(item["area_id"]), stamp=stamps.get("grids", 0)) if item["area_id"] else None
    return ref.ancestors if ref else ()


def case_points(
    f: CaseFilter, *, actor: Actor, now: datetime, stamps: Mapping[str, int], language: str = "zh"
) -> dict[str, Any]:
    """Open cases as GeoJSON points, at most 5,000, most urgent first."""
    book = rulebook(stamps)
    query = build_query(f, actor=actor, now=now, stamps=stamps, book=book)
    wide = PageQuery(query.table, query.column, query.descending, query.arms, query.where, 5000)
    rows, _, more = run_page(
        wide,
        Cursor(None, None),
        "c.id, c.number, c.stage, c.category, c.next_due_at, c.next_yellow_at, c.late, c.lon, c.lat",
    )
    features = [_feature(row, book, now, language) for row in rows if row[7] is not None]
    return {"type": "FeatureCollection", "features": features, "truncated": more}


def _feature(row: tuple[Any, ...], book: Rulebook, now: datetime, language: str) -> dict[str, Any]:
    category = book.by_id.get(row[3])
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row[7], row[8]]},
        "properties": {
            "id": str(sql.as_key(row[0])),
            "number": row[1],
            "stage": row[2],
            "category_label": category.label_in(language) if category else None,
            "colour": view.colour(sql.as_instant(row[4]), sql.as_instant(row[5]), bool(row[6]), now),
        },
    }


def case_counts(f: CaseFilter, *, actor: Actor, now: datetime, stamps: Mapping[str, int]) -> dict[str, Any]:
    """What is open, late, due today and this week in the actor's scope, per stage and per unit (narrow table).

    Closed cases are not counted, whatever the filter says: their lists have a period.
    """
    book = rulebook(stamps)
    query = build_query(dataclasses.replace(f, open=True), actor=actor, now=now, stamps=stamps, book=book)
    totals: dict[str, Any] = {"open": 0, "late": 0, "today": 0, "week": 0, "by_stage": {}, "by_unit": []}
    if not query.arms:
        return totals
    units: dict[UUID | None, list[int]] = {}
    for stage, unit, count, late, today, week in _grouped(query, now):
        totals["open"] += count
        totals["late"] += late
        totals["today"] += today
        totals["week"] += week
        totals["by_stage"][stage] = totals["by_stage"].get(stage, 0) + count
        sums = units.setdefault(sql.as_key(unit), [0, 0])
        sums[0] += count
        sums[1] += late
    for key, (count, late) in sorted(units.items(), key=lambda item: (-item[1][1], -item[1][0])):
        ref = people.unit_ref(key, stamps)
        if ref:
            totals["by_unit"].append(
                {"unit": {"id": str(ref.id), "name": ref.name}, "open": count, "late": late}
            )
    return totals


def _grouped(query: PageQuery, now: datetime) -> list[tuple[Any, ...]]:
    vendor = connection.vendor
    instants = [sql.instant(vendor, now + d) for d in (timedelta(0), timedelta(days=1), timedelta(days=7))]
    parts: list[str] = []
    params: list[Any] = []
    for arm in query.arms:
        conditions = [fragment for fragment, _ in [arm, *query.where] if fragment]
        params += [value for _, values in [arm, *query.where] for value in values]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        parts.append(f"SELECT id, stage, unit, due_at FROM cases_work{where}")
    sums = ", ".join("sum(CASE WHEN due_at < %s THEN 1 ELSE 0 END)" for _ in instants)
    text = f"SELECT stage, unit, count(*), {sums} FROM ({' UNION '.join(parts)}) w GROUP BY stage, unit"
    with connection.cursor() as cursor:
        cursor.execute(text, [*instants, *params])
        return list(cursor.fetchall())
