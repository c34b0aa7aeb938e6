"""Whose move it is on each row of a page: one statement for the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gridward.people.queries.kept import Stamps, posts, stamps_or_read
from gridward.people.queries.postings import _among, _held
from gridward.people.rules.cover import Held, PersonRef, compute_acting

Row = tuple[str, Sequence[UUID | None]]
"""The permission of the next move, and the row's ancestors with the top level first."""


def movers(rows: Sequence[Row], at: datetime, *, stamps: Stamps | None = None) -> list[list[PersonRef]]:
    """For each row the people who hold its permission on the deepest of its ancestors where anybody does.

    Jurisdiction-wide posts count where no ancestor has a holder; deputies act for absent leads.
    """
    known = posts(stamps_or_read(stamps)).values()
    wanted = {permission for permission, _ in rows}
    holding = {p.code: p for p in known if wanted & set(p.permissions)}
    if not holding:
        return [[] for _ in rows]
    places = {key for _, ancestors in rows for key in ancestors if key is not None}
    everywhere = [p.id for p in holding.values() if p.everywhere]
    by_post, post_params = _among("h.post_id", [p.id for p in holding.values()])
    by_place, place_params = _among("h.target", places)
    wide, wide_params = _among("h.post_id", everywhere)
    where = f"{by_post} AND ({by_place} OR {wide})"
    held = _held(at, stamps, (where, [*post_params, *place_params, *wide_params]))
    at_place: dict[UUID, list[Held]] = {}
    for one in held:
        at_place.setdefault(one.target, []).append(one)
    general = [one for one in held if holding[one.post].everywhere]
    return [_of_row(row, at_place, general, {c: p.permissions for c, p in holding.items()}) for row in rows]


def _of_row(
    row: Row, at_place: dict[UUID, list[Held]], general: list[Held], powers: dict[str, tuple[str, ...]]
) -> list[PersonRef]:
    permission, ancestors = row
    for key in reversed(ancestors):
        found = [h for h in at_place.get(key, []) if permission in powers[h.post]] if key else []
        if found:
            return compute_acting(found)
    return compute_acting([h for h in general if permission in powers[h.post]])
