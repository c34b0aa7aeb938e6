"""Values of a file checked against their rules and brought to the one stored form: integers, text, ISO dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from gridward.kernel.codes import check_credit_code
from gridward.kernel.errors import BadInput, GridwardError, Message
from gridward.kernel.money import parse_yuan
from gridward.kernel.tables import read_date, read_instant
from gridward.ledger.rules.definition import Definition, FieldRule

MISSING = Message("GW-LEDGER-001", "缺少“{label}”，此项必填。", "{label} is missing; it is required.")
UNKNOWN = Message(
    "GW-LEDGER-002",
    "台账没有字段“{found}”；可用：{allowed}。",
    "The ledger has no field {found}; allowed: {allowed}.",
)
NOT_A = Message(
    "GW-LEDGER-003", "“{label}”应为{allowed}，发现“{found}”。", "{label} must be {allowed}, found “{found}”."
)
NOT_A_CHOICE = Message(
    "GW-LEDGER-004",
    "“{label}”不能是“{found}”；可选：{allowed}。",
    "{label} cannot be “{found}”; choose: {allowed}.",
)
OUT_OF_RANGE = Message(
    "GW-LEDGER-005",
    "“{label}”是 {found}，应在 {allowed} 之间。",
    "{label} is {found}, it must lie in {allowed}.",
)
NO_MATCH = Message(
    "GW-LEDGER-006",
    "“{label}”的“{found}”不符合格式 {allowed}。",
    "{label} “{found}” does not match {allowed}.",
)
TRUE, FALSE = ("1", "true", "yes", "是", "有", "y"), ("0", "false", "no", "否", "无", "n")
Problems = list[tuple[str, BadInput]]


def check_values(
    definition: Definition, values: Mapping[str, Any], *, timezone: str, partial: bool = False
) -> tuple[dict[str, Any], Problems]:
    """(stored values, problems by field). Empty values are left out; `partial`: only what is given is checked."""
    stored: dict[str, Any] = {}
    problems: Problems = []
    for name in values:
        if name not in definition.fields:
            allowed = ", ".join(definition.fields)
            problems.append((name, BadInput(UNKNOWN, field=name, found=name, allowed=allowed)))
    for name, rule in definition.fields.items():
        if name not in values and partial:
            continue
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if rule.required:
                problems.append((name, BadInput(MISSING, field=name, label=rule.label_in("zh"))))
            elif partial:
                stored[name] = None
            continue
        try:
            stored[name] = store(rule, value, timezone)
        except BadInput as error:
            error.field = name
            problems.append((name, error))
    return stored, problems


def store(rule: FieldRule, value: Any, timezone: str) -> Any:
    """One value in its stored form. Raises BadInput."""
    read: Callable[[FieldRule, Any, str], Any] = _STORE.get(rule.type, _text)
    found = read(rule, value, timezone)
    if rule.pattern and not re.fullmatch(rule.pattern, str(found)):
        raise BadInput(NO_MATCH, label=rule.label_in("zh"), found=str(found)[:60], allowed=rule.pattern)
    return found


def _not_a(rule: FieldRule, value: Any, allowed: str) -> BadInput:
    return BadInput(NOT_A, label=rule.label_in("zh"), found=str(value)[:60], allowed=allowed)


def _text(rule: FieldRule, value: Any, timezone: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value.isoformat() if isinstance(value, date | datetime) else value).strip()


def _number(rule: FieldRule, value: Any) -> Decimal:
    try:
        found = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation as error:
        raise _not_a(rule, value, "数字 / a number") from error
    if not found.is_finite():
        raise _not_a(rule, value, "数字 / a number")
    if (rule.low is not None and found < Decimal(rule.low)) or (
        rule.high is not None and found > Decimal(rule.high)
    ):
        bounds = f"{'' if rule.low is None else rule.low}…{'' if rule.high is None else rule.high}"
        raise BadInput(OUT_OF_RANGE, label=rule.label_in("zh"), found=str(value), allowed=bounds)
    return found


def _integer(rule: FieldRule, value: Any, timezone: str) -> int:
    found = _number(rule, value)
    if found != found.to_integral_value():
        raise _not_a(rule, value, "整数 / a whole number")
    return int(found)


def _decimal(rule: FieldRule, value: Any, timezone: str) -> str:
    """A decimal is stored as its shortest text: bodies hold no floats."""
    return format(_number(rule, value).normalize(), "f")


def _money(rule: FieldRule, value: Any, timezone: str) -> int:
    try:
        return parse_yuan(str(value))
    except GridwardError as error:
        raise _not_a(rule, value, "金额（元） / yuan") from error


def _date(rule: FieldRule, value: Any, timezone: str) -> str:
    try:
        return read_date(value, timezone).isoformat()
    except GridwardError as error:
        raise _not_a(rule, value, "日期，如 2026-06-05 / a date") from error


def _instant(rule: FieldRule, value: Any, timezone: str) -> str:
    try:
        return read_instant(value, timezone).isoformat().replace("+00:00", "Z")
    except GridwardError as error:
        raise _not_a(rule, value, "时间，如 2026-06-05 15:00 / an instant") from error


def _bool(rule: FieldRule, value: Any, timezone: str) -> bool:
    word = str(value).strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise _not_a(rule, value, "是 / 否")


def _choice(rule: FieldRule, value: Any, timezone: str) -> str:
    word = _text(rule, value, timezone)
    if not rule.choices or word in rule.choices:
        return word
    for key, label in rule.choices.items():
        if word in label.values():
            return key
    allowed = "、".join(label["zh"] for label in rule.choices.values())
    raise BadInput(NOT_A_CHOICE, label=rule.label_in("zh"), found=word[:60], allowed=allowed)


def _many(rule: FieldRule, value: Any, timezone: str) -> list[str]:
    parts = value if isinstance(value, list) else re.split(r"[、,，;；]", str(value))
    return [_choice(rule, part.strip(), timezone) for part in parts if part.strip()]


def _uscc(rule: FieldRule, value: Any, timezone: str) -> str:
    return check_credit_code(_text(rule, value, timezone))


_STORE: dict[str, Callable[[FieldRule, Any, str], Any]] = {
    "integer": _integer, "number": _decimal, "money": _money, "date": _date, "datetime": _instant, "bool": _bool,
    "choice": _choice, "multichoice": _many, "uscc": _uscc,
}  # fmt: skip
