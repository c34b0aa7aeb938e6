"""Who is away: leave from everything, or standing aside from one posting. No reasons are kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import record_fact
from gridward.people.actions.changing import changing, journal, missing
from gridward.people.actions.postings import MANAGE, scope_of
from gridward.people.facts import AbsenceEnded, AbsenceRecorded
from gridward.people.models import Absence, Person, Posting
from gridward.people.policy import allows, require
from gridward.people.queries.kept import day_of
from gridward.people.rules.postings import WRONG_DATES


def record_absence(
    *,
    person: UUID,
    started_at: datetime,
    actor: Actor,
    now: datetime,
    ended_at: datetime | None = None,
    posting: UUID | None = None,
) -> UUID:
    """A person is away, from everything or from one posting (then somebody else decides it); B posts act
    meanwhile."""
    if ended_at is not None and ended_at <= started_at:
        raise BadInput(WRONG_DATES, field="ended_at", start=started_at.isoformat(), end=ended_at.isoformat())
    with changing():
        if not Person.objects.filter(id=person).exists():
            raise missing("person", person)
        _require_over(actor, person, posting, now)
        key = uuid7(now)
        Absence.objects.create(
            id=key, person_id=person, posting_id=posting, started_at=started_at, ended_at=ended_at
        )
        payload = {"absence": key, "posting": posting, "started_at": started_at, "ended_at": ended_at}
        journal(f"person/{person}", "absence", actor, now, payload)
        fact = AbsenceRecorded(key, person, posting, started_at, ended_at)
        record_fact(fact, stream=f"person/{person}", now=now)
    return key


def end_absence(*, absence: UUID, ended_at: datetime, actor: Actor, now: datetime) -> None:
    """A person is back (earlier than planned, or at last)."""
    with changing():
        row = Absence.objects.filter(id=absence).first()
        if row is None:
            raise missing("absence", absence)
        _require_over(actor, row.person_id, row.posting_id, now)
        row.ended_at = max(ended_at, row.started_at)
        row.save(update_fields=["ended_at"])
        journal(f"person/{row.person_id}", "back", actor, now, {"absence": absence, "ended_at": row.ended_at})
        fact = AbsenceEnded(absence=absence, person=row.person_id, ended_at=row.ended_at)
        record_fact(fact, stream=f"person/{row.person_id}", now=now)


def _require_over(actor: Actor, person: UUID, posting: UUID | None, now: datetime) -> None:
    """Own leave, or a manager over one of the person's postings; standing aside is never one's own
    decision."""
    if posting is None and actor.id == person:
        return
    rows = Posting.objects.filter(person_id=person)
    rows = rows.filter(id=posting) if posting else rows.exclude(valid_to__lte=day_of(now))
    if posting and not rows:
        raise missing("posting", posting)
    if not any(allows(actor, MANAGE, **scope_of(row)) for row in rows):
        require(actor, MANAGE)
