"""What ledgers do when another room says that something happened."""

from __future__ import annotations

from datetime import datetime

from gridward.logbook.facts import Delivered


def on_division_came_into_force(fact: Delivered, *, now: datetime) -> None:
    """Subjects follow the new division."""
