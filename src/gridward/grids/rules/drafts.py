"""Drafts of a division: what may be proposed, which step follows which, how grids are numbered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import shapely

from gridward.grids.rules import LevelSpec, NewArea
from gridward.grids.rules import messages as m
from gridward.grids.rules.levels import check_code, check_strip
from gridward.kernel.codes.areas import AreaCode, number_children
from gridward.kernel.errors import BadInput, GridwardError, ManyProblems
from gridward.kernel.geometry import sequence_codes

STATES = {
    "draft": ("起草", "draft"),
    "submitted": ("已提交", "submitted"),
    "approved": ("已审定", "approved"),
    "in_force": ("已启用", "in force"),
    "superseded": ("已被取代", "superseded"),
    "rejected": ("已退回", "rejected"),
}
# verb -> (state it needs, state it leads to)
STEPS = {
    "submit": ("draft", "submitted"),
    "approve": ("submitted", "approved"),
    "reject": ("submitted", "rejected"),
    "enforce": ("approved", "in_force"),
}


def check_drafts(areas: Sequence[NewArea], level: LevelSpec) -> list[NewArea]:
    """Codes, names, parents and shapes of a draft; ManyProblems with one sentence per fault."""
    if not areas:
        raise BadInput(m.DRAFT_EMPTY, field="areas")
    problems: list[GridwardError] = []
    good: list[NewArea] = []
    seen: set[str] = set()
    for place, area in enumerate(areas, start=1):
        try:
            good.append(_checked(area, level, place, seen))
        except BadInput as problem:
            problems.append(problem)
    if problems:
        raise ManyProblems(m.NOT_VALID, problems, field="areas", count=len(problems))
    return good


def _checked(area: NewArea, level: LevelSpec, place: int, seen: set[str]) -> NewArea:
    code = check_code(area.code)
    if code in seen:
        raise BadInput(m.DRAFT_TWICE, field="code", code=code)
    seen.add(code)
    if not area.name.strip():
        raise BadInput(m.NO_VALUE, field="name", number=place)
    if level.rank > 1 and not area.parent_code:
        raise BadInput(m.PARENT_NEEDED, field="parent_code", rank=level.rank, code=code)
    if area.geometry is None and level.needs_polygon:
        raise BadInput(m.NO_POLYGON, field="geometry", code=code, level=level.code)
    shape = None if area.geometry is None else checked_shape(code, area.geometry)
    return replace(area, code=code, name=area.name.strip(), geometry=shape, strip=check_strip(area.strip))


def checked_shape(code: str, geometry: Any) -> Any:
    """The flat, normalised polygon; BadInput GW-GRIDS-028 for anything else."""
    flat = shapely.force_2d(geometry)
    if shapely.get_dimensions(flat) != 2 or shapely.is_empty(flat):
        reason = "empty" if shapely.is_empty(flat) else flat.geom_type
        raise BadInput(m.BAD_SHAPE, field="geometry", code=code, reason=reason)
    if not shapely.is_valid(flat):
        raise BadInput(m.BAD_SHAPE, field="geometry", code=code, reason=shapely.is_valid_reason(flat))
    west, south, east, north = shapely.bounds(flat).tolist()
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadInput(m.BAD_SHAPE, field="geometry", code=code, reason=f"{west}, {south}, {east}, {north}")
    return shapely.normalize(flat)


def number_drafts(areas: Sequence[NewArea], parent_code: str, used: Collection[str]) -> list[NewArea]:
    """Give areas without a code the next 15-digit codes under `parent_code`, west → east, north → south.

    `used` are codes ever given under that parent: a number is never given twice (GB/T 47678.3 numbering).
    """
    blank = [i for i, area in enumerate(areas) if not area.code]
    if not blank:
        return list(areas)
    if len(parent_code) != 12 or not parent_code.isdigit():
        raise BadInput(m.CODE_MISSING, field="code", place=blank[0] + 1, parent=parent_code)
    taken = {*used, *(area.code for area in areas if area.code)}
    codes = number_children(AreaCode.parse(parent_code), len(blank), taken)
    numbered = list(areas)
    for position, code in zip(_page_order([areas[i] for i in blank]), codes, strict=True):
        numbered[blank[position]] = replace(areas[blank[position]], code=code.text)
    return numbered


def _page_order(areas: Sequence[NewArea]) -> list[int]:
    """Reading order of the areas with ground; those without follow in the order given."""
    drawn = [i for i, area in enumerate(areas) if area.geometry is not None]
    order = [drawn[i] for i in sequence_codes([areas[i].geometry for i in drawn])]
    return order + [i for i, area in enumerate(areas) if area.geometry is None]
