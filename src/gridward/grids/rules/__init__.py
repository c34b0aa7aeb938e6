"""Pure decisions about places, and the plain data in which other rooms see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Ancestors = tuple[UUID | None, UUID | None, UUID | None, UUID | None, UUID | None]

NO_ANCESTORS: Ancestors = (None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class AreaRef:
    """An area at a date. `ancestors` holds one id per rank from 1 to 5, its own included, None below it.

    `division` drew the boundary that it has at that date.
    """

    id: UUID
    code: str
    name: str
    rank: int
    scheme: str
    ancestors: Ancestors
    division: UUID | None = None

    @property
    def parent(self) -> UUID | None:
        return self.ancestors[self.rank - 2] if self.rank > 1 else None


@dataclass(frozen=True)
class AreaStaff:
    """What people says about an area: names of the lead, whether it is on the gap list, its postings."""

    lead: tuple[str, ...] = ()
    gap: bool = False
    postings: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class LevelSpec:
    """A level as packs and imports define it. `expected` counts areas by kind, "*" counts all of them.

    coverage "none": areas need no polygon and may leave gaps. overlaps "declared": pairs that a division
    declares may overlap. A business level splits the subjects of its leaf by class and has no ground of its
    own.
    """

    rank: int
    code: str
    label_zh: str
    label_en: str = ""
    unit_kinds: tuple[str, ...] = ()
    kind: str = "territorial"
    coverage: str = "required"
    overlaps: str = "forbidden"
    tolerance_m2: float = 1.0
    fields: tuple[Mapping[str, Any], ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)

    @property
    def needs_polygon(self) -> bool:
        return self.kind == "territorial" and self.coverage == "required"


@dataclass(frozen=True)
class NewArea:
    """An area as somebody proposes it. `geometry` is WGS 84 or None; `code` may be empty where grids are
    numbered.

    `from_codes` name the areas it comes from, for lineage where there are no polygons.
    """

    code: str
    name: str
    parent_code: str = ""
    geometry: Any = None
    from_codes: Sequence[str] = ()
    kind: str = ""
    boundary: str = ""
    strip: Mapping[str, Any] = field(default_factory=dict)


def with_self(above: Ancestors, rank: int, own: UUID) -> Ancestors:
    """The ancestors of an area of `rank` below a parent whose ancestors are `above`."""
    slots = [*above[: rank - 1], own, None, None, None, None][:5]
    return (slots[0], slots[1], slots[2], slots[3], slots[4])
