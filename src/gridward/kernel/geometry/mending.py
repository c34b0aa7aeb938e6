"""A polygon that crosses itself → a valid one on the same ground."""

from __future__ import annotations

from typing import Any

import shapely

# 0.1 mm: the grid on which lines are knotted when exact arithmetic gives up.
_GRID_DEG = 1e-9
# Square degrees; about 0.01 m². Smaller parts are rounding, not ground.
NO_GROUND = 1e-12


def mended(shape: Any) -> Any:
    """The valid Polygon or MultiPolygon on the ground of `shape`; None when it has no area.

    Ground covered twice stays ground; spikes, loose lines and specks below `NO_GROUND` fall away. The repair
    of the library fails on about one in five thousand scribbles (lines that cross within rounding of each
    other); those are rebuilt from the faces between their lines.
    """
    try:
        flat = _joined(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    except shapely.GEOSException:
        return _rebuilt(shape)
    return flat if flat is None or shapely.is_valid(flat) else _rebuilt(shape)


def _joined(geom: Any) -> Any:
    """The polygons of a geometry as one shape; parts of a repaired shape may still share an edge."""
    parts = shapely.get_parts(shapely.get_parts(geom))
    flat = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > NO_GROUND)]
    return shapely.union_all(flat) if len(flat) else None


def _rebuilt(shape: Any) -> Any:
    lines = shapely.union_all(shapely.get_rings(shapely.get_parts(shape)), grid_size=_GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = [f for f in faces if shapely.area(f) > NO_GROUND and _holds(shape, shapely.point_on_surface(f))]
    return shapely.union_all(inside, grid_size=_GRID_DEG) if inside else None


def _holds(shape: Any, point: Any) -> bool:
    return any(shapely.contains_xy(part, point.x, point.y) for part in shapely.get_parts(shape))
