"""What people see of a state: colour, cached deadlines, whose move it is, the stage rail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridward.cases.rules import stages as s
from gridward.cases.rules.clocks import FILING, TOTAL, UNIT, Calendars, yellow_at
from gridward.cases.rules.state import State

TURNS = {
    s.COLLECTED: "cases:case:file",
    s.FILED: "cases:case:assign",
    s.ASSIGNED: "cases:case:handle",
    s.HANDLING: "cases:case:handle",
    s.REPORTED_BACK: "cases:case:check",
    s.CHECKED: "cases:case:close",
}
"""Stage -> the permission whose holders make the next move (the inbox)."""


@dataclass(frozen=True, slots=True)
class Cached:
    """The columns of a case row that are derived from its state; rebuilt and compared by a test and by verify."""

    stage: str
    seq: int
    outcome: str | None
    unit: str | None
    closed: bool
    opened_at: datetime | None
    filed_at: datetime | None
    closed_at: datetime | None
    filing_due_at: datetime | None
    total_due_at: datetime | None
    unit_due_at: datetime | None
    next_due_at: datetime | None
    next_yellow_at: datetime | None
    late: bool
    turn: str
    returns: int
    reworks: int


def cached(state: State, calendars: Calendars) -> Cached:
    """The one function that derives the cached columns."""
    next_due = next_yellow = None
    stopped_late = False
    for clock in state.clocks.values():
        due = clock.due_at
        if due is None:
            continue
        if clock.stopped_at:
            stopped_late = stopped_late or clock.stopped_at > due
        elif not clock.pauses:
            next_due = due if next_due is None else min(next_due, due)
            yellow = yellow_at(clock, calendars)
            if yellow:
                next_yellow = yellow if next_yellow is None else min(next_yellow, yellow)
    return Cached(
        stage=state.stage,
        seq=state.seq,
        outcome=state.outcome,
        unit=state.unit,
        closed=state.closed,
        opened_at=state.opened_at,
        filed_at=state.filed_at,
        closed_at=state.closed_at,
        filing_due_at=_due(state, FILING),
        total_due_at=_due(state, TOTAL),
        unit_due_at=_due(state, UNIT),
        next_due_at=next_due,
        next_yellow_at=next_yellow,
        late=stopped_late,
        turn=turn(state),
        returns=state.returns,
        reworks=state.reworks,
    )


def _due(state: State, kind: str) -> datetime | None:
    clock = state.clocks.get(kind)
    return clock.due_at if clock else None


def turn(state: State) -> str:
    """The permission whose holder moves next; empty when nobody has to."""
    if state.closed:
        return "cases:case:evaluate" if state.stage == s.CHECKED else ""
    if state.stage == s.COLLECTED and state.checking:
        return "cases:case:pre_check"
    return TURNS.get(state.stage, "")


def colour(next_due_at: datetime | None, next_yellow_at: datetime | None, late: bool, now: datetime) -> str:
    """green, yellow (80 % used), red (late) or none (no clock has a deadline)."""
    if next_due_at is None:
        return "red" if late else "none"
    if now > next_due_at:
        return "red"
    if next_yellow_at is not None and now >= next_yellow_at:
        return "yellow"
    return "green"


def rail(state: State, now: datetime) -> list[dict[str, Any]]:
    """Seven segments: stage, seconds spent in it (natural), state done|current|todo|skipped, late."""
    spent: dict[str, int] = {}
    for r in state.rounds:
        seconds = int(
            ((r.left_at or (state.closed_at if state.closed else None) or now) - r.entered_at).total_seconds()
        )
        spent[r.stage] = spent.get(r.stage, 0) + max(seconds, 0)
    position = s.STAGES.index(state.stage) if state.stage in s.STAGES else -1
    late = any(clock.late(now) for clock in state.clocks.values())
    return [_segment(i, stage, position, spent, late, state) for i, stage in enumerate(s.STAGES)]


def _segment(
    index: int, stage: str, position: int, spent: Mapping[str, int], late: bool, state: State
) -> dict[str, Any]:
    if index == position:
        kind = "done" if state.closed else "current"
    elif stage in spent and index < position:
        kind = "done"
    else:
        kind = "skipped" if index < position else "todo"
    return {
        "stage": stage,
        "seconds": spent.get(stage),
        "state": kind,
        "late": late and index == position,
    }
