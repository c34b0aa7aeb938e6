"""What a new division changes: who stays, who is reshaped, created, closed, and who descends from whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import shapely

from gridward.grids.rules import Ancestors
from gridward.grids.rules import messages as m
from gridward.kernel.errors import Refused
from gridward.kernel.geometry import lineage

# An area that shares less than half of the smaller ground with its namesake is another area.
SAME_PLACE_SHARE = 0.5


@dataclass(frozen=True)
class Standing:
    """An area as it stands at a date; `since` is the first day of its present shape."""

    id: UUID
    code: str
    name: str
    rank: int
    parent: UUID | None
    ancestors: Ancestors
    geometry: Any
    since: date
    division: UUID


@dataclass(frozen=True)
class Wanted:
    """An area as the new division has it; `parent` is the id of an area of the level above."""

    code: str
    name: str
    parent: UUID | None
    geometry: Any
    from_codes: Sequence[str] = ()
    kind: str = ""
    boundary: str = ""
    strip: str = "{}"


@dataclass(frozen=True)
class Reshaped:
    """An area that keeps its identity; `what` lists name, parent, shape."""

    old: Standing
    new: Wanted
    what: tuple[str, ...]


@dataclass
class Changes:
    """The step from the standing areas to the wanted ones."""

    same: list[Standing] = field(default_factory=list)
    reshaped: list[Reshaped] = field(default_factory=list)
    created: list[Wanted] = field(default_factory=list)
    closed: list[Standing] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.reshaped or self.created or self.closed)

    @property
    def touched(self) -> list[Standing]:
        """Areas whose present shape ends."""
        return [*(r.old for r in self.reshaped), *self.closed]


def same_ground(a: Any, b: Any) -> bool:
    """Whether two geometries are the same drawing (corner by corner), or both are missing."""
    if a is None or b is None:
        return a is b
    return bool(shapely.equals_exact(shapely.normalize(a), shapely.normalize(b), 1e-9))


def decide_changes(standing: Sequence[Standing], wanted: Sequence[Wanted], *, close: bool = True) -> Changes:
    """Compare by code. With `close` areas that are not wanted end; without it they stay as they are."""
    changes = Changes()
    before = {area.code: area for area in standing}
    for new in sorted(wanted, key=lambda w: w.code):
        old = before.pop(new.code, None)
        if old is None:
            changes.created.append(new)
        elif not is_same_place(old.geometry, new.geometry):
            changes.closed.append(old)
            changes.created.append(new)
        else:
            _compare(changes, old, new)
    rest = sorted(before.values(), key=lambda a: a.code)
    (changes.closed if close else changes.same).extend(rest)
    return changes


def is_same_place(old: Any, new: Any) -> bool:
    """Whether an area may keep its identity: its code is the same and its ground mostly is."""
    if old is None or new is None or same_ground(old, new):
        return True
    smaller = min(shapely.area(old), shapely.area(new))
    return bool(smaller > 0 and shapely.area(shapely.intersection(old, new)) >= SAME_PLACE_SHARE * smaller)


def _compare(changes: Changes, old: Standing, new: Wanted) -> None:
    what = (
        *(("name",) if old.name != new.name else ()),
        *(("parent",) if old.parent != new.parent else ()),
        *(() if same_ground(old.geometry, new.geometry) else ("shape",)),
    )
    if what:
        changes.reshaped.append(Reshaped(old, new, what))
    else:
        changes.same.append(old)


def check_dates(changes: Changes, valid_from: date) -> None:
    """Refused GW-GRIDS-033 when a shape would end before it has lasted a day."""
    for area in changes.touched:
        if area.since >= valid_from:
            raise Refused(
                m.TOO_EARLY,
                field="valid_from",
                found=valid_from.isoformat(),
                code=area.code,
                date=area.since.isoformat(),
            )


@dataclass(frozen=True)
class Descent:
    """Ground of `old` went to `new`; shares 0…1, None where there are no polygons. kind: split, merge,
    change.
    """

    old: UUID
    new: UUID
    kind: str
    share_old: float | None
    share_new: float | None


def decide_lineage(changes: Changes, created_ids: Sequence[UUID]) -> list[Descent]:
    """Who descends from whom: by ground where there are polygons, else by the codes a draft names.

    An old area with several successors is a split, a new one with several predecessors a merge, one to one or
    many to many a change. An area that only kept its ground is not listed with itself.
    """
    ids = dict(zip((w.code for w in changes.created), created_ids, strict=True))
    pairs = _by_ground(changes, ids)
    pairs |= {pair: (None, None) for pair in _by_name(changes, ids) if pair not in pairs}
    olds = Counter(old for old, _ in pairs)
    news = Counter(new for _, new in pairs)
    return [
        Descent(old, new, _kind(olds[old], news[new]), *shares)
        for (old, new), shares in sorted(pairs.items(), key=lambda item: (str(item[0][0]), str(item[0][1])))
        if old != new
    ]


def _kind(successors: int, predecessors: int) -> str:
    if successors > 1 and predecessors == 1:
        return "split"
    return "merge" if predecessors > 1 and successors == 1 else "change"


Pairs = dict[tuple[UUID, UUID], tuple[float | None, float | None]]


def _by_ground(changes: Changes, ids: dict[str, UUID]) -> Pairs:
    moved = [r for r in changes.reshaped if "shape" in r.what]
    old = [(a.id, a.geometry) for a in (*changes.closed, *(r.old for r in moved)) if a.geometry is not None]
    new = [(ids[w.code], w.geometry) for w in changes.created if w.geometry is not None]
    new += [(r.old.id, r.new.geometry) for r in moved if r.new.geometry is not None]
    if not old or not new:
        return {}
    names = ([str(i) for i, _ in old], [g for _, g in old], [str(i) for i, _ in new], [g for _, g in new])
    return {(UUID(d.old), UUID(d.new)): (d.share_of_old, d.share_of_new) for d in lineage(*names)}


def _by_name(changes: Changes, ids: dict[str, UUID]) -> Iterable[tuple[UUID, UUID]]:
    before = {a.code: a.id for a in changes.touched} | {a.code: a.id for a in changes.same}
    after = [(ids[w.code], w) for w in changes.created] + [(r.old.id, r.new) for r in changes.reshaped]
    for new_id, wanted in after:
        for code in wanted.from_codes:
            if code in before:
                yield before[code], new_id
