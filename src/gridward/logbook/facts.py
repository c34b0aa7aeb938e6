"""How rooms tell each other what happened. A fact is a frozen dataclass in the past tense.

`HANDLERS` is filled once at start-up by site/wiring.py: fact name -> handlers in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Delivered:
    """A fact as a handler receives it."""

    id: int
    kind: str
    stream: str
    at: datetime
    data: Mapping[str, Any]


Handler = Callable[..., None]
"""Called as handler(fact: Delivered, now=datetime) inside the delivery's transaction."""

HANDLERS: dict[str, tuple[Handler, ...]] = {}


@dataclass(frozen=True)
class KeyDestroyed:
    """The key of a sealed part is gone; its values can never be read again."""

    owner: str
    reason: str


@dataclass(frozen=True)
class BlobStored:
    """A file arrived whole and its hash was checked."""

    sha256: str
    size: int
    by: UUID | None
