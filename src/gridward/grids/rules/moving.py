"""Where the areas below go when an area ends or gets another parent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gridward.grids.rules import Ancestors, with_self
from gridward.grids.rules import messages as m
from gridward.grids.rules.change import Descent, Standing
from gridward.grids.rules.rows import largest_share, listed
from gridward.kernel.errors import Refused


@dataclass(frozen=True)
class Moved:
    """An area of a lower level with its new parent (often the old one) and ancestors."""

    area: Standing
    parent: UUID | None
    ancestors: Ancestors


def decide_moves(
    below: Sequence[Standing],
    closed: Sequence[Standing],
    heirs: Sequence[Standing],
    descents: Iterable[Descent],
    valid_from: date,
) -> list[Moved]:
    """New parents and ancestors for `below` (upper levels first).

    A child of a closed area goes to the heir that holds most of its ground; one without ground to the heir
    that got most of its parent. Refused GW-GRIDS-039 when there is no heir, 056 when a shape would change
    before it began.
    """
    _check_since(below, valid_from)
    homes = _new_homes(below, closed, heirs, list(descents))
    ancestors = {heir.id: heir.ancestors for heir in heirs}
    moved = []
    for area in below:
        parent = homes.get(area.id, area.parent)
        if parent is None or parent not in ancestors:
            continue
        ancestors[area.id] = with_self(ancestors[parent], area.rank, area.id)
        if ancestors[area.id] != area.ancestors:
            moved.append(Moved(area, parent, ancestors[area.id]))
    return moved


def _check_since(below: Sequence[Standing], valid_from: date) -> None:
    for area in below:
        if area.since > valid_from:
            values = {"found": valid_from.isoformat(), "code": area.code, "date": area.since.isoformat()}
            raise Refused(m.CHILD_TOO_EARLY, field="valid_from", **values)


def _new_homes(
    below: Sequence[Standing], closed: Sequence[Standing], heirs: Sequence[Standing], descents: list[Descent]
) -> dict[UUID, UUID]:
    gone = {parent.id: parent for parent in closed}
    children = [area for area in below if area.parent in gone]
    if not children:
        return {}
    main = _main_heirs(descents)
    homes: dict[UUID, UUID] = {}
    orphans: dict[UUID, list[str]] = defaultdict(list)
    by_ground = largest_share([child.geometry for child in children], heirs)
    for child, found in zip(children, by_ground, strict=True):
        assert child.parent is not None
        home = found.id if found is not None else main.get(child.parent)
        if home is None:
            orphans[child.parent].append(child.code)
        else:
            homes[child.id] = home
    for parent, codes in orphans.items():
        values = {"code": gone[parent].code, "known": listed(codes)}
        raise Refused(m.ORPHANS, field="areas", count=len(codes), **values)
    return homes


def _main_heirs(descents: Iterable[Descent]) -> dict[UUID, UUID]:
    """Old area → the one that got most of its ground."""
    ordered = sorted(descents, key=lambda d: (d.share_old or 0.0, str(d.new)))
    return {d.old: d.new for d in ordered}
