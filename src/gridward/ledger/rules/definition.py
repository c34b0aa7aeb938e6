"""A ledger's definition, read from a pack or guessed from an import mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FieldRule:
    """One field of a file. `choices` maps ids to labels {"zh", "en"}; `personal` is none, contact or sensitive."""

    id: str
    label: Mapping[str, str]
    type: str = "text"
    required: bool = False
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pattern: str = ""
    low: str | None = None  # bounds are text: bodies hold no floats
    high: str | None = None
    personal: str = "none"
    indexed: bool = False
    unit: str = ""

    @property
    def sealed(self) -> bool:
        return self.personal in ("contact", "sensitive")

    def label_in(self, language: str) -> str:
        return self.label.get(language) or self.label.get("zh") or self.id

    @staticmethod
    def read(data: Mapping[str, Any]) -> FieldRule:
        choices = {}
        for choice in data.get("choices") or ():
            if isinstance(choice, dict):
                choices[str(choice["id"])] = both(choice.get("label") or choice["id"])
            else:
                choices[str(choice)] = both(choice)
        return FieldRule(
            id=str(data["id"]),
            label=both(data["label"]),
            type=str(data.get("type", "text")),
            required=bool(data.get("required")),
            choices=choices,
            pattern=str(data.get("pattern") or ""),
            low=_bound(data.get("min")),
            high=_bound(data.get("max")),
            personal=str(data.get("personal") or "none"),
            indexed=bool(data.get("indexed")),
            unit=str(data.get("unit") or ""),
        )


def _bound(value: Any) -> str | None:
    return None if value is None else str(value)


def both(label: Any) -> dict[str, str]:
    """A label as {"zh", "en"}."""
    if isinstance(label, dict):
        return {"zh": str(label.get("zh") or ""), "en": str(label.get("en") or label.get("zh") or "")}
    return {"zh": str(label), "en": str(label)}


@dataclass(frozen=True)
class Definition:
    """A ledger: its fields by id, the fields that make its key, and those that count for completeness."""

    code: str
    label: Mapping[str, str]
    scheme: str
    fields: Mapping[str, FieldRule]
    key: tuple[str, ...]
    complete: tuple[str, ...]
    prefix: str = ""
    version: str = ""
    pack: str = ""

    def label_in(self, language: str) -> str:
        return self.label.get(language) or self.label.get("zh") or self.code

    def number(self, serial: int) -> str:
        """The human number of the subject with this serial."""
        return f"{self.prefix or self.code.upper()}-{serial:06d}"

    @staticmethod
    def read(data: Mapping[str, Any], *, version: str = "", pack: str = "") -> Definition:
        """The definition in a pack's `ledgers` entry."""
        fields = {str(f["id"]): FieldRule.read(f) for f in data["fields"]}
        complete = tuple(
            data.get("completeness") or [f for f, rule in fields.items() if rule.required] or fields
        )
        return Definition(
            code=str(data["id"]),
            label=both(data["label"]),
            scheme=str(data.get("scheme") or ""),
            fields=fields,
            key=tuple(str(k) for k in data.get("key") or ()),
            complete=complete,
            prefix=str(data.get("number") or ""),
            version=version,
            pack=pack,
        )
