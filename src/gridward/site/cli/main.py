"""The root command; subcommands open the home before they touch the database."""

from __future__ import annotations

import sys

import typer

from gridward import __version__
from gridward.site.cli import accounts, bench, data, packs, run, tls, trust

app = typer.Typer(
    name="gridward",
    help="Gridward 网格通: grid-based management on one machine or many.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"gridward {__version__}\n")
        raise typer.Exit()


@app.callback()
def root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True)) -> None:
    """Gridward 网格通."""


def main() -> None:
    """Entry point of `gridward`."""
    for part in (run, data, accounts, packs, trust, tls, bench):
        part.register(app)
    app()
