"""From features of a file to areas with code, name and parent; what is wrong is said and left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from gridward.grids.rules import messages as m
from gridward.grids.rules.change import Standing
from gridward.grids.rules.levels import check_code
from gridward.kernel.errors import BadInput
from gridward.kernel.geometry import Feature, areas_m2

_FORMAT = re.compile(r"0?\d{0,2}d")
_SHOWN = 12


@dataclass(frozen=True)
class Row:
    """One usable feature. `number` is its place in the file, from 1."""

    number: int
    code: str
    name: str
    geometry: Any


@dataclass
class Rows:
    """What could be used, and a problem for each feature that could not."""

    good: list[Row] = field(default_factory=list)
    problems: list[BadInput] = field(default_factory=list)


def listed(codes: Iterable[str]) -> str:
    """The first codes for a sentence."""
    known = sorted(codes)
    return "、".join(known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "") or "–"


def check_format(code_format: str | None) -> str | None:
    """The format without a leading %; BadInput GW-GRIDS-042 when it is not like 02d."""
    if not code_format:
        return None
    text = code_format.removeprefix("%")
    if not _FORMAT.fullmatch(text):
        raise BadInput(m.BAD_FORMAT, field="code_format", found=code_format)
    return text


def check_columns(features: Sequence[Feature], columns: Mapping[str, str]) -> None:
    """BadInput GW-GRIDS-040 when no feature has a property that an option names. `columns`: option ->
    property.
    """
    known = {name for feature in features for name in feature.properties}
    for option, name in columns.items():
        if features and name not in known:
            raise BadInput(m.NO_COLUMN, field=option, found=name, option=option, known=listed(known))


def read_rows(
    features: Sequence[Feature], *, code_field: str, code_format: str | None, name_field: str
) -> Rows:
    """Codes and names of all features; of features with one code the first is kept."""
    rows = Rows()
    seen: dict[str, int] = {}
    for feature in features:
        try:
            row = _row(feature, code_field, code_format, name_field)
            if row.code in seen:
                raise BadInput(
                    m.CODE_TWICE, field=code_field, number=row.number, code=row.code, first=seen[row.code]
                )
        except BadInput as problem:
            rows.problems.append(problem)
            continue
        seen[row.code] = row.number
        rows.good.append(row)
    return rows


def _row(feature: Feature, code_field: str, code_format: str | None, name_field: str) -> Row:
    code = code_text(feature, code_field, code_format)
    return Row(
        feature.number, check_code(code, field=code_field), _text(feature, name_field), feature.geometry
    )


def _text(feature: Feature, name: str) -> str:
    """A property as text; whole numbers lose their ".0". BadInput GW-GRIDS-041 when it is empty."""
    value = feature.properties.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None or isinstance(value, bool | list | dict) else str(value).strip()
    if not text:
        raise BadInput(m.NO_VALUE, field=name, number=feature.number)
    return text


def code_text(feature: Feature, name: str, code_format: str | None) -> str:
    """The code of a feature, written as `code_format` says (02d: 1 → 01)."""
    text = _text(feature, name)
    if not code_format:
        return text
    if not re.fullmatch(r"-?\d{1,18}", text):
        raise BadInput(m.NOT_NUMBER, field=name, number=feature.number, found=text, format=code_format)
    return format(int(text), code_format)


@dataclass
class Homes:
    """Row code → parent id, and the rows for which there is none."""

    of: dict[str, UUID] = field(default_factory=dict)
    problems: list[BadInput] = field(default_factory=list)


def parents_by_prefix(rows: Sequence[Row], parents: Sequence[Standing], length: int, level: str) -> Homes:
    """The parent is the area whose code is the first `length` characters of the row's."""
    homes = Homes()
    ids = {parent.code: parent.id for parent in parents}
    for row in rows:
        prefix = row.code[:length]
        if prefix in ids:
            homes.of[row.code] = ids[prefix]
            continue
        values: dict[str, Any] = {
            "number": row.number,
            "code": row.code,
            "length": length,
            "prefix": prefix,
            "level": level,
        }
        homes.problems.append(BadInput(m.PREFIX_UNKNOWN, field="code", known=listed(ids), **values))
    return homes


def parents_by_ground(rows: Sequence[Row], parents: Sequence[Standing], level: str) -> Homes:
    """The parent is the area that holds most of the row's ground; of equals the lower code."""
    homes = Homes()
    best = largest_share([row.geometry for row in rows], parents)
    for row, parent in zip(rows, best, strict=True):
        if parent is None:
            homes.problems.append(
                BadInput(m.NO_GROUND, field="geometry", number=row.number, code=row.code, level=level)
            )
        else:
            homes.of[row.code] = parent.id
    return homes


def largest_share(geometries: Sequence[Any], parents: Sequence[Standing]) -> list[Standing | None]:
    """For each geometry the parent that holds most of it, None when none does (or there is no geometry)."""
    ordered = sorted((p for p in parents if p.geometry is not None), key=lambda p: p.code)
    answer: list[Standing | None] = [None] * len(geometries)
    given, known = np.asarray(geometries, dtype=object), np.array([p.geometry for p in ordered], dtype=object)
    if not len(given) or not len(known):
        return answer
    child, parent = shapely.STRtree(known).query(given, predicate="intersects")
    shared = areas_m2(shapely.intersection(given[child], known[parent])) if len(child) else np.empty(0)
    most = np.zeros(len(given))
    for c, p, m2 in sorted(zip(child.tolist(), parent.tolist(), shared.tolist(), strict=True)):
        if m2 > most[c]:
            most[c], answer[c] = m2, ordered[p]
    return answer
