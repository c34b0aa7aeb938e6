"""Leading groups, their offices and working groups (领导小组、办公室、工作组), and departments that enter
areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Conflict, Message
from gridward.kernel.ids import uuid7
from gridward.people.actions.changing import changing, journal, missing
from gridward.people.facts import iso
from gridward.people.models import Group, Person, Presence, Seat, Unit
from gridward.people.policy import require
from gridward.people.rules.places import Area, ancestors_of, do_overlap
from gridward.people.rules.postings import WRONG_DATES

GROUP_KINDS = ("leading_group", "office", "working_group")
SEAT_ROLES = ("head", "deputy_head", "member", "liaison")
PRESENCE_KINDS = ("enters", "sponsors")

BAD_WORD = Message(
    "GW-PEOPLE-068",
    "“{found}”不在允许的词里；允许 {allowed}。",
    "“{found}” is not one of the allowed words: {allowed}.",
)
NO_DUTY = Message(
    "GW-PEOPLE-069",
    "没有写职责；请写明做什么。",
    "The duty is empty; say what is to be done.",
)
EMPTY_SEAT = Message(
    "GW-PEOPLE-071",
    "席位上既没有人也没有单位；请至少给出一个。",
    "A seat needs a person, a unit or both; give at least one.",
)
THERE_ALREADY = Message(
    "GW-PEOPLE-072",
    "该单位在这段时间已进驻或分包此处；请改日期。",
    "This unit is here in that period already; change the dates.",
)


def check_word(field: str, found: str, allowed: tuple[str, ...]) -> None:
    """Refuse a word that is not in a closed list."""
    if found not in allowed:
        raise BadInput(BAD_WORD, field=field, found=found, allowed="、".join(allowed))


def check_duty(duty: str) -> None:
    """Refuse an empty duty text."""
    if not duty.strip():
        raise BadInput(NO_DUTY, field="duty")


def create_group(
    *,
    kind: str,
    name: str,
    duty: str,
    valid_from: date,
    actor: Actor,
    now: datetime,
    parent: UUID | None = None,
    document: str = "",
) -> UUID:
    """Set up a group with its duty text; `document` is the paper that founds it."""
    require(actor, "people:group:manage")
    check_word("kind", kind, GROUP_KINDS)
    check_duty(duty)
    key = uuid7(now)
    with changing():
        if parent is not None and not Group.objects.filter(id=parent).exists():
            raise missing("group", parent)
        Group.objects.create(
            id=key,
            kind=kind,
            name=name,
            duty=duty,
            parent_id=parent,
            document=document,
            valid_from=valid_from,
        )
        payload = {"kind": kind, "name": name, "duty": duty, "parent": parent, "document": document}
        journal(f"group/{key}", "create", actor, now, {**payload, "valid_from": iso(valid_from)})
    return key


def dissolve_group(*, group: UUID, on: date, actor: Actor, now: datetime) -> None:
    """End a group and all its seats on a day."""
    require(actor, "people:group:manage")
    with changing():
        row = Group.objects.filter(id=group).first()
        if row is None:
            raise missing("group", group)
        row.valid_to = max(on, row.valid_from)
        row.save(update_fields=["valid_to"])
        Seat.objects.filter(group=row, valid_to__isnull=True).update(valid_to=row.valid_to)
        journal(f"group/{group}", "dissolve", actor, now, {"on": iso(row.valid_to)})


def seat(
    *,
    group: UUID,
    role: str,
    valid_from: date,
    actor: Actor,
    now: datetime,
    person: UUID | None = None,
    unit: UUID | None = None,
    duty: str = "",
) -> UUID:
    """Give a person, a unit, or a person for a unit (liaison 联络员) a seat in a group."""
    require(actor, "people:group:manage")
    check_word("role", role, SEAT_ROLES)
    if person is None and unit is None:
        raise BadInput(EMPTY_SEAT, field="person")
    key = uuid7(now)
    with changing():
        _check_there(group, person, unit)
        Seat.objects.create(
            id=key,
            group_id=group,
            person_id=person,
            unit_id=unit,
            role=role,
            duty=duty,
            valid_from=valid_from,
        )
        payload = {"seat": key, "person": person, "unit": unit, "role": role, "duty": duty}
        journal(f"group/{group}", "seat", actor, now, {**payload, "valid_from": iso(valid_from)})
    return key


def _check_there(group: UUID, person: UUID | None, unit: UUID | None) -> None:
    if not Group.objects.filter(id=group).exists():
        raise missing("group", group)
    if person is not None and not Person.objects.filter(id=person).exists():
        raise missing("person", person)
    if unit is not None and not Unit.objects.filter(id=unit).exists():
        raise missing("unit", unit)


def vacate_seat(*, seat: UUID, on: date, actor: Actor, now: datetime) -> None:
    """End a seat on a day."""
    require(actor, "people:group:manage")
    with changing():
        row = Seat.objects.filter(id=seat).first()
        if row is None:
            raise missing("seat", seat)
        row.valid_to = max(on, row.valid_from)
        row.save(update_fields=["valid_to"])
        journal(f"group/{row.group_id}", "vacate", actor, now, {"seat": seat, "on": iso(row.valid_to)})


@dataclass(frozen=True)
class PresenceOrder:
    """A department in an area. kind "enters" (进格) or "sponsors" (分包); `liaison` is its person for the
    area."""

    unit: UUID
    area: Area
    duty: str
    valid_from: date
    kind: str = "enters"
    liaison: UUID | None = None
    valid_to: date | None = None


def enter_area(order: PresenceOrder, *, actor: Actor, now: datetime) -> UUID:
    """Record that a department works in an area, and for what. Several departments may (八进网格)."""
    check_word("kind", order.kind, PRESENCE_KINDS)
    check_duty(order.duty)
    if order.valid_to is not None and order.valid_to <= order.valid_from:
        raise BadInput(WRONG_DATES, field="to", start=str(order.valid_from), end=str(order.valid_to))
    ancestors = ancestors_of(order.area)
    require(actor, "people:posting:manage", ancestors=ancestors)
    key = uuid7(now)
    with changing():
        if not Unit.objects.filter(id=order.unit).exists():
            raise missing("unit", order.unit)
        for row in Presence.objects.filter(unit_id=order.unit, kind=order.kind, area=order.area.id):
            if do_overlap(order.valid_from, order.valid_to, row.valid_from, row.valid_to):
                raise Conflict(THERE_ALREADY, field="unit")
        columns = dict(zip(("a1", "a2", "a3", "a4", "a5"), ancestors, strict=True))
        Presence.objects.create(
            id=key, unit_id=order.unit, kind=order.kind, scheme=order.area.scheme, area=order.area.id,
            area_rank=order.area.rank, duty=order.duty, liaison_id=order.liaison, valid_from=order.valid_from,
            valid_to=order.valid_to, **columns,
        )  # fmt: skip
        payload = {
            "unit": order.unit, "kind": order.kind, "area": order.area.id, "scheme": order.area.scheme,
            "duty": order.duty, "liaison": order.liaison, "valid_from": iso(order.valid_from),
            "valid_to": iso(order.valid_to),
        }  # fmt: skip
        journal(f"presence/{key}", "enter", actor, now, payload)
    return key


def leave_area(*, presence: UUID, on: date, actor: Actor, now: datetime) -> None:
    """End the presence of a department in an area on a day."""
    with changing():
        row = Presence.objects.filter(id=presence).first()
        if row is None:
            raise missing("presence", presence)
        require(actor, "people:posting:manage", ancestors=(row.a1, row.a2, row.a3, row.a4, row.a5))
        row.valid_to = max(on, row.valid_from)
        row.save(update_fields=["valid_to"])
        journal(f"presence/{presence}", "leave", actor, now, {"on": iso(row.valid_to)})
