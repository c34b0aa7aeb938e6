"""locate: one point against 10,000 grids, and a million points against the bare shapely query; CPU time of this process,
because the machine may be shared."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np
import shapely

from gridward.kernel.geometry import AreaIndex
from gridward.site.bench import result
from gridward.site.bench.sample import ORIGIN, STEP, squares


def run(rows: int) -> list[dict[str, Any]]:
    """Results: single point in µs, bulk in seconds with its ratio to the bare query."""
    shapes = squares(100, 100)
    index = AreaIndex([f"{n:05d}" for n in range(len(shapes))], shapes)
    rng = np.random.default_rng(1)
    lons, lats = (ORIGIN[k] + rng.random(rows) * 100 * STEP for k in (0, 1))
    single = _single(index, lons[:20000], lats[:20000])
    tree = shapely.STRtree(shapes)
    bare_single = _bare_single(tree, lons[:20000], lats[:20000])
    times, bare = [], []
    for _ in range(3):
        begin = time.process_time()
        shapely.STRtree(shapely.points(lons, lats)).query(shapes, predicate="intersects")
        bare.append(time.process_time() - begin)
        begin = time.process_time()
        index.locate_many(lons, lats)
        times.append(time.process_time() - begin)
    ratio = statistics.median(times) / statistics.median(bare)
    return [
        result(
            "locate one point, 10,000 grids",
            single,
            "µs",
            baseline=bare_single,
            budget="<= 50 µs",
            ok=single <= 50,
        ),
        result(
            f"locate {rows:,} points",
            statistics.median(times),
            "s",
            baseline=statistics.median(bare),
            budget="<= 1.2 x the bare query",
            ok=ratio <= 1.2,
        ),
    ]


def _single(index: AreaIndex, lons: Any, lats: Any) -> float:
    pairs = list(zip(lons.tolist(), lats.tolist(), strict=True))
    begin = time.process_time()
    for lon, lat in pairs:
        index.locate(lon, lat)
    return (time.process_time() - begin) / len(pairs) * 1e6


def _bare_single(tree: Any, lons: Any, lats: Any) -> float:
    pairs = list(zip(lons.tolist(), lats.tolist(), strict=True))
    begin = time.process_time()
    for lon, lat in pairs:
        tree.query(shapely.Point(lon, lat), predicate="intersects")
    return (time.process_time() - begin) / len(pairs) * 1e6
