"""A subject's file as one value: what is open, what is personal, where it is; and what one change does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gridward.ledger.rules.change import completeness, fold_name
from gridward.ledger.rules.definition import Definition

NOWHERE: tuple[UUID | None, ...] = (None, None, None, None, None)


@dataclass(frozen=True)
class Home:
    """The home leaf and its ancestors, level 1 first. `by_hand`: named by a person, not found from the point."""

    scheme: str = ""
    area: UUID | None = None
    code: str | None = None
    name: str | None = None
    ancestors: tuple[UUID | None, ...] = NOWHERE
    by_hand: bool = False

    def columns(self) -> dict[str, Any]:
        above = {f"a{n}": key for n, key in enumerate(self.ancestors, start=1)}
        return {"scheme": self.scheme, "area": self.area, "by_hand": self.by_hand, **above}


@dataclass(frozen=True)
class Given:
    """What somebody writes into a file. None: not said; `values` hold only fields that are said."""

    name: str | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    area: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def point(self) -> str | None:
        return point_text(self.lon, self.lat)


def point_text(lon: float | None, lat: float | None) -> str | None:
    """A point as journals and files hold it: degrees with six decimals, about a decimetre."""
    return None if lon is None or lat is None else f"{lon:.6f} {lat:.6f}"


def split_values(
    definition: Definition, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str | None]]:
    """(open values, personal values as text; None where one is taken away)."""
    open_, sealed = {}, {}
    for name, value in values.items():
        if definition.fields[name].sealed:
            sealed[name] = None if value is None else str(value)
        else:
            open_[name] = value
    return open_, sealed


def key_of(definition: Definition, values: Mapping[str, Any]) -> str | None:
    """The key inside the ledger; None where the ledger has none or a part is empty."""
    parts = [values.get(name) for name in definition.key]
    if not parts or any(part in (None, "") for part in parts):
        return None
    return "|".join(str(part) for part in parts)


def filled(definition: Definition, open_: Mapping[str, Any], sealed: Mapping[str, Any]) -> tuple[int, int]:
    """(fields filled, fields wanted) of a file."""
    have, wanted, _ = completeness(definition, {**open_, **sealed})
    return have, wanted


def named(name: str | None, number: str) -> tuple[str, str]:
    """(name, folded name); a subject without a name is called by its number."""
    found = (name or "").strip() or number
    return found, fold_name(found)


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are there: None takes one away."""
    return {name: value for name, value in values.items() if value is not None}
