"""Reading packs: what is published, and the pinned documents of older versions."""

from __future__ import annotations

from typing import Any

import orjson

from gridward.kernel.errors import Message, Missing
from gridward.packs.models import PackVersion

NO_PACK = Message(
    "GW-PACKS-060",
    "没有安装方案包“{found}”；已安装的有：{allowed}。",
    "The pack {found} is not installed; installed are: {allowed}.",
)


def installed() -> list[dict[str, Any]]:
    """All versions, newest first: {"pack", "version", "state", "title", "digest", "installed_at"}."""
    rows = PackVersion.objects.order_by("pack", "-installed_at")
    return [
        {
            "pack": row.pack,
            "version": row.version,
            "state": row.state,
            "title": orjson.loads(row.title),
            "digest": row.digest,
            "installed_at": row.installed_at.isoformat(),
        }
        for row in rows
    ]


def document(pack: str, version: str | None = None) -> dict[str, Any]:
    """The document of a version (the published one when none is named). Missing when there is none."""
    rows = PackVersion.objects.filter(pack=pack)
    row = rows.filter(version=version).first() if version else rows.filter(state="published").first()
    if row is None:
        known = ", ".join(sorted(set(PackVersion.objects.values_list("pack", flat=True)))) or "—"
        raise Missing(NO_PACK, found=pack, allowed=known)
    found: dict[str, Any] = orjson.loads(row.body)
    return found
