"""What somebody hands in, brought to one form: names and places apart from fields, every value checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridward.kernel.errors import BadInput, ManyProblems, Message
from gridward.ledger.rules import Definition, Given, check_values

SEVERAL = Message("GW-LEDGER-060", "有 {count} 处需要更正。", "{count} values need correction.")
BAD_POINT = Message(
    "GW-LEDGER-061",
    "坐标“{found}”无效；经度 -180…180，纬度 -90…90，十进制度。",
    "The point {found} is not valid; longitude -180…180, latitude -90…90, decimal degrees.",
)
LONG = Message(
    "GW-LEDGER-062",
    "“{label}”有 {found} 个字，最多 {allowed} 个字。",
    "{label} has {found} characters, at most {allowed}.",
)
MAX_NAME, MAX_ADDRESS = 200, 500
Problems = list[tuple[str, BadInput]]


def check_given(
    definition: Definition, given: Given, *, timezone: str, partial: bool = False
) -> tuple[Given, Problems]:
    """`given` with stored values, and everything that is wrong with it. Nothing is raised."""
    values = dict(given.values)
    for part, value in (("name", given.name), ("address", given.address)):
        if part in definition.fields and value is not None:
            values.setdefault(part, value)
    stored, problems = check_values(definition, values, timezone=timezone, partial=partial)
    problems += _check_place(given)
    name, address = (
        _open_text(definition, stored, "name", given.name),
        _open_text(definition, stored, "address", given.address),
    )
    for label, text, allowed in (("name", name, MAX_NAME), ("address", address, MAX_ADDRESS)):
        if text is not None and len(text) > allowed:
            problems.append(
                (label, BadInput(LONG, field=label, label=label, found=len(text), allowed=allowed))
            )
    return Given(name, address, given.lon, given.lat, given.area, stored), problems


def _open_text(definition: Definition, stored: Mapping[str, Any], part: str, given: str | None) -> str | None:
    """The searchable name or address: that of the field where the ledger declares one, never a personal one."""
    rule = definition.fields.get(part)
    if rule is None:
        return given
    if rule.sealed or part not in stored:
        return None
    return str(stored[part] or "")


def _check_place(given: Given) -> Problems:
    lon, lat = given.lon, given.lat
    if lon is None and lat is None:
        return []
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return [("point", BadInput(BAD_POINT, field="point", found=f"{lon}, {lat}"))]
    return []


def require_good(problems: Problems) -> None:
    """Raise the one problem, or all of them together."""
    errors = [problem for _, problem in problems]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ManyProblems(SEVERAL, errors, count=len(errors))
