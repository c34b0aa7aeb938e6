"""Import cases from a file: streamed in slices, each slice one transaction; a second run changes nothing.

The key of a case is made from (opened_at, source, foreign key), so an import that was killed anywhere goes on
where it stopped and ends as one run would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from gridward.cases import bulk
from gridward.cases.actions.adopt import values
from gridward.cases.actions.adopt.codes import Codes
from gridward.cases.actions.adopt.slice import SliceWriter
from gridward.cases.rules import adopting
from gridward.cases.rules.adopting import adopted_stage, verdict
from gridward.cases.rules.places import point_text
from gridward.cases.rules.stages import SIDE_STAGES, STAGES
from gridward.grids import queries as grids
from gridward.grids.queries import refs as area_refs
from gridward.grids.rules import AreaRef
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput
from gridward.kernel.ids import uuid7_of
from gridward.kernel.tables import Table, write_rejects
from gridward.kernel.tables.mapping import Columns, ImportMapping, wanted_columns
from gridward.logbook import queries as logbook

SLICE_ROWS = 2000
Progress = Callable[[int], None]


@dataclass
class Counts:
    """What one import found."""

    rows: int = 0
    imported: int = 0
    duplicates: int = 0
    open: int = 0
    closed: int = 0
    compared: int = 0
    equal: int = 0
    rejected: list[tuple[int, list[tuple[str, BadInput]]]] = field(default_factory=list)


def import_cases(
    *,
    table: Table,
    mapping: ImportMapping,
    timezone: str,
    commit: bool,
    rejects: Path | None,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Import all rows of `table`; returns the counts of 12-contracts. Without `commit` nothing is written."""
    run = _Run(table, mapping, mapping.timezone or timezone, commit, actor, now)
    with bulk.filling():
        for first_row, columns in table.batches(SLICE_ROWS):
            run.slice(first_row, columns)
            if progress:
                progress(run.counts.rows)
    counts = run.counts
    if commit and counts.imported:
        bulk.count_for_planner()
    bad = sorted([*counts.rejected, *((r.number, r.problems) for r in table.rejected)], key=lambda r: r[0])
    file = None
    if bad and rejects is not None:
        file = str(write_rejects(table, bad, rejects))
    return {
        "rows": counts.rows + len(table.rejected),
        "imported": counts.imported,
        "duplicates": counts.duplicates,
        "rejected": len(bad),
        "rejects_file": file,
        "open": counts.open,
        "closed": counts.closed,
        "on_time": {"compared": counts.compared, "equal": counts.equal},
    }


