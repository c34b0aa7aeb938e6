"""Put things into inboxes and take them out when they are done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.ids import uuid7
from gridward.people.actions.changing import missing
from gridward.people.models import InboxItem
from gridward.people.queries.inbox import is_addressed_to


@dataclass(frozen=True)
class Note:
    """Something for a person, a unit, or the holders of a post on an area (`post` with `area`).

    `subject` reads "case/<id>"; `zh` and `en` are whole sentences.
    """

    kind: str
    subject: str
    zh: str
    en: str
    person: UUID | None = None
    unit: UUID | None = None
    post: str = ""
    area: UUID | None = None
    due_at: datetime | None = None


def send(notes: Iterable[Note], *, now: datetime) -> int:
    """Put notes into inboxes, inside the caller's transaction, with one statement; returns how many."""
    rows = [
        InboxItem(
            id=uuid7(now), person=n.person, unit=n.unit, post=n.post, area=n.area, kind=n.kind,
            subject=n.subject, zh=n.zh, en=n.en, due_at=n.due_at, created_at=now,
        )
        for n in notes
    ]  # fmt: skip
    return len(InboxItem.objects.bulk_create(rows))


def settle(*, subject: str, now: datetime, kind: str = "", by: UUID | None = None) -> int:
    """Everything open about `subject` (of one kind, when given) is done; returns how many; one statement."""
    rows = InboxItem.objects.filter(subject=subject, done_at__isnull=True)
    return (rows.filter(kind=kind) if kind else rows).update(done_at=now, done_by=by)


def finish_item(*, item: UUID, actor: Actor, now: datetime) -> None:
    """Somebody ticks an own item off; Missing when it lies in nobody's inbox of theirs. Twice changes
    nothing."""
    if not is_addressed_to(item, actor, now):
        raise missing("item", item)
    InboxItem.objects.filter(id=item, done_at__isnull=True).update(done_at=now, done_by=actor.id)
