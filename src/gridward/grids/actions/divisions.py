"""Divisions drawn by people: draft, submit, approve or reject, bring into force; split, merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import shapely
from django.db import transaction

from gridward.grids import models, queries
from gridward.grids.actions.enact import NEWEST, Step, enact
from gridward.grids.actions.weighing import Weighed, weigh
from gridward.grids.facts import DivisionCameIntoForce
from gridward.grids.policy import require
from gridward.grids.queries.divisions import DivisionRow, accepted_m2
from gridward.grids.queries.standing import codes_ever, standing
from gridward.grids.rules import Ancestors, AreaRef, LevelSpec, NewArea
from gridward.grids.rules import messages as m
from gridward.grids.rules.change import Standing
from gridward.grids.rules.drafts import STATES, STEPS, check_drafts, number_drafts
from gridward.grids.rules.rows import listed
from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Conflict, Forbidden, ManyProblems, Message, Missing
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import append_to
from gridward.logbook.rules import canonical


def draft_division(
    *,
    scheme: str,
    rank: int,
    areas: Sequence[NewArea],
    parents: Sequence[UUID] = (),
    tolerance_m2: float | None = None,
    accept_m2: float | None = None,
    declared: Sequence[tuple[str, str]] = (),
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> UUID:
    """Draft new areas for a level, below `parents` or (none given) for the level as a whole.

    Areas of the level below those parents that the draft does not name will end. Areas without a code are
    numbered (15 digits below a 12-digit parent). `accept_m2` are slivers to accept and list (None: as much as
    the divisions in force do), `declared` pairs that overlap on purpose. Returns the division's id.
    """
    level = queries.level_at(scheme, rank)
    above = standing(scheme, rank - 1, NEWEST) if rank > 1 else []
    homes = _homes(above, parents)
    require(actor, "grids:division:draft", _places(homes, parents))
    drawn = check_drafts(_completed(scheme, level, areas, homes), level)
    _check_places(scheme, level, drawn, homes, parents)
    division = models.Division(
        id=uuid7(now),
        scheme_id=scheme,
        rank=rank,
        state="draft",
        parents=canonical([str(p) for p in parents]),
        tolerance_m2=level.tolerance_m2 if tolerance_m2 is None else tolerance_m2,
        accept_m2=accepted_m2(scheme, rank) if accept_m2 is None else accept_m2,
        declared=canonical(_declared(declared, level)),
        reason=reason,
        drafted_by=actor.key,
        drafted_at=now,
    )
    with transaction.atomic():
        division.save(force_insert=True)
        models.Draft.objects.bulk_create((_draft(division, area) for area in drawn), batch_size=200)
        payload = {
            "scheme": scheme,
            "rank": rank,
            "parents": list(parents),
            "codes": [area.code for area in drawn],
            "reason": reason,
        }
        append_to(stream=f"division/{division.id}", move="draft", actor=actor, now=now, payload=payload)
    return division.id


def _homes(above: Sequence[Standing], parents: Sequence[UUID]) -> dict[str, Standing]:
    """The areas under which the division may put its own, by code."""
    known = {area.id: area for area in above}
    for parent in parents:
        if parent not in known:
            raise Missing(m.NO_AREA, field="parents", found=parent)
    return {area.code: area for area in above if not parents or area.id in parents}


def _places(homes: dict[str, Standing], parents: Sequence[UUID]) -> list[Ancestors] | None:
    return [home.ancestors for home in homes.values()] if parents else None


def _completed(
    scheme: str, level: LevelSpec, areas: Sequence[NewArea], homes: dict[str, Standing]
) -> list[NewArea]:
    """Areas with the only possible parent filled in, and numbered where they have no code."""
    only = next(iter(homes)) if len(homes) == 1 else ""
    filled = [replace(a, parent_code=a.parent_code or only) for a in areas]
    for parent in sorted({a.parent_code for a in filled if not a.code}):
        mine = [i for i, area in enumerate(filled) if area.parent_code == parent]
        used = codes_ever(scheme, level.rank, parent)
        for i, area in zip(mine, number_drafts([filled[i] for i in mine], parent, used), strict=True):
            filled[i] = area
    return filled


def _check_places(
    scheme: str,
    level: LevelSpec,
    areas: Sequence[NewArea],
    homes: dict[str, Standing],
    parents: Sequence[UUID],
) -> None:
    """Every parent is one of `homes`; no code is in use below a parent that the division leaves alone."""
    elsewhere = {a.code: a.parent for a in standing(scheme, level.rank, NEWEST) if a.parent not in parents}
    for area in areas:
        if level.rank > 1 and area.parent_code not in homes:
            values: dict[str, Any] = {"code": area.code, "parent": area.parent_code, "level": level.rank - 1}
            raise BadInput(m.NO_PARENT, field="parent_code", known=listed(homes), **values)
        if parents and area.code in elsewhere:
            raise BadInput(m.CODE_TAKEN, field="code", code=area.code, parent=elsewhere[area.code])


def _declared(pairs: Sequence[tuple[str, str]], level: LevelSpec) -> list[list[str]]:
    if pairs and level.overlaps != "declared":
        raise BadInput(m.DECLARED_FORBIDDEN, field="declared", level=level.code)
    return sorted([min(a, b), max(a, b)] for a, b in pairs)


def _draft(division: models.Division, area: NewArea) -> models.Draft:
    return models.Draft(
        division=division,
        code=area.code,
        name=area.name,
        parent_code=area.parent_code,
        wkb=None if area.geometry is None else shapely.to_wkb(area.geometry),
        from_codes=canonical(list(area.from_codes)),
        kind=area.kind,
        boundary=area.boundary,
        strip=canonical(dict(area.strip)),
    )


def submit_division(*, division: UUID, actor: Actor, now: datetime) -> dict[str, Any]:
    """Submit a draft for approval; returns the figures of invariant 1.

    ManyProblems GW-GRIDS-032 lists every overlap, gap and area outside its parent beyond what is accepted.
    """
    row = _may(division, "grids:division:draft", actor)
    weighed = _weighed(row)
    with transaction.atomic():
        values = {
            "submitted_by": actor.key,
            "submitted_at": now,
            "report": orjson.dumps(weighed.figures).decode(),
            "accepted": orjson.dumps([s.as_json() for s in weighed.verdict.accepted]).decode(),
        }
        _step(row, "submit", values, {"accepted": len(weighed.verdict.accepted)}, actor=actor, now=now)
    return weighed.figures


def approve_division(*, division: UUID, actor: Actor, now: datetime) -> None:
    """Approve a submitted division; never by the person who submitted it (Forbidden GW-GRIDS-022)."""
    row = _may(division, "grids:division:approve", actor)
    _check_other(row, actor)
    with transaction.atomic():
        _step(row, "approve", {"decided_by": actor.key, "decided_at": now}, {}, actor=actor, now=now)


def reject_division(*, division: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Send a submitted division back with a reason; never by the person who submitted it."""
    row = _may(division, "grids:division:approve", actor)
    _check_other(row, actor)
    if not reason.strip():
        raise BadInput(m.REASON_MISSING, field="reason")
    with transaction.atomic():
        values = {"decided_by": actor.key, "decided_at": now, "reason": reason.strip()}
        _step(row, "reject", values, {"reason": reason.strip()}, actor=actor, now=now)


