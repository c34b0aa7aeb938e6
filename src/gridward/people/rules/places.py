"""Areas as this room needs them: an id, a scheme, a level and five ancestors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

Five = tuple[UUID | None, UUID | None, UUID | None, UUID | None, UUID | None]
NOWHERE: Five = (None, None, None, None, None)


class Area(Protocol):
    """What grids.queries hands out for an area. `ancestors` holds level 1 first and the area itself last."""

    @property
    def id(self) -> UUID: ...
    @property
    def scheme(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def ancestors(self) -> Sequence[UUID | None]: ...


@dataclass(frozen=True)
class Place:
    """An area by its bare columns."""

    id: UUID
    scheme: str
    rank: int
    ancestors: Five


def five(ancestors: Sequence[UUID | None]) -> Five:
    """`ancestors` padded with None to the five columns a1…a5."""
    padded = (*ancestors, None, None, None, None, None)
    return (padded[0], padded[1], padded[2], padded[3], padded[4])


def ancestors_of(area: Area) -> Five:
    """The five columns of an area; the area itself stands at its own level, whether handed in or not."""
    found = list(five(area.ancestors))
    found[area.rank - 1] = area.id
    return five(found)


def deepest(ancestors: Sequence[UUID | None]) -> UUID | None:
    """The lowest area of a chain, None when there is none."""
    return next((key for key in reversed(ancestors) if key is not None), None)


def do_overlap(from_1: date, to_1: date | None, from_2: date, to_2: date | None) -> bool:
    """Whether two periods (to exclusive, None = open) share a day. A period without a day shares none."""
    if from_1 == to_1 or from_2 == to_2:
        return False
    return (to_2 is None or from_1 < to_2) and (to_1 is None or from_2 < to_1)
