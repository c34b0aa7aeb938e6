"""Subjects of one ledger that may be one and the same, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

NEAR_M = 50.0
_DEGREE_M = 111_320.0
REASONS = {
    "key": ("执照号等主键相同", "the same key"),
    "uscc": ("统一社会信用代码相同", "the same credit code"),
    "name_near": ("名称相同且相距不超过 50 米", "the same name within 50 m"),
}


@dataclass(frozen=True)
class Entry:
    """What decides whether two subjects are one. `keys` and `codes` hold every value that must be unique."""

    id: UUID
    number: str
    name: str
    folded: str
    key: str | None = None
    code: str | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Twin:
    """Two subjects that may be one; `reason` is a key of REASONS."""

    one: Entry
    other: Entry
    reason: str


def find_twins(entries: Iterable[Entry]) -> list[Twin]:
    """Every pair once, by number; the strongest reason wins (key, then credit code, then name and place)."""
    rows = sorted(entries, key=lambda e: e.number)
    found: dict[tuple[UUID, UUID], Twin] = {}
    for reason, pairs in (
        ("key", _same(rows, "key")),
        ("uscc", _same(rows, "code")),
        ("name_near", _near(rows)),
    ):
        for one, other in pairs:
            found.setdefault((one.id, other.id), Twin(one, other, reason))
    return sorted(found.values(), key=lambda t: (t.one.number, t.other.number))


def _same(rows: Iterable[Entry], name: str) -> Iterator[tuple[Entry, Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        value = getattr(row, name)
        if value:
            groups[value.casefold()].append(row)
    for group in groups.values():
        yield from ((group[0], other) for other in group[1:])


def _near(rows: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        if row.lon is not None:
            groups[row.folded].append(row)
    for group in groups.values():
        for i, one in enumerate(group):
            yield from ((one, other) for other in group[i + 1 :] if distance_m(one, other) <= NEAR_M)


def distance_m(one: Entry, other: Entry) -> float:
    """Metres between two subjects (equirectangular, exact enough within a city)."""
    assert one.lon is not None and one.lat is not None and other.lon is not None and other.lat is not None
    across = (one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot(across, one.lat - other.lat) * _DEGREE_M
