"""People and their accounts: add, change, deactivate; passwords; tokens for programs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import Conflict, Message
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import record_fact
from gridward.people.actions.changing import changing, journal, missing, sealed
from gridward.people.actions.endings import finish_posting
from gridward.people.actions.passwords import hash_password, matches
from gridward.people.facts import PersonAdded
from gridward.people.models import AccessToken, Person, Posting, Session
from gridward.people.policy import require
from gridward.people.queries.kept import day_of
from gridward.people.queries.who import secret_hash
from gridward.people.rules.logins import WRONG, check_password, clean_login
from gridward.people.rules.persons import check_name, check_profile

LOGIN_TAKEN = Message(
    "GW-PEOPLE-070",
    "用户名“{found}”已属于{name}；请换一个用户名。",
    "The login {found} belongs to {name} already; choose another.",
)


def add_person(
    *,
    name: str,
    actor: Actor,
    now: datetime,
    login: str | None = None,
    password: str | None = None,
    work_phone: str = "",
    profile: Mapping[str, Any] | None = None,
    id: UUID | None = None,
) -> UUID:
    """Enter a person; with a login and a password the person may log in. Conflict when the login is taken."""
    require(actor, "people:person:manage")
    clean = clean_login(login) if login else None
    if password is not None:
        check_password(password, clean or "")
    hashed = hash_password(password) if password else ""
    with changing():
        return enter_person(
            key=id or uuid7(now),
            name=check_name(name),
            login=clean,
            hashed=hashed,
            work_phone=work_phone,
            profile=check_profile(profile or {}),
            actor=actor,
            now=now,
        )


def enter_person(
    *,
    key: UUID,
    name: str,
    actor: Actor,
    now: datetime,
    login: str | None = None,
    hashed: str = "",
    work_phone: str = "",
    profile: Mapping[str, Any] | None = None,
) -> UUID:
    """Write a checked person, inside the caller's `changing`."""
    _refuse_taken(login, key)
    Person.objects.create(
        id=key,
        login=login,
        name=name,
        work_phone=work_phone,
        password=hashed,
        profile=dict(profile or {}),
        created_at=now,
    )
    payload = {
        "login": login,
        "account": bool(hashed),
        **sealed(key, {"name": name, "work_phone": work_phone}, now),
    }
    journal(f"person/{key}", "add", actor, now, payload)
    record_fact(PersonAdded(person=key), stream=f"person/{key}", now=now)
    return key


def _refuse_taken(login: str | None, key: UUID) -> None:
    other = Person.objects.filter(login=login).exclude(id=key).first() if login else None
    if other is not None:
        raise Conflict(LOGIN_TAKEN, field="login", found=login, name=other.name)


def person_row(person: UUID) -> Person:
    """The row of a person, locked for this transaction. Missing when there is none."""
    row = Person.objects.select_for_update(no_key=True).filter(id=person).first()
    if row is None:
        raise missing("person", person)
    return row


def change_person(
    *,
    person: UUID,
    actor: Actor,
    now: datetime,
    name: str | None = None,
    work_phone: str | None = None,
    photo: str | None = None,
    profile: Mapping[str, Any] | None = None,
) -> bool:
    """Change work data of a person; what is None stays. Returns whether anything changed."""
    require(actor, "people:person:manage")
    wanted: dict[str, Any] = {"work_phone": work_phone, "photo": photo}
    wanted["name"] = check_name(name) if name is not None else None
    wanted["profile"] = check_profile(profile) if profile is not None else None
    with changing():
        row = person_row(person)
        changed = {k: v for k, v in wanted.items() if v is not None and getattr(row, k) != v}
        if changed:
            write_changes(row, changed, actor, now)
        return bool(changed)


