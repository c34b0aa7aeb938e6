"""Define a ledger: from a pack, or local from an import. Old versions are kept; subjects name theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Conflict, Message
from gridward.ledger import bulk, models
from gridward.ledger.rules import Definition, both
from gridward.logbook.actions import append_to, touch
from gridward.logbook.rules import canonical
from gridward.people import queries as people

SEALED_KEY = Message(
    "GW-LEDGER-040",
    "台账“{ledger}”的主键字段“{found}”是个人信息；主键不得用个人信息，请改用编号。",
    "The key field {found} of ledger {ledger} is personal; use a number as the key instead.",
)
TOO_MANY = Message(
    "GW-LEDGER-041",
    "台账“{ledger}”有 {found} 个索引字段，最多 {allowed} 个。",
    "Ledger {ledger} has {found} indexed fields, at most {allowed} are allowed.",
)
OTHER_PACK = Message(
    "GW-LEDGER-042",
    "台账“{ledger}”属于方案包“{found}”，不能由“{allowed}”改写；请换一个代码。",
    "Ledger {ledger} belongs to the pack {found} and cannot be redefined by {allowed}; choose another code.",
)
TYPE_CHANGED = Message(
    "GW-LEDGER-043",
    "台账“{ledger}”的字段“{field_id}”原为 {found}，不能改成 {allowed}；请用新的字段代码。",
    "Field {field_id} of ledger {ledger} is {found} and cannot become {allowed}; use a new field id.",
)
MAX_INDEXED = 8


def define_ledger(
    *, definition: Mapping[str, Any], pack: str, version: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Put a definition in force (a `ledgers` entry of a pack; `pack` "" = local). The same again changes nothing.

    Returns {"code", "version", "fields", "changed"}. Field ids never change their type.
    """
    people.require(actor, "ledger:ledger:define")
    read = Definition.read(definition, version=version, pack=pack)
    body = canonical(_plain(definition))
    with transaction.atomic():
        row = models.Ledger.objects.select_for_update().filter(code=read.code).first()
        changed = row is None or row.body != body or row.version != version
        if changed:
            before = Definition.read(orjson.loads(row.body)) if row else None
            _check(read, before, row)
            _write(read, body, before, now)
            payload = {"ledger": read.code, "pack": pack, "version": version, "fields": sorted(read.fields)}
            append_to(stream=f"ledger/{read.code}", move="define", actor=actor, now=now, payload=payload)
            touch("ledgers")
    return {"code": read.code, "version": version, "fields": len(read.fields), "changed": changed}


def _check(read: Definition, before: Definition | None, row: models.Ledger | None) -> None:
    for name in read.key:
        if read.fields[name].sealed:
            raise BadInput(SEALED_KEY, field="key", ledger=read.code, found=name)
    indexed = [f for f in read.fields.values() if f.indexed]
    if len(indexed) > MAX_INDEXED:
        raise BadInput(TOO_MANY, field="fields", ledger=read.code, found=len(indexed), allowed=MAX_INDEXED)
    if row is not None and row.pack and row.pack != read.pack:
        raise Conflict(OTHER_PACK, ledger=read.code, found=row.pack, allowed=read.pack or "local")
    for name, rule in read.fields.items():
        old = before.fields.get(name) if before else None
        if old is not None and (old.type != rule.type or old.sealed != rule.sealed):
            raise Conflict(TYPE_CHANGED, ledger=read.code, field_id=name, found=old.type, allowed=rule.type)


def _write(read: Definition, body: str, before: Definition | None, now: datetime) -> None:
    row = {
        "label": canonical(both(read.label)),
        "scheme": read.scheme,
        "pack": read.pack,
        "version": read.version,
        "body": body,
    }
    models.Ledger.objects.update_or_create(
        code=read.code, defaults=row, create_defaults={**row, "created_at": now}
    )
    models.LedgerVersion.objects.update_or_create(
        ledger=read.code,
        version=read.version,
        defaults={"body": body},
        create_defaults={"body": body, "created_at": now},
    )
    wanted = {n for n, f in read.fields.items() if f.indexed and not f.sealed}
    old = {n for n, f in before.fields.items() if f.indexed and not f.sealed} if before else set()
    bulk.sync_indexes(read.code, sorted(wanted), sorted(old - wanted))


def _plain(value: Any) -> Any:
    """A definition without floats (min: 0.5): canonical text holds none."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return repr(value) if isinstance(value, float) else value
