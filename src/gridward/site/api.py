"""The HTTP interface /api/v1: mounts the rooms' routers behind the door, and what only the site knows (sessions)."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import File, Schema, UploadedFile

from gridward import __version__
from gridward.cases.queries.rulebook import rulebook
from gridward.kernel.actor import Actor
from gridward.kernel.errors import Unauthenticated
from gridward.logbook import queries as logbook
from gridward.logbook.actions.blobs import store_file
from gridward.people import actions as people_actions
from gridward.people import queries as people
from gridward.site import problems, public
from gridward.site.door import SESSION_COOKIE, Door, language_of, now_of
from gridward.site.openapi import Body, Interface

api = Interface(
    title="Gridward 网格通",
    version=__version__,
    description="Grid-based management. Errors are application/problem+json with a sentence for each field.",
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="v1",
    auth=Door(),
    parser=Body(),
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


class PersonOut(Schema):
    id: UUID | None
    name: str
    login: str


class AreaRefOut(Schema):
    id: UUID
    code: str
    name: str


class UnitRefOut(Schema):
    id: UUID
    name: str


class WordsOut(Schema):
    zh: str
    en: str


class PostOut(Schema):
    post: str
    label: WordsOut
    area: AreaRefOut | None
    unit: UnitRefOut | None
    rank: str


class CalendarOut(Schema):
    """Working hours of a day as pairs of HH:MM; days off and worked rest days as dates."""

    periods: list[list[str]]
    off: list[str]
    on: list[str]


class JurisdictionOut(Schema):
    name: str
    timezone: str
    version: str
    calendar: CalendarOut


class MeOut(Schema):
    person: PersonOut
    posts: list[PostOut]
    permissions: list[str]
    night: bool
    jurisdiction: JurisdictionOut


class SessionLineOut(Schema):
    id: UUID
    created_at: datetime
    last_seen_at: datetime
    agent: str
    current: bool


class SessionsOut(Schema):
    items: list[SessionLineOut]


class BlobOut(Schema):
    """`sha256` names the file from now on; `size` in bytes."""

    sha256: str
    size: int
    mime: str


def _me(request: HttpRequest) -> dict[str, Any]:
    known = logbook.settings()
    jurisdiction = {
        "name": known.get("jurisdiction", ""),
        "timezone": known.get("timezone", "Asia/Shanghai"),
        "version": __version__,
        "calendar": _calendar(request),
    }
    return people.me(request.actor, now=request.now) | {"jurisdiction": jurisdiction}  # type: ignore[attr-defined]


def _calendar(request: HttpRequest) -> dict[str, Any]:
    """The working calendar of last, this and next year, so that the desk words what is left as the clocks count."""
    calendar = rulebook(request.stamps).calendar  # type: ignore[attr-defined]
    year = request.now.year  # type: ignore[attr-defined]
    near = range(year - 1, year + 2)
    return {
        "periods": [[_clock(start), _clock(end)] for start, end in calendar.periods],
        "off": sorted(d.isoformat() for d in calendar.rest_days if d.year in near),
        "on": sorted(d.isoformat() for d in calendar.work_days if d.year in near),
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _json(data: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), status=status, content_type="application/json")


@api.post("/session", response=MeOut, auth=None, tags=["session"], operation_id="log_in")
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


@api.get("/session", response=MeOut, tags=["session"], operation_id="get_session")
def get_session(request: HttpRequest) -> HttpResponse:
    """Who I am: person, posts, permissions, jurisdiction."""
    get_token(request)
    return _json(_me(request))


@api.delete("/session", response={204: None}, tags=["session"], operation_id="log_out")
def log_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    people_actions.log_out(token=request.COOKIES.get(SESSION_COOKIE, ""), now=request.now)  # type: ignore[attr-defined]
    response = HttpResponse(status=204)
    response.delete_cookie(SESSION_COOKIE)
    return response


@api.get("/sessions", response=SessionsOut, tags=["session"], operation_id="list_sessions")
def list_sessions(request: HttpRequest) -> HttpResponse:
    """My open log-ins, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.id is None:
        return _json({"items": []})
    mine = people.sessions_of(actor.id, request.now, request.COOKIES.get(SESSION_COOKIE, ""))  # type: ignore[attr-defined]
    return _json({"items": [dataclasses.asdict(line) for line in mine]})


@api.delete("/sessions/{session}", response={204: None}, tags=["session"], operation_id="end_session")
def end_session(request: HttpRequest, session: UUID) -> HttpResponse:
    """End one of my log-ins, for instance on a lost phone."""
    people_actions.end_session(session=session, actor=request.actor, now=request.now)  # type: ignore[attr-defined]
    return HttpResponse(status=204)


@api.post("/blobs", response={201: BlobOut}, tags=["blobs"], operation_id="store_blob")
def store_blob(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Store a photo or paper (at most 50 MB); the same bytes again give the same answer."""
    stored = store_file(
        data=file.read(),
        folder=settings.HOME / "blobs",
        limit=settings.UPLOAD_LIMIT_BYTES,
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    )
    return _json(stored, 201)
