"""What other rooms may want to know about places. Dates are ISO text, ids are UUIDs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SchemeDefined:
    """A scheme was created, or its levels were."""

    scheme: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class DivisionCameIntoForce:
    """From `valid_from` on the areas of a level are others.

    `reshaped` kept their identity with a new boundary, name or parent; `moved` are areas of lower levels
    whose ancestors changed with it. Rows of other rooms under any of the listed areas have to be looked at
    again.
    """

    scheme: str
    rank: int
    division: UUID
    valid_from: str
    closed: tuple[UUID, ...]
    created: tuple[UUID, ...]
    reshaped: tuple[UUID, ...]
    moved: tuple[UUID, ...]


@dataclass(frozen=True)
class AreaFieldsSet:
    """Kind, fields, expected counts or the described boundary of an area changed; `names` says which."""

    area: UUID
    names: tuple[str, ...]


@dataclass(frozen=True)
class NodesLinked:
    """Two areas of different schemes are one node from now on."""

    area: UUID
    other: UUID


@dataclass(frozen=True)
class NodesUnlinked:
    """Two areas are no longer one node."""

    area: UUID
    other: UUID
