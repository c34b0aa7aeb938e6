"""Point → area at a date, in memory. A warm locator asks the database nothing.

One snapshot per (scheme, stamp, period between two changes) holds an index for each level; a locator is a
view on it, of one level or of all. The caller passes the stamp (it reads all stamps once per request anyway).
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from gridward.grids import models
from gridward.grids.queries.standing import as_ref, standing
from gridward.grids.rules import AreaRef
from gridward.kernel.geometry import AreaIndex

Indices: TypeAlias = NDArray[np.int64]

NOWHERE = -1
_PERIODS_KEPT = 6


class Level:
    """The areas of one level in a period, those with ground in an index."""

    def __init__(self, rank: int, refs: list[AreaRef], geometries: list[Any]) -> None:
        self.rank = rank
        self.refs = refs
        drawn = [i for i, geometry in enumerate(geometries) if geometry is not None]
        self._drawn = np.array(drawn, dtype=np.int64)
        self._index = AreaIndex([refs[i].code for i in drawn], [geometries[i] for i in drawn])

    def locate(self, lon: float, lat: float) -> AreaRef | None:
        found = self._index.locate(lon, lat)
        return None if found is None else self.refs[self._drawn[found]]

    def locate_many(self, lons: Any, lats: Any) -> Indices:
        """Positions in `refs`, -1 for nowhere."""
        found = self._index.locate_many(lons, lats)
        return np.append(self._drawn, NOWHERE)[found]


class Locator:
    """Levels of one scheme in the period from `valid_from` (inclusive) to `valid_to` (exclusive, None =
    open).
    """

    def __init__(self, scheme: str, levels: list[Level], valid_from: date, valid_to: date | None) -> None:
        self.scheme = scheme
        self.valid_from = valid_from
        self.valid_to = valid_to
        self.levels = sorted(levels, key=lambda level: -level.rank)
        self._codes = {ref.code: ref for level in reversed(self.levels) for ref in level.refs}
        self._names = _unique_names(self.levels)
        self._ids = {ref.id: ref for level in self.levels for ref in level.refs}
        self.refs = [ref for level in self.levels for ref in level.refs]

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def locate(self, lon: float, lat: float) -> AreaRef | None:
        """The area of the lowest level that holds the point, a level up where no leaf does, None outside."""
        for level in self.levels:
            found = level.locate(lon, lat)
            if found is not None:
                return found
        return None

    def locate_many(self, lons: Any, lats: Any) -> tuple[list[AreaRef], Indices]:
        """As `locate`: (areas, positions); positions[i] is the place in `areas` of point i, -1 nowhere."""
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        answer = np.full(len(x), NOWHERE, dtype=np.int64)
        offset = 0
        for level in self.levels:
            open_ = np.flatnonzero(answer == NOWHERE)
            if len(open_):
                found = level.locate_many(x[open_], y[open_])
                answer[open_] = np.where(found == NOWHERE, NOWHERE, found + offset)
            offset += len(level.refs)
        return self.refs, answer

    def by_code(self, code: str) -> AreaRef | None:
        """The area of that code; the lowest level wins where two levels use it."""
        return self._codes.get(code)

    def by_name(self, name: str) -> AreaRef | None:
        """The area of that name; the lowest level wins, None where two areas of a level share it."""
        return self._names.get(name)

    def by_id(self, area: UUID) -> AreaRef | None:
        return self._ids.get(area)


def _unique_names(levels: list[Level]) -> dict[str, AreaRef]:
    """Names that stand for one area of a level, lower levels over upper ones."""
    known: dict[str, AreaRef] = {}
    for level in reversed(levels):
        counts = Counter(ref.name for ref in level.refs)
        known |= {ref.name: ref for ref in level.refs if counts[ref.name] == 1}
    return known


_cache: dict[tuple[str, int | None], tuple[int, list[Locator]]] = {}
_lock = threading.Lock()


def locator(scheme: str, *, on: date, rank: int | None = None, stamp: int) -> Locator:
    """The locator of a scheme at a date, of all levels or of one `rank` alone (then nothing is looked up
    above).

    `stamp` is the value of the stamp "grids" (queries.stamp(), 0 before the first change); while it
    stands, no query is made.
    """
    found = _cached(scheme, rank, on, stamp)
    if found is not None:
        return found
    with _lock:
        return _cached(scheme, rank, on, stamp) or _build(scheme, rank, on, stamp)


def _cached(scheme: str, rank: int | None, on: date, stamp: int) -> Locator | None:
    at, periods = _cache.get((scheme, rank), (-1, []))
    if at != stamp:
        return None
    return next((period for period in periods if period.holds(on)), None)


def _build(scheme: str, rank: int | None, on: date, stamp: int) -> Locator:
    if rank is None:
        built = _read(scheme, on)
    else:
        whole = _cached(scheme, None, on, stamp) or _build(scheme, None, on, stamp)
        levels = [level for level in whole.levels if level.rank == rank]
        built = Locator(scheme, levels, whole.valid_from, whole.valid_to)
    at, periods = _cache.get((scheme, rank), (stamp, []))
    kept = periods[-_PERIODS_KEPT + 1 :] if at == stamp else []
    _cache[(scheme, rank)] = (stamp, [*kept, built])
    return built


def _read(scheme: str, on: date) -> Locator:
    ranks = models.Level.objects.filter(scheme_id=scheme).order_by("rank").values_list("rank", flat=True)
    levels = []
    for rank in ranks:
        areas = standing(scheme, rank, on)
        levels.append(Level(rank, [as_ref(a, scheme) for a in areas], [a.geometry for a in areas]))
    return Locator(scheme, levels, *_period(scheme, on))


def _period(scheme: str, on: date) -> tuple[date, date | None]:
    """The longest period around `on` in which no shape of the scheme begins or ends."""
    rows = models.Shape.objects.filter(area__scheme_id=scheme)
    begins = set(rows.values_list("valid_from", flat=True).distinct())
    ends = {day for day in rows.values_list("valid_to", flat=True).distinct() if day is not None}
    days = sorted(begins | ends)
    before = [day for day in days if day <= on]
    after = [day for day in days if day > on]
    return (before[-1] if before else date.min), (after[0] if after else None)
