"""Reading the logbook: heads, entries, stamps, settings, receipts, what doctor wants to know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min

from gridward.kernel import sql
from gridward.logbook import models
from gridward.logbook.bulk import GUARDS, PG_GUARDS
from gridward.logbook.rules import Entry, Head


def head(stream: str) -> Head | None:
    """Where a stream stands, None when it has no entry."""
    row = models.Head.objects.filter(stream=stream).values_list("seq", "hash").first()
    return Head(stream, *row) if row else None


def _entry(row: tuple[Any, ...]) -> Entry:
    at = sql.as_instant(row[4])
    assert at is not None
    return Entry(row[0], row[1], row[2], row[3], at, row[5], row[6], row[7])


def entries(stream: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
    """Entries of one stream in order, from seq `after` + 1."""
    text = (
        "SELECT stream, seq, move, actor, at, prev_hash, hash, body FROM logbook_entry "
        f"WHERE stream = %s AND seq > %s ORDER BY seq{' LIMIT %s' if limit else ''}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [stream, after, *([limit] if limit else [])])
        return [_entry(row) for row in cursor.fetchall()]


def streams(*, prefix: str = "", batch: int = 2000) -> Iterator[tuple[str, list[Entry], Head | None]]:
    """Every stream that begins with `prefix`, with its entries and its head; memory stays at one batch.

    Streams that have a head but no entry, or entries but no head, are yielded too. The order is the database's.
    """
    after = ""
    while names := _names_after(after, batch):
        first, last = names[0], names[-1]
        heads = _heads_between(first, last)
        found: dict[str, list[Entry]] = {name: [] for name in names}
        for entry in _entries_between(first, last):
            found.setdefault(entry.stream, []).append(entry)
        for name in found.keys() | heads.keys():
            if name.startswith(prefix):
                yield name, found.get(name, []), heads.get(name)
        after = last


def _names_after(after: str, batch: int) -> list[str]:
    text = (
        "SELECT stream FROM (SELECT * FROM (SELECT stream FROM logbook_head WHERE stream > %s ORDER BY stream LIMIT %s) h "
        "UNION SELECT * FROM (SELECT stream FROM logbook_entry WHERE stream > %s ORDER BY stream, seq LIMIT %s) e) s "
        "ORDER BY stream LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [after, batch, after, batch, batch])
        return [row[0] for row in cursor.fetchall()]


def _heads_between(first: str, last: str) -> dict[str, Head]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream, seq, hash FROM logbook_head WHERE stream >= %s AND stream <= %s", [first, last]
        )
        return {row[0]: Head(*row) for row in cursor.fetchall()}


def _entries_between(first: str, last: str) -> Iterator[Entry]:
    text = (
        "SELECT stream, seq, move, actor, at, prev_hash, hash, body FROM logbook_entry "
        "WHERE stream >= %s AND stream <= %s ORDER BY stream, seq"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [first, last])
        while rows := cursor.fetchmany(5000):
            yield from (_entry(row) for row in rows)


def stamps() -> dict[str, int]:
    """All stamps: what processes compare to know whether their caches still hold."""
    return dict(models.Stamp.objects.values_list("name", "value"))


def settings() -> dict[str, str]:
    """Settings of the jurisdiction by name."""
    return dict(models.Setting.objects.values_list("name", "value"))


def receipt(op: UUID) -> models.Receipt | None:
    """The stored answer to an operation."""
    return models.Receipt.objects.filter(op=op).first()


def guards_missing() -> list[str]:
    """Names of journal triggers that are absent or switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == sql.POSTGRESQL:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
            wanted: tuple[str, ...] = PG_GUARDS
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = GUARDS
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in present]


def deliveries_waiting() -> dict[str, Any]:
    """Open facts and failing handlers, for doctor."""
    failing = models.Delivery.objects.filter(done_at__isnull=True).values("handler")
    return {
        "open_facts": models.Fact.objects.filter(done=False).count(),
        "failing": [
            {"handler": row["handler"], "facts": row["n"], "next_try_at": row["next"]}
            for row in failing.annotate(n=Count("id"), next=Min("next_try_at")).order_by("handler")
        ],
    }


def entry_counts() -> dict[str, int]:
    """How many entries and heads there are."""
    return {"entries": models.Entry.objects.count(), "heads": models.Head.objects.count()}


def heads_since(entry_id: int, upto: int) -> Iterator[tuple[str, int, str]]:
    """(stream, seq, hash) of the last entry of each stream touched by entries with entry_id < id <= upto."""
    text = (
        "SELECT e.stream, e.seq, e.hash FROM logbook_entry e JOIN (SELECT stream, max(seq) AS seq FROM logbook_entry "
        "WHERE id > %s AND id <= %s GROUP BY stream) l ON l.stream = e.stream AND l.seq = e.seq ORDER BY e.stream"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [entry_id, upto])
        while rows := cursor.fetchmany(5000):
            yield from rows


def last_entry_id() -> int:
    """The id of the newest committed entry below which none is still in flight."""
    with connection.cursor() as cursor:
        if connection.vendor == sql.POSTGRESQL:
            # Ids commit out of order; the lock waits for writers, so every id below the maximum is settled.
            cursor.execute("LOCK TABLE logbook_entry IN SHARE MODE")
        cursor.execute("SELECT coalesce(max(id), 0) FROM logbook_entry")
        return int(cursor.fetchone()[0])


def oldest_open_fact() -> datetime | None:
    """When the oldest undelivered fact was written."""
    return models.Fact.objects.filter(done=False).order_by("id").values_list("at", flat=True).first()
