"""What happened to subjects, for other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SubjectEntered:
    """A subject was entered in a ledger."""

    subject: UUID
    ledger: str


@dataclass(frozen=True)
class SubjectChanged:
    """Fields of a subject's file changed."""

    subject: UUID
    ledger: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class SubjectMoved:
    """A subject has another home leaf."""

    subject: UUID
    ledger: str
    area: UUID | None


@dataclass(frozen=True)
class SubjectEnded:
    """A subject's file was closed."""

    subject: UUID
    ledger: str
    reason: str


@dataclass(frozen=True)
class SubjectsImported:
    """A slice of an import was written."""

    ledger: str
    created: int
    updated: int
