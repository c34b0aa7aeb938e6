"""Areas as they stand at a date, with their ground: what divisions are compared with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from django.db.models import Q, QuerySet

from gridward.grids import models
from gridward.grids.rules import Ancestors, AreaRef
from gridward.grids.rules.change import Standing

_IDS_PER_QUERY = 500


def valid_at(on: date) -> Q:
    """The condition on valid_from and valid_to for a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def read_wkb(raw: Any) -> Any:
    """A stored polygon (bytes on SQLite, a memory view on PostgreSQL), None for none."""
    return None if raw is None else shapely.from_wkb(bytes(raw))


def ancestors_of(row: Sequence[Any]) -> Ancestors:
    return (row[0], row[1], row[2], row[3], row[4])


_COLUMNS = (
    "area_id", "area__code", "name", "area__rank", "parent", "a1", "a2", "a3", "a4", "a5", "wkb",
    "valid_from", "division_id",
)  # fmt: skip


_ANCESTORS = ("a1", "a2", "a3", "a4", "a5")
_LATEST = ("id", *_ANCESTORS, "valid_from", "valid_to")


def _standing(row: tuple[Any, ...]) -> Standing:
    return Standing(
        id=row[0],
        code=row[1],
        name=row[2],
        rank=row[3],
        parent=row[4],
        ancestors=ancestors_of(row[5:10]),
        geometry=read_wkb(row[10]),
        since=row[11],
        division=row[12],
    )


def standing(scheme: str, rank: int, on: date, *, parents: Collection[UUID] | None = None) -> list[Standing]:
    """The areas of a level at a date, by code; with `parents` only those directly below them."""
    rows = _shapes(scheme, on).filter(area__rank=rank)
    found = [_standing(row) for row in rows.order_by("area__code").values_list(*_COLUMNS)]
    return found if parents is None else [area for area in found if area.parent in parents]


def standing_below(scheme: str, rank: int, on: date, homes: Collection[UUID]) -> list[Standing]:
    """All areas of lower levels whose ancestor of `rank` is one of `homes`, upper levels first."""
    rows = _shapes(scheme, on).filter(area__rank__gt=rank)
    found: list[Standing] = []
    for part in _parts(list(homes)):
        below = rows.filter(**{f"a{rank}__in": part})
        found += [_standing(row) for row in below.values_list(*_COLUMNS)]
    return sorted(found, key=lambda area: (area.rank, area.code))


def _parts(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[i : i + _IDS_PER_QUERY] for i in range(0, len(ids), _IDS_PER_QUERY))


def _shapes(scheme: str, on: date) -> QuerySet[models.Shape]:
    return models.Shape.objects.filter(valid_at(on), area__scheme_id=scheme)


def as_ref(area: Standing, scheme: str) -> AreaRef:
    return AreaRef(area.id, area.code, area.name, area.rank, scheme, area.ancestors, area.division)


def unsettled(areas: Collection[UUID], on: date) -> dict[UUID, date]:
    """Which of these areas are not yet, or not for good, what they are on a day: id → the day of change.

    Only what matters to areas below counts: being there at all, and the ancestors. A new boundary does not.
    """
    found: dict[UUID, date] = {}
    for part in _parts(list(areas)):
        newest = models.Area.objects.filter(id__in=part)
        ends = {row[0]: (row[1:6], row[6], row[7]) for row in newest.values_list(*_LATEST)}
        rows = models.Shape.objects.filter(valid_at(on), area_id__in=part)
        then = {row[0]: (row[1:6], row[6]) for row in rows.values_list("area_id", *_ANCESTORS, "valid_to")}
        for area, (ancestors, since, until) in ends.items():
            if area not in then:
                found[area] = since
            elif until is not None or then[area][0] != ancestors:
                found[area] = then[area][1] or until
    return found


def codes_ever(scheme: str, rank: int, beginning: str) -> set[str]:
    """All codes of a level that begin so and were ever given."""
    rows = models.Area.objects.filter(scheme_id=scheme, rank=rank, code__startswith=beginning)
    return set(rows.values_list("code", flat=True))
