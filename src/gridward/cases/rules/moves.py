"""May this move happen now, and what will its entry say? decide() answers; step() then makes the new state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gridward.cases.rules import stages as s
from gridward.cases.rules.clocks import FILING, TOTAL, UNIT
from gridward.cases.rules.state import State
from gridward.cases.rules.workflow import Category, StandardRow, Workflow
from gridward.kernel.clock import parse_instant
from gridward.kernel.errors import BadInput, Both, GridwardError, ManyProblems, Message, Refused

WRONG_STAGE = Message(
    "GW-CASES-001",
    "案件现在处于“{found}”环节，不能“{move}”；该操作可在以下环节进行：{allowed}。",
    "The case is at the stage {found} and cannot take the move {move}; it is possible at: {allowed}.",
)
UNKNOWN = Message(
    "GW-CASES-002",
    "没有名为“{found}”的操作；可用的操作：{allowed}。",
    "There is no move {found}; moves are: {allowed}.",
)
NEEDED = Message(
    "GW-CASES-003",
    "“{move}”必须填写“{field_label}”；请补充后再提交，已填内容会保留。",
    "The move {move} needs {field_label}; fill it in and send again, nothing typed is lost.",
)
NOT_ONE_OF = Message(
    "GW-CASES-004",
    "“{field_label}”不能是“{found}”；可选：{allowed}。",
    "{field_label} cannot be {found}; allowed: {allowed}.",
)
SAME_HAND = Message(
    "GW-CASES-005",
    "核查人不能是处置人本人；请由其他有核查权限的人核查。",
    "The person who handled a case cannot check it; somebody else with the right to check must do it.",
)
SIGN_DISTINCT = Message(
    "GW-CASES-006",
    "三方签字必须是不同的人；“{found}”签了不止一处。",
    "The signatures must be of different persons; {found} signed more than once.",
)
CLOSED_ALREADY = Message(
    "GW-CASES-007",
    "案件已于 {found} 结案，不能“{move}”；如需继续，请先“重开”。",
    "The case was closed at {found} and cannot take the move {move}; reopen it first.",
)
NOT_CLOSED = Message(
    "GW-CASES-008",
    "案件还没有结案，不能“{move}”；请先结案。",
    "The case is not closed yet and cannot take the move {move}; close it first.",
)
REOPEN_LATE = Message(
    "GW-CASES-009",
    "结案已超过 {allowed} 天，不能重开；请另行上报新案件并注明原案号。",
    "The case was closed more than {allowed} days ago and cannot be reopened; report a new case naming the old one.",
)
NO_SETTLE = Message(
    "GW-CASES-010",
    "此类别不允许当场处置；请立案后派遣。",
    "This category does not allow settling on the spot; file and assign the case.",
)
CHECK_OPEN = Message(
    "GW-CASES-011",
    "核实还没有答复；请先答复核实，再“{move}”。",
    "The pre-filing check is not answered yet; answer it before the move {move}.",
)
TIME_BACK = Message(
    "GW-CASES-012",
    "操作时间 {found} 早于上一步 {allowed}；请检查时间。",
    "The move's time {found} lies before the previous step {allowed}; check the clock.",
)

MOVE_LABELS = {
    "report": ("上报", "Report"),
    "adopt": ("接入", "Adopt"),
    "pre_filing_check": ("核实", "Pre-filing check"),
    "file": ("立案", "File"),
    "decline": ("不予立案", "Decline"),
    "void": ("作废", "Void"),
    "settle_on_site": ("当场处置", "Settle on site"),
    "assign": ("派遣", "Assign"),
    "sign": ("签收", "Sign"),
    "return": ("退回", "Return"),
    "hand_in": ("反馈", "Hand in"),
    "post_handling_check": ("核查", "Check"),
    "close": ("结案", "Close"),
    "evaluate": ("评价", "Evaluate"),
    "reopen": ("重开", "Reopen"),
}
FIELD_LABELS = {
    "reason": ("原因", "Reason"),
    "unit": ("责任单位", "Unit"),
    "by_when": ("完成时限", "By when"),
    "how": ("处置措施", "How"),
    "who": ("责任人", "Who"),
    "photo": ("照片", "Photo"),
    "after_photo": ("处置后照片", "Photo afterwards"),
    "result": ("处置结果", "Result"),
    "text": ("说明", "Text"),
    "passed": ("核查结论", "Conclusion"),
    "grade": ("评价等级", "Grade"),
    "rating": ("满意度", "Rating"),
    "outcome": ("结果", "Outcome"),
    "row": ("立案标准", "Standard row"),
    "step": ("步骤", "Step"),
    "signatures": ("签字", "Signatures"),
    "category": ("类别", "Category"),
}

MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "pre_filing_check": ((s.COLLECTED,), s.COLLECTED),
    "file": ((s.COLLECTED,), s.FILED),
    "decline": ((s.COLLECTED,), s.DECLINED),
    "void": ((s.COLLECTED, s.FILED, s.ASSIGNED, s.HANDLING), s.VOID),
    "settle_on_site": ((s.COLLECTED,), s.CHECKED),
    "assign": ((s.FILED,), s.ASSIGNED),
    "sign": ((s.ASSIGNED,), s.HANDLING),
    "return": ((s.ASSIGNED, s.HANDLING), s.FILED),
    "hand_in": ((s.HANDLING,), s.REPORTED_BACK),
    "post_handling_check": ((s.REPORTED_BACK,), s.CHECKED),
    "close": ((s.CHECKED,), s.CHECKED),
    "evaluate": ((s.CHECKED,), s.EVALUATED),
    "reopen": ((s.CHECKED, s.EVALUATED, s.DECLINED), s.FILED),
}

PERMISSION = {
    "report": "cases:case:report",
    "pre_filing_check": "cases:case:pre_check",
    "file": "cases:case:file",
    "decline": "cases:case:file",
    "void": "cases:case:void",
    "settle_on_site": "cases:case:settle",
    "assign": "cases:case:assign",
    "sign": "cases:case:handle",
    "return": "cases:case:handle",
    "hand_in": "cases:case:handle",
    "post_handling_check": "cases:case:check",
    "close": "cases:case:close",
    "evaluate": "cases:case:evaluate",
    "reopen": "cases:case:reopen",
}


def move_label(move: str, language: str = "zh") -> str:
    zh, en = MOVE_LABELS.get(move, (move, move))
    return en if language.startswith("en") else zh


def move_word(move: str) -> Both:
    """A move's name inside a sentence."""
    return Both(*MOVE_LABELS.get(move, (move, move)))


