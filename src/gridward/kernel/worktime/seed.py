"""Write `statutory.json` from the chinese-calendar package.

    python -m gridward.kernel.worktime.seed [--check]

Run it after the package has learned a new year (the State Council announces one in the autumn before), review
the difference, commit it. The version names the years and the package, so calendars made from an older table
stay told apart. `--check` writes nothing and exits 1 when the shipped table differs. The only importer
of `chinese_calendar`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chinese_calendar import constants

TABLE = Path(__file__).with_name("statutory.json")


def build_table() -> dict[str, Any]:
    """The table: per year the rest days and the make-up work days as `MM-DD`, sorted."""
    rest, work = frozenset(constants.holidays), frozenset(constants.workdays)
    first, last = min(rest).year, max(rest).year
    package = version("chinese-calendar")
    return {
        "version": f"cn-statutory-{first}-{last}+chinese-calendar-{package}",
        "years": {
            str(year): {"rest_days": _of_year(rest, year), "work_days": _of_year(work, year)}
            for year in range(first, last + 1)
        },
    }


def _of_year(days: Iterable[date], year: int) -> list[str]:
    return sorted(f"{day:%m-%d}" for day in days if day.year == year)


def as_text(table: dict[str, Any]) -> str:
    """The file's text: one line a year, so that a new year is a difference of one line."""
    years = ",\n".join(f"  {json.dumps(year)}: {json.dumps(days)}" for year, days in table["years"].items())
    return f'{{\n "version": {json.dumps(table["version"])},\n "years": {{\n{years}\n }}\n}}\n'


def main(arguments: list[str], table: Path = TABLE) -> int:
    """Write the table, or compare it (`--check`); the exit code."""
    text = as_text(build_table())
    if arguments == ["--check"]:
        return 0 if table.read_text(encoding="utf-8") == text else 1
    table.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
