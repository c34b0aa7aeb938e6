"""Areas as GeoJSON, for maps (fewer corners) and for export (all of them)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely

from gridward.grids.queries.schemes import level_at
from gridward.grids.queries.standing import standing
from gridward.grids.rules.change import Standing
from gridward.kernel.geometry import simplify_coverage, write_features

# About a thousandth of the territory's width: nobody sees less on a screen.
_DETAIL = 1000
_KEPT = 16
_cache: OrderedDict[tuple[str, int, date, int], bytes] = OrderedDict()
_lock = threading.Lock()


def areas_geojson(
    scheme: str, rank: int, *, on: date, simplified: bool = True, stamp: int | None = None
) -> bytes:
    """A FeatureCollection {id, code, name, level} of the areas that have a polygon.

    Simplified maps keep shared borders shared and are cached for `stamp` when it is given; what is exported
    (simplified=False) has every corner and can be imported again.
    """
    if not simplified or stamp is None:
        return _write(scheme, rank, on, simplified)
    key = (scheme, rank, on, stamp)
    with _lock:
        if key not in _cache:
            _cache[key] = _write(scheme, rank, on, simplified)
            while len(_cache) > _KEPT:
                _cache.popitem(last=False)
        _cache.move_to_end(key)
        return _cache[key]


def _write(scheme: str, rank: int, on: date, simplified: bool) -> bytes:
    level = level_at(scheme, rank).code
    areas = [area for area in standing(scheme, rank, on) if area.geometry is not None]
    geometries = _drawn(areas) if simplified else [area.geometry for area in areas]
    return write_features(
        ({"id": str(a.id), "code": a.code, "name": a.name, "level": level}, g)
        for a, g in zip(areas, geometries, strict=True)
    )


def _drawn(areas: Sequence[Standing]) -> list[Any]:
    """Fewer corners; an area that would vanish keeps its own shape."""
    if not areas:
        return []
    geometries = [area.geometry for area in areas]
    west, south, east, north = shapely.total_bounds(geometries).tolist()
    drawn = simplify_coverage(geometries, max(east - west, north - south) / _DETAIL)
    return [
        full if thin is None or thin.is_empty else thin for thin, full in zip(drawn, geometries, strict=True)
    ]
