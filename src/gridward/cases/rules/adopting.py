"""What an adopted row becomes: stage, entry payload, verdict. Pure; the foreign times are taken as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gridward.cases.rules import stages as s
from gridward.kernel.errors import Message
from gridward.logbook.rules import stamp

NO_VALUE = Message(
    "GW-CASES-070",
    "缺少“{found}”，这一行不能接入。",
    "The value of {found} is missing; the row cannot be taken in.",
)
BAD_VALUE = Message(
    "GW-CASES-071", "“{found}”不是可用的值；可用：{allowed}。", "{found} cannot be used; allowed: {allowed}."
)
CLOSED_BEFORE = Message(
    "GW-CASES-072",
    "结案时间 {found} 早于上报时间 {allowed}；请更正。",
    "The closing time {found} lies before the opening time {allowed}; correct it.",
)
TWICE = Message(
    "GW-CASES-073",
    "主键“{found}”在文件里出现了两次；只保留第一行。",
    "The key {found} stands in the file twice; only the first row is kept.",
)
UNKNOWN_CODE = Message(
    "GW-CASES-074",
    "字典“{allowed}”里没有代码“{found}”；请在映射里加 create: true，或更正此值。",
    "The dictionary {allowed} has no code {found}; add create: true to the mapping or correct the value.",
)
OUTCOMES_BY_STAGE = {s.DECLINED: "unfounded", s.VOID: "withdrawn", s.MERGED: "duplicate"}


def adopted_stage(given: str | None, closed: bool, has_unit: bool, has_target: bool) -> str:
    """Where a foreign case stands in the seven stages, said by its own facts only.

    Closed → checked. Open with a unit → assigned; open with a deadline → filed; anything else → collected.
    """
    if given:
        return given
    if closed:
        return s.CHECKED
    if has_unit:
        return s.ASSIGNED
    return s.FILED if has_target else s.COLLECTED


def adopt_payload(row: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of the one entry of an adopted case; empty parts are left out."""
    times = {
        name: stamp(row[name])
        for name in ("opened_at", "due_at", "closed_at", "filed_at", "assigned_at")
        if row.get(name) is not None
    }
    payload: dict[str, Any] = {
        "source": row["source"],
        "key": row["key"],
        "number": row["number"],
        "category": row["category"],
        "dictionary": row["dictionary"],
        "times": times,
        "closed": row["closed"],
    }
    for name in ("unit", "area", "area_code", "point", "address", "text", "recorded", "outcome", "sealed"):
        if row.get(name):
            payload[name] = row[name]
    return payload


def verdict(closed_at: datetime | None, due_at: datetime | None) -> bool | None:
    """On time by our rule (closed_at <= due_at); None where one of them is unknown."""
    if closed_at is None or due_at is None:
        return None
    return closed_at <= due_at
