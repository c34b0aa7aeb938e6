"""HTTP doors of the case loop: parse, one action or query, shape. `request.actor`, `.now`, `.stamps` come from the site."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from gridward.cases import actions
from gridward.cases.actions.report import Report
from gridward.cases.queries.detail import case_detail, journal_items
from gridward.cases.queries.lists import CaseFilter, case_counts, case_page, case_points
from gridward.cases.queries.rulebook import rulebook
from gridward.kernel.clock import parse_instant
from gridward.logbook.actions import body_digest

router = Router(tags=["cases"])


class Point(Schema):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""A whole number that every reader of JSON understands."""


class ReportIn(Schema):
    """A report. One of point, address and subject says where."""

    id: UUID
    category: str = Field(max_length=200)
    text: str = ""
    point: Point | None = None
    address: str = Field("", max_length=500)
    subject: UUID | None = None
    observed_at: AwareDatetime | None = None
    source: str = Field("desk", max_length=40)
    blobs: list[str] = Field(default_factory=list, max_length=20)
    contact: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, bool | Whole | str | None] = Field(default_factory=dict)


class MoveIn(Schema):
    """A move. `id` makes repeats harmless; `expected_seq` is the sequence number that the sender saw."""

    id: UUID
    move: str = Field(max_length=40)
    expected_seq: int = Field(ge=1)
    data: dict[str, Any] = Field(default_factory=dict)


class CaseOut(Schema):
    """The answer to report and move."""

    id: UUID
    number: str
    stage: str
    category: str
    area: str | None
    unit: str | None
    total_due_at: str | None
    unit_due_at: str | None
    next_due_at: str | None
    colour: str
    seq: int
    closed_at: str | None
    category_label: str | None = None
    area_id: UUID | None = None
    area_name: str | None = None
    unit_id: UUID | None = None
    unit_name: str | None = None
    outcome: str | None = None
    opened_at: str | None = None


class Responsible(Schema):
    who: list[str]
    where: str | None
    until: str | None


class RailSegment(Schema):
    stage: str
    seconds: int | None
    state: str
    late: bool


class CaseRowOut(CaseOut):
    """One row of a list."""

    text: str
    address: str
    returns: int
    rail: list[RailSegment]
    responsible: Responsible
    turn: str


class CasePageOut(Schema):
    items: list[CaseRowOut]
    next: str | None
    previous: str | None
    total: str | None = None


class ClockOut(Schema):
    kind: str
    started_at: str
    due_at: str | None
    stopped_at: str | None
    paused: bool
    limit: str
    colour: str
    used_s: int
    seconds: int


class ChoiceOut(Schema):
    id: str
    label: str


class NeedOut(Schema):
    field: str
    label: str
    type: str
    required: bool
    choices: list[ChoiceOut] = []


class MoveOut(Schema):
    move: str
    label: str
    allowed: bool
    reason: str | None
    needs: list[NeedOut]


class CaseDetailOut(CaseRowOut):
    point: Point | None
    subject: dict[str, str] | None
    source: str
    recorded: dict[str, Any]
    clocks: list[ClockOut]
    moves: list[MoveOut]
    blobs: list[str]
    contact: dict[str, str | None]


class EntryOut(Schema):
    seq: int
    move: str
    actor: str
    actor_name: str
    at: str
    received_at: str
    from_: str = Field(alias="from", serialization_alias="from")
    to: str
    data: dict[str, Any]
    prev_hash: str
    hash: str
    sentence: str


class JournalOut(Schema):
    items: list[EntryOut]


class UnitRefOut(Schema):
    id: UUID
    name: str


class UnitCountOut(Schema):
    unit: UnitRefOut
    open: int
    late: int


class CountsOut(Schema):
    """Open cases in scope: late now, due within one day and seven days, per stage and unit."""

    open: int
    late: int
    today: int
    week: int
    by_stage: dict[str, int]
    by_unit: list[UnitCountOut]


class RowOut(Schema):
    id: str
    label: str
    limits: dict[str, str]


class CategoryOut(Schema):
    code: str
    dictionary: str
    kind: str
    label: str
    workflow: str
    rows: list[RowOut]


class CategoriesOut(Schema):
    items: list[CategoryOut]


class PointShapeOut(Schema):
    type: str
    coordinates: list[float]


class CasePropertiesOut(Schema):
    id: UUID
    number: str
    stage: str
    category_label: str
    colour: str


class CaseFeatureOut(Schema):
    type: Literal["Feature"]
    geometry: PointShapeOut
    properties: CasePropertiesOut


class CaseFeaturesOut(Schema):
    """GeoJSON; `truncated` says that there are more than were drawn."""

    type: Literal["FeatureCollection"]
    features: list[CaseFeatureOut]
    truncated: bool = False


class ListFilter(Schema):
    """Query parameters of a list; each is served by an index (cases/queries/paging.py: OFFERED)."""

    stage: str = ""
    category: str = ""
    area: str = ""
    unit: str = ""
    open: bool = True
    inbox: bool = False
    q: str = Field("", max_length=60)
    due_before: str = ""
    closed_from: str = ""
    closed_to: str = ""
    order: str = Field("next_due", pattern="^(next_due|-created)$")
    limit: int = Field(50, ge=1, le=200)
    after: str = ""
    total: bool = True


def _json(data: Any, status: int = 200) -> HttpResponse:
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return HttpResponse(body, status=status, content_type="application/json")


