"""What ledgers do when another room says that something happened."""

from __future__ import annotations

from datetime import datetime

from gridward.kernel.actor import SYSTEM
from gridward.ledger.actions import define_ledger, rehome_subjects
from gridward.logbook.facts import Delivered
from gridward.packs import queries as packs


def on_division_came_into_force(fact: Delivered, *, now: datetime) -> None:
    """Living subjects follow the new division; ended ones keep theirs."""
    reason = f"division {fact.data['division']}" if fact.data.get("division") else "division"
    rehome_subjects(scheme=str(fact.data["scheme"]), reason=reason, now=now)


def on_pack_installed(fact: Delivered, *, now: datetime) -> None:
    """Put the pack's ledgers in force."""
    pack, version = str(fact.data["pack"]), str(fact.data["version"])
    for body in packs.document(pack, version).get("ledgers") or []:
        define_ledger(definition=body, pack=pack, version=version, actor=SYSTEM, now=now)
