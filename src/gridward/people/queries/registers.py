"""Registers beside the postings: handovers, departments in areas, leading groups, auxiliary forces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gridward.people.models import Group, Handover, Presence, Seat, Team
from gridward.people.queries.kept import Stamps, day_of


@dataclass(frozen=True)
class HandoverLine:
    """A handover: what was open, who gives and who takes over."""

    id: UUID
    posting: UUID
    giver: str
    receiver: str | None
    open_items: tuple[Mapping[str, str], ...]
    created_at: datetime
    signed_at: datetime | None


def handovers(*, posting: UUID | None = None, unsigned: bool = False) -> list[HandoverLine]:
    """Handovers, newest first; of one posting, or those that nobody has signed yet."""
    rows = Handover.objects.select_related("posting__person", "receiver")
    if posting is not None:
        rows = rows.filter(posting_id=posting)
    if unsigned:
        rows = rows.filter(signed_at=None)
    return [
        HandoverLine(
            h.id, h.posting_id, h.posting.person.name, h.receiver.name if h.receiver else None,
            tuple(h.open_items), h.created_at, h.signed_at,
        )
        for h in rows.order_by("-created_at", "-id")
    ]  # fmt: skip


@dataclass(frozen=True)
class PresenceLine:
    """A department in an area, its duty there and its liaison person."""

    id: UUID
    unit: UUID
    unit_name: str
    kind: str
    area: UUID
    duty: str
    liaison: str | None
    valid_from: date
    valid_to: date | None


def presences(area: UUID, at: datetime, *, stamps: Stamps | None = None) -> list[PresenceLine]:
    """The departments that work in an area or sponsor it at `at` (八进网格、分包)."""
    day = day_of(at, stamps)
    rows = Presence.objects.filter(area=area, valid_from__lte=day).exclude(valid_to__lte=day)
    columns = (
        "id", "unit_id", "unit__name", "kind", "area", "duty", "liaison__name", "valid_from", "valid_to",
    )  # fmt: skip
    return [PresenceLine(*row) for row in rows.order_by("kind", "unit__code").values_list(*columns)]


@dataclass(frozen=True)
class SeatLine:
    """A seat in a group."""

    id: UUID
    role: str
    person: str | None
    work_phone: str | None
    unit: str | None
    duty: str


def seats(
    group: UUID, at: datetime, *, role: str | None = None, stamps: Stamps | None = None
) -> list[SeatLine]:
    """The seats of a group at `at`; with role "liaison" its list of liaison persons (联络员)."""
    day = day_of(at, stamps)
    rows = Seat.objects.filter(group_id=group, valid_from__lte=day).exclude(valid_to__lte=day)
    if role is not None:
        rows = rows.filter(role=role)
    columns = ("id", "role", "person__name", "person__work_phone", "unit__name", "duty")
    return [SeatLine(*row) for row in rows.order_by("role", "id").values_list(*columns)]


@dataclass(frozen=True)
class GroupLine:
    """A leading group, office or working group."""

    id: UUID
    kind: str
    name: str
    duty: str
    parent: UUID | None
    document: str


def groups(at: datetime, *, stamps: Stamps | None = None) -> list[GroupLine]:
    """The groups that exist at `at`."""
    day = day_of(at, stamps)
    rows = Group.objects.filter(valid_from__lte=day).exclude(valid_to__lte=day).order_by("kind", "name", "id")
    return [
        GroupLine(*row) for row in rows.values_list("id", "kind", "name", "duty", "parent_id", "document")
    ]


@dataclass(frozen=True)
class TeamLine:
    """An auxiliary force: its head count, and how many members are named with consent in force."""

    id: UUID
    kind: str
    name: str
    purpose: str
    headcount: int
    named: int
    area: UUID | None


def teams(at: datetime, *, stamps: Stamps | None = None) -> list[TeamLine]:
    """The auxiliary forces that exist at `at`; nobody is named here."""
    day = day_of(at, stamps)
    rows = Team.objects.filter(valid_from__lte=day).exclude(valid_to__lte=day)
    found = []
    for row in rows.order_by("kind", "name", "id").prefetch_related("members"):
        named = sum(
            m.withdrawn_at is None and m.consent_date <= day and (m.valid_to is None or day < m.valid_to)
            for m in row.members.all()
        )
        found.append(TeamLine(row.id, row.kind, row.name, row.purpose, row.headcount, named, row.area))
    return found
