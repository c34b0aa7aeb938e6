"""init, migrate, serve, demo, tick, doctor, check."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import Any

import typer

from gridward.site.cli.opening import clock, open_home, start
from gridward.site.cli.out import PROBLEMS, Json, refusing, say, show


def register(app: typer.Typer) -> None:
    for command in (init, migrate, serve, demo, tick, doctor, check):
        app.command(command.__name__)(command)


def init(json: Json = False) -> None:
    """Create (or open) the home folder and its database."""
    show(open_home(), as_json=json)


def migrate(json: Json = False) -> None:
    """Bring the database to this version."""
    show(open_home(), as_json=json)


def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on."),
    port: int = typer.Option(8000, help="Port; 0 takes a free one."),
    workers: int = typer.Option(2, help="Web processes."),
    threads: int = typer.Option(4, help="Threads per web process."),
    tls_cert: Path = typer.Option(None, help="TLS certificate file."),
    tls_key: Path = typer.Option(None, help="TLS key file."),
    simulated_time: bool = typer.Option(False, help="Take X-Gridward-Now as the clock (tests only)."),
    json: Json = False,
) -> None:
    """Serve the platform: web, and due work in the background. SIGTERM ends it within 10 s."""
    open_home()
    from gridward.site.serve import Plan, supervise

    with refusing():
        plan = Plan(host, port, workers, threads, tls_cert, tls_key, simulated_time)
        raise typer.Exit(supervise(plan, on_ready=lambda facts: show(facts, as_json=json)))


def demo(
    size: str = typer.Option("district", help="small, district or city."),
    seed: int = typer.Option(1, help="The same seed gives the same district."),
    serve_it: bool = typer.Option(True, "--serve/--no-serve", help="Serve after loading."),
    port: int = typer.Option(8000, help="Port; 0 takes a free one."),
    json: Json = False,
) -> None:
    """Load a believable fictional district through the real actions, and serve it."""
    open_home()
    from gridward.site.demo import load_demo
    from gridward.site.serve import Plan, free_port, supervise

    with refusing():
        chosen = free_port("127.0.0.1", port)
        facts = load_demo(size=size, seed=seed, now=clock(), progress=say)
        facts["url"] = f"http://127.0.0.1:{chosen}/"
        if not serve_it:
            show(facts, as_json=json)
            return
        plan = Plan("127.0.0.1", chosen, 2, 4, None, None, False)
        raise typer.Exit(supervise(plan, on_ready=lambda _: _welcome(facts, json)))


def _welcome(facts: dict[str, Any], as_json: bool) -> None:
    """Print the address and the log-ins, and open the browser where there is a person (OPEN=0 does not)."""
    show(facts, as_json=as_json)
    if not as_json and os.environ.get("OPEN") != "0" and sys.stdout.isatty() and os.environ.get("DISPLAY"):
        webbrowser.open(facts["url"])


def tick(
    simulated_time: str = typer.Option("", help="Take this instant as now (tests only)."), json: Json = False
) -> None:
    """Do what is due: deliver facts, write the daily checkpoint."""
    open_home()
    from gridward.site.tick import run_tick, tick_instant

    with refusing():
        now = tick_instant(simulated_time, clock())
        show(run_tick(now=now), as_json=json)


def doctor(json: Json = False) -> None:
    """Look the installation over: guards, deliveries, keys, calendar, disk. Exit 1 when something is wrong."""
    start()
    open_home()
    from gridward.site.doctor import examine

    report = examine(now=clock())
    show(report, as_json=json)
    if not report["ok"]:
        raise typer.Exit(PROBLEMS)


def check(
    deploy: bool = typer.Option(False, "--deploy", help="Also refuse unsafe settings."), json: Json = False
) -> None:
    """Check the settings; with --deploy fail on what must not go into production."""
    open_home()
    from gridward.site.doctor import unsafe_settings

    found = unsafe_settings() if deploy else []
    show({"ok": not found, "problems": found}, as_json=json)
    if found:
        for sentence in found:
            say(sentence)
        raise typer.Exit(PROBLEMS)
