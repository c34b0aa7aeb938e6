"""What a new file and a changed file write: columns, journal payload, sealed parts, fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from gridward.ledger import models
from gridward.ledger.queries.blind import digest_of
from gridward.ledger.rules import Definition, Given, Home, difference
from gridward.ledger.rules.files import filled, key_of, named, point_text, split_values, without_empty
from gridward.logbook.actions.keys import seal
from gridward.logbook.rules import canonical

Sealed = dict[str, dict[str, str]]
Sealer = Callable[..., Sealed]


def owner_of(subject: UUID) -> str:
    """The stream of a subject, which owns the key of its personal values."""
    return f"subject/{subject}"


@dataclass(frozen=True)
class Written:
    """One subject ready to write. `payload` is the journal's; `digests` None: a fingerprint goes away."""

    columns: dict[str, Any]
    payload: dict[str, Any]
    digests: dict[str, str | None] = field(default_factory=dict)
    fields: tuple[str, ...] = ()


def new_file(
    definition: Definition,
    subject: UUID,
    number: str,
    given: Given,
    home: Home,
    *,
    key: str | None,
    source: str,
    now: datetime,
) -> Written:
    """The first state of a file; its journal entry holds every value, personal ones as ciphertext."""
    open_, personal = split_values(definition, without_empty(given.values))
    plain = {n: v for n, v in personal.items() if v}
    sealed = seal(owner=owner_of(subject), values=plain, now=now) if plain else {}
    name, folded = named(given.name, number)
    have, wanted = filled(definition, open_, sealed)
    columns = {
        "id": subject,
        "ledger": definition.code,
        "number": number,
        "key": key or key_of(definition, open_),
        "name": name,
        "name_folded": folded,
        **home.columns(),
        **_point(given.lon, given.lat),
        "address": given.address or "",
        "fields": canonical(open_),
        "sealed": canonical(sealed) if sealed else "",
        "have": have,
        "wanted": wanted,
        "version": definition.version,
        "seq": 1,
        "source": source,
        "created_at": now,
        "updated_at": now,
    }
    facts = {
        "ledger": definition.code,
        "version": definition.version,
        "number": number,
        "key": columns["key"],
        "source": source,
        "name": name,
        "address": columns["address"],
        "point": given.point,
        "area": str(home.area) if home.area else None,
        "area_code": home.code,
        "values": open_,
        "sealed": sealed,
    }
    digests: dict[str, str | None] = {n: digest_of(definition.code, n, v) for n, v in plain.items()}
    return Written(columns, {n: v for n, v in facts.items() if v}, digests)


def _point(lon: float | None, lat: float | None) -> dict[str, float | None]:
    if lon is None or lat is None:
        return {"lon": None, "lat": None}
    return {"lon": round(lon, 6), "lat": round(lat, 6)}


def changed_file(
    row: models.Subject,
    definition: Definition,
    given: Given,
    home: Home | None,
    *,
    digests: Mapping[str, str],
    now: datetime,
    sealer: Sealer = seal,
) -> Written | None:
    """What `given` changes in a file; None when nothing differs. `home` None: it stays where it is.

    `digests` are the fingerprints of the personal values that stand now: they are compared, never opened.
    A preview hands in a `sealer` that makes no keys.
    """
    open_now = orjson.loads(row.fields)
    sealed_now: Sealed = orjson.loads(row.sealed) if row.sealed else {}
    open_, personal = split_values(definition, given.values)
    change = difference(open_now, open_)
    fresh = {n: _digest(definition.code, n, v) for n, v in personal.items()}
    touched = {n: v for n, v in personal.items() if digests.get(n) != fresh[n]}
    basics = _basics(row, given, home)
    if not (change.after or touched or basics.after):
        return None
    sealed_after = sealer(owner=owner_of(row.id), values=_texts(touched), now=now) if touched else {}
    payload: dict[str, Any] = {
        "before": {**change.before, **basics.before},
        "after": {**change.after, **basics.after},
    }
    if touched:
        before = {n: sealed_now.get(n) for n in touched}
        payload["sealed"] = {"before": before, "after": {n: sealed_after.get(n) for n in touched}}
    columns = _columns(row, definition, given, home, without_empty({**open_now, **change.after}))
    kept = {n: v for n, v in {**sealed_now, **{n: sealed_after.get(n) for n in touched}}.items() if v}
    have, wanted = filled(definition, orjson.loads(columns["fields"]), kept)
    columns |= {"sealed": canonical(kept) if kept else "", "have": have, "wanted": wanted, "updated_at": now}
    names = tuple(sorted({*change.after, *touched, *basics.after}))
    return Written(columns, payload, {n: fresh[n] for n in touched}, names)


def _texts(values: Mapping[str, str | None]) -> dict[str, str]:
    return {n: v for n, v in values.items() if v}


def _digest(ledger: str, name: str, value: str | None) -> str | None:
    return digest_of(ledger, name, value) if value else None


def _basics(row: models.Subject, given: Given, home: Home | None) -> Any:
    """Changes of name, address, point and home, as the journal shows them."""
    now: dict[str, Any] = {"name": row.name, "address": row.address, "point": point_text(row.lon, row.lat)}
    wanted: dict[str, Any] = {}
    if given.name:
        wanted["name"] = given.name.strip()
    if given.address is not None:
        wanted["address"] = given.address
    if given.point is not None:
        wanted["point"] = given.point
    if home is not None:
        now["area"], wanted["area"] = _text(row.area), _text(home.area)
        now["by_hand"], wanted["by_hand"] = row.by_hand, home.by_hand
    return difference(now, wanted)


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _columns(
    row: models.Subject, definition: Definition, given: Given, home: Home | None, open_: Mapping[str, Any]
) -> dict[str, Any]:
    name, folded = named(given.name or row.name, row.number)
    place = home.columns() if home is not None else {n: getattr(row, n) for n in Home().columns()}
    point = {"lon": row.lon, "lat": row.lat} if given.lon is None else _point(given.lon, given.lat)
    return {
        "id": row.id,
        "key": key_of(definition, open_) or row.key,
        "name": name,
        "name_folded": folded,
        **place,
        **point,
        "address": row.address if given.address is None else given.address,
        "fields": canonical(dict(open_)),
        "version": definition.version,
        "seq": row.seq + 1,
    }
