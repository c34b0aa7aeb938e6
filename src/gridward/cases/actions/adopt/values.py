"""Columns of one batch as typed case values: instants, points, texts; what cannot be read is noted per row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from gridward.kernel.codes import mask_text
from gridward.kernel.errors import BadInput, GridwardError
from gridward.kernel.geometry import to_wgs84
from gridward.kernel.tables import read_instant
from gridward.kernel.tables.mapping import Columns, FieldRule, ImportMapping

Problems = dict[int, list[tuple[str, BadInput]]]


def instants(columns: Columns, name: str, zone: str, local: Any, problems: Problems) -> list[datetime | None]:
    """A field as aware UTC instants; naive values are in the mapping's time zone."""
    rule = columns.mapping.fields.get(name)
    found: list[datetime | None] = []
    for i, value in enumerate(columns.field(name)):
        if value is None:
            found.append(None)
        elif type(value) is datetime:
            found.append((value if value.tzinfo else value.replace(tzinfo=local)).astimezone(UTC))
        else:
            found.append(_instant(value, i, rule, zone, problems))
    return found


def _instant(value: Any, i: int, rule: FieldRule | None, zone: str, problems: Problems) -> datetime | None:
    try:
        if type(value) is date:
            value = value.isoformat()
        return read_instant(value, zone).astimezone(UTC)
    except GridwardError as error:
        column = rule.column if rule and rule.column else ""
        problems.setdefault(i, []).append((column, error))  # type: ignore[arg-type]
        return None


def points(columns: Columns, names: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """(lon, lat) in WGS 84 as float arrays, NaN where there is none or the default point stands."""
    rule = columns.mapping.fields.get("point")
    if rule is None or rule.lon is None or rule.lat is None:
        nothing = np.full(columns.size, np.nan)
        return nothing, nothing.copy()
    lon, lat = _numbers(columns.column(rule.lon)), _numbers(columns.column(rule.lat))
    for x, y in rule.ignore:
        default = (np.abs(lon - x) < 1e-9) & (np.abs(lat - y) < 1e-9)
        lon, lat = np.where(default, np.nan, lon), np.where(default, np.nan, lat)
    outside = (np.abs(lon) > 180) | (np.abs(lat) > 90)
    lon, lat = np.where(outside, np.nan, lon), np.where(outside, np.nan, lat)
    if rule.crs not in ("wgs84", "cgcs2000"):
        lon, lat = to_wgs84(lon, lat, rule.crs)
    return lon, lat


def _numbers(values: Sequence[Any]) -> np.ndarray:
    return np.array([_number(v) for v in values], dtype=float)


def _number(value: Any) -> float:
    if value is None:
        return float("nan")
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def texts(columns: Columns, name: str) -> list[str]:
    """A text field; masked unless the mapping declares it not personal."""
    rule = columns.mapping.fields.get(name)
    values = ["" if v is None else str(v).strip() for v in columns.field(name)]
    if rule is None or rule.options.get("personal") is False:
        return values
    return [mask_text(v) if v else v for v in values]


def kept(columns: Columns, mapping: ImportMapping, zone: str) -> list[dict[str, Any]]:
    """The kept columns and recorded verdicts of every row; undeclared free text is masked."""
    rows: list[dict[str, Any]] = [{} for _ in range(columns.size)]
    for keep in mapping.keep:
        masks = keep.personal is not False
        for row, value in zip(rows, columns.column(keep.column), strict=True):
            if value is not None:
                text = value if type(value) is str else _plain(value)
                row[keep.column] = mask_text(text) if masks and type(text) is str else text
    for name, rule in mapping.recorded.items():
        for row, value in zip(rows, columns.column(rule.column), strict=True):
            if value is not None:
                row[name] = str(value)
    return rows


def _plain(value: Any) -> str | int | bool:
    if isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def keys(columns: Columns, mapping: ImportMapping) -> list[str | None]:
    """The foreign key of every row, parts joined by '|'; None where a part is missing."""
    parts = [columns.column(name) for name in mapping.key]
    return [
        None if any(p is None for p in row) else "|".join(str(p).strip() for p in row)
        for row in zip(*parts, strict=True)
    ]
