"""What cases do when another room says that something happened."""

from __future__ import annotations

from datetime import datetime

from gridward.cases.actions.rehome import rehome_open_cases
from gridward.logbook.facts import Delivered


def on_division_came_into_force(fact: Delivered, *, now: datetime) -> None:
    """Open cases follow the new division; closed ones keep theirs."""
    rehome_open_cases(scheme=fact.data["scheme"], now=now)
