"""Follow a new division: postings on closed areas end, what moved gets its new ancestors, new areas are
gaps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gridward.grids import queries as grids
from gridward.kernel.actor import SYSTEM
from gridward.people.actions.changing import changing
from gridward.people.actions.endings import finish_posting
from gridward.people.actions.gaps import open_gap
from gridward.people.models import Posting, Presence

_IDS_AT_ONCE = 500
CLOSED = "新划分方案启用，原网格撤销 / the area was closed by a new division"
NEW = "新划分方案启用，尚未定人 / new by a division, nobody is posted yet"


def follow_division(
    *,
    scheme: str,
    rank: int,
    valid_from: date,
    closed: Collection[UUID],
    created: Collection[UUID],
    moved: Collection[UUID],
    now: datetime,
) -> int:
    """Bring postings in line with a division in force from `valid_from`; returns how many ended. Twice
    changes nothing.

    New areas go on the gap list when a lead lost an area by this division; on an empty territory there is
    nobody to miss, and queries.gap_list shows every leaf without a lead anyway.
    """
    with changing():
        ended = led = 0
        for part in _parts(closed):
            for row in _open(part, valid_from).select_related("post").order_by("id"):
                on = max(valid_from, row.valid_from)
                finish_posting(row, on, CLOSED, SYSTEM, now, place_stays=False)
                ended, led = ended + 1, led + (row.leads != "-")
            Presence.objects.filter(_after(valid_from), area__in=part).update(valid_to=valid_from)
        for area in created if led else ():
            open_gap(scheme, area, rank, NEW, now)
        for part in _parts(moved):
            _move(part, valid_from)
    return ended


def _parts(ids: Collection[UUID]) -> list[list[UUID]]:
    known = list(ids)
    return [known[i : i + _IDS_AT_ONCE] for i in range(0, len(known), _IDS_AT_ONCE)]


def _after(day: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=day)


def _open(areas: list[UUID], day: date) -> QuerySet[Posting]:
    return Posting.objects.filter(_after(day), area__in=areas)


def _move(areas: list[UUID], day: date) -> None:
    """Rewrite the ancestors of what is open; ended postings keep theirs."""
    for key, ref in grids.areas(areas).items():
        columns = dict(zip(("a1", "a2", "a3", "a4", "a5"), ref.ancestors, strict=True))
        _open([key], day).update(**columns)
        Presence.objects.filter(_after(day), area=key).update(**columns)
