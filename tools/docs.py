"""Write the pages of docs/reference that say what the code says, and .importlinter.

    python -m tools.docs --write     write every page that changed
    python -m tools.docs --check     fail when a page is not what the code says

A page is left out while its source does not exist. Every other page of docs/ is written by hand.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from pathlib import Path

from tools import packpage, pages, staircase

ROOT = Path(__file__).resolve().parent.parent

GENERATED: dict[str, Callable[[], str]] = {
    ".importlinter": staircase.render,
    "docs/reference/permissions.md": pages.permissions,
    "docs/reference/facts.md": pages.facts,
    "docs/reference/errors.md": pages.errors,
    "docs/reference/commands.md": pages.commands,
    "docs/reference/http.md": pages.http,
    "docs/reference/packs.md": packpage.packs,
}


def stale(root: Path = ROOT) -> dict[str, str]:
    """Path → what the page should say, for every page that says something else."""
    wanted = {name: write() for name, write in GENERATED.items()}
    return {name: text for name, text in wanted.items() if text != _read(root / name)}


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def difference(name: str, wanted: str) -> str:
    lines = difflib.unified_diff(
        _read(ROOT / name).splitlines(), wanted.splitlines(), name, "the code", lineterm="", n=0
    )
    return "\n".join(list(lines)[:20])


def main(arguments: list[str]) -> int:
    found = stale()
    for name, text in found.items():
        if "--write" in arguments:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(text, encoding="utf-8")
            print(f"written: {name}")
        else:
            print(f"{name} is not what the code says; run `make docs`\n{difference(name, text)}")
    return 1 if found and "--write" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
