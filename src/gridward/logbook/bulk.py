"""Set-wise writes of entries, heads and facts, and the guards that keep the journal append-only. Both dialects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.kernel import sql
from gridward.logbook.rules import Entry, Head

ENTRY_COLUMNS = "stream, seq, move, actor, at, prev_hash, hash, body"
_ENTRY_SQL = f"INSERT INTO logbook_entry ({ENTRY_COLUMNS}) VALUES ({sql.marks(8)})"
_HEAD_NEW = "INSERT INTO logbook_head (stream, seq, hash) VALUES (%s, %s, %s)"
_HEAD_MOVE = "UPDATE logbook_head SET seq = %s, hash = %s WHERE stream = %s AND seq = %s"
_FACT_SQL = "INSERT INTO logbook_fact (kind, stream, at, body, done) VALUES (%s, %s, %s, %s, %s)"

ROWS_PER_STATEMENT = 100  # 8 columns x 100 stays below SQLite's parameter limit on every build


def _row(e: Entry) -> tuple[Any, ...]:
    return (
        e.stream,
        e.seq,
        e.move,
        e.actor,
        sql.instant(connection.vendor, e.at),
        e.prev_hash,
        e.hash,
        e.body,
    )


def insert_entry(entry: Entry) -> None:
    """Insert one entry; a taken (stream, seq) raises IntegrityError."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY_SQL, _row(entry))


def insert_entries(entries: Sequence[Entry]) -> None:
    """Insert many entries (any streams) and the heads of streams that begin with them."""
    insert_rows("logbook_entry", ENTRY_COLUMNS, [_row(e) for e in entries])


def insert_heads(heads: Sequence[Head]) -> None:
    """Insert the heads of new streams."""
    insert_rows("logbook_head", "stream, seq, hash", [(h.stream, h.seq, h.hash) for h in heads])


def insert_rows(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Many rows into one table: executemany on SQLite, COPY on PostgreSQL. `table` and `columns` are constants."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == sql.POSTGRESQL:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({sql.marks(len(rows[0]))})", rows)


def set_head(head: Head, *, after: Head | None) -> bool:
    """Write the head that follows `after`; False when somebody else moved it first."""
    with connection.cursor() as cursor:
        if after is None:
            cursor.execute(_HEAD_NEW, (head.stream, head.seq, head.hash))
            return True
        cursor.execute(_HEAD_MOVE, (head.seq, head.hash, head.stream, after.seq))
        return bool(cursor.rowcount == 1)


def insert_fact(kind: str, stream: str, at: Any, body: str, done: bool) -> None:
    """Insert one fact; `done` when no handler waits for its kind."""
    with connection.cursor() as cursor:
        cursor.execute(_FACT_SQL, (kind, stream, sql.instant(connection.vendor, at), body, done))