def _check_other(row: DivisionRow, actor: Actor) -> None:
    if row.state == "submitted" and row.submitted_by == actor.key:
        raise Forbidden(m.OWN_APPROVAL, field="actor")


def bring_into_force(
    *, division: UUID, valid_from: date, actor: Actor, now: datetime
) -> DivisionCameIntoForce:
    """Make an approved division the areas of its level from `valid_from` on; returns what changed.

    Refused GW-GRIDS-033, 039, 055, 056 for a day that does not fit; ManyProblems 032 when the ground has
    changed since the submission so that invariant 1 would break.
    """
    row = _may(division, "grids:division:enforce", actor)
    with transaction.atomic():
        models.Scheme.objects.select_for_update().get(code=row.scheme)
        weighed = _weighed(row, valid_from)
        _step(
            row,
            "enforce",
            {"valid_from": valid_from},
            {"valid_from": valid_from.isoformat()},
            actor=actor,
            now=now,
        )
        living = models.Division.objects.get(id=division)
        return enact(Step(living, valid_from, weighed.changes, actor, now))


def _may(division: UUID, permission: str, actor: Actor) -> DivisionRow:
    row = queries.division(division)
    refs = queries.areas(row.parents)
    require(actor, permission, [refs[p].ancestors for p in row.parents] if row.parents else None)
    return row


