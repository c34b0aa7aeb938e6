"""Does a division hold invariant 1? What is measured, what is accepted and listed, what is refused.

Overlaps and gaps up to the tolerance (m² per pair, or per gap) are drawing noise. Above it they are slivers,
accepted and listed up to the m² that somebody states, refused beyond.

A drawn division has to cover the ground it replaces. An imported one is only looked at from inside, because
outlines drawn by others never match to the metre and may have lawful holes (an enclave that is its own town):
a hole is refused only when it is a crack between neighbours, narrower than ENCLAVE_WIDTH_M on average.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gridward.grids.rules import messages as m
from gridward.kernel.errors import BadInput
from gridward.kernel.geometry import Gap, check_coverage, length_m, share_inside

ENCLAVE_WIDTH_M = 10.0
# With stated slivers a crack thinner than this is accepted at any length: no place is lost in it.
HAIRLINE_WIDTH_M = 1.0
INSIDE_SHARE = 0.99


@dataclass(frozen=True)
class Sliver:
    """Ground with two owners (`codes` has two) or none (`codes` is empty); width only for gaps."""

    codes: tuple[str, ...]
    m2: float
    lon: float | None = None
    lat: float | None = None
    width_m: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain data with rounded figures, for reports."""
        place = {} if self.lon is None else {"lon": self.lon, "lat": self.lat}
        width = {} if self.width_m is None else {"width_m": round(self.width_m, 2)}
        return {"codes": list(self.codes), "m2": round(self.m2, 2), **place, **width}


@dataclass(frozen=True)
class Outside:
    """An area under 99 % in its parent."""

    code: str
    parent: str
    share: float


@dataclass
class Cover:
    """Everything measured above rounding noise, largest first."""

    overlaps: list[Sliver] = field(default_factory=list)
    gaps: list[Sliver] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)

    def figures(self, tolerance_m2: float) -> dict[str, Any]:
        """The counts and maxima of the contract; pairs and gaps above the tolerance are counted."""
        return {
            "outside_parent": sorted(o.code for o in self.outside),
            "overlaps": {
                "pairs": sum(s.m2 > tolerance_m2 for s in self.overlaps),
                "max_m2": round(max((s.m2 for s in self.overlaps), default=0.0), 2),
            },
            "gaps": {
                "count": sum(s.m2 > tolerance_m2 for s in self.gaps),
                "max_m2": round(max((s.m2 for s in self.gaps), default=0.0), 2),
            },
        }


def measure(
    codes: Sequence[str], geometries: Sequence[Any], *, ground: Any = None, quiet: Collection[str] = ()
) -> Cover:
    """Overlaps of pairs and gaps. `ground` is what has to be covered; without it only enclosed holes are
    gaps.

    Pairs of which both codes are in `quiet` (areas that do not change) are left out.
    """
    report = check_coverage(codes, geometries, ground)
    overlaps = [
        Sliver((o.code_a, o.code_b), o.m2)
        for o in report.overlaps
        if not (o.code_a in quiet and o.code_b in quiet)
    ]
    return Cover(overlaps, _with_width(report.gaps, geometries, ground))


def _with_width(gaps: Sequence[Gap], geometries: Sequence[Any], ground: Any) -> list[Sliver]:
    """Gaps with their mean width: twice the ground by the length of the rim."""
    if not gaps:
        return []
    union = shapely.union_all(np.asarray(geometries, dtype=object))
    parts = shapely.get_parts(shapely.difference(ground, union) if ground is not None else _holes(union))
    points = shapely.points([g.lon for g in gaps], [g.lat for g in gaps])
    part = dict(shapely.STRtree(parts).query(points, predicate="intersects").T.tolist())
    return [
        Sliver((), g.m2, g.lon, g.lat, 2 * g.m2 / length_m(parts[part[i]]) if i in part else None)
        for i, g in enumerate(gaps)
    ]


def _holes(union: Any) -> Any:
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    return shapely.difference(shapely.union_all(shapely.polygons(rings)), union)


def find_outside(children: Sequence[tuple[str, Any, str, Any]]) -> list[Outside]:
    """Which of (code, geometry, parent code, parent geometry) lie under 99 % in their parent."""
    found = []
    for code, geometry, parent, outline in children:
        if geometry is None or outline is None or shapely.covers(outline, geometry):
            continue
        share = share_inside(geometry, outline)
        if share < INSIDE_SHARE:
            found.append(Outside(code, parent, share))
    return sorted(found, key=lambda o: o.code)


@dataclass
class Verdict:
    """What is listed as accepted, and a sentence for everything that is refused."""

    accepted: list[Sliver] = field(default_factory=list)
    refused: list[BadInput] = field(default_factory=list)


def judge(
    cover: Cover,
    *,
    tolerance_m2: float,
    accept_m2: float = 0.0,
    declared: Collection[tuple[str, str]] = (),
    drawn: bool = True,
) -> Verdict:
    """Accept or refuse what was measured. `declared` are pairs (lower code first) that may overlap.

    Areas outside their parent are refused only in a drawn division; an import lists them.
    """
    verdict = Verdict()
    allowed = max(tolerance_m2, accept_m2)
    for sliver in (*cover.overlaps, *cover.gaps):
        if sliver.m2 <= tolerance_m2 or (not drawn and _is_enclave(sliver)):
            continue
        if sliver.m2 <= allowed or sliver.codes in declared or _is_hairline(sliver, accept_m2, drawn):
            verdict.accepted.append(sliver)
        else:
            verdict.refused.append(_refusal(sliver, allowed))
    if drawn:
        verdict.refused += [_outside_refusal(o) for o in cover.outside]
    return verdict


def _is_enclave(sliver: Sliver) -> bool:
    return sliver.width_m is not None and sliver.width_m >= ENCLAVE_WIDTH_M


def _is_hairline(sliver: Sliver, accept_m2: float, drawn: bool) -> bool:
    narrow = sliver.width_m is not None and sliver.width_m < HAIRLINE_WIDTH_M
    return narrow and accept_m2 > 0 and not drawn


def _refusal(sliver: Sliver, allowed: float) -> BadInput:
    figures = {"m2": f"{sliver.m2:.2f}", "allowed": f"{allowed:g}", "wanted": f"{np.ceil(sliver.m2):g}"}
    if sliver.codes:
        return BadInput(m.OVERLAP, field="geometry", a=sliver.codes[0], b=sliver.codes[1], **figures)
    return BadInput(m.GAP, field="geometry", lon=sliver.lon, lat=sliver.lat, **figures)


def _outside_refusal(outside: Outside) -> BadInput:
    percent = f"{outside.share * 100:.1f}"
    return BadInput(m.OUTSIDE, field="geometry", code=outside.code, parent=outside.parent, percent=percent)
