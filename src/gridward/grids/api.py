"""HTTP doors to places. Areas and names are public work data: every logged-in actor reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from gridward.grids import queries
from gridward.grids.queries.schemes import STAMP, SchemeRow
from gridward.grids.queries.tree import AreaRow, LineageRow
from gridward.grids.rules import AreaRef, AreaStaff
from gridward.grids.rules import messages as m
from gridward.kernel.errors import BadInput

router = Router(tags=["grids"])
NOBODY = AreaStaff()


class LevelOut(Schema):
    rank: int
    code: str
    label: str


class SchemeOut(Schema):
    code: str
    label: str
    levels: list[LevelOut]


class SchemesOut(Schema):
    items: list[SchemeOut]


class AreaOut(Schema):
    """`lead` names who leads the area, `gap` says that nobody does; bbox is west, south, east, north."""

    id: UUID
    code: str
    name: str
    level: str
    parent: UUID | None
    lead: list[str]
    gap: bool
    bbox: list[float] | None


class AreasOut(Schema):
    items: list[AreaOut]


class AreaRefOut(Schema):
    id: UUID
    code: str
    name: str


class PostingOut(Schema):
    person: str
    post: str
    label: dict[str, str] = Field(default_factory=dict)
    rank: str
    since: date = Field(alias="from")
    to: date | None


class LineageOut(Schema):
    """`kind` split, merge or change; codes of the areas that the ground came from and went to."""

    kind: str
    origin: list[str] = Field(alias="from")
    to: list[str]
    at: date


class AreaDetailOut(Schema):
    id: UUID
    code: str
    name: str
    level: str
    scheme: str
    kind: str
    boundary: str
    ancestors: list[AreaRefOut]
    postings: list[PostingOut]
    lineage: list[LineageOut]


def _english(request: HttpRequest) -> bool:
    return getattr(request, "language", "zh") == "en"


def _stamp(request: HttpRequest) -> int:
    stamps: dict[str, int] = getattr(request, "stamps", None) or {STAMP: queries.stamp()}
    return stamps.get(STAMP, 0)


def _label(zh: str, en: str, request: HttpRequest) -> str:
    return (en or zh) if _english(request) else zh


def _day(request: HttpRequest, at: date | None) -> date:
    return at or timezone.localtime(request.now).date()  # type: ignore[attr-defined]


@router.get("/schemes", response=SchemesOut, operation_id="list_schemes")
def list_schemes(request: HttpRequest) -> dict[str, Any]:
    """All schemes with their levels, the administrative one first."""
    return {"items": [_scheme(row, request) for row in queries.schemes()]}


def _scheme(row: SchemeRow, request: HttpRequest) -> dict[str, Any]:
    levels = [
        {"rank": s.rank, "code": s.code, "label": _label(s.label_zh, s.label_en, request)} for s in row.levels
    ]
    return {"code": row.code, "label": _label(row.label_zh, row.label_en, request), "levels": levels}


def _chosen(request: HttpRequest, scheme: str | None, level: str | None) -> tuple[str | None, int | None]:
    """Scheme (default: the administrative one) and rank; Missing GW-GRIDS-003, 004 for unknown codes."""
    code = scheme or queries.default_scheme(_stamp(request))
    if code is None:
        return None, None
    if scheme:
        queries.scheme(scheme)
    return code, queries.level_rank(code, level) if level else None


@router.get("/areas", response=AreasOut, operation_id="list_areas")
def list_areas(
    request: HttpRequest,
    scheme: str | None = None,
    level: str | None = None,
    parent: UUID | None = None,
    at: date | None = None,
) -> dict[str, Any]:
    """Areas of a scheme on a day, by level and code; of one level and below one parent when given."""
    if parent is not None and not scheme:
        scheme = queries.area(parent).scheme
    code, rank = _chosen(request, scheme, level)
    if code is None:
        return {"items": []}
    rows = queries.area_tree(code, on=_day(request, at), rank=rank, parent=parent)
    staff = queries.staff_of([row.ref.id for row in rows], request.now)  # type: ignore[attr-defined]
    return {"items": [_area(row, staff.get(row.ref.id, NOBODY)) for row in rows]}


def _area(row: AreaRow, staff: AreaStaff) -> dict[str, Any]:
    return {
        **_ref(row.ref),
        "level": row.level,
        "parent": row.parent,
        "lead": list(staff.lead),
        "gap": staff.gap,
        "bbox": row.box,
    }


def _ref(ref: AreaRef) -> dict[str, Any]:
    return {"id": ref.id, "code": ref.code, "name": ref.name}


@router.get("/areas.geojson", response=dict[str, Any], operation_id="map_areas")
def map_areas(
    request: HttpRequest, scheme: str | None = None, level: str | None = None, at: date | None = None
) -> HttpResponse:
    """A simplified map of one level (default: the top) on a day; properties {id, code, name, level}."""
    code, rank = _chosen(request, scheme, level)
    if code is None:
        raise BadInput(m.NO_SCHEME, field="scheme", found=scheme or "–", known="–")
    body = queries.areas_geojson(code, rank or 1, on=_day(request, at), stamp=_stamp(request))
    return HttpResponse(body, content_type="application/geo+json")


@router.get("/areas/{uuid:area_id}", response=AreaDetailOut, by_alias=True, operation_id="get_area")
def get_area(request: HttpRequest, area_id: UUID) -> dict[str, Any]:
    """One area: where it hangs, who is posted there, where its ground came from and went."""
    detail = queries.area_detail(area_id)
    staff = queries.staff_of([area_id], request.now).get(area_id, NOBODY)  # type: ignore[attr-defined]
    return {
        **_ref(detail.ref),
        "level": detail.level,
        "scheme": detail.ref.scheme,
        "kind": detail.kind,
        "boundary": detail.boundary,
        "ancestors": [_ref(ref) for ref in detail.ancestors],
        "postings": [dict(posting) for posting in staff.postings],
        "lineage": _lineage(queries.lineage_of(area_id)),
    }


def _lineage(rows: Sequence[LineageRow]) -> list[dict[str, Any]]:
    """One line per day and kind, with the codes on both sides."""
    ordered = sorted(rows, key=lambda row: (row.at, row.kind))
    lines = []
    for (at, kind), group in groupby(ordered, key=lambda row: (row.at, row.kind)):
        found = list(group)
        old, new = sorted({row.old.code for row in found}), sorted({row.new.code for row in found})
        lines.append({"kind": kind, "from": old, "to": new, "at": at.isoformat()})
    return lines
