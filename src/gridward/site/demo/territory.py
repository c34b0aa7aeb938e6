"""The ground of 云溪区: a lattice with shared, jittered corners, so that grids cover their parents exactly."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from shapely import Polygon, union_all

from gridward.kernel.geometry import write_features

COUNTY, NEXT_COUNTY = "339901", "339902"
ORIGIN = (120.31, 30.18)
STEP = (0.0062, 0.0051)
DISTRICTS = {COUNTY: "云溪区", NEXT_COUNTY: "邻河区"}
STREETS = ("云溪", "望湖", "南塘", "青石", "桂花", "东篱", "长桥", "白鹭")
COMMUNITY_FIRST = ("清", "永", "和", "丰", "安", "明", "春", "景", "文", "德")
COMMUNITY_LAST = ("源", "宁", "兴", "泰", "园", "华")


@dataclass(frozen=True)
class Ground:
    """GeoJSON bytes per level, top first, and the code of every beat."""

    levels: tuple[tuple[str, bytes], ...]
    beats: tuple[str, ...]
    shapes: dict[str, Any]


def make_ground(streets: int, columns: int, rows: int, per_community: tuple[int, int], seed: int) -> Ground:
    """`columns` × `rows` beats; communities are blocks of `per_community` beats, streets are runs of communities."""
    chance = random.Random(seed)
    corners = _corners(columns + 2, rows, chance)
    cells = {(i, j): _cell(corners, i, j) for i in range(columns + 2) for j in range(rows)}
    width, height = per_community
    blocks = [(i, j) for j in range(0, rows, height) for i in _snake(columns, width, j // height)]
    beats: dict[str, Any] = {}
    names: dict[str, str] = {}
    for n, (i, j) in enumerate(blocks):
        street = n * streets // len(blocks)
        community = sum(1 for k in range(n) if k * streets // len(blocks) == street) + 1
        code = f"{COUNTY}{street + 1:03d}{community:03d}"
        names[code[:9]] = f"{STREETS[street % len(STREETS)]}街道"
        names[code] = f"{COMMUNITY_FIRST[n % 10]}{COMMUNITY_LAST[n // 10 % 6]}社区"
        inside = [(i + a, j + b) for b in reversed(range(height)) for a in range(width)]
        for number, place in enumerate(inside, start=1):
            beats[f"{code}{number:03d}"] = cells[place]
            names[f"{code}{number:03d}"] = f"{names[code][:-2]}第{number}片区"
    _next_door(beats, names, cells, columns)
    return _write(beats, names)


def _next_door(
    beats: dict[str, Any], names: dict[str, str], cells: dict[tuple[int, int], Any], columns: int
) -> None:
    """The neighbouring district: one street, one community, two beats; what its people must not see is ours."""
    code = f"{NEXT_COUNTY}001001"
    names[code[:9]], names[code] = "河口街道", "临河社区"
    for number in (1, 2):
        beats[f"{code}{number:03d}"] = cells[(columns + number - 1, 0)]
        names[f"{code}{number:03d}"] = f"临河第{number}片区"


def _snake(columns: int, width: int, row: int) -> list[int]:
    starts = list(range(0, columns, width))
    return starts if row % 2 == 0 else starts[::-1]


def _corners(columns: int, rows: int, chance: random.Random) -> dict[tuple[int, int], tuple[float, float]]:
    x0, y0 = ORIGIN
    return {
        (i, j): (
            round(x0 + (i + chance.uniform(-0.22, 0.22)) * STEP[0], 6),
            round(y0 + (j + chance.uniform(-0.22, 0.22)) * STEP[1], 6),
        )
        for i in range(columns + 1)
        for j in range(rows + 1)
    }


def _cell(corners: dict[tuple[int, int], tuple[float, float]], i: int, j: int) -> Any:
    return Polygon([corners[(i, j)], corners[(i + 1, j)], corners[(i + 1, j + 1)], corners[(i, j + 1)]])


def _write(beats: dict[str, Any], names: dict[str, str]) -> Ground:
    levels = []
    for name, length in (("district", 6), ("street", 9), ("community", 12), ("beat", 15)):
        groups: dict[str, list[Any]] = {}
        for code, shape in beats.items():
            groups.setdefault(code[:length], []).append(shape)
        features = [
            (
                {"code": code, "name": names.get(code) or DISTRICTS[code]},
                shapes[0] if len(shapes) == 1 else union_all(shapes),
            )
            for code, shapes in sorted(groups.items())
        ]
        levels.append((name, write_features(features)))
    own = tuple(sorted(code for code in beats if code.startswith(COUNTY)))
    return Ground(tuple(levels), own, beats)
