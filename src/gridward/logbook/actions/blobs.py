"""Files by the hash of their bytes: kept exactly as they came, under a name that nobody chose."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Message
from gridward.logbook.actions import record_fact
from gridward.logbook.facts import BlobStored
from gridward.logbook.models import Blob

EMPTY = Message(
    "GW-LOGBOOK-020", "文件是空的（0 字节）；请重新选择。", "The file is empty (0 bytes); choose it again."
)
TOO_LARGE = Message(
    "GW-LOGBOOK-021",
    "文件有 {found} MB，最多 {allowed} MB；请压缩或拆分。",
    "The file has {found} MB, at most {allowed} MB are taken; shrink or split it.",
)
UNKNOWN_KIND = Message(
    "GW-LOGBOOK-022",
    "不支持这种文件；可用：{allowed}。",
    "This kind of file is not taken; allowed: {allowed}.",
)
KINDS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"RIFF", "image/webp"),
    (b"%PDF-", "application/pdf"),
)
"""Kinds by their first bytes; names and declared types are never believed."""


def store_file(*, data: bytes, folder: Path, limit: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """Keep the bytes once; returns {"sha256", "size", "mime"}. Raises BadInput with a sentence."""
    mime = _kind(data, limit)
    name = hashlib.sha256(data).hexdigest()
    place = folder / name[:2] / name[2:4] / name
    if not place.exists():
        _write(place, data)
    with transaction.atomic():
        _, created = Blob.objects.get_or_create(
            sha256=name, defaults={"size": len(data), "mime": mime, "stored_at": now, "by": actor.id}
        )
        if created:
            record_fact(BlobStored(sha256=name, size=len(data), by=actor.id), stream=f"blob/{name}", now=now)
    return {"sha256": name, "size": len(data), "mime": mime}


def _kind(data: bytes, limit: int) -> str:
    if not data:
        raise BadInput(EMPTY, field="file")
    if len(data) > limit:
        raise BadInput(TOO_LARGE, field="file", found=len(data) // 2**20 + 1, allowed=limit // 2**20)
    for head, mime in KINDS:
        if data.startswith(head):
            return mime
    raise BadInput(UNKNOWN_KIND, field="file", allowed="JPEG, PNG, WebP, PDF")


def _write(place: Path, data: bytes) -> None:
    """Whole or not at all: written beside, brought to disk, then named."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(place)
