"""Which area is a point in? An index in memory over the areas of one level.

A point on a boundary counts as inside; a point in two areas belongs to the area with the lower code, compared
as text (the order of `ORDER BY code`). Areas without a polygon can be listed but never hold a point.

Measured on 2 cores, 10,000 areas of 84 corners: see `gridward bench locate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gridward.kernel.geometry.metric import degree_sizes_m, to_local_m

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]

NOWHERE = -1
_CHUNK = 250_000
# Below this many points it is cheaper to ask the tree of areas once per point than to pass over all areas.
_FEW = 2_000


class AreaIndex:
    """Answers are positions in `codes` as given; `keys[position]` is what the caller keyed the areas by."""

    def __init__(
        self, codes: Sequence[str], geometries: Sequence[Any], keys: Sequence[Any] | None = None
    ) -> None:
        if len(codes) != len(geometries) or (keys is not None and len(keys) != len(codes)):
            raise ValueError("codes, geometries and keys must have the same length")
        self.codes = list(codes)
        self.keys = list(codes if keys is None else keys)
        # Rank = place in code order. Everything below works on ranks, so "the lower code" is a plain minimum.
        self._position = np.array(sorted(range(len(codes)), key=lambda i: codes[i]), dtype=np.int64)
        self._geoms = np.array([geometries[i] for i in self._position], dtype=object)
        self._tree = shapely.STRtree(self._geoms)
        self._warm()

    def __len__(self) -> int:
        return len(self.codes)

    def _warm(self) -> None:
        """Build every lazy structure now: requests of several threads share this index and only read it."""
        shapely.prepare(self._geoms)
        boxes = shapely.bounds(self._geoms) if len(self._geoms) else np.empty((0, 4))
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        shapely.intersects_xy(self._geoms, middle[:, 0], middle[:, 1])
        self._tree.query(shapely.Point(0, 0))

    def _ranks_at(self, lon: float, lat: float) -> Indices:
        point = shapely.points(lon, lat)
        near = self._tree.query(point)
        near.sort()
        found: Indices = near[shapely.intersects_xy(self._geoms[near], lon, lat)]
        return found

    def locate(self, lon: float, lat: float) -> int | None:
        """Position of the area that holds the point, None when no area does (or a coordinate is NaN)."""
        if not (-np.inf < lon < np.inf and -np.inf < lat < np.inf):
            return None
        found = self._ranks_at(lon, lat)
        return int(self._position[found[0]]) if len(found) else None

    def locate_all(self, lon: float, lat: float) -> list[int]:
        """Positions of all areas that hold the point, lower code first."""
        if not (-np.inf < lon < np.inf and -np.inf < lat < np.inf):
            return []
        return [int(i) for i in self._position[self._ranks_at(lon, lat)]]

    def locate_many(self, lons: Any, lats: Any) -> Indices:
        """Positions for arrays of points, shape (n,); -1 where no area holds the point or it is NaN."""
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        known = np.isfinite(x) & np.isfinite(y)
        if not known.all():
            answer = np.full(len(x), NOWHERE, dtype=np.int64)
            answer[known] = self.locate_many(x[known], y[known])
            return answer
        parts = [self._locate_chunk(x[i : i + _CHUNK], y[i : i + _CHUNK]) for i in range(0, len(x), _CHUNK)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _locate_chunk(self, x: Floats, y: Floats) -> Indices:
        points = shapely.points(x, y)
        if len(x) < min(_FEW, len(self._geoms)):
            at, rank = self._tree.query(points, predicate="intersects")
        else:
            # Points in the tree, areas as the question: each prepared area is visited once, twice as fast.
            rank, at = shapely.STRtree(points).query(self._geoms, predicate="intersects")
        lowest = np.full(len(x), len(self._geoms), dtype=np.int64)
        np.minimum.at(lowest, at, rank)
        return np.append(self._position, NOWHERE)[lowest]

    def in_box(self, west: float, south: float, east: float, north: float) -> list[int]:
        """Positions of the areas that touch the box (a map tile), lower code first."""
        found = np.sort(self._tree.query(shapely.box(west, south, east, north), predicate="intersects"))
        return [int(i) for i in self._position[found]]

    def nearest(self, lon: float, lat: float, max_m: float) -> tuple[int, float] | None:
        """(position, metres) of the nearest area within `max_m` metres; 0 m inside; tie: lower code."""
        if not (np.isfinite(lon) and np.isfinite(lat)):
            return None
        east, north = degree_sizes_m(lat)
        dx, dy = max_m / east, max_m / north
        near = np.sort(self._tree.query(shapely.box(lon - dx, lat - dy, lon + dx, lat + dy)))
        if not len(near):
            return None
        metres = shapely.distance(to_local_m(self._geoms[near], lon, lat), shapely.Point(0, 0))
        best = int(np.argmin(metres))
        return (int(self._position[near[best]]), float(metres[best])) if metres[best] <= max_m else None
