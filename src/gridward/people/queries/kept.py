"""What a process keeps between requests, each thing under the stamp that moves when it changes.

Stamps are random (logbook.actions.touch) and are moved as the last act of every change, so nothing kept in
the middle of a transaction, or by one that was rolled back, ever looks current.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from gridward.kernel.clock import local_date
from gridward.logbook import queries as logbook
from gridward.people.models import Post

Stamps = Mapping[str, int]
T = TypeVar("T")

_kept: dict[str, tuple[object, Any]] = {}


def keep(name: str, stamp: object, load: Callable[[], T]) -> T:
    """The value kept under `name` while its stamp stands, else what `load` brings."""
    known = _kept.get(name)
    if known is None or known[0] != stamp:
        known = (stamp, load())
        _kept[name] = known
    value: T = known[1]
    return value


def stamps_or_read(stamps: Stamps | None) -> Stamps:
    """The stamps handed in, or those of this instant (one statement)."""
    return logbook.stamps() if stamps is None else stamps


def timezone_name(stamps: Stamps) -> str:
    """The time zone of the jurisdiction."""
    settings = keep("settings", stamps.get("settings"), logbook.settings)
    return settings.get("timezone") or "Asia/Shanghai"


def day_of(at: datetime, stamps: Stamps | None = None) -> date:
    """The local date at `at`; one statement more when the stamps are not handed in."""
    return local_date(at, timezone_name(stamps_or_read(stamps)))


@dataclass(frozen=True)
class PostPowers:
    """What the hot path needs of a post."""

    id: UUID
    code: str
    zh: str
    en: str
    everywhere: bool
    lead: bool
    permissions: tuple[str, ...]


def posts(stamps: Stamps) -> dict[UUID, PostPowers]:
    """All posts by id, kept under the stamp "people"."""
    return keep("posts", stamps.get("people"), _load_posts)


def _load_posts() -> dict[UUID, PostPowers]:
    rows = Post.objects.values_list("id", "code", "zh", "en", "everywhere", "lead", "permissions")
    return {row[0]: PostPowers(*row[:6], tuple(row[6])) for row in rows}
