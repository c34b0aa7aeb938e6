"""import areas|cases|ledger|people, export, locate."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import Any

import typer

from gridward.site.cli.opening import clock, open_home
from gridward.site.cli.out import PROBLEMS, Json, language, progress_to_stderr, refusing, say, show

imports = typer.Typer(help="Bring files in: a preview unless --commit is given.", no_args_is_help=True)
exports = typer.Typer(help="Write files out.", no_args_is_help=True)
FILE = typer.Argument(..., exists=True, dir_okay=False, help="File to read.")
COMMIT = typer.Option(False, "--commit", help="Write; without it nothing is changed.")


def register(app: typer.Typer) -> None:
    app.add_typer(imports, name="import")
    app.add_typer(exports, name="export")
    # A western longitude begins with a minus sign: it must not be read as an option.
    app.command("locate", context_settings={"ignore_unknown_options": True})(locate)


@imports.command("areas")
def areas(
    file: Path = FILE,
    scheme: str = typer.Option(..., help="Scheme code; created when absent."),
    level: str = typer.Option(..., help="Level code; created when absent."),
    parent_level: str = typer.Option("", help="Level of the parents."),
    parent_code_prefix: int = typer.Option(0, help="The first N characters of a code are the parent's code."),
    parent_by: str = typer.Option("", help="geometry: the parent that holds the largest share."),
    code_field: str = typer.Option(..., help="Property with the code."),
    code_format: str = typer.Option("", help="Format of the code, e.g. 02d."),
    name_field: str = typer.Option("", help="Property with the name; default the code."),
    valid_from: str = typer.Option("", help="First day in force (default: today)."),
    crs: str = typer.Option("wgs84", help="wgs84, gcj02 or bd09."),
    repair: bool = typer.Option(False, "--repair", help="Repair self-crossing areas and unequal borders."),
    accept_slivers: float = typer.Option(
        0.0, help="Accept gaps and overlaps up to so many m²; they are listed."
    ),
    commit: bool = COMMIT,
    json: Json = False,
) -> None:
    """Import the areas of one level from GeoJSON (.geojson, .geojson.gz)."""
    open_home()
    from gridward.grids import actions
    from gridward.kernel.actor import SYSTEM
    from gridward.kernel.clock import parse_instant

    with refusing():
        first = parse_instant(valid_from, "UTC").date() if valid_from else clock().date()
        report = actions.import_areas(
            source=file,
            scheme=scheme,
            level=level,
            parent_level=parent_level or None,
            parent_code_prefix=parent_code_prefix or None,
            parent_by=parent_by or None,
            code_field=code_field,
            code_format=code_format or None,
            name_field=name_field or None,
            valid_from=first,
            crs=crs,
            repair=repair,
            accept_slivers_m2=accept_slivers or None,
            language=language(),
            commit=commit,
            actor=SYSTEM,
            now=clock(),
        )
    for sentence in report.get("problems", []):
        say(str(sentence))
    _deliver()
    show(report, as_json=json)
    if report.get("problems"):
        raise typer.Exit(PROBLEMS)


def _deliver() -> None:
    from gridward.logbook.actions.deliver import drain

    drain(now=clock())


def _open(file: Path, options: Any) -> Any:
    from gridward.kernel.tables import Limits, open_table

    return open_table(file, file.name, options, limits=Limits.cli())


def _mapping(file: Path) -> Any:
    from gridward.kernel.tables.mapping import read_mapping

    return read_mapping(file.read_text(encoding="utf-8"), name=file.name)


def _rejects(file: Path) -> Path:
    from django.conf import settings

    name = file.name.split(".")[0]
    suffix = ".xlsx" if file.suffix in (".xlsx", ".xls", ".xlsm") else ".csv"
    return settings.HOME / "rejects" / f"{name}-{clock():%Y%m%d%H%M%S}-{secrets.token_hex(3)}{suffix}"


def _timezone() -> str:
    from gridward.logbook.queries import settings

    return settings().get("timezone", "Asia/Shanghai")


@imports.command("cases")
def cases(
    file: Path = FILE,
    mapping: Path = typer.Option(..., exists=True, dir_okay=False, help="Import mapping (YAML, version 1)."),
    commit: bool = COMMIT,
    json: Json = False,
) -> None:
    """Import the cases of another system, each with its journal; repeats change nothing."""
    open_home()
    from gridward.cases.actions.adopt import import_cases
    from gridward.kernel.actor import SYSTEM

    with refusing():
        wanted = _mapping(mapping)
        report = import_cases(
            table=_open(file, wanted.file),
            mapping=wanted,
            timezone=_timezone(),
            commit=commit,
            rejects=_rejects(file),
            actor=SYSTEM,
            now=clock(),
            progress=progress_to_stderr("cases"),
        )
    show(report, as_json=json)
    if report["rejected"]:
        raise typer.Exit(PROBLEMS)


@imports.command("ledger")
def ledger(
    file: Path = FILE,
    ledger: str = typer.Option(..., help="Ledger code."),
    mapping: Path = typer.Option(None, exists=True, dir_okay=False, help="Import mapping (YAML, version 1)."),
    commit: bool = COMMIT,
    json: Json = False,
) -> None:
    """Import subjects into a ledger; re-import of an own export doubles nothing."""
    open_home()
    from gridward.kernel.actor import SYSTEM
    from gridward.kernel.tables import FileOptions
    from gridward.ledger.actions import import_ledger

    with refusing():
        wanted = _mapping(mapping) if mapping else None
        report = import_ledger(
            table=_open(file, wanted.file if wanted else FileOptions()),
            ledger=ledger,
            mapping=wanted,
            timezone=_timezone(),
            commit=commit,
            rejects=_rejects(file),
            actor=SYSTEM,
            now=clock(),
            progress=progress_to_stderr("subjects"),
        )
    show(report, as_json=json)
    if report["rejected"]:
        raise typer.Exit(PROBLEMS)


@imports.command("people")
def people(file: Path = FILE, commit: bool = COMMIT, json: Json = False) -> None:
    """Import persons, units and postings from a table."""
    open_home()
    from gridward.kernel.actor import SYSTEM
    from gridward.kernel.tables import FileOptions
    from gridward.people.actions import import_people

    with refusing():
        report = import_people(
            table=_open(file, FileOptions()), commit=commit, rejects=_rejects(file), actor=SYSTEM, now=clock()
        )
    show(report, as_json=json)
    if report["rejected"]:
        raise typer.Exit(PROBLEMS)


@exports.command("areas")
def export_areas(
    file: Path = typer.Argument(..., help="GeoJSON file to write."),
    scheme: str = typer.Option(..., help="Scheme code."),
    level: str = typer.Option(..., help="Level code."),
    at: str = typer.Option("", help="Day, YYYY-MM-DD (default: today)."),
    json: Json = False,
) -> None:
    """Export the areas of one level as GeoJSON, as precise as they are stored; it can be imported again."""
    open_home()
    from gridward.grids import queries as grids

    with refusing():
        day = date.fromisoformat(at) if at else clock().date()
        data = grids.areas_geojson(scheme, grids.level_rank(scheme, level), on=day, simplified=False)
        file.write_bytes(data)
    show({"file": str(file), "bytes": len(data)}, as_json=json)


@exports.command("ledger")
def export_ledger(
    file: Path = typer.Argument(..., help="Workbook or csv to write."),
    ledger: str = typer.Option(..., help="Ledger code."),
    json: Json = False,
) -> None:
    """Export a ledger as a table that can be imported again."""
    open_home()
    from gridward.ledger.actions import export_ledger as export
    from gridward.site.accounts import shell_actor

    with refusing():
        show(export(ledger=ledger, path=file, actor=shell_actor(), now=clock()), as_json=json)


def locate(
    lon: float = typer.Argument(None, help="Longitude, degrees."),
    lat: float = typer.Argument(None, help="Latitude, degrees."),
    file: Path = typer.Option(None, exists=True, dir_okay=False, help="A csv with many points."),
    lon_field: str = typer.Option("lon", help="Column of longitudes."),
    lat_field: str = typer.Option("lat", help="Column of latitudes."),
    scheme: str = typer.Option("", help="Scheme code (default: the jurisdiction's)."),
    level: str = typer.Option("", help="Level code (default: the lowest)."),
    at: str = typer.Option("", help="Day, YYYY-MM-DD (default: today)."),
    out: Path = typer.Option(None, help="Where to write the csv with area_code."),
    json: Json = False,
) -> None:
    """Find the area of a point, or add area_code to a csv. A point in two areas goes to the lower code."""
    open_home()
    from gridward.grids import queries as grids
    from gridward.logbook.queries import stamps

    with refusing():
        day = date.fromisoformat(at) if at else clock().date()
        stamp = stamps().get("grids", 0)
        name = scheme or grids.default_scheme(stamp) or ""
        rank = grids.level_rank(name, level) if level else None
        if file is not None:
            report = grids.locate_file(
                source=file, lon_field=lon_field, lat_field=lat_field, scheme=name, rank=rank, on=day, out=out
            )
            show(report, as_json=json)
            return
        if lon is None or lat is None:
            say("Give LON LAT or --file.")
            raise typer.Exit(2)
        found = grids.locator(name, on=day, rank=rank, stamp=stamp).locate(lon, lat)
        show(
            {"area_code": found.code if found else None, "name": found.name if found else None}, as_json=json
        )
