"""The door: who comes (token or session), in which language, and what time it is. Reads the clock once a request."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from ninja.security.base import AuthBase

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Forbidden, Message
from gridward.people import actions as people

SESSION_COOKIE = "gridward_session"
BAD_NOW = Message(
    "GW-SITE-001",
    "X-Gridward-Now“{found}”不是 RFC 3339 时间，例如 2026-06-05T15:00:00+08:00。",
    "X-Gridward-Now {found} is not an RFC 3339 instant such as 2026-06-05T15:00:00+08:00.",
)
CSRF = Message(
    "GW-SITE-002",
    "页面已过期（缺少安全标记），请刷新页面后再试；已填内容会保留。",
    "The page is too old (its safety mark is missing); reload it and try again, what you typed is kept.",
)


def simulated_time_allowed() -> bool:
    """Simulated time needs both the switch of the command and the environment."""
    return bool(settings.SIMULATED_TIME) and os.environ.get("GRIDWARD_ALLOW_SIMULATED_TIME") == "1"


def now_of(request: HttpRequest) -> datetime:
    """The instant of this request: the real clock, or X-Gridward-Now where simulated time is allowed."""
    text = request.headers.get("X-Gridward-Now")
    if text and simulated_time_allowed():
        try:
            found = datetime.fromisoformat(text)
        except ValueError as error:
            raise BadInput(BAD_NOW, field="X-Gridward-Now", found=text[:40]) from error
        if found.tzinfo is None:
            raise BadInput(BAD_NOW, field="X-Gridward-Now", found=text[:40])
        return found.astimezone(UTC)
    return timezone.now()


def language_of(request: HttpRequest) -> str:
    """zh unless the browser or script asks for English first."""
    first = request.headers.get("Accept-Language", "zh").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


class Door(AuthBase):
    """Bearer token, else session cookie with CSRF for writes. Sets request.actor, .now, .stamps, .language."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor | None:
        request.now = now_of(request)  # type: ignore[attr-defined]
        request.language = language_of(request)  # type: ignore[attr-defined]
        found = self._by_token(request) or self._by_session(request)
        if found is None:
            return None
        request.actor, request.stamps = found  # type: ignore[attr-defined]
        return found[0]

    def _by_token(self, request: HttpRequest) -> tuple[Actor, dict[str, int]] | None:
        header = request.headers.get("Authorization", "")
        if not header.lower().startswith("bearer "):
            return None
        return people.admit_token(header[7:].strip(), now=request.now)  # type: ignore[attr-defined]

    def _by_session(self, request: HttpRequest) -> tuple[Actor, dict[str, int]] | None:
        token = request.COOKIES.get(SESSION_COOKIE, "")
        if not token or request.headers.get("Authorization"):
            return None
        found = people.admit_session(token, now=request.now)  # type: ignore[attr-defined]
        if found is not None and request.method not in ("GET", "HEAD", "OPTIONS"):
            check_csrf(request)
        return found


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> None:
        raise Forbidden(CSRF, field="X-CSRFToken")


def check_csrf(request: HttpRequest) -> None:
    """Refuse a write from a browser session without the token of our own page."""
    checker = _Csrf(lambda r: None)  # type: ignore[arg-type]
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    checker.process_request(request)
    checker.process_view(request, _unmarked, (), {})


def _unmarked(request: HttpRequest) -> HttpResponse:
    """A view without csrf_exempt: what the checker looks at."""
    return HttpResponse()
