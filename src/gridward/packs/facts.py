"""What happened to packs, for other rooms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PackInstalled:
    """A version was published; rooms to the left read their sections from packs.queries."""

    pack: str
    version: str
