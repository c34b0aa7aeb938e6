"""One slice of an import: entries, heads, case rows and open work, written set-wise in the caller's transaction."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gridward.cases import bulk
from gridward.cases.actions.adopt.codes import Codes
from gridward.cases.rules.adopting import adopt_payload
from gridward.cases.rules.numbers import case_number, number_prefix
from gridward.cases.rules.state import State, step
from gridward.cases.rules.view import Cached, cached
from gridward.kernel.actor import Actor
from gridward.logbook.actions import begin_streams
from gridward.logbook.rules import Entry, canonical, stamp, write_entry

NO_CALENDARS: dict[str, Any] = {}


class SliceWriter:
    """Prepares and writes rows; holds nothing between slices but the time zone."""

    def __init__(self, codes: Codes, scheme: str, actor: Actor, now: datetime, zone: str) -> None:
        self.codes, self.scheme, self.actor, self.now = codes, scheme, actor, now
        self.local = ZoneInfo(zone)

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Write all rows of a slice."""
        self._number(rows)
        entries: list[Entry] = []
        cases, works = [], []
        for row in rows:
            entry, columns = self._entry(row)
            entries.append(entry)
            fixed = self._fixed(row)
            cases.append(bulk.case_row(fixed, columns))
            if bulk.in_work(columns):
                works.append(bulk.work_row(fixed, columns))
        bulk.insert_many(cases, works)
        begin_streams(entries)

    def _number(self, rows: list[dict[str, Any]]) -> None:
        """Serials per (day, category), taken in one step per prefix; order within a prefix is the file's."""
        for row in rows:
            row["category_id"] = self.codes.category(row["category"])
            day = row["opened_at"].astimezone(self.local).date()
            row["prefix"] = number_prefix(day, row["category"], row["category_id"])
        wanted = Counter(row["prefix"] for row in rows)
        last = bulk.next_serials(wanted)
        next_free = {prefix: last[prefix] - count + 1 for prefix, count in wanted.items()}
        for row in rows:
            row["number"] = case_number(row["prefix"], next_free[row["prefix"]])
            next_free[row["prefix"]] += 1

    def _entry(self, row: dict[str, Any]) -> tuple[Entry, Cached]:
        area = row["area_ref"]
        if area is not None:
            row["area"], row["area_code"] = str(area.id), area.code
        row["unit"] = str(row["unit_id"]) if row["unit_id"] else None
        payload = adopt_payload(row)
        entry = write_entry(
            f"case/{row['id']}",
            "adopt",
            after=None,
            actor=self.actor.key,
            on_behalf_of=None,
            at=row["opened_at"],
            received_at=self.now,
            from_stage="",
            to_stage=row["stage"],
            payload=payload,
        )
        body = {
            "move": "adopt",
            "seq": 1,
            "at": stamp(row["opened_at"]),
            "to": row["stage"],
            "actor": self.actor.key,
            "payload": payload,
        }
        return entry, cached(step(State(), body, NO_CALENDARS), NO_CALENDARS)

    def _fixed(self, row: dict[str, Any]) -> dict[str, Any]:
        area = row["area_ref"]
        ancestors = area.ancestors if area is not None else (None,) * 5
        return {
            "id": row["id"],
            "number": row["number"],
            "category": row["category_id"],
            "source": row["source"],
            "foreign_key": row["key"],
            "scheme": self.scheme,
            "area": area.id if area is not None else None,
            "lon": row["lon"],
            "lat": row["lat"],
            "address": row["address"],
            "text": row["text"],
            "sealed": "",
            "recorded": canonical(row["recorded"]) if row["recorded"] else "",
            **{f"a{n}": key for n, key in enumerate(ancestors, start=1)},
        }
