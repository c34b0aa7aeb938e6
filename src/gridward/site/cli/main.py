"""The root command; subcommands open the home before they touch the database."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import typer

from gridward import __version__
from gridward.site.cli.out import REFUSED, refusing, say

app = typer.Typer(
    name="gridward",
    help="Gridward 网格通: grid-based management on one machine or many.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"gridward {__version__}\n")
        raise typer.Exit()


@app.callback()
def root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True)) -> None:
    """Gridward 网格通."""


def main() -> None:
    """Entry point of `gridward`."""
    from gridward.site.cli import accounts, bench, data, packs, run, tls, trust

    for part in (run, data, accounts, packs, trust, tls, bench):
        part.register(app)
    app()
