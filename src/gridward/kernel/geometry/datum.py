"""Chinese map datums: WGS 84 inside, GCJ-02 and BD-09 only at the edge.

Order is always lon, lat in degrees. CGCS2000 differs from WGS 84 by centimetres and is passed through.

GCJ-02 shifts a point by 50 to 700 m, differently from place to place; the shift is a known smooth function of
the WGS 84 point and has no closed inverse, so the inverse repeats `p = q - shift(p)`. Three passes leave less
than 1e-6 degree (0.1 m) everywhere. BD-09 adds a second, smaller distortion on top of GCJ-02.

Both apply only inside a rectangle around China (`CHINA_BOX`); outside the conversion is the identity. On the
rim of that rectangle the forward conversion jumps, so a point up to 0.02 degree outside it may also be the
image of a point inside: the inverse then prefers the point inside. No land of China lies there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args, overload

import numpy as np
import shapely
from numpy.typing import NDArray

from gridward.kernel.errors import BadInput, Message

Crs: TypeAlias = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
CRS_NAMES: tuple[str, ...] = get_args(Crs)
Floats: TypeAlias = NDArray[np.float64]

# West, south, east, north of the rectangle in which the shift applies, degrees.
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)

# Krasovsky 1940, on which the shift is defined: semi-major axis in metres, first eccentricity squared.
_AXIS_M = 6378245.0
_ECC2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_LON, _BD_LAT = 0.0065, 0.006
_PASSES = 3

UNKNOWN_CRS = Message(
    "GW-GEO-001",
    "坐标系“{found}”不认识。可用：wgs84、cgcs2000、gcj02（高德、腾讯）、bd09（百度）。"
    "投影坐标请先转换为 WGS84 经纬度。",
    "The coordinate system “{found}” is not known. Allowed: wgs84, cgcs2000, gcj02 (Amap, Tencent), "
    "bd09 (Baidu). Convert projected coordinates to WGS 84 degrees first.",
)


def check_crs(crs: str) -> Crs:
    """Return `crs` if it is one of the four known names; BadInput GW-GEO-001 otherwise."""
    name = crs.strip().lower()
    if name not in CRS_NAMES:
        raise BadInput(UNKNOWN_CRS, field="crs", found=crs)
    return cast(Crs, name)


def _in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _waves(x: Floats) -> Floats:
    return 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)


def _north_m(x: Floats, y: Floats) -> Floats:
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    slow = 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)
    slower = 160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)
    return plane + (_waves(x) + slow + slower) * (2.0 / 3.0)


def _east_m(x: Floats, y: Floats) -> Floats:
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    slow = 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)
    slower = 150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)
    return plane + (_waves(x) + slow + slower) * (2.0 / 3.0)


def _shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees that GCJ-02 adds to the WGS 84 point, without looking at the rectangle."""
    x, y = lon - 105.0, lat - 35.0
    phi = np.radians(lat)
    magic = 1.0 - _ECC2 * np.sin(phi) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECC2) / (magic * np.sqrt(magic))
    parallel_m = _AXIS_M / np.sqrt(magic) * np.cos(phi)
    return np.degrees(_east_m(x, y) / parallel_m), np.degrees(_north_m(x, y) / meridian_m)