def _weighed(row: DivisionRow, valid_from: date | None = None) -> Weighed:
    """The division against the ground as it is now; ManyProblems when it may not stand."""
    weighed = weigh(row, queries.drafted(row.id), queries.level_at(row.scheme, row.rank), valid_from)
    if weighed.verdict.refused:
        problems = weighed.verdict.refused
        raise ManyProblems(m.NOT_VALID, problems, field="areas", count=len(problems))
    return weighed


def _step(
    row: DivisionRow,
    verb: str,
    values: dict[str, Any],
    payload: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Compare-and-set of the state; Conflict GW-GRIDS-021 says who was first and when."""
    needs, leads = STEPS[verb]
    moved = models.Division.objects.filter(id=row.id, state=needs).update(state=leads, **values)
    if not moved:
        raise _conflict(queries.division(row.id), needs)
    append_to(
        stream=f"division/{row.id}",
        move=verb,
        actor=actor,
        now=now,
        payload={**payload, "from": needs, "to": leads},
    )


def _conflict(row: DivisionRow, needs: str) -> Conflict:
    message: Message = m.WRONG_STATE
    by = row.decided_by or row.submitted_by or row.drafted_by
    at = (row.decided_at or row.submitted_at or row.drafted_at).isoformat()
    values: dict[str, Any] = {
        "state": " / ".join(STATES[row.state]),
        "wanted": " / ".join(STATES[needs]),
        "by": by,
        "at": at,
    }
    return Conflict(
        message, current={"stage": row.state, "seq": 0, "by": by, "at": at}, field="state", **values
    )


def split_area(
    *,
    area: UUID,
    parts: Sequence[NewArea],
    reason: str = "",
    accept_m2: float | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Draft the present division with one area replaced by `parts`; a part may keep the code of the whole."""
    whole, present = _neighbours(area)
    code = next(a.code for a in present if a.id == area)
    drawn = [replace(part, from_codes=[*part.from_codes, code]) for part in parts]
    rest = [a for a in present if a.id != area]
    return _redraw(whole, rest, drawn, reason=reason, accept_m2=accept_m2, actor=actor, now=now)


def merge_areas(
    *,
    areas: Sequence[UUID],
    code: str,
    name: str,
    reason: str = "",
    accept_m2: float | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Draft the present division with `areas` joined, under one of their codes or a new one (以大吸收小)."""
    whole, present = _neighbours(areas[0]) if areas else (None, [])
    mine = [a for a in present if a.id in set(areas)]
    if whole is None or len(mine) != len(set(areas)) or len(mine) < 2:
        raise BadInput(m.MERGE_APART, field="areas")
    grounds = [a.geometry for a in mine if a.geometry is not None]
    ground = shapely.union_all(grounds) if grounds else None
    joined = NewArea(code, name, geometry=ground, from_codes=[a.code for a in mine])
    rest = [a for a in present if a.id not in set(areas)]
    return _redraw(whole, rest, [joined], reason=reason, accept_m2=accept_m2, actor=actor, now=now)


def _neighbours(area: UUID) -> tuple[AreaRef, list[Standing]]:
    """An area with all areas of its level below the same parent."""
    ref = queries.area(area)
    parents = None if ref.parent is None else [ref.parent]
    present = standing(ref.scheme, ref.rank, NEWEST, parents=parents)
    if area not in {a.id for a in present}:
        raise Missing(m.NO_AREA, field="area", found=area)
    return ref, present


def _redraw(ref: AreaRef, rest: Sequence[Standing], drawn: Sequence[NewArea], **draft: Any) -> UUID:
    """Draft `rest` as it is and `drawn` beside it, below the parent of `ref`."""
    parent = "" if ref.parent is None else queries.area(ref.parent).code
    kept = [NewArea(a.code, a.name, parent, a.geometry) for a in rest]
    return draft_division(
        scheme=ref.scheme,
        rank=ref.rank,
        areas=[*kept, *(replace(a, parent_code=parent) for a in drawn)],
        parents=[] if ref.parent is None else [ref.parent],
        **draft,
    )
