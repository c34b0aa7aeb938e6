"""Writing subjects one by one or by the thousand, and the expression indexes of indexed fields, on both databases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.kernel import sql
from gridward.kernel.errors import Fault, Message
from gridward.logbook.actions import insert_rows

COLUMNS = (
    "id", "ledger", "number", "key", "name", "name_folded", "scheme", "area", "a1", "a2", "a3", "a4", "a5", "lon",
    "lat", "address", "by_hand", "parent", "fields", "sealed", "have", "wanted", "version", "seq", "source",
    "verified_on", "created_at", "updated_at", "ended_on",
)  # fmt: skip
CHANGING = (
    "key", "name", "name_folded", "scheme", "area", "a1", "a2", "a3", "a4", "a5", "lon", "lat", "address", "by_hand",
    "fields", "sealed", "have", "wanted", "version", "seq", "updated_at",
)  # fmt: skip
_INSERT = f"INSERT INTO ledger_subject ({', '.join(COLUMNS)}) VALUES ({sql.marks(len(COLUMNS))})"
_UPDATE = (
    f"UPDATE ledger_subject SET {', '.join(f'{c} = %s' for c in CHANGING)} "
    "WHERE id = %s AND seq = %s AND ended_on IS NULL"
)
_SERIAL = "UPDATE ledger_ledger SET last_serial = last_serial + %s WHERE code = %s RETURNING last_serial"
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,59}")
NOT_PLAIN = Message("GW-LEDGER-030", "“{found}”不是有效的标识。", "{found} is not a valid identifier.")
PARAMETERS = 500


def db(value: Any) -> Any:
    """One value as the driver of this database wants it."""
    if isinstance(value, UUID):
        return sql.key(connection.vendor, value)
    if isinstance(value, datetime):
        return sql.instant(connection.vendor, value)
    if isinstance(value, date) and connection.vendor == sql.SQLITE:
        return value.isoformat()
    return value


def row_of(columns: Mapping[str, Any]) -> tuple[Any, ...]:
    """One row of ledger_subject in the order of COLUMNS."""
    return tuple(db(columns.get(name)) for name in COLUMNS)


def insert_subject(columns: Mapping[str, Any]) -> None:
    """Insert one subject; IntegrityError when its id, number or key is taken."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row_of(columns))


def insert_subjects(rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many subjects set-wise."""
    insert_rows("ledger_subject", ", ".join(COLUMNS), [row_of(row) for row in rows])


def update_subject(columns: Mapping[str, Any], *, expected_seq: int) -> bool:
    """Compare-and-set; False when somebody else changed or ended the subject first."""
    values = [db(columns[name]) for name in CHANGING]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [*values, db(columns["id"]), expected_seq])
        return int(cursor.rowcount) == 1


def take_serials(ledger: str, count: int) -> int:
    """Take `count` serials of a ledger; returns the first. The row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_SERIAL, [count, ledger])
        return int(cursor.fetchone()[0]) - count + 1


def taken(ledger: str, column: str, values: Iterable[str]) -> dict[str, UUID]:
    """Value → subject for those of `values` that stand in `column` (key or number)."""
    wanted, found = list(values), {}
    assert column in ("key", "number")
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), PARAMETERS):
            part = wanted[start : start + PARAMETERS]
            text = f"SELECT {column}, id FROM ledger_subject WHERE ledger = %s AND {column} IN ({sql.marks(len(part))})"
            cursor.execute(text, [ledger, *part])
            found.update({row[0]: sql.as_key(row[1]) for row in cursor.fetchall()})
    return {value: key for value, key in found.items() if key is not None}


def index_name(ledger: str, field: str) -> str:
    """The name of a field's expression index: short enough for both databases."""
    return f"ledger_x_{hashlib.sha256(f'{ledger}.{field}'.encode()).hexdigest()[:12]}"


def _plain(name: str) -> str:
    if not _PLAIN.fullmatch(name):
        raise Fault(NOT_PLAIN, found=name)
    return name


def field_sql(field: str) -> str:
    """The expression that reads one open field of a file, as text; its indexes are made of the same text."""
    if connection.vendor == sql.POSTGRESQL:
        return f"((fields::jsonb) ->> '{_plain(field)}')"
    return f"json_extract(fields, '$.{_plain(field)}')"


def sync_indexes(ledger: str, fields: Iterable[str], gone: Iterable[str]) -> None:
    """Make the expression indexes of a ledger's indexed fields and drop those of `gone` fields."""
    with connection.cursor() as cursor:
        for name in gone:
            cursor.execute(f"DROP INDEX IF EXISTS {index_name(ledger, name)}")
        for name in fields:
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index_name(ledger, name)} ON ledger_subject "
                f"(ledger, ({field_sql(name)})) WHERE ledger = '{_plain(ledger)}'"
            )


def put_digests(ledger: str, subject: UUID, digests: Mapping[str, str | None]) -> None:
    """Replace the fingerprints of one subject's personal values; None removes one."""
    with connection.cursor() as cursor:
        for field, digest in digests.items():
            cursor.execute(
                "DELETE FROM ledger_blindindex WHERE subject = %s AND field = %s", [db(subject), field]
            )
            if digest is not None:
                cursor.execute(
                    "INSERT INTO ledger_blindindex (subject, ledger, field, digest) VALUES (%s, %s, %s, %s)",
                    [db(subject), ledger, field, digest],
                )
