"""A drawn division against the areas that stand: what it changes, and whether invariant 1 holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely

from gridward.grids.actions.enact import NEWEST
from gridward.grids.queries.divisions import DivisionRow
from gridward.grids.queries.standing import standing, unsettled
from gridward.grids.rules import LevelSpec, NewArea
from gridward.grids.rules import messages as m
from gridward.grids.rules.change import Changes, Standing, Wanted, decide_changes
from gridward.grids.rules.cover import Cover, Verdict, find_outside, judge, measure
from gridward.grids.rules.rows import listed
from gridward.kernel.errors import BadInput, Refused
from gridward.logbook.rules import canonical


@dataclass(frozen=True)
class Weighed:
    """What a division would change, its figures, and what is accepted or refused."""

    changes: Changes
    figures: dict[str, Any]
    verdict: Verdict


def weigh(row: DivisionRow, drafted: Sequence[NewArea], level: LevelSpec, valid_from: date | None) -> Weighed:
    """Compare a division with the newest areas; `valid_from`, when known, must not precede planned ones."""
    above = standing(row.scheme, row.rank - 1, NEWEST) if row.rank > 1 else []
    everything = standing(row.scheme, row.rank, NEWEST)
    mine = [a for a in everything if not row.parents or a.parent in row.parents]
    wanted = _wanted(drafted, above)
    if valid_from is not None:
        check_parents(str(row.rank - 1), {w.parent for w in wanted if w.parent}, valid_from)
    changes = decide_changes(mine, wanted)
    outlines = [a for a in above if not row.parents or a.id in row.parents]
    inside = {a.id for a in mine}
    others = [a for a in everything if a.id not in inside]
    cover = measure_with_neighbours(wanted, changes, others, _ground(mine, outlines))
    cover.outside = find_outside(homes_of(moved_or_new(changes), above))
    if not level.needs_polygon:
        cover.gaps = []
    verdict = judge(
        cover, tolerance_m2=row.tolerance_m2, accept_m2=row.accept_m2, declared=set(row.declared), drawn=True
    )
    return Weighed(changes, cover.figures(row.tolerance_m2), verdict)


def check_parents(level: str, parents: Collection[UUID], valid_from: date) -> None:
    """Refused GW-GRIDS-055 when a parent is not there on the day, or will end or move after it."""
    later = unsettled(parents, valid_from)
    if later:
        day = min(later.values()).isoformat()
        raise Refused(m.SCHEDULED, field="valid_from", level=level, date=day)


def _wanted(drafted: Sequence[NewArea], above: Sequence[Standing]) -> list[Wanted]:
    ids = {a.code: a.id for a in above}
    wanted = []
    for area in drafted:
        if area.parent_code and area.parent_code not in ids:
            values: dict[str, Any] = {
                "code": area.code,
                "parent": area.parent_code,
                "level": above[0].rank if above else "–",
            }
            raise BadInput(m.NO_PARENT, field="parent_code", known=listed(ids), **values)
        wanted.append(
            Wanted(
                code=area.code,
                name=area.name,
                parent=ids.get(area.parent_code),
                geometry=area.geometry,
                from_codes=area.from_codes,
                kind=area.kind,
                boundary=area.boundary,
                strip=canonical(dict(area.strip)),
            )
        )
    return wanted


def _ground(mine: Sequence[Standing], outlines: Sequence[Standing]) -> Any:
    """What has to be covered: the ground held until now, else the parents' outlines, else nothing known."""
    grounds = [a.geometry for a in mine if a.geometry is not None] or [
        a.geometry for a in outlines if a.geometry is not None
    ]
    return shapely.union_all(grounds) if grounds else None


def moved_or_new(changes: Changes) -> list[Wanted]:
    """Areas whose ground or parent is not what it was."""
    return [*changes.created, *(r.new for r in changes.reshaped if {"shape", "parent"} & set(r.what))]


def homes_of(areas: Sequence[Wanted], above: Sequence[Standing]) -> list[tuple[str, Any, str, Any]]:
    """(code, geometry, parent code, parent geometry) of each area that has a parent."""
    by_id: dict[UUID | None, Standing] = {a.id: a for a in above}
    return [
        (a.code, a.geometry, by_id[a.parent].code, by_id[a.parent].geometry)
        for a in areas
        if a.parent in by_id
    ]


def measure_with_neighbours(
    wanted: Sequence[Wanted], changes: Changes, others: Collection[Standing], ground: Any
) -> Cover:
    """Overlaps among the wanted areas and with areas that stay beside them; gaps in `ground` or enclosed
    ones.
    """
    drawn = [w for w in wanted if w.geometry is not None]
    if not drawn:
        return Cover()
    near = _touching(others, [w.geometry for w in drawn])
    quiet = {a.code for a in near} | {a.code for a in changes.same}
    codes = [*(w.code for w in drawn), *(a.code for a in near)]
    return measure(
        codes, [*(w.geometry for w in drawn), *(a.geometry for a in near)], ground=ground, quiet=quiet
    )


def _touching(others: Collection[Standing], drawn: Sequence[Any]) -> list[Standing]:
    known = [a for a in others if a.geometry is not None]
    if not known:
        return []
    hits = shapely.STRtree(drawn).query([a.geometry for a in known])[0]
    return [known[i] for i in sorted(set(hits.tolist()))]
