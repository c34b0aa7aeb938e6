"""Areas by key or code, kept in the process while the stamp "grids" stands: lists name hundreds of areas a
page.
"""

from __future__ import annotations

import threading
from uuid import UUID

from gridward.grids import models
from gridward.grids.queries.standing import ancestors_of
from gridward.grids.rules import AreaRef

_FIELDS = ("id", "code", "name", "rank", "scheme_id", "a1", "a2", "a3", "a4", "a5", "valid_to")
_lock = threading.Lock()


class _Known:
    """All areas of this jurisdiction, ended ones included; a code means the one in force if any."""

    def __init__(self, stamp: int) -> None:
        self.stamp = stamp
        self.by_id: dict[UUID, AreaRef] = {}
        self.by_code: dict[str, AreaRef] = {}
        self.by_name: dict[str, AreaRef | None] = {}
        rows = models.Area.objects.order_by("valid_from", "rank").values_list(*_FIELDS)
        for key, code, name, rank, scheme, *ancestors, valid_to in rows.iterator(chunk_size=5000):
            ref = AreaRef(key, code, name, rank, scheme, ancestors_of(ancestors))
            self.by_id[key] = ref
            if valid_to is None or code not in self.by_code:
                self.by_code[code] = self.by_code[f"{scheme}/{code}"] = ref
            if valid_to is None:
                self.by_name[name] = None if name in self.by_name else ref


_known: list[_Known] = []


def _all(stamp: int) -> _Known:
    if _known and _known[0].stamp == stamp:
        return _known[0]
    with _lock:
        if not (_known and _known[0].stamp == stamp):
            _known[:] = [_Known(stamp)]
        return _known[0]


def area_ref(area: UUID | None, *, stamp: int) -> AreaRef | None:
    """The area of a key, ended or not; None when there is none."""
    return _all(stamp).by_id.get(area) if area else None


def find_area(text: str, *, stamp: int) -> AreaRef | None:
    """The area of `CODE` or `SCHEME/CODE`; the one in force where a code was used before."""
    return _all(stamp).by_code.get(text)


def named_area(name: str, *, stamp: int) -> AreaRef | None:
    """The one area in force with that name; None when there is none or several."""
    return _all(stamp).by_name.get(name)
