"""GeoJSON in and out: properties and shapes, with a sentence for each thing that is wrong.

Nothing here knows what a property means; codes and names are read by the room that imports areas.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridward.kernel.errors import BadInput, ManyProblems, Message
from gridward.kernel.geometry.datum import Crs, check_crs
from gridward.kernel.geometry.reading import MAX_BYTES, read_json
from gridward.kernel.geometry.shapes import POLYGONAL, Box, Mend, ShapeReader

NOT_COLLECTION = Message(
    "GW-GEO-013",
    "文件内容是 {found}，需要 FeatureCollection。正确的样子："
    '{{"type": "FeatureCollection", "features": [ … ]}}。',
    "The file holds {found}; a FeatureCollection is needed. It looks like this: "
    '{{"type": "FeatureCollection", "features": [ … ]}}.',
)
NO_FEATURES = Message(
    "GW-GEO-014",
    "文件里没有要素（features 是空的）。请检查导出时的筛选条件。",
    "The file has no features (the list is empty). Check the filter used for the export.",
)
DECLARED_CRS = Message(
    "GW-GEO-015",
    "文件声明坐标系为 {found}，只接受 WGS 84（EPSG:4326）或 CGCS2000（EPSG:4490）经纬度。"
    "请先转换：ogr2ogr -t_srs EPSG:4326 输出.geojson 输入文件。",
    "The file declares the coordinate system {found}; only WGS 84 (EPSG:4326) or CGCS2000 (EPSG:4490) "
    "degrees are allowed. Convert it first: ogr2ogr -t_srs EPSG:4326 out.geojson in.",
)
NOT_FEATURE = Message(
    "GW-GEO-031",
    "第 {number} 项是 {found}，不是要素（Feature）。请删除，或用制图软件重新导出。",
    "Item {number} is {found}, not a Feature. Remove it or export the file again.",
)
BAD_PROPERTIES = Message(
    "GW-GEO-032",
    "第 {number} 个要素的属性（properties）是 {found}，应为键值对或 null。",
    "The properties of feature {number} are {found}; they must be an object or null.",
)
PROBLEMS = Message(
    "GW-GEO-019",
    "文件里有 {count} 处问题，先改正下列各处再导入。",
    "The file has {count} problems; correct them and import again.",
)

_DEGREES = ("CRS84", "4326", "4490", "WGS84")


@dataclass(frozen=True)
class Feature:
    """`number` is the place in the file, from 1; the geometry is valid, flat and in WGS 84 degrees."""

    number: int
    properties: dict[str, Any]
    geometry: BaseGeometry


@dataclass(frozen=True)
class FeatureFile:
    """What could be read, what could not (one or more problems per feature) and what was put right."""

    features: list[Feature]
    problems: list[BadInput] = field(default_factory=list)
    mends: list[Mend] = field(default_factory=list)

    @property
    def repaired(self) -> int:
        """How many features were changed because repair was asked for (not mere tidying)."""
        return len({mend.number for mend in self.mends if mend.repaired})

    def all_or_nothing(self) -> list[Feature]:
        """The features; ManyProblems GW-GEO-019 when a single one could not be read."""
        if self.problems:
            raise ManyProblems(PROBLEMS, self.problems, field="file", count=len(self.problems))
        return self.features


def read_features(
    data: bytes,
    *,
    crs: Crs | str = "wgs84",
    repair: bool = False,
    allowed: Sequence[str] = POLYGONAL,
    within: Box | None = None,
    max_bytes: int = MAX_BYTES,
) -> FeatureFile:
    """Read a GeoJSON FeatureCollection, plain or gzip, into WGS 84.

    `crs` is the datum of the file; `repair` closes rings and mends crossings; `allowed` lists geometry types;
    `within` (west, south, east, north, WGS 84) is the territory. A file that cannot be read at all raises
    BadInput (GW-GEO-001, 010…018); problems of single features are collected and the rest is kept.
    """
    name = check_crs(crs)
    features: list[Feature] = []
    problems: list[BadInput] = []
    mends: list[Mend] = []
    for number, raw in enumerate(_raw_features(read_json(data, max_bytes=max_bytes)), start=1):
        reader = ShapeReader(number, name, repair, allowed, within)
        feature = _feature(raw, reader)
        problems += reader.problems
        if feature is not None:
            features.append(feature)
            mends += reader.mends
    return FeatureFile(features, problems, mends)


def _raw_features(document: Any) -> list[Any]:
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise BadInput(NOT_COLLECTION, field="file", found=_kind(document))
    items = document.get("features")
    if not isinstance(items, list):
        raise BadInput(NOT_COLLECTION, field="file", found="FeatureCollection without a list of features")
    if not items:
        raise BadInput(NO_FEATURES, field="file")
    _check_declared(document.get("crs"))
    return items


def _check_declared(declared: Any) -> None:
    """GeoJSON of 2008 could name a coordinate system; a projected one must not pass as degrees."""
    if declared is None:
        return
    properties = declared.get("properties") if isinstance(declared, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    text = str(name if name is not None else declared)[:80]
    if not any(text.upper().replace(" ", "").endswith(known) for known in _DEGREES):
        raise BadInput(DECLARED_CRS, field="file", found=text)


def _feature(raw: Any, reader: ShapeReader) -> Feature | None:
    number = reader.number
    if not isinstance(raw, dict) or raw.get("type") != "Feature":
        reader.problems.append(BadInput(NOT_FEATURE, field="file", number=number, found=_kind(raw)))
        return None
    properties = raw.get("properties")
    if properties is not None and not isinstance(properties, dict):
        reader.problems.append(
            BadInput(BAD_PROPERTIES, field="properties", number=number, found=_kind(properties))
        )
    geometry = reader.read(raw.get("geometry"))
    if geometry is None or reader.problems:
        return None
    return Feature(number, dict(properties or {}), geometry)


def _kind(value: Any) -> str:
    """How to name a piece of JSON in a sentence."""
    if isinstance(value, dict):
        return f"type {value['type']!r}"[:60] if "type" in value else "an object without type"
    names: dict[type, str] = {list: "a list", str: "a text", bool: "true/false", type(None): "null"}
    return names.get(type(value), "a number")


def write_features(features: Iterable[tuple[Mapping[str, Any], Any]], *, decimals: int = 7) -> bytes:
    """A GeoJSON FeatureCollection (UTF-8, RFC 7946) of (properties, WGS 84 geometry or None).

    Coordinates are rounded to `decimals` places (7 = 1 cm); corners that were shared stay shared.
    """
    rows = [
        f'{{"type":"Feature","properties":{_json(properties)},"geometry":{_geometry_json(geom, decimals)}}}'
        for properties, geom in features
    ]
    return ('{"type":"FeatureCollection","features":[' + ",\n".join(rows) + "]}\n").encode()


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _geometry_json(geom: Any, decimals: int) -> str:
    if geom is None or shapely.is_empty(geom):
        return "null"
    rounded = shapely.transform(shapely.force_2d(geom), lambda xy: np.round(xy, decimals))
    return str(shapely.to_geojson(shapely.orient_polygons(rounded)))
