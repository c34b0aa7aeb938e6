"""Writing the step from the standing areas to new ones. Runs inside the transaction of its caller."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely
from django.db.models import Exists, OuterRef

from gridward.grids import models
from gridward.grids.bulk import latest_columns
from gridward.grids.facts import DivisionCameIntoForce
from gridward.grids.queries.schemes import STAMP
from gridward.grids.queries.standing import standing, standing_below
from gridward.grids.rules import NO_ANCESTORS, Ancestors, with_self
from gridward.grids.rules.change import (
    Changes,
    Descent,
    Reshaped,
    Standing,
    Wanted,
    check_dates,
    decide_lineage,
)
from gridward.grids.rules.moving import Moved, decide_moves
from gridward.kernel.actor import Actor
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import append_to, begin_streams, record_fact, touch
from gridward.logbook.rules import Entry, write_entry

NEWEST = date.max
"""As a date in queries: the newest version of everything, planned changes included."""

ROWS = 500


@dataclass
class Step:
    """One division on its way into force: what it changes and by whom."""

    division: models.Division
    valid_from: date
    changes: Changes
    actor: Actor
    now: datetime
    above: dict[UUID, Ancestors] = field(default_factory=dict)

    @property
    def scheme(self) -> str:
        return self.division.scheme_id

    @property
    def rank(self) -> int:
        return self.division.rank

    def ancestors(self, parent: UUID | None, own: UUID) -> Ancestors:
        return with_self(NO_ANCESTORS if parent is None else self.above[parent], self.rank, own)


def enact(step: Step) -> DivisionCameIntoForce:
    """Close, reshape and create areas, carry lower levels along, write lineage, journals and the fact.

    Refused GW-GRIDS-033, 039, 056 before anything is written.
    """
    check_dates(step.changes, step.valid_from)
    step.above = (
        {a.id: a.ancestors for a in standing(step.scheme, step.rank - 1, NEWEST)} if step.rank > 1 else {}
    )
    ids = [uuid7(step.now) for _ in step.changes.created]
    descents = decide_lineage(step.changes, ids)
    moved = _moves(step, ids, descents)
    _end_shapes([a.id for a in step.changes.touched], step.valid_from)
    _close(step)  # before creating: an area may end and another begin under the same code
    _create(step, ids)
    _reshape(step)
    _write_lineage(step, descents)
    _move(step, moved)
    latest_columns([*(r.old.id for r in step.changes.reshaped), *(mv.area.id for mv in moved)])
    fact = DivisionCameIntoForce(
        scheme=step.scheme,
        rank=step.rank,
        division=step.division.id,
        valid_from=step.valid_from.isoformat(),
        closed=tuple(a.id for a in step.changes.closed),
        created=tuple(ids),
        reshaped=tuple(r.old.id for r in step.changes.reshaped),
        moved=tuple(mv.area.id for mv in moved),
    )
    _finish(step, fact)
    return fact


def _moves(step: Step, ids: Sequence[UUID], descents: Sequence[Descent]) -> list[Moved]:
    """Areas of lower levels whose ancestors change because theirs ended or got another parent."""
    gone = [a.id for a in step.changes.closed]
    turned = [r for r in step.changes.reshaped if "parent" in r.what]
    if not gone and not turned:
        return []
    below = standing_below(step.scheme, step.rank, NEWEST, [*gone, *(r.old.id for r in turned)])
    heirs = [_as_standing(step, w, i) for w, i in zip(step.changes.created, ids, strict=True)]
    heirs += [_as_standing(step, r.new, r.old.id) for r in step.changes.reshaped]
    return decide_moves(below, step.changes.closed, [*heirs, *step.changes.same], descents, step.valid_from)


def _as_standing(step: Step, wanted: Wanted, own: UUID) -> Standing:
    return Standing(
        id=own,
        code=wanted.code,
        name=wanted.name,
        rank=step.rank,
        parent=wanted.parent,
        ancestors=step.ancestors(wanted.parent, own),
        geometry=wanted.geometry,
        since=step.valid_from,
        division=step.division.id,
    )


def _create(step: Step, ids: Sequence[UUID]) -> None:
    pairs = list(zip(step.changes.created, ids, strict=True))
    places = {
        own: _place(wanted.name, wanted.parent, step.ancestors(wanted.parent, own)) for wanted, own in pairs
    }
    models.Area.objects.bulk_create(
        (
            models.Area(
                id=own, scheme_id=step.scheme, rank=step.rank, code=w.code, kind=w.kind, boundary=w.boundary,
                strip=w.strip, valid_from=step.valid_from, **places[own],
            )
            for w, own in pairs
        ),
        batch_size=ROWS,
    )  # fmt: skip
    _write_shapes(step, ((own, w.geometry, step.division.id, places[own]) for w, own in pairs))
    begin_streams([_birth(step, w, own) for w, own in pairs])


def _place(name: str, parent: UUID | None, ancestors: Ancestors) -> dict[str, Any]:
    """The columns that areas and shapes share."""
    return {"name": name, "parent": parent, **{f"a{n}": a for n, a in enumerate(ancestors, start=1)}}


def _write_shapes(step: Step, rows: Iterable[tuple[UUID, Any, UUID, dict[str, Any]]]) -> None:
    models.Shape.objects.bulk_create(
        (
            models.Shape(
                area_id=own,
                division_id=division,
                valid_from=step.valid_from,
                **place,
                **ground_columns(geometry),
            )
            for own, geometry, division, place in rows
        ),
        batch_size=ROWS // 2,
    )


def ground_columns(geometry: Any) -> dict[str, Any]:
    """The stored form of a polygon: normalised WKB, box, and a place inside it for the label."""
    if geometry is None:
        return {}
    west, south, east, north = shapely.bounds(geometry).tolist()
    label = shapely.point_on_surface(geometry)
    return {
        "wkb": shapely.to_wkb(shapely.normalize(geometry)),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "label_lon": round(label.x, 7),
        "label_lat": round(label.y, 7),
    }


def ground_digest(geometry: Any) -> str | None:
    """sha256 of the stored polygon, for journals."""
    return (
        None if geometry is None else hashlib.sha256(shapely.to_wkb(shapely.normalize(geometry))).hexdigest()
    )


def _birth(step: Step, wanted: Wanted, own: UUID) -> Entry:
    payload = {
        "scheme": step.scheme,
        "rank": step.rank,
        "code": wanted.code,
        "name": wanted.name,
        "parent": wanted.parent,
        "kind": wanted.kind,
        "boundary": wanted.boundary,
        "strip": wanted.strip,
        "ground": ground_digest(wanted.geometry),
        "division": step.division.id,
        "valid_from": step.valid_from.isoformat(),
    }
    return write_entry(
        f"area/{own}",
        "create",
        after=None,
        actor=step.actor.key,
        on_behalf_of=str(step.actor.on_behalf_of) if step.actor.on_behalf_of else None,
        at=step.now,
        received_at=step.now,
        from_stage="",
        to_stage="",
        payload=payload,
    )


def _end_shapes(ids: Sequence[UUID], day: date) -> None:
    for part in _parts(ids):
        models.Shape.objects.filter(area_id__in=part, valid_to__isnull=True).update(valid_to=day)


def _parts(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[i : i + ROWS] for i in range(0, len(ids), ROWS))


def _reshape(step: Step) -> None:
    changed = step.changes.reshaped
    places = [_place(r.new.name, r.new.parent, step.ancestors(r.new.parent, r.old.id)) for r in changed]
    rows = zip(changed, places, strict=True)
    _write_shapes(step, ((r.old.id, r.new.geometry, step.division.id, place) for r, place in rows))
    for r in changed:
        _journal(step, r.old.id, "reshape", _difference(r))


def _difference(r: Reshaped) -> dict[str, Any]:
    """Only what changed, before and after."""
    before = {"name": r.old.name, "parent": r.old.parent, "shape": ground_digest(r.old.geometry)}
    after = {"name": r.new.name, "parent": r.new.parent, "shape": ground_digest(r.new.geometry)}
    return {"before": {k: before[k] for k in r.what}, "after": {k: after[k] for k in r.what}}


def _journal(step: Step, area: UUID, move: str, payload: dict[str, Any]) -> None:
    body = {**payload, "division": step.division.id, "valid_from": step.valid_from.isoformat()}
    append_to(stream=f"area/{area}", move=move, actor=step.actor, now=step.now, payload=body)


def _close(step: Step) -> None:
    ids = [a.id for a in step.changes.closed]
    for part in _parts(ids):
        models.Area.objects.filter(id__in=part).update(valid_to=step.valid_from)
    for own in ids:
        _journal(step, own, "close", {})


def _write_lineage(step: Step, descents: Sequence[Descent]) -> None:
    where = {"at": step.valid_from, "division": step.division}
    rows = (models.Lineage(**vars(descent), **where) for descent in descents)
    models.Lineage.objects.bulk_create(rows, batch_size=ROWS // 2)


def _move(step: Step, moved: Sequence[Moved]) -> None:
    """Shapes of carried areas: a new one from the day on, or the present one where it begins on that day."""
    young = [mv for mv in moved if mv.area.since == step.valid_from]
    for mv in young:
        place = _place(mv.area.name, mv.parent, mv.ancestors)
        models.Shape.objects.filter(area_id=mv.area.id, valid_to__isnull=True).update(**place)
    old = [mv for mv in moved if mv.area.since < step.valid_from]
    _end_shapes([mv.area.id for mv in old], step.valid_from)
    rows = (
        (mv.area.id, mv.area.geometry, mv.area.division, _place(mv.area.name, mv.parent, mv.ancestors))
        for mv in old
    )
    _write_shapes(step, rows)
    for mv in moved:
        _journal(
            step, mv.area.id, "move", {"before": {"parent": mv.area.parent}, "after": {"parent": mv.parent}}
        )


def _finish(step: Step, fact: DivisionCameIntoForce) -> None:
    living = models.Shape.objects.filter(division=OuterRef("pk"), valid_to__isnull=True)
    others = models.Division.objects.filter(scheme_id=step.scheme, rank=step.rank, state="in_force")
    others.exclude(pk=step.division.pk).filter(~Exists(living)).update(state="superseded")
    counts = {name: len(getattr(fact, name)) for name in ("closed", "created", "reshaped", "moved")}
    payload = {"division": step.division.id, "rank": step.rank, "valid_from": fact.valid_from, **counts}
    stream = f"scheme/{step.scheme}"
    append_to(stream=stream, move="enforce", actor=step.actor, now=step.now, payload=payload)
    record_fact(fact, stream=stream, now=step.now)
    touch(STAMP)
