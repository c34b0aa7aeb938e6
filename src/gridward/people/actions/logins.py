"""Logging in and out, and letting tokens in. Failures are counted, locked and journaled, never the typed
texts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gridward.kernel import sql
from gridward.kernel.actor import PUBLIC, Actor
from gridward.kernel.clock import local_date, zone
from gridward.kernel.errors import TooMany, Unauthenticated
from gridward.kernel.ids import uuid7
from gridward.logbook.actions.keys import fingerprint
from gridward.people.actions.accounts import person_row
from gridward.people.actions.changing import journal, missing
from gridward.people.actions.passwords import hash_password, is_outdated, matches
from gridward.people.models import AccessToken, LoginAttempt, Person, Session
from gridward.people.policy import allows
from gridward.people.queries.kept import stamps_or_read, timezone_name
from gridward.people.queries.who import recognise_session, recognise_token, secret_hash
from gridward.people.rules.logins import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_LOGIN,
    FORGET_AFTER,
    LOCKED,
    MOST_PASSWORD,
    SEEN_EVERY,
    WRONG,
    compute_failures,
    decide_lock,
    fold_login,
    is_due,
)

Stamps = dict[str, int]


@dataclass(frozen=True)
class LoggedIn:
    """A log-in that succeeded. `token` goes into the cookie and is kept nowhere else."""

    token: str
    session: UUID
    person: UUID
    name: str


def log_in(*, login: str, password: str, now: datetime, agent: str, address: str) -> LoggedIn:
    """Begin a session. Unauthenticated (the same for every cause), TooMany while login or address is
    locked."""
    keys = _keys(login, address)
    _refuse_locked(LoginAttempt.objects.filter(key__in=keys), now)
    row = Person.objects.filter(login=fold_login(login), active=True).first()
    known = row if row and row.password else None
    # Compared outside the transaction: it takes a while on purpose and must not hold the write lock.
    right = (
        matches(known.password if known else "", password[:MOST_PASSWORD]) and len(password) <= MOST_PASSWORD
    )
    if known is not None and right:
        return _begin(known, password, keys, now, agent=agent[:200], address=address[:64])
    _fail(known, keys, now, address)
    raise Unauthenticated(WRONG)


def _keys(login: str, address: str) -> list[str]:
    """Keyed fingerprints, so that the table never shows a password typed into the wrong field."""
    return [f"address:{fingerprint('address', address)}", f"login:{fingerprint('login', fold_login(login))}"]


def _refuse_locked(rows: Iterable[LoginAttempt], now: datetime) -> None:
    until = [r.locked_until for r in rows if r.locked_until and r.locked_until > now]
    if until:
        local = max(until).astimezone(zone(timezone_name(stamps_or_read(None))))
        raise TooMany(LOCKED, until=local.strftime("%H:%M:%S"))


def _begin(
    row: Person, password: str, keys: list[str], now: datetime, *, agent: str, address: str
) -> LoggedIn:
    token = secrets.token_urlsafe(32)
    fresh = hash_password(password) if is_outdated(row.password) else ""
    with transaction.atomic():
        # Looked at again under the lock: guesses sent side by side may have failed meanwhile.
        _refuse_locked(LoginAttempt.objects.select_for_update().filter(key__in=keys).order_by("key"), now)
        LoginAttempt.objects.filter(key=keys[1]).delete()
        person = person_row(row.id)
        if fresh:
            person.password = fresh
            person.save(update_fields=["password"])
        session = Session.objects.create(
            id=uuid7(now),
            person=person,
            hash=secret_hash(token),
            agent=agent,
            created_at=now,
            last_seen_at=now,
        )
        payload = {"session": session.id, "address": address, "agent": agent}
        journal(_stream(str(row.id), now), "log_in", Actor(row.id, row.name), now, payload)
    return LoggedIn(token, session.id, row.id, row.name)


def _stream(who: str, now: datetime) -> str:
    return f"login/{who}/{local_date(now, timezone_name(stamps_or_read(None))).isoformat()}"


def _fail(known: Person | None, keys: list[str], now: datetime, address: str) -> None:
    """Count the failure under both keys; the journal says whose account it was, or only from where."""
    limits = {keys[0]: FAILURES_PER_ADDRESS, keys[1]: FAILURES_PER_LOGIN}
    with transaction.atomic():
        locked = [_count(key, limits[key], now) for key in keys]
        if known is not None:
            person_row(known.id)
        stream = _stream(str(known.id) if known else f"unknown-{keys[0][8:20]}", now)
        until = max((at for at in locked if at), default=None)
        payload = {"address": address[:64], **({"locked_until": until} if until else {})}
        journal(stream, "fail", PUBLIC, now, payload)


def _count(key: str, limit: int, now: datetime) -> datetime | None:
    LoginAttempt.objects.get_or_create(key=key, defaults={"last_failed_at": now})
    row = LoginAttempt.objects.select_for_update().get(key=key)
    row.failures = compute_failures(row.failures, row.last_failed_at, now)
    row.last_failed_at = now
    row.locked_until = decide_lock(row.failures, limit, now)
    row.save()
    return row.locked_until


def log_out(*, token: str, now: datetime) -> None:
    """End the session of this token; an unknown or ended one is no error."""
    row = Session.objects.filter(hash=secret_hash(token), ended_at__isnull=True).first()
    if row is not None:
        _end(row, Actor(row.person_id, ""), "log_out", now)


def end_session(*, session: UUID, actor: Actor, now: datetime) -> None:
    """End an own log-in, or as administrator anybody's; ending it twice changes nothing."""
    row = Session.objects.filter(id=session).first()
    if row is None:
        raise missing("session", session)
    if row.person_id != actor.id and not allows(actor, "people:person:manage"):
        raise missing("session", session)
    _end(row, actor, "end_session", now)


def _end(row: Session, actor: Actor, move: str, now: datetime) -> None:
    with transaction.atomic():
        person_row(row.person_id)
        if Session.objects.filter(id=row.id, ended_at__isnull=True).update(ended_at=now):
            journal(_stream(str(row.person_id), now), move, actor, now, {"session": row.id})


def admit_session(token: str, now: datetime) -> tuple[Actor, Stamps] | None:
    """queries.actor_by_session, and "last seen" written at most once in five minutes."""
    found = recognise_session(token, now)
    if found is None:
        return None
    seen = sql.as_instant(found.seen)
    if seen is not None and is_due(seen, now):
        Session.objects.filter(id=found.door, last_seen_at__lte=now - SEEN_EVERY).update(last_seen_at=now)
    return found.actor, found.stamps


def admit_token(token: str, now: datetime) -> tuple[Actor, Stamps] | None:
    """queries.actor_by_token, and the day of its last use written once a day."""
    found = recognise_token(token, now)
    if found is None:
        return None
    today = local_date(now, timezone_name(found.stamps))
    if str(found.seen) != today.isoformat():
        AccessToken.objects.filter(id=found.door).update(last_used=today)
    return found.actor, found.stamps


def forget_attempts(*, now: datetime) -> int:
    """Delete counters of failures that are over; returns how many."""
    return LoginAttempt.objects.filter(last_failed_at__lt=now - FORGET_AFTER).delete()[0]
