"""What waits for somebody: items to the person, to own units, to the posts held on an area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from gridward.kernel.actor import Actor
from gridward.people.models import InboxItem, Membership
from gridward.people.policy import CoverGrant
from gridward.people.queries.kept import Stamps, day_of
from gridward.people.queries.postings import postings_of


@dataclass(frozen=True)
class InboxLine:
    """One open item. `subject` reads "case/<id>"."""

    id: UUID
    kind: str
    subject: str
    zh: str
    en: str
    due_at: datetime | None
    created_at: datetime


def _addressed_to(actor: Actor, at: datetime, stamps: Stamps | None) -> Q:
    """To the person, to a unit worked in, or to a post on an area held now; a deputy sees them during cover
    only."""
    if actor.id is None:
        return Q(pk__in=[])
    day = day_of(at, stamps)
    working = Membership.objects.filter(person_id=actor.id, valid_from__lte=day).exclude(valid_to__lte=day)
    wanted = Q(person=actor.id) | Q(unit__in=list(working.values_list("unit_id", flat=True)))
    covered = {g.scope.id for g in actor.grants if isinstance(g, CoverGrant)}
    for held in postings_of(actor.id, at=at, stamps=stamps):
        if held.rank != "deputy" or held.target in covered:
            wanted |= Q(post=held.post, area=held.target)
            if held.on == "unit":
                wanted |= Q(unit=held.target)
    return wanted


def inbox(
    actor: Actor, at: datetime, *, limit: int = 50, after: UUID | None = None, stamps: Stamps | None = None
) -> list[InboxLine]:
    """Open items of `actor`, the earliest due first and those without due date last; `after`: id of the last
    seen."""
    rows = InboxItem.objects.filter(_addressed_to(actor, at, stamps), done_at__isnull=True)
    seen = InboxItem.objects.filter(pk=after).first() if after else None
    if seen is not None:
        later = Q(due_at=seen.due_at, id__gt=seen.id)
        if seen.due_at is not None:
            later |= Q(due_at__gt=seen.due_at) | Q(due_at__isnull=True)
        else:
            later = Q(due_at__isnull=True, id__gt=seen.id)
        rows = rows.filter(later)
    ordered = rows.order_by(F("due_at").asc(nulls_last=True), "id")[:limit]
    return [InboxLine(i.id, i.kind, i.subject, i.zh, i.en, i.due_at, i.created_at) for i in ordered]


def is_addressed_to(item: UUID, actor: Actor, at: datetime) -> bool:
    """Whether `item` lies in the inbox of `actor`, done or not."""
    return InboxItem.objects.filter(_addressed_to(actor, at, None), pk=item).exists()
