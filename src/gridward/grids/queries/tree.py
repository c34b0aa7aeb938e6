"""Areas by id, their children, their past and their kin in other schemes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q

from gridward.grids import models
from gridward.grids.queries.standing import ancestors_of, valid_at
from gridward.grids.rules import AreaRef
from gridward.grids.rules import messages as m
from gridward.kernel.errors import Missing

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class AreaRow:
    """An area in a list: where it hangs, its box (west, south, east, north) and where its label stands."""

    ref: AreaRef
    level: str
    kind: str
    box: Box | None
    label: tuple[float, float] | None

    @property
    def parent(self) -> UUID | None:
        return self.ref.parent


@dataclass(frozen=True)
class AreaDetail:
    """One area as it is now, with what a person said about it."""

    ref: AreaRef
    level: str
    kind: str
    fields: dict[str, Any]
    expected: dict[str, int]
    boundary: str
    strip: dict[str, Any]
    valid_from: date
    valid_to: date | None
    ancestors: tuple[AreaRef, ...]


@dataclass(frozen=True)
class AreaPast:
    """What an area was in a period; `division` drew it so."""

    name: str
    parent: UUID | None
    division: UUID
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class LineageRow:
    """Ground that went from one area to another."""

    old: AreaRef
    new: AreaRef
    kind: str
    share_old: float | None
    share_new: float | None
    at: date


_REF = ("id", "code", "name", "rank", "scheme_id", "a1", "a2", "a3", "a4", "a5")


def _ref(row: Sequence[Any]) -> AreaRef:
    return AreaRef(row[0], row[1], row[2], row[3], row[4], ancestors_of(row[5:10]))


def areas(ids: Collection[UUID]) -> dict[UUID, AreaRef]:
    """Areas by id as they are now, ended ones included; unknown ids are left out."""
    found: dict[UUID, AreaRef] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        rows = models.Area.objects.filter(id__in=wanted[start : start + 500])
        found |= {row[0]: _ref(row) for row in rows.values_list(*_REF)}
    return found


def area(area_id: UUID) -> AreaRef:
    """One area as it is now (or was at its end); Missing GW-GRIDS-013."""
    found = areas([area_id]).get(area_id)
    if found is None:
        raise Missing(m.NO_AREA, field="area", found=area_id)
    return found


def area_at(area_id: UUID, on: date) -> AreaRef | None:
    """The area with the name and ancestors it had on a day; None when it was not in force then."""
    row = (
        models.Shape.objects.filter(valid_at(on), area_id=area_id)
        .values_list(
            "area_id",
            "area__code",
            "name",
            "area__rank",
            "area__scheme_id",
            "a1",
            "a2",
            "a3",
            "a4",
            "a5",
            "division_id",
        )
        .first()
    )
    return None if row is None else replace(_ref(row), division=row[10])


def area_detail(area_id: UUID) -> AreaDetail:
    """Everything that is said about an area itself; Missing GW-GRIDS-013."""
    row = models.Area.objects.filter(id=area_id).first()
    if row is None:
        raise Missing(m.NO_AREA, field="area", found=area_id)
    ref = _ref([getattr(row, name) for name in _REF])
    above = [i for i in ref.ancestors[: ref.rank - 1] if i is not None]
    known = areas(above)
    return AreaDetail(
        ref=ref,
        level=models.Level.objects.values_list("code", flat=True).get(scheme_id=row.scheme_id, rank=row.rank),
        kind=row.kind,
        fields=orjson.loads(row.fields),
        expected=orjson.loads(row.expected),
        boundary=row.boundary,
        strip=orjson.loads(row.strip),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ancestors=tuple(known[i] for i in above if i in known),
    )


def area_tree(scheme: str, *, on: date, rank: int | None = None, parent: UUID | None = None) -> list[AreaRow]:
    """The areas of a scheme at a date, by level and code; of one level and below one parent when given."""
    rows = models.Shape.objects.filter(valid_at(on), area__scheme_id=scheme)
    if rank is not None:
        rows = rows.filter(area__rank=rank)
    if parent is not None:
        rows = rows.filter(parent=parent)
    levels = dict(models.Level.objects.filter(scheme_id=scheme).values_list("rank", "code"))
    found = rows.order_by("area__rank", "area__code").values_list(
        "area_id", "area__code", "name", "area__rank", "area__scheme_id", "a1", "a2", "a3", "a4", "a5",
        "division_id", "area__kind", "west", "south", "east", "north", "label_lon", "label_lat",
    )  # fmt: skip
    return [_tree_row(row, levels) for row in found]


def _tree_row(row: Sequence[Any], levels: dict[int, str]) -> AreaRow:
    box = None if row[12] is None else (row[12], row[13], row[14], row[15])
    label = None if row[16] is None else (row[16], row[17])
    ref = replace(_ref(row), division=row[10])
    return AreaRow(ref, levels[ref.rank], row[11], box, label)


def children(parent: UUID, *, on: date) -> list[AreaRef]:
    """The areas directly below one at a date, by code."""
    return [row.ref for row in area_tree(area(parent).scheme, on=on, parent=parent)]


def area_history(area_id: UUID) -> list[AreaPast]:
    """Every shape that an area had, oldest first."""
    rows = models.Shape.objects.filter(area_id=area_id).order_by("valid_from")
    return [
        AreaPast(*row) for row in rows.values_list("name", "parent", "division_id", "valid_from", "valid_to")
    ]


def lineage_of(area_id: UUID) -> list[LineageRow]:
    """Where the ground of an area came from and where it went, oldest first."""
    rows = list(models.Lineage.objects.filter(Q(old=area_id) | Q(new=area_id)))
    known = areas({row.old for row in rows} | {row.new for row in rows})
    found = [
        LineageRow(known[row.old], known[row.new], row.kind, row.share_old, row.share_new, row.at)
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.at, row.old.code, row.new.code))


def nodes_equal(area_id: UUID) -> list[AreaRef]:
    """The areas of other schemes that are the same node, however many links away, by scheme (R-GRID-15)."""
    seen, border = {area_id}, {area_id}
    while border:
        links = models.NodeLink.objects.filter(Q(area__in=border) | Q(other__in=border))
        pairs = links.values_list("area", "other")
        border = {end for pair in pairs for end in pair} - seen
        seen |= border
    found = areas(seen - {area_id}).values()
    return sorted(found, key=lambda ref: (ref.scheme, ref.code))