def field_word(name: str) -> Both:
    """A field's name inside a sentence."""
    return Both(*FIELD_LABELS.get(name, (name, name)))


def stage_words(stages: tuple[str, ...]) -> Both:
    """Stage names inside a sentence."""
    pairs = [s.LABELS.get(stage, (stage, stage)) for stage in stages]
    return Both("、".join(zh for zh, _ in pairs), ", ".join(en for _, en in pairs))


def field_label(name: str, language: str = "zh") -> str:
    zh, en = FIELD_LABELS.get(name, (name, name))
    return en if language.startswith("en") else zh


@dataclass(frozen=True)
class MoveRequest:
    """A move as asked: verb, data, who, when. `actor` is the journal key of the person."""

    move: str
    data: Mapping[str, Any]
    actor: str
    at: datetime
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class Applied:
    """What the entry of an accepted move says."""

    move: str
    from_stage: str
    to_stage: str
    payload: dict[str, Any] = field(default_factory=dict)


def decide(
    state: State,
    request: MoveRequest,
    *,
    category: Category,
    workflow: Workflow,
    calendar: str,
    row: StandardRow | None,
) -> Applied:
    """Decide one move. `row` is the standard row that the category's conditions choose for this case (or the
    one the officer chose). Raises Refused (wrong stage, a rule) or ManyProblems (missing and wrong fields)."""
    if request.move not in MOVES:
        raise BadInput(UNKNOWN, field="move", found=request.move, allowed=", ".join(MOVES))
    problem = check_stage(state, request.move, request.at, workflow)
    if problem:
        raise problem
    problems: list[GridwardError] = []
    payload = CHECKS[request.move](state, request, category, workflow, problems)
    if problems:
        raise (
            problems[0]
            if len(problems) == 1
            else ManyProblems(problems[0].message, problems, **problems[0].values)
        )
    _add_limits(request.move, payload, state, row, calendar)
    to = MOVES[request.move][1]
    if request.move == "post_handling_check" and not payload["passed"]:
        to = s.HANDLING
    return Applied(request.move, state.stage, to, payload)


