"""The key ring at work: seal values, open them, destroy a key, turn the ring."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from gridward.kernel.actor import Actor
from gridward.kernel.errors import Fault, Message
from gridward.logbook import bulk
from gridward.logbook.actions import append_to, record_fact
from gridward.logbook.facts import KeyDestroyed
from gridward.logbook.models import SealKey
from gridward.logbook.rules.seal import Ring, blind_index, open_text, seal_text, unwrap_key, wrap_key

NO_RING = Message(
    "GW-LOGBOOK-012",
    "没有钥匙环文件 {file}：请先运行 gridward init，或从备份恢复 keys/ 目录。",
    "There is no key ring {file}: run gridward init, or restore the folder keys/ from a backup.",
)

_place: dict[str, Path] = {}
_cache: dict[str, tuple[float, Ring]] = {}


def use_ring(file: Path) -> None:
    """Tell this process where the ring lies (set once by the site)."""
    _place["file"] = file


def create_ring(file: Path) -> None:
    """Write a new ring when there is none; only its owner may read it."""
    if not file.exists():
        write_private(file, Ring.new().to_text())


def write_private(file: Path, text: str) -> None:
    """Replace a file atomically; mode 0600 from its first byte on, on disk before the old one goes."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_suffix(f".{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)


def ring() -> Ring:
    """The ring of this home, read again when the file changed."""
    file = _place.get("file")
    if file is None or not file.exists():
        raise Fault(NO_RING, file=file.name if file else "keys/ring.json")
    changed = file.stat().st_mtime_ns
    known = _cache.get(str(file))
    if known is None or known[0] != changed:
        known = (changed, Ring.from_text(file.read_text()))
        _cache[str(file)] = known
    return known[1]


def owner_key(owner: str, *, now: datetime) -> bytes:
    """The data key of `owner`, made when there is none. Fault when it was destroyed."""
    row = SealKey.objects.filter(owner=owner).first()
    if row is None:
        key = secrets.token_bytes(32)
        now_ring = ring()
        wrapped = wrap_key(now_ring, owner, key)
        SealKey.objects.create(owner=owner, generation=now_ring.current, wrapped=wrapped, created_at=now)
        _follow_turn(owner, key, now_ring.current)
        return key
    if row.wrapped is None:
        # A destroyed key is never revived: a new value of the same owner gets a key of its own name.
        return owner_key(f"{owner}~{row.generation}", now=now)
    return unwrap_key(ring(), owner, row.generation, row.wrapped)


def _follow_turn(owner: str, key: bytes, generation: int) -> None:
    """The ring may have turned between wrapping and inserting: wrap anew before the old generation is forgotten."""
    now_ring = ring()
    if now_ring.current != generation:
        wrapped = wrap_key(now_ring, owner, key)
        SealKey.objects.filter(owner=owner).update(generation=now_ring.current, wrapped=wrapped)


def seal(*, owner: str, values: Mapping[str, str], now: datetime) -> dict[str, dict[str, str]]:
    """Seal named values under the key of `owner`; empty values are left out."""
    filled = {name: value for name, value in values.items() if value}
    if not filled:
        return {}
    name = _live_owner(owner)
    key = owner_key(name, now=now)
    return {field: {**seal_text(key, name, field, value), "o": name} for field, value in filled.items()}


def _live_owner(owner: str) -> str:
    """The name under which `owner` has a living key: destroyed ones are followed by `owner~n`."""
    dead = SealKey.objects.filter(owner__startswith=owner, destroyed_at__isnull=False).values_list(
        "owner", flat=True
    )
    own = [name for name in dead if name == owner or name.startswith(f"{owner}~")]
    return f"{owner}~{len(own)}" if own else owner


def unseal(sealed: Mapping[str, Mapping[str, str]]) -> dict[str, str | None]:
    """Open sealed values; a value whose key was destroyed is None."""
    owners = {part["o"] for part in sealed.values()}
    rows = {row.owner: row for row in SealKey.objects.filter(owner__in=owners)}
    opened: dict[str, str | None] = {}
    for field, part in sealed.items():
        row = rows.get(part["o"])
        if row is None or row.wrapped is None:
            opened[field] = None
            continue
        key = unwrap_key(ring(), row.owner, row.generation, row.wrapped)
        opened[field] = open_text(key, row.owner, field, part)
    return opened


def fingerprint(name: str, value: str) -> str:
    """The blind index of a sealed value."""
    return blind_index(ring(), name, value)


def destroy_key(*, owner: str, reason: str, actor: Actor, now: datetime) -> int:
    """Destroy every key of `owner`: the values are gone everywhere, the chains stay valid. Returns how many."""
    with transaction.atomic():
        rows = SealKey.objects.select_for_update().filter(owner__startswith=owner, wrapped__isnull=False)
        names = [r.owner for r in rows if r.owner == owner or r.owner.startswith(f"{owner}~")]
        SealKey.objects.filter(owner__in=names).update(wrapped=None, destroyed_at=now)
        if names:
            append_to(stream=f"key/{owner}", move="destroy", actor=actor, now=now, payload={"reason": reason})
            record_fact(KeyDestroyed(owner=owner, reason=reason), stream=f"key/{owner}", now=now)
    if names:
        turn_ring(now=now)
    return len(names)


def finish_destruction(*, now: datetime) -> int:
    """Turn the ring when a key was destroyed and the ring was not turned since (a crash in between)."""
    waiting = SealKey.objects.filter(destroyed_at__isnull=False, generation=ring().current).exists()
    return turn_ring(now=now) if waiting else 0


def turn_ring(*, now: datetime) -> int:
    """Wrap every living key anew and forget the old generation, so that copies in the write-ahead log,
    dead rows or page slack of destroyed keys can never be opened. Returns the number of keys wrapped."""
    file = _place["file"]
    old = ring()
    new = old.turned()
    write_private(file, new.to_text())  # both generations: a crash here leaves everything readable
    with transaction.atomic():
        bulk.lock_keys()
        count = 0
        for row in SealKey.objects.select_for_update().filter(wrapped__isnull=False):
            assert row.wrapped is not None
            key = unwrap_key(new, row.owner, row.generation, row.wrapped)
            row.wrapped, row.generation = wrap_key(new, row.owner, key), new.current
            row.save(update_fields=["wrapped", "generation"])
            count += 1
    write_private(file, new.only_current().to_text())
    bulk.empty_write_ahead_log()
    return count
