"""The desk's single page; its parts are static files."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MISSING = (
    "<!doctype html><meta charset=utf-8><title>Gridward 网格通</title>"
    "<p>网页还没有构建：请运行 <code>make setup</code>。/ The web pages are not built: run <code>make setup</code>.</p>"
)


def desk(request: HttpRequest) -> HttpResponse:
    """index.html for every route of the desk."""
    file = settings.STATIC_ROOT / "desk" / "index.html"
    body = file.read_text() if file.exists() else MISSING
    response = HttpResponse(body, status=200 if file.exists() else 503)
    response["Cache-Control"] = "no-cache"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An unknown address of the API, as a problem document."""
    from gridward.kernel.errors import Missing
    from gridward.site.problems import NO_PAGE, problem

    return problem(request, Missing(NO_PAGE, found=request.path))
