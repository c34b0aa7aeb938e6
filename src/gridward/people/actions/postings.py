"""Post people: the checks, the row, the journal, the fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from gridward.kernel.actor import Actor
from gridward.kernel.clock import day_start
from gridward.kernel.errors import BadInput, Conflict
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import record_fact
from gridward.people.actions.changing import changing, journal, missing
from gridward.people.actions.gaps import close_gap
from gridward.people.facts import PersonPosted, iso
from gridward.people.models import Person, Post, Posting, Unit
from gridward.people.policy import require
from gridward.people.queries.kept import stamps_or_read, timezone_name
from gridward.people.rules.places import NOWHERE, Area, Five, ancestors_of
from gridward.people.rules.postings import (
    BAD_PAIR,
    PERSON_GONE,
    POST_RETIRED,
    Standing,
    Wanted,
    check_form,
    check_level,
    check_overlap,
    check_pair,
    check_target,
)

MANAGE = "people:posting:manage"


@dataclass(frozen=True)
class Order:
    """A posting to be written. Exactly one of area, subject and unit is the place; with an area, `unit` may
    name the department that sends the person (八进网格). `valid_to` is exclusive, None = open."""

    person: UUID
    post: UUID
    valid_from: date
    area: Area | None = None
    subject: UUID | None = None
    unit: UUID | None = None
    rank: str = "lead"
    responsibility: str = ""
    pair_of: UUID | None = None
    full_time: bool = True
    valid_to: date | None = None
    letter: str = ""

    @property
    def on(self) -> str:
        """What kind of place was given: "area", "subject", "unit" or nothing."""
        if self.area is not None:
            return "area"
        if self.subject is not None:
            return "subject"
        return "unit" if self.unit is not None else ""

    @property
    def target(self) -> UUID:
        key = self.area.id if self.area is not None else self.subject or self.unit
        assert key is not None
        return key

    @property
    def ancestors(self) -> Five:
        return ancestors_of(self.area) if self.area is not None else NOWHERE


def post_person(order: Order, *, actor: Actor, now: datetime, id: UUID | None = None) -> UUID:
    """Post a person. Refuses a second lead, the same posting twice, more areas than the post allows, and
    places of another kind or level than the post is for; each with a sentence."""
    with changing():
        return enter_posting(order, actor=actor, now=now, id=id)


def enter_posting(order: Order, *, actor: Actor, now: datetime, id: UUID | None = None) -> UUID:
    """Check and write one posting, inside the caller's `changing`."""
    post = Post.objects.filter(id=order.post).first()
    person = Person.objects.filter(id=order.person).first()
    if post is None:
        raise missing("post", order.post)
    if person is None:
        raise missing("person", order.person)
    actor = _require(actor, order, post)
    leads = _check(order, post, person)
    key = id or uuid7(now)
    a1, a2, a3, a4, a5 = order.ancestors
    Posting.objects.create(
        id=key, person=person, post=post, target=order.target, leads=leads, created_at=now,
        scheme=order.area.scheme if order.area else "", area=order.area.id if order.area else None,
        area_rank=order.area.rank if order.area else 0, a1=a1, a2=a2, a3=a3, a4=a4, a5=a5,
        subject=order.subject, unit_id=order.unit, rank=order.rank, responsibility=order.responsibility,
        pair_of_id=order.pair_of, full_time=order.full_time, valid_from=order.valid_from,
        valid_to=order.valid_to, letter=order.letter,
    )  # fmt: skip
    _tell(key, order, post, actor, now)
    if leads != "-" and order.area is not None:
        begin = day_start(order.valid_from, timezone_name(stamps_or_read(None)))
        close_gap(order.target, max(now, begin))
    return key


def _require(actor: Actor, order: Order, post: Post) -> Actor:
    """Who acts, for the journal. A post that reaches everywhere is given only by somebody who does."""
    if post.everywhere:
        return require(actor, MANAGE)
    own = order.unit if order.on == "unit" else None
    return require(actor, MANAGE, ancestors=order.ancestors, unit=own, subject=order.subject)


