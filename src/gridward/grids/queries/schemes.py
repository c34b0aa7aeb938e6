"""Schemes and their levels."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from gridward.grids import models
from gridward.grids.rules import LevelSpec
from gridward.grids.rules import messages as m
from gridward.grids.rules.rows import listed
from gridward.kernel.errors import Missing
from gridward.logbook import queries as logbook

STAMP = "grids"


@dataclass(frozen=True)
class SchemeRow:
    """A scheme with its levels, top first."""

    code: str
    label_zh: str
    label_en: str
    pack: str
    is_admin: bool
    levels: tuple[LevelSpec, ...]


def stamp() -> int:
    """What processes compare: it changes with everything that a locator has cached."""
    return logbook.stamps().get(STAMP, 0)


def schemes() -> list[SchemeRow]:
    """All schemes: the administrative one first, then by age."""
    levels: dict[str, list[LevelSpec]] = {}
    for level in models.Level.objects.order_by("scheme_id", "rank"):
        levels.setdefault(level.scheme_id, []).append(_spec(level))
    rows = models.Scheme.objects.order_by("-is_admin", "created_at", "code")
    return [
        SchemeRow(s.code, s.label_zh, s.label_en, s.pack, s.is_admin, tuple(levels.get(s.code, ())))
        for s in rows
    ]


def scheme(code: str) -> SchemeRow:
    """One scheme; Missing GW-GRIDS-003 when there is none of that code."""
    known = {row.code: row for row in schemes()}
    if code not in known:
        raise Missing(m.NO_SCHEME, field="scheme", found=code, known=listed(known))
    return known[code]


def level(scheme_code: str, level_code: str) -> LevelSpec:
    """One level of a scheme by code; Missing GW-GRIDS-003 or 004."""
    known = {spec.code: spec for spec in scheme(scheme_code).levels}
    if level_code not in known:
        values = {"scheme": scheme_code, "found": level_code, "known": "、".join(known) or "–"}
        raise Missing(m.NO_LEVEL, field="level", **values)
    return known[level_code]


def level_at(scheme_code: str, rank: int) -> LevelSpec:
    """One level of a scheme by rank; Missing GW-GRIDS-003 or 004."""
    known = {spec.rank: spec for spec in scheme(scheme_code).levels}
    if rank not in known:
        codes = "、".join(spec.code for spec in known.values()) or "–"
        raise Missing(m.NO_LEVEL, field="rank", scheme=scheme_code, found=rank, known=codes)
    return known[rank]


def level_rank(scheme_code: str, level_code: str) -> int:
    """The rank of a level by its code; Missing GW-GRIDS-003 or 004."""
    return level(scheme_code, level_code).rank


_default: dict[int, str | None] = {}


def default_scheme(stamp: int) -> str | None:
    """The administrative scheme, else the oldest; None when there is none. Cached for the stamp."""
    if stamp not in _default:
        found = next((row.code for row in schemes()), None)
        _default.clear()
        _default[stamp] = found
    return _default[stamp]


def _spec(row: models.Level) -> LevelSpec:
    return LevelSpec(
        rank=row.rank,
        code=row.code,
        label_zh=row.label_zh,
        label_en=row.label_en,
        unit_kinds=tuple(orjson.loads(row.unit_kinds)),
        kind=row.kind,
        coverage=row.coverage,
        overlaps=row.overlaps,
        tolerance_m2=row.tolerance_m2,
        fields=tuple(orjson.loads(row.fields)),
        expected=orjson.loads(row.expected),
    )
