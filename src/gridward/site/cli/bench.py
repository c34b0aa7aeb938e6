"""bench NAME: figures with baselines in the same run, in a scratch home."""

from __future__ import annotations

import typer

from gridward.site.cli.opening import open_home
from gridward.site.cli.out import PROBLEMS, REFUSED, Json, say, show


def register(app: typer.Typer) -> None:
    app.command("bench")(bench)


def bench(
    name: str = typer.Argument(..., help="locate, clocks, journals, import, case-list or create-case."),
    rows: int = typer.Option(0, help="How many rows (0: the budget's number)."),
    json: Json = False,
) -> None:
    """Run a benchmark in a scratch home and database. Exit 1 when a budget is missed."""
    from gridward.site.bench import DEFAULT_ROWS, NAMES, find
    from gridward.site.bench.scratch import scratch

    if name not in NAMES:
        say(f"There is no benchmark {name}; there are: {', '.join(NAMES)}.")
        raise typer.Exit(REFUSED)
    count = rows or DEFAULT_ROWS[name]
    with scratch():
        facts = open_home()
        results = find(name)(count)
    show({"bench": name, "database": facts["database"], "rows": count, "results": results}, as_json=json)
    if not all(r["ok"] in (True, None) for r in results):
        raise typer.Exit(PROBLEMS)