def _filter(f: ListFilter, request: HttpRequest) -> CaseFilter:
    zone = rulebook(request.stamps).timezone  # type: ignore[attr-defined]

    def instant(text: str) -> datetime | None:
        return parse_instant(text, zone) if text else None

    return CaseFilter(
        stage=f.stage,
        category=f.category,
        area=f.area,
        unit=f.unit,
        open=f.open,
        inbox=f.inbox,
        q=f.q,
        due_before=instant(f.due_before),
        closed_from=instant(f.closed_from),
        closed_to=instant(f.closed_to),
        order=f.order,
        limit=f.limit,
        after=f.after,
    )


@router.post("/cases", response={201: CaseOut, 200: CaseOut}, operation_id="report_case")
def report_case(request: HttpRequest, body: ReportIn) -> HttpResponse:
    """Report a case. The same id and body again gives the stored answer (200)."""
    report = Report(
        id=body.id,
        category=body.category,
        text=body.text,
        lon=body.point.lon if body.point else None,
        lat=body.point.lat if body.point else None,
        address=body.address,
        subject=body.subject,
        observed_at=body.observed_at,
        source=body.source,
        contact=body.contact,
        blobs=tuple(body.blobs),
        facts=body.facts,
    )
    status, answer = actions.report_case(
        report=report,
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        stamps=request.stamps,  # type: ignore[attr-defined]
        digest=body_digest(orjson.loads(request.body)),
    )
    return _json(answer, status)


@router.post("/cases/{case}/moves", response=CaseOut, operation_id="move_case")
def move_case(request: HttpRequest, case: UUID, body: MoveIn) -> HttpResponse:
    """Take one move on a case; 409 says who was first and when."""
    status, answer = actions.move_case(
        case=case,
        op=body.id,
        move=body.move,
        expected_seq=body.expected_seq,
        data=body.data,
        digest=body_digest(orjson.loads(request.body)),
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        stamps=request.stamps,  # type: ignore[attr-defined]
    )
    return _json(answer, status)


@router.get("/cases", response=CasePageOut, operation_id="list_cases")
def list_cases(request: HttpRequest, filters: Query[ListFilter]) -> HttpResponse:
    """Cases in the actor's scope, a page at a time. Open ones by default; closed ones within a period."""
    page = case_page(
        _filter(filters, request),
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        stamps=request.stamps,  # type: ignore[attr-defined]
        with_total=filters.total,
        language=request.language,  # type: ignore[attr-defined]
    )
    return _json(page)


@router.get("/cases.geojson", response=CaseFeaturesOut, operation_id="map_cases")
def map_cases(request: HttpRequest, filters: Query[ListFilter]) -> HttpResponse:
    """Open cases in scope as points for the map (at most 5,000)."""
    points = case_points(
        _filter(filters, request),
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        stamps=request.stamps,  # type: ignore[attr-defined]
        language=request.language,  # type: ignore[attr-defined]
    )
    return _json(points)


@router.get("/cases.csv", operation_id="export_cases")
def export_cases(request: HttpRequest, filters: Query[ListFilter]) -> HttpResponse:
    """The filtered list as csv (at most 10,000 rows), for those who may export; journaled."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.csv"
        actions.export_cases(
            chosen=_filter(filters, request),
            path=file,
            actor=request.actor,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
            stamps=request.stamps,  # type: ignore[attr-defined]
        )
        body = file.read_bytes()
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cases.csv"'
    return response


@router.get("/cases/counts", response=CountsOut, operation_id="count_cases")
def count_cases(request: HttpRequest, filters: Query[ListFilter]) -> HttpResponse:
    """Open, late, due today and this week, per stage and unit, in scope."""
    counts = case_counts(
        _filter(filters, request),
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        stamps=request.stamps,  # type: ignore[attr-defined]
    )
    return _json(counts)


@router.get("/cases/{case}", response=CaseDetailOut, operation_id="get_case")
def get_case(request: HttpRequest, case: UUID) -> HttpResponse:
    """One case with clocks and the moves that this actor may or may not make now, and why."""
    detail = case_detail(
        case,
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        stamps=request.stamps,  # type: ignore[attr-defined]
        language=request.language,  # type: ignore[attr-defined]
    )
    return _json(detail)


@router.get("/cases/{case}/journal", response=JournalOut, operation_id="get_journal")
def get_journal(request: HttpRequest, case: UUID) -> HttpResponse:
    """The whole journal of one case, oldest first, with hashes."""
    items = journal_items(
        case,
        actor=request.actor,  # type: ignore[attr-defined]
        stamps=request.stamps,  # type: ignore[attr-defined]
        language=request.language,  # type: ignore[attr-defined]
    )
    return _json({"items": items})


@router.get("/categories", response=CategoriesOut, operation_id="list_categories")
def list_categories(request: HttpRequest) -> HttpResponse:
    """All categories in force with their standard rows."""
    book = rulebook(request.stamps)  # type: ignore[attr-defined]
    language = request.language  # type: ignore[attr-defined]
    items = [
        {
            "code": c.code,
            "dictionary": c.dictionary,
            "kind": c.kind,
            "label": c.label_in(language),
            "workflow": c.workflow,
            "rows": [
                {
                    "id": r.id,
                    "label": r.label.get(language) or r.label.get("zh") or r.opening or r.id,
                    "limits": {k: str(v) for k, v in r.limits.items()},
                }
                for r in c.rows
            ],
        }
        for c in book.offered()
    ]
    return _json({"items": items})
