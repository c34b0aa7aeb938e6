"""One GeoJSON geometry → one clean shape, with everything that is wrong with it said at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gridward.kernel.errors import BadInput, Message
from gridward.kernel.geometry.datum import Crs, from_wgs84, transform_geometry
from gridward.kernel.geometry.mending import NO_GROUND, mended
from gridward.kernel.geometry.metric import area_m2

Floats: TypeAlias = NDArray[np.float64]
Box: TypeAlias = tuple[float, float, float, float]

POLYGONAL = ("Polygon", "MultiPolygon")

NO_GEOMETRY = Message(
    "GW-GEO-020",
    "第 {number} 个要素没有图形（geometry 为空）。每个区域要有一个面；没有边界的区域请用表格导入。",
    "Feature {number} has no geometry. Every area needs a polygon; import areas without boundary as a table.",
)
WRONG_TYPE = Message(
    "GW-GEO-021",
    "第 {number} 个要素的图形是 {found}，只接受：{allowed}。请删除该要素，或改成面。",
    "Feature {number} is a {found}; allowed: {allowed}. Remove the feature or turn it into a polygon.",
)
MALFORMED = Message(
    "GW-GEO-022",
    "第 {number} 个要素的坐标写法不对（{place}）：{found}。每个点应为 [经度, 纬度] 两个数。",
    "Feature {number} has malformed coordinates ({place}): {found}. A point is [lon, lat], two numbers.",
)
NOT_FINITE = Message(
    "GW-GEO-023",
    "第 {number} 个要素有 {count} 个坐标是 NaN 或无穷大（{place}）。请删除或改正这些点。",
    "Feature {number} has {count} coordinates that are NaN or infinite ({place}). Remove or correct them.",
)
PROJECTED = Message(
    "GW-GEO-024",
    "第 {number} 个要素的坐标（{x}, {y}）不是经纬度，像是投影坐标（米或英尺，如 EPSG:4547、EPSG:2249）。"
    "请先转换为 WGS 84 经纬度：ogr2ogr -t_srs EPSG:4326 输出.geojson 输入文件。",
    "The coordinates ({x}, {y}) of feature {number} are not degrees but look projected (metres or feet, "
    "such as EPSG:4547 or EPSG:2249). Convert to WGS 84 first: ogr2ogr -t_srs EPSG:4326 out.geojson in.",
)
SWAPPED = Message(
    "GW-GEO-025",
    "第 {number} 个要素的经纬度像是写反了（{x}, {y}）。GeoJSON 的顺序是先经度、后纬度。",
    "Longitude and latitude of feature {number} look swapped ({x}, {y}). GeoJSON wants longitude first.",
)
OUT_OF_RANGE = Message(
    "GW-GEO-026",
    "第 {number} 个要素的坐标（{x}, {y}）超出范围：经度 -180…180，纬度 -90…90。",
    "The coordinates ({x}, {y}) of feature {number} are out of range: longitude -180…180, latitude -90…90.",
)
UNCLOSED = Message(
    "GW-GEO-027",
    "第 {number} 个要素的边界没有闭合（{place}）：起点（{x}, {y}）与终点不同。"
    "请在末尾重复起点，或用 --repair 自动闭合。",
    "A ring of feature {number} is not closed ({place}): it starts at ({x}, {y}) and ends elsewhere. "
    "Repeat the first point at the end, or let --repair close it.",
)
TOO_SHORT = Message(
    "GW-GEO-028",
    "第 {number} 个要素的边界只有 {count} 个点（{place}），面的一圈至少要 4 个点（首尾相同）。",
    "A ring of feature {number} has only {count} points ({place}); a ring needs at least 4 (first = last).",
)
CROSSING = Message(
    "GW-GEO-029",
    "第 {number} 个要素的边界在（{lon}, {lat}）处自交或重叠：{reason}。"
    "请在制图软件中改正，或用 --repair 自动修复。",
    "The boundary of feature {number} crosses or touches itself at ({lon}, {lat}): {reason}. "
    "Correct it in the mapping tool, or let --repair fix it.",
)
NO_AREA = Message(
    "GW-GEO-030",
    "第 {number} 个要素没有面积（所有点在一条线上或重合）。请重新画这个区域。",
    "Feature {number} has no area (all points on one line or in one place). Draw the area again.",
)
ELSEWHERE = Message(
    "GW-GEO-033",
    "第 {number} 个要素在（{x}, {y}），不在辖区范围 {box} 内。请核对文件和坐标系（--crs）。",
    "Feature {number} lies at ({x}, {y}), outside the territory {box}. Check the file and its datum (--crs).",
)

CLOSED = Message(
    "GW-GEO-050", "第 {number} 个要素：闭合了 {count} 圈边界。", "Feature {number}: closed {count} rings."
)
DEDUPLICATED = Message(
    "GW-GEO-051",
    "第 {number} 个要素：去掉 {count} 个重复的点。",
    "Feature {number}: removed {count} repeated points.",
)
FLATTENED = Message(
    "GW-GEO-052", "第 {number} 个要素：忽略了高程。", "Feature {number}: heights were dropped."
)
UNCROSSED = Message(
    "GW-GEO-053",
    "第 {number} 个要素：修复（{lon}, {lat}）处的自交，现为 {parts} 个面，面积变化 {changed_m2} 平方米。",
    "Feature {number}: mended the crossing at ({lon}, {lat}); {parts} parts, {changed_m2} m² changed.",
)


@dataclass(frozen=True)
class Mend:
    """Something that was put right silently or by `repair`; `sentence` says what."""

    number: int
    message: Message
    values: dict[str, Any]

    @property
    def repaired(self) -> bool:
        """True for changes made only because repair was asked for; False for harmless tidying."""
        return self.message in (CLOSED, UNCROSSED)

    def sentence(self, language: str = "zh") -> str:
        return self.message.fill(language, {"number": self.number, **self.values})


@dataclass
class ShapeReader:
    """Reads the geometry of feature `number` (from 1); `problems` and `mends` fill while it works.

    `within` (west, south, east, north in WGS 84) is the territory, when known: it decides swapped and foreign
    coordinates; without it only the physically impossible and the polar regions count as swapped.
    """

    number: int
    crs: Crs = "wgs84"
    repair: bool = False
    allowed: Sequence[str] = POLYGONAL
    within: Box | None = None
    problems: list[BadInput] = field(default_factory=list)
    mends: list[Mend] = field(default_factory=list)
    _unclosed: int = 0
    _repeated: int = 0
    _heights: bool = False

    def read(self, raw: Any) -> BaseGeometry | None:
        """The shape in WGS 84, or None with at least one entry in `problems`."""
        if not isinstance(raw, dict) or not raw.get("coordinates"):
            kind = raw.get("type") if isinstance(raw, dict) else None
            foreign = kind is not None and kind not in self.allowed
            return self._wrong_type(kind) if foreign else self._fail(NO_GEOMETRY)
        if raw.get("type") not in self.allowed:
            return self._wrong_type(raw.get("type"))
        shape = _BUILDERS[raw["type"]](self, raw["coordinates"])
        if shape is None or self.problems or not self._is_here(shape):
            return None
        self._note_tidying()
        return self._validated(transform_geometry(shape, self.crs))

    def _fail(self, message: Message, **values: Any) -> Any:
        """Note a problem; always None, so that a reader can leave with it."""
        self.problems.append(BadInput(message, field="geometry", number=self.number, **values))

    def _mend(self, message: Message, **values: Any) -> None:
        self.mends.append(Mend(self.number, message, values))

    def _wrong_type(self, kind: Any) -> Any:
        return self._fail(WRONG_TYPE, found=str(kind)[:40], allowed=", ".join(self.allowed))

    # Coordinates

    def _positions(self, raw: Any, place: str) -> Floats | None:
        """(n, 2) degrees, checked for form and finiteness; heights are dropped."""
        wrong = _first_malformed(raw)
        if wrong is not None:
            self._fail(MALFORMED, place=place, found=repr(wrong)[:60])
            return None
        self._heights = self._heights or any(len(p) > 2 for p in raw)
        xy: Floats = np.array([p[:2] for p in raw], dtype=np.float64).reshape(-1, 2)
        broken = int((~np.isfinite(xy)).sum())
        if broken:
            self._fail(NOT_FINITE, place=place, count=broken)
            return None
        return xy

    def _ring(self, raw: Any, place: str) -> Any:
        xy = self._positions(raw, place)
        if xy is None:
            return None
        xy = self._deduplicated(xy)
        if len(xy) and (xy[0] != xy[-1]).any():
            if not self.repair:
                return self._fail(UNCLOSED, place=place, x=xy[0][0], y=xy[0][1])
            xy = np.vstack([xy, xy[:1]])
            self._unclosed += 1
        return shapely.linearrings(xy) if len(xy) >= 4 else self._fail(TOO_SHORT, place=place, count=len(xy))

    def _deduplicated(self, xy: Floats) -> Floats:
        fresh = np.ones(len(xy), dtype=np.bool_)
        fresh[1:] = (xy[1:] != xy[:-1]).any(axis=1)
        self._repeated += int((~fresh).sum())
        return xy[fresh]

    def polygon(self, raw: Any, place: str = "coordinates") -> Any:
        if not isinstance(raw, list) or not raw:
            return self._fail(MALFORMED, place=place, found=repr(raw)[:60])
        rings = [self._ring(ring, f"{place}[{i}]") for i, ring in enumerate(raw)]
        return None if any(r is None for r in rings) else shapely.polygons(rings[0], rings[1:] or None)

    def line(self, raw: Any, place: str = "coordinates") -> Any:
        xy = self._positions(raw, place)
        if xy is None:
            return None
        return shapely.linestrings(xy) if len(xy) >= 2 else self._fail(TOO_SHORT, place=place, count=len(xy))

    def point(self, raw: Any, place: str = "coordinates") -> Any:
        xy = self._positions([raw], place)
        return None if xy is None else shapely.points(xy[0])

    def many(self, raw: Any, one: Callable[..., Any], collect: Callable[..., Any]) -> Any:
        if not isinstance(raw, list):
            return self._fail(MALFORMED, place="coordinates", found=repr(raw)[:60])
        parts = [one(part, f"coordinates[{i}]") for i, part in enumerate(raw)]
        return None if any(p is None for p in parts) else collect(parts)

    # Place

    def _is_here(self, shape: Any) -> bool:
        """False, with one problem, when the numbers cannot be lon, lat of the territory."""
        west, south, east, north = (float(v) for v in shapely.bounds(shape))
        x, y = round(west, 6), round(south, 6)
        message = _range_problem(west, south, east, north) or self._territory_problem(shape)
        if message is None and self.within is None and _looks_polar(west, south, east, north):
            message = SWAPPED
        if message is not None:
            self._fail(message, x=x, y=y, box=self.within)
        return message is None

    def _territory_problem(self, shape: Any) -> Message | None:
        if self.within is None:
            return None
        territory = shapely.box(*self.within)
        if shapely.intersects(shapely.envelope(shape), territory):
            return None
        turned = shapely.transform(shape, lambda x, y: (y, x), interleaved=False)
        return SWAPPED if shapely.intersects(shapely.envelope(turned), territory) else ELSEWHERE

    # Tidying and repair

    def _note_tidying(self) -> None:
        if self._unclosed:
            self._mend(CLOSED, count=self._unclosed)
        if self._repeated:
            self._mend(DEDUPLICATED, count=self._repeated)
        if self._heights:
            self._mend(FLATTENED)

    def _validated(self, shape: Any) -> Any:
        if shapely.get_dimensions(shape) < 2 or (shapely.is_valid(shape) and shapely.area(shape) > NO_GROUND):
            return shape
        flat = mended(shape)
        if flat is None:
            return self._fail(NO_AREA)
        reason, lon, lat = self._crossing(shape)
        if not self.repair:
            return self._fail(CROSSING, lon=lon, lat=lat, reason=reason)
        changed = round(abs(area_m2(flat) - area_m2(shape)), 2)
        self._mend(
            UNCROSSED, lon=lon, lat=lat, parts=int(shapely.get_num_geometries(flat)), changed_m2=changed
        )
        return flat

    def _crossing(self, shape: Any) -> tuple[str, float, float]:
        """Reason and place of the first crossing, in the file's own coordinates."""
        reason, _, place = str(shapely.is_valid_reason(shape)).partition("[")
        lon, lat = (float(v) for v in place.rstrip("]").split()[:2])
        lon, lat = from_wgs84(lon, lat, self.crs)
        return reason, round(lon, 7), round(lat, 7)


