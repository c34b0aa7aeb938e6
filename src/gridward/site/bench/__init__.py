"""Benchmarks: figures with a baseline from the same run, printed as JSON; never tests with a stopwatch.

`gridward bench NAME` works in a scratch home (and, with DATABASE_URL, in a scratch database that it drops again).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

NAMES = {
    "locate": "places",
    "clocks": "clocks",
    "journals": "journals",
    "import": "imports",
    "case-list": "lists",
    "create-case": "requests",
}
Run = Callable[[int], list[dict[str, Any]]]
DEFAULT_ROWS = {
    "locate": 1_000_000,
    "clocks": 1_000_000,
    "journals": 60_000,
    "import": 1_000_000,
    "case-list": 1_000_000,
    "create-case": 1_500,
}


def find(name: str) -> Run:
    """The function that runs a benchmark: rows -> results."""
    run: Run = import_module(f"gridward.site.bench.{NAMES[name]}").run
    return run


def result(
    name: str,
    value: float,
    unit: str,
    *,
    baseline: float | None = None,
    budget: str = "",
    ok: bool | None = None,
) -> dict[str, Any]:
    """One figure; ratio is value / baseline."""
    return {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "baseline": round(baseline, 4) if baseline is not None else None,
        "ratio": round(value / baseline, 4) if baseline else None,
        "budget": budget,
        "ok": ok,
    }
