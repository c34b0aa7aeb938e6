"""Who is at the door: tokens and sessions become actors. The hot path of every request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.kernel import sql
from gridward.kernel.actor import Actor, Grant
from gridward.kernel.clock import local_date
from gridward.logbook import queries as logbook
from gridward.people.models import AccessToken, Session
from gridward.people.policy import Holding, scopes_for
from gridward.people.queries.areas import twins
from gridward.people.queries.kept import Stamps, keep, posts, timezone_name
from gridward.people.rules.logins import SESSION_IDLE, SESSION_LONGEST

_TOKEN = (
    "SELECT p.id, p.name, p.login, d.id, d.last_used FROM people_accesstoken d "
    "JOIN people_person p ON p.id = d.person_id WHERE d.hash = %s AND d.revoked_at IS NULL AND p.active"
)
_SESSION = (
    "SELECT p.id, p.name, p.login, d.id, d.last_seen_at FROM people_session d "
    "JOIN people_person p ON p.id = d.person_id WHERE d.hash = %s AND d.ended_at IS NULL AND p.active "
    "AND d.last_seen_at > %s AND d.created_at > %s"
)
_PERSON = "SELECT p.id, p.name, p.login, p.id, p.created_at FROM people_person p WHERE p.id = %s AND p.active"

# One row per posting in force (more where a deputy has several leads), then one per unit the person works in.
_HELD = """WITH who (person, name, login, door, seen) AS ({door})
SELECT w.person, w.name, w.login, w.door, w.seen, h.post_id, h.rank, h.area, h.area_rank, h.subject,
  h.unit_id, l.person_id, lead_away.id, NULL
FROM who w
LEFT JOIN people_posting h ON h.person_id = w.person
  AND h.valid_from <= %s AND (h.valid_to IS NULL OR h.valid_to > %s)
  AND NOT EXISTS (SELECT 1 FROM people_absence aside WHERE aside.posting_id = h.id
    AND aside.started_at <= %s AND (aside.ended_at IS NULL OR aside.ended_at > %s))
LEFT JOIN people_posting l ON h.rank = 'deputy' AND l.rank = 'lead'
  AND l.target = h.target AND l.post_id = h.post_id
  AND l.valid_from <= %s AND (l.valid_to IS NULL OR l.valid_to > %s)
LEFT JOIN people_absence lead_away ON lead_away.person_id = l.person_id
  AND (lead_away.posting_id IS NULL OR lead_away.posting_id = l.id)
  AND lead_away.started_at <= %s AND (lead_away.ended_at IS NULL OR lead_away.ended_at > %s)
UNION ALL
SELECT w.person, w.name, w.login, w.door, w.seen, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, m.unit_id
FROM who w JOIN people_membership m ON m.person_id = w.person
  AND m.valid_from <= %s AND (m.valid_to IS NULL OR m.valid_to > %s)"""


@dataclass(frozen=True)
class Recognised:
    """Somebody at the door. `door` is the token's or session's id, `seen` when it was last written as
    used."""

    actor: Actor
    stamps: dict[str, int]
    door: UUID
    seen: Any


def secret_hash(secret: str) -> str:
    """What is stored of a token: SHA-256, 64 hex digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def recognise_token(token: str, now: datetime) -> Recognised | None:
    """The actor of a token: one statement for the stamps, one for the person with all postings in force."""
    return _recognise(_TOKEN, [secret_hash(token)], now)


def recognise_session(token: str, now: datetime) -> Recognised | None:
    """The actor of a log-in that is neither ended nor too old; statements as for recognise_token."""
    vendor = connection.vendor
    limits = [sql.instant(vendor, now - SESSION_IDLE), sql.instant(vendor, now - SESSION_LONGEST)]
    return _recognise(_SESSION, [secret_hash(token), *limits], now)


def actor_by_token(token: str, now: datetime) -> tuple[Actor, dict[str, int]] | None:
    """The actor of a token and the stamps of this instant; None when the token is unknown or revoked."""
    found = recognise_token(token, now)
    return (found.actor, found.stamps) if found else None


def actor_by_session(token: str, now: datetime) -> tuple[Actor, dict[str, int]] | None:
    """The actor of a session and the stamps; None when it is unknown, ended or too old."""
    found = recognise_session(token, now)
    return (found.actor, found.stamps) if found else None


