"""After a new division: living subjects get their homes anew, in slices; ended ones keep theirs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from gridward.grids import queries as grids
from gridward.grids.rules import AreaRef
from gridward.kernel.actor import SYSTEM
from gridward.ledger import models
from gridward.ledger.actions.homes import Homes
from gridward.ledger.actions.subjects import rehome
from gridward.ledger.queries.definitions import definitions
from gridward.ledger.rules import Definition, Home
from gridward.logbook import queries as logbook

SLICE = 500


def rehome_subjects(*, scheme: str, reason: str, now: datetime) -> int:
    """Give the living subjects of a scheme the homes of the division in force; returns how many moved.

    A home that a person named stays while its area stands; an area that ended is followed to where most of its
    ground went. A subject whose leaf stays but hangs elsewhere gets new ancestors without a journal entry.
    """
    moved = 0
    default = grids.default_scheme(logbook.stamps().get("grids", 0))
    for of in definitions().values():
        if (of.scheme or default) == scheme:
            moved += _rehome_ledger(of, reason, now)
    return moved


def _rehome_ledger(of: Definition, reason: str, now: datetime) -> int:
    homes, moved, after = Homes(of, now.date()), 0, UUID(int=0)
    living = Q(ledger=of.code, ended_on__isnull=True) & (Q(lon__isnull=False) | Q(area__isnull=False))
    while batch := list(models.Subject.objects.filter(living, id__gt=after).order_by("id")[:SLICE]):
        after = batch[-1].id
        with transaction.atomic():
            moved += sum(_rehome_one(row, of, homes, reason, now) for row in batch)
    return moved


def _rehome_one(row: models.Subject, of: Definition, homes: Homes, reason: str, now: datetime) -> int:
    home = _home_now(row, homes)
    if home.area != row.area:
        rehome(row, of, home, move="rehome", reason=reason, actor=SYSTEM, now=now)
        return 1
    above = {n: v for n, v in home.columns().items() if n.startswith("a") and n != "area"}
    if any(getattr(row, n) != v for n, v in above.items()):
        models.Subject.objects.filter(id=row.id).update(**above)
    return 0


def _home_now(row: models.Subject, homes: Homes) -> Home:
    if row.lon is not None and not row.by_hand:
        return homes.at(row.lon, row.lat)
    stands = homes.locator.by_id(row.area) if homes.locator and row.area else None
    if stands is not None:
        return homes.of(stands, by_hand=row.by_hand)
    successor = _successor(row.area, homes) if row.area else None
    if successor is not None:
        return homes.of(successor, by_hand=row.by_hand)
    return homes.at(row.lon, row.lat)


def _successor(area: UUID, homes: Homes) -> AreaRef | None:
    """Where most of the ground of an ended area went, if that stands now."""
    lines = [line for line in grids.lineage_of(area) if line.old.id == area]
    for line in sorted(lines, key=lambda line: -(line.share_old or 0)):
        found = homes.locator.by_id(line.new.id) if homes.locator else None
        if found is not None:
            return found
    return None
