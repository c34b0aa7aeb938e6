"""tls self-signed: a certificate for trying phones in an office network; production uses a real one."""

from __future__ import annotations

from pathlib import Path

import typer

from gridward.site.cli.opening import clock, open_home
from gridward.site.cli.out import Json, refusing, show

tls = typer.Typer(help="Certificates.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(tls, name="tls")


@tls.callback()
def root() -> None:
    """Certificates."""


@tls.command("self-signed")
def self_signed(
    host: list[str] = typer.Option(..., help="Address or name that phones will type; may be repeated."),
    out: Path = typer.Option(None, help="Folder for tls.crt and tls.key (default: the home's keys/)."),
    days: int = typer.Option(397, min=1, max=825, help="How long it is valid."),
    json: Json = False,
) -> None:
    """Write a self-signed certificate and its key, with the fingerprint that people compare before trusting it."""
    open_home()
    from django.conf import settings

    from gridward.site.certificates import write_self_signed

    with refusing():
        folder = out or settings.HOME / "keys"
        show(write_self_signed(host, folder, days=days, now=clock()), as_json=json)
