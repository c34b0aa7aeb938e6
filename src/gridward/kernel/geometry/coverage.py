"""Does a division cover its parent without gap or overlap? Checks, repair, lineage, numbering.

All geometries are polygons in degrees, all figures square metres on the ellipsoid or shares 0…1. The quick
test of the geometry library (`coverage_is_valid`) sees overlaps but no gaps: gaps are measured here as what
is left of the parent's outline, or as holes of the union where no outline is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gridward.kernel.errors import BadInput, Message
from gridward.kernel.geometry.metric import area_m2, areas_m2

Geoms: TypeAlias = NDArray[np.object_]

# Below this a difference is rounding of coordinates (7 decimals = 1 cm), not something a person can look at.
NOISE_M2 = 0.01

_NONE: Geoms = np.empty(0, dtype=object)

NOT_POLYGONAL = Message(
    "GW-GEO-040",
    "区域 {code} 的图形不能核对：{reason}。只接受不自交的面；请先修复（--repair）。",
    "The shape of area {code} cannot be checked: {reason}. Only polygons that do not cross themselves are "
    "allowed; repair it first (--repair).",
)


@dataclass(frozen=True)
class Overlap:
    """Ground that two areas claim; it goes to `code_a`, the lower code."""

    code_a: str
    code_b: str
    m2: float


@dataclass(frozen=True)
class Gap:
    """Ground that no area claims, with a place inside it."""

    m2: float
    lon: float
    lat: float


@dataclass(frozen=True)
class CoverageReport:
    """`overlaps` and `gaps` above rounding noise, largest first; `valid` when none passes `tolerance_m2`.

    `outside_m2` is ground covered beyond the parent's outline (0 without an outline).
    """

    overlaps: list[Overlap]
    gaps: list[Gap]
    outside_m2: float
    tolerance_m2: float

    @property
    def max_overlap_m2(self) -> float:
        return self.overlaps[0].m2 if self.overlaps else 0.0

    @property
    def max_gap_m2(self) -> float:
        return self.gaps[0].m2 if self.gaps else 0.0

    @property
    def valid(self) -> bool:
        return self.valid_within(self.tolerance_m2)

    def valid_within(self, tolerance_m2: float) -> bool:
        """True when no single overlap and no single gap is larger than `tolerance_m2`."""
        return max(self.max_overlap_m2, self.max_gap_m2) <= tolerance_m2


def check_coverage(
    codes: Sequence[str], geoms: Sequence[Any], parent_outline: Any = None, *, tolerance_m2: float = 1.0
) -> CoverageReport:
    """Overlaps of each pair and gaps of a division. BadInput GW-GEO-040 for a shape that cannot be measured.

    Areas without a polygon (None) take no part. With `parent_outline` gaps are the parts of the outline that
    no area covers, each measured by itself; without it only enclosed holes can be seen.
    """
    array = np.asarray(geoms, dtype=object)
    _refuse_unmeasurable(codes, array)
    marked = _marked(array)
    overlaps = _overlaps(codes, array, marked)
    union = shapely.union_all(array) if marked.any() else shapely.coverage_union_all(array)
    gaps = _gaps(union, parent_outline)
    outside = 0.0 if parent_outline is None else area_m2(shapely.difference(union, parent_outline))
    return CoverageReport(overlaps, gaps, outside, tolerance_m2)


def _refuse_unmeasurable(codes: Sequence[str], array: Geoms) -> None:
    present = ~shapely.is_missing(array)
    bad = present & ((shapely.get_dimensions(array) != 2) | ~shapely.is_valid(array))
    for i in np.flatnonzero(bad).tolist():
        reason = (
            shapely.is_valid_reason(array[i]) if shapely.get_dimensions(array[i]) == 2 else "not a polygon"
        )
        raise BadInput(NOT_POLYGONAL, field="geometry", code=codes[i], reason=reason)


def _marked(array: Geoms) -> NDArray[np.bool_]:
    """Which areas have an edge that is not matched by its neighbour; empty edges mean a clean area."""
    edges = shapely.coverage_invalid_edges(array)
    return np.asarray(~(shapely.is_missing(edges) | shapely.is_empty(edges)), dtype=np.bool_)


def _overlaps(codes: Sequence[str], array: Geoms, marked: NDArray[np.bool_]) -> list[Overlap]:
    suspects = np.flatnonzero(marked)
    if not len(suspects):
        return []
    left, right = _meeting(array[suspects], array)
    pairs = np.unique(np.sort(np.column_stack([suspects[left], right]), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    m2 = areas_m2(shapely.intersection(array[pairs[:, 0]], array[pairs[:, 1]]))
    found = [_overlap(codes[i], codes[j], a) for (i, j), a in zip(pairs, m2, strict=True) if a > NOISE_M2]
    return sorted(found, key=lambda o: (-o.m2, o.code_a, o.code_b))


def _meeting(a: Geoms, b: Geoms) -> NDArray[np.int64]:
    """Pairs of positions (2, n) whose insides meet; cutting mere neighbours would cost the most."""
    shapely.prepare(a)
    pairs: NDArray[np.int64] = shapely.STRtree(b).query(a, predicate="intersects")
    return pairs[:, ~shapely.touches(a[pairs[0]], b[pairs[1]])]


def _overlap(a: str, b: str, m2: float) -> Overlap:
    return Overlap(min(a, b), max(a, b), float(m2))


def _gaps(union: Any, outline: Any) -> list[Gap]:
    parts = _holes(union) if outline is None else _pieces(shapely.difference(outline, union))
    m2 = areas_m2(parts)
    found = [_gap(part, area) for part, area in zip(parts, m2, strict=True) if area > NOISE_M2]
    return sorted(found, key=lambda g: (-g.m2, g.lon, g.lat))


def _holes(union: Any) -> Geoms:
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    # A hole may hold an island that belongs to the division: only what is left of the hole is a gap.
    return _pieces(shapely.difference(shapely.union_all(shapely.polygons(rings)), union)) if rings else _NONE


def _pieces(geom: Any) -> Geoms:
    parts = shapely.get_parts(geom)
    flat: Geoms = parts[shapely.get_dimensions(parts) == 2]
    return flat


def _gap(part: Any, m2: float) -> Gap:
    place = shapely.point_on_surface(part)
    return Gap(float(m2), round(float(shapely.get_x(place)), 7), round(float(shapely.get_y(place)), 7))


def share_inside(child: Any, parent: Any) -> float:
    """Share 0…1 of the child's ground that lies in the parent; 0 for a child without ground."""
    whole = area_m2(child)
    return area_m2(shapely.intersection(child, parent)) / whole if whole else 0.0


