"""Who holds what where: in force now, or at any instant of the past (倒查), B posts included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.kernel import sql
from gridward.people.models import Post, Posting
from gridward.people.policy import Arm
from gridward.people.queries.kept import Stamps, day_of, posts, stamps_or_read
from gridward.people.rules.cover import Held, PersonRef, compute_acting, compute_holders
from gridward.people.rules.places import deepest

# One row per posting in force, more where absences overlap; away is not null when the person is absent from
# it.
_HELD = """SELECT h.person_id, p.name, o.code, h.rank, h.target, away.id, h.id, h.area_rank
FROM people_posting h JOIN people_person p ON p.id = h.person_id JOIN people_post o ON o.id = h.post_id
LEFT JOIN people_absence away ON away.person_id = h.person_id
  AND (away.posting_id IS NULL OR away.posting_id = h.id)
  AND away.started_at <= %s AND (away.ended_at IS NULL OR away.ended_at > %s)
WHERE h.valid_from <= %s AND (h.valid_to IS NULL OR h.valid_to > %s) AND {where}"""


def _held(at: datetime, stamps: Stamps | None, where: Arm) -> list[Held]:
    instant = sql.instant(connection.vendor, at)
    today = day_of(at, stamps).isoformat()
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(where=where[0]), [instant, instant, today, today, *where[1]])
        rows = cursor.fetchall()
    found = {(_key(r[0]), r[1], r[2], r[3], _key(r[4]), r[5] is not None) for r in rows}
    return [Held(*row) for row in found]


def _key(value: object) -> UUID:
    key = sql.as_key(value)
    assert key is not None
    return key


def _among(column: str, keys: Iterable[UUID]) -> Arm:
    params = [sql.key(connection.vendor, key) for key in sorted(set(keys), key=str)]
    return (f"{column} IN ({sql.marks(len(params))})", params) if params else ("1 = 0", [])


def responsible_at(
    ancestors: Sequence[UUID | None],
    at: datetime,
    *,
    post: str | None = None,
    level: int | None = None,
    stamps: Stamps | None = None,
) -> list[PersonRef]:
    """Who was responsible at an instant, deputies for absent leads included; one statement.

    Without `post`: the lead of the lowest area of the chain, or of the area at `level` (escalation). With
    `post` (its code in any pack): its holders on the lowest area of the chain that has any. Empty: a gap.
    """
    chain = [key for key in ancestors if key is not None]
    if level is not None:
        chain = [key for key in (ancestors[level - 1],) if key is not None]
    elif post is None:
        chain = [key for key in (deepest(ancestors),) if key is not None]
    if not chain:
        return []
    fragment, params = _among("h.target", chain)
    which: Arm = ("o.code = %s", [post]) if post else ("o.lead", [])
    held = _held(at, stamps, (f"{fragment} AND {which[0]}", [*params, *which[1]]))
    for key in reversed(chain):
        acting = compute_acting(h for h in held if h.target == key)
        if acting:
            return acting
    return []


def leads_of(
    areas: Iterable[UUID], at: datetime, *, stamps: Stamps | None = None
) -> dict[UUID, list[PersonRef]]:
    """Who leads each of `areas` at an instant, in one statement; an area without lead is a gap and has no
    key."""
    fragment, params = _among("h.target", areas)
    return _by_target(_held(at, stamps, (f"{fragment} AND o.lead", params)))


def leads_in(
    scheme: str, level: int, at: datetime, *, stamps: Stamps | None = None
) -> dict[UUID, list[PersonRef]]:
    """Who leads each area of one level of a scheme at an instant; one statement whatever their number."""
    where: Arm = ("h.scheme = %s AND h.area_rank = %s AND h.area = h.target AND o.lead", [scheme, level])
    return _by_target(_held(at, stamps, where))


def holders_of(
    target: UUID, at: datetime, *, post: str | None = None, stamps: Stamps | None = None
) -> list[PersonRef]:
    """Who acts, assists or sponsors on a subject, unit or area at an instant, in every post or in one."""
    fragment, params = _among("h.target", [target])
    which: Arm = (" AND o.code = %s", [post]) if post else ("", [])
    return compute_holders(_held(at, stamps, (fragment + which[0], [*params, *which[1]])))


def _by_target(held: Iterable[Held]) -> dict[UUID, list[PersonRef]]:
    groups: dict[UUID, list[Held]] = defaultdict(list)
    for one in held:
        groups[one.target].append(one)
    acting = {target: compute_acting(group) for target, group in groups.items()}
    return {target: refs for target, refs in acting.items() if refs}


def posting_matrix(
    scheme: str, level: int, at: datetime, *, parent: UUID | None = None, stamps: Stamps | None = None
) -> dict[UUID, dict[str, list[PersonRef]]]:
    """Area → post code → everybody posted there in any rank (nobody's cover is worked out); one statement.

    `parent`: only areas below this one, which lies on the level above.
    """
    fragment, params = "h.scheme = %s AND h.area_rank = %s AND h.area = h.target", [scheme, level]
    if parent is not None:
        fragment += f" AND h.a{level - 1:d} = %s"
        params.append(sql.key(connection.vendor, parent))
    matrix: dict[UUID, dict[str, list[PersonRef]]] = defaultdict(lambda: defaultdict(list))
    for h in sorted(_held(at, stamps, (fragment, params)), key=lambda h: (h.rank != "lead", h.rank, h.name)):
        matrix[h.target][h.post].append(PersonRef(h.person, h.name, h.post, h.rank))
    return {target: dict(by_post) for target, by_post in matrix.items()}


@dataclass(frozen=True)
class PostingLine:
    """One posting for a list. `target` is the area, subject or unit (`on` says which)."""

    id: UUID
    person: UUID
    name: str
    post: str
    zh: str
    en: str
    on: str
    target: UUID
    unit: UUID | None
    rank: str
    responsibility: str
    pair_of: UUID | None
    full_time: bool
    valid_from: date
    valid_to: date | None


_LINE = (
    "id", "person_id", "person__name", "post__code", "post__zh", "post__en", "post__on", "target", "unit_id",
    "rank", "responsibility", "pair_of_id", "full_time", "valid_from", "valid_to",
)  # fmt: skip


def _lines(rows: Any) -> list[PostingLine]:
    return [
        PostingLine(*row)
        for row in rows.order_by("post__code", "rank", "valid_from", "person__name", "id").values_list(*_LINE)
    ]


def postings_on(
    target: UUID, *, at: datetime | None = None, stamps: Stamps | None = None
) -> list[PostingLine]:
    """Postings on an area, subject or unit: all of its history, or those in force at `at`."""
    rows = Posting.objects.filter(target=target)
    return _lines(_in_force(rows, at, stamps) if at else rows)


def postings_of(
    person: UUID, *, at: datetime | None = None, stamps: Stamps | None = None
) -> list[PostingLine]:
    """Postings of a person: the whole history, or those in force at `at`."""
    rows = Posting.objects.filter(person_id=person)
    return _lines(_in_force(rows, at, stamps) if at else rows)


def _in_force(rows: Any, at: datetime, stamps: Stamps | None) -> Any:
    day = day_of(at, stamps)
    return rows.filter(valid_from__lte=day).exclude(valid_to__lte=day)


def who_may(
    permission: str,
    at: datetime,
    *,
    ancestors: Sequence[UUID | None] = (),
    unit: UUID | None = None,
    stamps: Stamps | None = None,
) -> list[PersonRef]:
    """Who holds `permission` for a row with these ancestors or this unit: by posting there, in one statement.

    Rights that come from another scheme or from working in the unit are not listed: these people may, but the
    row is not theirs to look after.
    """
    known = posts(stamps_or_read(stamps)).values()
    holding = [post.id for post in known if permission in post.permissions]
    everywhere = [post.id for post in known if post.everywhere and post.id in holding]
    places = [key for key in (*ancestors, unit) if key is not None]
    arms = [_among("h.target", places), _among("h.post_id", everywhere)]
    fragment = f"({arms[0][0]} OR {arms[1][0]})"
    held_by, held_params = _among("h.post_id", holding)
    where = f"{held_by} AND {fragment}"
    return compute_holders(_held(at, stamps, (where, [*held_params, *arms[0][1], *arms[1][1]])))


def administrators(at: datetime, *, stamps: Stamps | None = None) -> int:
    """How many people hold a post that covers the whole jurisdiction at an instant."""
    wide = [post.id for post in posts(stamps_or_read(stamps)).values() if post.everywhere]
    return len({held.person for held in _held(at, stamps, _among("h.post_id", wide))})


@dataclass(frozen=True)
class BoardLine:
    """What hangs on the wall of a grid (挂牌上岗): work data only. `photo` is the hash of a blob, or
    empty."""

    area: UUID
    name: str
    zh: str
    en: str
    rank: str
    work_phone: str
    photo: str


def board(areas: Iterable[UUID], at: datetime, *, stamps: Stamps | None = None) -> list[BoardLine]:
    """The published responsible people of `areas`: name, post, work telephone, photo where one is given."""
    rows = _in_force(Posting.objects.filter(area__in=list(areas)), at, stamps)
    fields = ("area", "person__name", "post__zh", "post__en", "rank", "person__work_phone", "person__photo")
    return [
        BoardLine(*row)
        for row in rows.order_by("area", "post__code", "rank", "person__name").values_list(*fields)
    ]


def post_by_code(code: str, *, pack: str | None = None) -> list[UUID]:
    """Current posts with this code, in one pack or in all."""
    rows = Post.objects.filter(code=code, retired_at__isnull=True)
    return list(
        (rows.filter(pack=pack) if pack is not None else rows).order_by("pack").values_list("id", flat=True)
    )
