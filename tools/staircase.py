"""Write .importlinter from the staircase below and the rooms on disk.

    python -m tools.staircase            print what the file should be
    python -m tools.staircase --write    write it

import-linter refuses a protected module that does not exist, so the private furniture of each room is read
from disk. `make docs` writes the file; a house test compares it, so that a new `jobs.py` cannot stay open.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# From the top down; rooms of one step may not see each other.
STAIRCASE: tuple[tuple[str, ...], ...] = (
    ("site",),
    ("insight",),
    ("assess", "points"),
    ("duties",),
    ("cases",),
    ("ledger",),
    ("packs",),
    ("people",),
    ("grids",),
    ("logbook",),
    ("reading", "planning"),
    ("kernel",),
)
PURE = ("kernel", "reading", "planning")
PRIVATE = ("models", "handlers", "jobs", "api", "policy", "bulk")
# Who else may import a private file: `tick` and the table of facts are wired in one place only.
GUESTS = {
    "handlers": ("gridward.site.wiring",),
    "jobs": ("gridward.site.wiring",),
    "api": ("gridward.site.**",),
    "policy": ("gridward.people.**", "gridward.site.wiring"),
}
FRAMEWORKS = ("django", "ninja", "psycopg", "sqlite3")

HEAD = """\
# Written by `make docs` (tools/staircase.py); edit the staircase there. docs/explanation/house.md says why.
# A new room breaks the build until it has a step. Checked by `make check` and tests/house.

[importlinter]
root_package = gridward
include_external_packages = true
"""


def furnished_rooms() -> list[str]:
    """The rooms that have furniture: all but the pure ones and site, from the bottom up."""
    rooms = [room for step in reversed(STAIRCASE) for room in step]
    return [room for room in rooms if room not in PURE and room != "site"]


def is_module(package: Path, name: str) -> bool:
    return (package / f"{name}.py").is_file() or (package / name / "__init__.py").is_file()


def private_modules(source: Path, room: str) -> list[str]:
    """The private furniture that `room` has on disk, as module names below the room."""
    return [name for name in PRIVATE if is_module(source / room, name)]


def _listed(key: str, values: list[str] | tuple[str, ...]) -> str:
    return f"{key} =\n" + "".join(f"    {value}\n" for value in values)


def contract(ident: str, title: str, kind: str, *options: str) -> str:
    return f"\n[importlinter:contract:{ident}]\nname = {title}\ntype = {kind}\n" + "".join(options)


def _staircase() -> str:
    return contract(
        "staircase",
        "Staircase: a room imports only rooms below it",
        "layers",
        "containers = gridward\nexhaustive = true\n",
        _listed("layers", [" | ".join(step) for step in STAIRCASE]),
    )


def _without_framework(ident: str, title: str, sources: list[str]) -> str:
    return contract(
        ident,
        title,
        "forbidden",
        _listed("source_modules", sources),
        _listed("forbidden_modules", FRAMEWORKS),
    )


def _guests(source: Path, room: str, names: list[str]) -> list[str]:
    lines = []
    for name in names:
        for guest in GUESTS.get(name, ()):
            if guest.startswith(f"gridward.{room}."):
                continue
            lines.append(f"{guest} -> gridward.{room}.{name}")
            if (source / room / name).is_dir():
                lines.append(f"{guest} -> gridward.{room}.{name}.**")
    return lines


def _private(source: Path, room: str, names: list[str]) -> str:
    guests = _guests(source, room, names)
    return contract(
        f"private-{room}",
        f"Private: {room} keeps its furniture to itself",
        "protected",
        _listed("protected_modules", [f"gridward.{room}.{name}" for name in names]),
        _listed("allowed_importers", [f"gridward.{room}"]),
        _listed("ignore_imports", guests) + "unmatched_ignore_imports_alerting = none\n" if guests else "",
    )


def render(source: Path = ROOT / "src" / "gridward") -> str:
    """The whole text of .importlinter for the rooms below `source`."""
    plain = [f"gridward.*.{name}" for name in ("facts", "rules", "pack_schema")]
    busy = ("models", "policy", "queries", "actions", "handlers", "bulk", "jobs")
    parts = [
        HEAD,
        _staircase(),
        _without_framework(
            "pure",
            "Pure: kernel, reading and planning know no framework and no database",
            [f"gridward.{room}" for room in PURE],
        ),
        _without_framework("furniture", "Furniture: facts, rules and pack schemas are plain data", plain),
        contract(
            "doors",
            "Doors: HTTP is known to api and site alone",
            "forbidden",
            _listed("source_modules", [f"gridward.*.{name}" for name in busy]),
            _listed("forbidden_modules", ("ninja",)),
        ),
    ]
    for room in furnished_rooms():
        names = private_modules(source, room)
        if names:
            parts.append(_private(source, room, names))
    return "".join(parts)


def main(arguments: list[str]) -> int:
    if "--write" in arguments:
        (ROOT / ".importlinter").write_text(render(), encoding="utf-8")
    else:
        sys.stdout.write(render())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
