"""The published gap list: areas without a lead, since when and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.ids import uuid7
from gridward.people.actions.changing import changing, journal
from gridward.people.models import Gap
from gridward.people.policy import require
from gridward.people.rules.places import Area, ancestors_of


def open_gap(scheme: str, area: UUID, level: int, why: str, now: datetime) -> None:
    """Put an area on the gap list, inside the caller's `changing`; what stands there already stays."""
    Gap.objects.get_or_create(
        area=area,
        closed_at=None,
        defaults={"id": uuid7(now), "scheme": scheme, "area_rank": level, "why": why, "opened_at": now},
    )


def close_gap(area: UUID, at: datetime) -> None:
    """Take an area off the gap list from `at` on, inside the caller's `changing`: somebody is posted then."""
    Gap.objects.filter(area=area, closed_at__isnull=True).update(closed_at=at)


def explain_gap(*, area: Area, why: str, actor: Actor, now: datetime) -> None:
    """Publish why an area has no lead at present."""
    require(actor, "people:posting:manage", ancestors=ancestors_of(area))
    with changing():
        open_gap(area.scheme, area.id, area.rank, why, now)
        Gap.objects.filter(area=area.id, closed_at__isnull=True).update(why=why)
        journal(f"gap/{area.id}", "explain", actor, now, {"why": why})
