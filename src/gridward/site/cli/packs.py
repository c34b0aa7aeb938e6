"""pack check|test|coverage|install|diff|schema|list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from gridward.site.cli.opening import clock, open_home, start
from gridward.site.cli.out import PROBLEMS, Json, refusing, say, show

packs = typer.Typer(help="Programmes as data.", no_args_is_help=True)
FOLDER = typer.Argument(..., help="Folder of the pack.")


def register(app: typer.Typer) -> None:
    app.add_typer(packs, name="pack")


@packs.command("check")
def check(path: Path = FOLDER, json: Json = False) -> None:
    """Check everything in one run; exit 1 with one teaching error per mistake."""
    start()
    from gridward.site.packing import check as check_folder

    with refusing():
        report = check_folder(path)
    for e in report["errors"]:
        say(f"{e['file']}:{e['line']} {e['code']} {e['found']} | {e['allowed']} | {e['sample']}")
    show(report if json else {"ok": report["ok"], "errors": len(report["errors"])}, as_json=json)
    if not report["ok"]:
        raise typer.Exit(PROBLEMS)


@packs.command("test")
def test(path: Path = FOLDER, json: Json = False) -> None:
    """Run the golden stories of a pack (stories/*.yaml: a category, facts, the expected row and limits)."""
    start()
    from gridward.site.packing import check as check_folder
    from gridward.site.stories import run_stories

    with refusing():
        report = check_folder(path)
        outcome = run_stories(path) if report["ok"] else _unsound(report["errors"])
    for f in outcome["failures"]:
        say(f"{f['file']}:{f['line']} {f['story']}: {f['found']} | {f['expected']}")
    show(outcome, as_json=json)
    if not outcome["ok"]:
        raise typer.Exit(PROBLEMS)


def _unsound(errors: list[dict[str, Any]]) -> dict[str, Any]:
    """A pack with mistakes tells no story: each mistake in the form of a failure."""
    failures = [
        {
            "story": e["code"],
            "file": e["file"],
            "line": e["line"],
            "found": e["found"],
            "expected": e["allowed"],
        }
        for e in errors
    ]
    return {"ok": False, "stories": 0, "failures": failures}


@packs.command("coverage")
def coverage(path: Path = FOLDER, json: Json = False) -> None:
    """Per section: items, with source, with both languages, with a story."""
    start()
    from gridward.site.packing import cover

    with refusing():
        show(cover(path), as_json=json)


@packs.command("install")
def install(path: Path = FOLDER, json: Json = False) -> None:
    """Publish a version into this jurisdiction."""
    open_home()
    from gridward.kernel.actor import SYSTEM
    from gridward.site.packing import install as install_folder

    with refusing():
        show(install_folder(path, actor=SYSTEM, now=clock()), as_json=json)


@packs.command("diff")
def diff(path: Path = FOLDER, json: Json = False) -> None:
    """What a folder changes against the version that is installed."""
    open_home()
    from gridward.packs.queries import document
    from gridward.site.packing import changes, document_of

    with refusing():
        found = changes(path, document(str(document_of(path)["pack"]["id"])))
    show({"changes": found}, as_json=json)


@packs.command("schema")
def schema(
    path: Path = typer.Argument(None, help="Folder to write <section>.schema.json into."), json: Json = False
) -> None:
    """The JSON Schemas of all sections, for editors."""
    start()
    import json as text

    from gridward.packs.rules import schemas
    from gridward.site.packing import PARTS

    found = schemas(PARTS)
    if path is not None:
        path.mkdir(parents=True, exist_ok=True)
        for name, body in found.items():
            (path / f"{name}.schema.json").write_text(
                text.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
    show(found if json else {"sections": ", ".join(found)}, as_json=json)


@packs.command("list")
def list_packs(json: Json = False) -> None:
    """What is installed."""
    open_home()
    from gridward.packs.queries import installed

    show({"packs": installed()}, as_json=json)