def _wgs_to_gcj(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def _gcj_to_bd(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_TURN)
    return radius * np.cos(angle) + _BD_LON, radius * np.sin(angle) + _BD_LAT


def _gcj_to_wgs(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon, lat
    for _ in range(_PASSES):
        east, north = _shift(x, y)
        x, y = lon - east, lat - north
    return x, y


def _bd_to_gcj(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - _BD_LON, lat - _BD_LAT
    for _ in range(_PASSES):
        east, north = _gcj_to_bd(x, y)
        x, y = x + (lon - east), y + (lat - north)
    return x, y


def _forward(lon: Floats, lat: Floats, crs: Crs) -> tuple[Floats, Floats]:
    x, y = _wgs_to_gcj(lon, lat)
    if crs == "bd09":
        x, y = _gcj_to_bd(x, y)
    inside = _in_china(lon, lat)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _drawn_in(values: Floats, low: float, high: float) -> Floats:
    """Values that lie less than 1e-7 degree outside low…high are moved onto the edge."""
    edge = np.clip(values, low, high)
    return np.where(np.abs(values - edge) < 1e-7, edge, values)


def _inverse(lon: Floats, lat: Floats, crs: Crs) -> tuple[Floats, Floats]:
    x, y = _bd_to_gcj(lon, lat) if crs == "bd09" else (lon, lat)
    x, y = _gcj_to_wgs(x, y)
    # The rectangle is defined in WGS 84, so it is the answer that has to lie inside, not the question; on the
    # rim itself rounding must not push it out.
    x, y = _drawn_in(x, CHINA_BOX[0], CHINA_BOX[2]), _drawn_in(y, CHINA_BOX[1], CHINA_BOX[3])
    inside = _in_china(x, y)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _convert(lon: Any, lat: Any, crs: str, *, forward: bool) -> tuple[Any, Any]:
    name = check_crs(crs)
    if name in ("wgs84", "cgcs2000"):
        return lon, lat
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    east, north = (_forward if forward else _inverse)(x, y, name)
    if x.ndim == 0 and y.ndim == 0:
        return float(east), float(north)
    return east, north


@overload
def to_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]: ...
@overload
def to_wgs84(lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]: ...
def to_wgs84(lon: Any, lat: Any, crs: str) -> tuple[Any, Any]:
    """Degrees in `crs` → degrees in WGS 84; numbers or arrays of one shape. NaN stays NaN."""
    return _convert(lon, lat, crs, forward=False)


@overload
def from_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]: ...
def from_wgs84(lon: Any, lat: Any, crs: str) -> tuple[Any, Any]:
    """Degrees in WGS 84 → degrees in `crs`; numbers or arrays of one shape. NaN stays NaN."""
    return _convert(lon, lat, crs, forward=True)


def transform_geometry(geom: Any, crs: str) -> Any:
    """A geometry (or array of them) in `crs` → the same in WGS 84. Heights are dropped.

    Works corner by corner: corners that were shared stay shared, so a coverage stays a coverage.
    """
    name = check_crs(crs)
    return shapely.transform(geom, lambda x, y: to_wgs84(x, y, name), include_z=False, interleaved=False)


def geometry_from_wgs84(geom: Any, crs: str) -> Any:
    """A WGS 84 geometry (or array of them) → `crs`, for a map that is drawn in another datum."""
    name = check_crs(crs)
    return shapely.transform(geom, lambda x, y: from_wgs84(x, y, name), include_z=False, interleaved=False)


@dataclass(frozen=True)
class DatumGuess:
    """`crs` fits best; `scores` per datum 0…1; `sure` when the best is clearly ahead of the others."""

    crs: Crs
    scores: dict[Crs, float]
    sure: bool


_CANDIDATES: tuple[Crs, ...] = ("wgs84", "gcj02", "bd09")
_AHEAD = 0.01


def guess_datum(geometries: Any, references: Any) -> DatumGuess:
    """Which datum makes `geometries` fit `references` (WGS 84) best.

    Polygons: mean over the geometries of the best intersection-over-union with one reference; if no geometry
    finds a partner (children against their parent), the same for the union of all. Points: share inside the
    references. A guess is `sure` when it leads by 0.01 or more; used to warn, never to convert silently.
    """
    given = np.atleast_1d(np.asarray(geometries, dtype=object))
    known = np.atleast_1d(np.asarray(references, dtype=object))
    scores = {crs: _fit(shapely.make_valid(transform_geometry(given, crs)), known) for crs in _CANDIDATES}
    ranked = sorted(_CANDIDATES, key=lambda crs: -scores[crs])
    lead = scores[ranked[0]] - scores[ranked[1]]
    return DatumGuess(ranked[0], scores, bool(lead >= _AHEAD))


def _fit(given: NDArray[np.object_], known: NDArray[np.object_]) -> float:
    if not len(given) or not len(known):
        return 0.0
    if not shapely.area(given).any():
        return _share_touching(given, known)
    apart = _mean_best_overlap(given, known)
    if apart >= 0.3:
        return apart
    return _mean_best_overlap(*(np.array([shapely.union_all(g)]) for g in (given, known)))


def _share_touching(given: NDArray[np.object_], known: NDArray[np.object_]) -> float:
    hits = shapely.STRtree(known).query(given, predicate="intersects")[0]
    return len(np.unique(hits)) / len(given)


def _mean_best_overlap(given: NDArray[np.object_], known: NDArray[np.object_]) -> float:
    left, right = shapely.STRtree(known).query(given, predicate="intersects")
    shared = shapely.area(shapely.intersection(given[left], known[right]))
    total = shapely.area(given)[left] + shapely.area(known)[right] - shared
    best = np.zeros(len(given))
    np.maximum.at(best, left, shared / np.where(total > 0, total, 1.0))
    return float(best.mean())
