"""Verbs of the logbook. `append` runs inside the caller's transaction: a row and its journal are atomic."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from gridward.kernel.actor import Actor
from gridward.kernel.errors import Conflict, Message
from gridward.logbook import bulk, facts
from gridward.logbook.models import Setting, Stamp
from gridward.logbook.rules import Entry, Head, canonical, write_entry

MOVED_ON = Message(
    "GW-LOGBOOK-004",
    "“{stream}”刚被别人改动过，请刷新后再试。",
    "{stream} was changed by somebody else a moment ago; reload and try again.",
)


def append(
    *,
    stream: str,
    move: str,
    actor: Actor,
    at: datetime,
    received_at: datetime,
    payload: Mapping[str, Any],
    after: Head | None,
    from_stage: str = "",
    to_stage: str = "",
) -> Entry:
    """Append one entry after `after` (None: the stream begins). Conflict when the stream moved on meanwhile."""
    entry = write_entry(
        stream,
        move,
        after=after,
        actor=actor.key,
        on_behalf_of=str(actor.on_behalf_of) if actor.on_behalf_of else None,
        at=at,
        received_at=received_at,
        from_stage=from_stage,
        to_stage=to_stage,
        payload=payload,
    )
    if not bulk.set_head(Head(stream, entry.seq, entry.hash), after=after):
        raise Conflict(MOVED_ON, stream=stream)
    bulk.insert_entry(entry)
    return entry


def append_to(
    *,
    stream: str,
    move: str,
    actor: Actor,
    now: datetime,
    payload: Mapping[str, Any],
    at: datetime | None = None,
) -> Entry:
    """Append to a stream wherever it stands (reads the head first): for streams that have no row of their own."""
    from gridward.logbook.queries import head

    return append(
        stream=stream,
        move=move,
        actor=actor,
        at=at or now,
        received_at=now,
        payload=payload,
        after=head(stream),
    )


def record_fact(fact: Any, *, stream: str, now: datetime) -> None:
    """Write `fact` (a frozen dataclass) for the handlers of other rooms, in the caller's transaction."""
    kind = type(fact).__name__
    waits = bool(facts.HANDLERS.get(kind))
    bulk.insert_fact(kind, stream, now, canonical(dataclasses.asdict(fact)), done=not waits)
    if waits:
        from gridward.logbook.actions.deliver import drain_quietly

        transaction.on_commit(lambda: drain_quietly(now=now))


def body_digest(body: Any) -> str:
    """The fingerprint of a request body, independent of key order and spacing."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def keep_receipt(*, op: UUID, digest: str, status: int, answer: bytes, now: datetime) -> None:
    """Store the answer to an operation; IntegrityError when the operation was answered before."""
    bulk.insert_receipt(op, digest, status, answer.decode(), now)


def touch(name: str) -> None:
    """Give a stamp a new value, so that every process drops what it cached under it.

    The value is random, not counted: a rolled-back change can never leave a cache that looks current.
    """
    Stamp.objects.update_or_create(name=name, defaults={"value": secrets.randbits(62)})


def change_setting(*, name: str, value: str, actor: Actor, now: datetime) -> None:
    """Change one setting of the jurisdiction; the change is journaled and wakes every process."""
    with transaction.atomic():
        before = Setting.objects.filter(name=name).values_list("value", flat=True).first()
        Setting.objects.update_or_create(name=name, defaults={"value": value, "changed_at": now})
        payload = {"name": name, "before": before, "after": value}
        append_to(stream=f"setting/{name}", move="change", actor=actor, now=now, payload=payload)
        touch("settings")


def install_guards() -> None:
    """Create the triggers that keep the journal append-only, whichever are missing."""
    bulk.create_guards()


def remove_guards() -> None:
    """Drop the triggers: for the fixture that clears tables and for tests that plant a fault."""
    bulk.drop_guards()


def insert_rows(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Set-wise insert for the bulk.py of any room: executemany on SQLite, COPY on PostgreSQL."""
    bulk.insert_rows(table, columns, rows)


def begin_streams(entries: Sequence[Entry]) -> None:
    """Insert the first entries of many new streams with their heads (imports)."""
    bulk.insert_entries(entries)
    bulk.insert_heads([Head(e.stream, e.seq, e.hash) for e in entries])


def is_taken(error: IntegrityError) -> bool:
    """Whether an integrity error means that a key was taken (a repeat or a race), on either database."""
    text = str(error).lower()
    return "unique" in text or "duplicate key" in text or "gw-logbook-002" in text


__all__ = [
    "append",
    "append_to",
    "begin_streams",
    "body_digest",
    "change_setting",
    "insert_rows",
    "install_guards",
    "is_taken",
    "keep_receipt",
    "record_fact",
    "remove_guards",
    "touch",
]
