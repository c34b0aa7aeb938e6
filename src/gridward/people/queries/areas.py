"""What this room asks of grids: linked areas, leaves in force, areas by code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from gridward.grids import queries as grids
from gridward.grids.rules import AreaRef
from gridward.people.queries.kept import Stamps, keep

Twins = tuple[tuple[UUID, int], ...]


def twins(areas: Iterable[UUID], stamps: Stamps) -> dict[UUID, Twins]:
    """Per area the (id, level) of the same node in other schemes: links of that very area only."""
    known: dict[UUID, Twins] = keep("twins", stamps.get("grids"), dict)
    found: dict[UUID, Twins] = {}
    for area in areas:
        if area not in known:
            known[area] = tuple((ref.id, ref.rank) for ref in grids.nodes_equal(area))
        found[area] = known[area]
    return found


def leaf_rank(scheme: str) -> int:
    """The lowest level of a scheme that has ground; business levels split subjects and need no lead of their
    own."""
    levels = grids.scheme(scheme).levels
    return max((level.rank for level in levels if level.kind == "territorial"), default=0)


def areas_in_force(scheme: str, rank: int, on: date) -> list[AreaRef]:
    """The areas of one level at a date, by code."""
    return [row.ref for row in grids.area_tree(scheme, on=on, rank=rank)]
