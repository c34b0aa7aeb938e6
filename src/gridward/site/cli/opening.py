"""How every command begins: the clock at the door, the settings, and a home that is ready."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import typer

from gridward.site.cli.out import REFUSED, refusing, say


def clock() -> datetime:
    """The clock at the door of the command line."""
    return datetime.now(UTC)


def start() -> None:
    """Load the settings and rooms; every command that needs them calls this first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridward.site.settings")
    import django

    django.setup()


def open_home() -> dict[str, object]:
    """Start, and make the home ready (an empty one is created and migrated)."""
    with refusing():
        try:
            start()
        except ValueError as error:
            say(str(error))
            raise typer.Exit(REFUSED) from error
        from gridward.site.home import open_home as prepare

        return prepare(now=clock())