_BUILDERS: dict[str, Callable[[ShapeReader, Any], Any]] = {
    "Polygon": lambda r, raw: r.polygon(raw),
    "MultiPolygon": lambda r, raw: r.many(raw, r.polygon, shapely.multipolygons),
    "LineString": lambda r, raw: r.line(raw),
    "MultiLineString": lambda r, raw: r.many(raw, r.line, shapely.multilinestrings),
    "Point": lambda r, raw: r.point(raw),
    "MultiPoint": lambda r, raw: r.many(raw, r.point, shapely.multipoints),
}


def _first_malformed(raw: Any) -> Any:
    """The first thing that is no position [number, number, …]; None when all are."""
    if not isinstance(raw, list):
        return raw if raw is not None else "null"
    for position in raw:
        if not isinstance(position, list) or not 2 <= len(position) <= 4:
            return position if position is not None else "null"
        # bool is an int in Python, and 10**400 is a number in JSON but no float.
        if any(type(v) is not float and (type(v) is not int or abs(v) > 1e300) for v in position):
            return position
    return None


def _range_problem(west: float, south: float, east: float, north: float) -> Message | None:
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return None
    if max(abs(west), abs(east), abs(south), abs(north)) > 1000:
        return PROJECTED
    if west >= -90 and east <= 90 and south >= -180 and north <= 180:
        return SWAPPED
    return OUT_OF_RANGE


def _looks_polar(west: float, south: float, east: float, north: float) -> bool:
    """Antarctica, or the Arctic sea where China lies when lon and lat change places (west of 90° E)."""
    return north < -60 or (south >= 72 and west >= 3 and east <= 54)