def actor_of(person: UUID, now: datetime) -> Actor | None:
    """The actor that a person would be at `now`: for the command line and for tests."""
    found = _recognise(_PERSON, [sql.key(connection.vendor, person)], now)
    return found.actor if found else None


def _recognise(door: str, params: Sequence[Any], now: datetime) -> Recognised | None:
    stamps = logbook.stamps()
    rows = _rows(door, params, now, local_date(now, timezone_name(stamps)))
    if not rows:
        return None
    person, name, login, key, seen = rows[0][:5]
    held = frozenset(tuple(row[5:]) for row in rows)
    codes, grants = _powers(held, stamps)
    actor = Actor(_key(person), name, login or "", grants=grants, posts=codes)
    return Recognised(actor, stamps, _key(key), seen)


def _rows(door: str, params: Sequence[Any], now: datetime, day: date) -> list[tuple[Any, ...]]:
    instant, today = sql.instant(connection.vendor, now), day.isoformat()
    times = [today, today, instant, instant, today, today, instant, instant, today, today]
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(door=door), [*params, *times])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _key(value: object) -> UUID:
    key = sql.as_key(value)
    assert key is not None
    return key


_MOST_KEPT = 2000


def _powers(held: frozenset[tuple[Any, ...]], stamps: Stamps) -> tuple[tuple[str, ...], tuple[Grant, ...]]:
    """Post codes and grants of these rows; worked out once per set of rows while the stamps stand."""
    known: dict[frozenset[tuple[Any, ...]], tuple[tuple[str, ...], tuple[Grant, ...]]]
    known = keep("powers", (stamps.get("people"), stamps.get("grids")), dict)
    if held not in known:
        if len(known) >= _MOST_KEPT:
            known.clear()
        known[held] = _work_out(held, stamps)
    return known[held]


def _work_out(held: Iterable[tuple[Any, ...]], stamps: Stamps) -> tuple[tuple[str, ...], tuple[Grant, ...]]:
    rows = sorted(held, key=str)
    units = [_key(row[8]) for row in rows if row[8] is not None]
    holdings: list[Holding] = []
    codes: set[str] = set()
    for row in rows:
        found = _holding(row, stamps)
        if found is not None:
            codes.add(found[0])
            holdings.append(found[1])
    areas = [h.area for h in holdings if h.area is not None]
    return tuple(sorted(codes)), scopes_for(holdings, twins(areas, stamps), units)


def _holding(row: tuple[Any, ...], stamps: Stamps) -> tuple[str, Holding] | None:
    """The powers of one row: a deputy has them only while the lead is away or the post is vacant."""
    post_id, rank, area, area_rank, subject, unit, lead, lead_away, _ = row
    if post_id is None or (rank == "deputy" and lead is not None and lead_away is None):
        return None
    post = posts(stamps).get(_key(post_id))
    if post is None:
        return None
    on_unit = area is None and subject is None
    return post.code, Holding(
        permissions=post.permissions,
        area=sql.as_key(area),
        area_rank=area_rank or 0,
        subject=sql.as_key(subject),
        unit=sql.as_key(unit) if on_unit else None,
        everywhere=post.everywhere,
        cover=rank == "deputy",
        on_behalf_of=sql.as_key(lead),
    )


@dataclass(frozen=True)
class SessionLine:
    """One open log-in of a person, for the session list."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    agent: str
    current: bool


def sessions_of(person: UUID, now: datetime, current: str = "") -> list[SessionLine]:
    """Open sessions of a person, newest first; `current` is the token of the one that asks."""
    mine = secret_hash(current) if current else ""
    rows = Session.objects.filter(
        person_id=person,
        ended_at__isnull=True,
        last_seen_at__gt=now - SESSION_IDLE,
        created_at__gt=now - SESSION_LONGEST,
    ).order_by("-created_at", "-id")
    return [SessionLine(r.id, r.created_at, r.last_seen_at, r.agent, r.hash == mine) for r in rows]


@dataclass(frozen=True)
class TokenLine:
    """One access token of a person, without its text."""

    id: UUID
    name: str
    created_at: datetime
    last_used: date | None
    revoked_at: datetime | None


def tokens_of(person: UUID) -> list[TokenLine]:
    """All access tokens of a person, newest first."""
    rows = AccessToken.objects.filter(person_id=person).order_by("-created_at", "-id")
    return [
        TokenLine(*row) for row in rows.values_list("id", "name", "created_at", "last_used", "revoked_at")
    ]