def write_changes(row: Person, changed: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Write checked changes of a person, inside the caller's `changing`; texts are sealed in the journal."""
    for field, value in changed.items():
        setattr(row, field, value)
    row.save(update_fields=list(changed))
    texts = {k: v for k, v in changed.items() if isinstance(v, str)}
    payload = {"fields": sorted(changed), **sealed(row.id, texts, now)}
    journal(f"person/{row.id}", "change", actor, now, payload)


def give_login(*, person: UUID, login: str, password: str | None, actor: Actor, now: datetime) -> None:
    """Give a person an account, or another login."""
    require(actor, "people:person:manage")
    clean = clean_login(login)
    if password is not None:
        check_password(password, clean)
    hashed = hash_password(password) if password else None
    with changing():
        row = person_row(person)
        _refuse_taken(clean, person)
        row.login = clean
        row.password = hashed or row.password
        row.save(update_fields=["login", "password"])
        journal(f"person/{person}", "give_login", actor, now, {"login": clean, "password": bool(hashed)})


def set_password(*, person: UUID, password: str, actor: Actor, now: datetime) -> None:
    """An administrator sets a password; all log-ins of the person end."""
    require(actor, "people:person:manage")
    _write_password(person, password, actor, now, keep="")


def change_password(*, person: UUID, old: str, new: str, actor: Actor, now: datetime, keep: str = "") -> None:
    """The person changes the own password; all log-ins but the one with token `keep` end.

    Forbidden for anybody else, refused like a failed log-in when `old` is wrong.
    """
    row = Person.objects.filter(id=person).first()
    if row is None or actor.id != person:
        raise missing("person", person)
    if not matches(row.password, old):
        raise Conflict(WRONG, field="old")
    _write_password(person, new, actor, now, keep=secret_hash(keep) if keep else "")


def _write_password(person: UUID, password: str, actor: Actor, now: datetime, *, keep: str) -> None:
    login = Person.objects.filter(id=person).values_list("login", flat=True).first()
    check_password(password, login or "")
    hashed = hash_password(password)
    with changing():
        row = person_row(person)
        row.password = hashed
        row.save(update_fields=["password"])
        others = Session.objects.filter(person_id=person, ended_at__isnull=True).exclude(hash=keep)
        ended = others.update(ended_at=now)
        journal(f"person/{person}", "change_password", actor, now, {"sessions_ended": ended})


def deactivate_person(*, person: UUID, actor: Actor, now: datetime, why: str = "停用 / deactivated") -> int:
    """Nobody acts as this person any more: log-ins and tokens end, postings end today with a handover each.

    Returns how many postings ended. Twice changes nothing.
    """
    require(actor, "people:person:manage")
    with changing():
        row = person_row(person)
        if not row.active:
            return 0
        row.active = False
        row.save(update_fields=["active"])
        Session.objects.filter(person_id=person, ended_at__isnull=True).update(ended_at=now)
        AccessToken.objects.filter(person_id=person, revoked_at__isnull=True).update(revoked_at=now)
        today = day_of(now)
        held = Posting.objects.filter(person_id=person).exclude(valid_to__lte=today).order_by("id")
        ending = list(held.select_related("post"))
        for posting in ending:
            finish_posting(posting, max(today, posting.valid_from), why, actor, now)
        journal(f"person/{person}", "deactivate", actor, now, {"postings_ended": len(ending)})
        return len(ending)


def restore_person(*, person: UUID, actor: Actor, now: datetime) -> None:
    """Let a deactivated person act again; tokens stay revoked and postings ended."""
    require(actor, "people:person:manage")
    with changing():
        row = person_row(person)
        row.active = True
        row.save(update_fields=["active"])
        journal(f"person/{person}", "restore", actor, now, {})


def add_token(*, login: str, name: str, actor: Actor, now: datetime) -> str:
    """A token for programs that act as the person with `login`; its text (43 characters) is
    returned once and kept nowhere."""
    owner = Person.objects.filter(login=clean_login(login), active=True).first()
    if owner is None:
        raise missing("person", login)
    if actor.id != owner.id:
        require(actor, "people:person:manage")
    secret = secrets.token_urlsafe(32)
    with changing():
        person_row(owner.id)
        token = AccessToken.objects.create(
            id=uuid7(now), person=owner, name=check_name(name), hash=secret_hash(secret), created_at=now
        )
        journal(f"person/{owner.id}", "add_token", actor, now, {"token": token.id, "name": token.name})
    return secret


def revoke_token(*, token: UUID, actor: Actor, now: datetime) -> None:
    """End a token; doing it twice changes nothing."""
    row = AccessToken.objects.filter(id=token).first()
    if row is None:
        raise missing("token", token)
    if actor.id != row.person_id:
        require(actor, "people:person:manage")
    with changing():
        person_row(row.person_id)
        if AccessToken.objects.filter(id=token, revoked_at__isnull=True).update(revoked_at=now):
            journal(f"person/{row.person_id}", "revoke_token", actor, now, {"token": token})
