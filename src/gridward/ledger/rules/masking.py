"""Personal values as those without the permission see them."""

from __future__ import annotations

from typing import Any

from gridward.kernel.codes import mask_phone, mask_text
from gridward.ledger.rules.definition import FieldRule

GONE = "—"


def mask_value(rule: FieldRule, value: str | None) -> str | None:
    """A personal value masked: numbers keep their ends, names their first character. None: the key is gone."""
    if value is None:
        return None
    masked = mask_phone(value) if rule.type == "phone" else mask_text(value)
    if masked != value:
        return masked
    return value[:1] + "*" * max(len(value) - 1, 2)


def is_masked(value: Any) -> bool:
    """Whether a cell shows a masked value: an own export read back must not overwrite what it hides."""
    return isinstance(value, str) and "*" in value
