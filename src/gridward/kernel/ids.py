"""UUIDv7 keys (RFC 9562): made by whoever creates the thing, ordered by the instant they were made."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import UTC, datetime
from uuid import UUID

_MS_MASK = (1 << 48) - 1


def _milliseconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000) & _MS_MASK


def _compose(milliseconds: int, rand_a: int, rand_b: int) -> UUID:
    value = milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b
    return UUID(int=value)


_lock = threading.Lock()
# Millisecond and its 12-bit counter: keys made one after another in one process sort in that order.
_last = [0, 0]


def uuid7(at: datetime) -> UUID:
    """A new key for the instant `at` (aware datetime, millisecond resolution), random but for its order.

    Keys of the same millisecond made in one process count upwards (RFC 9562, method 1), beginning low enough to
    leave room for 2,048 of them; beyond that their order is left to chance.
    """
    milliseconds = _milliseconds(at)
    with _lock:
        counter = _last[1] + 1 if _last[0] == milliseconds else secrets.randbits(11)
        _last[:] = [milliseconds, counter]
    return _compose(milliseconds, min(counter, 0xFFF), secrets.randbits(62))


def uuid7_of(at: datetime, *parts: str) -> UUID:
    """The key that belongs to `parts` at `at`: the same input gives the same key on every machine.

    Used where a thing has a foreign key already (imports), so that doing it twice finds the first.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    bits = int.from_bytes(digest[:10], "big")
    return _compose(_milliseconds(at), bits >> 68 & 0xFFF, bits & ((1 << 62) - 1))


def instant_of(key: UUID) -> datetime:
    """The instant inside a UUIDv7, UTC."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, tz=UTC)
