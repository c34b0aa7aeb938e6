"""End postings: with a handover list that the successor signs, and a place on the gap list when nobody
follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import Conflict
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import record_fact
from gridward.people.actions.changing import changing, journal, missing
from gridward.people.actions.gaps import open_gap
from gridward.people.actions.postings import MANAGE, posting_row, scope_of
from gridward.people.facts import HandoverSigned, PostingEnded, iso
from gridward.people.models import Handover, Person, Posting
from gridward.people.policy import allows, require
from gridward.people.queries.kept import day_of
from gridward.people.rules.postings import NOT_RECEIVER, RECEIVER_GIVES, SIGNED_ALREADY, check_end


def end_posting(
    *,
    posting: UUID,
    on: date,
    why: str,
    actor: Actor,
    now: datetime,
    open_items: Sequence[Mapping[str, str]] = (),
    receiver: UUID | None = None,
) -> UUID:
    """End a posting (`on` is the first day it no longer holds) and open its handover; returns the handover.

    `open_items`: [{"ref": "case/<id>", "text": "…"}], known to the caller; more may follow with
    add_open_items.
    """
    with changing():
        row = posting_row(posting)
        actor = require(actor, MANAGE, **scope_of(row))
        return finish_posting(row, on, why, actor, now, open_items=open_items, receiver=receiver)


def finish_posting(
    row: Posting,
    on: date,
    why: str,
    actor: Actor,
    now: datetime,
    *,
    open_items: Sequence[Mapping[str, str]] = (),
    receiver: UUID | None = None,
    place_stays: bool = True,
) -> UUID:
    """End a posting inside the caller's `changing`; a lead's area goes on the gap list when nobody follows.

    `place_stays` is false when the area itself is closed: what is not there cannot be without a lead.
    """
    check_end(row.valid_from, row.valid_to, on)
    row.valid_to, row.ended_why = on, why
    row.save(update_fields=["valid_to", "ended_why"])
    key = uuid7(now)
    items = _items(open_items)
    Handover.objects.create(id=key, posting=row, open_items=items, receiver_id=receiver, created_at=now)
    stream = f"posting/{row.id}"
    journal(stream, "end", actor, now, {"on": iso(on), "why": why, "handover": key, "open_items": items})
    fact = PostingEnded(
        posting=row.id,
        person=row.person_id,
        post=row.post.code,
        target=row.target,
        rank=row.rank,
        on=on.isoformat(),
        why=why,
        handover=key,
    )
    record_fact(fact, stream=stream, now=now)
    if place_stays and row.leads != "-" and row.area is not None and not _follower(row, on):
        open_gap(row.scheme, row.area, row.area_rank, why, now)
    return key


def _follower(row: Posting, on: date) -> bool:
    """Whether somebody else leads the place from the day the posting ends."""
    others = Posting.objects.filter(target=row.target, leads=row.leads).exclude(id=row.id)
    return others.filter(valid_from__lte=on).exclude(valid_to__lte=on).exists()


def _items(open_items: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"ref": item["ref"], "text": item.get("text", "")} for item in open_items]


def add_open_items(
    *, handover: UUID, open_items: Sequence[Mapping[str, str]], actor: Actor, now: datetime
) -> int:
    """Put more items on a handover that is not yet signed (rooms above do so on PostingEnded); returns how
    many."""
    with changing():
        row = handover_row(handover)
        actor = require(actor, MANAGE, **scope_of(row.posting))
        if row.signed_at is not None:
            raise Conflict(SIGNED_ALREADY, found=row.signed_at.isoformat())
        known = {item["ref"] for item in row.open_items}
        fresh = [item for item in _items(open_items) if item["ref"] not in known]
        if fresh:
            row.open_items = [*row.open_items, *fresh]
            row.save(update_fields=["open_items"])
            journal(f"posting/{row.posting_id}", "add_open_items", actor, now, {"open_items": fresh})
        return len(fresh)


def handover_row(handover: UUID) -> Handover:
    """The row of a handover with its posting. Missing when there is none."""
    row = Handover.objects.select_related("posting").filter(id=handover).first()
    if row is None:
        raise missing("handover", handover)
    return row


def sign_handover(*, handover: UUID, actor: Actor, now: datetime) -> None:
    """The receiver signs for the open items: never the one who hands over, never twice, nobody else if
    named."""
    if actor.id is None:
        raise missing("person", actor.key)
    with changing():
        row = handover_row(handover)
        receiver = Person.objects.filter(id=actor.id).first()
        if receiver is None:
            raise missing("person", actor.id)
        _check_signature(row, receiver)
        if row.receiver_id is None and not allows(actor, MANAGE, **scope_of(row.posting)):
            _require_same_place(row.posting, receiver, now)
        row.receiver_id, row.signed_at = receiver.id, now
        row.save(update_fields=["receiver", "signed_at"])
        stream = f"posting/{row.posting_id}"
        journal(stream, "sign_handover", actor, now, {"handover": handover, "items": len(row.open_items)})
        fact = HandoverSigned(handover=handover, posting=row.posting_id, receiver=receiver.id)
        record_fact(fact, stream=stream, now=now)


def _check_signature(row: Handover, receiver: Person) -> None:
    if row.signed_at is not None:
        raise Conflict(SIGNED_ALREADY, found=row.signed_at.isoformat())
    if row.posting.person_id == receiver.id:
        raise Conflict(RECEIVER_GIVES, name=receiver.name)
    if row.receiver is not None and row.receiver_id != receiver.id:
        raise Conflict(NOT_RECEIVER, name=row.receiver.name)


def _require_same_place(posting: Posting, receiver: Person, now: datetime) -> None:
    """Without a named receiver only people posted at the same place may sign."""
    here = Posting.objects.filter(person=receiver, target=posting.target, valid_from__lte=day_of(now))
    if not here.exclude(valid_to__lte=day_of(now)).exists():
        raise missing("handover", posting.id)
