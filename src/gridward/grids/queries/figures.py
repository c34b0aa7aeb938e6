"""How well the areas of a scheme cover the territory, and whether there are as many as planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import orjson

from gridward.grids import models
from gridward.grids.queries.schemes import scheme as one_scheme
from gridward.grids.queries.schemes import schemes
from gridward.grids.queries.standing import standing
from gridward.grids.queries.tree import AreaRow, area_tree
from gridward.grids.rules import AreaRef, LevelSpec
from gridward.grids.rules.change import Standing
from gridward.grids.rules.cover import Cover, Verdict, find_outside, judge, measure
from gridward.kernel.geometry import areas_m2


@dataclass(frozen=True)
class Count:
    """Areas found against the plan (R-GRID-14). `kind` "*" counts all kinds; `below` None is the whole
    scheme.
    """

    level: str
    kind: str
    below: AreaRef | None
    expected: int
    found: int


def counts(scheme: str, *, on: date) -> list[Count]:
    """Every expected count of a scheme, of its levels and of its areas, with what is found at a date."""
    rows = area_tree(scheme, on=on)
    found = [
        Count(level.code, kind, None, expected, _number(rows, level.code, kind, None))
        for level in one_scheme(scheme).levels
        for kind, expected in sorted(level.expected.items())
    ]
    plans = _area_plans(scheme)
    for row in rows:
        for name, expected in sorted(plans.get(row.ref.id, {}).items()):
            level, _, kind = name.partition("/")
            number = _number(rows, level, kind or "*", row.ref)
            found.append(Count(level, kind or "*", row.ref, expected, number))
    return found


def _area_plans(scheme: str) -> dict[Any, dict[str, int]]:
    rows = models.Area.objects.filter(scheme_id=scheme).exclude(expected="{}")
    return {area: orjson.loads(text) for area, text in rows.values_list("id", "expected")}


def _number(rows: Sequence[AreaRow], level: str, kind: str, below: AreaRef | None) -> int:
    return sum(
        row.level == level
        and kind in ("*", row.kind)
        and (below is None or (row.ref.id != below.id and row.ref.ancestors[below.rank - 1] == below.id))
        for row in rows
    )


def coverage_figures(scheme: str, *, on: date) -> list[dict[str, Any]]:
    """Per level: how many areas, how many with a polygon, by kind, m² together, and what invariant 1 finds.

    Keys: level, rank, areas, drawn, kinds, m2, outside_parent, overlaps {pairs, max_m2}, gaps {count,
    max_m2}, accepted (slivers listed by the divisions in force), ok (nothing above the tolerance that is not
    accepted).
    """
    figures = []
    above: list[Standing] = []
    for level in one_scheme(scheme).levels:
        areas = standing(scheme, level.rank, on)
        figures.append(_level_figures(scheme, level, areas, above))
        above = areas
    return figures


def coverage_report(*, on: date) -> dict[str, Any]:
    """{"ok", "levels": [`coverage_figures` of every scheme, each with its scheme]} at a date."""
    levels = [{"scheme": s.code, **row} for s in schemes() for row in coverage_figures(s.code, on=on)]
    return {"ok": all(row["ok"] for row in levels), "levels": levels}


def _level_figures(
    scheme: str, level: LevelSpec, areas: Sequence[Standing], above: Sequence[Standing]
) -> dict[str, Any]:
    drawn = [area for area in areas if area.geometry is not None]
    cover = measured(drawn, above)
    verdict = _verdict(scheme, level, areas, cover)
    return {
        "level": level.code,
        "rank": level.rank,
        "areas": len(areas),
        "drawn": len(drawn),
        "kinds": dict(sorted(Counter(_kinds(scheme, level.rank, areas)).items())),
        "m2": round(float(areas_m2(np.array([a.geometry for a in drawn], dtype=object)).sum()))
        if drawn
        else 0,
        **cover.figures(level.tolerance_m2),
        "accepted": len(verdict.accepted),
        "ok": not (level.needs_polygon and verdict.refused),
    }


def _kinds(scheme: str, rank: int, areas: Sequence[Standing]) -> list[str]:
    known = dict(models.Area.objects.filter(scheme_id=scheme, rank=rank).values_list("id", "kind"))
    return [kind for area in areas if (kind := known[area.id])]


def measured(areas: Sequence[Standing], above: Sequence[Standing]) -> Cover:
    """Overlaps, holes and areas outside their parent among areas that have ground."""
    if not areas:
        return Cover()
    cover = measure([a.code for a in areas], [a.geometry for a in areas])
    parents = {parent.id: parent for parent in above}
    homes = [(a, parents[a.parent]) for a in areas if a.parent in parents]
    cover.outside = find_outside([(a.code, a.geometry, p.code, p.geometry) for a, p in homes])
    return cover


def _verdict(scheme: str, level: LevelSpec, areas: Sequence[Standing], cover: Cover) -> Verdict:
    """What the divisions in force accept between them: the most m², and every declared pair."""
    rows = models.Division.objects.filter(
        scheme_id=scheme, rank=level.rank, id__in={a.division for a in areas}
    )
    known = rows.values_list("accept_m2", "declared")
    declared = {(a, b) for _, text in known for a, b in orjson.loads(text)}
    accept = max((m2 for m2, _ in known), default=0.0)
    return judge(cover, tolerance_m2=level.tolerance_m2, accept_m2=accept, declared=declared, drawn=False)
