"""import: cases from a parquet file with journal and locate; rows per second and peak memory of the process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import connection

from gridward.site.bench import result
from gridward.site.bench.sample import load_territory, write_parquet

CHILD = """
import json, resource, sys, time
from pathlib import Path
from gridward.site.cli.opening import start
start()
from gridward.site.bench.sample import import_file
begin = time.perf_counter()
report = import_file(Path(sys.argv[1]))
seconds = time.perf_counter() - begin
print(json.dumps({"seconds": seconds, "rows": report["imported"],
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def run(rows: int) -> list[dict[str, Any]]:
    """The import runs in a process of its own, so that its peak memory is its own."""
    load_territory(40)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.parquet"
        write_parquet(file, rows)
        floor = _floor(min(rows, 100_000))
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(file)], capture_output=True, text=True, check=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    speed = found["rows"] / found["seconds"]
    return [
        result(
            "import with journal and locate",
            speed,
            "rows/s",
            baseline=floor,
            budget=">= 5,000 rows/s on SQLite",
            ok=speed >= 5000,
        ),
        result(
            "peak memory of the import",
            found["mb"],
            "MB",
            budget="<= 400 MB for 1 million rows",
            ok=found["mb"] <= 400,
        ),
    ]


def _floor(rows: int) -> float:
    """The bare database: the same number of three-column rows, in transactions of 2,000."""
    from django.db import transaction

    from gridward.logbook.actions import insert_rows

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id integer PRIMARY KEY, a text, b text)")
    begin = time.perf_counter()
    for first in range(0, rows, 2000):
        with transaction.atomic():
            insert_rows(
                "bench_floor", "id, a, b", [(n, f"key{n}", "x" * 200) for n in range(first, first + 2000)]
            )
    seconds = time.perf_counter() - begin
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_floor")
    return rows / seconds