class _Run:
    """The state of one import: names of columns, known codes, keys seen."""

    def __init__(
        self, table: Table, mapping: ImportMapping, zone: str, commit: bool, actor: Actor, now: datetime
    ) -> None:
        self.mapping, self.zone, self.commit, self.now = mapping, zone, commit, now
        self.local = ZoneInfo(zone)
        self.names = {label: table.resolve(label) for label in wanted_columns(mapping)}
        self.codes = Codes(mapping, actor, now, commit)
        self.counts = Counts()
        self.seen: set[int] = set()
        self.stamp = stamp = logbook.stamps().get("grids", 0)
        self.scheme = mapping.scheme or grids.default_scheme(stamp) or ""
        self.locator = grids.locator(self.scheme, on=now.date(), stamp=stamp) if self.scheme else None
        self.writer = SliceWriter(self.codes, self.scheme, actor, now, zone)

    def slice(self, first_row: int, raw: dict[str, list[Any]]) -> None:
        """One slice: typed values, duplicates, rows to write; written in one transaction."""
        columns = Columns(self.mapping, raw, self.names)
        self.counts.rows += columns.size
        rows = self._rows(columns, first_row)
        known = bulk.known_foreign_keys(self.mapping.source, [row["key"] for row in rows])
        fresh = [row for row in rows if row["key"] not in known]
        self.counts.duplicates += len(rows) - len(fresh)
        self.counts.imported += len(fresh)
        for row in rows:
            self._count(row)
        if self.commit and fresh:
            with transaction.atomic():
                self.writer.write(fresh)

    def _count(self, row: dict[str, Any]) -> None:
        """Open, closed and on time are said of the file's rows, whether this run or an earlier one took them in."""
        if row["closed"]:
            self.counts.closed += 1
        else:
            self.counts.open += 1
        ours = verdict(row["closed_at"], row["due_at"])
        rule = self.mapping.recorded.get("on_time")
        if ours is None or rule is None:
            return
        self.counts.compared += 1
        theirs = (row["recorded"] or {}).get("on_time")
        self.counts.equal += theirs in (rule.yes if ours else rule.no)

    def _rows(self, columns: Columns, first_row: int) -> list[dict[str, Any]]:
        problems: values.Problems = {}
        typed = self._typed(columns, problems)
        refs, found = self._locate(typed["lon"], typed["lat"])
        rows = []
        for i in range(columns.size):
            row = self._row(i, typed, problems, refs, found)
            if i in problems:
                self.counts.rejected.append((first_row + i, problems[i]))
            elif row is not None:
                rows.append(row)
        return rows

    def _typed(self, columns: Columns, problems: values.Problems) -> dict[str, Any]:
        m = self.mapping
        lon, lat = values.points(columns, self.names)
        times = {
            name: values.instants(columns, name, self.zone, self.local, problems)
            for name in ("opened_at", "due_at", "closed_at", "filed_at", "assigned_at")
        }
        return times | {
            "key": values.keys(columns, m),
            "category": columns.field("category"),
            "unit": columns.field("unit"),
            "stage": columns.field("stage"),
            "closed": columns.field("closed") if "closed" in m.fields else None,
            "area": columns.field("area"),
            "text": values.texts(columns, "text"),
            "address": values.texts(columns, "address"),
            "recorded": values.kept(columns, m, self.zone),
            "lon": lon,
            "lat": lat,
        }

    def _locate(self, lon: Any, lat: Any) -> tuple[list[AreaRef], Any]:
        if self.locator is None or "point" not in self.mapping.fields:
            return [], None
        return self.locator.locate_many(lon, lat)

    def _row(
        self, i: int, t: dict[str, Any], problems: values.Problems, refs: list[AreaRef], found: Any
    ) -> dict[str, Any] | None:
        """One row ready to write; None for a repeat inside the file. Mistakes go to `problems`."""
        key, opened, closed_at = t["key"][i], t["opened_at"][i], t["closed_at"][i]
        self._check(i, t, problems)
        if i in problems:
            return None
        if self._repeated(key):
            self.counts.duplicates += 1
            return None
        closed = closed_at is not None or _truth(t["closed"][i] if t["closed"] else None, t["stage"][i])
        unit = str(t["unit"][i]).strip() if t["unit"][i] is not None else None
        area = refs[found[i]] if found is not None and found[i] >= 0 else self._named_area(t["area"][i])
        has_point = t["lon"][i] == t["lon"][i]
        lon, lat = (float(t["lon"][i]), float(t["lat"][i])) if has_point else (None, None)
        return {
            "id": uuid7_of(opened, self.mapping.source, key),
            "key": key,
            "source": self.mapping.source,
            "category": str(t["category"][i]).strip(),
            "dictionary": self.codes.dictionary,
            "opened_at": opened,
            "due_at": t["due_at"][i],
            "closed_at": closed_at,
            "filed_at": t["filed_at"][i],
            "assigned_at": t["assigned_at"][i],
            "closed": closed,
            "unit_id": self.codes.unit(unit) if unit else None,
            "stage": adopted_stage(t["stage"][i], closed, bool(unit), t["due_at"][i] is not None),
            "area_ref": area,
            "lon": lon,
            "lat": lat,
            "point": point_text(lon, lat) if lon is not None and lat is not None else None,
            "text": t["text"][i],
            "address": t["address"][i],
            "recorded": t["recorded"][i] or None,
        }

    def _repeated(self, key: str) -> bool:
        mark = hash(key)
        if mark in self.seen:
            return True
        self.seen.add(mark)
        return False

    def _named_area(self, named: Any) -> AreaRef | None:
        if named is None or self.locator is None:
            return None
        return self.locator.by_code(str(named)) or area_refs.named_area(str(named), stamp=self.stamp)

    def _check(self, i: int, t: dict[str, Any], problems: values.Problems) -> None:
        wrong: list[tuple[str, BadInput]] = []
        for name, value in (
            ("key", t["key"][i]),
            ("category", t["category"][i]),
            ("opened_at", t["opened_at"][i]),
        ):
            if value is None and i not in problems:
                wrong.append((self._column(name), BadInput(adopting.NO_VALUE, found=self._column(name))))
        opened, closed = t["opened_at"][i], t["closed_at"][i]
        if opened and closed and closed < opened:
            text = (closed.isoformat(), opened.isoformat())
            wrong.append(
                (self._column("closed_at"), BadInput(adopting.CLOSED_BEFORE, found=text[0], allowed=text[1]))
            )
        stage = t["stage"][i]
        if stage is not None and stage not in (*STAGES, *SIDE_STAGES):
            wrong.append(
                (
                    self._column("stage"),
                    BadInput(adopting.BAD_VALUE, found=str(stage)[:40], allowed=", ".join(STAGES)),
                )
            )
        wrong += self._check_codes(i, t)
        if wrong:
            problems.setdefault(i, []).extend(wrong)

    def _check_codes(self, i: int, t: dict[str, Any]) -> list[tuple[str, BadInput]]:
        wrong = []
        category, unit = t["category"][i], t["unit"][i]
        if category is not None and self.codes.category(str(category).strip()) is None:
            allowed = self.codes.dictionary
            wrong.append(
                (
                    self._column("category"),
                    BadInput(adopting.UNKNOWN_CODE, found=str(category)[:60], allowed=allowed),
                )
            )
        if unit is not None and self.codes.unit(str(unit).strip()) is None:
            wrong.append(
                (self._column("unit"), BadInput(adopting.UNKNOWN_CODE, found=str(unit)[:60], allowed="units"))
            )
        return wrong

    def _column(self, name: str) -> str:
        if name == "key":
            return self.names[self.mapping.key[0]]
        rule = self.mapping.fields.get(name)
        return self.names.get(rule.column, "") if rule and rule.column else ""


def _truth(value: Any, stage: Any) -> bool:
    if value is None:
        return stage in ("checked", "evaluated", "declined", "void", "merged")
    return value is True or str(value).strip().lower() in ("1", "true", "yes", "是", "closed", "y")
