"""One import: read all lines twice (which row of a key is the last good one; then write), in slices.

Counting: every row of the file is created, updated, unchanged or rejected. Of several rows with one key the last
good one counts as created or updated, the earlier ones as unchanged: they say nothing that stands.
A subject's id is made from (ledger, key), its number follows the order of the file, and a slice is one
transaction: an import killed anywhere and run again ends as one run would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from gridward.kernel.actor import Actor
from gridward.kernel.clock import local_date
from gridward.kernel.tables import Table, write_rejects
from gridward.kernel.tables.mapping import Columns, ImportMapping, wanted_columns
from gridward.ledger import models
from gridward.ledger.actions.define import define_ledger
from gridward.ledger.actions.homes import Homes
from gridward.ledger.actions.importing.reading import Line, MappedReader, OwnReader, Reader
from gridward.ledger.actions.importing.slices import SliceWriter
from gridward.ledger.queries.definitions import definition as find_definition
from gridward.ledger.rules import Definition
from gridward.ledger.rules.guessing import Guess, extend, guess_definition, mapped_columns
from gridward.people import queries as people

SLICE_ROWS = 2000
Progress = Callable[[int], None]


@dataclass
class Counts:
    """What one import found."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    rejected: list[tuple[int, Any]] = field(default_factory=list)


def import_ledger(
    *,
    table: Table,
    ledger: str,
    mapping: ImportMapping | None,
    timezone: str,
    commit: bool,
    rejects: Path | None,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Import all rows of `table` into a ledger; without `commit` nothing is written.

    With a mapping a ledger that is absent is made (local, types guessed from the values); without one the file is
    an own export or template. Returns {"rows", "created", "updated", "unchanged", "rejected", "rejects_file"}.
    """
    people.require(actor, "ledger:subject:import")
    of = _definition(table, ledger, mapping, commit=commit, actor=actor, now=now)
    reader = MappedReader(table, mapping, of, timezone) if mapping else OwnReader(table, of, timezone)
    last = _last_rows(reader)
    counts = Counts()
    homes = Homes(of, local_date(now, reader.timezone))
    writer = SliceWriter(of, homes, mapping.source if mapping else "import", actor, now, commit=commit)
    for lines in _slices(reader):
        _slice(lines, last, writer, counts, commit=commit)
        if progress:
            progress(counts.rows)
    return _report(table, counts, rejects)


def _slices(reader: Reader) -> Iterator[list[Line]]:
    for first_row, columns in reader.table.batches(SLICE_ROWS):
        yield list(reader.lines(first_row, columns))


def _last_rows(reader: Reader) -> dict[int, int]:
    """Key (hashed) → the last row that is good."""
    return {hash(line.identity): line.row for lines in _slices(reader) for line in lines if not line.problems}


def _slice(
    lines: list[Line], last: dict[int, int], writer: SliceWriter, counts: Counts, *, commit: bool
) -> None:
    counts.rows += len(lines)
    good = [line for line in lines if not line.problems and last[hash(line.identity)] == line.row]
    if commit:
        with transaction.atomic():
            created, updated = writer.write(good)
    else:
        created, updated = writer.write(good)
    counts.created += created
    counts.updated += updated
    counts.rejected += [(line.row, line.problems) for line in lines if line.problems]


def _report(table: Table, counts: Counts, rejects: Path | None) -> dict[str, Any]:
    bad = sorted([*counts.rejected, *((r.number, r.problems) for r in table.rejected)], key=lambda r: r[0])
    rows = counts.rows + len(table.rejected)
    return {
        "rows": rows,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": rows - counts.created - counts.updated - len(bad),
        "rejected": len(bad),
        "rejects_file": str(write_rejects(table, bad, rejects)) if bad and rejects is not None else None,
    }


def _definition(
    table: Table, code: str, mapping: ImportMapping | None, *, commit: bool, actor: Actor, now: datetime
) -> Definition:
    """The ledger's definition; a local one is made, or gets the fields that a new mapping adds."""
    row = models.Ledger.objects.filter(code=code).first()
    if mapping is None or (row is not None and row.pack):
        return find_definition(code)
    known = orjson.loads(row.body) if row else None
    if known and mapped_columns(mapping).keys() <= {f["id"] for f in known["fields"]}:
        return find_definition(code)
    guessed = guess_definition(code, mapping, *_guess(table, mapping))
    body = extend(known, guessed) if known else guessed
    version = str(int(row.version) + 1) if row else "1"
    if commit and body is not None:
        define_ledger(definition=body, pack="", version=version, actor=actor, now=now)
        return find_definition(code)
    return Definition.read(body or guessed, version=version)


def _guess(table: Table, mapping: ImportMapping) -> tuple[dict[str, Guess], dict[str, str]]:
    """The types of all values and the labels of all fields, from one reading of the file."""
    names = {label: table.resolve(label) for label in wanted_columns(mapping)}
    sources = mapped_columns(mapping)
    guesses = {name: Guess() for name in sources}
    for _, raw in table.batches(SLICE_ROWS):
        columns = Columns(mapping, raw, names)
        for name, source in sources.items():
            guesses[name].see(columns.field(name) if name in mapping.fields else columns.column(source))
    return guesses, {name: names[source] for name, source in sources.items() if source}
