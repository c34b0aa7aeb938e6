"""All addresses: the API, health, and the desk (a single page whose routes the browser knows)."""

from __future__ import annotations

from django.urls import path, re_path

from gridward.site import health, pages
from gridward.site.api import api

handler404 = "gridward.site.pages.not_found"
urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", api.urls),
    re_path(r"^(?!api/|static/).*$", pages.desk),
]
