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
REPEATS = 15


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
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    large = _measure()
    return [
        result(
            f"{name} ({large[name][1]} statements)",
            value,
            "ms p95",
            baseline=small[name][0],
            budget="<= 20 ms, <= 3 x at 10,000 cases, <= 6 statements",
            ok=value <= 20 and value <= 3 * max(small[name][0], 2.0) and large[name][1] <= 6,
        )
        for name, (value, _) in large.items()
    ]


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
        "closed": {"open": False, "closed_to": datetime(2026, 6, 1, tzinfo=UTC)},
        "closed in a street": {"open": False, "area": "0111", "closed_to": datetime(2026, 6, 1, tzinfo=UTC)},
    }


def _measure() -> dict[str, tuple[float, int]]:
    actor, stamps, now = shell_actor(), logbook.stamps(), datetime.now(UTC)
    found: dict[str, tuple[float, int]] = {}
    for name, values in _filters().items():
        first = case_page(CaseFilter(**values), actor=actor, now=now, stamps=stamps, with_total=True)
        pages = {"first": "", "next": first["next"] or "", "last": "last"}
        for place, after in pages.items():
            f = CaseFilter(**values, after=after)
            with CaptureQueriesContext(connection) as captured:
                case_page(f, actor=actor, now=now, stamps=stamps, with_total=True)
            times = []
            for _ in range(REPEATS):
                begin = time.perf_counter()
                case_page(f, actor=actor, now=now, stamps=stamps, with_total=True)
                times.append((time.perf_counter() - begin) * 1000)
            found[f"{name}, {place}"] = (sorted(times)[int(REPEATS * 0.95)], len(captured))
    return found
