"""Reports of the public: no log-in; the same action as every other door, with a follow code."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from gridward.cases import actions
from gridward.cases.actions.report import Report
from gridward.cases.api import Point
from gridward.cases.queries.rulebook import rulebook
from gridward.kernel.actor import PUBLIC
from gridward.logbook import queries as logbook
from gridward.logbook.actions import body_digest
from gridward.site.door import language_of, now_of

router = Router(tags=["public"])
FALLBACK = "other"


class PublicReport(Schema):
    """What a resident sends: where, what, and if they wish how to reach them (sealed)."""

    id: UUID
    category: str | None = Field(None, max_length=200)
    point: Point | None = None
    address: str = Field("", max_length=500)
    text: str = ""
    contact: dict[str, str] | None = None
    blobs: list[str] = Field(default_factory=list, max_length=9)


def follow_code(case: str) -> str:
    """The code by which a reporter follows a case: 10 digits derived from the case and this home's secret."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"follow/{case}".encode(), sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**10:010d}"


class Receipt(Schema):
    """What the reporter gets: the case number and the code to follow it."""

    number: str
    follow_code: str


@router.post("/reports", auth=None, response={201: Receipt, 200: Receipt}, operation_id="public_report")
def public_report(request: HttpRequest, body: PublicReport) -> HttpResponse:
    """Report as a member of the public; answers with the case number and a follow code."""
    stamps = logbook.stamps()
    request.language = language_of(request)  # type: ignore[attr-defined]
    book = rulebook(stamps)
    category = body.category or next((c for c in book.by_code if c.endswith(FALLBACK)), "")
    category = category or next(iter(book.by_code), "")
    report = Report(
        id=body.id,
        category=category,
        text=body.text,
        lon=body.point.lon if body.point else None,
        lat=body.point.lat if body.point else None,
        address=body.address,
        source="public",
        contact=body.contact or {},
        blobs=tuple(body.blobs),
    )
    digest = body_digest(orjson.loads(request.body))
    status, answer = actions.report_case(
        report=report, actor=PUBLIC, now=now_of(request), stamps=stamps, digest=digest, public=True
    )
    case: dict[str, Any] = orjson.loads(answer)
    told = {"number": case["number"], "follow_code": follow_code(case["id"])}
    return HttpResponse(
        orjson.dumps(told), status=201 if status == 201 else 200, content_type="application/json"
    )
