"""Differences of the two SQL dialects, as plain text and values. Knows no connection."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


def key(vendor: str, value: UUID | None) -> UUID | str | None:
    """A UUID as the driver wants it: 32 hex digits on SQLite (Django's storage), a UUID on PostgreSQL."""
    if value is None or vendor == POSTGRESQL:
        return value
    return value.hex


def instant(vendor: str, value: datetime | None) -> datetime | str | None:
    """An instant as the driver wants it: Django's UTC text on SQLite, aware datetime on PostgreSQL."""
    if value is None or vendor == POSTGRESQL:
        return value
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(" ")


def as_key(value: object) -> UUID | None:
    """A UUID read back from either dialect."""
    if value is None or isinstance(value, UUID):
        return value
    return UUID(str(value))


def key_text(value: object) -> str:
    """The usual spelling (with dashes) of a UUID read back from either dialect."""
    if type(value) is str and len(value) == 32:
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return str(as_key(value))


def as_instant(value: object) -> datetime | None:
    """An aware instant (UTC) read back from either dialect."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    return found if found.tzinfo is UTC else found.astimezone(UTC)


def marks(count: int) -> str:
    """`%s, %s, …` for an IN list or a VALUES row of `count` parameters."""
    return ", ".join(["%s"] * count)
