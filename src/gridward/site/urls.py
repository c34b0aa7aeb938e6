"""All addresses: the API, health, and the desk (a single page whose routes the browser knows)."""

from __future__ import annotations

import os

from django.urls import path, re_path

from gridward.site import health, pages
from gridward.site.api import api

if (
    os.environ.get("GRIDWARD_BENCH_FLOOR") == "1"
):  # set by `gridward bench create-case` for its own server only
    from gridward.site.bench.floor import router as floor

    api.add_router("/bench", floor)

handler404 = "gridward.site.pages.not_found"
urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", api.urls),
    re_path(r"^(?!api/|static/).*$", pages.desk),
]
