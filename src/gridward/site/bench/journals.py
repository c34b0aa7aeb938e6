"""journals: chain verification and full verification of stored journals; CPU time of this process."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from gridward.logbook import queries as logbook
from gridward.logbook.rules import Entry, chain_hash, check_links
from gridward.site.bench import result
from gridward.site.bench.sample import import_file, load_territory, write_parquet
from gridward.site.verify import verify_journals


def run(rows: int) -> list[dict[str, Any]]:
    """Results: entries per second of the chain in memory, and of the whole verification against the database."""
    load_territory(16)
    with tempfile.TemporaryDirectory() as folder:
        write_parquet(Path(folder) / "cases.parquet", rows)
        import_file(Path(folder) / "cases.parquet")
    walked = list(logbook.streams())
    entries: list[Entry] = [e for _, found, _ in walked for e in found]
    begin = time.process_time()
    for e in entries:
        chain_hash(e.prev_hash, e.body)
    bare = len(entries) / (time.process_time() - begin)
    begin = time.process_time()
    for stream, found, head in walked:
        for problem in check_links(stream, found, head):
            raise AssertionError(problem)
    chain = len(entries) / (time.process_time() - begin)
    begin = time.process_time()
    report = verify_journals(home=settings.HOME)
    full = report["entries"] / (time.process_time() - begin)
    return [
        result(
            "chain",
            chain,
            "entries/s",
            baseline=bare,
            budget=">= 100,000/s",
            ok=chain >= 100_000 and report["ok"],
        ),
        result(
            "full: chain, columns, fold, clocks",
            full,
            "entries/s",
            baseline=bare,
            budget=">= 20,000/s",
            ok=full >= 20_000,
        ),
    ]
