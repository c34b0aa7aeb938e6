"""The HTTP interface /api/v1: mounts the rooms' routers behind the door, and what only the site knows (sessions)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import NinjaAPI, Schema

from gridward import __version__
from gridward.kernel.errors import Unauthenticated
from gridward.logbook import queries as logbook
from gridward.people import actions as people_actions
from gridward.people import queries as people
from gridward.site import problems, public
from gridward.site.door import SESSION_COOKIE, Door, language_of, now_of

api = NinjaAPI(
    title="Gridward 网格通",
    version=__version__,
    description="Grid-based management. Errors are application/problem+json with a sentence for each field.",
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="v1",
    auth=Door(),
)
problems.install(api)
for _room in ("cases", "grids", "people", "ledger"):
    try:
        api.add_router("", import_module(f"gridward.{_room}.api").router)
    except ModuleNotFoundError:  # rooms still under construction
        continue
api.add_router("/public", public.router)


class LogIn(Schema):
    login: str
    password: str


def _me(request: HttpRequest) -> dict[str, Any]:
    settings = logbook.settings()
    jurisdiction = {
        "name": settings.get("jurisdiction", ""),
        "timezone": settings.get("timezone", "Asia/Shanghai"),
        "version": __version__,
    }
    return people.me(request.actor, now=request.now) | {"jurisdiction": jurisdiction}  # type: ignore[attr-defined]


def _json(data: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), status=status, content_type="application/json")


@api.post("/session", auth=None, tags=["session"], operation_id="log_in")
def log_in(request: HttpRequest, body: LogIn) -> HttpResponse:
    """Log in with login and password; sets the session cookie. 401 and 429 say what to do."""
    request.now, request.language = now_of(request), language_of(request)  # type: ignore[attr-defined]
    logged_in = people_actions.log_in(
        login=body.login,
        password=body.password,
        now=request.now,  # type: ignore[attr-defined]
        agent=request.headers.get("User-Agent", "")[:200],
        address=request.META.get("REMOTE_ADDR", ""),
    )
    found = people.actor_by_session(logged_in.token, now=request.now)  # type: ignore[attr-defined]
    if found is None:
        raise Unauthenticated(problems.LOG_IN)
    request.actor, request.stamps = found  # type: ignore[attr-defined]
    get_token(request)
    response = _json(_me(request))
    response.set_cookie(
        SESSION_COOKIE,
        logged_in.token,
        max_age=12 * 3600,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return response


@api.get("/session", tags=["session"], operation_id="get_session")
def get_session(request: HttpRequest) -> HttpResponse:
    """Who I am: person, posts, permissions, jurisdiction."""
    get_token(request)
    return _json(_me(request))


@api.delete("/session", tags=["session"], operation_id="log_out")
def log_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    people_actions.log_out(token=request.COOKIES.get(SESSION_COOKIE, ""), now=request.now)  # type: ignore[attr-defined]
    response = HttpResponse(status=204)
    response.delete_cookie(SESSION_COOKIE)
    return response