def check_stage(state: State, move: str, at: datetime, workflow: Workflow) -> Refused | None:
    """The refusal that the stage alone gives, or None: also used to grey out moves with the reason."""
    froms, _ = MOVES[move]
    label = move_word(move)
    if state.closed and move not in ("evaluate", "reopen"):
        when = state.closed_at.date().isoformat() if state.closed_at else "?"
        return Refused(CLOSED_ALREADY, found=when, move=label)
    if state.stage not in froms:
        here, allowed = stage_words((state.stage,)), stage_words(froms)
        return Refused(WRONG_STAGE, found=here, move=label, allowed=allowed)
    if move in ("evaluate", "reopen") and not state.closed:
        return Refused(NOT_CLOSED, move=label)
    if move in ("file", "decline", "settle_on_site") and state.checking:
        return Refused(CHECK_OPEN, move=label)
    if move == "reopen" and state.closed_at and at > state.closed_at + timedelta(days=workflow.reopen_days):
        return Refused(REOPEN_LATE, allowed=workflow.reopen_days)
    if state.last_at and at < state.last_at - timedelta(minutes=5):
        return Refused(TIME_BACK, found=at.isoformat(), allowed=state.last_at.isoformat())
    return None


def needs(move: str, workflow: Workflow) -> list[tuple[str, str, bool]]:
    """(field, type, required) of a move's form, for the doors that show one."""
    wanted = {
        "pre_filing_check": [("step", "choice", True), ("text", "text", False)],
        "file": [("row", "row", False)],
        "decline": [("reason", "text", True)],
        "void": [("reason", "text", True)],
        "settle_on_site": [("text", "text", True)],
        "assign": [("unit", "unit", True), ("how", "text", False), ("by_when", "instant", False)],
        "sign": [],
        "return": [("reason", "text", True)],
        "hand_in": [("text", "text", True), ("outcome", "choice", False)],
        "post_handling_check": [("passed", "bool", True), ("text", "text", False)],
        "close": [("outcome", "choice", False)],
        "evaluate": [("grade", "choice", True), ("rating", "choice", False)],
        "reopen": [("reason", "text", True)],
    }[move]
    extra = _policy_fields(move, workflow)
    known = {name for name, _, _ in wanted}
    fields = [(name, kind, required or name in extra) for name, kind, required in wanted]
    return fields + [
        (name, "photo" if "photo" in name else "text", True) for name in extra if name not in known
    ]


def _policy_fields(move: str, workflow: Workflow) -> tuple[str, ...]:
    return {
        "assign": workflow.assign_requires,
        "hand_in": workflow.hand_in_requires,
        "settle_on_site": workflow.settle_requires,
        "return": workflow.return_requires,
    }.get(move, ())


CHOICES = {
    "outcome": s.OUTCOMES,
    "grade": s.GRADES,
    "step": ("ask", "answer"),
    "rating": (1, 2, 3, 4, 5),
}

Checker = Callable[[State, MoveRequest, Category, Workflow, list[GridwardError]], dict[str, Any]]


def _fields(
    state: State, r: MoveRequest, cat: Category, flow: Workflow, problems: list[GridwardError]
) -> dict[str, Any]:
    """Take the fields that the move knows, note what is missing or not allowed, drop nothing silently."""
    payload: dict[str, Any] = {}
    for name, kind, required in needs(r.move, flow):
        value = r.data.get(name)
        if value is None or value in ("", []):
            if required:
                problems.append(_missing(r.move, name))
            continue
        if name == "rating" and str(value).isdigit():
            value = int(value)  # forms send the choice's id, which is text
        if name in CHOICES and value not in CHOICES[name]:
            problems.append(_not_one_of(name, value, CHOICES[name]))
            continue
        if kind == "instant":
            value = parse_instant(str(value), r.timezone)
        payload[name] = value
    for name in ("text", "note", "blobs", "contact"):
        if r.data.get(name) and name not in payload:
            payload[name] = r.data[name]
    return payload


