"""The state of a case is the fold of its journal: step() applies one entry body, and nothing else changes state.

An entry body is the canonical JSON of the logbook: move, actor, at, from, to, payload. What a move needs later
(limits, calendar version, unit, row) stands in its payload, so that the fold needs no table but the calendars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gridward.cases.rules import clocks as c
from gridward.cases.rules.clocks import FILING, TOTAL, UNIT, Calendars, Clock
from gridward.kernel.errors import Fault, Message
from gridward.kernel.worktime import parse_limit
from gridward.logbook.rules import unstamp

UNKNOWN_MOVE = Message(
    "GW-CASES-090",
    "流转记录里有本版本不认识的操作“{move}”（第 {seq} 条）：请升级后再打开此案件。",
    "Entry {seq} holds the move {move}, which this version does not know: upgrade before opening this case.",
)


@dataclass(slots=True)
class Round:
    """One stay in a stage, for the stage rail."""

    stage: str
    entered_at: datetime
    left_at: datetime | None = None
    by: str = ""


@dataclass(slots=True)
class State:
    """Everything about a case that moves decide on. Mutable only inside step()."""

    stage: str = ""
    seq: int = 0
    category: str = ""
    row: str | None = None
    unit_limit: str | None = None  # of the row as filed; "" none; None: filed before it was written down
    outcome: str | None = None
    source: str = ""
    unit: str | None = None
    last_unit: str | None = None
    how: str = ""
    by_when: str | None = None
    opened_at: datetime | None = None
    filed_at: datetime | None = None
    assigned_at: datetime | None = None
    signed_at: datetime | None = None
    handed_in_at: datetime | None = None
    checked_at: datetime | None = None
    closed_at: datetime | None = None
    closed: bool = False
    grade: str | None = None
    rating: int | None = None
    returns: int = 0
    reworks: int = 0
    reopened: int = 0
    checking: bool = False
    handler: str | None = None
    reporter: str | None = None
    signatures: dict[str, str] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    past_clocks: list[Clock] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    last_by: str = ""
    last_at: datetime | None = None
    adopted: bool = False

    def copy(self) -> State:
        """An independent state: step() may change the copy."""
        twin = State(**{name: getattr(self, name) for name in self.__slots__})
        twin.signatures, twin.clocks = dict(self.signatures), dict(self.clocks)
        twin.past_clocks = list(self.past_clocks)
        twin.rounds = [Round(r.stage, r.entered_at, r.left_at, r.by) for r in self.rounds]
        return twin


def fold(bodies: Iterable[Mapping[str, Any]], calendars: Calendars) -> State:
    """The state after all entries of one stream."""
    state = State()
    for body in bodies:
        step(state, body, calendars)
    return state


def step(state: State, body: Mapping[str, Any], calendars: Calendars) -> State:
    """Apply one entry to `state` in place and return it. Raises Fault on a move this version does not know."""
    move, payload = body["move"], body["payload"]
    effect = EFFECTS.get(move)
    if effect is None:
        raise Fault(UNKNOWN_MOVE, move=move, seq=body["seq"])
    at = unstamp(body["at"])
    state.seq = body["seq"]
    effect(state, payload, at, body, calendars)
    _enter(state, body["to"], at, body["actor"])
    state.last_by, state.last_at = body["actor"], at
    return state


def _enter(state: State, stage: str, at: datetime, actor: str) -> None:
    if stage == state.stage:
        return
    if state.rounds:
        state.rounds[-1].left_at = at
    state.rounds.append(Round(stage, at, None, actor))
    state.stage = stage


def _start(state: State, kind: str, payload: Mapping[str, Any], at: datetime, calendars: Calendars) -> None:
    limit = (payload.get("limits") or {}).get(kind)
    if not limit:
        return
    calendar = calendars[payload["calendar"]]
    if kind in state.clocks:
        state.past_clocks.append(state.clocks[kind])
    state.clocks[kind] = c.start(kind, parse_limit(limit), at, calendar)


def _each(state: State, change: Any) -> None:
    for kind, clock in state.clocks.items():
        state.clocks[kind] = change(clock)


def _report(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    state.category, state.source, state.opened_at = p["category"], p.get("source", ""), at
    state.reporter = body["actor"]
    _start(state, FILING, p, at, cal)


def _adopt(state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars) -> None:
    """Foreign times and limits are taken as they stand; what is unknown stays unknown."""
    times = {name: unstamp(text) for name, text in (p.get("times") or {}).items() if text}
    state.adopted, state.category, state.source = True, p["category"], p["source"]
    state.opened_at = times.get("opened_at", at)
    state.filed_at, state.assigned_at = times.get("filed_at"), times.get("assigned_at")
    state.checked_at = state.closed_at = times.get("closed_at")
    state.closed, state.outcome, state.unit = bool(p.get("closed")), p.get("outcome"), p.get("unit")
    state.last_unit = state.unit
    if times.get("due_at") or state.closed_at:
        clock = c.start_given(TOTAL, state.opened_at, times.get("due_at"))
        state.clocks[TOTAL] = c.stop(clock, state.closed_at) if state.closed_at else clock


def _pre_check(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    asked = p["step"] == "ask"
    state.checking = asked
    if clock := state.clocks.get(FILING):
        change = c.pause if asked else c.resume
        state.clocks[FILING] = change(clock, "pre_filing_check", at, cal)


def _file(state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars) -> None:
    state.filed_at, state.row, state.unit_limit = at, p.get("row"), p.get("unit_limit")
    state.category = p.get("category") or state.category
    _stop(state, FILING, at)
    _start(state, TOTAL, p, at, cal)


def _stop(state: State, kind: str, at: datetime) -> None:
    if clock := state.clocks.get(kind):
        state.clocks[kind] = c.stop(clock, at)


def _end(state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars) -> None:
    """decline, void, merge: closed without handling."""
    _each(state, lambda clock: c.stop(clock, at))
    state.closed, state.closed_at, state.outcome = True, at, p.get("outcome")


def _settle(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    _each(state, lambda clock: c.stop(clock, at))
    state.filed_at = state.checked_at = state.closed_at = at
    state.closed, state.outcome, state.handler = True, "fixed", body["actor"]


def _assign(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    same = state.last_unit == p["unit"] and UNIT in state.clocks and "return" in state.clocks[UNIT].pauses
    state.unit = state.last_unit = p["unit"]
    state.assigned_at, state.how, state.by_when = at, p.get("how", ""), p.get("by_when")
    if same:
        state.clocks[UNIT] = c.resume(state.clocks[UNIT], "return", at, cal)
    else:
        _start(state, UNIT, p, at, cal)


def _sign(state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars) -> None:
    state.signed_at = at


def _return(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    state.returns += 1
    state.unit = None
    if clock := state.clocks.get(UNIT):
        state.clocks[UNIT] = c.pause(clock, "return", at, cal)


def _hand_in(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    state.handed_in_at, state.handler = at, body["actor"]
    state.outcome = p.get("outcome") or "fixed"
    _stop(state, UNIT, at)


def _check(state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars) -> None:
    if p["passed"]:
        state.checked_at = at
        state.signatures.setdefault("inspector", body["actor"])
        return
    state.reworks += 1
    state.outcome = None
    if clock := state.clocks.get(UNIT):
        state.clocks[UNIT] = c.restart_remainder(clock, at, cal)


def _close(state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars) -> None:
    state.closed, state.closed_at = True, at
    state.outcome = p.get("outcome") or state.outcome or "fixed"
    state.signatures.update(p.get("signatures") or {})
    _each(state, lambda clock: c.stop(clock, at))


def _evaluate(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    state.grade, state.rating = p["grade"], p.get("rating")


def _reopen(
    state: State, p: Mapping[str, Any], at: datetime, body: Mapping[str, Any], cal: Calendars
) -> None:
    """New clocks with the limits of this instant; the earlier result stays in the journal."""
    state.past_clocks.extend(state.clocks.values())
    state.clocks = {}
    state.reopened += 1
    state.closed, state.closed_at, state.outcome, state.grade = False, None, None, None
    state.checked_at = state.handed_in_at = state.signed_at = state.assigned_at = None
    state.unit = state.last_unit = state.handler = None
    state.signatures = {}
    state.filed_at, state.row, state.unit_limit = at, p.get("row") or state.row, p.get("unit_limit")
    _start(state, TOTAL, p, at, cal)


EFFECTS = {
    "report": _report,
    "adopt": _adopt,
    "pre_filing_check": _pre_check,
    "file": _file,
    "decline": _end,
    "void": _end,
    "merge": _end,
    "settle_on_site": _settle,
    "assign": _assign,
    "sign": _sign,
    "return": _return,
    "hand_in": _hand_in,
    "post_handling_check": _check,
    "close": _close,
    "evaluate": _evaluate,
    "reopen": _reopen,
}
