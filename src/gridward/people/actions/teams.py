"""Auxiliary forces (群防群治): head counts with a purpose; names only with consent, sealed, and withdrawn at
will."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Message
from gridward.kernel.ids import uuid7
from gridward.logbook.actions.keys import destroy_key, seal, unseal
from gridward.people.actions.changing import changing, journal, missing
from gridward.people.actions.groups import check_word
from gridward.people.facts import iso
from gridward.people.models import Team, TeamMember
from gridward.people.policy import require
from gridward.people.rules.persons import check_name
from gridward.people.rules.places import Area

TEAM_KINDS = (
    "security_guard", "patrol", "volunteer", "five_old", "building_head", "informant", "militia", "other",
)  # fmt: skip

NO_PURPOSE = Message(
    "GW-PEOPLE-073",
    "没有写明登记用途；登记群防群治力量须写明用途。",
    "The purpose is missing; auxiliary forces are registered for a stated purpose only.",
)
NO_CONSENT = Message(
    "GW-PEOPLE-074",
    "没有本人同意，不能登记姓名；请填写同意日期（不晚于今天），否则只登记人数。",
    "No name without consent: give the date of consent (not in the future), or register the head count only.",
)
BAD_HEADCOUNT = Message(
    "GW-PEOPLE-075",
    "队伍人数为 {found}；请填 0 至 100000 的整数。",
    "A team of {found} people; give a whole number from 0 to 100,000.",
)


def register_team(
    *,
    kind: str,
    name: str,
    purpose: str,
    headcount: int,
    valid_from: date,
    actor: Actor,
    now: datetime,
    area: Area | None = None,
    unit: UUID | None = None,
    contact: UUID | None = None,
) -> UUID:
    """Register a team by its head count; nobody is named by this."""
    require(actor, "people:team:manage")
    check_word("kind", kind, TEAM_KINDS)
    _check_purpose(purpose)
    _check_headcount(headcount)
    key = uuid7(now)
    with changing():
        Team.objects.create(
            id=key, kind=kind, name=name, purpose=purpose, headcount=headcount, valid_from=valid_from,
            scheme=area.scheme if area else "", area=area.id if area else None, unit_id=unit,
            contact_id=contact,
        )  # fmt: skip
        payload = {
            "kind": kind, "name": name, "purpose": purpose, "headcount": headcount, "unit": unit,
            "area": area.id if area else None, "contact": contact, "valid_from": iso(valid_from),
        }  # fmt: skip
        journal(f"team/{key}", "register", actor, now, payload)
    return key


def _check_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise BadInput(NO_PURPOSE, field="purpose")


def _check_headcount(headcount: int) -> None:
    if not 0 <= headcount <= 100_000:
        raise BadInput(BAD_HEADCOUNT, field="headcount", found=headcount)


def count_team(*, team: UUID, headcount: int, actor: Actor, now: datetime) -> None:
    """Write a new head count."""
    require(actor, "people:team:manage")
    _check_headcount(headcount)
    with changing():
        row = _row(team)
        before, row.headcount = row.headcount, headcount
        row.save(update_fields=["headcount"])
        journal(f"team/{team}", "count", actor, now, {"before": before, "after": headcount})


def _row(team: UUID) -> Team:
    row = Team.objects.filter(id=team).first()
    if row is None:
        raise missing("team", team)
    return row


def name_member(
    *,
    team: UUID,
    name: str,
    purpose: str,
    consent_date: date,
    today: date,
    actor: Actor,
    now: datetime,
    phone: str = "",
    valid_to: date | None = None,
) -> UUID:
    """Name a member who has consented; name and telephone are stored sealed under a key of the member's
    own."""
    require(actor, "people:team:manage")
    _check_purpose(purpose)
    if consent_date > today:
        raise BadInput(NO_CONSENT, field="consent_date")
    key = uuid7(now)
    with changing():
        _row(team)
        sealed = seal(owner=f"member/{key}", values={"name": check_name(name), "phone": phone}, now=now)
        TeamMember.objects.create(
            id=key, team_id=team, sealed=sealed, purpose=purpose, consent_date=consent_date, valid_to=valid_to
        )
        payload = {"member": key, "purpose": purpose, "consent_date": iso(consent_date), "sealed": sealed}
        journal(f"team/{team}", "name_member", actor, now, payload)
    return key


def withdraw_consent(*, member: UUID, actor: Actor, now: datetime) -> None:
    """Consent is withdrawn: the key is destroyed, so that the name is gone from table, journal and backups
    to come."""
    require(actor, "people:team:manage")
    with changing():
        row = TeamMember.objects.filter(id=member).first()
        if row is None:
            raise missing("member", member)
        if row.withdrawn_at is not None:
            return
        row.withdrawn_at, row.sealed = now, {}
        row.save(update_fields=["withdrawn_at", "sealed"])
        journal(f"team/{row.team_id}", "withdraw_consent", actor, now, {"member": member})
    destroy_key(owner=f"member/{member}", reason="withdraw_consent", actor=actor, now=now)


def open_member(*, member: UUID, purpose: str, actor: Actor, now: datetime) -> dict[str, str | None]:
    """Name and telephone of a member, for a stated purpose; each opening is written into the journal."""
    require(actor, "people:team:unmask")
    _check_purpose(purpose)
    with changing():
        row = TeamMember.objects.filter(id=member, withdrawn_at__isnull=True).first()
        if row is None:
            raise missing("member", member)
        journal(f"team/{row.team_id}", "unmask", actor, now, {"member": member, "purpose": purpose})
    return unseal(row.sealed)