def _missing(move: str, name: str) -> BadInput:
    return BadInput(NEEDED, field=name, move=move_word(move), field_label=field_word(name))


def _not_one_of(name: str, value: Any, allowed: Any) -> BadInput:
    text = "、".join(str(a) for a in allowed)
    return BadInput(NOT_ONE_OF, field=name, field_label=field_word(name), found=value, allowed=text)


def _file(
    state: State, r: MoveRequest, cat: Category, flow: Workflow, problems: list[GridwardError]
) -> dict[str, Any]:
    payload = _fields(state, r, cat, flow, problems)
    chosen = payload.get("row")
    if chosen and cat.row(str(chosen)) is None:
        problems.append(_not_one_of("row", chosen, [row.id for row in cat.rows]))
    return payload


def _check(
    state: State, r: MoveRequest, cat: Category, flow: Workflow, problems: list[GridwardError]
) -> dict[str, Any]:
    payload = _fields(state, r, cat, flow, problems)
    passed = payload.get("passed")
    if "passed" in payload and not isinstance(passed, bool):
        problems.append(_not_one_of("passed", passed, ["true", "false"]))
    if passed is False and not payload.get("text"):
        problems.append(_missing(r.move, "text"))
    if state.handler and state.handler == r.actor:
        problems.append(BadInput(SAME_HAND, field="actor"))
    return payload


def _close(
    state: State, r: MoveRequest, cat: Category, flow: Workflow, problems: list[GridwardError]
) -> dict[str, Any]:
    payload = _fields(state, r, cat, flow, problems)
    if not flow.signatures:
        return payload
    given = {**state.signatures, **{k: str(v) for k, v in (r.data.get("signatures") or {}).items()}}
    for name in flow.signatures:
        if not given.get(name):
            problems.append(_missing(r.move, "signatures"))
            return payload
    persons = [given[name] for name in flow.signatures]
    if flow.signatures_distinct and len(set(persons)) < len(persons):
        doubled = next(p for p in persons if persons.count(p) > 1)
        problems.append(BadInput(SIGN_DISTINCT, field="signatures", found=doubled))
    payload["signatures"] = {name: given[name] for name in flow.signatures}
    return payload


def _settle(
    state: State, r: MoveRequest, cat: Category, flow: Workflow, problems: list[GridwardError]
) -> dict[str, Any]:
    if not flow.settle_allowed:
        problems.append(BadInput(NO_SETTLE, field="move"))
    return _fields(state, r, cat, flow, problems)


CHECKS: dict[str, Checker] = dict.fromkeys(MOVES, _fields) | {
    "file": _file,
    "post_handling_check": _check,
    "close": _close,
    "settle_on_site": _settle,
}


def _add_limits(
    move: str, payload: dict[str, Any], state: State, row: StandardRow | None, calendar: str
) -> None:
    """Write the limits that begin with this move into its entry: they hold whatever the pack says later.

    Filing fixes the unit's limit too, though its clock begins with assign: a case runs under one version.
    """
    kinds = {"file": (TOTAL,), "assign": (UNIT,), "reopen": (TOTAL,)}.get(move, ())
    limits = {kind: str(row.limits[kind]) for kind in kinds if row and kind in row.limits}
    if move == "assign" and state.unit_limit is not None:
        limits = {UNIT: state.unit_limit} if state.unit_limit else {}
    if limits:
        payload["limits"], payload["calendar"] = limits, calendar
    if move in ("file", "reopen") and row:
        payload["unit_limit"] = str(row.limits[UNIT]) if UNIT in row.limits else ""
    if move in ("file", "reopen") and row:
        payload["row"] = row.id


def opening_limits(workflow: Workflow, row: StandardRow | None, calendar: str) -> dict[str, Any]:
    """The part of a report's payload that starts the filing clock."""
    limit = (row.limits.get(FILING) if row else None) or workflow.filing_limit
    return {"limits": {FILING: str(limit)}, "calendar": calendar} if limit else {}
