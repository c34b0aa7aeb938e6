"""What the browser is told about the person who logged in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gridward.grids import queries as grids
from gridward.grids.rules import AreaRef
from gridward.kernel.actor import Actor
from gridward.kernel.clock import zone
from gridward.people.queries.kept import Stamps, stamps_or_read, timezone_name
from gridward.people.queries.postings import PostingLine, postings_of
from gridward.people.queries.units import unit_ref

NIGHT_BEGINS, NIGHT_ENDS = 22, 7


def me(actor: Actor, now: datetime, *, stamps: Stamps | None = None) -> dict[str, Any]:
    """{"person", "posts", "permissions", "night"} as in the HTTP shapes; posts are those in force at
    `now`."""
    known = stamps_or_read(stamps)
    lines = postings_of(actor.id, at=now, stamps=known) if actor.id else []
    areas = grids.areas({line.target for line in lines if line.on == "area"})
    hour = now.astimezone(zone(timezone_name(known))).hour
    return {
        "person": {"id": str(actor.id) if actor.id else None, "name": actor.name, "login": actor.login},
        "posts": [_post(line, areas.get(line.target), known) for line in lines],
        "permissions": sorted({grant.permission for grant in actor.grants}),
        "night": hour >= NIGHT_BEGINS or hour < NIGHT_ENDS,
    }


def _post(line: PostingLine, area: AreaRef | None, stamps: Stamps) -> dict[str, Any]:
    unit = unit_ref(line.unit, stamps)
    return {
        "post": line.post,
        "label": {"zh": line.zh, "en": line.en},
        "area": {"id": str(area.id), "code": area.code, "name": area.name} if area else None,
        "unit": {"id": str(unit.id), "name": unit.name} if unit else None,
        "rank": line.rank,
    }
