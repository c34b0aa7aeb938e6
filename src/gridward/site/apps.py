"""Start-up of the site: wiring, key ring, and the guards that are reinstalled after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "gridward.site"
    label = "site"

    def ready(self) -> None:
        from gridward.logbook.actions.keys import use_ring

        try:
            from gridward.site import wiring

            wiring.connect()
        except ImportError:  # rooms still under construction
            pass
        use_ring(settings.HOME / "keys" / "ring.json")
        post_migrate.connect(_reinstall_guards, dispatch_uid="gridward-guards")


def _reinstall_guards(**_: Any) -> None:
    """Altering a table on SQLite drops its triggers silently; this puts them back."""
    from django.db import connection

    from gridward.logbook.actions import install_guards

    if "logbook_entry" in connection.introspection.table_names():
        install_guards()
