"""Units: create, find or create for imports, other spellings, head, people who work there."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Conflict, Message
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import record_fact
from gridward.people.actions.changing import changing, journal, missing
from gridward.people.facts import UnitCreated, iso
from gridward.people.models import UNIT_KINDS, Membership, Person, Unit
from gridward.people.policy import require
from gridward.people.queries.units import UnitRef, directory, fold
from gridward.people.rules.places import do_overlap
from gridward.people.rules.postings import WRONG_DATES

CODE_TAKEN = Message(
    "GW-PEOPLE-064",
    "单位代码“{found}”已属于“{name}”；请换一个代码，或给该单位加别名。",
    "The unit code {found} belongs to {name} already; choose another or add an alias to that unit.",
)
NO_UNIT_NAME = Message("GW-PEOPLE-065", "单位名称为空；请填写名称。", "The unit has no name; give one.")
UNKNOWN_KIND = Message(
    "GW-PEOPLE-066",
    "单位类型“{found}”不存在；允许 {allowed}。",
    "Unknown kind of unit “{found}”; allowed are {allowed}.",
)
WORKS_THERE = Message(
    "GW-PEOPLE-067",
    "此人在这段时间已在该单位；请改日期。",
    "The person works in this unit in that period already; change the dates.",
)


def create_unit(
    *,
    code: str,
    name: str,
    actor: Actor,
    now: datetime,
    kind: str = "unit",
    parent: UUID | None = None,
    head: UUID | None = None,
    source: str = "",
    id: UUID | None = None,
) -> UnitRef:
    """Enter a unit. Conflict when the code is taken."""
    require(actor, "people:unit:manage")
    if kind not in UNIT_KINDS:
        raise BadInput(UNKNOWN_KIND, field="kind", found=kind, allowed="、".join(UNIT_KINDS))
    with changing():
        taken = Unit.objects.filter(code=code.strip()).first()
        if taken is not None:
            raise Conflict(CODE_TAKEN, field="code", found=code, name=taken.name)
        return _enter(
            key=id or uuid7(now), code=code.strip(), name=name, kind=kind, parent=parent, head=head,
            source=source, actor=actor, now=now,
        )  # fmt: skip


def _enter(
    *,
    key: UUID,
    code: str,
    name: str,
    source: str,
    actor: Actor,
    now: datetime,
    kind: str = "unit",
    parent: UUID | None = None,
    head: UUID | None = None,
) -> UnitRef:
    clean = " ".join(name.split())
    if not clean:
        raise BadInput(NO_UNIT_NAME, field="name")
    Unit.objects.create(
        id=key,
        code=code,
        name=clean,
        kind=kind,
        parent_id=parent,
        head_id=head,
        source=source,
        created_at=now,
    )
    payload = {"code": code, "name": clean, "kind": kind, "parent": parent, "head": head, "source": source}
    journal(f"unit/{key}", "create", actor, now, payload)
    record_fact(UnitCreated(unit=key, code=code, name=clean, source=source), stream=f"unit/{key}", now=now)
    return UnitRef(key, code, clean)


def find_or_create_unit(
    *, name: str, actor: Actor, now: datetime, code: str | None = None, source: str = ""
) -> UnitRef:
    """The unit with this code, or else this name or alias; made when there is none.

    Without a code the new unit gets one from source and name, so that doing it twice finds the first. Imports
    call it inside their own transaction; several at once wait for each other.
    """
    found = _find(name, code)
    if found is not None:
        return found
    require(actor, "people:unit:manage")
    with changing():
        made = code or _code_from(source, name)
        found = _find(name, made)
        return found or _enter(key=uuid7(now), code=made, name=name, source=source, actor=actor, now=now)


def _find(name: str, code: str | None) -> UnitRef | None:
    known = directory()
    if code:
        return known.by_code.get(code.strip())
    return next(iter(known.by_name.get(fold(name), ())), None)


def _code_from(source: str, name: str) -> str:
    digest = hashlib.sha256(fold(name).encode()).hexdigest()[:10]
    return f"{source or 'unit'}-{digest}"


def add_alias(*, unit: UUID, alias: str, actor: Actor, now: datetime) -> bool:
    """Give a unit another spelling; False when it had it already."""
    require(actor, "people:unit:manage")
    with changing():
        row = _row(unit)
        if fold(alias) in {fold(row.name), *map(fold, row.aliases)}:
            return False
        row.aliases = [*row.aliases, " ".join(alias.split())]
        row.save(update_fields=["aliases"])
        journal(f"unit/{unit}", "add_alias", actor, now, {"alias": row.aliases[-1]})
        return True


def _row(unit: UUID) -> Unit:
    row = Unit.objects.filter(id=unit).first()
    if row is None:
        raise missing("unit", unit)
    return row


def name_head(*, unit: UUID, head: UUID | None, actor: Actor, now: datetime) -> None:
    """Say who heads a unit."""
    require(actor, "people:unit:manage", unit=unit)
    with changing():
        row = _row(unit)
        if head is not None and not Person.objects.filter(id=head).exists():
            raise missing("person", head)
        row.head_id = head
        row.save(update_fields=["head"])
        journal(f"unit/{unit}", "name_head", actor, now, {"head": head})


def join_unit(
    *, person: UUID, unit: UUID, valid_from: date, actor: Actor, now: datetime, valid_to: date | None = None
) -> UUID:
    """A person works in a unit from a day on. Conflict when the periods overlap."""
    require(actor, "people:unit:manage", unit=unit)
    with changing():
        return enter_membership(person, unit, valid_from, valid_to, actor=actor, now=now)


def enter_membership(
    person: UUID, unit: UUID, valid_from: date, valid_to: date | None, *, actor: Actor, now: datetime
) -> UUID:
    """Write a membership, inside the caller's `changing`."""
    if valid_to is not None and valid_to <= valid_from:
        raise BadInput(WRONG_DATES, field="to", start=str(valid_from), end=str(valid_to))
    if not Person.objects.filter(id=person).exists():
        raise missing("person", person)
    _row(unit)
    for row in Membership.objects.filter(person_id=person, unit_id=unit):
        if do_overlap(valid_from, valid_to, row.valid_from, row.valid_to):
            raise Conflict(WORKS_THERE, field="unit")
    key = uuid7(now)
    Membership.objects.create(
        id=key, person_id=person, unit_id=unit, valid_from=valid_from, valid_to=valid_to
    )
    payload = {"unit": unit, "valid_from": iso(valid_from), "valid_to": iso(valid_to)}
    journal(f"person/{person}", "join_unit", actor, now, payload)
    return key


def leave_unit(*, person: UUID, unit: UUID, on: date, actor: Actor, now: datetime) -> None:
    """A person works in a unit no longer from the day `on`."""
    require(actor, "people:unit:manage", unit=unit)
    with changing():
        row = Membership.objects.filter(person_id=person, unit_id=unit, valid_to__isnull=True).first()
        if row is None:
            raise missing("unit", unit)
        row.valid_to = max(on, row.valid_from)
        row.save(update_fields=["valid_to"])
        journal(f"person/{person}", "leave_unit", actor, now, {"unit": unit, "on": iso(row.valid_to)})
