"""case-list: pages of the desk list at a million cases against the same page at ten thousand."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gridward.cases.queries.lists import CaseFilter, case_page
from gridward.logbook import queries as logbook
from gridward.site.accounts import shell_actor
from gridward.site.bench import result
from gridward.site.bench.sample import CATEGORIES, import_file, load_territory, write_parquet

SMALL = 10_000
REPEATS = 40


def run(rows: int) -> list[dict[str, Any]]:
    """One result per offered filter and position: p95 in ms, ratio to the small list, statements."""
    load_territory(40)
    with tempfile.TemporaryDirectory() as folder:
        write_parquet(Path(folder) / "small.parquet", SMALL, seed=1)
        import_file(Path(folder) / "small.parquet")
        small = _measure()
        file = Path(folder) / "large.parquet"
        write_parquet(file, rows, seed=2)
        import_file(file)
    large = _measure()
    return [_judged(name, found, small[name]) for name, found in large.items()]


Measured = tuple[float, float, int]  # p95 of wall ms, p95 of CPU ms of this process, statements


def _judged(name: str, found: Measured, small: Measured) -> dict[str, Any]:
    """SQLite works in this process, so its CPU time says what a page costs on a shared machine; else the wall."""
    which = 1 if connection.vendor == "sqlite" else 0
    value, before = found[which], small[which]
    return result(
        f"{name} ({found[2]} statements, wall {found[0]:.1f} ms)",
        value,
        "ms CPU p95" if which else "ms p95",
        baseline=before,
        budget="<= 20 ms, <= 3 x at 10,000 cases, <= 6 statements",
        ok=value <= 20 and value <= 3 * max(before, 2.0) and found[2] <= 6,
    )


def _filters() -> dict[str, dict[str, Any]]:
    now = datetime.now(UTC)
    return {
        "open": {},
        "stage": {"stage": "assigned"},
        "category": {"category": CATEGORIES[3]},
        "unit": {"unit": "unit03"},
        "street": {"area": "0111"},
        "street and stage": {"area": "0111", "stage": "assigned"},
        "street and category": {"area": "0111", "category": CATEGORIES[3]},
        "late": {"due_before": now},
        "newest": {"order": "-created"},
        "inbox": {"inbox": True},
        "unit and stage": {"unit": "unit03", "stage": "assigned"},
        "category and stage": {"category": CATEGORIES[3], "stage": "assigned"},
        "unit and category": {"unit": "unit03", "category": CATEGORIES[3]},
        "late in a street": {"area": "0111", "due_before": now},
        "newest in a stage": {"stage": "assigned", "order": "-created"},
        "newest in a category": {"category": CATEGORIES[3], "order": "-created"},
        "newest of a unit": {"unit": "unit03", "order": "-created"},
        "newest in a street": {"area": "0111", "order": "-created"},
        "closed of a unit": {"open": False, "unit": "unit03", "closed_to": datetime(2026, 6, 1, tzinfo=UTC)},
        "closed of a category": {
            "open": False,
            "category": CATEGORIES[3],
            "closed_to": datetime(2026, 6, 1, tzinfo=UTC),
        },
        "closed": {"open": False, "closed_to": datetime(2026, 6, 1, tzinfo=UTC)},
        "closed in a street": {"open": False, "area": "0111", "closed_to": datetime(2026, 6, 1, tzinfo=UTC)},
    }


def _measure() -> dict[str, Measured]:
    actor, stamps, now = shell_actor(), logbook.stamps(), datetime.now(UTC)
    found: dict[str, Measured] = {}
    for name, values in _filters().items():
        first = case_page(CaseFilter(**values), actor=actor, now=now, stamps=stamps, with_total=True)
        pages = {"first": "", "next": first["next"] or "", "last": "last"}
        for place, after in pages.items():
            f = CaseFilter(**values, after=after)
            with CaptureQueriesContext(connection) as captured:
                case_page(f, actor=actor, now=now, stamps=stamps, with_total=True)
            walls, cpus = [], []
            for _ in range(REPEATS):
                wall, cpu = time.perf_counter(), time.process_time()
                case_page(f, actor=actor, now=now, stamps=stamps, with_total=True)
                walls.append((time.perf_counter() - wall) * 1000)
                cpus.append((time.process_time() - cpu) * 1000)
            at = REPEATS * 95 // 100 - 1
            found[f"{name}, {place}"] = (sorted(walls)[at], sorted(cpus)[at], len(captured))
    return found
