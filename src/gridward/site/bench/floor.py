"""The floor under `bench create-case`: what a report costs at least with this server, token check and case table.

Mounted by site/urls.py only where GRIDWARD_BENCH_FLOOR=1, which only the benchmark sets for its own server.
"""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from gridward.kernel import sql

router = Router(tags=["bench"])
ReportIn = import_module("gridward.cases.api").ReportIn  # the same body schema; no import of a room's door
_CASE = (
    "INSERT INTO cases_case (id, number, category, source, scheme, address, text, sealed, recorded, stage, seq, closed, "
    "opened_at, late, turn, returns, reworks) "
    "VALUES (%s, %s, 1, %s, '', '', %s, '', '', 'collected', 1, %s, %s, %s, '', 0, 0)"
)
_HEAD = "INSERT INTO logbook_head (stream, seq, hash) VALUES (%s, 1, %s)"
_ENTRY = (
    "INSERT INTO logbook_entry (stream, seq, move, actor, at, prev_hash, hash, body) "
    "VALUES (%s, 1, 'report', '', %s, %s, %s, %s)"
)
_FACT = "INSERT INTO logbook_fact (kind, stream, at, body, done) VALUES ('CaseReported', %s, %s, '{}', %s)"


@router.post("/floor", operation_id="bench_floor")
def floor(request: HttpRequest, body: ReportIn) -> HttpResponse:  # type: ignore[valid-type]
    """One case row and three inserts in one transaction; decides, locates and computes nothing."""
    key: UUID = body.id  # type: ignore[attr-defined]
    stream = f"case/{key}"
    at = sql.instant(connection.vendor, request.now)  # type: ignore[attr-defined]
    blank = "0" * 64
    with transaction.atomic(), connection.cursor() as cursor:
        row = [sql.key(connection.vendor, key), str(key), body.source, body.text, False, at, False]  # type: ignore[attr-defined]
        cursor.execute(_CASE, row)
        cursor.execute(_HEAD, [stream, blank])
        cursor.execute(_ENTRY, [stream, at, blank, blank, request.body.decode()])
        cursor.execute(_FACT, [stream, at, True])
    answer = orjson.dumps({"id": str(key), "stage": "collected", "seq": 1})
    return HttpResponse(answer, status=201, content_type="application/json")