def insert_receipt(op: UUID, digest: str, status: int, answer: str, at: Any) -> None:
    """Store the answer to an operation; IntegrityError when it was answered before."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO logbook_receipt (op, digest, status, answer, at) VALUES (%s, %s, %s, %s, %s)",
            [sql.key(vendor, op), digest, status, answer, sql.instant(vendor, at)],
        )


GUARDS = (
    "logbook_entry_no_update",
    "logbook_entry_no_delete",
    "logbook_entry_no_replace",
    "logbook_head_no_delete",
    "logbook_head_no_rewind",
)
PG_GUARDS = (*GUARDS, "logbook_entry_no_truncate", "logbook_head_no_truncate")

_SQLITE_GUARDS = {
    "logbook_entry_no_update": "BEFORE UPDATE ON logbook_entry BEGIN "
    "SELECT RAISE(ABORT, 'GW-LOGBOOK-001 the journal is append-only: UPDATE refused'); END",
    "logbook_entry_no_delete": "BEFORE DELETE ON logbook_entry BEGIN "
    "SELECT RAISE(ABORT, 'GW-LOGBOOK-001 the journal is append-only: DELETE refused'); END",
    # INSERT OR REPLACE deletes without firing the delete trigger; only this one sees it.
    "logbook_entry_no_replace": "BEFORE INSERT ON logbook_entry "
    "WHEN EXISTS (SELECT 1 FROM logbook_entry WHERE id = NEW.id) "
    "OR EXISTS (SELECT 1 FROM logbook_entry WHERE stream = NEW.stream AND seq = NEW.seq) BEGIN "
    "SELECT RAISE(ABORT, 'GW-LOGBOOK-002 this entry exists already: REPLACE refused'); END",
    "logbook_head_no_delete": "BEFORE DELETE ON logbook_head BEGIN "
    "SELECT RAISE(ABORT, 'GW-LOGBOOK-001 heads of the journal stay: DELETE refused'); END",
    "logbook_head_no_rewind": "BEFORE UPDATE ON logbook_head "
    "WHEN NEW.seq <= OLD.seq OR NEW.stream <> OLD.stream BEGIN "
    "SELECT RAISE(ABORT, 'GW-LOGBOOK-001 heads of the journal only move on: UPDATE refused'); END",
}

_PG_FUNCTIONS = """
CREATE OR REPLACE FUNCTION logbook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'GW-LOGBOOK-001 the journal is append-only: % on % refused', TG_OP, TG_TABLE_NAME; END $$;
CREATE OR REPLACE FUNCTION logbook_refuse_replace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF EXISTS (SELECT 1 FROM logbook_entry WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM logbook_entry WHERE stream = NEW.stream AND seq = NEW.seq) THEN
  RAISE unique_violation USING MESSAGE = 'GW-LOGBOOK-002 this entry exists already: REPLACE refused'; END IF;
  RETURN NEW; END $$;
CREATE OR REPLACE FUNCTION logbook_refuse_rewind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.seq <= OLD.seq OR NEW.stream <> OLD.stream THEN
  RAISE EXCEPTION 'GW-LOGBOOK-001 heads of the journal only move on: UPDATE refused'; END IF; RETURN NEW; END $$;
"""
_PG_GUARDS = {
    "logbook_entry_no_update": "BEFORE UPDATE ON logbook_entry FOR EACH ROW EXECUTE FUNCTION logbook_refuse()",
    "logbook_entry_no_delete": "BEFORE DELETE ON logbook_entry FOR EACH ROW EXECUTE FUNCTION logbook_refuse()",
    "logbook_entry_no_replace": "BEFORE INSERT ON logbook_entry FOR EACH ROW EXECUTE FUNCTION logbook_refuse_replace()",
    "logbook_head_no_delete": "BEFORE DELETE ON logbook_head FOR EACH ROW EXECUTE FUNCTION logbook_refuse()",
    "logbook_head_no_rewind": "BEFORE UPDATE ON logbook_head FOR EACH ROW EXECUTE FUNCTION logbook_refuse_rewind()",
    "logbook_entry_no_truncate": "BEFORE TRUNCATE ON logbook_entry EXECUTE FUNCTION logbook_refuse()",
    "logbook_head_no_truncate": "BEFORE TRUNCATE ON logbook_head EXECUTE FUNCTION logbook_refuse()",
}


def _table_of(guard: str) -> str:
    return "logbook_head" if guard.startswith("logbook_head") else "logbook_entry"


def create_guards() -> None:
    """Install every trigger that is missing. Altering a table on SQLite drops its triggers silently."""
    postgresql = connection.vendor == sql.POSTGRESQL
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute(_PG_FUNCTIONS)
        for name, text in (_PG_GUARDS if postgresql else _SQLITE_GUARDS).items():
            if postgresql:
                cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {text}")
            else:
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {text}")


def drop_guards() -> None:
    """Remove every trigger: for tests that clear tables and tests that plant a fault."""
    postgresql = connection.vendor == sql.POSTGRESQL
    with connection.cursor() as cursor:
        for name in PG_GUARDS if postgresql else GUARDS:
            on = f" ON {_table_of(name)}" if postgresql else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def lock_keys() -> None:
    """Wait for writers of keys and hold off new ones until this transaction ends (SQLite's write lock does so)."""
    if connection.vendor == sql.POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE logbook_sealkey IN SHARE ROW EXCLUSIVE MODE")


def empty_write_ahead_log() -> None:
    """Bring SQLite's write-ahead log into the file and cut it, so that old page images do not linger there."""
    if connection.vendor == sql.SQLITE and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
