"""What this room tells the others: postings, absences, units, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class PersonAdded:
    """A person was entered; the name stays in this room."""

    person: UUID


@dataclass(frozen=True)
class PersonPosted:
    """A posting begins on `valid_from` (ISO date); `target` is the area, subject or unit it is on."""

    posting: UUID
    person: UUID
    post: str
    on: str
    target: UUID
    rank: str
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True)
class PostingEnded:
    """A posting ends on `on` (ISO date, that day no longer included). Rooms with open items hand them to
    `handover`."""

    posting: UUID
    person: UUID
    post: str
    target: UUID
    rank: str
    on: str
    why: str
    handover: UUID


@dataclass(frozen=True)
class HandoverSigned:
    """Somebody took over the open items of an ended posting."""

    handover: UUID
    posting: UUID
    receiver: UUID


@dataclass(frozen=True)
class AbsenceRecorded:
    """A person is away from `started_at` to `ended_at` (null: open); `posting` when from one posting only."""

    absence: UUID
    person: UUID
    posting: UUID | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class AbsenceEnded:
    """A person is back."""

    absence: UUID
    person: UUID
    ended_at: datetime


@dataclass(frozen=True)
class UnitCreated:
    """A unit was entered by hand or by an import (`source`)."""

    unit: UUID
    code: str
    name: str
    source: str


@dataclass(frozen=True)
class PostsDefined:
    """The posts of a pack were published in this version."""

    pack: str
    version: str
    posts: tuple[str, ...]


def iso(day: date | None) -> str | None:
    """A date as facts carry it."""
    return day.isoformat() if day else None
