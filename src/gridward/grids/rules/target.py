"""Which level of which scheme an import means, and how it finds the parents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gridward.grids.rules import LevelSpec
from gridward.grids.rules import messages as m
from gridward.grids.rules.levels import MAX_LEVELS, check_code
from gridward.kernel.errors import BadInput


@dataclass(frozen=True)
class Target:
    """The level to fill and the one above it; `is_new` when the level has to be created."""

    level: LevelSpec
    parent: LevelSpec | None
    is_new: bool


def decide_target(
    scheme: str, levels: Sequence[LevelSpec], level: str, parent_level: str | None, *, drawn: bool = True
) -> Target:
    """Find or place the level. `drawn`: the file has polygons; a new level of a table needs none.

    BadInput GW-GRIDS-001, 004, 049…052.
    """
    name = check_code(level, field="level")
    known = {spec.code: spec for spec in levels}
    parent = _parent(scheme, known, parent_level)
    if name in known:
        return _existing(scheme, known[name], levels, parent)
    rank = parent.rank + 1 if parent else 1
    _check_room(scheme, name, levels, rank, parent)
    spec = LevelSpec(rank, name, name, name, (name,), coverage="required" if drawn else "none")
    return Target(spec, parent, True)


def _parent(scheme: str, known: dict[str, LevelSpec], code: str | None) -> LevelSpec | None:
    if code and code not in known:
        values = {"scheme": scheme, "found": code, "known": "、".join(known) or "–"}
        raise BadInput(m.NO_LEVEL, field="parent_level", **values)
    return known[code] if code else None


def _existing(scheme: str, spec: LevelSpec, levels: Sequence[LevelSpec], parent: LevelSpec | None) -> Target:
    above = next((each for each in levels if each.rank == spec.rank - 1), None)
    if parent is not None and parent != above:
        values: dict[str, Any] = {
            "scheme": scheme,
            "level": spec.code,
            "rank": spec.rank,
            "found": parent.code,
        }
        raise BadInput(m.LEVEL_PLACE, field="parent_level", parent=above.code if above else "–", **values)
    return Target(spec, above, False)


def _check_room(
    scheme: str, name: str, levels: Sequence[LevelSpec], rank: int, parent: LevelSpec | None
) -> None:
    """A new level goes below the lowest one (or is the first): levels are never pushed apart."""
    if parent is None and levels:
        raise BadInput(m.LEVEL_BELOW, field="parent_level", scheme=scheme, top=levels[0].code, level=name)
    if parent is not None and rank > MAX_LEVELS:
        raise BadInput(m.LEVEL_FULL, field="parent_level", parent=parent.code)
    taken = next((each.code for each in levels if each.rank == rank), None)
    if taken is not None and parent is not None:
        raise BadInput(m.RANK_TAKEN, field="level", parent=parent.code, other=taken, level=name)


def check_parent_rule(target: Target, prefix: int | None, by: str | None) -> str:
    """ "prefix", "geometry" or "" (top level). BadInput GW-GRIDS-008, 048 when it is not said how to find
    parents.
    """
    if target.parent is None:
        return ""
    if prefix is not None and by in (None, "prefix"):
        if prefix < 1:
            raise BadInput(
                m.BAD_CHOICE,
                field="parent_code_prefix",
                name="--parent-code-prefix",
                found=prefix,
                allowed="≥ 1",
            )
        return "prefix"
    if by == "geometry" and prefix is None:
        return "geometry"
    raise BadInput(m.PARENT_RULE, field="parent_by", level=target.parent.code)
