"""What a scheme, a level and the fields of an area may be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from gridward.grids.rules import LevelSpec
from gridward.grids.rules import messages as m
from gridward.kernel.errors import BadInput, Refused

MAX_LEVELS = 5
MAX_CODE = 64
CHOICES = {
    "kind": ("territorial", "business"),
    "coverage": ("required", "none"),
    "overlaps": ("forbidden", "declared"),
}
STRIPS = ("road_section", "storey", "door_front", "building", "room", "device", "water", "other")
_STRIP_METRES = ("length_m", "width_m", "height_m")
_STRIP_TEXTS = ("from", "to", "side")


def check_code(code: str, *, field: str = "code") -> str:
    """The code without blanks around it. BadInput GW-GRIDS-001 when it cannot be one."""
    text = code.strip()
    if not text or len(text) > MAX_CODE or any(c.isspace() or not c.isprintable() for c in text):
        raise BadInput(m.BAD_CODE, field=field, found=code[:80])
    return text


def check_specs(specs: Sequence[LevelSpec]) -> list[LevelSpec]:
    """Levels in the order of their rank. BadInput for wrong ranks, doubled codes, unknown choices."""
    ordered = sorted(specs, key=lambda s: s.rank)
    ranks = [s.rank for s in ordered]
    if ranks != list(range(1, len(ranks) + 1)) or not 1 <= len(ranks) <= MAX_LEVELS:
        raise BadInput(m.BAD_RANKS, field="rank", found=", ".join(map(str, ranks)) or "–")
    codes = [check_code(s.code) for s in ordered]
    for code in codes:
        if codes.count(code) > 1:
            raise BadInput(m.LEVEL_TWICE, field="code", found=code)
    for spec in ordered:
        _check_choices(spec)
        check_expected(spec.expected)
    return ordered


def _check_choices(spec: LevelSpec) -> None:
    for name, allowed in CHOICES.items():
        found = getattr(spec, name)
        if found not in allowed:
            raise BadInput(m.BAD_CHOICE, field=name, name=name, found=found, allowed=", ".join(allowed))
    if not 0 <= spec.tolerance_m2 < float("inf"):
        raise BadInput(
            m.BAD_CHOICE, field="tolerance_m2", name="tolerance_m2", found=spec.tolerance_m2, allowed="≥ 0 m²"
        )


def check_successor(old: Iterable[LevelSpec], new: Sequence[LevelSpec], used: Collection[int]) -> None:
    """Refuse to rename, move or remove a level that has areas: codes never change their meaning."""
    codes = {spec.rank: spec.code for spec in new}
    for spec in old:
        if spec.rank in used and codes.get(spec.rank) != spec.code:
            raise Refused(m.LEVEL_IN_USE, field="code", rank=spec.rank, code=spec.code)


def check_expected(expected: Mapping[str, Any]) -> dict[str, int]:
    """Expected counts: integers of at least 0 by level, level/kind, kind or "*"."""
    for name, count in expected.items():
        if type(count) is not int or count < 0 or not str(name).strip():
            raise BadInput(m.BAD_EXPECTED, field="expected", name=name, found=count)
    return {str(name): count for name, count in expected.items()}


def check_strip(strip: Mapping[str, Any]) -> dict[str, Any]:
    """The description of an area without a polygon (R-GRID-13): what it is, its measures as decimal text in
    metres.
    """
    return {str(name): _strip_value(str(name), value) for name, value in strip.items()}


def _strip_value(name: str, value: Any) -> Any:
    if name == "kind" and value in STRIPS:
        return value
    if name in _STRIP_METRES and (metres := _metres(value)) is not None:
        return metres
    if name == "storey" and type(value) is int:
        return value
    if name in _STRIP_TEXTS and isinstance(value, str) and value.strip():
        return value.strip()
    raise BadInput(m.BAD_STRIP, field=f"strip.{name}", name=name, found=value, kinds=", ".join(STRIPS))


def _metres(value: Any) -> str | None:
    """A length above 0 as plain decimal text, None when it is no such number."""
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 < number < 1_000_000:
        return None
    return f"{number.normalize():f}"


def check_fields(spec: LevelSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for the fields that the level declares; None clears a field. BadInput GW-GRIDS-009, 010."""
    declared = {str(item["id"]): item for item in spec.fields}
    for name, value in values.items():
        if name not in declared:
            allowed = ", ".join(declared) or "–"
            raise BadInput(m.UNKNOWN_FIELD, field=name, level=spec.code, found=name, allowed=allowed)
        if value is not None and not _fits(declared[name], value):
            raise _bad_value(declared[name], name, value)
    return dict(values)


def _fits(item: Mapping[str, Any], value: Any) -> bool:
    kind = item.get("type", "text")
    if kind in ("choice", "multichoice"):
        chosen = value if isinstance(value, list) and kind == "multichoice" else [value]
        return all(each in _choices(item) for each in chosen)
    fits: Callable[[Any], bool] = _TYPES.get(kind, _is_text)
    return fits(value)


def _choices(item: Mapping[str, Any]) -> list[str]:
    return [str(c["id"]) if isinstance(c, Mapping) else str(c) for c in item.get("choices") or ()]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_integer(value: Any) -> bool:
    return type(value) is int


def _is_number(value: Any) -> bool:
    """Numbers travel as decimal text or integers: journals hold no floats."""
    if type(value) is int:
        return True
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_TYPES = {
    "text": _is_text,
    "integer": _is_integer,
    "money": _is_integer,
    "number": _is_number,
    "date": _is_date,
    "bool": lambda value: isinstance(value, bool),
}
_WANTED = {
    "integer": ("整数", "an integer"),
    "money": ("整数（分）", "an integer (fen)"),
    "number": ("整数或小数文本，如 12.5", "an integer or a decimal text such as 12.5"),
    "date": ("日期，如 2026-03-01", "a date such as 2026-03-01"),
    "bool": ("true 或 false", "true or false"),
}


def _bad_value(item: Mapping[str, Any], name: str, value: Any) -> BadInput:
    kind = str(item.get("type", "text"))
    choices = " / ".join(_choices(item))
    zh, en = (choices, choices) if choices else _WANTED.get(kind, ("文字", "text"))
    return BadInput(m.BAD_FIELD, field=name, name=name, found=value, wanted_zh=zh, wanted_en=en)
