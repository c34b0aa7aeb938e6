"""Moves decided without a database (R-CASE-02, 09, 11, 12; R-CASE-13): which stage allows which, and what each needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.cases.rules import stages as s
from gridward.cases.rules.moves import MOVES, Applied, MoveRequest, decide
from gridward.cases.rules.state import State, fold, step
from gridward.cases.rules.view import cached, rail, turn
from gridward.cases.rules.workflow import Category, StandardRow, Workflow
from gridward.kernel.errors import GridwardError, ManyProblems
from gridward.kernel.worktime import default_calendar
from gridward.logbook.rules import stamp

CALENDAR = default_calendar("Asia/Shanghai")
CALENDARS = {CALENDAR.version: CALENDAR}
ROW = StandardRow.read({"id": "r1", "limit": {"total": "5 working_days", "unit": "3 working_days"}}, 0)
CATEGORY = Category(1, "d", "matter", "x", {"zh": "占道"}, "plain", (ROW,))
START = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
UNIT = "01890000-0000-7000-8000-000000000001"
OTHER = "01890000-0000-7000-8000-000000000002"

DATA: dict[str, dict[str, Any]] = {
    "pre_filing_check": {"step": "ask"},
    "file": {},
    "decline": {"reason": "不属实"},
    "void": {"reason": "误报"},
    "settle_on_site": {"text": "当场清理"},
    "assign": {"unit": UNIT},
    "sign": {},
    "return": {"reason": "不属本单位"},
    "hand_in": {"text": "已清理"},
    "post_handling_check": {"passed": True},
    "close": {},
    "evaluate": {"grade": "good"},
    "reopen": {"reason": "回头看发现反弹"},
}


class Driver:
    """Applies moves one hour apart and keeps the journal bodies."""

    def __init__(self, workflow: Workflow | None = None) -> None:
        self.workflow = workflow or Workflow()
        self.at = START
        self.bodies: list[dict[str, Any]] = []
        self.state = State()
        self._write("report", "", s.COLLECTED, {"category": "x", "source": "desk"}, "reporter")

    def _write(self, move: str, from_: str, to: str, payload: dict[str, Any], actor: str) -> None:
        payload = {k: stamp(v) if isinstance(v, datetime) else v for k, v in payload.items()}
        body = {
            "seq": len(self.bodies) + 1,
            "move": move,
            "actor": actor,
            "at": stamp(self.at),
            "from": from_,
            "to": to,
            "payload": payload,
        }
        self.bodies.append(body)
        step(self.state, body, CALENDARS)

    def take(self, move: str, actor: str = "", **data: Any) -> Applied:
        self.at += timedelta(hours=1)
        request = MoveRequest(move, {**DATA[move], **data}, actor or f"by-{move}", self.at)
        applied = decide(
            self.state, request, category=CATEGORY, workflow=self.workflow, calendar=CALENDAR.version, row=ROW
        )
        self._write(move, applied.from_stage, applied.to_stage, applied.payload, request.actor)
        return applied

    def run(self, *moves: str) -> Driver:
        for move in moves:
            self.take(move)
        return self


WHOLE = ("file", "assign", "sign", "hand_in", "post_handling_check", "close", "evaluate")


def code_of(error: pytest.ExceptionInfo[GridwardError]) -> str:
    found = error.value
    return found.problems[0].code if isinstance(found, ManyProblems) else found.code


def test_whole_loop_passes_the_seven_stages() -> None:
    """R-CASE-02."""
    state = Driver().run(*WHOLE).state
    assert [r.stage for r in state.rounds] == list(s.STAGES)
    assert (state.closed, state.outcome, state.grade) == (True, "fixed", "good")


@pytest.mark.parametrize("stage", s.STAGES)
@pytest.mark.parametrize("move", MOVES)
def test_move_from_a_stage_that_does_not_allow_it_is_refused(stage: str, move: str) -> None:
    """No illegal move is accepted: every move × every stage."""
    driver = Driver().run(*WHOLE[: s.STAGES.index(stage) if stage != s.EVALUATED else len(WHOLE)])
    if stage == s.CHECKED and move in ("evaluate", "reopen"):
        with pytest.raises(GridwardError) as refused:
            driver.take(move)
        assert code_of(refused) == "GW-CASES-008"
        return
    allowed = stage in MOVES[move][0]
    if allowed:
        driver.take(move, actor="somebody else")
        return
    with pytest.raises(GridwardError) as refused:
        driver.take(move)
    assert code_of(refused) in ("GW-CASES-001", "GW-CASES-007")


@pytest.mark.parametrize("move", [m for m in MOVES if m not in ("file", "sign", "close")])
def test_move_without_what_it_needs_names_the_field(move: str) -> None:
    """Bad input: the sentence stands at the field."""
    before = {
        "assign": WHOLE[:1], "return": WHOLE[:2], "hand_in": WHOLE[:3], "post_handling_check": WHOLE[:4],
        "evaluate": WHOLE[:6], "reopen": WHOLE[:6],
    }  # fmt: skip
    driver = Driver().run(*before.get(move, ()))
    empty = dict.fromkeys(DATA[move])
    with pytest.raises(GridwardError) as refused:
        driver.take(move, **empty)
    problems = refused.value.problems if isinstance(refused.value, ManyProblems) else [refused.value]
    assert {p.field for p in problems} == set(DATA[move])
    assert {p.code for p in problems} == {"GW-CASES-003"}


def test_check_by_the_handler_is_refused() -> None:
    """post_handling_check: not by the handler."""
    driver = Driver().run("file", "assign", "sign")
    driver.take("hand_in", actor="Wang")
    with pytest.raises(GridwardError) as refused:
        driver.take("post_handling_check", actor="Wang")
    assert code_of(refused) == "GW-CASES-005"


def test_failed_check_returns_to_handling_and_counts_as_rework() -> None:
    driver = Driver().run("file", "assign", "sign", "hand_in")
    driver.take("post_handling_check", passed=False, text="仍有残留")
    assert (driver.state.stage, driver.state.reworks, driver.state.clocks["unit"].running) == (
        s.HANDLING,
        1,
        True,
    )


def test_return_then_same_unit_resumes_and_another_restarts() -> None:
    """The unit clock: the same unit resumes the rest, another restarts."""
    same, other = Driver().run("file", "assign", "return"), Driver().run("file", "assign", "return")
    same.take("assign", unit=UNIT)
    other.take("assign", unit=OTHER)
    assert same.state.clocks["unit"].started_at == START + timedelta(hours=2)
    assert same.state.clocks["unit"].due_at == datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
    assert other.state.clocks["unit"].started_at == START + timedelta(hours=4)
    assert other.state.clocks["unit"].due_at == datetime(2026, 6, 10, 11, 0, tzinfo=UTC)


def test_settle_on_site_is_a_closed_case() -> None:
    """R-CASE-09: an immediate fix is recorded as a closed case."""
    state = Driver().run("settle_on_site").state
    assert (state.stage, state.closed, state.outcome) == (s.CHECKED, True, "fixed")


def test_reopen_gives_new_clocks_and_keeps_the_earlier_in_the_past() -> None:
    """Known bug elsewhere: a reopened case with the old deadline."""
    driver = Driver().run(*WHOLE[:6], "reopen")
    total = driver.state.clocks["total"]
    assert (total.started_at, total.running) == (driver.at, True)
    assert [c.kind for c in driver.state.past_clocks] == ["total", "unit"]


def test_reopen_after_the_period_is_refused() -> None:
    driver = Driver().run(*WHOLE[:6])
    driver.at += timedelta(days=31)
    with pytest.raises(GridwardError) as refused:
        driver.take("reopen")
    assert code_of(refused) == "GW-CASES-009"


def test_file_while_a_check_is_unanswered_is_refused() -> None:
    driver = Driver().run("pre_filing_check")
    with pytest.raises(GridwardError) as refused:
        driver.take("file")
    assert code_of(refused) == "GW-CASES-011"
    driver.take("pre_filing_check", step="answer")
    assert driver.take("file").to_stage == s.FILED


def test_three_signatures_must_be_distinct() -> None:
    """R-CASE-07 as data of a workflow: inspector, responsible, rechecker."""
    flow = Workflow.read(
        "hazard", {"checked": {"signatures": ["inspector", "responsible", "rechecker"], "distinct": True}}
    )
    driver = Driver(flow).run(*WHOLE[:5])
    with pytest.raises(GridwardError) as refused:
        driver.take("close", signatures={"responsible": "A", "rechecker": "A"})
    assert code_of(refused) == "GW-CASES-006"
    driver.take("close", signatures={"responsible": "A", "rechecker": "B"})
    assert driver.state.signatures == {
        "inspector": "by-post_handling_check",
        "responsible": "A",
        "rechecker": "B",
    }


def test_assign_refused_without_the_three_elements() -> None:
    """R-CASE-06: a workflow may ask who, by_when and how before a hazard is assigned."""
    flow = Workflow.read("hazard", {"assigned": {"requires": ["who", "by_when", "how"]}})
    driver = Driver(flow).run("file")
    with pytest.raises(ManyProblems) as refused:
        driver.take("assign")
    assert {p.field for p in refused.value.problems} == {"who", "by_when", "how"}


def test_rail_shows_time_in_each_stage_and_the_current_one() -> None:
    driver = Driver().run("file", "assign", "sign")
    segments = rail(driver.state, driver.at + timedelta(hours=2))
    assert [(x["stage"], x["seconds"], x["state"]) for x in segments[:4]] == [
        ("collected", 3600, "done"),
        ("filed", 3600, "done"),
        ("assigned", 3600, "done"),
        ("handling", 7200, "current"),
    ]
    assert {x["state"] for x in segments[4:]} == {"todo"}


def test_turn_names_the_permission_of_the_next_move() -> None:
    driver, found = Driver(), []
    for move in WHOLE:
        found.append(turn(driver.state))
        driver.take(move)
    assert [*found, turn(driver.state)] == [
        "cases:case:file", "cases:case:assign", "cases:case:handle", "cases:case:handle", "cases:case:check",
        "cases:case:close", "cases:case:evaluate", "",
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from(sorted(MOVES)), max_size=25), st.lists(st.booleans(), min_size=25, max_size=25)
)
def test_fold_of_any_legal_sequence_equals_the_stepped_state(moves: list[str], flags: list[bool]) -> None:
    """state = fold(journal); illegal moves leave no trace; at most one responsible unit."""
    driver = Driver()
    for move, flag in zip(moves, flags, strict=False):
        before = list(driver.bodies)
        try:
            driver.take(
                move,
                actor="checker",
                **({"passed": flag, "text": "x"} if move == "post_handling_check" else {}),
            )
        except GridwardError:
            assert driver.bodies == before
    folded = fold(driver.bodies, CALENDARS)
    assert folded == driver.state
    assert cached(folded, CALENDARS) == cached(driver.state, CALENDARS)
    assert (folded.stage in (s.ASSIGNED, s.HANDLING)) <= (folded.unit is not None)
