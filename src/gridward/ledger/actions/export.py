"""Export a ledger as a table that reads back: labels, a row of codes, choices to pick from, personal values masked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from gridward.grids.queries import refs
from gridward.kernel.actor import Actor
from gridward.kernel.tables import write_csv, write_table
from gridward.ledger import models
from gridward.ledger.actions.importing.reading import BASICS
from gridward.ledger.queries.definitions import definition
from gridward.ledger.queries.scope import visible
from gridward.ledger.rules import Definition, FieldRule
from gridward.logbook import queries as logbook
from gridward.logbook.actions import append_to
from gridward.people import queries as people

CHUNK = 1000
YES, NO = "是", "否"
HIDDEN = "***"


def export_ledger(*, ledger: str, path: Path, actor: Actor, now: datetime) -> dict[str, Any]:
    """Write the living subjects that the actor may export; returns {"file", "rows"}. The export is journaled.

    Personal values are never written in full: they show as *** and an import leaves them as they are.
    """
    of = definition(ledger)
    people_scope = visible(actor, "ledger:subject:export")
    if not people_scope.any:
        people.require(actor, "ledger:subject:export")
    header = [labels[0] for labels in BASICS.values()]
    header += [rule.label_in("zh") for rule in of.fields.values()]
    header = _unique(header)
    counter = [0]
    rows = _rows(of, people_scope.rows(ledger), counter)
    if path.suffix.lower() == ".csv":
        write_csv(path, header, _with_codes(of, rows))
    else:
        write_table(path, header, _with_codes(of, rows), choices=_choices(of, header))
    payload = {"ledger": ledger, "rows": counter[0], "file": path.name}
    append_to(stream=f"ledger/{ledger}", move="export", actor=actor, now=now, payload=payload)
    return {"file": str(path), "rows": counter[0]}


def _unique(labels: list[str]) -> list[str]:
    """Labels without doubles: a field that is called like a basic column gets a mark."""
    seen: dict[str, int] = {}
    found = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        found.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return found


def _with_codes(of: Definition, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield [*BASICS, *of.fields]
    yield from rows


def _choices(of: Definition, header: list[str]) -> dict[str, list[str]]:
    columns = dict(zip(of.fields, header[len(BASICS) :], strict=True))
    picks = {
        columns[n]: [c["zh"] for c in r.choices.values()] for n, r in of.fields.items() if r.type == "choice"
    }
    flags = {columns[n]: [YES, NO] for n, r in of.fields.items() if r.type == "bool"}
    return {label: words for label, words in {**picks, **flags}.items() if words}


def _rows(of: Definition, subjects: Any, counter: list[int]) -> Iterator[list[Any]]:
    stamp = logbook.stamps().get("grids", 0)
    for row in subjects.order_by("number").iterator(chunk_size=CHUNK):
        counter[0] += 1
        yield _row(of, row, stamp)


def _row(of: Definition, row: models.Subject, stamp: int) -> list[Any]:
    area = refs.area_ref(row.area, stamp=stamp)
    values = orjson.loads(row.fields)
    sealed = orjson.loads(row.sealed) if row.sealed else {}
    basics = [row.number, row.name, row.address, area.code if area else None, row.lon, row.lat]
    return [*basics, *(HIDDEN if n in sealed else cell(rule, values.get(n)) for n, rule in of.fields.items())]


def cell(rule: FieldRule, value: Any) -> Any:
    """A stored value as people write it; reading it back gives the stored value again."""
    if value is None:
        return None
    if rule.type == "bool":
        return YES if value else NO
    if rule.type == "choice":
        return rule.choices[value]["zh"] if value in rule.choices else value
    if rule.type == "multichoice":
        return "、".join(rule.choices[v]["zh"] if v in rule.choices else str(v) for v in value)
    if rule.type == "money":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    if rule.type == "date":
        return date.fromisoformat(value)
    return value