def outside_parent(child: Any, parent: Any, min_share: float = 0.99) -> bool:
    """True when less than `min_share` of the child's ground lies in the parent."""
    return share_inside(child, parent) < min_share


def iou(a: Any, b: Any) -> float:
    """Intersection over union 0…1 of two polygons: 1 = the same ground."""
    shared = area_m2(shapely.intersection(a, b))
    total = area_m2(a) + area_m2(b) - shared
    return shared / total if total else 0.0


@dataclass(frozen=True)
class Repair:
    """What a repair moved: m² of symmetric difference per position (only those above noise)."""

    geoms: list[Any]
    moved_m2: dict[int, float] = field(default_factory=dict)

    @property
    def max_moved_m2(self) -> float:
        return max(self.moved_m2.values(), default=0.0)

    @property
    def vanished(self) -> list[int]:
        """Positions whose area was wholly covered by others and is empty now."""
        return [i for i, g in enumerate(self.geoms) if g is not None and g.is_empty]


def repair_coverage(geoms: Sequence[Any], *, gap_width_deg: float = 0.0) -> Repair:
    """Make edges match and remove overlaps; each overlap goes to the area that comes first.

    Give the areas in code order, so that ground in two areas stays with the lower code. Gaps narrower than
    `gap_width_deg` are closed. A shape that crosses itself has to be made valid first (`features`).
    """
    array = np.asarray(geoms, dtype=object)
    there = np.flatnonzero(~shapely.is_missing(array))
    cleaned = array.copy()
    cleaned[there] = shapely.coverage_clean(array[there], gap_width=gap_width_deg, merge_strategy="min_index")
    m2 = areas_m2(shapely.symmetric_difference(array[there], cleaned[there]))
    moved = {int(i): float(a) for i, a in zip(there, m2, strict=True) if a > NOISE_M2}
    return Repair(list(cleaned), moved)


@dataclass(frozen=True)
class Lineage:
    """`share_of_old` of the old area's ground went to the new one and makes up `share_of_new` of it."""

    old: str
    new: str
    share_of_old: float
    share_of_new: float


def lineage(
    old_codes: Sequence[str],
    old_geoms: Sequence[Any],
    new_codes: Sequence[str],
    new_geoms: Sequence[Any],
    min_share: float = 0.01,
) -> list[Lineage]:
    """Who descends from whom between two divisions: pairs that share at least `min_share` of either side.

    A split is one old code with several new ones, a merge several old with one new. Ordered by old, new code.
    """
    old, new = np.asarray(old_geoms, dtype=object), np.asarray(new_geoms, dtype=object)
    i, j = _meeting(old, new)
    shared = areas_m2(shapely.intersection(old[i], new[j]))
    of_old, of_new = _shares(shared, areas_m2(old)[i]), _shares(shared, areas_m2(new)[j])
    kept = np.flatnonzero(np.maximum(of_old, of_new) >= max(min_share, 1e-12))
    rows = [Lineage(old_codes[i[k]], new_codes[j[k]], float(of_old[k]), float(of_new[k])) for k in kept]
    return sorted(rows, key=lambda row: (row.old, row.new))


def _shares(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def simplify_coverage(geoms: Sequence[Any], tolerance_deg: float) -> list[Any]:
    """Fewer corners for drawing, shared borders kept shared; None stays None.

    Detail smaller than a triangle of about `tolerance_deg`² disappears. Never store the result as a boundary.
    """
    array = np.asarray(geoms, dtype=object)
    there = np.flatnonzero(~shapely.is_missing(array))
    result = array.copy()
    if len(there):
        result[there] = shapely.coverage_simplify(array[there], tolerance_deg)
    return list(result)


def sequence_codes(geoms: Sequence[Any]) -> list[int]:
    """Positions in numbering order west → east, north → south (DB11, DB6101/T 3185: grids of one community).

    The standards give the direction but no rule for uneven shapes. Here areas are read like a page: the
    northernmost centroid opens a row, every area whose centroid lies within half a median height below it
    belongs to the row, a row is numbered from west to east. Equal places are ordered by shape, so the same
    areas get the same numbers in whatever order they arrive.
    """
    array = np.asarray(geoms, dtype=object)
    if not len(array):
        return []
    lon, lat = shapely.get_coordinates(shapely.centroid(array)).T
    box = shapely.bounds(array)
    half = float(np.median(box[:, 3] - box[:, 1])) / 2
    shape = shapely.to_wkb(shapely.normalize(array))
    order = sorted(range(len(array)), key=lambda i: (-lat[i], lon[i], shape[i]))
    row_of: dict[int, int] = {}
    row, top = -1, np.inf
    for i in order:
        if lat[i] < top - half or row < 0:
            row, top = row + 1, lat[i]
        row_of[i] = row
    return sorted(order, key=lambda i: (row_of[i], lon[i], -lat[i], shape[i]))
