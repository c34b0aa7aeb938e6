"""Every permission of the house, collected from the rooms' policies."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings


def _collect() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for room in settings.ROOMS:
        try:
            module = import_module(f"gridward.{room}.policy")
        except ModuleNotFoundError:
            continue
        found |= getattr(module, "PERMISSIONS", {})
    return found


ALL_PERMISSIONS = _collect()
