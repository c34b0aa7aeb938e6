"""HTTP doors of the people room. `request.actor`, `.now` and `.stamps` come from the site."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from gridward.grids import queries as grids
from gridward.people import actions, queries
from gridward.people.rules.places import five

router = Router(tags=["people"])


class UnitOut(Schema):
    id: UUID
    code: str
    name: str


class UnitsOut(Schema):
    items: list[UnitOut]


class PostingLineOut(Schema):
    """One posting. `target` is the area, subject or unit; `from` is inclusive, `to` exclusive."""

    id: UUID
    person: UUID
    name: str
    post: str
    label: dict[str, str]
    on: str
    target: UUID
    rank: str
    responsibility: str
    from_: date = Field(alias="from")
    to: date | None


class PostingsOut(Schema):
    items: list[PostingLineOut]


class ResponsiblePersonOut(Schema):
    id: UUID
    name: str
    post: str
    rank: str
    on_behalf_of: UUID | None


class ResponsibleOut(Schema):
    items: list[ResponsiblePersonOut]


class GapOut(Schema):
    area: UUID
    code: str
    name: str
    since: datetime | None
    why: str


class GapsOut(Schema):
    items: list[GapOut]


class InboxOut(Schema):
    id: UUID
    kind: str
    subject: str
    sentence: dict[str, str]
    due_at: datetime | None
    created_at: datetime


class InboxPage(Schema):
    items: list[InboxOut]
    next: UUID | None


@router.get("/units", response=UnitsOut, operation_id="list_units")
def list_units(request: HttpRequest) -> dict[str, Any]:
    """All units of the jurisdiction by code, for whoever may read units anywhere; for others the list is
    empty."""
    actor = request.actor  # type: ignore[attr-defined]
    known = queries.units(request.stamps) if actor.may("people:unit:read") else []  # type: ignore[attr-defined]
    return {"items": [asdict(unit) for unit in known]}


@router.get("/areas/{area_id}/postings", response=PostingsOut, by_alias=True, operation_id="list_postings")
def list_postings(request: HttpRequest, area_id: UUID, history: bool = False) -> dict[str, Any]:
    """Who is posted on an area now, or with `history` who ever was."""
    _require_read(request, area_id)
    at = None if history else request.now  # type: ignore[attr-defined]
    lines = queries.postings_on(area_id, at=at, stamps=request.stamps)  # type: ignore[attr-defined]
    return {"items": [_posting(line) for line in lines]}


def _require_read(request: HttpRequest, area_id: UUID) -> None:
    ancestors = five(grids.area(area_id).ancestors)
    queries.require(request.actor, "people:person:read", ancestors=ancestors)  # type: ignore[attr-defined]


def _posting(line: queries.PostingLine) -> dict[str, Any]:
    found = asdict(line)
    label = {"zh": found.pop("zh"), "en": found.pop("en")}
    return {**found, "label": label, "from": line.valid_from, "to": line.valid_to}


@router.get("/areas/{area_id}/responsible", response=ResponsibleOut, operation_id="responsible_at")
def responsible(
    request: HttpRequest, area_id: UUID, at: datetime | None = None, post: str | None = None
) -> dict[str, Any]:
    """Who was responsible for an area at an instant (倒查), deputies for absent leads included."""
    _require_read(request, area_id)
    when = at or request.now  # type: ignore[attr-defined]
    refs = queries.responsible_at(
        five(grids.area(area_id).ancestors),
        when,
        post=post,
        stamps=request.stamps,  # type: ignore[attr-defined]
    )
    return {"items": [asdict(ref) for ref in refs]}


@router.get("/gaps", response=GapsOut, operation_id="list_gaps")
def list_gaps(request: HttpRequest, scheme: str) -> dict[str, Any]:
    """The published gap list of a scheme: leaves without a lead, as far as the actor may read people
    there."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    lines = queries.gap_list(now, scheme, stamps=request.stamps)  # type: ignore[attr-defined]
    refs = grids.areas([line.area for line in lines])
    seen = [
        line
        for line in lines
        if queries.allows(actor, "people:person:read", ancestors=five(refs[line.area].ancestors))
    ]
    return {"items": [asdict(line) for line in seen]}


@router.get("/inbox", response=InboxPage, operation_id="list_inbox")
def list_inbox(request: HttpRequest, limit: int = 50, after: UUID | None = None) -> dict[str, Any]:
    """What waits for the actor, the earliest due first."""
    size = max(1, min(limit, 200))
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    lines = queries.inbox(actor, now, limit=size + 1, after=after, stamps=request.stamps)  # type: ignore[attr-defined]
    items = [
        {
            "id": line.id,
            "kind": line.kind,
            "subject": line.subject,
            "sentence": {"zh": line.zh, "en": line.en},
            "due_at": line.due_at,
            "created_at": line.created_at,
        }
        for line in lines[:size]
    ]
    return {"items": items, "next": lines[size - 1].id if len(lines) > size else None}


@router.post("/inbox/{item_id}/done", response={204: None}, operation_id="finish_inbox_item")
def finish_inbox_item(request: HttpRequest, item_id: UUID) -> Status[None]:
    """Tick an own item off."""
    actions.finish_item(item=item_id, actor=request.actor, now=request.now)  # type: ignore[attr-defined]
    return Status(204, None)


@router.post("/handovers/{handover_id}/sign", response={204: None}, operation_id="sign_handover")
def sign_handover(request: HttpRequest, handover_id: UUID) -> Status[None]:
    """Take over the open items of an ended posting."""
    actions.sign_handover(handover=handover_id, actor=request.actor, now=request.now)  # type: ignore[attr-defined]
    return Status(204, None)
