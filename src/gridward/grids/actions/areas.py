"""What is said about one area: kind, fields, expected counts, described boundary; the same node elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from gridward.grids import models, queries
from gridward.grids.facts import AreaFieldsSet, NodesLinked, NodesUnlinked
from gridward.grids.policy import require
from gridward.grids.queries.schemes import STAMP
from gridward.grids.rules import AreaRef
from gridward.grids.rules import messages as m
from gridward.grids.rules.levels import check_expected, check_fields, check_strip
from gridward.kernel.actor import Actor
from gridward.kernel.errors import Missing, Refused
from gridward.logbook.actions import append_to, record_fact, touch
from gridward.logbook.rules import canonical


def set_area_fields(
    *,
    area: UUID,
    fields: Mapping[str, Any] | None = None,
    kind: str | None = None,
    expected: Mapping[str, int] | None = None,
    boundary: str | None = None,
    strip: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Change what is given and leave the rest; False when nothing is different.

    `fields` are merged by name (None clears one) and must be declared by the level; the others are replaced.
    BadInput GW-GRIDS-009…012, Missing 013, Refused 014.
    """
    with transaction.atomic():
        ref = queries.area(area)
        require(actor, "grids:area:edit", [ref.ancestors])
        row = _living(area)
        given = {"fields": fields, "kind": kind, "expected": expected, "boundary": boundary, "strip": strip}
        after = _after(row, given)
        changed = {name: value for name, value in after.items() if value != getattr(row, name)}
        if not changed:
            return False
        before = {name: getattr(row, name) for name in changed}
        models.Area.objects.filter(id=area).update(**changed)
        payload = {"before": before, "after": changed}
        append_to(stream=f"area/{area}", move="set_fields", actor=actor, now=now, payload=payload)
        fact = AreaFieldsSet(area=area, names=tuple(sorted(changed)))
        record_fact(fact, stream=f"area/{area}", now=now)
        touch(STAMP)
    return True


def _living(area: UUID) -> models.Area:
    row = models.Area.objects.select_for_update().filter(id=area).first()
    if row is None:
        raise Missing(m.NO_AREA, field="area", found=area)
    if row.valid_to is not None:
        values = {"code": row.code, "name": row.name, "date": row.valid_to.isoformat()}
        raise Refused(m.AREA_ENDED, field="area", **values)
    return row


def _after(row: models.Area, given: Mapping[str, Any]) -> dict[str, str]:
    """The new column texts of what is given (None: left as it is)."""
    told = {name: value for name, value in given.items() if value is not None}
    return {name: _TEXTS[name](row, value) for name, value in told.items()}


def _merged_fields(row: models.Area, values: Mapping[str, Any]) -> str:
    checked = check_fields(queries.level_at(row.scheme_id, row.rank), values)
    merged = {**orjson.loads(row.fields), **checked}
    return canonical({name: value for name, value in merged.items() if value is not None})


_TEXTS: dict[str, Callable[[models.Area, Any], str]] = {
    "fields": _merged_fields,
    "kind": lambda _, text: str(text).strip(),
    "expected": lambda _, counts: canonical(check_expected(counts)),
    "boundary": lambda _, text: str(text).strip(),
    "strip": lambda _, strip: canonical(check_strip(strip)),
}


def link_nodes(*, area: UUID, other: UUID, actor: Actor, now: datetime) -> bool:
    """Say that two areas of different schemes are one node (R-GRID-15); False when they were already.

    Refused GW-GRIDS-015 when the node would then have two areas of one scheme.
    """
    with transaction.atomic():
        ends = _ends(area, other, actor)
        if other in {ref.id for ref in queries.nodes_equal(area)}:
            return False
        _check_schemes(ends)
        first, second = sorted((area, other))
        models.NodeLink.objects.create(area=first, other=second, since=now)
        _journal(ends, "link", actor, now)
        record_fact(NodesLinked(area=area, other=other), stream=f"area/{area}", now=now)
        touch(STAMP)
    return True


def unlink_nodes(*, area: UUID, other: UUID, actor: Actor, now: datetime) -> None:
    """Take back a link between two areas; Missing GW-GRIDS-016 when there is none."""
    with transaction.atomic():
        ends = _ends(area, other, actor)
        first, second = sorted((area, other))
        deleted, _ = models.NodeLink.objects.filter(area=first, other=second).delete()
        if not deleted:
            raise Missing(m.NOT_LINKED, field="other", code=ends[0].code, other=ends[1].code)
        _journal(ends, "unlink", actor, now)
        record_fact(NodesUnlinked(area=area, other=other), stream=f"area/{area}", now=now)
        touch(STAMP)


def _ends(area: UUID, other: UUID, actor: Actor) -> tuple[AreaRef, AreaRef]:
    ends = queries.area(area), queries.area(other)
    require(actor, "grids:node:link", [end.ancestors for end in ends])
    for end in ends:
        _living(end.id)
    return ends


def _check_schemes(ends: tuple[AreaRef, AreaRef]) -> None:
    """One node has at most one area in each scheme, links of links included."""
    left, right = ([end, *queries.nodes_equal(end.id)] for end in ends)
    for ref in left:
        twin = next((each for each in right if each.scheme == ref.scheme), None)
        if twin is not None:
            raise Refused(m.SAME_SCHEME, field="other", code=ref.code, other=twin.code, scheme=ref.scheme)


def _journal(ends: tuple[AreaRef, AreaRef], move: str, actor: Actor, now: datetime) -> None:
    for end, other in (ends, ends[::-1]):
        payload = {"other": str(other.id), "code": other.code, "scheme": other.scheme}
        append_to(stream=f"area/{end.id}", move=move, actor=actor, now=now, payload=payload)
