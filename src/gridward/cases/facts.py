"""What happened to cases, for other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CaseReported:
    """A case was collected."""

    case: UUID
    category: str
    area: UUID | None
    subject: UUID | None


@dataclass(frozen=True)
class CaseMoved:
    """A case took a move from one stage to another."""

    case: UUID
    move: str
    from_stage: str
    to_stage: str
    unit: UUID | None


@dataclass(frozen=True)
class CaseClosed:
    """A case was brought to an end with an outcome."""

    case: UUID
    outcome: str | None
    late: bool
    subject: UUID | None
