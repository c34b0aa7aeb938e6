"""/healthz: the process answers. /readyz: the database answers, is migrated, and its guards stand."""

from __future__ import annotations

import orjson
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from gridward.logbook import queries as logbook


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process runs."""
    return HttpResponse(b"ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served, 503 with the reasons otherwise."""
    problems = not_ready()
    body = orjson.dumps({"ready": not problems, "problems": problems})
    return HttpResponse(body, status=503 if problems else 200, content_type="application/json")


def is_behind() -> bool:
    """Whether the database lacks migrations of this program."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def not_ready() -> list[str]:
    """Reasons why this installation should not serve, in sentences."""
    try:
        if is_behind():
            return ["The database is older than the program: run gridward migrate."]
        missing = logbook.guards_missing()
    except DatabaseError as error:
        return [f"The database does not answer: {type(error).__name__}."]
    return [f"Journal guards are missing: {', '.join(missing)}. Run gridward doctor."] if missing else []
