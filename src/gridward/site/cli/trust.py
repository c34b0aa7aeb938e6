"""verify journals|facts|coverage, backup, restore, keys destroy."""

from __future__ import annotations

from pathlib import Path

import typer

from gridward.site.cli.opening import clock, open_home, start
from gridward.site.cli.out import PROBLEMS, Json, refusing, show

verify = typer.Typer(help="Prove that what is stored is what happened.", no_args_is_help=True)
keys = typer.Typer(help="Keys of sealed values.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(verify, name="verify")
    app.add_typer(keys, name="keys")
    app.command("backup")(backup)
    app.command("restore")(restore)


@verify.command("journals")
def journals(json: Json = False) -> None:
    """Walk all hash chains, heads, checkpoints and folds. Exit 1 when a problem is found."""
    open_home()
    from django.conf import settings

    from gridward.site.verify import verify_journals

    report = verify_journals(home=settings.HOME)
    show(report, as_json=json)
    if not report["ok"]:
        raise typer.Exit(PROBLEMS)


@verify.command("facts")
def facts(json: Json = False) -> None:
    """Facts not yet delivered and handlers that fail; work table against case rows. Exit 1 on differences."""
    open_home()
    from gridward.cases.queries.verify import work_differences
    from gridward.logbook.queries import deliveries_waiting

    waiting, work = deliveries_waiting(), work_differences()
    ok = not waiting["failing"] and not any(work.values())
    show({"ok": ok, **waiting, "work": work}, as_json=json)
    if not ok:
        raise typer.Exit(PROBLEMS)


@verify.command("coverage")
def coverage(json: Json = False) -> None:
    """Coverage of every division in force. Exit 1 when one has gaps or overlaps beyond its tolerance."""
    open_home()
    from gridward.grids.queries import coverage_report

    report = coverage_report(on=clock().date())
    show(report, as_json=json)
    if not report["ok"]:
        raise typer.Exit(PROBLEMS)


@keys.command("destroy")
def destroy(
    owner: str = typer.Argument(..., help="Stream whose sealed values go, e.g. case/<id> or subject/<id>."),
    reason: str = typer.Option(..., help="Why (journaled)."),
    json: Json = False,
) -> None:
    """Destroy the key of a stream's sealed values: they are gone everywhere, the chain stays valid."""
    open_home()
    from gridward.kernel.actor import SYSTEM
    from gridward.logbook.actions.keys import destroy_key

    with refusing():
        count = destroy_key(owner=owner, reason=reason, actor=SYSTEM, now=clock())
    show({"owner": owner, "destroyed": count}, as_json=json)


def backup(file: Path = typer.Argument(..., help="Archive to write."), json: Json = False) -> None:
    """Write a consistent backup of database, blobs, keys and checkpoints, while running."""
    open_home()
    from gridward.site.backup import write_backup

    with refusing():
        show(write_backup(file, now=clock()), as_json=json)


def restore(file: Path = typer.Argument(..., help="Archive to read."), json: Json = False) -> None:
    """Restore a backup into an empty home and empty database, then verify it."""
    start()
    from gridward.site.backup import read_backup

    with refusing():
        report = read_backup(file, now=clock())
    show(report, as_json=json)
    if not report["ok"]:
        raise typer.Exit(PROBLEMS)