def _check(order: Order, post: Post, person: Person) -> str:
    """All refusals; returns the pack whose lead of the place this posting is, "-" for none."""
    check_form(order.rank, order.responsibility, order.valid_from, order.valid_to)
    check_target(post.code, post.on, order.on)
    if order.area is not None:
        place = (order.area.scheme, order.area.rank)
        levels = post.sponsors if order.rank == "sponsor" else [post.rank]
        check_level(post.code, (post.scheme, levels), place)
    if order.unit is not None and not Unit.objects.filter(id=order.unit).exists():
        raise missing("unit", order.unit)
    if not person.active:
        raise Conflict(PERSON_GONE, field="person", name=person.name)
    if post.retired_at is not None:
        raise Conflict(POST_RETIRED, field="post", post=post.code)
    leads = (post.pack or "house") if post.lead and order.rank == "lead" else "-"
    wanted = Wanted(
        person.id,
        person.name,
        post.id,
        post.zh,
        order.target,
        order.rank,
        leads,
        order.valid_from,
        order.valid_to,
    )
    touching = Q(target=order.target) | Q(person=person, post=post)
    check_overlap(wanted, _standing(touching), post.max_areas)
    if order.pair_of is not None:
        partner = next(iter(_standing(Q(id=order.pair_of))), None)
        if partner is None:
            raise BadInput(BAD_PAIR, field="pair")
        check_pair(person.id, order.target, partner, order.valid_from, order.valid_to)
    return leads


def _standing(which: Q) -> list[Standing]:
    columns = ("person_id", "person__name", "post_id", "target", "rank", "leads", "valid_from", "valid_to")
    return [Standing(*row) for row in Posting.objects.filter(which).values_list(*columns)]


def _tell(key: UUID, order: Order, post: Post, actor: Actor, now: datetime) -> None:
    stream = f"posting/{key}"
    payload: dict[str, Any] = {
        "person": order.person, "pack": post.pack, "post": post.code, "on": order.on, "target": order.target,
        "unit": order.unit, "rank": order.rank, "responsibility": order.responsibility,
        "pair_of": order.pair_of, "full_time": order.full_time, "valid_from": iso(order.valid_from),
        "valid_to": iso(order.valid_to), "letter": order.letter,
        **({"scheme": order.area.scheme, "ancestors": list(order.ancestors)} if order.area else {}),
    }  # fmt: skip
    journal(stream, "post", actor, now, payload)
    fact = PersonPosted(
        posting=key,
        person=order.person,
        post=post.code,
        on=order.on,
        target=order.target,
        rank=order.rank,
        valid_from=order.valid_from.isoformat(),
        valid_to=iso(order.valid_to),
    )
    record_fact(fact, stream=stream, now=now)


def pair_up(*, posting: UUID, partner: UUID, actor: Actor, now: datetime) -> None:
    """Make two postings at one place a pair (新老、强弱结对)."""
    with changing():
        row = posting_row(posting)
        actor = require(actor, MANAGE, **scope_of(row))
        other = next(iter(_standing(Q(id=partner))), None)
        if other is None:
            raise missing("posting", partner)
        check_pair(row.person_id, row.target, other, row.valid_from, row.valid_to)
        row.pair_of_id = partner
        row.save(update_fields=["pair_of"])
        journal(f"posting/{posting}", "pair", actor, now, {"partner": partner})


def posting_row(posting: UUID) -> Posting:
    """The row of a posting with its post. Missing when there is none."""
    row = Posting.objects.select_related("post", "person").filter(id=posting).first()
    if row is None:
        raise missing("posting", posting)
    return row


def scope_of(row: Posting) -> dict[str, Any]:
    """What permission checks need of a posting; the department that sends somebody gives no power over it."""
    return {
        "ancestors": (row.a1, row.a2, row.a3, row.a4, row.a5),
        "unit": row.unit_id if row.target == row.unit_id else None,
        "subject": row.subject,
    }
