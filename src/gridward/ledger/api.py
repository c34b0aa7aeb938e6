"""HTTP doors of the ledgers: parse, one action or query, shape. `request.actor`, `.now`, `.stamps`, `.language`
come from the site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from gridward.kernel.errors import Conflict, Message
from gridward.ledger import actions, queries
from gridward.logbook import queries as logbook
from gridward.logbook.actions import body_digest, is_taken, keep_receipt

router = Router(tags=["ledgers"])
OTHER_BODY = Message(
    "GW-LEDGER-014",
    "编号 {found} 已用于另一份内容不同的提交；请换一个新的编号再提交。",
    "The id {found} was used for another body; send with a new id.",
)


class Point(Schema):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


class SubjectIn(Schema):
    """A new subject. `id` is the client's UUIDv7 and makes repeats harmless."""

    id: UUID
    name: str = Field("", max_length=200)
    address: str = Field("", max_length=500)
    point: Point | None = None
    area: str | None = Field(None, max_length=200)
    values: dict[str, Any] = Field(default_factory=dict)


class SubjectPatch(Schema):
    """What changes; null in `values` empties a field. `expected_seq` is the version that the sender saw."""

    expected_seq: int = Field(ge=1)
    name: str | None = Field(None, max_length=200)
    address: str | None = Field(None, max_length=500)
    point: Point | None = None
    values: dict[str, Any] = Field(default_factory=dict)


class LedgerOut(Schema):
    code: str
    label: str
    count: int


class LedgersOut(Schema):
    items: list[LedgerOut]


class AreaRefOut(Schema):
    id: UUID
    code: str
    name: str


class SubjectRowOut(Schema):
    id: UUID
    number: str
    name: str
    area: AreaRefOut | None
    class_: str | None = Field(None, alias="class", serialization_alias="class")
    completeness: list[int]


class SubjectPageOut(Schema):
    items: list[SubjectRowOut]
    next: str | None


class LabelOut(Schema):
    code: str
    label: str


class FieldOut(Schema):
    code: str
    label: str
    value: Any = None
    group: str | None = None
    type: str
    unit: str
    required: bool
    personal: bool


class ChangeOut(Schema):
    code: str
    label: str
    before: Any = None
    after: Any = None


class HistoryOut(Schema):
    seq: int
    at: str
    move: str
    actor: str
    actor_name: str
    sentence: str
    changes: list[ChangeOut]


class SubjectOut(SubjectRowOut):
    complete: str
    missing: list[LabelOut]
    ledger: LabelOut
    point: Point | None
    address: str
    by_hand: bool
    seq: int
    version: str
    source: str
    created_at: str
    updated_at: str
    ended_on: str | None
    fields: list[FieldOut]
    unmasked: list[str]
    history: list[HistoryOut]


class PageFilter(Schema):
    q: str = Field("", max_length=200)
    area: str = Field("", max_length=200)
    after: str = Field("", max_length=2000)
    limit: int = Field(50, ge=1, le=200)


def _json(data: Any, status: int = 200) -> HttpResponse:
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return HttpResponse(body, status=status, content_type="application/json")


def _detail(request: HttpRequest, subject: UUID, *, log: bool = True) -> dict[str, Any]:
    """The subject as the actor may see it; personal values shown in full are journaled."""
    door: Any = request
    detail = queries.subject_detail(subject, actor=door.actor, stamps=door.stamps, language=door.language)
    if log and detail["unmasked"]:
        shown = tuple(detail["unmasked"])
        actions.record_unmasking(subject=subject, fields=shown, actor=door.actor, now=door.now)
    return detail


@router.get("/ledgers", response=LedgersOut, operation_id="list_ledgers")
def list_ledgers(request: HttpRequest) -> HttpResponse:
    """All ledgers with the number of living subjects in the actor's scope."""
    door: Any = request
    return _json({"items": queries.ledgers(actor=door.actor, stamps=door.stamps, language=door.language)})


@router.get("/ledgers/{code}/subjects", response=SubjectPageOut, by_alias=True, operation_id="list_subjects")
def list_subjects(request: HttpRequest, code: str, filters: Query[PageFilter]) -> HttpResponse:
    """Living subjects of one ledger in scope, by name, a page at a time."""
    door: Any = request
    page = queries.subject_page(
        code,
        q=filters.q,
        area=filters.area,
        after=filters.after,
        limit=filters.limit,
        actor=door.actor,
        stamps=door.stamps,
    )
    return _json(page)


@router.post(
    "/ledgers/{code}/subjects",
    response={201: SubjectOut, 200: SubjectOut},
    by_alias=True,
    operation_id="create_subject",
)
def create_subject(request: HttpRequest, code: str, body: SubjectIn) -> HttpResponse:
    """Enter a subject. The same id and body again gives the stored answer (200)."""
    door: Any = request
    digest = body_digest({"ledger": code, "body": orjson.loads(request.body)})
    stored = _stored(body.id, digest)
    if stored is not None:
        return _json(stored)
    try:
        with transaction.atomic():
            answer = _create(request, code, body)
            keep_receipt(op=body.id, digest=digest, status=201, answer=answer, now=door.now)
    except (Conflict, IntegrityError) as error:
        # Two equal requests at once: the second finds what the first one left.
        if isinstance(error, IntegrityError) and not is_taken(error):
            raise
        stored = _stored(body.id, digest)
        if stored is None:
            raise
        return _json(stored)
    return _json(answer, 201)


def _create(request: HttpRequest, code: str, body: SubjectIn) -> bytes:
    door: Any = request
    subject = actions.create_subject(
        ledger=code,
        id=body.id,
        name=body.name or None,
        address=body.address or None,
        lon=body.point.lon if body.point else None,
        lat=body.point.lat if body.point else None,
        area=body.area,
        values=body.values,
        timezone=_timezone(),
        actor=door.actor,
        now=door.now,
    )
    detail = _detail(request, subject, log=False)
    for field in detail["fields"]:
        if field["personal"]:
            field["value"] = None  # the answer is stored: a destroyed key must leave nothing behind
    return orjson.dumps({**detail, "unmasked": []})


def _stored(op: UUID, digest: str) -> bytes | None:
    receipt = logbook.receipt(op)
    if receipt is None:
        return None
    if receipt.digest != digest:
        raise Conflict(OTHER_BODY, field="id", found=str(op))
    return receipt.answer.encode()


def _timezone() -> str:
    return logbook.settings().get("timezone", "Asia/Shanghai")


@router.get("/subjects/{subject}", response=SubjectOut, by_alias=True, operation_id="get_subject")
def get_subject(request: HttpRequest, subject: UUID) -> HttpResponse:
    """One file with completeness and history; personal values masked unless the actor may see them."""
    return _json(_detail(request, subject))


@router.patch("/subjects/{subject}", response=SubjectOut, by_alias=True, operation_id="change_subject")
def change_subject(request: HttpRequest, subject: UUID, body: SubjectPatch) -> HttpResponse:
    """Change what is given; 409 says who was first and when."""
    door: Any = request
    actions.change_subject(
        subject=subject,
        expected_seq=body.expected_seq,
        name=body.name,
        address=body.address,
        lon=body.point.lon if body.point else None,
        lat=body.point.lat if body.point else None,
        values=body.values,
        timezone=_timezone(),
        actor=door.actor,
        now=door.now,
    )
    return _json(_detail(request, subject))
